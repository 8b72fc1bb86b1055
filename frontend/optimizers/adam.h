// Adam and AdamW: steps by running means of the gradient and of its square.
#pragma once

#include "frontend/optimizers/optimizer.h"

namespace cornu {

struct AdamOptions {
  LearningRate learning_rate = 0.001;
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  bool amsgrad = false;         ///< divides by the largest second moment so far
  std::optional<double> weight_decay = {};
  CORNU_OPTIMIZER_OPTIONS;
};

struct AdamWOptions {
  LearningRate learning_rate = 0.001;
  std::optional<double> weight_decay = 0.004;
  double beta_1 = 0.9;
  double beta_2 = 0.999;
  double epsilon = 1e-7;
  bool amsgrad = false;
  CORNU_OPTIMIZER_OPTIONS;
};

namespace optimizers {
/// m = m + (g - m)(1 - beta_1); v = v + (g² - v)(1 - beta_2); with amsgrad v is replaced by the largest so far;
/// w -= lr · sqrt(1 - beta_2^step) / (1 - beta_1^step) · m / (sqrt(v) + epsilon).
class Adam : public Optimizer {
public:
  explicit Adam(AdamOptions options = {});
  Json get_config() const override;

protected:
  Adam(const char *class_name, AdamOptions options);
  Tensor update(const Weight &weight, const Tensor &gradient, const Tensor &learning_rate) override;
  std::vector<std::string> slotNames() const override;
  size_t interleavedSlots() const override { return 2; }

private:
  AdamOptions own;
};

/// Adam after w -= w · weight_decay · lr.
class AdamW : public Adam {
public:
  explicit AdamW(AdamWOptions options = {});
};
} // namespace optimizers
using optimizers::Adam;
using optimizers::AdamW;

} // namespace cornu
