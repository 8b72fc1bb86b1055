// What the global pooling layers share.
#pragma once

#include "frontend/core/layer.h"
#include "frontend/ops/ops.h"

namespace cornu {

struct GlobalPoolingOptions {
  std::string data_format = "channels_last";   ///< or "channels_first"
  bool keepdims = false;                       ///< the spatial axes stay, with extent 1
  CORNU_LAYER_OPTIONS;
};

/// One number for each channel.
template <class Self> class BaseGlobalPooling : public Layer<Self> {
public:
  Json get_config() const override;

protected:
  BaseGlobalPooling(int64_t rank, GlobalPoolingOptions options);
  /// The spatial axes; fails for another rank.
  std::vector<int64_t> axesFor(const Tensor &x) const;

  GlobalPoolingOptions given;

private:
  int64_t rank;
};

} // namespace cornu
