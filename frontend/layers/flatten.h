// Flatten: all axes but the batch become one.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

struct FlattenOptions {
  std::string data_format = "channels_last";   ///< "channels_first": the channels are moved to the end first
  CORNU_LAYER_OPTIONS;
};

/// (batch, a, b, …) → (batch, a·b·…), row-major; (batch,) → (batch, 1).
class Flatten : public Layer<Flatten> {
public:
  explicit Flatten(FlattenOptions options = {});
  std::string class_name() const override { return "Flatten"; }
  Json get_config() const override;
  Tensor call(const Tensor &x);

private:
  FlattenOptions given;
};

} // namespace cornu
