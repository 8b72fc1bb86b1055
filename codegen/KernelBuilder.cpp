#include "codegen/KernelBuilder.h"

#include "ir/CornuOps.h"
#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/Dialect/MemRef/IR/MemRef.h"
#include "mlir/Dialect/SCF/IR/SCF.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace cornu::codegen {

Value KernelBuilder::index(int64_t value) { return arith::ConstantIndexOp::create(b, loc, value); }

Value KernelBuilder::extent(int64_t staticExtent) { return ShapedType::isDynamic(staticExtent) ? batch : index(staticExtent); }

Value KernelBuilder::add(Value x, int64_t constant) { return constant ? add(x, index(constant)) : x; }

Value KernelBuilder::add(Value x, Value y) { return arith::AddIOp::create(b, loc, x, y); }

Value KernelBuilder::mul(Value x, int64_t factor) { return factor == 1 ? x : arith::MulIOp::create(b, loc, x, index(factor)).getResult(); }

Value KernelBuilder::times(Value x, passes::Stride stride) {
  Value product = mul(x, stride.elements);
  return stride.timesBatch ? arith::MulIOp::create(b, loc, product, batch).getResult() : product;
}

passes::Access KernelBuilder::access(const Buffer &buffer, AffineMap map) { return *passes::accessOf(map, buffer.strides); }

Value KernelBuilder::address(const passes::Access &access, ArrayRef<Value> ivs) {
  Value sum;
  for (auto [stride, iv] : llvm::zip(access.strides, ivs))
    if (stride != 0 && iv) {
      Value term = times(iv, stride);
      sum = sum ? add(sum, term) : term;
    }
  return sum ? add(sum, access.offset) : index(access.offset);
}

static VectorType vectorOf(Type element, Lanes lanes) { return VectorType::get({lanes.count}, element); }

/// 0, stride, 2 * stride, … as indices.
static Value steps(KernelBuilder &kb, passes::Stride stride, unsigned count) {
  SmallVector<int64_t> offsets;
  for (unsigned i = 0; i < count; ++i)
    offsets.push_back(i * stride.elements);
  Value constant = arith::ConstantOp::create(kb.b, kb.loc, kb.b.getIndexVectorAttr(offsets));
  return stride.timesBatch ? arith::MulIOp::create(kb.b, kb.loc, constant, kb.splat(kb.batch, {count, nullptr})).getResult() : constant;
}

static Value allOn(KernelBuilder &kb, unsigned count) {
  return arith::ConstantOp::create(kb.b, kb.loc, DenseElementsAttr::get(VectorType::get({count}, kb.b.getI1Type()), true));
}

Value KernelBuilder::load(Value memref, Value address, passes::Stride stride, Lanes lanes) {
  Type element = cast<MemRefType>(memref.getType()).getElementType();
  if (lanes.count == 0 || stride == 0)
    return memref::LoadOp::create(b, loc, memref, address);
  VectorType type = vectorOf(element, lanes);
  if (stride == 1) {
    if (!lanes.mask)
      return vector::LoadOp::create(b, loc, type, memref, address);
    Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(type));
    return vector::MaskedLoadOp::create(b, loc, type, memref, address, lanes.mask, zero);
  }
  Value zero = arith::ConstantOp::create(b, loc, b.getZeroAttr(type));
  Value mask = lanes.mask ? lanes.mask : allOn(*this, lanes.count);
  return vector::GatherOp::create(b, loc, type, memref, ValueRange{address}, steps(*this, stride, lanes.count), mask, zero);
}

void KernelBuilder::store(Value value, Value memref, Value address, passes::Stride stride, Lanes lanes) {
  if (lanes.count == 0 || stride == 0) {
    memref::StoreOp::create(b, loc, value, memref, address);
    return;
  }
  value = splat(value, lanes);
  if (stride == 1) {
    if (lanes.mask)
      vector::MaskedStoreOp::create(b, loc, memref, address, lanes.mask, value);
    else
      vector::StoreOp::create(b, loc, value, memref, address);
    return;
  }
  Value mask = lanes.mask ? lanes.mask : allOn(*this, lanes.count);
  vector::ScatterOp::create(b, loc, /*resultType=*/Type(), memref, ValueRange{address}, steps(*this, stride, lanes.count), mask, value);
}

