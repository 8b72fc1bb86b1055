// UpSampling2D: an image several times as high and wide.
#pragma once

#include "frontend/core/layer.h"
#include "frontend/core/one_or_many.h"

namespace cornu {

struct UpSampling2DOptions {
  std::string data_format = "channels_last";   ///< or "channels_first"
  std::string interpolation = "nearest";       ///< or "bilinear", "bicubic", "lanczos3", "lanczos5"
  CORNU_LAYER_OPTIONS;
};

/// (batch, rows, columns, channels) → (batch, rows · size, columns · size, channels). "nearest" repeats; the others interpolate between the centres
/// of the elements along rows, then along columns.
class UpSampling2D : public Layer<UpSampling2D> {
public:
  explicit UpSampling2D(OneOrMany<int64_t> size = 2, UpSampling2DOptions options = {});
  std::string class_name() const override { return "UpSampling2D"; }
  Json get_config() const override;
  Tensor call(const Tensor &x);

private:
  std::vector<int64_t> size;
  UpSampling2DOptions given;
};

} // namespace cornu
