// Convolutions as contractions whose first operand is read along sliding windows. What lies outside of it is made: an edge of zeros is written
// around a copy, which the kernel that computes x writes in place of x.
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

bool Lowering::lowerConvolution(ir::ConvolutionOp op) {
  Location loc = op.getLoc();
  ir::EinsumTerms terms = op.getTerms();
  SmallVector<ir::Window> windows = op.getWindows();
  Value x = lowered(op.getX()), w = lowered(op.getW());
  RankedTensorType type = op.getType(), wType = op.getW().getType();
  bool copied = false;
  struct Slice {
    size_t dim;
    int64_t first, limit;
  };
  SmallVector<Slice> sliced;
  // The innermost dimension first: the edges of the others are then whole rows.
  for (size_t dim = terms.a.size(); dim-- > 0;) {
    char name = terms.a[dim];
    if (!ir::isWindow(name))
      continue;
    ir::Window &window = windows[name - '0'];
    if (window.base != 1)
      return false;   // cornu-decompose leaves none
    int64_t results = type.getDimSize(terms.y.find(name)), taps = wType.getDimSize(terms.b.find(name));
    if (results == 0 || taps == 0)
      continue;
    Reach reach = reachOf(window, results, taps);
    int64_t low = std::max<int64_t>(-reach.first, 0);
    int64_t high = std::max<int64_t>(reach.last - (cast<RankedTensorType>(x.getType()).getDimSize(dim) - 1), 0);
    if (low != 0 || high != 0) {
      if (!copied)
        x = createCopy(b, loc, x);
      copied = true;
      x = padded(loc, x, dim, low, high, b.getZeroAttr(type.getElementType()));
    }
    // All of what is left is read: an extent is then that of the loops alone.
    int64_t first = reach.first + low, limit = reach.last + low + 1;
    auto xType = cast<RankedTensorType>(x.getType());
    if (first != 0 || limit != xType.getDimSize(dim))
      sliced.push_back({dim, first, limit});
    window.offset -= reach.first;
  }
  for (auto [dim, first, limit] : sliced) {
    auto xType = cast<RankedTensorType>(x.getType());
    SmallVector<int64_t> shape(xType.getShape());
    shape[dim] = limit - first;
    x = ir::SliceOp::create(b, loc, xType.clone(shape), x, dim, first, limit, 1);
  }
  values.map(op.getY(), contraction(loc, terms, x, w, windows, type));
  return true;
}

} // namespace cornu::passes