void KernelBuilder::prefetch(Value memref, Value address, unsigned locality) {
  memref::PrefetchOp::create(b, loc, memref, address, /*isWrite=*/false, /*localityHint=*/locality, /*isDataCache=*/true);
}

Value KernelBuilder::splat(Value scalar, Lanes lanes) {
  if (lanes.count == 0 || isa<VectorType>(scalar.getType()))
    return scalar;
  return vector::BroadcastOp::create(b, loc, vectorOf(scalar.getType(), lanes), scalar);
}

Value KernelBuilder::constant(TypedAttr value, Lanes lanes) {
  if (lanes.count)
    value = DenseElementsAttr::get(vectorOf(value.getType(), lanes), ArrayRef<Attribute>(value));
  return arith::ConstantOp::create(b, loc, value);
}

Value KernelBuilder::positions(Value first, Lanes lanes) { return add(splat(first, lanes), steps(*this, 1, lanes.count)); }

Lanes KernelBuilder::partial(unsigned lanes, int64_t real) {
  SmallVector<bool> on(lanes);
  std::fill(on.begin(), on.begin() + real, true);
  return {lanes, arith::ConstantOp::create(b, loc, b.getBoolVectorAttr(on))};
}

Lanes KernelBuilder::partial(unsigned lanes, Value real) {
  return {lanes, vector::CreateMaskOp::create(b, loc, VectorType::get({lanes}, b.getI1Type()), ValueRange{real})};
}

void KernelBuilder::loop(Value from, Value to, int64_t step, llvm::function_ref<void(Value)> body) {
  loop(from, to, index(step), body);
}

void KernelBuilder::loop(Value from, Value to, Value step, llvm::function_ref<void(Value)> body) {
  auto loop = scf::ForOp::create(b, loc, from, to, step);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  body(loop.getInductionVar());
}

SmallVector<Value> KernelBuilder::loop(Value from, Value to, int64_t step, ArrayRef<Value> carried,
                                       llvm::function_ref<SmallVector<Value>(Value, SmallVector<Value>)> body) {
  auto loop = scf::ForOp::create(b, loc, from, to, index(step), carried);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(loop.getBody());
  SmallVector<Value> next = body(loop.getInductionVar(), llvm::to_vector(ValueRange(loop.getRegionIterArgs())));
  if (!carried.empty())
    scf::YieldOp::create(b, loc, next);
  return llvm::to_vector(ValueRange(loop.getResults()));
}

SmallVector<Value> KernelBuilder::ifThen(Value condition, ArrayRef<Value> values, llvm::function_ref<SmallVector<Value>(SmallVector<Value>)> body) {
  auto branch = scf::IfOp::create(b, loc, TypeRange(ValueRange(values)), condition, /*withElseRegion=*/!values.empty());
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  SmallVector<Value> made = body(llvm::to_vector(values));
  if (values.empty())
    return {};
  scf::YieldOp::create(b, loc, made);
  b.setInsertionPointToStart(branch.elseBlock());
  scf::YieldOp::create(b, loc, values);
  return llvm::to_vector(ValueRange(branch.getResults()));
}

void KernelBuilder::overGrid(ArrayRef<int64_t> extents, Value from, Value to, llvm::function_ref<void(Value, ArrayRef<Value>)> body) {
  loop(from, to, 1, [&](Value point) {
    SmallVector<Value> position(extents.size());
    Value index = point;
    for (size_t d = extents.size(); d-- > 1;) {
      Value size = extent(extents[d]);
      position[d] = arith::RemUIOp::create(b, loc, index, size);
      index = arith::DivUIOp::create(b, loc, index, size);
    }
    if (!extents.empty())
      position[0] = index;
    body(point, position);
  });
}

