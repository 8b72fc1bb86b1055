#include "frontend/layers/rnn.h"

#include "frontend/layers/stacked_rnn_cells.h"
#include "frontend/saving/model_config.h"

namespace cornu {

RNN::RNN(AnyCell cell, RNNOptions options) : RecurrentLayer(std::move(cell), recurrenceOf(options), baseOf(options)) {}
RNN::RNN(std::initializer_list<AnyCell> cells, RNNOptions options) : RNN(AnyCell(StackedRNNCells(cells)), std::move(options)) {}

Json RNN::get_config() const {
  Json c = Layer::get_config();
  writeRecurrence(c, loop);
  c["cell"] = saving::layerEnvelope(*theCell.layer());
  return c;
}

static const LayerRegistration registration("RNN", [](const Json &c) {
  RNNOptions options;
  readRecurrence(options, c);
  return RNN(AnyCell(BaseLayer::deserialize(c.at("cell"))), withBase(options, c)).shared();
});

} // namespace cornu
