// Convolutions as contractions whose first operand is read along sliding windows. What lies outside of it is made: an edge of zeros is written
// around a copy, which the kernel that computes x writes in place of x.
#include "passes/KernelAnalysis.h"
#include "passes/lowering/Copy.h"
#include "passes/lowering/Lowering.h"

using namespace mlir;

namespace cornu::passes {

namespace {
/// The positions of x that a window reaches.
struct Reach {
  int64_t first, last;
};

Reach reachOf(const ir::Window &window, int64_t results, int64_t taps) {
  int64_t q = window.stride * (results - 1), k = window.dilation * (taps - 1);
  return {window.offset + std::min<int64_t>(q, 0) + std::min<int64_t>(k, 0), window.offset + std::max<int64_t>(q, 0) + std::max<int64_t>(k, 0)};
}
} // namespace

// Those with vectors along the channels of the result, and of either each channel by itself, which reads x for so few results that writing zeros around it would cost as much,
// or many channels of x, which make an inner loop of their own.
bool Lowering::knowsEdges(ir::ConvolutionOp op, ArrayRef<int64_t> low, ArrayRef<int64_t> high) {
  ir::EinsumTerms terms = op.getTerms();
  ArrayRef<int64_t> x = op.getX().getType().getShape(), w = op.getW().getType().getShape(), y = op.getType().getShape();
  auto extent = [](StringRef names, ArrayRef<int64_t> shape, char name) { return shape[names.find(name)]; };
  constexpr int64_t few = 4, many = 16;
  int64_t results = 1;
  for (char name : terms.y)
    if (!terms.a.contains(name))
      results *= extent(terms.y, y, name);
  for (auto [dim, name] : llvm::enumerate(terms.a))
    if ((low[dim] || high[dim]) && extent(terms.b, w, name) == 1)
      return false;   // no loop that could leave terms out
  auto innermost = [](StringRef names, ArrayRef<int64_t> shape) {
    char last = 0;
    for (auto [name, extent] : llvm::zip_equal(names, shape))
      if (extent != 1)
        last = name;
    return last;
  };
  if (hasLanesAlongSum(terms, op.getX(), op.getW(), op.getType()))
    return true;
  char last = innermost(terms.y, y), channel = innermost(terms.a, x);
  if (!last || ir::isWindow(last) || !isa<FloatType>(op.getType().getElementType()) || ShapedType::isDynamic(extent(terms.y, y, last)))
    return false;
  if (results > few)
    return !terms.a.contains(last) && channel && !ir::isWindow(channel) && extent(terms.a, x, channel) >= many;
  return innermost(terms.b, w) == last && (!terms.a.contains(last) || channel == last);
}

Lowering::Padded Lowering::paddedWithZeros(Location loc, Value x, ArrayRef<int64_t> low, ArrayRef<int64_t> high) {
  auto covers = [](ArrayRef<int64_t> has, ArrayRef<int64_t> needs) { return llvm::all_of(llvm::zip_equal(has, needs), [](auto pair) { return std::get<0>(pair) >= std::get<1>(pair); }); };
  for (Padded &known : paddings)
    if (known.x == x && known.padded.getParentBlock() == b.getInsertionBlock() && covers(known.low, low) && covers(known.high, high))
      return known;
  Padded result{x, createCopy(b, loc, x), llvm::to_vector(low), llvm::to_vector(high)};
  TypedAttr zero = b.getZeroAttr(cast<RankedTensorType>(x.getType()).getElementType());
  // The innermost dimension first: the edges of the others are then whole rows.
  for (size_t dim = low.size(); dim-- > 0;)
    result.padded = padded(loc, result.padded, dim, low[dim], high[dim], zero);
  paddings.push_back(result);
  return result;
}

Value Lowering::withoutGaps(ir::ConvolutionOp op, Value x, MutableArrayRef<ir::Window> windows) {
  // A larger kernel does not stay in the second-level cache from one row of the image to the next.
  constexpr int64_t large = 128 << 10;
  ir::EinsumTerms terms = op.getTerms();
  RankedTensorType type = op.getType(), wType = op.getW().getType();
  const RankedTensorType &kernel = wType.hasStaticShape() ? wType : type;   // or the gradient of one
  if (!kernel.hasStaticShape() || kernel.getNumElements() <= large)
    return x;
  SmallVector<int64_t> steps(windows.size(), 1);
  for (char name : terms.a)
    if (ir::isWindow(name)) {
      const ir::Window &window = windows[name - '0'];
      bool oneResult = type.getDimSize(terms.y.find(name)) == 1, oneTap = wType.getDimSize(terms.b.find(name)) == 1;
      if (!oneResult && !oneTap)
        return x;
      steps[name - '0'] = oneResult && oneTap ? 1 : std::abs(oneResult ? window.dilation : window.stride);
    }
  if (llvm::all_of(steps, [](int64_t step) { return step == 1; }))
    return x;
  for (auto [dim, name] : llvm::enumerate(terms.a)) {
    int64_t step = ir::isWindow(name) ? steps[name - '0'] : 1;
    if (step == 1)
      continue;
    auto from = cast<RankedTensorType>(x.getType());
    SmallVector<int64_t> shape(from.getShape());
    int64_t limit = std::exchange(shape[dim], llvm::divideCeil(shape[dim], step));
    x = ir::SliceOp::create(b, op.getLoc(), from.clone(shape), x, dim, 0, limit, step);
    ir::Window &window = windows[name - '0'];
    window.stride /= step, window.dilation /= step, window.offset /= step;
  }
  return createCopy(b, op.getLoc(), x);
}

bool Lowering::lowerConvolution(ir::ConvolutionOp op) {
  Location loc = op.getLoc();
  ir::EinsumTerms terms = op.getTerms();
  SmallVector<ir::Window> windows = op.getWindows();
  Value x = lowered(op.getX()), w = lowered(op.getW());
  RankedTensorType type = op.getType(), wType = op.getW().getType(), xType = op.getX().getType();
  SmallVector<int64_t> low(xType.getRank()), high(xType.getRank());
  SmallVector<std::optional<Reach>> reaches(xType.getRank());
  Winograd winograd = paysWinograd(op);
  SmallVector<Edge> edges;
  for (auto [dim, name] : llvm::enumerate(terms.a)) {
    if (!ir::isWindow(name))
      continue;
    ir::Window &window = windows[name - '0'];
    if (window.base != 1)
      return false;   // cornu-decompose leaves none
    int64_t results = type.getDimSize(terms.y.find(name)), taps = wType.getDimSize(terms.b.find(name));
    if (results == 0 || taps == 0)
      continue;
    Reach reach = reachOf(window, results, taps);
    low[dim] = std::max<int64_t>(-reach.first, 0);
    int64_t unused = winograd == Winograd::Convolution ? results % 2 : winograd == Winograd::Gradient ? taps % 2 : 0;
    high[dim] = std::max<int64_t>(reach.last + unused - (xType.getDimSize(dim) - 1), 0);
    reaches[dim] = reach;
    window.offset -= reach.first;
  }
  if (llvm::any_of(low, [](int64_t n) { return n != 0; }) || llvm::any_of(high, [](int64_t n) { return n != 0; })) {
    if (winograd == Winograd::No && knowsEdges(op, low, high)) {
      for (auto [dim, name] : llvm::enumerate(terms.a)) {
        if (!low[dim] && !high[dim])
          continue;
        edges.push_back({static_cast<unsigned>(dim), low[dim], low[dim] + xType.getDimSize(dim)});
        x = ir::PadOp::create(b, loc, x, dim, low[dim], high[dim], APFloat(0.0));
      }
    } else {
      Padded wide = paddedWithZeros(loc, x, low, high);
      x = wide.padded;
      low = wide.low;
    }
  }
  // All of what is left is read: an extent is then that of the loops alone.
  for (auto [dim, reach] : llvm::enumerate(reaches)) {
    if (!reach)
      continue;
    int64_t first = reach->first + low[dim], limit = reach->last + low[dim] + 1;
    auto from = cast<RankedTensorType>(x.getType());
    SmallVector<int64_t> shape(from.getShape());
    if (first == 0 && limit == shape[dim])
      continue;
    shape[dim] = limit - first;
    for (Edge &edge : edges)
      if (edge.dim == dim)
        edge.first -= first, edge.limit -= first;
    x = ir::SliceOp::create(b, loc, from.clone(shape), x, dim, first, limit, 1);
  }
  if (edges.empty())
    x = withoutGaps(op, x, windows);
  Value y = contraction(loc, terms, x, w, windows, type, edges);
  if (winograd != Winograd::No)
    setWinograd(y.getDefiningOp<linalg::GenericOp>());
  values.map(op.getY(), y);
  return true;
}

} // namespace cornu::passes
