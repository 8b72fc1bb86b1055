#include "ir/CornuOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"
#include "mlir/Dialect/Linalg/IR/Linalg.h"
#include "passes/ArenaPlan.h"
#include "passes/KernelAnalysis.h"
#include "passes/Passes.h"

namespace cornu::passes {
#define GEN_PASS_DEF_PLANMEMORYPASS
#include "passes/Passes.h.inc"

using namespace mlir;

namespace {

/// Where a value lies.
struct Place {
  enum Kind { Input, Output, Variable, Constant, Arena } kind;
  unsigned index;                      // argument, result, variable, constant or arena buffer
  int64_t offset = 0;                  // elements
  SmallVector<int64_t> strides;        // elements
};

class Planner {
public:
  Planner(func::FuncOp function, ModuleOp module, llvm::StringMap<unsigned> &variables, llvm::StringMap<std::string> &kernelFunctions)
      : function(function), module(module), block(function.getBody().front()), variables(variables), kernelFunctions(kernelFunctions) {}

  LogicalResult run() {
    collect();
    if (failed(bindAssignments()))
      return failure();
    schedule();
    placeArena();
    emit();
    return success();
  }

private:
  func::FuncOp function;
  ModuleOp module;
  Block &block;
  llvm::StringMap<unsigned> &variables;
  llvm::StringMap<std::string> &kernelFunctions;     // text of a kernel → its symbol
  SmallVector<ir::KernelOp> kernels;                 // in order of launch, once scheduled
  DenseMap<Value, unsigned> returned;
  DenseMap<Value, unsigned> inPlace;                 // value written straight into a variable
  DenseMap<Value, std::pair<ir::ConcatenateOp, unsigned>> pieces;
  DenseMap<Value, Place> places;
  DenseMap<Operation *, SmallVector<Operation *>> after;   // extra edges: key runs after these
  SmallVector<Value> arenaValues, constants;
  SmallVector<ArenaBuffer> buffers;
  ArenaLayout layout;

  static SmallVector<int64_t> contiguous(Value value) {
    auto strides = rowMajorStrides(cast<RankedTensorType>(value.getType()).getShape());
    assert(succeeded(strides) && "the batch is the leading dimension of what lies in memory");
    return *strides;
  }

  void collect() {
    for (auto kernel : block.getOps<ir::KernelOp>())
      kernels.push_back(kernel);
    for (auto [i, operand] : llvm::enumerate(block.getTerminator()->getOperands()))
      returned[operand] = i;
    for (auto concatenate : block.getOps<ir::ConcatenateOp>())
      for (auto [i, x] : llvm::enumerate(concatenate.getXs()))
        pieces[x] = {concatenate, i};
  }

  const Place &place(Value value) {
    auto known = places.find(value);
    if (known != places.end())
      return known->second;
    Place p = locate(value);
    return places[value] = p;
  }

  Place locate(Value value) {
    if (auto argument = dyn_cast<BlockArgument>(value))
      return {Place::Input, argument.getArgNumber(), 0, contiguous(value)};
    Operation *def = value.getDefiningOp();
    if (auto read = dyn_cast<ir::ReadOp>(def))
      return {Place::Variable, variables.lookup(read.getVariable()), 0, contiguous(value)};
    if (isa<arith::ConstantOp>(def)) {
      constants.push_back(value);
      return {Place::Constant, static_cast<unsigned>(constants.size() - 1), 0, contiguous(value)};
    }
    if (auto reshape = dyn_cast<ir::ReshapeOp>(def)) {
      Place p = place(reshape.getX());
      p.strides = contiguous(value);
      return p;
    }
    if (auto slice = dyn_cast<ir::SliceOp>(def)) {
      Place p = place(slice.getX());
      p.offset += static_cast<int64_t>(slice.getStart()) * p.strides[slice.getDim()];
      return p;
    }
    if (auto piece = pieces.find(value); piece != pieces.end()) {
      auto [concatenate, position] = piece->second;
      Place p = place(concatenate.getY());
      int64_t dim = concatenate.getDim();
      for (Value before : concatenate.getXs().take_front(position))
        p.offset += cast<RankedTensorType>(before.getType()).getDimSize(dim) * p.strides[dim];
      return p;
    }
    if (auto variable = inPlace.find(value); variable != inPlace.end())
      return {Place::Variable, variable->second, 0, contiguous(value)};
    if (auto output = returned.find(value); output != returned.end())
      return {Place::Output, output->second, 0, contiguous(value)};
    arenaValues.push_back(value);
    return {Place::Arena, static_cast<unsigned>(arenaValues.size() - 1), 0, contiguous(value)};
  }

  //===-- Order ----------------------------------------------------------------===//

