// What the pooling layers share.
#pragma once

#include "frontend/core/layer.h"
#include "frontend/ops/ops.h"

namespace cornu {

struct PoolingOptions {
  std::optional<OneOrMany<int64_t>> strides = {};   ///< none: pool_size
  std::string padding = "valid";                    ///< or "same"
  std::string data_format = "channels_last";        ///< or "channels_first"
  CORNU_LAYER_OPTIONS;
};

/// One number for each window of each channel.
template <class Self> class BasePooling : public Layer<Self> {
public:
  Json get_config() const override;

protected:
  BasePooling(int64_t rank, OneOrMany<int64_t> pool_size, PoolingOptions options);
  /// The arguments for x; fails if a window does not fit.
  PoolOptions windowsFor(const Tensor &x) const;

  std::vector<int64_t> size;

private:
  std::vector<int64_t> strides;
  PoolingOptions given;
};

} // namespace cornu
