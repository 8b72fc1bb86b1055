#include "frontend/layers/gru_cell.h"

namespace cornu {

GRUCell::GRUCell(int64_t units, GRUCellOptions options) : GatedCell(units, 3, options), given(std::move(options)) {}

void GRUCell::build(const Shape &step) {
  makeKernels(step, given, given.reset_after ? Shape{2, 3 * units} : Shape{3 * units}, given.bias_initializer);
}

CellContract::Step GRUCell::step(const Tensor &x, const States &states) {
  const Tensor &h = states[0];
  Tensor in = projected(x), inner = recurrent(h, given.reset_after ? 3 : 2);
  if (given.use_bias) {
    in = in + (given.reset_after ? squeeze(slice(bias, 0, 0, 1), 0) : Tensor(bias));
    if (given.reset_after) inner = inner + squeeze(slice(bias, 0, 1, 2), 0);
  }
  Tensor z = given.recurrent_activation(gate(in, units, 0) + gate(inner, units, 0));
  Tensor r = given.recurrent_activation(gate(in, units, 1) + gate(inner, units, 1));
  Tensor back = given.reset_after ? r * gate(inner, units, 2) : matmul(r * noisyState(h, 2), gate(recurrent_kernel, units, 2));
  Tensor candidate = given.activation(gate(in, units, 2) + back);
  Tensor next = z * h + (1 - z) * candidate;
  return {next, {next}};
}

Json GRUCell::get_config() const {
  Json c = Layer::get_config();
  writeGates(c, units, given);
  return c;
}

static const LayerRegistration registration("GRUCell", [](const Json &c) {
  return GRUCell(c.at("units").asInt(), readGates<GRUCellOptions>(c)).shared();
});

} // namespace cornu