  /// Kernels that must run before `op`: those that make its operands, through views, and those that `after` names.
  void predecessors(Operation *op, llvm::function_ref<void(Operation *)> visit) {
    std::function<void(Value)> through = [&](Value value) {
      Operation *def = value.getDefiningOp();
      if (!def)
        return;
      if (isa<ir::KernelOp>(def))
        return visit(def);
      for (Value operand : def->getOperands())
        through(operand);
    };
    for (Value operand : op->getOperands())
      through(operand);
    if (auto it = after.find(op); it != after.end())
      for (Operation *before : it->second)
        visit(before);
  }

  bool dependsOn(Operation *op, Operation *on) {
    llvm::SmallPtrSet<Operation *, 32> seen;
    std::function<bool(Operation *)> search = [&](Operation *current) {
      if (current == on)
        return true;
      if (!seen.insert(current).second)
        return false;
      bool found = false;
      predecessors(current, [&](Operation *before) { found = found || search(before); });
      return found;
    };
    return search(op);
  }

  /// Kernels that read the value a variable has on entry.
  SmallVector<Operation *> readersOf(StringRef variable) {
    llvm::SetVector<Operation *> readers;
    std::function<void(Value)> follow = [&](Value value) {
      for (Operation *user : value.getUsers()) {
        if (isa<ir::KernelOp>(user))
          readers.insert(user);
        else if (isa<ir::ReshapeOp, ir::SliceOp>(user))
          follow(user->getResult(0));
      }
    };
    for (auto read : block.getOps<ir::ReadOp>())
      if (read.getVariable() == variable)
        follow(read.getY());
    return readers.takeVector();
  }

  /// True if the kernel reads `variable` only at the element that it writes, before it writes it.
  static bool updatesPointwise(ir::KernelOp kernel, StringRef variable, unsigned result) {
    Block &body = kernel.getBody().front();
    SmallVector<linalg::GenericOp> ops(body.getOps<linalg::GenericOp>());
    auto writer = body.getTerminator()->getOperand(result).getDefiningOp<linalg::GenericOp>();
    std::optional<Contraction> root;
    for (linalg::GenericOp op : ops)
      if (!root)
        root = matchContraction(op);
    bool onePhase = true;
    if (!root) {
      auto nest = analyzeNest(ops);
      onePhase = nest && nest->phases == 1;
    }
    for (auto [operand, argument] : llvm::zip_equal(kernel.getInputs(), body.getArguments())) {
      Value source = operand;
      bool view = false;
      while (auto *def = source.getDefiningOp()) {
        if (!isa<ir::ReshapeOp, ir::SliceOp>(def))
          break;
        source = def->getOperand(0);
        view = true;
      }
      auto read = source.getDefiningOp<ir::ReadOp>();
      if (!read || read.getVariable() != variable)
        continue;
      for (OpOperand &use : argument.getUses()) {
        auto user = cast<linalg::GenericOp>(use.getOwner());
        AffineMap map = user.getMatchingIndexingMap(&use), output = user.getIndexingMapsArray().back();
        bool later = writer->isBeforeInBlock(user);
        bool scalar = user.getNumLoops() == 0 && writer.getNumLoops() == 0;   // read where it is used, outside of all loops
        if (view || later || !(onePhase || scalar) || (root && user == root->op) || user.getNumReductionLoops() || map != output ||
            user->getResult(0).getType() != writer->getResult(0).getType())
          return false;
      }
    }
    return writer.getNumReductionLoops() == 0 || writer.getNumLoops() == writer.getNumReductionLoops() || !readsVariable(kernel, variable);
  }

  static bool readsVariable(ir::KernelOp kernel, StringRef variable) {
    return llvm::any_of(kernel.getInputs(), [&](Value v) {
      auto read = v.getDefiningOp<ir::ReadOp>();
      return read && read.getVariable() == variable;
    });
  }

  LogicalResult bindAssignments() {
    for (auto assign : llvm::make_early_inc_range(block.getOps<ir::AssignOp>())) {
      StringRef variable = assign.getVariable();
      auto result = dyn_cast<OpResult>(assign.getValue());
      auto kernel = result ? dyn_cast<ir::KernelOp>(result.getOwner()) : ir::KernelOp();
      if (!kernel)
        return assign.emitOpError("needs the result of a kernel at this stage");
      SmallVector<Operation *> readers = readersOf(variable);
      llvm::erase(readers, kernel.getOperation());
      bool direct = !returned.count(result) && !inPlace.count(result) && updatesPointwise(kernel, variable, result.getResultNumber()) &&
                    llvm::none_of(readers, [&](Operation *reader) { return dependsOn(reader, kernel); });
      if (!direct) {
        kernel = copyKernel(assign, result);
        kernels.push_back(kernel);
        result = cast<OpResult>(kernel.getResult(0));
        readers = readersOf(variable);
      }
      inPlace[result] = variables.lookup(variable);
      llvm::append_range(after[kernel], readers);
    }
    return success();
  }

