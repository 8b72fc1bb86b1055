#include "frontend/trace/Trace.h"

#include <atomic>

#include "ir/Expr.h"

namespace cornu::trace {
using namespace mlir;

namespace {
thread_local Trace *currentTrace = nullptr;
std::atomic<uint64_t> traceCount{0};

ir::Role roleOf(const Variable &v) {
  switch (v.role()) {
  case Role::Weight: return ir::Role::weight;
  case Role::State: return ir::Role::state;
  case Role::Optimizer: return ir::Role::optimizer;
  case Role::Metric: return ir::Role::metric;
  case Role::Random: return ir::Role::random;
  }
  llvm_unreachable("every role has a case");
}
} // namespace

Type elementType(DType dtype) {
  Builder b(&context());
  switch (dtype) {
  case DType::Bool: return b.getI1Type();
  case DType::Int8: return b.getIntegerType(8);
  case DType::Int32: return b.getI32Type();
  case DType::Int64: return b.getI64Type();
  case DType::Float16: return b.getF16Type();
  case DType::BFloat16: return b.getBF16Type();
  case DType::Float32: return b.getF32Type();
  case DType::Float64: return b.getF64Type();
  default: break;
  }
  throw UserError("a tensor's dtype must be bool, int8, int32, int64, float16, bfloat16, float32 or float64", std::string(nameOf(dtype)));
}

DType dtypeOf(Type type) {
  if (type.isInteger(1)) return DType::Bool;
  if (type.isInteger(8)) return DType::Int8;
  if (type.isInteger(32)) return DType::Int32;
  if (type.isInteger(64)) return DType::Int64;
  if (type.isF16()) return DType::Float16;
  if (type.isBF16()) return DType::BFloat16;
  if (type.isF32()) return DType::Float32;
  if (type.isF64()) return DType::Float64;
  throw InternalError("an op made a tensor of a type that no DType names");
}

RankedTensorType tensorType(const Shape &shape, DType dtype) {
  SmallVector<int64_t> extents;
  for (int64_t extent : shape) extents.push_back(extent < 0 ? ShapedType::kDynamic : extent);
  return RankedTensorType::get(extents, elementType(dtype));
}

Shape shapeOf(Type type) {
  Shape shape;
  for (int64_t extent : cast<RankedTensorType>(type).getShape()) shape.push_back(ShapedType::isDynamic(extent) ? -1 : extent);
  return shape;
}

Trace::Trace() : builder(&context()), owned(ModuleOp::create(UnknownLoc::get(&context()))), outer(currentTrace) { currentTrace = this; }
Trace::~Trace() { currentTrace = outer; }
Trace *Trace::current() { return currentTrace; }

Trace &here() {
  if (!currentTrace)
    throw UserError("variables and numbers can be computed with only inside a layer's call, a loss or a metric, or together with symbolic tensors");
  return *currentTrace;
}

Location Trace::location() {
  if (scopes.empty()) return UnknownLoc::get(&context());
  std::string path;
  for (const std::string &scope : scopes) path += (path.empty() ? "" : "/") + scope;
  return NameLoc::get(builder.getStringAttr(path));
}

Tensors Trace::begin(const std::string &name, const std::vector<Slot> &arguments, bool trainingFunction) {
  bodies.assign(1, {.number = ++traceCount});
  training = trainingFunction;
  reads.clear(), losses.clear(), metrics.clear();
  lastRead = nullptr;
  SmallVector<Type> types;
  for (const Slot &slot : arguments) types.push_back(tensorType(slot.shape, slot.dtype));
  builder.setInsertionPointToEnd(owned->getBody());
  function = func::FuncOp::create(builder, location(), name, builder.getFunctionType(types, {}));
  Block *body = function.addEntryBlock();
  builder.setInsertionPointToEnd(body);
  Tensors tensors;
  for (auto [i, slot] : llvm::enumerate(arguments)) {
    function.setArgAttr(static_cast<unsigned>(i), "cornu.name", builder.getStringAttr(slot.name));
    tensors.push_back(wrap(body->getArgument(static_cast<unsigned>(i))));
  }
  return tensors;
}

void Trace::end(const Tensors &results, const std::vector<std::string> &names) {
  SmallVector<Value> values;
  for (const Tensor &result : results) values.push_back(value(result));
  const Body &body = bodies.front();
  for (const void *id : body.order) ir::AssignOp::create(builder, location(), symbols.at(id), body.assignments.at(id).next);
  func::ReturnOp::create(builder, location(), values);
  SmallVector<Type> types;
  for (Value v : values) types.push_back(v.getType());
  function.setFunctionType(builder.getFunctionType(function.getArgumentTypes(), types));
  for (auto [i, name] : llvm::enumerate(names)) function.setResultAttr(static_cast<unsigned>(i), "cornu.name", builder.getStringAttr(name));
}

SymbolRefAttr Trace::symbolOf(const Variable &variable) {
  std::string &symbol = symbols[variable.id()];
  if (symbol.empty()) {
    symbol = variable.path();
    for (int i = 1; !taken.insert(symbol).second; ++i) symbol = variable.path() + "_" + std::to_string(i);
    OpBuilder::InsertionGuard guard(builder);
    // Declarations stand before the functions, in the order of first use.
    Operation *firstFunction = nullptr;
    for (Operation &op : *owned->getBody())
      if (isa<func::FuncOp>(op)) {
        firstFunction = &op;
        break;
      }
    firstFunction ? builder.setInsertionPoint(firstFunction) : builder.setInsertionPointToEnd(owned->getBody());
    ir::VariableOp::create(builder, UnknownLoc::get(&context()), roleOf(variable), symbol, tensorType(variable.shape(), variable.dtype()));
    declared.push_back(variable);
  }
  return FlatSymbolRefAttr::get(&context(), symbol);
}

Value Trace::read(const Variable &variable) {
  Value &known = reads[variable.id()];
  if (!known) {
    auto symbol = cast<FlatSymbolRefAttr>(symbolOf(variable));
    // All reads stand at the entry: that is the moment whose value they give.
    OpBuilder::InsertionGuard guard(builder);
    lastRead ? builder.setInsertionPointAfter(lastRead) : builder.setInsertionPointToStart(&function.getBody().front());
    auto op = ir::ReadOp::create(builder, NameLoc::get(builder.getStringAttr(variable.path())),
                                 tensorType(variable.shape(), variable.dtype()), symbol);
    lastRead = op;
    known = op.getY();
  }
  return known;
}

Value Trace::pending(const Variable &variable) { return pendingIn(bodies.size() - 1, variable); }

Value Trace::pendingIn(size_t depth, const Variable &variable) {
  auto found = bodies[depth].assignments.find(variable.id());
  if (found != bodies[depth].assignments.end()) return found->second.next;
  if (depth == 0) return read(variable);
  // In a step of a loop it is the value that the step before left: one more carried value.
  Value before = pendingIn(depth - 1, variable);
  Body &body = bodies[depth];
  Value carried = body.step->insertArgument(body.carried++, before.getType(), before.getLoc());
  body.assignments.emplace(variable.id(), Advanced{variable, before, carried});
  body.order.push_back(variable.id());
  return carried;
}

void Trace::assign(const Variable &variable, Value newValue) {
  symbolOf(variable);
  auto expected = tensorType(variable.shape(), variable.dtype());
  if (newValue.getType() != expected)
    throw UserError("Variable '" + variable.path() + "' has shape " + shapeString(variable.shape()) + " and dtype " +
                        std::string(nameOf(variable.dtype())) + ", and so must what is assigned to it",
                    "shape=" + shapeString(shapeOf(newValue.getType())));
  if (bodies.size() > 1) pending(variable); // carries it
  Body &body = bodies.back();
  auto [entry, isNew] = body.assignments.try_emplace(variable.id(), Advanced{variable, {}, newValue});
  if (isNew) body.order.push_back(variable.id());
  entry->second.next = newValue;
}

std::vector<Trace::Advanced> Trace::step(Block *block, unsigned carried, const std::function<void()> &emit) {
  OpBuilder::InsertionGuard guard(builder);
  builder.setInsertionPointToEnd(block);
  struct Pop {
    std::vector<Body> &bodies;
    ~Pop() { bodies.pop_back(); }
  } pop{bodies};
  bodies.push_back({.number = ++traceCount, .step = block, .carried = carried});
  emit();
  std::vector<Advanced> advanced;
  for (const void *id : bodies.back().order) advanced.push_back(bodies.back().assignments.at(id));
  return advanced;
}

Tensor Trace::wrap(Value v) const {
  Tensor::Impl impl{.kind = Tensor::Impl::Kind::Value, .shape = shapeOf(v.getType()),
                    .dtype = dtypeOf(cast<RankedTensorType>(v.getType()).getElementType()), .node = {}, .value = v, .trace = bodies.back().number, .mask = {}, .maskShape = {}, .variable = {}};
  return Tensor(std::make_shared<Tensor::Impl>(std::move(impl)));
}

Value Trace::value(const Tensor &tensor, Type type) {
  using Kind = Tensor::Impl::Kind;
  tensor.shape(); // throws for a Tensor that was only declared
  const Tensor::Impl &impl = *tensor.impl;
  switch (impl.kind) {
  case Kind::Value:
    if (llvm::none_of(bodies, [&](const Body &body) { return body.number == impl.trace; }))
      throw UserError("a tensor can be used only within the call that made it", "a tensor kept from another call");
    return impl.value;
  case Kind::State: return read(impl.variable);
  case Kind::Symbol:
    throw UserError("a layer's call must compute with the tensors it is given", "the symbolic tensor '" + tensor.name() + "' from outside");
  case Kind::Constant: {
    std::vector<double> numbers;
    for (int64_t i = 0; i < impl.constant.size(); ++i) numbers.push_back(impl.constant.at(i));
    return ir::ExprBuilder(builder, location()).tensor(RankedTensorType::get(impl.shape, elementType(impl.dtype)), numbers);
  }
  case Kind::Number: break;
  }
  if (!type) type = elementType(impl.dtype);
  auto scalar = RankedTensorType::get({}, type);
  Attribute attribute = isa<FloatType>(type) ? Attribute(builder.getFloatAttr(type, impl.number))
                                             : Attribute(builder.getIntegerAttr(type, static_cast<int64_t>(impl.number)));
  return ir::ConstantOp::create(builder, location(), DenseElementsAttr::get(scalar, attribute));
}

} // namespace cornu::trace
