#include "frontend/regularizers/orthogonal.h"

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu::regularizers {

Regularizer OrthogonalRegularizer(OrthogonalOptions o) {
  if (!(o.factor >= 0 && o.factor <= 1.7e308)) throw UserError("OrthogonalRegularizer: factor must be a number that is not negative", pythonRepr(o.factor));
  if (o.mode != "rows" && o.mode != "columns") throw UserError("OrthogonalRegularizer: mode must be 'rows' or 'columns'", "mode='" + o.mode + "'");
  // Keras's config shows the factor as rounded to float32.
  Json config = Json::object({{"factor", static_cast<double>(static_cast<float>(o.factor))}, {"mode", o.mode}});
  return Regularizer("OrthogonalRegularizer", config, [o](const Tensor &x) {
    if (x.rank() != 2) throw UserError("OrthogonalRegularizer: it is of matrices only", "shape=" + shapeString(x.shape()));
    bool rows = o.mode == "rows";
    Tensor unit = x * rsqrt(maximum(sum(square(x), Axes(rows ? 1 : 0), {.keepdims = true}), 1e-14));
    Tensor cosines = einsum(rows ? "ik,jk->ij" : "ki,kj->ij", unit, unit);
    int64_t count = x.dim(rows ? 0 : 1);
    Tensor index = arange(count), others = cast(not_equal(expand_dims(index, 1), index), x.dtype());
    double n = static_cast<double>(count);
    return 0.5 * o.factor * sum(abs(cosines * others)) / (n * (n - 1) / 2);
  });
}

} // namespace cornu::regularizers
