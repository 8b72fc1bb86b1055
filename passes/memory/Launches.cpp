#include "passes/memory/Launches.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "passes/lowering/Copy.h"
#include "passes/memory/Rows.h"
#include "llvm/Support/SaveAndRestore.h"

namespace cornu::passes {
using namespace mlir;

namespace {

class Emitter {
public:
  Emitter(MemoryPlan &plan, Outliner &outliner)
      : plan(plan), outliner(outliner), b(plan.function), loc(plan.function.getLoc()), ptr(LLVM::LLVMPointerType::get(b.getContext())), i64(b.getI64Type()) {}

  void run() {
    func::FuncOp function = plan.function;
    auto entry = func::FuncOp::create(b, loc, function.getName(), b.getFunctionType({ptr, ptr, ptr, i64, ptr, ptr}, {}));
    for (StringRef attr : {"cornu.inputs", "cornu.outputs"})
      if (Attribute spec = function->getAttr(attr))
        entry->setAttr(attr, spec);
    auto add = [](SmallVector<int64_t> &numbers, const Bytes &bytes) { numbers.append({bytes.fixed, bytes.perRow, bytes.perPair}); };
    SmallVector<int64_t> size, live;
    add(size, plan.layout.size);
    entry->setAttr("cornu.workspace", b.getDenseI64ArrayAttr(size));
    for (const Bytes &time : mostLive(plan.buffers))
      add(live, time);
    entry->setAttr("cornu.live", b.getDenseI64ArrayAttr(live));
    Block *body = entry.addEntryBlock();
    b.setInsertionPointToStart(body);
    for (unsigned i : {0u, 1u, 2u})
      tables[i] = body->getArgument(i);
    batch = body->getArgument(3), workspace = body->getArgument(4);
    count = batch;
    emitFunction(plan.schedules[&function.getBody().front()]->steps());
    func::ReturnOp::create(b, loc);
    function.erase();
  }

private:
  MemoryPlan &plan;
  Outliner &outliner;
  OpBuilder b;
  Location loc;
  Type ptr, i64;
  Value tables[3], batch, workspace;
  DenseMap<std::pair<unsigned, unsigned>, Value> bases;
  Operation *outermost = nullptr;                               // loop being written
  Value turn;                                                   // of the innermost
  Value count, firstRow;                                        // of the batch, what the block of rows being written computes; no first one: all
  DenseMap<int64_t, Value> skipped;                             // rows before those, in bytes
  bool byRows = false;                                          // all that the outermost launches computes rows apart
  DenseMap<Operation *, Value> times;                           // of loops being written
  DenseMap<unsigned, std::pair<Value, Value>> pairs;            // current and next buffer

  Value constant(int64_t value) { return LLVM::ConstantOp::create(b, loc, i64, value); }

  /// The start of an input, an output, a variable, a constant or a buffer of the arena.
  Value base(const Place &p) {
    Value &known = bases[{p.kind, p.index}];
    if (known)
      return known;
    OpBuilder::InsertionGuard guard(b);
    if (outermost)
      b.setInsertionPoint(outermost);
    if (p.kind == Place::Constant) {
      known = LLVM::AddressOfOp::create(b, loc, ptr, outliner.global(plan.places.constants()[p.index]));
    } else if (p.kind == Place::Arena) {
      const Bytes &place = plan.layout.offsets[p.index];
      Value offset = constant(place.fixed);
      if (plan.buffers[p.index].power) {
        // fixed + align(batch * (perRow + batch * perPair), 64): see ArenaPlan.h
        Value each = constant(place.perRow);
        if (place.perPair)
          each = LLVM::AddOp::create(b, loc, each, LLVM::MulOp::create(b, loc, batch, constant(place.perPair)));
        Value rows = LLVM::MulOp::create(b, loc, batch, each);
        Value up = LLVM::AddOp::create(b, loc, rows, constant(arenaAlignment - 1));
        offset = LLVM::AddOp::create(b, loc, LLVM::AndOp::create(b, loc, up, constant(-arenaAlignment)), offset);
      }
      known = LLVM::GEPOp::create(b, loc, ptr, b.getI8Type(), workspace, ArrayRef<LLVM::GEPArg>{offset});
    } else {
      unsigned table = p.kind == Place::Input ? 0 : p.kind == Place::Output ? 1 : 2;
      Value slot = LLVM::GEPOp::create(b, loc, ptr, ptr, tables[table], ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(p.index)});
      known = LLVM::LoadOp::create(b, loc, ptr, slot);
    }
    return known;
  }

  Value pointer(const Place &p, Type element) {
    Value start;
    if (p.kind == Place::Alternating)
      start = p.next ? pairs[p.index].second : pairs[p.index].first;
    else
      start = base(p);
    if (p.offset)
      start = LLVM::GEPOp::create(b, loc, ptr, element, start, ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(p.offset)});
    for (auto [loop, stride] : p.steps) {
      Value elements = LLVM::MulOp::create(b, loc, times.lookup(loop), constant(stride));
      start = LLVM::GEPOp::create(b, loc, ptr, element, start, ArrayRef<LLVM::GEPArg>{elements});
    }
    return start;
  }

  static bool isCopy(ir::KernelOp kernel) {
    auto ops = kernel.getBody().getOps<linalg::GenericOp>();
    return llvm::hasSingleElement(ops) && passes::isCopy(*ops.begin());
  }

  Value pointer(Value value) { return pointer(plan.places[value], getElementTypeOrSelf(value.getType())); }

