#include "frontend/layers/cell.h"

#include "frontend/trace/Trace.h"

namespace cornu {

AnyCell::AnyCell(std::shared_ptr<BaseLayer> layer) : instance(std::move(layer)), contract(dynamic_cast<CellContract *>(instance.get())) {
  if (!contract) throw UserError("a recurrent layer's cell must be a cell", instance ? instance->class_name() + " '" + instance->name() + "'" : "nothing");
}

void AnyCell::build(const Shape &step) const {
  trace::Scope scope(instance->name());
  instance->ensureBuilt({step});
}

CellContract::Step AnyCell::step(const Tensor &x, const Tensors &states) const {
  trace::Trace &t = trace::here();
  trace::Scope scope(instance->name());
  t.callers.push_back(instance.get());
  CellContract::Step made = contract->step(x, states);
  t.callers.pop_back();
  if (made.states.size() != states.size())
    instance->fail("a step must give as many states as it takes, " + std::to_string(states.size()), std::to_string(made.states.size()));
  return made;
}

} // namespace cornu
