#include "mlir/Dialect/Arith/IR/Arith.h"
#include "passes/KernelAnalysis.h"
#include "passes/lowering/Copy.h"
#include "passes/lowering/Lowering.h"

using namespace mlir;

namespace cornu::passes {

/// The last of `letters` whose dimension of x has an extent other than 1; 0: none.
static char innermost(StringRef letters, Value x) {
  ArrayRef<int64_t> shape = cast<RankedTensorType>(x.getType()).getShape();
  for (size_t d = letters.size(); d-- > 0;)
    if (shape[d] != 1)
      return letters[d];
  return 0;
}

using Extents = llvm::SmallDenseMap<char, int64_t>;

/// True if operand `x` should stay as it is although the innermost dimension of the result is not its own innermost one: where rows of both operands lie along the
/// sum, the emitter transposes the other operand and the result, in registers. That pays where they are smaller than x.
static bool readsAlongSum(StringRef x, StringRef other, StringRef result, const Extents &extents) {
  auto longOnes = [&](StringRef names) {
    std::string kept;
    llvm::copy_if(names, std::back_inserter(kept), [&](char name) { return extents.lookup(name) != 1; });
    return kept;
  };
  auto size = [&](StringRef names) {
    int64_t product = 1;
    for (char name : names)
      product *= ShapedType::isDynamic(extents.lookup(name)) ? assumedBatch : extents.lookup(name);
    return product;
  };
  std::string ours = longOnes(x), theirs = longOnes(other);
  char sum = ours.back();
  auto isSummed = [&](char name) { return result.find(name) == StringRef::npos; };
  bool oneSum = !theirs.empty() && theirs.back() == sum && isSummed(sum) && llvm::count_if(ours, isSummed) == 1 && llvm::count_if(theirs, isSummed) == 1;
  bool hasRows = llvm::any_of(theirs, [&](char name) { return ours.find(name) == std::string::npos; });
  return oneSum && hasRows && !ShapedType::isDynamic(extents.lookup(sum)) && extents.lookup(sum) <= longestRowSum && size(theirs) + size(result) < size(ours);
}

static bool isFew(char name, int64_t extent) { return !ir::isWindow(name) && !ShapedType::isDynamic(extent) && extent <= fewColumns; }
static bool isLong(char name, int64_t extent) { return name && !ir::isWindow(name) && extent >= shortestVectorSum; }

bool Lowering::hasLanesAlongSum(ir::EinsumTerms terms, Value a, Value w, RankedTensorType type) {
  char channel = innermost(terms.a, a);
  if (!isa<FloatType>(type.getElementType()) || !channel || !terms.b.contains(channel) || terms.y.contains(channel) ||
      !isLong(channel, cast<RankedTensorType>(a.getType()).getDimSize(terms.a.find(channel))))
    return false;
  if (llvm::any_of(terms.a, [&](char name) { return !terms.b.contains(name) && !terms.y.contains(name); }))
    return false;
  char last = 0;
  bool isStatic = false, oneTap = true;
  for (auto [name, extent] : llvm::zip_equal(terms.b, cast<RankedTensorType>(w.getType()).getShape()))
    oneTap &= !ir::isWindow(name) || extent == 1;
  for (auto [name, extent] : llvm::zip_equal(terms.y, type.getShape()))
    if (extent != 1) {
      // What the kernel has of its own comes last, or there is none.
      if (last && !terms.a.contains(last))
        return false;
      last = name;
      isStatic = !ShapedType::isDynamic(extent);
      if (!terms.a.contains(name) ? !isFew(name, extent) : terms.b.contains(name) && !ir::isWindow(name))
        return false;
    }
  return isStatic && (!oneTap || !terms.a.contains(last));
}

Value Lowering::contraction(Location loc, ir::EinsumTerms terms, Value a, Value w, ArrayRef<ir::Window> windows, RankedTensorType type, ArrayRef<Edge> edges) {
  std::string letters[] = {terms.a.str(), terms.b.str()}, result = terms.y.str();
  Value operands[] = {a, w};
  // Within a kernel a window is two loops: that of the result is named by the digit, that of the kernel by this.
  auto tap = [](char name) { return ir::isWindow(name) ? static_cast<char>(name - '0' + 1) : name; };
  for (char &name : letters[1])
    name = tap(name);

  Extents extents;
  auto measure = [&](StringRef names, Type measured) {
    for (auto [name, extent] : llvm::zip_equal(names, cast<RankedTensorType>(measured).getShape()))
      extents[name] = extent;
  };
  for (unsigned i : {0u, 1u})
    measure(letters[i], operands[i].getType());
  measure(result, type);
  auto isUnit = [&](char name) { return extents[name] == 1; };

  auto last = std::find_if_not(result.rbegin(), result.rend(), isUnit);
  // Of few columns a convolution of many channels is computed with lanes along the sum, and the gradient of its kernel with the channels innermost. Along a window that jumps
  // there are no vectors, either: if the kernel has a dimension of its own, the result is computed with that one innermost.
  char channel = innermost(letters[0], a);
  bool alongSum = !windows.empty() && hasLanesAlongSum(terms, a, w, type);
  bool channelsInside = !windows.empty() && last != result.rend() && isFew(*last, extents[*last]) && !llvm::is_contained(letters[0], *last) && isLong(channel, extents[channel]) &&
                        llvm::is_contained(result, channel) && !llvm::is_contained(letters[1], channel);
  SmallVector<int64_t> back;
  bool jumps = last != result.rend() && ir::isWindow(*last) && std::abs(windows[*last - '0'].stride) != 1;
  if (!alongSum && (jumps || channelsInside)) {
    auto own = jumps ? llvm::find_if(result, [&](char name) { return !isUnit(name) && !llvm::is_contained(letters[0], name) && !ShapedType::isDynamic(extents[name]); })
                     : llvm::find(result, channel);
    if (own != result.end()) {
      int64_t from = own - result.begin(), rank = result.size();
      for (int64_t d = 0; d < rank; ++d)
        back.push_back(d == from ? rank - 1 : d - (d > from));
      SmallVector<int64_t> shape(type.getShape());
      std::rotate(shape.begin() + from, shape.begin() + from + 1, shape.end());
      std::rotate(own, own + 1, result.end());
      type = type.clone(shape);
      last = result.rbegin();
    }
  }

  auto moveInnermost = [&](unsigned i, char n) {
    SmallVector<int64_t> perm;
    std::string moved;
    for (auto [d, name] : llvm::enumerate(letters[i]))
      if (name != n) {
        perm.push_back(d);
        moved += name;
      }
    perm.push_back(letters[i].find(n));
    operands[i] = transposed(loc, operands[i], perm);
    letters[i] = moved + n;
  };
  if (alongSum) {
    if (innermost(letters[1], operands[1]) != channel)
      moveInnermost(1, channel);
  } else if (last != result.rend() && !ir::isWindow(*last)) {
    // The innermost dimension of the result is the one to vectorise: make it innermost in the operand that has it alone.
    char n = *last;
    for (unsigned i : {0u, 1u}) {
      bool here = letters[i].find(n) != std::string::npos, there = letters[1 - i].find(n) != std::string::npos;
      // Only static dimensions: a transpose must leave the batch in front.
      if (!here || there || innermost(letters[i], operands[i]) == n || ShapedType::isDynamic(extents[n]))
        continue;
      // What comes from above a loop is transposed there, once.
      bool often = operands[i].getParentBlock() != b.getInsertionBlock();
      if (windows.empty() && !often && readsAlongSum(letters[i], letters[1 - i], result, extents))
        continue;
      moveInnermost(i, n);
    }
  }

  // Loops: the names of the result, then the summed ones in the order of the operand read by rows. Windows sum over the kernel's order.
  llvm::SmallDenseMap<char, unsigned> loopOf;
  SmallVector<utils::IteratorType> iterators;
  auto addLoops = [&](StringRef names, utils::IteratorType kind) {
    for (char name : names)
      if (!isUnit(name) && !loopOf.count(name)) {
        loopOf[name] = iterators.size();
        iterators.push_back(kind);
      }
  };
  addLoops(result, utils::IteratorType::parallel);
  unsigned parallel = iterators.size();
  for (unsigned i : {windows.empty() ? 0u : 1u, windows.empty() ? 1u : 0u})
    addLoops(letters[i], utils::IteratorType::reduction);

  auto loop = [&](char name) { return isUnit(name) ? b.getAffineConstantExpr(0) : b.getAffineDimExpr(loopOf[name]); };
  auto mapOf = [&](StringRef names, bool slides) {
    SmallVector<AffineExpr> exprs;
    for (char name : names) {
      if (slides && ir::isWindow(name)) {
        const ir::Window &window = windows[name - '0'];
        exprs.push_back(loop(name) * window.stride + loop(tap(name)) * window.dilation + window.offset);
      } else {
        exprs.push_back(loop(name));
      }
    }
    return AffineMap::get(iterators.size(), 0, exprs, b.getContext());
  };
  bool sums = iterators.size() > parallel;
  Value init = sums ? filled(loc, type, b.getZeroAttr(type.getElementType())) : createEmpty(b, loc, type);
  bool isFloat = isa<FloatType>(type.getElementType());
  auto generic = linalg::GenericOp::create(
      b, loc, type, operands, init, {mapOf(letters[0], true), mapOf(letters[1], false), mapOf(result, false)}, iterators,
      [&](OpBuilder &nested, Location at, ValueRange args) {
        Value value = isFloat ? arith::MulFOp::create(nested, at, args[0], args[1]).getResult()
                              : arith::MulIOp::create(nested, at, args[0], args[1]).getResult();
        if (sums)
          value = isFloat ? arith::AddFOp::create(nested, at, args[2], value).getResult()
                          : arith::AddIOp::create(nested, at, args[2], value).getResult();
        linalg::YieldOp::create(nested, at, value);
      });
  generic->setAttr("cornu.op", b.getStringAttr(windows.empty() ? "matmul" : "convolution"));
  if (!edges.empty())
    setEdges(generic, edges);
  return back.empty() ? generic.getResult(0) : transposed(loc, generic.getResult(0), back);
}

bool Lowering::lowerContraction(Operation *op) {
  if (auto convolution = dyn_cast<ir::ConvolutionOp>(op))
    return lowerConvolution(convolution);
  auto einsum = dyn_cast<ir::EinsumOp>(op);
  if (!einsum)
    return false;
  auto type = cast<RankedTensorType>(einsum.getType());
  values.map(einsum.getY(), contraction(op->getLoc(), einsum.getTerms(), lowered(einsum.getA()), lowered(einsum.getB()), {}, type));
  return true;
}

} // namespace cornu::passes
