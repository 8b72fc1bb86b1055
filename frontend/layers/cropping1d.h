// Cropping1D: steps cut off at the edges.
#pragma once

#include "frontend/core/layer.h"
#include "frontend/layers/edges.h"

namespace cornu {

struct Cropping1DOptions {
  CORNU_LAYER_OPTIONS;
};

/// cropping: one number, or one for each end.
class Cropping1D : public Layer<Cropping1D> {
public:
  explicit Cropping1D(const Edges &cropping = 1, Cropping1DOptions options = {});
  std::string class_name() const override { return "Cropping1D"; }
  Json get_config() const override;
  Tensor call(const Tensor &x);

private:
  std::vector<std::array<int64_t, 2>> cropping;
  Cropping1DOptions given;
};

} // namespace cornu
