#include "passes/memory/Outline.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/Func/IR/FuncOps.h"
#include "mlir/Dialect/LLVMIR/LLVMDialect.h"

namespace cornu::passes {
using namespace mlir;

StringRef Outliner::outline(Operation *op, const char *loop, llvm::function_ref<ArrayRef<Stride>(Value)> stridesOf) {
  auto kernel = cast<ir::KernelOp>(op);
  OpBuilder b(module.getContext());
  b.setInsertionPointToEnd(module.getBody());
  SmallVector<Attribute> layouts;
  auto addLayout = [&](Value value) {
    auto type = cast<RankedTensorType>(value.getType());
    SmallVector<int64_t> strides;
    for (Stride stride : stridesOf(value))
      strides.push_back(stride.timesBatch ? ShapedType::kDynamic : stride.elements);
    auto strided = StridedLayoutAttr::get(b.getContext(), 0, strides);
    layouts.push_back(TypeAttr::get(MemRefType::get(type.getShape(), type.getElementType(), strided)));
  };
  llvm::for_each(kernel.getInputs(), addLayout);
  llvm::for_each(kernel.getResults(), addLayout);
  auto type = b.getFunctionType(kernel.getInputs().getTypes(), kernel.getResultTypes());
  auto function = func::FuncOp::create(b, kernel.getLoc(), "kernel", type);
  function.setPrivate();
  function->setAttr("cornu.layouts", b.getArrayAttr(layouts));
  if (loop)
    function->setAttr(loop, b.getUnitAttr());
  function.getBody().takeBody(kernel.getBody());
  Operation *yield = function.getBody().front().getTerminator();
  b.setInsertionPoint(yield);
  func::ReturnOp::create(b, yield->getLoc(), yield->getOperands());
  yield->erase();
  std::string text;
  llvm::raw_string_ostream(text) << function;
  auto [it, fresh] = functions.try_emplace(text, "");
  if (!fresh) {
    function.erase();
    return it->second;
  }
  SymbolTable symbols(module);
  std::string name = kernel.getName().str();
  for (unsigned i = 1; symbols.lookup(name); ++i)
    name = (kernel.getName() + "." + std::to_string(i)).str();
  function.setName(name);
  it->second = name;
  return it->second;
}

StringRef Outliner::global(Value constant) {
  OpBuilder b(module.getBodyRegion());
  auto attr = cast<DenseElementsAttr>(cast<arith::ConstantOp>(constant.getDefiningOp()).getValue());
  std::string name = "cornu.constant." + std::to_string(llvm::range_size(module.getOps<LLVM::GlobalOp>()));
  auto array = LLVM::LLVMArrayType::get(attr.getElementType(), attr.getNumElements());
  auto flat = attr.reshape(RankedTensorType::get({attr.getNumElements()}, attr.getElementType()));
  return LLVM::GlobalOp::create(b, constant.getLoc(), array, true, LLVM::Linkage::Internal, name, flat, 64).getSymName();
}

} // namespace cornu::passes
