// Convolution and max pooling: what fits, and their gradients. In the rules g is the cotangent of the result y.
#include "ir/Expr.h"

namespace cornu::ir {
using namespace mlir;

//===-- convolution ---------------------------------------------------------------------------------------------------------------===//

void ConvolutionOp::build(OpBuilder &builder, OperationState &state, Type type, const Twine &equation, Value x, Value w, ArrayRef<Window> windows) {
  SmallVector<int64_t> strides, dilations, offsets, bases;
  for (const Window &window : windows) {
    strides.push_back(window.stride);
    dilations.push_back(window.dilation);
    offsets.push_back(window.offset);
    bases.push_back(window.base);
  }
  build(builder, state, type, equation.str(), x, w, strides, dilations, offsets, bases);
}

EinsumTerms ConvolutionOp::getTerms() { return *parseEquation(getEquation(), /*windows=*/true); }

SmallVector<Window> ConvolutionOp::getWindows() {
  SmallVector<Window> windows;
  for (auto [stride, dilation, offset, base] : llvm::zip_equal(getStrides(), getDilations(), getOffsets(), getBases()))
    windows.push_back({stride, dilation, offset, base});
  return windows;
}

LogicalResult ConvolutionOp::verify() {
  auto terms = parseEquation(getEquation(), /*windows=*/true);
  if (!terms)
    return emitOpError("needs an equation \"terms,terms->terms\", one letter or digit a dimension, none twice in a term. Received: \"")
           << getEquation() << "\"";
  auto shape = contractedShape(getLoc(), getEquation(), *terms, tensorType(getX()), tensorType(getW()));
  if (failed(shape))
    return failure();
  size_t count = llvm::count_if(terms->y, isWindow);
  auto hasAll = [&](StringRef term) {
    return static_cast<size_t>(llvm::count_if(term, isWindow)) == count &&
           llvm::all_of(llvm::seq<size_t>(count), [&](size_t i) { return term.contains('0' + i); });
  };
  if (!hasAll(terms->a) || !hasAll(terms->b) || !hasAll(terms->y))
    return emitOpError("needs the windows 0, 1, … in each of its terms. Received: \"") << getEquation() << "\"";
  for (ArrayRef<int64_t> numbers : {getStrides(), getDilations(), getOffsets(), getBases()})
    if (numbers.size() != count)
      return emitOpError("needs strides, dilations, offsets and bases for each window. Received: ") << numbers.size() << " for " << count << " windows";
  for (auto [i, window] : llvm::enumerate(getWindows()))
    if (window.stride == 0 || window.dilation == 0 || window.base < 1)
      return emitOpError("needs strides and dilations other than 0 and bases of at least 1. Received: strides ")
             << shapeText(getStrides()) << ", dilations " << shapeText(getDilations()) << ", bases " << shapeText(getBases());
  if (shape->size() != static_cast<size_t>(getType().getRank()))
    return emitOpError("needs a result with one dimension a letter. Received: \"") << getEquation() << "\" to " << shapeText(getType().getShape());
  for (auto [extent, name, declared] : llvm::zip_equal(*shape, terms->y, getType().getShape()))
    if (isWindow(name) ? ShapedType::isDynamic(declared) : extent != declared)
      return emitOpError("needs a result with the extents of its letters. Received: \"") << getEquation() << "\" to " << shapeText(getType().getShape());
  for (auto [term, type] : {std::pair(terms->a, tensorType(getX())), std::pair(terms->b, tensorType(getW()))})
    for (auto [name, extent] : llvm::zip_equal(term, type.getShape()))
      if (isWindow(name) && ShapedType::isDynamic(extent))
        return emitOpError("slides along static dimensions only. Received: \"") << getEquation() << "\" with shapes "
                                                                                << shapeText(tensorType(getX()).getShape()) << " and "
                                                                                << shapeText(tensorType(getW()).getShape());
  return success();
}

// y_q = sum x_p w_k over b·p = s·q + d·k + o. The same relation, solved for another of the three positions:
//   dx_p = sum g_q w_k over s·q = b·p - d·k - o,
//   dw_k = sum x_p g_q over b·p = d·k + s·q + o, or g_q x_p over s·q = b·p - d·k - o; that with fewer zeros between elements.
void ConvolutionOp::buildVjp(OpBuilder &builder, ValueRange cotangents, MutableArrayRef<Value> grads) {
  ExprBuilder e(builder, getLoc());
  Expr g = e(cotangents[0]), x = e(getX()), w = e(getW());
  EinsumTerms t = getTerms();
  SmallVector<Window> forX, forW, forSwappedW;
  int64_t zeros = 1, swappedZeros = 1;
  for (auto [s, d, o, b] : getWindows()) {
    int64_t sign = s < 0 ? -1 : 1;
    forX.push_back({sign * b, -sign * d, -sign * o, sign * s});
    forW.push_back({d, s, o, b});
    forSwappedW.push_back({-sign * d, sign * b, -sign * o, sign * s});
    zeros *= b;
    swappedZeros *= sign * s;
  }
  grads[0] = convolution((t.y + "," + t.b + "->" + t.a).str(), g, w, forX, x.shape());
  grads[1] = swappedZeros < zeros ? convolution((t.y + "," + t.a + "->" + t.b).str(), g, x, forSwappedW, w.shape())
                                  : convolution((t.a + "," + t.y + "->" + t.b).str(), x, g, forW, w.shape());
}

//===-- max_pool ------------------------------------------------------------------------------------------------------------------===//

LogicalResult MaxPoolOp::verify() {
  ArrayRef<int64_t> x = tensorType(getX()).getShape(), y = getType().getShape();
  if (failed(checkDims(getLoc(), getDims(), x.size())))
    return failure();
  for (ArrayRef<int64_t> numbers : {getSizes(), getStrides(), getOffsets()})
    if (numbers.size() != getDims().size())
      return emitOpError("needs sizes, strides and offsets for each of dims. Received: ") << numbers.size() << " for " << getDims().size() << " dims";
  if (x.size() != y.size() || reducedShape(x, getDims(), false) != reducedShape(y, getDims(), false))
    return emitOpError("keeps the extents of the other dims. Received: ") << shapeText(x) << " to " << shapeText(y);
  for (auto [dim, size, stride, offset] : llvm::zip_equal(getDims(), getSizes(), getStrides(), getOffsets())) {
    if (ShapedType::isDynamic(x[dim]) || ShapedType::isDynamic(y[dim]))
      return emitOpError("pools static dimensions only. Received: ") << shapeText(x) << " to " << shapeText(y);
    // Each window holds an element of x: the first reaches into it, the last begins in it.
    if (size < 1 || stride < 1 || y[dim] < 1 || offset > 0 || offset + size <= 0 || (y[dim] - 1) * stride + offset >= x[dim])
      return emitOpError("needs windows of at least one element, each with some of x in it. Received: ")
             << shapeText(x) << " to " << shapeText(y) << ", size " << size << ", stride " << stride << ", offset " << offset;
  }
  return success();
}

SmallVector<Expr> windowTaps(MaxPoolOp op, Expr x) {
  ArrayRef<int64_t> dims = op.getDims();
  for (auto [i, dim] : llvm::enumerate(dims)) {
    int64_t end = (op.getType().getDimSize(dim) - 1) * op.getStrides()[i] + op.getOffsets()[i] + op.getSizes()[i];
    x = pad(x, dim, -op.getOffsets()[i], std::max<int64_t>(end - x.shape()[dim], 0), -std::numeric_limits<double>::infinity());
  }
  SmallVector<Expr> taps{x};
  for (auto [i, dim] : llvm::enumerate(dims)) {
    SmallVector<Expr> finer;
    int64_t stride = op.getStrides()[i], reach = (op.getType().getDimSize(dim) - 1) * stride + 1;
    for (Expr tap : taps)
      for (int64_t k = 0; k < op.getSizes()[i]; ++k)
        finer.push_back(slice(tap, dim, k, k + reach, stride));
    taps = finer;
  }
  return taps;
}

// The first element of a window that equals the maximum takes g (as TensorFlow). Gathered, not scattered: position u = s·u' + r of the padded x is
// element k = s·m + r of window u' - m, so for each m there is one comparison of k with where the maximum was, over a grid (u', r).
void MaxPoolOp::buildVjp(OpBuilder &builder, ValueRange cotangents, MutableArrayRef<Value> grads) {
  ExprBuilder e(builder, getLoc());
  Expr g = e(cotangents[0]), x = e(getX()), y = e(getY());
  ArrayRef<int64_t> dims = getDims(), sizes = getSizes(), strides = getStrides();
  Type i32 = builder.getI32Type();

  // Elements of a window are numbered with room for r up to s - 1 in each dimension.
  SmallVector<int64_t> weights(dims.size(), 1), reaches;
  for (auto [size, stride] : llvm::zip_equal(sizes, strides))
    reaches.push_back(llvm::divideCeil(size, stride));
  for (size_t i = dims.size(); i-- > 1;)
    weights[i - 1] = weights[i] * reaches[i] * strides[i];
  auto numberOf = [&](size_t tap) {
    int64_t number = 0;
    for (size_t i = dims.size(); i-- > 0; tap /= sizes[i])
      number += static_cast<int64_t>(tap % sizes[i]) * weights[i];
    return static_cast<double>(number);
  };
  SmallVector<Expr> taps = windowTaps(*this, x);
  Expr winner = e.constant(numberOf(taps.size() - 1), i32);
  for (size_t tap = taps.size() - 1; tap-- > 0;)
    winner = select(equal(taps[tap], y), e.constant(numberOf(tap), i32), winner);
  winner = broadcastTo(winner, y.shape());

  // Along each dim: windows from u'min - (reach - 1) to u'max, then a dimension for r.
  struct Grid {
    int64_t dim, first, count, low;
  };
  SmallVector<Grid> grids;
  SmallVector<int64_t> apart, rest(1, 1), joined(x.shape());
  SmallVector<double> numbers{0};
  for (int64_t d = 0, i = 0; d < x.rank(); ++d) {
    apart.push_back(g.shape()[d]);
    rest.push_back(1);
    if (i == static_cast<int64_t>(dims.size()) || dims[i] != d)
      continue;
    int64_t stride = strides[i], from = -getOffsets()[i], first = from / stride, last = (from + x.shape()[d] - 1) / stride;
    int64_t low = std::max<int64_t>(reaches[i] - 1 - first, 0), high = std::max<int64_t>(last - (g.shape()[d] - 1), 0);
    g = pad(g, d, low, high);
    winner = pad(winner, d, low, high);
    grids.push_back({d + i, first, last - first + 1, low});
    apart.back() = g.shape()[d];
    apart.push_back(1);
    rest.push_back(stride);
    joined[d] = (last - first + 1) * stride;
    SmallVector<double> finer;
    for (double number : numbers)
      for (int64_t r = 0; r < stride; ++r)
        finer.push_back(number + static_cast<double>(r * weights[i]));
    numbers = finer;
    ++i;
  }
  rest.erase(rest.begin());
  g = reshape(g, apart);
  winner = reshape(winner, apart);
  Expr r = e.tensor(RankedTensorType::get(rest, i32), numbers);

  std::optional<Expr> dx;
  size_t combinations = 1;
  for (int64_t reach : reaches)
    combinations *= reach;
  for (size_t combination = 0; combination < combinations; ++combination) {
    Expr part = g, at = winner;
    int64_t number = 0;
    size_t left = combination;
    for (size_t i = dims.size(); i-- > 0; left /= reaches[i]) {
      int64_t m = left % reaches[i], start = grids[i].first - m + grids[i].low;
      part = slice(part, grids[i].dim, start, start + grids[i].count);
      at = slice(at, grids[i].dim, start, start + grids[i].count);
      number += m * strides[i] * weights[i];
    }
    Expr term = select(equal(at, r + static_cast<double>(number)), part, 0.0);
    dx = dx ? *dx + term : term;
  }
  Expr result = reshape(*dx, joined);
  for (auto [i, dim] : llvm::enumerate(dims)) {
    int64_t start = -getOffsets()[i] - grids[i].first * strides[i];
    result = slice(result, dim, start, start + x.shape()[dim]);
  }
  grads[0] = result;
}

} // namespace cornu::ir
