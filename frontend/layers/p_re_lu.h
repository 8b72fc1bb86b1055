// PReLU: a rectifier whose slope is learnt.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

struct PReLUOptions {
  Initializer alpha_initializer = "zeros";
  Regularizer alpha_regularizer = {};
  Constraint alpha_constraint = {};
  std::vector<int64_t> shared_axes = {};  ///< along which alpha is the same; 1 is the first axis after the batch
  bool trainable = true;
  Regularizer activity_regularizer = {};
  Shape input_shape = {};
  std::string dtype = "float32";
  std::string name = "";
};

/// x above 0, alpha x elsewhere. alpha has the shape of the input without the batch, with 1 at shared_axes.
class PReLU : public Layer<PReLU> {
public:
  explicit PReLU(PReLUOptions options = {});
  std::string class_name() const override { return "PReLU"; }
  bool supports_masking() const override { return true; }
  Json get_config() const override;
  void build(const Shape &input);
  Tensor call(const Tensor &x);

  Variable alpha;

private:
  PReLUOptions given;
};

} // namespace cornu
