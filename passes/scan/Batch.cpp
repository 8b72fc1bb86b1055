#include "passes/scan/Batch.h"

#include "ir/Expr.h"

namespace cornu::passes {
using namespace mlir;
using namespace cornu::ir;

char timeLetter(EinsumOp einsum) {
  for (char letter : StringRef("tabcdefghijklmnopqrsuvwxyz"))
    if (!einsum.getEquation().contains(letter))
      return letter;
  llvm_unreachable("tensors have fewer dimensions than the alphabet letters");
}

bool canBatch(ScanOp scan, Operation *op, llvm::function_ref<bool(Value)> isStacked) {
  if (!isa<EinsumOp>(op) && !op->hasTrait<Elementwise>())
    return false;
  int64_t axis = scan.getAxis(), rank = tensorType(op->getResult(0)).getRank();
  if (rank < axis)
    return false;
  // Element-wise, dimensions align from the last one: time must fall on time.
  return isa<EinsumOp>(op) ||
         llvm::all_of(op->getOperands(), [&](Value operand) { return !isStacked(operand) || tensorType(operand).getRank() == rank; });
}

static std::string withLetter(StringRef term, char letter, int64_t at) { return (term.take_front(at) + StringRef(&letter, 1) + term.drop_front(at)).str(); }

Value batch(OpBuilder &builder, ScanOp scan, Operation *op, ArrayRef<OverTime> operands) {
  int64_t axis = scan.getAxis();
  ExprBuilder e(builder, op->getLoc());
  if (auto product = dyn_cast<EinsumOp>(op)) {
    char time = timeLetter(product);
    auto [a, b, y] = product.getTerms();
    auto term = [&](StringRef letters, bool stacked) { return stacked ? withLetter(letters, time, axis) : letters.str(); };
    std::string equation = term(a, operands[0].stacked) + "," + term(b, operands[1].stacked) + "->" + term(y, true);
    return einsum(equation, e(operands[0].value), e(operands[1].value));
  }
  auto result = tensorType(op->getResult(0));
  IRMapping map;
  for (auto [operand, over] : llvm::zip_equal(op->getOperands(), operands)) {
    Value value = over.value;
    SmallVector<int64_t> shape(tensorType(value).getShape());
    int64_t position = axis - (result.getRank() - static_cast<int64_t>(shape.size())); // of time among its dimensions
    if (!over.stacked && position > 0) {
      shape.insert(shape.begin() + position, 1);
      value = reshape(e(value), shape);
    }
    map.map(operand, value);
  }
  Operation *whole = builder.clone(*op, map);
  whole->getResult(0).setType(ScanOp::stackedType(result, axis, scan.getLength()));
  return whole->getResult(0);
}

} // namespace cornu::passes
