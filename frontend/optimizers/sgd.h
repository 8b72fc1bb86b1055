// SGD: gradient descent with momentum.
#pragma once

#include "frontend/optimizers/optimizer.h"

namespace cornu {

struct SGDOptions {
  LearningRate learning_rate = 0.01;
  double momentum = 0;
  bool nesterov = false;
  double decay = 0;             ///< of Keras 1 and 2: learning_rate / (1 + decay · iterations), an InverseTimeDecay
  std::optional<double> weight_decay = {};
  CORNU_OPTIMIZER_OPTIONS;
};

namespace optimizers {
/// Without momentum w -= lr · g. With it m = momentum · m - lr · g, then w += m, or with nesterov w += momentum · m - lr · g.
class SGD : public Optimizer {
public:
  explicit SGD(SGDOptions options = {});
  Json get_config() const override;

protected:
  Tensor update(const Weight &weight, const Tensor &gradient, const Tensor &learning_rate) override;
  std::vector<std::string> slotNames() const override;

private:
  double momentum;
  bool nesterov;
};
} // namespace optimizers
using optimizers::SGD;

} // namespace cornu
