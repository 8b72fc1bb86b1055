#include "frontend/activations/activations.h"

#include "frontend/ops/ops.h"

namespace cornu {

namespace activations {
Tensor linear(const Tensor &x) { return x; }
Tensor relu(const Tensor &x) { return cornu::relu(x); }
Tensor tanh(const Tensor &x) { return cornu::tanh(x); }
Tensor sigmoid(const Tensor &x) { return cornu::sigmoid(x); }
Tensor softmax(const Tensor &x) {
  if (x.rank() < 2) throw UserError("activation softmax needs a tensor with at least 2 axes", "shape=" + shapeString(x.shape()));
  return cornu::softmax(x, -1);
}
} // namespace activations

namespace {
const std::vector<std::pair<std::string, ActivationFunction::Signature *>> &known() {
  static const std::vector<std::pair<std::string, ActivationFunction::Signature *>> table = {
      {"linear", activations::linear}, {"relu", activations::relu}, {"sigmoid", activations::sigmoid},
      {"softmax", activations::softmax}, {"tanh", activations::tanh}};
  return table;
}
} // namespace

ActivationFunction::ActivationFunction(const std::string &name) : known(name) {
  std::vector<std::string> names;
  for (const auto &[candidate, f] : cornu::known()) {
    if (candidate == name) {
      if (name != "linear") function = f;
      return;
    }
    names.push_back(candidate);
  }
  std::string nearest = closestName(name, names);
  throw UserError("unknown activation '" + name + "'." + (nearest.empty() ? "" : " Did you mean '" + nearest + "'?") + " Known: " + quotedList(names));
}

ActivationFunction::ActivationFunction(Signature *f) : function(f), known("") {
  for (const auto &[name, candidate] : cornu::known())
    if (candidate == f) known = name;
}

} // namespace cornu