  /// A kernel of its own that writes `value` again.
  static ir::KernelOp copyKernel(ir::AssignOp assign, Value value) {
    OpBuilder b(assign);
    Location loc = assign.getLoc();
    auto type = cast<RankedTensorType>(value.getType());
    auto kernel = ir::KernelOp::create(b, loc, TypeRange{type}, ("copy_" + assign.getVariable()).str(), ValueRange{value});
    Block &body = kernel.getBody().emplaceBlock();
    Value x = body.addArgument(type, loc);
    b.setInsertionPointToEnd(&body);
    SmallVector<AffineExpr> exprs;
    unsigned loops = 0;
    for (int64_t extent : type.getShape())
      exprs.push_back(extent == 1 ? b.getAffineConstantExpr(0) : b.getAffineDimExpr(loops++));
    AffineMap map = AffineMap::get(loops, 0, exprs, b.getContext());
    SmallVector<Value> dynamic;
    for (int64_t extent : type.getShape())
      if (ShapedType::isDynamic(extent))
        dynamic.push_back(ir::DynamicExtentOp::create(b, loc, b.getIndexType()));
    Value init = tensor::EmptyOp::create(b, loc, type, dynamic);
    auto copy = linalg::GenericOp::create(b, loc, type, x, init, {map, map},
                                          SmallVector<utils::IteratorType>(loops, utils::IteratorType::parallel),
                                          [](OpBuilder &nested, Location at, ValueRange args) { linalg::YieldOp::create(nested, at, args[0]); });
    ir::YieldOp::create(b, loc, copy.getResults());
    assign.getValueMutable().assign(kernel.getResult(0));
    return kernel;
  }

  void schedule() {
    SmallVector<ir::KernelOp> ordered;
    llvm::SmallPtrSet<Operation *, 32> done;
    std::function<void(Operation *)> visit = [&](Operation *op) {
      if (!done.insert(op).second)
        return;
      predecessors(op, visit);
      ordered.push_back(cast<ir::KernelOp>(op));
    };
    for (ir::KernelOp kernel : kernels)
      visit(kernel);
    kernels = ordered;
  }

  //===-- Memory ---------------------------------------------------------------===//

  void placeArena() {
    for (ir::KernelOp kernel : kernels) {
      for (Value operand : kernel.getInputs())
        place(operand);
      for (Value result : kernel.getResults())
        place(result);
    }
    buffers.resize(arenaValues.size());
    for (auto [buffer, value] : llvm::zip_equal(buffers, arenaValues)) {
      auto type = cast<RankedTensorType>(value.getType());
      int64_t bytes = type.getElementTypeBitWidth() / 8;
      for (int64_t extent : type.getShape()) {
        if (ShapedType::isDynamic(extent))
          buffer.perRow = true;
        else
          bytes *= extent;
      }
      buffer.bytes = bytes;
      buffer.first = kernels.size();
    }
    for (auto [time, kernel] : llvm::enumerate(kernels)) {
      auto touch = [&](Value value) {
        const Place &p = places[value];
        if (p.kind != Place::Arena)
          return;
        buffers[p.index].first = std::min<unsigned>(buffers[p.index].first, time);
        buffers[p.index].last = std::max<unsigned>(buffers[p.index].last, time);
      };
      llvm::for_each(kernel.getInputs(), touch);
      llvm::for_each(kernel.getResults(), touch);
    }
    layout = planArena(buffers);
  }

  //===-- Emission ---------------------------------------------------------------===//

