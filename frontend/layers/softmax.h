// Softmax: a distribution over an axis, as a layer.
#pragma once

#include "frontend/core/layer.h"
#include "frontend/core/one_or_many.h"

namespace cornu {

struct SoftmaxOptions {
  OneOrMany<int64_t> axis = -1;           ///< one, or several taken together
  CORNU_LAYER_OPTIONS;
};

/// exp(x) / sum(exp(x)) over the axis. Where a mask, which must broadcast against x, is false the result is 0.
class Softmax : public Layer<Softmax> {
public:
  explicit Softmax(SoftmaxOptions options = {});
  std::string class_name() const override { return "Softmax"; }
  bool supports_masking() const override { return true; }
  Json get_config() const override;
  std::vector<std::string> call_arguments() const override { return {"mask"}; }
  Tensor call(const Tensor &x);

private:
  SoftmaxOptions given;
};

} // namespace cornu
