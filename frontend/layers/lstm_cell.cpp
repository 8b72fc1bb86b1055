#include "frontend/layers/lstm_cell.h"

namespace cornu {

LSTMCell::LSTMCell(int64_t units, LSTMCellOptions options) : GatedCell(units, 4, options), given(std::move(options)) {}

void LSTMCell::build(const Shape &step) {
  Initializer initial = given.bias_initializer;
  if (given.unit_forget_bias)
    initial = Initializer([start = given.bias_initializer, n = units](const Shape &shape, DType type) {
      Array first = start({n}, type), last = start({2 * n}, type), all = Array::full(shape, 1, type);
      for (int64_t i = 0; i < n; ++i) all.set(i, first.at(i));
      for (int64_t i = 0; i < 2 * n; ++i) all.set(2 * n + i, last.at(i));
      return all;
    });
  makeKernels(step, given, {4 * units}, initial);
}

CellContract::Step LSTMCell::step(const Tensor &x, const States &states) {
  Tensor z = projected(x) + recurrent(states[0], 4);
  if (given.use_bias) z = z + bias;
  Tensor i = given.recurrent_activation(gate(z, units, 0)), f = given.recurrent_activation(gate(z, units, 1));
  Tensor c = f * states[1] + i * given.activation(gate(z, units, 2)), o = given.recurrent_activation(gate(z, units, 3));
  Tensor h = o * given.activation(c);
  return {h, {h, c}};
}

Json LSTMCell::get_config() const {
  Json c = Layer::get_config();
  writeGates(c, units, given);
  return c;
}

static const LayerRegistration registration("LSTMCell", [](const Json &c) {
  return LSTMCell(c.at("units").asInt(), readGates<LSTMCellOptions>(c)).shared();
});

} // namespace cornu
