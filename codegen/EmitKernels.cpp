#include "codegen/KernelBuilder.h"
#include "ir/CornuOps.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"

using namespace mlir;

namespace cornu::codegen {

/// Writes one kernel: `from` says what, in structured ops; the result says how, in loops over flat buffers.
static LogicalResult emitKernel(func::FuncOp from, const Target &target) {
  OpBuilder b(from);
  Location loc = from.getLoc();
  SmallVector<Type> types;
  SmallVector<SmallVector<int64_t>> strides;
  for (auto attr : from->getAttrOfType<ArrayAttr>("cornu.layouts").getAsValueRange<TypeAttr>()) {
    auto type = cast<MemRefType>(attr);
    types.push_back(MemRefType::get({ShapedType::kDynamic}, type.getElementType()));
    strides.emplace_back(type.getStridesAndOffset().first);
  }
  types.push_back(b.getIndexType());
  auto to = func::FuncOp::create(b, loc, from.getName(), b.getFunctionType(types, {}));
  to.setPrivate();
  to->setAttr("cornu.kernel", b.getUnitAttr());
  Block *entry = to.addEntryBlock();
  b.setInsertionPointToEnd(entry);
  auto end = func::ReturnOp::create(b, loc);
  b.setInsertionPoint(end);

  KernelBuilder kb(b, loc, target, entry->getArguments().back());
  kb.entry = entry;
  Block &body = from.getBody().front();
  ValueRange yielded = body.getTerminator()->getOperands();
  SmallVector<Value> bound(body.getArguments().begin(), body.getArguments().end());
  llvm::append_range(bound, yielded);
  for (auto [i, value] : llvm::enumerate(bound))
    kb.buffers[value] = {entry->getArgument(i), strides[i]};

  SmallVector<linalg::GenericOp> ops(body.getOps<linalg::GenericOp>());
  for (auto [i, op] : llvm::enumerate(ops))
    if (auto root = passes::matchContraction(op)) {
      SmallVector<linalg::GenericOp> epilogue(ops);
      epilogue.erase(epilogue.begin() + i);
      return emitContraction(kb, *root, epilogue, yielded);
    }
  if (auto transposition = matchTransposition(kb, ops))
    return emitTransposition(kb, *transposition);
  auto nest = passes::analyzeNest(ops);
  if (!nest)
    return from.emitError("cornu: a kernel is neither a contraction nor a nest; this is a bug in form-kernels");
  return emitNest(kb, *nest, yielded);
}

LogicalResult emitKernels(ModuleOp module, const Target &target) {
  for (auto function : llvm::to_vector(module.getOps<func::FuncOp>()))
    if (function->hasAttr("cornu.layouts")) {
      if (failed(emitKernel(function, target)))
        return failure();
      function.erase();
    }
  return success();
}

} // namespace cornu::codegen
