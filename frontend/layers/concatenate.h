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
  Json get_config() const override;
  Tensor call(const Tensors &xs);

private:
  int64_t axis;
};

} // namespace cornu
