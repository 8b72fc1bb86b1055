// Cell: what a recurrent layer does with one step of a sequence.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

/// What does not depend on a cell's class. Derive from Cell<Self>, not from this.
class CellContract {
public:
  using States = Tensors;
  /// What a cell makes of one step.
  struct Step {
    Tensor output;
    States states; ///< for the next step, each of the shape it came with
  };

  virtual ~CellContract() = default;
  /// Features of each state: states have the shape (batch, features).
  virtual std::vector<int64_t> state_size() const = 0;
  virtual int64_t output_size() const { return state_size().at(0); }
  /// `x` is one step of the sequence, (batch, …). Traced once, like a layer's `call`.
  virtual Step step(const Tensor &x, const States &states) = 0;
  /// Called once before the first step of a sequence, whose steps have this shape: what is drawn here is the same in all of them.
  virtual void begin(const Shape &) {}
};

/// What a cell of one's own derives from, with itself as the argument:
///
///     struct MinimalCell : Cell<MinimalCell> {
///       int64_t units;
///       Variable kernel, recurrent;
///       explicit MinimalCell(int64_t units) : units(units) {}
///       std::vector<int64_t> state_size() const override { return {units}; }
///       void build(const Shape &step) { kernel = add_weight("kernel", {step.back(), units}); recurrent = add_weight("recurrent", {units, units}); }
///       Step step(const Tensor &x, const States &s) override { auto h = tanh(matmul(x, kernel) + matmul(s[0], recurrent)); return {h, {h}}; }
///     };
///     auto y = RNN(MinimalCell(32), {.return_sequences = true})(x);
///
/// It is a layer, too: `cell({x, state})` gives output and states of a single step.
template <class Self> class Cell : public Layer<Self>, public CellContract {
public:
  Tensors call(const Tensors &xs) {
    if (xs.size() != 1 + state_size().size()) this->fail("takes a step and " + std::to_string(state_size().size()) + " states", std::to_string(xs.size()) + " tensors");
    begin(xs[0].shape());
    Step made = step(xs[0], States(xs.begin() + 1, xs.end()));
    Tensors all = {made.output};
    all.insert(all.end(), made.states.begin(), made.states.end());
    return all;
  }

protected:
  explicit Cell(LayerOptions options = {}) : Layer<Self>(std::move(options)) {}
};

/// Any cell, as a handle: what RNN and StackedRNNCells take.
class AnyCell {
public:
  AnyCell() = default;
  template <class C> requires(std::derived_from<C, BaseLayer> && std::derived_from<C, CellContract>)
  AnyCell(const C &cell) : AnyCell(std::shared_ptr<BaseLayer>(cell.shared())) {}
  /// UserError if the layer is no cell.
  explicit AnyCell(std::shared_ptr<BaseLayer> layer);

  const std::shared_ptr<BaseLayer> &layer() const { return instance; }
  CellContract *operator->() const { return contract; }
  /// Makes the weights for steps of this shape. Only inside a call.
  void build(const Shape &step) const;
  /// One step, under the cell's name.
  CellContract::Step step(const Tensor &x, const Tensors &states) const;

private:
  std::shared_ptr<BaseLayer> instance;
  CellContract *contract = nullptr;
};

} // namespace cornu