void KernelBuilder::overBlocks(Range part, int64_t extent, int64_t width, llvm::function_ref<void(Value, int64_t)> body) {
  int64_t full = extent / width * width;
  if (full)
    loop(part.from, min(part.to, index(full)), width, [&](Value start) { body(start, width); });
  if (full < extent)
    ifThen(b.createOrFold<arith::CmpIOp>(loc, arith::CmpIPredicate::eq, part.to, index(extent)), [&] { body(index(full), extent - full); });
}

void KernelBuilder::overPowersOfTwo(Value from, Value count, int64_t limit, llvm::function_ref<void(Value, int64_t)> body) {
  for (int64_t length = llvm::PowerOf2Ceil(limit) / 2; length >= 1; length /= 2) {
    Value bit = arith::AndIOp::create(b, loc, count, index(length));
    ifThen(arith::CmpIOp::create(b, loc, arith::CmpIPredicate::ne, bit, index(0)), [&] { body(from, length); });
    from = add(from, bit);
  }
}

void KernelBuilder::overPieces(Value from, Value to, int64_t width, llvm::function_ref<void(Value, int64_t)> body) {
  Value rest = b.createOrFold<arith::RemUIOp>(loc, sub(to, from), index(width)), full = sub(to, rest);
  loop(from, full, width, [&](Value start) { body(start, width); });
  overPowersOfTwo(full, rest, width, body);
}

Value KernelBuilder::sizeOf(ArrayRef<int64_t> extents) {
  Value size = index(1);
  for (int64_t e : extents)
    size = b.createOrFold<arith::MulIOp>(loc, size, extent(e));
  return size;
}

Value KernelBuilder::min(Value x, Value y) { return b.createOrFold<arith::MinUIOp>(loc, x, y); }
Value KernelBuilder::max(Value x, Value y) { return b.createOrFold<arith::MaxUIOp>(loc, x, y); }
Value KernelBuilder::sub(Value x, Value y) { return b.createOrFold<arith::SubIOp>(loc, x, y); }

Value KernelBuilder::ceilDiv(Value x, Value y) {
  Value up = b.createOrFold<arith::AddIOp>(loc, x, sub(y, index(1)));
  return b.createOrFold<arith::DivUIOp>(loc, up, y);
}

void KernelBuilder::ifThen(Value condition, llvm::function_ref<void()> body) {
  auto branch = scf::IfOp::create(b, loc, condition, /*withElseRegion=*/false);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  body();
}

void KernelBuilder::ifThenElse(Value condition, llvm::function_ref<void()> then, llvm::function_ref<void()> otherwise) {
  auto branch = scf::IfOp::create(b, loc, condition, /*withElseRegion=*/true);
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(branch.thenBlock());
  then();
  b.setInsertionPointToStart(branch.elseBlock());
  otherwise();
}

Value KernelBuilder::equal(Value x, Value y) { return arith::CmpIOp::create(b, loc, arith::CmpIPredicate::eq, x, y); }

/// Lets a product and the sum that takes it be one instruction. Only formulas of models may: those of codegen/math count on each rounding.
static Operation *contracting(Operation *op) {
  if (auto math = dyn_cast<arith::ArithFastMathInterface>(op)) {
    auto given = math.getFastMathFlagsAttr();
    arith::FastMathFlags flags = given ? given.getValue() : arith::FastMathFlags::none;
    op->setAttr(math.getFastMathAttrName(), arith::FastMathFlagsAttr::get(op->getContext(), flags | arith::FastMathFlags::contract));
  }
  return op;
}

