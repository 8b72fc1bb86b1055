#include "codegen/KernelBuilder.h"
#include "codegen/Parts.h"
#include "ir/CornuOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "passes/memory/Outline.h"

using namespace mlir;

namespace cornu::codegen {

static LogicalResult emitBody(KernelBuilder &kb, func::FuncOp from, Block &body, ValueRange yielded) {
  SmallVector<linalg::GenericOp> ops(body.getOps<linalg::GenericOp>());
  for (auto [i, op] : llvm::enumerate(ops))
    if (auto root = passes::matchContraction(op)) {
      SmallVector<linalg::GenericOp> epilogue(ops);
      epilogue.erase(epilogue.begin() + i);
      return emitContraction(kb, *root, epilogue, yielded);
    }
  if (llvm::any_of(ops, [](linalg::GenericOp op) { return !passes::edgesOf(op).empty(); }))
    return from.emitError("cornu: only contractions know of edges; this is a bug in cornu-lower-to-linalg");
  if (auto transposition = matchTransposition(kb, ops))
    return emitTransposition(kb, *transposition);
  auto nest = passes::analyzeNest(ops);
  if (!nest)
    return from.emitError("cornu: a kernel is neither a contraction nor a nest; this is a bug in form-kernels");
  return emitNest(kb, *nest, yielded);
}

/// The stride that a layout does not tell is one of rows of a batch of elements, and as many times that of an element.
static SmallVector<passes::Stride> stridesOf(MemRefType type) {
  SmallVector<int64_t> numbers = type.getStridesAndOffset().first;
  SmallVector<passes::Stride> strides(numbers.begin(), numbers.end());
  for (auto [d, stride] : llvm::enumerate(strides))
    if (ShapedType::isDynamic(stride.elements)) {
      size_t element = d + 1;
      while (!type.isDynamicDim(element))
        ++element;
      stride = {numbers[element], /*timesBatch=*/true};
    }
  return strides;
}

/// Bytes of the matrix that a kernel multiplies by.
static int64_t matrixBytesOf(func::FuncOp kernel) {
  int64_t bytes = 0;
  for (auto op : kernel.getBody().front().getOps<linalg::GenericOp>())
    if (auto root = passes::matchContraction(op)) {
      auto type = cast<ShapedType>(op.getDpsInputs()[root->b].getType());
      bytes += passes::assumedCount(type.getShape()) * type.getElementTypeBitWidth() / 8;
    }
  return bytes;
}

/// For each kernel, the bytes of all matrices that a function which launches it multiplies by. More than a cache holds are not there when the next call comes.
static llvm::StringMap<int64_t> matrixBytesAround(ModuleOp module) {
  llvm::StringMap<int64_t> own, around;
  for (auto function : module.getOps<func::FuncOp>())
    if (function->hasAttr("cornu.layouts"))
      own[function.getName()] = matrixBytesOf(function);
  for (auto function : module.getOps<func::FuncOp>()) {
    int64_t all = 0;
    function.walk([&](ir::LaunchOp launch) { all += own.lookup(launch.getKernel()); });
    function.walk([&](ir::LaunchOp launch) {
      int64_t &most = around[launch.getKernel()];
      most = std::max(most, all);
    });
  }
  return around;
}

/// Writes one kernel: `from` says what, in structured ops; the result says how, in loops over flat buffers.
static LogicalResult emitKernel(func::FuncOp from, const Target &target, int64_t smallestPart, int64_t matrixBytes) {
  OpBuilder b(from);
  Location loc = from.getLoc();
  SmallVector<Type> types;
  SmallVector<SmallVector<passes::Stride>> strides;
  for (auto attr : from->getAttrOfType<ArrayAttr>("cornu.layouts").getAsValueRange<TypeAttr>()) {
    auto type = cast<MemRefType>(attr);
    types.push_back(MemRefType::get({ShapedType::kDynamic}, type.getElementType()));
    strides.push_back(stridesOf(type));
  }
  types.append(4, b.getIndexType());   // the batch, the turn, the part, the number of parts
  auto to = func::FuncOp::create(b, loc, from.getName(), b.getFunctionType(types, {}));
  to.setPrivate();
  to->setAttr("cornu.kernel", b.getUnitAttr());
  Block *entry = to.addEntryBlock();
  b.setInsertionPointToEnd(entry);
  auto end = func::ReturnOp::create(b, loc);
  b.setInsertionPoint(end);

  ArrayRef<BlockArgument> numbers = entry->getArguments().take_back(4);
  KernelBuilder kb(b, loc, target, numbers[0]);
  kb.entry = entry;
  kb.matrixBytes = matrixBytes;
  bool byRows = from->hasAttr(passes::repeatsByRowsAttr);
  if (byRows || from->hasAttr(passes::repeatsAttr))
    kb.turn = numbers[1];
  // Threads that share the rows of a loop need not share its kernels, too.
  if (byRows)
    kb.largestBatch = assumedBatch;
  kb.part = numbers[2], kb.parts = numbers[3];
  kb.smallestPart = smallestPart;
  Block &body = from.getBody().front();
  ValueRange yielded = body.getTerminator()->getOperands();
  SmallVector<Value> bound(body.getArguments().begin(), body.getArguments().end());
  llvm::append_range(bound, yielded);
  for (auto [i, value] : llvm::enumerate(bound))
    kb.buffers[value] = {entry->getArgument(i), strides[i]};

  if (failed(emitBody(kb, from, body, yielded)))
    return failure();
  if (byRows)
    to->setAttr(rowsAttr, b.getDenseI64ArrayAttr({kb.leastRows, kb.work.fixed, kb.work.perRow}));
  llvm::BitVector unused(to.getNumArguments());
  auto [turn, part, parts] = std::tuple(numbers[1].getArgNumber(), numbers[2].getArgNumber(), numbers[3].getArgNumber());
  numbers[1].use_empty() ? void(unused.set(turn)) : to->setAttr(turnAttr, b.getUnitAttr());
  kb.divided ? to->setAttr(workAttr, b.getDenseI64ArrayAttr({kb.divided->fixed, kb.divided->perRow, smallestPart, 0})) : void(unused.set(part, parts + 1));
  return to.eraseArguments(unused);
}

LogicalResult emitKernels(ModuleOp module, const Target &target, int64_t smallestPart) {
  llvm::StringMap<int64_t> matrixBytes = matrixBytesAround(module);
  for (auto function : llvm::to_vector(module.getOps<func::FuncOp>()))
    if (function->hasAttr("cornu.layouts")) {
      if (failed(emitKernel(function, target, smallestPart, matrixBytes.lookup(function.getName()))))
        return failure();
      function.erase();
    }
  return success();
}

} // namespace cornu::codegen
