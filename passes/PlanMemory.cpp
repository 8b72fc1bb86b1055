#include "ir/CornuOps.h"
#include "ir/Shape.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "passes/KernelAnalysis.h"
#include "passes/Passes.h"
#include "passes/lowering/Copy.h"
#include "passes/memory/Launches.h"

namespace cornu::passes {
#define GEN_PASS_DEF_PLANMEMORYPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

class Planner {
public:
  Planner(func::FuncOp function, const llvm::StringMap<unsigned> &variables) : plan(function, variables) {}

  LogicalResult run(Outliner &outliner) {
    if (failed(checkBatches()) || failed(order(plan.function.getBody().front())))
      return failure();
    Block &body = plan.function.getBody().front();
    plan.blocks = findRowBlocks(*plan.schedules[&body], plan.places);
    number(body);
    placeArena();
    emitLaunches(plan, outliner);
    return success();
  }

private:
  MemoryPlan plan;
  DenseMap<Operation *, std::pair<unsigned, unsigned>> times; // of kernels and loops: first and last moment

  /// Offsets in memory are static, and strides but for one: see Stride.
  LogicalResult checkBatches() {
    WalkResult walked = plan.function.walk([](ir::KernelOp kernel) {
      for (Type type : kernel.getResultTypes()) {
        ArrayRef<int64_t> shape = cast<RankedTensorType>(type).getShape();
        if (failed(rowMajorStrides(shape))) {
          kernel.emitError() << ir::notSupported << "the batch must be in front of what is computed, as one dimension or two. Received: " << ir::shapeText(shape) << " in '"
                             << kernel.getName() << "'";
          return WalkResult::interrupt();
        }
      }
      return WalkResult::advance();
    });
    return failure(walked.wasInterrupted());
  }

  //===-- Order ----------------------------------------------------------------===//

  LogicalResult order(Block &block) {
    auto &schedule = plan.schedules[&block] = std::make_unique<Schedule>(block);
    if (auto scan = dyn_cast<ir::ScanOp>(block.getParentOp()))
      bindCarried(scan, *schedule);
    else if (failed(bindAssignments(block, *schedule)))
      return failure();
    schedule->order();
    for (auto scan : block.getOps<ir::ScanOp>())
      if (failed(order(*scan.getStep())))
        return failure();
    return success();
  }

  /// Assigned values are written straight into their variables where they may be, through a copy elsewhere.
  LogicalResult bindAssignments(Block &block, Schedule &schedule) {
    for (auto assign : llvm::make_early_inc_range(block.getOps<ir::AssignOp>())) {
      StringRef variable = assign.getVariable();
      auto result = dyn_cast<OpResult>(assign.getValue());
      if (!result || !isa<ir::KernelOp>(result.getOwner()))
        return assign.emitOpError("needs the result of a kernel at this stage");
      SmallVector<Value> old;
      for (auto read : block.getOps<ir::ReadOp>())
        if (read.getVariable() == variable)
          old.push_back(read.getY());
      if (plan.places.isReturned(result) || plan.places.isInVariable(result) || !writeInPlace(schedule, result, old)) {
        ir::KernelOp copy = copyKernel(assign, result);
        schedule.add(copy);
        schedule.runAfter(copy, schedule.readersOf(old));
        result = cast<OpResult>(copy.getResult(0));
      }
      plan.places.bindToVariable(result, variable);
    }
    return success();
  }

  void bindCarried(ir::ScanOp scan, Schedule &schedule) {
    for (auto [i, argument, next] : llvm::enumerate(scan.getCarried(), scan.getNext()))
      if (writeInPlace(schedule, cast<OpResult>(next), Value(argument)))
        plan.places.updateInPlace(scan, i);
  }

