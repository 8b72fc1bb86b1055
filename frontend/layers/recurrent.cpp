#include "frontend/layers/recurrent.h"

#include <algorithm>

#include "frontend/ops/ops.h"
#include "frontend/trace/Trace.h"

namespace cornu {

void writeRecurrence(Json &c, const Recurrence &loop) {
  c["return_sequences"] = loop.return_sequences;
  c["return_state"] = loop.return_state;
  c["go_backwards"] = loop.go_backwards;
  c["stateful"] = loop.stateful;
  c["unroll"] = loop.unroll;
  c["zero_output_for_mask"] = loop.zero_output_for_mask;
}

namespace {

constexpr int64_t timeAxis = 1;

Shape withoutTime(const Shape &sequence) {
  Shape step = sequence;
  step.erase(step.begin() + timeAxis);
  return step;
}

/// What scan does, with code for each step.
ScanResult unrolled(const std::function<ScanStep(const Tensors &, const Tensors &)> &step, Tensors states, const Tensors &sequences, bool reverse) {
  int64_t length = sequences[0].dim(timeAxis);
  std::vector<Tensors> outputs(static_cast<size_t>(length));
  for (int64_t i = 0; i < length; ++i) {
    int64_t at = reverse ? length - 1 - i : i;
    Tensors slices;
    for (const Tensor &x : sequences) slices.push_back(squeeze(slice(x, timeAxis, at, at + 1), timeAxis));
    ScanStep made = step(states, slices);
    states = made.states;
    for (const Tensor &y : made.outputs) outputs[static_cast<size_t>(at)].push_back(expand_dims(y, timeAxis));
  }
  ScanResult result{states, {}};
  for (size_t k = 0; k < outputs[0].size(); ++k) {
    Tensors pieces;
    for (const Tensors &ofStep : outputs) pieces.push_back(ofStep[k]);
    result.outputs.push_back(concatenate(pieces, timeAxis));
  }
  return result;
}

/// A mask of (batch,) where x is (batch, …).
Tensor choose(const Tensor &mask, const Tensor &x, const Tensor &otherwise) {
  Tensor m = mask;
  while (m.rank() < x.rank()) m = expand_dims(m, -1);
  return where(m, x, otherwise);
}

/// True if the cell's output is its first state, which then need not be carried along twice. Found by tracing a step that is thrown away.
bool outputIsState(const AnyCell &cell, const Tensor &x, const Tensors &states) {
  trace::Trace &outer = trace::here();
  trace::Trace probe;
  probe.scopes = outer.scopes, probe.callers = outer.callers;
  std::vector<trace::Slot> slots = {{"x", withoutTime(x.shape()), x.dtype()}};
  for (const Tensor &state : states) slots.push_back({"state", state.shape(), state.dtype()});
  Tensors arguments = probe.begin("step", slots, outer.training);
  cell->begin(arguments[0].shape());
  CellContract::Step made = cell.step(arguments[0], Tensors(arguments.begin() + 1, arguments.end()));
  return probe.value(made.output) == probe.value(made.states[0]);
}

} // namespace

void RecurrentContract::build(BaseLayer &layer, const std::vector<Shape> &inputs) {
  if (inputs[0].size() < 3) layer.fail("the input must have at least 3 axes: batch, time, features", "shape=" + shapeString(inputs[0]));
  theCell.build(withoutTime(inputs[0]));
  if (!loop.stateful) return;
  std::optional<int64_t> batch = trace::here().batch;
  if (!batch) layer.fail("a stateful layer needs batches of one size: give the Input a batch_size");
  std::vector<int64_t> sizes = theCell->state_size();
  kept.clear();
  for (size_t i = 0; i < sizes.size(); ++i) kept.push_back(keptState(i, *batch, sizes[i]));
}

Tensors RecurrentContract::run(BaseLayer &layer, const Tensors &in) {
  const Tensor &x = in[0];
  std::vector<int64_t> sizes = theCell->state_size();
  if (in.size() > 1 && in.size() != 1 + sizes.size())
    layer.fail("initial_state must hold one tensor for each of its " + std::to_string(sizes.size()) + " states", std::to_string(in.size() - 1));

  trace::Trace &t = trace::here();
  Tensors initial(in.begin() + 1, in.end());
  auto expect = [&](const std::string &what, const Tensor &given, const Shape &shape) {
    if (given.shape() != shape) layer.fail(what + " must have shape " + shapeString(shape), "shape=" + shapeString(given.shape()));
  };
  for (size_t i = 0; i < initial.size(); ++i) expect("initial state " + std::to_string(i), initial[i], {x.dim(0), sizes[i]});
  bool fromZero = initial.empty() && kept.empty();
  for (size_t i = initial.size(); i < sizes.size(); ++i)
    initial.push_back(kept.empty() ? zeros({x.dim(0), sizes[i]}, x.dtype()) : take(t.wrap(t.pending(kept[i])), arange(x.dim(0))));

  Tensor mask = x.mask();
  if (mask) expect("the mask", mask, {x.dim(0), x.dim(timeAxis)});
  bool zeroed = mask && loop.zero_output_for_mask;
  // Where a step is masked the output is that of the step before, at first 0: the first state itself, if that begins at 0 too.
  bool needsOutput = !loop.return_sequences || (mask && !zeroed);
  bool isState = needsOutput && !zeroed && (!mask || fromZero) && outputIsState(theCell, x, initial);
  bool carriesOutput = needsOutput && !isState;

  theCell->begin(withoutTime(x.shape()));
  auto step = [&](const Tensors &carried, const Tensors &slices) {
    Tensors before(carried.begin(), carried.begin() + static_cast<int64_t>(sizes.size()));
    CellContract::Step made = theCell.step(slices[0], before);
    if (mask) {
      for (size_t i = 0; i < before.size(); ++i) made.states[i] = choose(slices[1], made.states[i], before[i]);
      made.output = isState ? made.states[0] : choose(slices[1], made.output, zeroed ? Tensor(0) : carried.back());
    }
    ScanStep next{made.states, {}};
    if (carriesOutput) next.states.push_back(made.output);
    if (loop.return_sequences) next.outputs.push_back(made.output);
    return next;
  };
  Tensors states = initial, sequences = {x};
  if (carriesOutput) {
    Shape output = withoutTime(x.shape());
    output.resize(1), output.push_back(theCell->output_size());
    states.push_back(zeros(output, x.dtype()));
  }
  if (mask) sequences.push_back(mask);
  ScanResult result = loop.unroll ? unrolled(step, states, sequences, loop.go_backwards)
                                  : scan(step, states, sequences, {.axis = timeAxis, .reverse = loop.go_backwards});

  Tensors final(result.states.begin(), result.states.begin() + static_cast<int64_t>(sizes.size()));
  for (size_t i = 0; i < kept.size(); ++i) assign(kept[i], scatter(arange(x.dim(0)), final[i], kept[i].shape()[0]));
  // The loop leaves outputs beside their steps; Keras's order is that of the computation.
  Tensor output = !loop.return_sequences ? (carriesOutput ? result.states.back() : final[0]) : loop.go_backwards ? flip(result.outputs[0], timeAxis) : result.outputs[0];
  Tensors all = {output};
  if (loop.return_state) all.insert(all.end(), final.begin(), final.end());
  return all;
}

} // namespace cornu
