#include "ir/interpreter/Interpreter.h"

#include "ir/Shape.h"
#include "ir/interpreter/Evaluate.h"

namespace cornu::interpreter {
using namespace mlir;

DType dtypeOfElement(Type type) {
  if (type.isF16()) return DType::Float16;
  if (type.isBF16()) return DType::BFloat16;
  if (type.isF32()) return DType::Float32;
  if (type.isF64()) return DType::Float64;
  if (type.isInteger(1)) return DType::Bool;
  if (type.isInteger(8)) return DType::Int8;
  if (type.isInteger(32)) return DType::Int32;
  if (type.isInteger(64)) return DType::Int64;
  throw InternalError("an element type that no cornu tensor has");
}

namespace {

std::string text(Operation *op) {
  std::string result;
  llvm::raw_string_ostream stream(result);
  op->print(stream, OpPrintingFlags().skipRegions().useLocalScope());
  return result;
}

/// One call of one function.
class Frame {
public:
  Frame(func::FuncOp function, State &state, int64_t batch) : function(function), state(state), batch(batch) {}

  std::vector<Array> run(std::span<const Array> inputs) {
    if (inputs.size() != function.getNumArguments())
      throw UserError("a function needs one input for each argument, " + std::to_string(function.getNumArguments()), std::to_string(inputs.size()));
    for (auto [argument, input] : llvm::zip(function.getArguments(), inputs)) {
      bindBatch(ir::tensorType(argument), input);
      check("an input", ir::tensorType(argument), input);
      values[argument] = input;
    }
    evaluateBlock(function.getBody().front());
    std::vector<Array> outputs;
    for (Value result : function.getBody().front().getTerminator()->getOperands())
      outputs.push_back(values.at(result));
    for (auto &[name, value] : assigned)
      state.insert_or_assign(name, value.clone());
    return outputs;
  }

private:
  /// `?` is what the first dynamic input says.
  void bindBatch(RankedTensorType type, const Array &input) {
    for (auto [i, extent] : llvm::enumerate(type.getShape()))
      if (ShapedType::isDynamic(extent) && batch < 0 && static_cast<int64_t>(i) < input.rank())
        batch = input.dim(i);
  }

  Shape shapeOf(RankedTensorType type) const {
    Shape shape(type.getShape());
    for (int64_t &extent : shape)
      if (ShapedType::isDynamic(extent)) extent = batchOrThrow();
    return shape;
  }

  int64_t batchOrThrow() const {
    if (batch < 0) throw UserError("a function without dynamic inputs needs to be told the batch", name);
    return batch;
  }

  void check(const std::string &what, RankedTensorType type, const Array &value) const {
    Shape shape = shapeOf(type);
    DType dtype = dtypeOfElement(type.getElementType());
    if (value.shape() != shape || value.dtype() != dtype)
      throw UserError(what + " has the declared shape and type, " + shapeString(shape) + " " + std::string(nameOf(dtype)),
                      shapeString(value.shape()) + " " + std::string(nameOf(value.dtype())));
  }

  void evaluateBlock(Block &block) {
    for (Operation &op : block.without_terminator())
      evaluate(&op);
  }

  void evaluate(Operation *op) {
    if (auto read = dyn_cast<ir::ReadOp>(op)) {
      auto found = state.find(read.getVariable());
      if (found == state.end()) throw UserError("a variable that is read has a value", read.getVariable().str());
      check("variable '" + read.getVariable().str() + "'", ir::tensorType(read.getY()), found->second);
      values[read.getY()] = found->second;
    } else if (auto assign = dyn_cast<ir::AssignOp>(op)) {
      if (!assigned.emplace(assign.getVariable().str(), values.at(assign.getValue())).second)
        throw UserError("a function assigns a variable at most once", assign.getVariable().str());
    } else if (auto scan = dyn_cast<ir::ScanOp>(op)) {
      evaluateScan(scan);
    } else {
      values[op->getResult(0)] = evaluatePure(op);
    }
  }

  void evaluateScan(ir::ScanOp scan) {
    auto axis = static_cast<size_t>(scan.getAxis());
    int64_t length = static_cast<int64_t>(scan.getLength());
    std::vector<Array> carried, stacked;
    for (Value init : scan.getInits()) carried.push_back(values.at(init));
    for (Value result : scan.getStacked()) {
      auto type = ir::tensorType(result);
      stacked.push_back(Array::uninitialized(shapeOf(type), dtypeOfElement(type.getElementType())));
    }
    for (int64_t i = 0; i < length; ++i) {
      int64_t step = scan.getReverse() ? length - 1 - i : i;
      for (auto [argument, value] : llvm::zip_equal(scan.getCarried(), carried)) values[argument] = value;
      for (auto [argument, sequence] : llvm::zip_equal(scan.getSlices(), scan.getSequences())) {
        const Array &whole = values.at(sequence);
        Shape strides = stridesOf(whole.shape());
        int64_t offset = step * strides[axis];
        strides.erase(strides.begin() + static_cast<std::ptrdiff_t>(axis));
        values[argument] = gather(whole, shapeOf(ir::tensorType(argument)), strides, offset);
      }
      evaluateBlock(*scan.getStep());
      for (auto [value, next] : llvm::zip_equal(carried, scan.getNext())) value = values.at(next);
      for (auto [whole, output] : llvm::zip_equal(stacked, scan.getOutputs())) {
        Array slice = values.at(output);
        Shape shape = whole.shape();
        shape[axis] = 1;
        insert(slice.reshape(shape), whole, static_cast<int64_t>(axis), step);
      }
    }
    for (auto [result, value] : llvm::zip_equal(scan.getFinals(), carried)) values[result] = value;
    for (auto [result, value] : llvm::zip_equal(scan.getStacked(), stacked)) values[result] = value;
  }

  Array evaluatePure(Operation *op) {
    if (op->getNumResults() != 1 || !isa<RankedTensorType>(op->getResult(0).getType()))
      throw UserError("the interpreter evaluates cornu ops with one tensor as result", text(op));
    std::vector<Array> operands;
    for (Value operand : op->getOperands()) operands.push_back(values.at(operand));
    auto type = ir::tensorType(op->getResult(0));
    Call call{op, operands, shapeOf(type), dtypeOfElement(type.getElementType()), isa<ir::BatchSizeOp>(op) ? batchOrThrow() : batch};
    for (auto family : {evaluateElementwise, evaluateContraction, evaluateReduction, evaluateShape, evaluateIndexed, evaluateRandom})
      if (std::optional<Array> result = family(call)) {
        if (result->shape() != call.shape || result->dtype() != call.dtype)
          throw InternalError("the interpreter computed " + shapeString(result->shape()) + " for " + text(op));
        return *result;
      }
    throw UserError("the interpreter evaluates cornu ops with tensors, after cornu-gradient", text(op));
  }

  func::FuncOp function;
  std::string name = function.getName().str();
  State &state;
  int64_t batch;
  std::map<Value, Array, decltype([](Value a, Value b) { return a.getAsOpaquePointer() < b.getAsOpaquePointer(); })> values;
  State assigned;
};

} // namespace

std::vector<Array> run(func::FuncOp function, std::span<const Array> inputs, State &state, int64_t batch) {
  return Frame(function, state, batch).run(inputs);
}

std::vector<Array> run(func::FuncOp function, std::span<const Array> inputs) {
  State none;
  return run(function, inputs, none);
}

} // namespace cornu::interpreter
