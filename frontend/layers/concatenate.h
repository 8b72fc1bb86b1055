// Concatenate: tensors one after the other.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

struct ConcatenateOptions {
  int64_t axis = -1;              ///< not the batch; all other extents must be equal
  CORNU_LAYER_OPTIONS;
};

/// `Concatenate()({a, b})`
class Concatenate : public Layer<Concatenate> {
public:
  explicit Concatenate(ConcatenateOptions options = {});
  std::string class_name() const override { return "Concatenate"; }
  bool supports_masking() const override { return true; }
  Json get_config() const override;
  Tensor call(const Tensors &xs);
  /// The masks one after the other, true where any feature counts; an input without one counts everywhere.
  Tensor compute_mask(const Tensors &xs, const Tensors &masks);

private:
  int64_t axis;
};

} // namespace cornu
