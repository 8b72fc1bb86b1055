#include "frontend/losses/hinge.h"

#include "frontend/losses/make.h"

namespace cornu::losses {

namespace {
/// 1 - y_true · y_pred, where positive.
Tensor missing(const char *name, const Tensor &y_true, const Tensor &p) {
  checkTargets(name, y_true, p);
  Tensor t = cast(y_true, p.dtype());
  Tensor binary = min(cast(logical_or(equal(t, 0), equal(t, 1)), p.dtype())) > 0.5;
  t = where(binary, 2 * t - 1, t);
  return maximum(1 - t * p, 0);
}
} // namespace

Tensor hinge(const Tensor &t, const Tensor &p) { return mean(missing("hinge", t, p), -1); }
Tensor squared_hinge(const Tensor &t, const Tensor &p) { return mean(square(missing("squared_hinge", t, p)), -1); }
Tensor categorical_hinge(const Tensor &y_true, const Tensor &p) {
  checkTargets("categorical_hinge", y_true, p);
  Tensor t = cast(y_true, p.dtype());
  return maximum(max((1 - t) * p, -1) - sum(t * p, -1) + 1, 0);
}

Loss Hinge(HingeOptions o) { return make("Hinge", o, Json::object(), hinge); }
Loss SquaredHinge(SquaredHingeOptions o) { return make("SquaredHinge", o, Json::object(), squared_hinge); }
Loss CategoricalHinge(CategoricalHingeOptions o) { return make("CategoricalHinge", o, Json::object(), categorical_hinge); }

void addHinges(ComponentTable<Loss> &table) {
  table.add("Hinge", {"hinge"}, [](const Json &c) { return Hinge(read<HingeOptions>(c)); });
  table.add("SquaredHinge", {"squared_hinge"}, [](const Json &c) { return SquaredHinge(read<SquaredHingeOptions>(c)); });
  table.add("CategoricalHinge", {"categorical_hinge"}, [](const Json &c) { return CategoricalHinge(read<CategoricalHingeOptions>(c)); });
}

} // namespace cornu::losses
