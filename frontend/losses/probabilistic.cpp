#include "frontend/losses/probabilistic.h"

#include "frontend/losses/make.h"

namespace cornu::losses {

Tensor kl_divergence(const Tensor &y_true, const Tensor &y_pred) {
  checkTargets("kl_divergence", y_true, y_pred);
  Tensor t = clip(cast(y_true, y_pred.dtype()), epsilon, 1), p = clip(y_pred, epsilon, 1);
  return sum(t * log(t / p), -1);
}

Tensor poisson(const Tensor &t, const Tensor &p) {
  checkTargets("poisson", t, p);
  return mean(p - cast(t, p.dtype()) * log(p + epsilon), -1);
}

Tensor binary_focal_crossentropy(const Tensor &y_true, const Tensor &y_pred, const BinaryFocalCrossentropyOptions &o) {
  checkTargets("binary_focal_crossentropy", y_true, y_pred);
  Tensor t = smoothed(cast(y_true, y_pred.dtype()), o.label_smoothing, 2);
  Tensor p = o.from_logits ? sigmoid(y_pred) : y_pred, logits = sigmoidLogits(p), entropy;
  if (logits) {
    entropy = softplus(logits) - t * logits;
  } else {
    Tensor clipped = clip(p, epsilon, 1 - epsilon);
    entropy = -(t * log(clipped) + (1 - t) * log(1 - clipped));
  }
  Tensor focal = power(1 - (t * p + (1 - t) * (1 - p)), o.gamma) * entropy;
  if (o.apply_class_balancing) focal = (t * o.alpha + (1 - t) * (1 - o.alpha)) * focal;
  return mean(focal, Axes({o.axis}));
}

Tensor categorical_focal_crossentropy(const Tensor &y_true, const Tensor &y_pred, const CategoricalFocalCrossentropyOptions &o) {
  checkTargets("categorical_focal_crossentropy", y_true, y_pred);
  Tensor t = smoothed(cast(y_true, y_pred.dtype()), o.label_smoothing, static_cast<double>(y_true.dim(-1)));
  Tensor p = o.from_logits ? softmax(y_pred, o.axis) : y_pred;
  p = clip(p / sum(p, Axes({o.axis}), {.keepdims = true}), epsilon, 1 - epsilon);
  return sum(power(1 - p, o.gamma) * o.alpha * (-t * log(p)), Axes({o.axis}));
}

namespace {
/// Of labels of shape (batch, 1) Keras compares each with every row of y_pred, which makes (batch, batch) values. The result here is those of each row added up,
/// or averaged, which is the same to a sum and to a mean.
Tensor generalizedOfEvery(const Tensor &labels, const Tensor &p, const CategoricalGeneralizedCrossEntropyOptions &o) {
  if (o.reduction == "none" || o.reduction == "mean_with_sample_weight")
    throw UserError("CategoricalGeneralizedCrossEntropy: labels of shape (batch, 1), of which Keras compares each with every prediction, take the reductions 'sum', "
                    "'sum_over_batch_size' and 'mean'; for any other their shape must be (batch)", "reduction='" + o.reduction + "'");
  Tensor counts = sum(one_hot(labels, p.dim(-1), p.dtype()), 0);
  // A class that no label names must not count, not even in the gradient, which is infinite at 0.
  Tensor values = sum(counts * (1 - pow(where(counts > 0, p, 1), o.q)) / o.q, -1);
  return o.reduction == "sum" ? values : values / cast(batch_size(), p.dtype());
}
} // namespace

Loss KLDivergence(KLDivergenceOptions o) { return make("KLDivergence", o, Json::object(), kl_divergence); }
Loss Poisson(PoissonOptions o) { return make("Poisson", o, Json::object(), poisson); }
Loss BinaryFocalCrossentropy(BinaryFocalCrossentropyOptions o) {
  Json own = Json::object({{"from_logits", o.from_logits}, {"label_smoothing", o.label_smoothing}, {"axis", o.axis},
                           {"apply_class_balancing", o.apply_class_balancing}, {"alpha", o.alpha}, {"gamma", o.gamma}});
  return make("BinaryFocalCrossentropy", o, own, [o](const Tensor &t, const Tensor &p) { return binary_focal_crossentropy(t, p, o); });
}
Loss CategoricalFocalCrossentropy(CategoricalFocalCrossentropyOptions o) {
  Json own = Json::object({{"from_logits", o.from_logits}, {"label_smoothing", o.label_smoothing}, {"axis", o.axis}, {"alpha", o.alpha}, {"gamma", o.gamma}});
  return make("CategoricalFocalCrossentropy", o, own, [o](const Tensor &t, const Tensor &p) { return categorical_focal_crossentropy(t, p, o); });
}
Loss CategoricalGeneralizedCrossEntropy(CategoricalGeneralizedCrossEntropyOptions o) {
  if (!(o.q > 0 && o.q < 1)) throw UserError("CategoricalGeneralizedCrossEntropy: q must be between 0 and 1", "q=" + pythonRepr(o.q));
  return make("CategoricalGeneralizedCrossEntropy", o, Json::object({{"q", o.q}}), [o](const Tensor &y_true, const Tensor &p) {
    if (y_true.rank() == 2 && p.rank() == 2 && y_true.dim(-1) == 1) return generalizedOfEvery(squeeze(y_true, -1), p, o);
    if (y_true.rank() + 1 != p.rank())
      throw UserError("CategoricalGeneralizedCrossEntropy: y_true must hold one class for each prediction, so its shape must be that of y_pred, " + shapeString(p.shape()) +
                          ", without the last axis", "shape=" + shapeString(y_true.shape()));
    return (1 - pow(sum(p * one_hot(y_true, p.dim(-1), p.dtype()), -1), o.q)) / o.q;
  });
}

void addProbabilistic(ComponentTable<Loss> &table) {
  using config::flag, config::integer, config::number;
  table.add("KLDivergence", {"kl_divergence", "kld", "KLD"}, [](const Json &c) { return KLDivergence(read<KLDivergenceOptions>(c)); });
  table.add("Poisson", {"poisson"}, [](const Json &c) { return Poisson(read<PoissonOptions>(c)); });
  table.add("BinaryFocalCrossentropy", {"binary_focal_crossentropy"}, [](const Json &c) {
    auto o = read<BinaryFocalCrossentropyOptions>(c);
    o.apply_class_balancing = flag(c, "apply_class_balancing", false);
    o.alpha = number(c, "alpha", 0.25), o.gamma = number(c, "gamma", 2);
    o.from_logits = flag(c, "from_logits", false), o.label_smoothing = number(c, "label_smoothing", 0), o.axis = integer(c, "axis", -1);
    return BinaryFocalCrossentropy(o);
  });
  table.add("CategoricalFocalCrossentropy", {"categorical_focal_crossentropy"}, [](const Json &c) {
    auto o = read<CategoricalFocalCrossentropyOptions>(c);
    o.alpha = number(c, "alpha", 0.25), o.gamma = number(c, "gamma", 2);
    o.from_logits = flag(c, "from_logits", false), o.label_smoothing = number(c, "label_smoothing", 0), o.axis = integer(c, "axis", -1);
    return CategoricalFocalCrossentropy(o);
  });
  table.add("CategoricalGeneralizedCrossEntropy", {}, [](const Json &c) {
    auto o = read<CategoricalGeneralizedCrossEntropyOptions>(c);
    o.q = number(c, "q", 0.5);
    return CategoricalGeneralizedCrossEntropy(o);
  });
}

} // namespace cornu::losses
