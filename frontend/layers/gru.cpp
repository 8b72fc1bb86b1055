#include "frontend/layers/gru.h"

namespace cornu {

GRU::GRU(int64_t units, GRUOptions options)
    : RecurrentLayer(AnyCell(GRUCell(units, cellOptionsOf<GRUCellOptions>(options, "gru_cell"))), recurrenceOf(options), baseOf(options)), units(units),
      given(std::move(options)) {}

Json GRU::get_config() const {
  Json c = Layer::get_config();
  writeRecurrence(c, loop);
  writeGates(c, units, given);
  return c;
}

static const LayerRegistration registration("GRU", [](const Json &c) { return GRU(c.at("units").asInt(), readGates<GRUOptions>(c)).shared(); });

} // namespace cornu
