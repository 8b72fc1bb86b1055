// Einsum: its equation, its shape, its gradient.
#include "ir/Expr.h"

namespace cornu::ir {
using namespace mlir;

std::optional<EinsumTerms> parseEquation(StringRef text, bool windows) {
  auto [operands, y] = text.split("->");
  auto [a, b] = operands.split(',');
  if (operands.size() == text.size() || a.size() == operands.size())
    return std::nullopt;
  for (StringRef term : {a, b, y})
    for (size_t i = 0; i < term.size(); ++i)
      if (!(llvm::isAlpha(term[i]) || (windows && isWindow(term[i]))) || term.find(term[i], i + 1) != StringRef::npos)
        return std::nullopt;
  return EinsumTerms{a, b, y};
}

FailureOr<SmallVector<int64_t>> contractedShape(std::optional<Location> loc, StringRef text, EinsumTerms terms, RankedTensorType aType,
                                                RankedTensorType bType) {
  auto [a, b, y] = terms;
  if (static_cast<int64_t>(a.size()) != aType.getRank() || static_cast<int64_t>(b.size()) != bType.getRank())
    return emitOptionalError(loc, "an equation needs one letter for each dimension. Received: \"", text, "\" with shapes ",
                             shapeText(aType.getShape()), " and ", shapeText(bType.getShape()));
  for (auto [term, other] : {std::pair(a, b), std::pair(b, a)})
    for (char letter : term)
      if (!other.contains(letter) && !y.contains(letter))
        return emitOptionalError(loc, "each letter of an operand must occur in the other operand or in the result. Received: \"", text,
                                 "\", letter ", StringRef(&letter, 1));
  for (auto [i, letter] : llvm::enumerate(a)) {
    size_t j = b.find(letter);
    if (!isWindow(letter) && j != StringRef::npos && aType.getDimSize(i) != bType.getDimSize(j))
      return emitOptionalError(loc, "a letter must have one extent. Received: \"", text, "\" with shapes ", shapeText(aType.getShape()), " and ",
                               shapeText(bType.getShape()), ", letter ", StringRef(&letter, 1));
  }
  SmallVector<int64_t> shape;
  for (char letter : y) {
    if (isWindow(letter))
      shape.push_back(0);
    else if (size_t i = a.find(letter); i != StringRef::npos)
      shape.push_back(aType.getDimSize(i));
    else if (size_t j = b.find(letter); j != StringRef::npos)
      shape.push_back(bType.getDimSize(j));
    else
      return emitOptionalError(loc, "each letter of the result must occur in an operand. Received: \"", text, "\", letter ", StringRef(&letter, 1));
  }
  return shape;
}

EinsumTerms EinsumOp::getTerms() { return *parseEquation(getEquation(), /*windows=*/false); }

LogicalResult EinsumOp::inferReturnTypes(MLIRContext *, std::optional<Location> loc, Adaptor adaptor, SmallVectorImpl<Type> &types) {
  StringRef text = adaptor.getEquation();
  std::optional<EinsumTerms> equation = parseEquation(text, /*windows=*/false);
  if (!equation)
    return emitOptionalError(loc, "an einsum equation reads \"terms,terms->terms\", one letter a dimension, no letter twice in a term. Received: \"",
                             text, "\"");
  RankedTensorType a = tensorType(adaptor.getA());
  auto shape = contractedShape(loc, text, *equation, a, tensorType(adaptor.getB()));
  if (failed(shape))
    return failure();
  types.push_back(RankedTensorType::get(*shape, a.getElementType()));
  return success();
}

// A transposed operand is the same one with its letters in another order.
OpFoldResult EinsumOp::fold(FoldAdaptor) {
  std::string terms[] = {getTerms().a.str(), getTerms().b.str()};
  bool changed = false;
  for (OpOperand *operand : {&getAMutable(), &getBMutable()})
    if (auto transpose = operand->get().getDefiningOp<TransposeOp>()) {
      std::string &term = terms[operand->getOperandNumber()], moved = term;
      for (auto [i, from] : llvm::enumerate(transpose.getPerm()))
        moved[from] = term[i];
      term = moved;
      operand->set(transpose.getX());
      changed = true;
    }
  if (!changed)
    return {};
  setEquation(terms[0] + "," + terms[1] + "->" + getTerms().y.str());
  return getResult();
}

// y_Y = sum a_A b_B. Then da_A = sum g_Y b_B and db_B = sum a_A g_Y: two einsums. Every letter of A occurs in Y or B, so nothing is left to broadcast.
void EinsumOp::buildVjp(OpBuilder &builder, ValueRange cotangents, MutableArrayRef<Value> grads) {
  ExprBuilder e(builder, getLoc());
  Expr g = e(cotangents[0]), a = e(getA()), b = e(getB());
  EinsumTerms t = getTerms();
  grads[0] = einsum((t.y + "," + t.b + "->" + t.a).str(), g, b);
  grads[1] = einsum((t.a + "," + t.y + "->" + t.b).str(), a, g);
}

} // namespace cornu::ir
