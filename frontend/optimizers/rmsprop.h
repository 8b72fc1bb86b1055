// RMSprop: steps scaled by a running mean of squared gradients.
#pragma once

#include "frontend/optimizers/optimizer.h"

namespace cornu {

struct RMSpropOptions {
  LearningRate learning_rate = 0.001;
  double rho = 0.9;
  double momentum = 0;
  double epsilon = 1e-7;
  bool centered = false;        ///< divides by the variance instead of the second moment
  std::optional<double> weight_decay = {};
  CORNU_OPTIMIZER_OPTIONS;
};

namespace optimizers {
/// v = rho · v + (1 - rho) · g²; centered: a = rho · a + (1 - rho) · g; d = v (- a²) + epsilon; s = lr · g / sqrt(d);
/// with momentum m = momentum · m + s, w -= m; else w -= s.
class RMSprop : public Optimizer {
public:
  explicit RMSprop(RMSpropOptions options = {});
  Json get_config() const override;

protected:
  Tensor update(const Weight &weight, const Tensor &gradient, const Tensor &learning_rate) override;
  std::vector<std::string> slotNames() const override;

private:
  RMSpropOptions own;
};
} // namespace optimizers
using optimizers::RMSprop;

} // namespace cornu
