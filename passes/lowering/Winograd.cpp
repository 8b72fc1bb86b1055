// Winograd's F(2x2, 3x3): four results of a 3x3 convolution from a tile of 4x4 by 16 multiplications instead of 36 (Lavin and Gray, "Fast Algorithms for
// Convolutional Neural Networks", CVPR 2016). Here is decided where that pays; the rest is the emitter's. Its coefficients are 1 and 1/2: errors are those of the direct sum.
#include "passes/lowering/Lowering.h"

using namespace mlir;

namespace cornu::passes {

Lowering::Winograd Lowering::paysWinograd(ir::ConvolutionOp op) {
  ir::EinsumTerms terms = op.getTerms();
  SmallVector<ir::Window> windows = op.getWindows();
  RankedTensorType w = op.getW().getType(), y = op.getType();
  StringRef a = terms.a, b = terms.b, r = terms.y;
  auto contains = [](StringRef term, char name) { return term.find(name) != StringRef::npos; };
  auto windowsIn = [](StringRef term, size_t at) { return term.size() == 4 && ir::isWindow(term[at]) && ir::isWindow(term[at + 1]); };
  if (windows.size() != 2 || !windowsIn(a, 1) || b.size() != 4 || r.size() != 4 || !isa<FloatType>(y.getElementType()))
    return Winograd::No;
  char sample = a[0], channel = a[3], filter = r[3];
  // Channels last, no groups. The gradient sums over images; its windows are the kernel's taps, and what they slide over are the results' cotangents.
  bool gradient = contains(b, sample);
  if (gradient ? !windowsIn(b, 1) || !windowsIn(r, 0) || b[0] != sample || b[3] != filter || r[2] != channel || contains(r, sample) || contains(b, channel) || contains(a, filter)
               : a.take_front(3) != r.take_front(3) || !contains(b, channel) || !contains(b, filter) || channel == filter)
    return Winograd::No;
  int64_t extents[2];
  for (auto [extent, name] : llvm::zip_equal(extents, a.slice(1, 3))) {
    const ir::Window &window = windows[name - '0'];
    int64_t inKernel = w.getDimSize(b.find(name)), inResult = y.getDimSize(r.find(name));
    extent = gradient ? inKernel : inResult;
    if (window.base != 1 || window.stride != 1 || std::abs(window.dilation) != 1 || (gradient && window.dilation != 1) || (gradient ? inResult : inKernel) != 3)
      return Winograd::No;
  }
  int64_t channels = cast<RankedTensorType>(op.getX().getType()).getDimSize(3), filters = y.getDimSize(3);
  // Whole vectors on every target.
  constexpr int64_t lanes = 16;
  if (channels % lanes || filters % lanes)
    return Winograd::No;
  // In multiply-adds of one image: per channel and filter 9 for each result, or 16 for each tile and as much as 50 for the kernel; per channel and per filter of a tile,
  // the loads, additions and stores of its transforms.
  constexpr int64_t ofKernel = 50, ofTile = 64;
  int64_t tiles = llvm::divideCeil(extents[0], 2) * llvm::divideCeil(extents[1], 2), pairs = channels * filters;
  if (9 * extents[0] * extents[1] * pairs <= (16 * tiles + ofKernel) * pairs + ofTile * tiles * (channels + filters))
    return Winograd::No;
  return gradient ? Winograd::Gradient : Winograd::Convolution;
}

} // namespace cornu::passes
