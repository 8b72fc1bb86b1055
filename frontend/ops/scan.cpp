// Recurrence: a step traced once, repeated along an axis.
#include "frontend/ops/emit.h"

namespace cornu {
using namespace ops;

namespace {

std::string describe(const Tensor &x) { return shapeString(x.shape()) + " " + std::string(nameOf(x.dtype())); }

/// The number of steps, which all sequences agree on.
int64_t lengthOf(const Tensors &sequences, const ScanOptions &options) {
  int64_t length = options.length;
  for (const Tensor &x : sequences) {
    if (options.axis < 0 || options.axis >= x.rank() || x.dim(options.axis) < 1)
      throw UserError("scan: sequences must have a static extent, not the batch, along the axis",
                      "axis=" + std::to_string(options.axis) + " for shape " + shapeString(x.shape()));
    if (length < 0) length = x.dim(options.axis);
    if (x.dim(options.axis) != length)
      throw UserError("scan: sequences must have as many steps as the scan, " + std::to_string(length), "shape " + shapeString(x.shape()));
  }
  if (length < 1) throw UserError("scan: the number of steps must be positive, and given if there are no sequences", "length=" + std::to_string(options.length));
  return length;
}

} // namespace

ScanResult scan(const std::function<ScanStep(const Tensors &, const Tensors &)> &step, const Tensors &initial_states, const Tensors &sequences,
                const ScanOptions &options) {
  for (const Tensors *tensors : {&initial_states, &sequences})
    for (const Tensor &x : *tensors)
      if (isSymbol(x)) throw UserError("scan works inside a layer's call", "the symbolic tensor '" + x.name() + "'");
  trace::Trace &t = trace::here();
  int64_t length = lengthOf(sequences, options);
  llvm::SmallVector<mlir::Value> inits, inputs;
  for (const Tensor &state : initial_states) inits.push_back(value(state));
  for (const Tensor &x : sequences) inputs.push_back(value(x));
  auto states = static_cast<unsigned>(inits.size());

  // The step is traced into a loop without outputs; they, and variables that it advances, are known only then.
  auto draft = ir::ScanOp::create(t.builder, t.location(), inits, inputs, mlir::TypeRange(), options.axis, length, options.reverse);
  mlir::Block *block = draft.getStep();
  llvm::SmallVector<mlir::Value> next, outputs;
  size_t losses = t.losses.size();
  std::vector<trace::Trace::Advanced> advanced = t.step(block, states, [&] {
    Tensors carried, slices;
    for (mlir::BlockArgument argument : draft.getCarried()) carried.push_back(wrap(argument));
    for (mlir::BlockArgument argument : draft.getSlices()) slices.push_back(wrap(argument));
    ScanStep result = step(carried, slices);
    if (result.states.size() != carried.size())
      throw UserError("scan: a step must return as many states as it takes, " + std::to_string(carried.size()), std::to_string(result.states.size()));
    for (size_t i = 0; i < carried.size(); ++i) {
      if (result.states[i].shape() != carried[i].shape() || (!isNumber(result.states[i]) && result.states[i].dtype() != carried[i].dtype()))
        throw UserError("scan: state " + std::to_string(i) + " must keep its shape and dtype, " + describe(carried[i]), describe(result.states[i]));
      next.push_back(valueAs(result.states[i], carried[i].dtype()));
    }
    for (const Tensor &output : result.outputs) {
      if (output.rank() < options.axis)
        throw UserError("scan: outputs must have the axes in front of axis " + std::to_string(options.axis), "shape " + shapeString(output.shape()));
      outputs.push_back(value(output));
    }
    if (t.losses.size() != losses) throw UserError("scan: a step cannot add losses: return them as outputs");
  });
  for (const auto &[variable, before, after] : advanced) inits.push_back(before), next.push_back(after);
  next.append(outputs);
  t.builder.setInsertionPointToEnd(block);
  ir::YieldOp::create(t.builder, t.location(), next);
  t.builder.setInsertionPoint(draft);
  auto loop = ir::ScanOp::create(t.builder, t.location(), inits, inputs, mlir::ValueRange(outputs).getTypes(), options.axis, length, options.reverse);
  loop.getBody().takeBody(draft.getBody());
  draft.erase();
  t.builder.setInsertionPointAfter(loop);

  ScanResult result;
  for (auto [i, final] : llvm::enumerate(loop.getFinals())) {
    if (i < states)
      result.states.push_back(wrap(final));
    else
      t.assign(advanced[i - states].variable, final);
  }
  for (mlir::Value stacked : loop.getStacked()) result.outputs.push_back(wrap(stacked));
  return result;
}

} // namespace cornu
