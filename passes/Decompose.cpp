#include <numeric>

#include "ir/Expr.h"
#include "passes/Passes.h"

namespace cornu::passes {
#define GEN_PASS_DEF_DECOMPOSEPASS
#include "passes/Passes.h.inc"

using namespace mlir;
using ir::Expr;
using ir::ExprBuilder;

namespace {

/// A convolution whose x has zeros between its elements, as one without them for each phase r of the result: of the positions q = b·q' + r,
/// b·p = s·q + d·k + o leaves those k = k_r + (b/g)·k' for which d·k = -(s·r + o) modulo b, with g = gcd(b, d), so that
///   p = s·q' + (d/g)·k' + (s·r + d·k_r + o)/b.
/// The phases lie side by side, one dimension each (their letters), which joins the window's when all are there.
Value splitIntoPhases(ir::ConvolutionOp op, ExprBuilder &e) {
  auto terms = op.getTerms();
  std::string y = terms.y.str(), w = terms.b.str();
  SmallVector<ir::Window> windows = op.getWindows();
  Expr kernel = e(op.getW());
  SmallVector<int64_t> kernelShape(kernel.shape()), shape(op.getType().getShape());
  SmallVector<size_t> split;                       // windows with zeros
  for (auto [i, window] : llvm::enumerate(windows))
    if (window.base > 1) {
      char digit = '0' + i, letter = 'a';
      while (llvm::is_contained(terms.a, letter) || llvm::is_contained(w, letter) || llvm::is_contained(y, letter))
        ++letter;
      w += letter;
      size_t at = y.find(digit);
      shape[at] = llvm::divideCeil(shape[at], window.base);
      y.insert(at + 1, 1, letter);
      shape.insert(shape.begin() + at + 1, 1);
      split.push_back(i);
    }
  kernel = reshape(kernel, [&] {
    kernelShape.append(split.size(), 1);
    return ArrayRef(kernelShape);
  }());
  std::string equation = terms.a.str() + "," + w + "->" + y;

  // One window after the other; `n` of them are settled.
  std::function<Expr(size_t, Expr, SmallVector<ir::Window>)> phases = [&](size_t n, Expr taps, SmallVector<ir::Window> settled) -> Expr {
    if (n == split.size())
      return convolution(equation, e(op.getX()), taps, settled, shape);
    auto [s, d, o, b] = windows[split[n]];
    char digit = '0' + split[n];
    int64_t kernelDim = w.find(digit), at = y.find(digit), step = b / std::gcd(b, std::abs(d));
    SmallVector<Expr> side;
    for (int64_t r = 0; r < b; ++r) {
      int64_t first = 0, extent = taps.shape()[kernelDim];
      while (first < step && (s * r + d * first + o) % b)
        ++first;
      if (first < std::min(step, extent)) {
        settled[split[n]] = {s, d * step / b, (s * r + d * first + o) / b, 1};
        side.push_back(phases(n + 1, slice(taps, kernelDim, first, extent, step), settled));
      } else {
        // No element of the kernel meets one of x.
        SmallVector<int64_t> none(shape);
        for (size_t later : ArrayRef(split).drop_front(n + 1))
          none[y.find('0' + later) + 1] = windows[later].base;
        side.push_back(broadcastTo(e.constant(0, op.getType().getElementType()), none));
      }
    }
    return concatenate(side, at + 1);
  };
  Expr result = phases(0, kernel, windows);
  SmallVector<int64_t> joined;
  for (auto [i, name] : llvm::enumerate(y)) {
    bool phase = i && ir::isWindow(y[i - 1]) && windows[y[i - 1] - '0'].base > 1;
    phase ? void(joined.back() *= result.shape()[i]) : joined.push_back(result.shape()[i]);
  }
  result = reshape(result, joined);
  for (auto [dim, extent] : llvm::enumerate(op.getType().getShape()))
    if (!ShapedType::isDynamic(extent))
      result = slice(result, dim, 0, extent);
  return result;
}

struct Decompose : impl::DecomposePassBase<Decompose> {
  void runOnOperation() override {
    getOperation().walk([](Operation *op) {
      OpBuilder builder(op);
      ExprBuilder e(builder, op->getLoc());
      Value result;
      if (auto softmax = dyn_cast<ir::SoftmaxOp>(op)) {
        Expr x = e(softmax.getX());
        Expr exps = exp(x - reduceMax(x, softmax.getDims(), true));
        result = exps * (1.0 / reduceSum(exps, softmax.getDims(), true)); // divided once a row; the sum is 1 or more
      } else if (auto logSoftmax = dyn_cast<ir::LogSoftmaxOp>(op)) {
        Expr x = e(logSoftmax.getX());
        Expr centred = x - reduceMax(x, logSoftmax.getDims(), true);
        result = centred - log(reduceSum(exp(centred), logSoftmax.getDims(), true));
      } else if (auto argmax = dyn_cast<ir::ArgmaxOp>(op)) {
        // The least index at which the maximum is reached.
        Expr x = e(argmax.getX());
        int64_t dim = argmax.getDim();
        Type i32 = builder.getI32Type();
        auto indexType = RankedTensorType::get(x.shape(), i32);
        Expr index = e(ir::IotaOp::create(builder, op->getLoc(), indexType, dim));
        Expr beyond = e.constant(x.type().isDynamicDim(dim) ? std::numeric_limits<int32_t>::max() : static_cast<double>(x.type().getDimSize(dim) - 1), i32);
        result = reduceMin(select(equal(x, reduceMax(x, {dim}, true)), index, beyond), {dim});
      } else if (auto pool = dyn_cast<ir::MaxPoolOp>(op)) {
        SmallVector<Expr> taps = windowTaps(pool, e(pool.getX()));
        Expr y = taps.front();
        for (Expr tap : ArrayRef(taps).drop_front())
          y = maximum(y, tap);
        result = y;
      } else if (auto convolution = dyn_cast<ir::ConvolutionOp>(op);
                 convolution && llvm::any_of(convolution.getBases(), [](int64_t base) { return base > 1; })) {
        result = splitIntoPhases(convolution, e);
      }
      if (!result)
        return;
      op->getResult(0).replaceAllUsesWith(result);
      op->erase();
    });
  }
};
} // namespace
} // namespace cornu::passes
