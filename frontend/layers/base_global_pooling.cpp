#include "frontend/layers/global_average_pooling1d.h"
#include "frontend/layers/global_average_pooling2d.h"
#include "frontend/layers/global_max_pooling1d.h"
#include "frontend/layers/global_max_pooling2d.h"
#include "frontend/layers/windowed.h"

namespace cornu {

template <class Self>
BaseGlobalPooling<Self>::BaseGlobalPooling(int64_t rank, GlobalPoolingOptions options) : Layer<Self>(baseOf(options)), given(std::move(options)), rank(rank) {
  checkDataFormat(*this, given.data_format);
}

template <class Self> std::vector<int64_t> BaseGlobalPooling<Self>::axesFor(const Tensor &x) const {
  channelsOf(*this, x.shape(), given.data_format, static_cast<size_t>(rank));
  std::vector<int64_t> axes;
  for (int64_t i = 0; i < rank; ++i) axes.push_back(i + (given.data_format == "channels_last" ? 1 : 2));
  return axes;
}

template <class Self> Json BaseGlobalPooling<Self>::get_config() const {
  Json c = Layer<Self>::get_config();
  c["data_format"] = given.data_format;
  c["keepdims"] = given.keepdims;
  return c;
}

template class BaseGlobalPooling<GlobalAveragePooling1D>;
template class BaseGlobalPooling<GlobalAveragePooling2D>;
template class BaseGlobalPooling<GlobalMaxPooling1D>;
template class BaseGlobalPooling<GlobalMaxPooling2D>;

} // namespace cornu
