#include "frontend/layers/average_pooling1d.h"
#include "frontend/layers/average_pooling2d.h"
#include "frontend/layers/max_pooling1d.h"
#include "frontend/layers/max_pooling2d.h"
#include "frontend/layers/windowed.h"

namespace cornu {

template <class Self>
BasePooling<Self>::BasePooling(int64_t rank, OneOrMany<int64_t> pool_size, PoolingOptions options) : Layer<Self>(baseOf(options)), given(std::move(options)) {
  size = ops::perAxis(titleOf(*this), "pool_size", pool_size, rank);
  strides = given.strides ? ops::perAxis(titleOf(*this), "strides", *given.strides, rank) : size;
  checkDataFormat(*this, given.data_format);
  checkPadding(*this, given.padding, {"valid", "same"});
}

template <class Self> PoolOptions BasePooling<Self>::windowsFor(const Tensor &x) const {
  channelsOf(*this, x.shape(), given.data_format, size.size());
  ops::slide(titleOf(*this), ops::spatialExtents(x.shape(), given.data_format), size, strides, std::vector<int64_t>(size.size(), 1), given.padding);
  return {.strides = strides, .padding = given.padding, .data_format = given.data_format};
}

template <class Self> Json BasePooling<Self>::get_config() const {
  Json c = Layer<Self>::get_config();
  c["pool_size"] = size;
  c["padding"] = given.padding;
  c["strides"] = strides;
  c["data_format"] = given.data_format;
  return c;
}

template class BasePooling<AveragePooling1D>;
template class BasePooling<AveragePooling2D>;
template class BasePooling<MaxPooling1D>;
template class BasePooling<MaxPooling2D>;

} // namespace cornu
