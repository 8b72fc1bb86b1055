// Winograd's F(2x2, 3x3): four results of a 3x3 convolution from a tile of 4x4 by 16 multiplications instead of 36 (Lavin and Gray, "Fast Algorithms for
// Convolutional Neural Networks", CVPR 2016). The kernel is transformed here, once for all tiles; the rest is the emitter's. Its coefficients are 1 and 1/2: errors are
// those of the direct sum.
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "passes/KernelAnalysis.h"
#include "passes/lowering/Copy.h"
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
  // Whole vectors on every target, and tiles enough for the transformed kernel.
  constexpr int64_t lanes = 16, fewestTiles = 16;
  if (channels % lanes || filters % lanes || extents[0] < 4 || extents[1] < 4 || extents[0] * extents[1] / 4 < fewestTiles)
    return Winograd::No;
  // Of each tile, per channel and filter 36 multiply-adds or 16; per channel and per filter the transforms' loads, additions and stores.
  constexpr int64_t transform = 64;
  if ((36 - 16) * channels * filters <= transform * (channels + filters))
    return Winograd::No;
  return gradient ? Winograd::Gradient : Winograd::Convolution;
}

namespace {

/// G g for one column or row g of the kernel: (g0, (g0 + g1 + g2) / 2, (g0 - g1 + g2) / 2, g2).
std::array<Value, 4> transformed(OpBuilder &b, Location loc, ArrayRef<Value> g) {
  auto add = [&](Value x, Value y) { return arith::AddFOp::create(b, loc, x, y).getResult(); };
  Value half = arith::ConstantOp::create(b, loc, b.getFloatAttr(g[0].getType(), 0.5));
  auto halved = [&](Value x) { return arith::MulFOp::create(b, loc, x, half).getResult(); };
  Value ends = add(g[0], g[2]);
  return {g[0], halved(add(ends, g[1])), halved(arith::SubFOp::create(b, loc, ends, g[1])), g[2]};
}

} // namespace

Value Lowering::withTransformedKernel(linalg::GenericOp direct) {
  Location loc = direct.getLoc();
  SmallVector<AffineMap> maps = direct.getIndexingMapsArray();
  Value x = direct.getDpsInputs()[0], w = direct.getDpsInputs()[1];
  auto type = cast<RankedTensorType>(w.getType());
  auto position = [](AffineExpr expr) { return cast<AffineDimExpr>(expr).getPosition(); };
  unsigned filter = position(maps[2].getResults().back()), channel = position(maps[0].getResults().back());
  int64_t channels = cast<RankedTensorType>(x.getType()).getShape().back(), filters = cast<RankedTensorType>(direct.getResult(0).getType()).getShape().back();
  // How the windows move along x; one that looks backwards reads the kernel's taps from the last to the first.
  Access down = *accessOf(maps[0].getSubMap(1u), Stride(1)), across = *accessOf(maps[0].getSubMap(2u), Stride(1));
  // U[columns / width][product][channel][width]: what a tile of products reads lies together.
  int64_t width = std::gcd(filters, int64_t(64));
  bool several = filters > width;
  AffineExpr zero = b.getAffineConstantExpr(0), outer = several ? b.getAffineDimExpr(0) : zero, along = b.getAffineDimExpr(several), inner = b.getAffineDimExpr(several + 1);
  unsigned loops = several + 2;
  SmallVector<int64_t> shape{filters / width, 1, channels, width};
  SmallVector<AffineMap> transformMaps;
  for (int64_t i = 0; i < 3; ++i)
    for (int64_t j = 0; j < 3; ++j) {
      SmallVector<AffineExpr> exprs;
      for (AffineExpr expr : maps[1].getResults()) {
        unsigned loop = position(expr);
        auto [move, tap] = down.strides[loop] != 0 ? std::pair(down.strides[loop], i) : std::pair(across.strides[loop], j);
        exprs.push_back(loop == channel ? along : loop == filter ? outer * width + inner : b.getAffineConstantExpr(move < 0 ? 2 - tap : tap));
      }
      transformMaps.push_back(AffineMap::get(loops, 0, exprs, b.getContext()));
    }
  constexpr int64_t products = 16;
  RankedTensorType piece = type.clone(shape);
  SmallVector<Value> inits, ws(transformMaps.size(), w);
  for (int64_t i = 0; i < products; ++i) {
    inits.push_back(createEmpty(b, loc, piece));
    transformMaps.push_back(AffineMap::get(loops, 0, {outer, zero, along, inner}, b.getContext()));
  }
  SmallVector<Type> pieces(products, piece);
  auto transform = linalg::GenericOp::create(b, loc, pieces, ws, inits, transformMaps, SmallVector<utils::IteratorType>(loops, utils::IteratorType::parallel),
                                             [](OpBuilder &nested, Location at, ValueRange g) {
                                               std::array<std::array<Value, 4>, 3> columns;
                                               for (int j = 0; j < 3; ++j)
                                                 columns[j] = transformed(nested, at, {g[j], g[3 + j], g[6 + j]});
                                               SmallVector<Value> results;
                                               for (int i = 0; i < 4; ++i)
                                                 llvm::append_range(results, transformed(nested, at, {columns[0][i], columns[1][i], columns[2][i]}));
                                               linalg::YieldOp::create(nested, at, results);
                                             });
  transform->setAttr("cornu.op", b.getStringAttr("winograd"));
  shape[1] = products;
  Value u = ir::ConcatenateOp::create(b, loc, type.clone(shape), transform.getResults(), 1);
  maps.insert(maps.begin() + 2, AffineMap::get(maps[0].getNumDims(), 0, SmallVector<AffineExpr>(4, zero), b.getContext()));
  auto fast = linalg::GenericOp::create(b, loc, direct.getResultTypes(), ValueRange{x, w, u}, direct.getDpsInits(), maps,
                                        direct.getIteratorTypesArray(), [](OpBuilder &nested, Location at, ValueRange args) {
                                          Value product = arith::MulFOp::create(nested, at, args[0], args[1]);
                                          linalg::YieldOp::create(nested, at, arith::AddFOp::create(nested, at, args[3], product).getResult());
                                        });
  fast->setAttr("cornu.op", direct->getAttr("cornu.op"));
  setWinograd(fast);
  direct.erase();
  return fast.getResult(0);
}

} // namespace cornu::passes
