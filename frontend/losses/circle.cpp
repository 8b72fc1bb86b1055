#include "frontend/losses/circle.h"

#include <limits>

#include "frontend/losses/make.h"

namespace cornu::losses {

Tensor circle(const Tensor &y_true, const Tensor &y_pred, const CircleOptions &o) {
  bool oneClassEach = y_true.rank() == 1 || (y_true.rank() == 2 && y_true.dim(1) == 1);
  if (!oneClassEach || y_pred.rank() != 2)
    throw UserError("circle: y_true must hold one class for each embedding, (batch,) or (batch, 1), and y_pred the embeddings, (batch, features)",
                    "shapes " + shapeString(y_true.shape()) + " and " + shapeString(y_pred.shape()));
  Tensor classes = reshape(cast(y_true, DType::Int32), {-1});
  Tensor same = equal(expand_dims(classes, 1), expand_dims(classes, 0)), different = logical_not(same);
  if (o.remove_diagonal) same = logical_and(same, not_equal(expand_dims(arange(-1), 1), expand_dims(arange(-1), 0)));

  Tensor distances = maximum(1 - einsum("ik,jk->ij", y_pred, y_pred), 0);
  // Keras weighs with the mask before it takes the logarithm of the sum over the mask: what is outside of it does not count.
  auto total = [](const Tensor &mask, const Tensor &exponents) { return logsumexp(where(mask, exponents, -std::numeric_limits<double>::infinity()), 1); };
  Tensor positive = total(same, -o.gamma * maximum(o.margin + distances, 0) * (o.margin - distances));
  Tensor negative = total(different, o.gamma * maximum(1 + o.margin - distances, 0) * (1 - o.margin - distances));
  Tensor values = softplus(positive + negative);
  return with_mask(values, values > 0);
}

Loss Circle(CircleOptions o) {
  return make("Circle", o, Json::object({{"gamma", o.gamma}, {"margin", o.margin}, {"remove_diagonal", o.remove_diagonal}}),
              [o](const Tensor &t, const Tensor &p) { return circle(t, p, o); });
}

void addMetricLearning(ComponentTable<Loss> &table) {
  table.add("Circle", {"circle"}, [](const Json &c) {
    auto o = read<CircleOptions>(c);
    o.gamma = config::number(c, "gamma", o.gamma), o.margin = config::number(c, "margin", o.margin);
    o.remove_diagonal = config::flag(c, "remove_diagonal", o.remove_diagonal);
    return Circle(o);
  });
}

} // namespace cornu::losses
