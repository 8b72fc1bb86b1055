// Lion: steps of one size in the direction of a momentum.
#pragma once

#include "frontend/optimizers/optimizer.h"

namespace cornu {

struct LionOptions {
  LearningRate learning_rate = 0.001;
  double beta_1 = 0.9;
  double beta_2 = 0.99;
  std::optional<double> weight_decay = {};
  CORNU_OPTIMIZER_OPTIONS;
};

namespace optimizers {
/// w -= lr · sign(beta_1 · m + (1 - beta_1) · g); then m = beta_2 · m + (1 - beta_2) · g.
class Lion : public Optimizer {
public:
  explicit Lion(LionOptions options = {});
  Json get_config() const override;

protected:
  Tensor update(const Weight &weight, const Tensor &gradient, const Tensor &learning_rate) override;
  std::vector<std::string> slotNames() const override;

private:
  LionOptions own;
};
} // namespace optimizers
using optimizers::Lion;

} // namespace cornu
