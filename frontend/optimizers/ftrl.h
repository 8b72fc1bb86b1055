// Ftrl: follow the regularised leader.
#pragma once

#include "frontend/optimizers/optimizer.h"

namespace cornu {

struct FtrlOptions {
  LearningRate learning_rate = 0.001;
  double learning_rate_power = -0.5;
  double initial_accumulator_value = 0.1;
  double l1_regularization_strength = 0;
  double l2_regularization_strength = 0;
  double l2_shrinkage_regularization_strength = 0;
  double beta = 0;
  std::optional<double> weight_decay = {};
  CORNU_OPTIMIZER_OPTIONS;
};

namespace optimizers {
/// With p = -learning_rate_power, s = g + 2 · l2_shrinkage · w, a' = a + g²: z += s - (a'^p - a^p) / lr · w; q = a'^p / lr + 2 · l2 + beta / lr;
/// w = (clip(z, -l1, l1) - z) / q; a = a'.
class Ftrl : public Optimizer {
public:
  explicit Ftrl(FtrlOptions options = {});
  Json get_config() const override;

protected:
  Tensor update(const Weight &weight, const Tensor &gradient, const Tensor &learning_rate) override;
  std::vector<std::string> slotNames() const override;
  size_t interleavedSlots() const override { return 2; }
  double initialValue(size_t nameIndex) const override { return nameIndex == 0 ? own.initial_accumulator_value : 0; }

private:
  FtrlOptions own;
};
} // namespace optimizers
using optimizers::Ftrl;

} // namespace cornu
