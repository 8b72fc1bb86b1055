#include "frontend/ops/rows.h"

namespace cornu::ops {

/// What a sum of rows remembers; made when first asked for, since few ask.
struct RowSum {
  std::function<std::vector<Addend>()> addends;
};

namespace {

/// The sum that x is, if it is one of the trace that is being made.
const RowSum *rowsOf(const Tensor &x) {
  const Tensor::Impl &impl = *x.impl;
  return impl.kind == Tensor::Impl::Kind::Value && impl.rows ? impl.rows.get() : nullptr;
}

Tensor carrying(const Tensor &y, std::function<std::vector<Addend>()> addends) {
  auto impl = std::make_shared<Tensor::Impl>(*y.impl);
  impl->rows = std::make_shared<const RowSum>(RowSum{std::move(addends)});
  return Tensor(impl);
}

} // namespace

Tensor sumOfRows(const Shape &table, std::vector<Addend> addends) {
  Tensor sum;
  for (const Addend &addend : addends) {
    Tensor term = scatter(addend.indices, addend.rows, table[0]);
    sum = sum ? sum + term : term;
  }
  return carrying(sum, [addends = std::move(addends)] { return addends; });
}

Tensor asTable(const Tensor &x) { return rowsOf(x) ? wrap(value(x)) : x; }

Tensor rowByRow(const Tensor &x, const std::function<Tensor(const Tensor &)> &f) {
  const RowSum *sum = rowsOf(x);
  if (!sum) return f(x);
  std::vector<Addend> addends = sum->addends();
  for (Addend &addend : addends) addend.rows = f(addend.rows);
  return sumOfRows(x.shape(), std::move(addends));
}

Tensor linearInRows(const Tensor &y, const Tensor &x, const Tensor &other, const std::function<Tensor(const Tensor &, const Tensor &)> &f) {
  const RowSum *sum = rowsOf(x);
  if (!sum || (other.rank() && other.shape() != x.shape())) return y;
  return carrying(y, [of = sum->addends, other, f] {
    std::vector<Addend> addends = of();
    for (Addend &addend : addends) addend.rows = f(addend.rows, other.rank() ? take(other, addend.indices) : other);
    return addends;
  });
}

} // namespace cornu::ops
