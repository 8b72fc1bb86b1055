#include "frontend/activations/activations.h"

namespace cornu {

namespace activations {
Tensor linear(const Tensor &x) { return x; }
} // namespace activations

namespace {
const std::vector<std::pair<std::string, ActivationFunction::Signature *>> &known() {
  using namespace activations;
  static const std::vector<std::pair<std::string, ActivationFunction::Signature *>> table = {
      {"linear", linear}, {"relu", relu}, {"relu6", relu6}, {"leaky_relu", leaky_relu}, {"elu", elu}, {"selu", selu}, {"celu", celu},
      {"hard_shrink", hard_shrink}, {"soft_shrink", soft_shrink}, {"sparse_plus", sparse_plus}, {"sigmoid", sigmoid}, {"tanh", tanh},
      {"hard_sigmoid", hard_sigmoid}, {"hard_tanh", hard_tanh}, {"sparse_sigmoid", sparse_sigmoid}, {"log_sigmoid", log_sigmoid},
      {"softsign", softsign}, {"gelu", gelu}, {"silu", silu}, {"hard_silu", hard_silu}, {"mish", mish}, {"softplus", softplus},
      {"squareplus", squareplus}, {"exponential", exponential}, {"tanh_shrink", tanh_shrink}, {"softmax", softmax},
      {"log_softmax", log_softmax}, {"sparsemax", sparsemax}, {"glu", glu}};
  return table;
}

/// Keras writes the name of the function, whatever it was called by.
std::string canonical(const std::string &name) { return name == "swish" ? "silu" : name == "hard_swish" ? "hard_silu" : name; }

ClassTable<ActivationFunction> &table() {
  static ClassTable<ActivationFunction> instance = [] {
    ClassTable<ActivationFunction> t("activation");
    for (const auto &[name, function] : known()) t.add(name, {}, name == "linear" ? ActivationFunction() : ActivationFunction(name, function));
    return t;
  }();
  return instance;
}
} // namespace

ActivationFunction::ActivationFunction(const std::string &name) : ActivationFunction(table().find(canonical(name))) {}

ActivationFunction::ActivationFunction(Signature *f) : function(f), known("") {
  for (const auto &[name, candidate] : cornu::known())
    if (candidate == f) known = name;
}

ActivationFunction register_activation(const std::string &name, std::function<ActivationFunction::Signature> function, const RegisterOptions &options) {
  ActivationFunction activation(options.package + ">" + name, std::move(function));
  table().addOwn(name, options, activation);
  return activation;
}

} // namespace cornu
