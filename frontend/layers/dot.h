// Dot: sums of products of two tensors, sample by sample.
#pragma once

#include "frontend/core/layer.h"
#include "frontend/core/one_or_many.h"

namespace cornu {

struct DotOptions {
  bool normalize = false;                 ///< both to length 1 along their axis first: gives the cosine
  CORNU_LAYER_OPTIONS;
};

/// `Dot(1)({a, b})`: the sum over axis axes[0] of a and axes[1] of b (one number: the same for both). The result has the axes of a that are
/// left, then those of b without its batch; (batch, 1) where none are.
class Dot : public Layer<Dot> {
public:
  explicit Dot(OneOrMany<int64_t> axes, DotOptions options = {});
  std::string class_name() const override { return "Dot"; }
  bool supports_masking() const override { return true; }
  Tensor compute_mask(const Tensors &, const Tensors &) { return {}; }
  Json get_config() const override;
  Tensor call(const Tensors &xs);

private:
  OneOrMany<int64_t> axes;
  DotOptions given;
};

} // namespace cornu
