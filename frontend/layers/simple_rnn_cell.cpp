#include "frontend/layers/simple_rnn_cell.h"

namespace cornu {

SimpleRNNCell::SimpleRNNCell(int64_t units, SimpleRNNCellOptions options) : GatedCell(units, 1, options), given(std::move(options)) {}

void SimpleRNNCell::build(const Shape &step) { makeKernels(step, given, {units}, given.bias_initializer); }

CellContract::Step SimpleRNNCell::step(const Tensor &x, const States &states) {
  Tensor z = projected(x);
  if (given.use_bias) z = z + bias;
  Tensor h = given.activation(z + recurrent(states[0], 1));
  return {h, {h}};
}

Json SimpleRNNCell::get_config() const {
  Json c = Layer::get_config();
  writeGates(c, units, given);
  return c;
}

static const LayerRegistration registration("SimpleRNNCell", [](const Json &c) {
  return SimpleRNNCell(c.at("units").asInt(), readGates<SimpleRNNCellOptions>(c)).shared();
});

} // namespace cornu
