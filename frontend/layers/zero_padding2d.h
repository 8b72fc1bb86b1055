// ZeroPadding2D: zeros around the rows and columns.
#pragma once

#include "frontend/core/layer.h"
#include "frontend/layers/edges.h"

namespace cornu {

struct ZeroPadding2DOptions {
  std::string data_format = "channels_last";   ///< or "channels_first"
  CORNU_LAYER_OPTIONS;
};

/// padding: one number, one for rows and one for columns, or two for each.
class ZeroPadding2D : public Layer<ZeroPadding2D> {
public:
  explicit ZeroPadding2D(const Edges &padding = 1, ZeroPadding2DOptions options = {});
  std::string class_name() const override { return "ZeroPadding2D"; }
  Json get_config() const override;
  Tensor call(const Tensor &x);

private:
  std::vector<std::array<int64_t, 2>> padding;
  ZeroPadding2DOptions given;
};

} // namespace cornu
