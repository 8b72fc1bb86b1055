// Pooling.
#include "frontend/ops/emit.h"
#include "frontend/ops/windows.h"

namespace cornu {
using namespace ops;

namespace {

/// The window over each spatial axis of x, whose channels are last.
std::vector<Sliding> slidesOf(const char *who, const Tensor &x, const OneOrMany<int64_t> &pool_size, const PoolOptions &options) {
  int64_t rank = x.rank() - 2;
  std::vector<int64_t> sizes = perAxis(who, "pool_size", pool_size, rank);
  std::vector<int64_t> strides = options.strides ? perAxis(who, "strides", *options.strides, rank) : sizes;
  if (options.padding == "causal") throw UserError(std::string(who) + ": padding must be 'valid' or 'same'", "padding='causal'");
  return slide(who, spatialExtents(x.shape(), "channels_last"), sizes, strides, std::vector<int64_t>(sizes.size(), 1), options.padding);
}

/// Calls f on x with its channels last.
template <class F> Tensor pool(const char *name, const char *who, const Tensor &inputs, const OneOrMany<int64_t> &pool_size, const PoolOptions &options, F f) {
  return op(name, {inputs}, [=](const Tensors &xs) {
    checkDataFormat(who, options.data_format);
    if (xs[0].rank() < 3 || xs[0].rank() > 5)
      throw UserError(std::string(who) + ": the input must have a batch, channels and 1 to 3 spatial axes", "shape " + shapeString(xs[0].shape()));
    Tensor x = toChannelsLast(wrap(floating(xs[0])), options.data_format);
    return fromChannelsLast(f(x, slidesOf(who, x, pool_size, options)), options.data_format);
  }, Json::object({{"pool_size", pool_size.json()}, {"strides", options.strides ? options.strides->json() : Json()}, {"padding", options.padding},
                   {"data_format", options.data_format}}));
}

mlir::RankedTensorType tensorTypeOf(const Tensor &x) { return ir::tensorType(value(x)); }

llvm::SmallVector<int64_t> resultShape(const Tensor &x, const std::vector<Sliding> &slides) {
  llvm::SmallVector<int64_t> shape(tensorTypeOf(x).getShape());
  for (size_t i = 0; i < slides.size(); ++i) shape[i + 1] = slides[i].output;
  return shape;
}

} // namespace

Tensor max_pool(const Tensor &inputs, const OneOrMany<int64_t> &pool_size, PoolOptions options) {
  return pool("MaxPool", "max_pool", inputs, pool_size, options, [](const Tensor &x, const std::vector<Sliding> &slides) {
    std::vector<int64_t> dims, sizes, strides, offsets;
    for (const Sliding &s : slides) {
      dims.push_back(static_cast<int64_t>(dims.size()) + 1);
      sizes.push_back(s.size);
      strides.push_back(s.stride);
      offsets.push_back(-s.before);
    }
    mlir::Value v = value(x);
    auto type = tensorTypeOf(x).clone(resultShape(x, slides));
    return wrap(ir::MaxPoolOp::create(trace::here().builder, trace::here().location(), type, v, dims, sizes, strides, offsets));
  });
}

// A convolution of each channel with equal weights: 1 / the number of elements of a window, which is less at a padded edge.
Tensor average_pool(const Tensor &inputs, const OneOrMany<int64_t> &pool_size, PoolOptions options) {
  return pool("AveragePool", "average_pool", inputs, pool_size, options, [](const Tensor &x, const std::vector<Sliding> &slides) {
    std::string spatial = std::string("012").substr(0, slides.size());
    llvm::SmallVector<int64_t> sizes;
    std::vector<ir::Window> windows;
    std::vector<double> shares = {1};     // of each position of the result
    llvm::SmallVector<int64_t> outputs;
    double count = 1;
    bool uniform = true;
    for (const Sliding &s : slides) {
      sizes.push_back(s.size);
      outputs.push_back(s.output);
      windows.push_back({s.stride, 1, -s.before, 1});
      count *= static_cast<double>(s.size);
      std::vector<double> finer;
      for (double share : shares)
        for (int64_t q = 0; q < s.output; ++q) {
          int64_t first = q * s.stride - s.before, real = std::min(first + s.size, s.input) - std::max<int64_t>(first, 0);
          uniform = uniform && real == s.size;
          finer.push_back(share / static_cast<double>(real));
        }
      shares = finer;
    }
    outputs.push_back(1);
    ir::ExprBuilder e = expressions();
    mlir::Type element = tensorTypeOf(x).getElementType();
    ir::Expr kernel = e.full(mlir::RankedTensorType::get(sizes, element), uniform ? 1 / count : 1);
    ir::Expr y = ir::convolution("b" + spatial + "c," + spatial + "->b" + spatial + "c", e(value(x)), kernel, windows, resultShape(x, slides));
    if (uniform) return wrap(y);
    return wrap(y * e.tensor(mlir::RankedTensorType::get(outputs, element), shares));
  });
}

} // namespace cornu
