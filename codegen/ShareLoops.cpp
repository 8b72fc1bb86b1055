// Loops that threads share by rows of the batch.
#include "codegen/KernelCost.h"
#include "codegen/Parts.h"
#include "ir/CornuOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/Transforms/RegionUtils.h"

#include <numeric>

using namespace mlir;

namespace cornu::codegen {
namespace {

constexpr int64_t mostRowsTogether = 64;        // beyond, a usual batch makes no two shares
constexpr int64_t largestKernel = 20'000'000;   // of which, a matrix that takes longer to read than this (ps) is better cut itself, a part near each thread

class Sharer {
public:
  Sharer(scf::ForOp loop, int64_t smallestPart) : loop(loop), smallestPart(smallestPart), b(loop), loc(loop.getLoc()) {}

  void run() {
    if (!measure())
      return;
    auto entryPoint = loop->getParentOfType<func::FuncOp>();
    Value batch = entryPoint.getArgument(3);
    SmallVector<Value> inputs = liveIns(batch);
    func::FuncOp task = writeTask(entryPoint, batch, inputs);
    // A smaller batch makes no two shares; its kernels may.
    Value enough = LLVM::ICmpOp::create(b, loc, LLVM::ICmpPredicate::uge, batch, LLVM::ConstantOp::create(b, loc, b.getI64Type(), 2 * rows));
    auto either = scf::IfOp::create(b, loc, enough, /*withElseRegion=*/true);
    loop->moveBefore(either.elseBlock()->getTerminator());
    b.setInsertionPointToStart(either.thenBlock());
    ir::LaunchOp::create(b, loc, task.getName(), batch, Value(), inputs, ValueRange(), DenseI64ArrayAttr());
  }

private:
  scf::ForOp loop;
  int64_t smallestPart, rows = 1, fixed = 0, perRow = 0;
  OpBuilder b;
  Location loc;

  /// The rows that stay together, and what the loop takes. False if it cannot be shared, or hardly gains by it.
  bool measure() {
    if (!loop.use_empty())
      return false;
    SymbolTable symbols(loop->getParentOfType<ModuleOp>());
    bool apart = !loop->walk([&](ir::LaunchOp launch) {
                    auto kernel = symbols.lookup<func::FuncOp>(launch.getKernel())->getAttrOfType<DenseI64ArrayAttr>(rowsAttr);
                    if (!launch.getRows() || !kernel || kernel[0] == 0 || kernel[1] > largestKernel)
                      return WalkResult::interrupt();
                    rows = std::lcm(rows, kernel[0]);
                    int64_t times = repetitions(launch);
                    fixed += times * kernel[1], perRow += times * kernel[2];
                    return rows > mostRowsTogether ? WalkResult::interrupt() : WalkResult::advance();
                  }).wasInterrupted();
    return apart && perRow > 0;
  }

  static bool isConstant(Value value) { return value.getDefiningOp() && value.getDefiningOp()->hasTrait<OpTrait::ConstantLike>(); }

  /// Pointers and numbers that the loop reads, but for the batch.
  SmallVector<Value> liveIns(Value batch) {
    llvm::SetVector<Value> values(loop->operand_begin(), loop->operand_end());
    getUsedValuesDefinedAbove(loop.getRegion(), values);
    values.remove_if([&](Value value) { return value == batch || isConstant(value); });
    return values.takeVector();
  }

  /// The function of the loop for some of the rows.
  func::FuncOp writeTask(func::FuncOp entryPoint, Value batch, ArrayRef<Value> inputs) {
    SymbolTable symbols(entryPoint->getParentOfType<ModuleOp>());
    SmallVector<Type> types = llvm::map_to_vector(inputs, [](Value value) { return value.getType(); });
    types.append(3, b.getIndexType()); // the batch, the part, the number of parts
    auto task = func::FuncOp::create(loc, (entryPoint.getName() + ".loop").str(), b.getFunctionType(types, {}));
    task.setPrivate();
    task->setAttr("cornu.kernel", b.getUnitAttr());
    task->setAttr(workAttr, b.getDenseI64ArrayAttr({fixed, perRow, smallestPart, rows}));
    symbols.insert(task);

    OpBuilder::InsertionGuard guard(b);
    Block *entry = task.addEntryBlock();
    b.setInsertionPointToEnd(entry);
    ArrayRef<BlockArgument> numbers = entry->getArguments().take_back(3);
    auto [first, end] = share(numbers[0], numbers[1], numbers[2]);
    auto integer = [&](Value index) { return arith::IndexCastOp::create(b, loc, b.getI64Type(), index).getResult(); };
    Value count = integer(arith::SubIOp::create(b, loc, end, first));
    IRMapping map;
    map.map(batch, count);
    map.map(inputs, entry->getArguments().drop_back(3));
    llvm::SetVector<Value> constants(loop->operand_begin(), loop->operand_end());
    getUsedValuesDefinedAbove(loop.getRegion(), constants);
    for (Value value : constants)
      if (isConstant(value))
        b.clone(*value.getDefiningOp(), map);
    auto copy = cast<scf::ForOp>(b.clone(*loop, map));
    func::ReturnOp::create(b, loc);

    b.setInsertionPoint(copy);
    Value before = integer(first);
    llvm::SmallDenseMap<int64_t, Value> skipped;
    copy->walk([&](ir::LaunchOp launch) {
      b.setInsertionPoint(launch);
      for (auto [operand, bytes] : llvm::zip_equal(llvm::concat<OpOperand>(launch.getInputsMutable(), launch.getOutputsMutable()), *launch.getRows())) {
        if (bytes == 0)
          continue;
        Value &skip = skipped[bytes];
        if (!skip) {
          OpBuilder::InsertionGuard guard(b);
          b.setInsertionPoint(copy);
          skip = LLVM::MulOp::create(b, loc, before, LLVM::ConstantOp::create(b, loc, b.getI64Type(), bytes));
        }
        operand.set(LLVM::GEPOp::create(b, loc, operand.get().getType(), b.getI8Type(), operand.get(), ArrayRef<LLVM::GEPArg>{skip}));
      }
    });
    return task;
  }

  /// The rows of a part. Each starts at a multiple of `rows`; what is left of the batch belongs to the last.
  std::pair<Value, Value> share(Value batch, Value part, Value parts) {
    auto constant = [&](int64_t value) { return arith::ConstantIndexOp::create(b, loc, value).getResult(); };
    Value together = constant(rows), one = constant(1), units = arith::DivUIOp::create(b, loc, batch, together);
    auto start = [&](Value number) {
      // Rounded up: the last share also has the rest.
      Value sum = arith::AddIOp::create(b, loc, arith::MulIOp::create(b, loc, units, number), arith::SubIOp::create(b, loc, parts, one));
      return arith::MulIOp::create(b, loc, arith::DivUIOp::create(b, loc, sum, parts), together).getResult();
    };
    Value next = arith::AddIOp::create(b, loc, part, one);
    Value isLast = arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, next, parts);
    return {start(part), arith::SelectOp::create(b, loc, isLast, batch, start(next))};
  }
};

} // namespace

void shareLoops(ModuleOp module, int64_t smallestPart) {
  SmallVector<scf::ForOp> loops;
  for (auto function : module.getOps<func::FuncOp>())
    if (!function->hasAttr("cornu.kernel"))
      llvm::append_range(loops, function.getOps<scf::ForOp>());
  for (scf::ForOp loop : loops)
    Sharer(loop, smallestPart).run();
}

} // namespace cornu::codegen
