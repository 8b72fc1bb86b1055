#include "frontend/layers/lstm.h"

namespace cornu {

LSTM::LSTM(int64_t units, LSTMOptions options)
    : RecurrentLayer(AnyCell(LSTMCell(units, cellOptionsOf<LSTMCellOptions>(options, "lstm_cell"))), recurrenceOf(options), baseOf(options)), units(units),
      given(std::move(options)) {}

Json LSTM::get_config() const {
  Json c = Layer::get_config();
  writeRecurrence(c, loop);
  writeGates(c, units, given);
  return c;
}

static const LayerRegistration registration("LSTM", [](const Json &c) { return LSTM(c.at("units").asInt(), readGates<LSTMOptions>(c)).shared(); });

} // namespace cornu
