// Cropping2D: rows and columns cut off at the edges.
#pragma once

#include "frontend/core/layer.h"
#include "frontend/layers/edges.h"

namespace cornu {

struct Cropping2DOptions {
  std::string data_format = "channels_last";   ///< or "channels_first"
  CORNU_LAYER_OPTIONS;
};

/// cropping: one number, one for rows and one for columns, or two for each.
class Cropping2D : public Layer<Cropping2D> {
public:
  explicit Cropping2D(const Edges &cropping = 0, Cropping2DOptions options = {});
  std::string class_name() const override { return "Cropping2D"; }
  Json get_config() const override;
  Tensor call(const Tensor &x);

private:
  std::vector<std::array<int64_t, 2>> cropping;
  Cropping2DOptions given;
};

} // namespace cornu