  void emitFunction(ArrayRef<Operation *> steps) {
    unsigned done = 0;
    for (const RowBlock &block : plan.blocks) {
      emitSteps(steps.slice(done, block.first - done));
      done = block.last + 1;
      emitBlock(steps.slice(block.first, done - block.first), block.rows);
    }
    emitSteps(steps.drop_front(done));
  }

  void emitSteps(ArrayRef<Operation *> steps) {
    for (Operation *step : steps)
      if (auto scan = dyn_cast<ir::ScanOp>(step))
        emitLoop(scan);
      else
        emitLaunch(cast<ir::KernelOp>(step));
  }

  void emitBlock(ArrayRef<Operation *> steps, int64_t rows) {
    auto index = [&](int64_t value) { return arith::ConstantIndexOp::create(b, loc, value).getResult(); };
    Value end = arith::IndexCastOp::create(b, loc, b.getIndexType(), batch);
    auto loop = scf::ForOp::create(b, loc, index(0), end, index(rows));
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    llvm::SaveAndRestore<Operation *> around(outermost, loop);
    llvm::SaveAndRestore whole(count);
    firstRow = arith::IndexCastOp::create(b, loc, i64, loop.getInductionVar());
    count = LLVM::UMinOp::create(b, loc, LLVM::SubOp::create(b, loc, batch, firstRow), constant(rows));
    emitSteps(steps);
    firstRow = nullptr;
    skipped.clear();
  }

  /// Where the rows of `value` start that are being computed; rows are so many bytes apart.
  Value firstOf(Value value, int64_t bytes) {
    Value start = pointer(value);
    Place place = plan.places[value];
    if (!firstRow || bytes == 0 || (place.kind == Place::Arena && plan.ofBlocks.contains(place.index)))
      return start;
    Value &skip = skipped[bytes];
    if (!skip)
      skip = LLVM::MulOp::create(b, loc, firstRow, constant(bytes));
    return LLVM::GEPOp::create(b, loc, ptr, b.getI8Type(), start, ArrayRef<LLVM::GEPArg>{skip});
  }

  void emitLaunch(ir::KernelOp kernel) {
    if (isCopy(kernel) && plan.places[kernel.getInputs()[0]] == plan.places[kernel.getResult(0)])
      return;
    SmallVector<Value> inputs, outputs;
    SmallVector<int64_t> bytes(kernel->getNumOperands() + kernel->getNumResults());
    if (firstRow || byRows)
      bytes = *rowBytes(kernel, plan.places);
    for (auto [value, apart] : llvm::zip(kernel.getInputs(), bytes))
      inputs.push_back(firstOf(value, apart));
    for (auto [value, apart] : llvm::zip_equal(kernel.getResults(), ArrayRef(bytes).drop_front(inputs.size())))
      outputs.push_back(firstOf(value, apart));
    DenseMap<Value, SmallVector<Stride>> strides;
    const char *loop = !turn ? nullptr : byRows ? repeatsByRowsAttr : repeatsAttr;
    DenseI64ArrayAttr rows = byRows ? b.getDenseI64ArrayAttr(bytes) : nullptr;
    StringRef symbol = outliner.outline(kernel, loop, [&](Value value) -> ArrayRef<Stride> { return strides[value] = plan.places[value].strides; });
    ir::LaunchOp::create(b, kernel.getLoc(), symbol, count, turn, inputs, outputs, rows);
  }

  void emitLoop(ir::ScanOp scan) {
    int64_t length = scan.getLength();
    SmallVector<Value> buffers;
    ArrayRef<unsigned> alternating = plan.places.pairsOf(scan);
    for (unsigned pair : alternating) {
      // Alternating buffers hold what is carried, whole: neither an element type nor a time of this loop is needed.
      buffers.push_back(pointer(plan.places.pair(pair).first, b.getI8Type()));
      buffers.push_back(pointer(plan.places.pair(pair).second, b.getI8Type()));
    }
    auto index = [&](int64_t value) { return arith::ConstantIndexOp::create(b, scan.getLoc(), value).getResult(); };
    auto loop = scf::ForOp::create(b, scan.getLoc(), index(0), index(length), index(1), buffers);
    OpBuilder::InsertionGuard guard(b);
    b.setInsertionPointToStart(loop.getBody());
    bool isOutermost = !outermost;
    if (isOutermost) {
      outermost = loop;
      byRows = !scan->walk([&](ir::KernelOp kernel) {
                     return computesRowsApart(kernel) && succeeded(rowBytes(kernel, plan.places)) ? WalkResult::advance() : WalkResult::interrupt();
                   }).wasInterrupted();
    }
    llvm::SaveAndRestore within(turn, arith::IndexCastOp::create(b, loc, i64, loop.getInductionVar()).getResult());
    times[scan] = scan.getReverse() ? LLVM::SubOp::create(b, loc, constant(length - 1), turn).getResult() : turn;
    for (auto [i, pair] : llvm::enumerate(alternating))
      pairs[pair] = {loop.getRegionIterArg(2 * i), loop.getRegionIterArg(2 * i + 1)};
    emitSteps(plan.schedules[scan.getStep()]->steps());
    SmallVector<Value> swapped;
    for (unsigned pair : alternating)
      swapped.append({pairs[pair].second, pairs[pair].first});
    if (!swapped.empty())
      scf::YieldOp::create(b, loc, swapped);
    if (isOutermost) {
      outermost = nullptr;
      byRows = false;
    }
  }
};

} // namespace

void emitLaunches(MemoryPlan &plan, Outliner &outliner) { Emitter(plan, outliner).run(); }

} // namespace cornu::passes
