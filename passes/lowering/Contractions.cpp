#include "mlir/Dialect/Arith/IR/Arith.h"
#include "passes/lowering/Copy.h"
#include "passes/lowering/Lowering.h"

using namespace mlir;

namespace cornu::passes {

bool Lowering::lowerContraction(Operation *op) {
  auto einsum = dyn_cast<ir::EinsumOp>(op);
  if (!einsum)
    return false;
  Location loc = op->getLoc();
  auto terms = einsum.getTerms();
  SmallVector<std::string> letters{terms.a.str(), terms.b.str(), terms.y.str()};
  SmallVector<Value> operands{lowered(einsum.getA()), lowered(einsum.getB())};

  llvm::SmallDenseMap<char, int64_t> extents;
  for (unsigned i : {0u, 1u})
    for (auto [letter, extent] : llvm::zip_equal(letters[i], cast<RankedTensorType>(operands[i].getType()).getShape()))
      extents[letter] = extent;

  // The innermost dimension of the result is the one to vectorise: make it innermost in the operand that has it alone.
  auto isUnit = [&](char letter) { return extents[letter] == 1; };
  std::string result = letters[2];
  auto innermost = std::find_if_not(result.rbegin(), result.rend(), isUnit);
  if (innermost != result.rend()) {
    char n = *innermost;
    for (unsigned i : {0u, 1u}) {
      bool here = letters[i].find(n) != std::string::npos, there = letters[1 - i].find(n) != std::string::npos;
      auto last = std::find_if_not(letters[i].rbegin(), letters[i].rend(), isUnit);
      // Only static dimensions: a transpose must leave the batch in front.
      if (!here || there || *last == n || ShapedType::isDynamic(extents[n]))
        continue;
      SmallVector<int64_t> perm;
      std::string moved;
      for (auto [d, letter] : llvm::enumerate(letters[i]))
        if (letter != n) {
          perm.push_back(d);
          moved += letter;
        }
      perm.push_back(letters[i].find(n));
      operands[i] = transposed(loc, operands[i], perm);
      letters[i] = moved + n;
    }
  }

  // Loops: the letters of the result, then the summed ones in the order of the operand read by rows.
  llvm::SmallDenseMap<char, unsigned> loopOf;
  SmallVector<utils::IteratorType> iterators;
  for (char letter : result)
    if (!isUnit(letter)) {
      loopOf[letter] = iterators.size();
      iterators.push_back(utils::IteratorType::parallel);
    }
  unsigned parallel = iterators.size();
  for (unsigned i : {0u, 1u})
    for (char letter : letters[i])
      if (!isUnit(letter) && !loopOf.count(letter)) {
        loopOf[letter] = iterators.size();
        iterators.push_back(utils::IteratorType::reduction);
      }
  auto mapOf = [&](StringRef term) {
    SmallVector<AffineExpr> exprs;
    for (char letter : term)
      exprs.push_back(isUnit(letter) ? b.getAffineConstantExpr(0) : b.getAffineDimExpr(loopOf[letter]));
    return AffineMap::get(iterators.size(), 0, exprs, b.getContext());
  };
  auto type = cast<RankedTensorType>(einsum.getType());
  bool sums = iterators.size() > parallel;
  Value init = sums ? filled(loc, type, b.getZeroAttr(type.getElementType())) : createEmpty(b, loc, type);
  bool isFloat = isa<FloatType>(type.getElementType());
  auto generic = linalg::GenericOp::create(
      b, loc, type, operands, init, {mapOf(letters[0]), mapOf(letters[1]), mapOf(result)}, iterators,
      [&](OpBuilder &nested, Location at, ValueRange args) {
        Value value = isFloat ? arith::MulFOp::create(nested, at, args[0], args[1]).getResult()
                              : arith::MulIOp::create(nested, at, args[0], args[1]).getResult();
        if (sums)
          value = isFloat ? arith::AddFOp::create(nested, at, args[2], value).getResult()
                          : arith::AddIOp::create(nested, at, args[2], value).getResult();
        linalg::YieldOp::create(nested, at, value);
      });
  generic->setAttr("cornu.op", b.getStringAttr("matmul"));
  values.map(einsum.getY(), generic.getResult(0));
  return true;
}

} // namespace cornu::passes
