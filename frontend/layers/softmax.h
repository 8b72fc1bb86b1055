// Softmax: a distribution over an axis, as a layer.
#pragma once

#include "frontend/core/layer.h"
#include "frontend/core/one_or_many.h"

namespace cornu {

struct SoftmaxOptions {
  OneOrMany<int64_t> axis = -1;           ///< one, or several taken together
  CORNU_LAYER_OPTIONS;
};

/// exp(x) / sum(exp(x)) over the axis.
class Softmax : public Layer<Softmax> {
public:
  explicit Softmax(SoftmaxOptions options = {});
  std::string class_name() const override { return "Softmax"; }
  Json get_config() const override;
  Tensor call(const Tensor &x);

private:
  SoftmaxOptions given;
};

} // namespace cornu
