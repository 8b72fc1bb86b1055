// Adadelta: steps in the proportion of past steps to past gradients.
#pragma once

#include "frontend/optimizers/optimizer.h"

namespace cornu {

struct AdadeltaOptions {
  LearningRate learning_rate = 0.001;
  double rho = 0.95;
  double epsilon = 1e-7;
  std::optional<double> weight_decay = {};
  CORNU_OPTIMIZER_OPTIONS;
};

namespace optimizers {
/// a = rho · a + (1 - rho) · g²; d = -g · sqrt(s + epsilon) / sqrt(a + epsilon); s = rho · s + (1 - rho) · d²; w += lr · d.
class Adadelta : public Optimizer {
public:
  explicit Adadelta(AdadeltaOptions options = {});
  Json get_config() const override;

protected:
  Tensor update(const Weight &weight, const Tensor &gradient, const Tensor &learning_rate) override;
  std::vector<std::string> slotNames() const override;
  size_t interleavedSlots() const override { return 2; }

private:
  AdadeltaOptions own;
};
} // namespace optimizers
using optimizers::Adadelta;

} // namespace cornu
