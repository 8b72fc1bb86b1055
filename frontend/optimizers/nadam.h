// Nadam: Adam with Nesterov momentum.
#pragma once

#include "frontend/optimizers/optimizer.h"

namespace cornu {

struct NadamOptions {
  LearningRate learning_rate = 0.001;
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  std::optional<double> weight_decay = {};
  CORNU_OPTIMIZER_OPTIONS;
};

namespace optimizers {
/// With u(t) = beta_1 (1 - 0.96^t / 2) and p the product of all u so far: m and v as in Adam; w -= lr · n / (sqrt(v / (1 - beta_2^step)) +
/// epsilon), where n = u(step + 1) · m / (1 - p · u(step + 1)) + (1 - u(step)) · g / (1 - p).
class Nadam : public Optimizer {
public:
  explicit Nadam(NadamOptions options = {});
  Json get_config() const override;

protected:
  Tensor update(const Weight &weight, const Tensor &gradient, const Tensor &learning_rate) override;
  std::vector<std::string> slotNames() const override;
  size_t interleavedSlots() const override { return 2; }
  void begin(const Tensor &step) override;

private:
  NadamOptions own;
};
} // namespace optimizers
using optimizers::Nadam;

} // namespace cornu
