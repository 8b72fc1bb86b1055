// Adamax: Adam with the largest gradient so far in place of the second moment.
#pragma once

#include "frontend/optimizers/optimizer.h"

namespace cornu {

struct AdamaxOptions {
  LearningRate learning_rate = 0.001;
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  std::optional<double> weight_decay = {};
  CORNU_OPTIMIZER_OPTIONS;
};

namespace optimizers {
/// m = m + (g - m)(1 - beta_1); u = max(beta_2 · u, |g|); w -= lr · m / ((1 - beta_1^step)(u + epsilon)).
class Adamax : public Optimizer {
public:
  explicit Adamax(AdamaxOptions options = {});
  Json get_config() const override;

protected:
  Tensor update(const Weight &weight, const Tensor &gradient, const Tensor &learning_rate) override;
  std::vector<std::string> slotNames() const override;
  size_t interleavedSlots() const override { return 2; }

private:
  AdamaxOptions own;
};
} // namespace optimizers
using optimizers::Adamax;

} // namespace cornu
