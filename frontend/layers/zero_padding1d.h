// ZeroPadding1D: zeros around the steps.
#pragma once

#include "frontend/core/layer.h"
#include "frontend/layers/edges.h"

namespace cornu {

struct ZeroPadding1DOptions {
  std::string data_format = "channels_last";   ///< or "channels_first"
  CORNU_LAYER_OPTIONS;
};

/// padding: one number, or one for each end.
class ZeroPadding1D : public Layer<ZeroPadding1D> {
public:
  explicit ZeroPadding1D(const Edges &padding = 1, ZeroPadding1DOptions options = {});
  std::string class_name() const override { return "ZeroPadding1D"; }
  Json get_config() const override;
  Tensor call(const Tensor &x);

private:
  std::vector<std::array<int64_t, 2>> padding;
  ZeroPadding1DOptions given;
};

} // namespace cornu