  void emit() {
    OpBuilder b(function);
    Location loc = function.getLoc();
    auto ptr = LLVM::LLVMPointerType::get(b.getContext());
    Type i64 = b.getI64Type();
    auto type = b.getFunctionType({ptr, ptr, ptr, i64, ptr}, {});
    auto entry = func::FuncOp::create(b, loc, function.getName(), type);
    for (StringRef attr : {"cornu.inputs", "cornu.outputs"})
      if (Attribute spec = function->getAttr(attr))
        entry->setAttr(attr, spec);
    entry->setAttr("cornu.workspace", b.getDenseI64ArrayAttr({layout.fixedBytes, layout.bytesPerRow}));
    Block *body = entry.addEntryBlock();
    b.setInsertionPointToStart(body);
    Value tables[] = {body->getArgument(0), body->getArgument(1), body->getArgument(2)};
    Value batch = body->getArgument(3), workspace = body->getArgument(4);
    DenseMap<std::pair<unsigned, unsigned>, Value> bases;
    auto constant = [&](int64_t value) { return LLVM::ConstantOp::create(b, loc, i64, value).getResult(); };
    auto base = [&](const Place &p) {
      Value &known = bases[{p.kind, p.index}];
      if (known)
        return known;
      OpBuilder::InsertionGuard guard(b);
      if (p.kind == Place::Constant) {
        known = LLVM::AddressOfOp::create(b, loc, ptr, constantGlobal(constants[p.index]));
      } else if (p.kind == Place::Arena) {
        const ArenaSlot &slot = layout.slots[p.index];
        Value offset = constant(slot.fixed);
        if (buffers[p.index].perRow) {
          // fixed + align(perRow * batch, 64): see ArenaPlan.h
          Value rows = LLVM::MulOp::create(b, loc, batch, constant(slot.perRow));
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
    };
    auto pointer = [&](Value value) {
      const Place &p = places[value];
      Value start = base(p);
      if (p.offset)
        start = LLVM::GEPOp::create(b, loc, ptr, getElementTypeOrSelf(value.getType()), start, ArrayRef<LLVM::GEPArg>{static_cast<int32_t>(p.offset)});
      return start;
    };
    for (ir::KernelOp kernel : kernels) {
      SmallVector<Value> inputs, outputs;
      for (Value value : kernel.getInputs())
        inputs.push_back(pointer(value));
      for (Value value : kernel.getResults())
        outputs.push_back(pointer(value));
      ir::LaunchOp::create(b, kernel.getLoc(), outlined(kernel), batch, inputs, outputs);
    }
    func::ReturnOp::create(b, loc);
    function.erase();
  }

  StringRef constantGlobal(Value value) {
    OpBuilder b(module.getBodyRegion());
    auto attr = cast<DenseElementsAttr>(cast<arith::ConstantOp>(value.getDefiningOp()).getValue());
    std::string name = "cornu.constant." + std::to_string(llvm::range_size(module.getOps<LLVM::GlobalOp>()));
    auto array = LLVM::LLVMArrayType::get(attr.getElementType(), attr.getNumElements());
    auto flat = attr.reshape(RankedTensorType::get({attr.getNumElements()}, attr.getElementType()));
    auto global = LLVM::GlobalOp::create(b, value.getLoc(), array, true, LLVM::Linkage::Internal, name, flat, 64);
    return global.getSymName();
  }

  /// The kernel as a function; equal kernels share one.
  StringRef outlined(ir::KernelOp kernel) {
    OpBuilder b(module.getContext());
    b.setInsertionPointToEnd(module.getBody());
    SmallVector<Attribute> layouts;
    auto addLayout = [&](Value value) {
      auto type = cast<RankedTensorType>(value.getType());
      auto strided = StridedLayoutAttr::get(b.getContext(), 0, places[value].strides);
      layouts.push_back(TypeAttr::get(MemRefType::get(type.getShape(), type.getElementType(), strided)));
    };
    llvm::for_each(kernel.getInputs(), addLayout);
    llvm::for_each(kernel.getResults(), addLayout);
    auto type = b.getFunctionType(kernel.getInputs().getTypes(), kernel.getResultTypes());
    auto outlinedFunction = func::FuncOp::create(b, kernel.getLoc(), "kernel", type);
    outlinedFunction.setPrivate();
    outlinedFunction->setAttr("cornu.layouts", b.getArrayAttr(layouts));
    outlinedFunction.getBody().takeBody(kernel.getBody());
    Operation *yield = outlinedFunction.getBody().front().getTerminator();
    b.setInsertionPoint(yield);
    func::ReturnOp::create(b, yield->getLoc(), yield->getOperands());
    yield->erase();
    std::string text;
    llvm::raw_string_ostream(text) << outlinedFunction;
    auto [it, fresh] = kernelFunctions.try_emplace(text, "");
    if (!fresh) {
      outlinedFunction.erase();
      return it->second;
    }
    SymbolTable symbols(module);
    std::string name = kernel.getName().str();
    for (unsigned i = 1; symbols.lookup(name); ++i)
      name = (kernel.getName() + "." + std::to_string(i)).str();
    outlinedFunction.setName(name);
    it->second = name;
    return it->second;
  }
};

struct PlanMemory : impl::PlanMemoryPassBase<PlanMemory> {
  void runOnOperation() override {
    ModuleOp module = getOperation();
    llvm::StringMap<unsigned> variables;
    for (auto [i, variable] : llvm::enumerate(module.getOps<ir::VariableOp>()))
      variables[variable.getSymName()] = i;
    llvm::StringMap<std::string> kernelFunctions;
    for (auto function : llvm::to_vector(module.getOps<func::FuncOp>()))
      if (!function.isDeclaration() && failed(Planner(function, module, variables, kernelFunctions).run()))
        return signalPassFailure();
  }
};
} // namespace
} // namespace cornu::passes
