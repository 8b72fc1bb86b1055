// Adagrad: steps scaled by the sum of all squared gradients so far.
#pragma once

#include "frontend/optimizers/optimizer.h"

namespace cornu {

struct AdagradOptions {
  LearningRate learning_rate = 0.001;
  double initial_accumulator_value = 0.1;
  double epsilon = 1e-7;
  std::optional<double> weight_decay = {};
  CORNU_OPTIMIZER_OPTIONS;
};

namespace optimizers {
/// a = a + g²; w -= lr · g / sqrt(a + epsilon).
class Adagrad : public Optimizer {
public:
  explicit Adagrad(AdagradOptions options = {});
  Json get_config() const override;

protected:
  Tensor update(const Weight &weight, const Tensor &gradient, const Tensor &learning_rate) override;
  std::vector<std::string> slotNames() const override;
  double initialValue(size_t) const override { return own.initial_accumulator_value; }

private:
  AdagradOptions own;
};
} // namespace optimizers
using optimizers::Adagrad;

} // namespace cornu