  /// A kernel of its own that writes `value` again.
  static ir::KernelOp copyKernel(ir::AssignOp assign, Value value) {
    OpBuilder b(assign);
    Location loc = assign.getLoc();
    auto kernel = ir::KernelOp::create(b, loc, value.getType(), ("copy_" + assign.getVariable()).str(), value);
    Block &body = kernel.getBody().emplaceBlock();
    Value x = body.addArgument(value.getType(), loc);
    b.setInsertionPointToEnd(&body);
    ir::YieldOp::create(b, loc, createCopy(b, loc, x));
    assign.getValueMutable().assign(kernel.getResult(0));
    return kernel;
  }

  //===-- Memory ---------------------------------------------------------------===//

  void number(Block &block) {
    for (Operation *step : plan.schedules[&block]->steps()) {
      unsigned first = times.size();
      times[step] = {first, first};
      if (auto scan = dyn_cast<ir::ScanOp>(step)) {
        number(*scan.getStep());
        times[step].second = times.size() - 1;
      }
    }
  }

  /// Buffers live from their first to their last use. A use within loops that began after the buffer was made lasts as long as the outermost of them.
  void placeArena() {
    SmallVector<std::pair<ir::KernelOp, Place>> uses;
    plan.function.walk([&](ir::KernelOp kernel) {
      for (Value value : llvm::concat<Value>(llvm::to_vector(kernel.getInputs()), llvm::to_vector(kernel.getResults())))
        uses.emplace_back(kernel, plan.places[value]);
    });
    plan.buffers.resize(plan.places.arena().size());
    for (auto [buffer, described] : llvm::zip_equal(plan.buffers, plan.places.arena())) {
      buffer.bytes = described.type.getElementTypeBitWidth() / 8;
      for (int64_t extent : described.type.getShape()) {
        if (ShapedType::isDynamic(extent))
          ++buffer.power;
        else
          buffer.bytes *= extent;
      }
      buffer.first = times.size();
    }
    std::function<void(Operation *, const Place &)> touch = [&](Operation *kernel, const Place &place) {
      if (place.kind == Place::Alternating) {
        touch(kernel, plan.places.pair(place.index).first);
        touch(kernel, plan.places.pair(place.index).second);
      }
      if (place.kind != Place::Arena)
        return;
      auto [first, last] = times.lookup(plan.places.arena()[place.index].block->findAncestorOpInBlock(*kernel));
      ArenaBuffer &buffer = plan.buffers[place.index];
      buffer.first = std::min(buffer.first, first);
      buffer.last = std::max(buffer.last, last);
    };
    for (auto &[kernel, place] : uses)
      touch(kernel, place);
    ArrayRef<Operation *> steps = plan.schedules[&plan.function.getBody().front()]->steps();
    for (const RowBlock &block : plan.blocks)
      stayIn(block, times.lookup(steps[block.first]).first, times.lookup(steps[block.last]).second);
    plan.layout = planArena(plan.buffers);
  }

  /// A buffer that a block of rows uses lives as long as the block, for each of its kernels runs before and after each. One that nothing else uses has its rows alone, and is
  /// made anew for the next ones.
  void stayIn(const RowBlock &block, unsigned first, unsigned last) {
    for (auto [i, buffer] : llvm::enumerate(plan.buffers)) {
      if (buffer.first > last || buffer.last < first)
        continue;
      if (buffer.first >= first && buffer.last <= last && buffer.power == 1) {
        plan.ofBlocks.insert(i);
        buffer.bytes *= block.rows;
        buffer.power = 0;
      } else {
        buffer.first = std::min(buffer.first, first);
        buffer.last = std::max(buffer.last, last);
      }
    }
  }
};

struct PlanMemory : impl::PlanMemoryPassBase<PlanMemory> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    llvm::StringMap<unsigned> variables;
    for (auto [i, variable] : llvm::enumerate(module.getOps<ir::VariableOp>()))
      variables[variable.getSymName()] = i;
    Outliner outliner(module);
    for (auto function : llvm::to_vector(module.getOps<func::FuncOp>()))
      if (!function.isDeclaration() && failed(Planner(function, variables).run(outliner)))
        return signalPassFailure();
  }
};
} // namespace
} // namespace cornu::passes
