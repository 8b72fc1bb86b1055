#include "frontend/losses/overlap.h"

#include "frontend/losses/make.h"

namespace cornu::losses {

namespace {
using MaybeAxes = std::optional<OneOrMany<int64_t>>;

Axes axesOf(const MaybeAxes &axis) { return axis ? Axes(axis->list()) : Axes(); }
Json jsonOf(const MaybeAxes &axis) { return axis ? axis->json() : Json(); }

MaybeAxes readAxes(const Json &c) {
  const Json &entry = c.get("axis");
  return entry.isNull() ? MaybeAxes() : OneOrMany<int64_t>::from(entry);
}
} // namespace

Loss Dice(DiceOptions o) {
  return make("Dice", o, Json::object({{"axis", jsonOf(o.axis)}}), [axes = axesOf(o.axis)](const Tensor &t, const Tensor &p) {
    checkTargets("dice", t, p);
    return 1 - 2 * sum(t * p, axes) / (sum(t, axes) + sum(p, axes) + epsilon);
  });
}

Loss Tversky(TverskyOptions o) {
  Json own = Json::object({{"alpha", o.alpha}, {"beta", o.beta}, {"axis", jsonOf(o.axis)}});
  return make("Tversky", o, own, [o, axes = axesOf(o.axis)](const Tensor &t, const Tensor &p) {
    checkTargets("tversky", t, p);
    Tensor both = sum(t * p, axes);
    return 1 - both / (both + o.alpha * sum((1 - p) * t, axes) + o.beta * sum(p * (1 - t), axes) + epsilon);
  });
}

void addOverlap(ComponentTable<Loss> &table) {
  table.add("Dice", {"dice"}, [](const Json &c) {
    auto o = read<DiceOptions>(c);
    o.axis = readAxes(c);
    return Dice(o);
  });
  table.add("Tversky", {"tversky"}, [](const Json &c) {
    auto o = read<TverskyOptions>(c);
    o.alpha = config::number(c, "alpha", 0.5), o.beta = config::number(c, "beta", 0.5);
    o.axis = readAxes(c);
    return Tversky(o);
  });
}

} // namespace cornu::losses