SmallVector<Value> KernelBuilder::evaluate(linalg::GenericOp op, ArrayRef<Value> args, llvm::function_ref<Value(unsigned)> indexOf,
                                           Lanes lanes) {
  IRMapping map;
  for (auto [argument, value] : llvm::zip(op.getBody()->getArguments(), args))
    if (value)
      map.map(argument, value);
  for (Operation &inner : op.getBody()->without_terminator()) {
    if (auto position = dyn_cast<linalg::IndexOp>(inner)) {
      map.map(position.getResult(), indexOf(position.getDim()));
      continue;
    }
    if (isa<ir::DynamicExtentOp>(inner)) {
      map.map(inner.getResult(0), batch);
      continue;
    }
    if (matchPattern(&inner, m_Constant())) {
      map.map(inner.getResult(0), b.clone(inner)->getResult(0));
      continue;
    }
    // An op on scalars alone (row values, constants) stays scalar; one vector operand makes it a vector op.
    SmallVector<Value> operands;
    bool isVector = false;
    for (Value operand : inner.getOperands()) {
      Value value = map.lookupOrDefault(operand);
      isVector |= isa<VectorType>(value.getType());
      operands.push_back(value);
    }
    SmallVector<Type> types(inner.getResultTypes());
    if (auto philox = dyn_cast<ir::PhiloxOp>(inner)) {
      map.map(philox.getWord(), randomWords(operands[0], operands[1], operands[2], operands[3], philox.getEvenBase(), lanes));
      continue;
    }
    if (isVector) {
      for (Value &value : operands)
        value = splat(value, lanes);
      for (Type &type : types)
        type = vectorOf(type, lanes);
    }
    OperationState state(inner.getLoc(), inner.getName(), operands, types, inner.getAttrs());
    Operation *clone = contracting(b.create(state));
    for (auto [from, to] : llvm::zip_equal(inner.getResults(), clone->getResults()))
      map.map(from, to);
  }
  SmallVector<Value> results;
  for (Value value : op.getBody()->getTerminator()->getOperands())
    results.push_back(map.lookupOrDefault(value));
  // A constant yielded directly is defined outside of the body or was cloned above; block arguments were mapped.
  return results;
}

Value KernelBuilder::combine(const passes::Combiner &combiner, Value x, Value y) {
  OperationState state(loc, combiner.op->getName(), {x, y}, {x.getType()}, combiner.op->getAttrs());
  return contracting(b.create(state))->getResult(0);
}

Value KernelBuilder::reduceLanes(Value vector, const passes::Combiner &combiner) {
  auto type = dyn_cast<VectorType>(vector.getType());
  if (!type)
    return vector;
  // Halves are combined until one lane is left: log2 steps, and an order that no target changes.
  for (int64_t count = type.getNumElements(); count > 1; count /= 2) {
    SmallVector<int64_t> first(count / 2), second(count / 2);
    std::iota(first.begin(), first.end(), 0);
    std::iota(second.begin(), second.end(), count / 2);
    Value low = vector::ShuffleOp::create(b, loc, vector, vector, first);
    Value high = vector::ShuffleOp::create(b, loc, vector, vector, second);
    vector = combine(combiner, low, high);
  }
  return vector::ExtractOp::create(b, loc, vector, ArrayRef<int64_t>{0});
}

Value KernelBuilder::scratch(Type element, int64_t count) {
  OpBuilder::InsertionGuard guard(b);
  b.setInsertionPointToStart(entry);
  auto type = MemRefType::get({count}, element);
  return memref::AllocaOp::create(b, loc, type, b.getI64IntegerAttr(target.vectorBits / 8));
}

unsigned lanesFor(Block *body, const Target &target) {
  unsigned floats = 0, integers = 8;
  auto see = [&](Type type) {
    if (auto shaped = dyn_cast<ShapedType>(type))
      type = shaped.getElementType();
    if (isa<FloatType>(type))
      floats = std::max(floats, type.getIntOrFloatBitWidth());
    else if (type.isInteger())
      integers = std::max(integers, type.getIntOrFloatBitWidth());
  };
  for (Type type : body->getArgumentTypes())
    see(type);
  for (Operation &op : *body)
    for (Type type : op.getResultTypes())
      see(type);
  return target.lanes(floats ? std::max(floats, 32u) : integers);
}

} // namespace cornu::codegen
