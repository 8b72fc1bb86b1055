#include "frontend/layers/simple_rnn.h"

namespace cornu {

SimpleRNN::SimpleRNN(int64_t units, SimpleRNNOptions options)
    : RecurrentLayer(AnyCell(SimpleRNNCell(units, cellOptionsOf<SimpleRNNCellOptions>(options, "simple_rnn_cell"))), recurrenceOf(options), baseOf(options)), units(units),
      given(std::move(options)) {}

Json SimpleRNN::get_config() const {
  Json c = Layer::get_config();
  writeRecurrence(c, loop);
  writeGates(c, units, given);
  return c;
}

static const LayerRegistration registration("SimpleRNN", [](const Json &c) { return SimpleRNN(c.at("units").asInt(), readGates<SimpleRNNOptions>(c)).shared(); });

} // namespace cornu
