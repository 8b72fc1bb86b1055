// The crossentropies and mean_squared_error as functions of tensors.
#include "frontend/losses/make.h"
#include "frontend/ops/emit.h"

namespace cornu::losses {

void checkTargets(const char *name, const Tensor &y_true, const Tensor &y_pred) { ops::broadcast(name, y_true.shape(), y_pred.shape()); }
Tensor smoothed(const Tensor &t, double amount, double classes) { return amount == 0 ? t : t * (1 - amount) + amount / classes; }

namespace {

/// What went into the softmax or sigmoid whose result p directly is, or no tensor.
template <class Op> Tensor logitsOf(const Tensor &p) {
  if (auto op = ops::value(p).getDefiningOp<Op>()) return ops::wrap(op.getX());
  return {};
}

void checkSameShape(const char *name, const Tensor &t, const Tensor &p) {
  if (t.shape() != p.shape())
    throw UserError(std::string(name) + ": y_true must have the shape of y_pred, " + shapeString(p.shape()), "shape=" + shapeString(t.shape()));
}

/// Sum of -t · log_softmax(logits), which for probabilities is computed from their logarithms.
Tensor crossentropy(const Tensor &t, const Tensor &logits, int64_t axis) { return -sum(t * log_softmax(logits, axis), Axes({axis})); }

Tensor softmaxLogits(const Tensor &p, bool from_logits, int64_t axis) {
  if (from_logits) return p;
  auto op = ops::value(p).getDefiningOp<ir::SoftmaxOp>();
  bool sameAxis = op && op.getDims().size() == 1 && op.getDims()[0] == ops::axisOf("crossentropy", p, axis);
  return sameAxis ? ops::wrap(op.getX()) : Tensor();
}

} // namespace

Tensor sigmoidLogits(const Tensor &p) { return logitsOf<ir::SigmoidOp>(p); }

Tensor categorical_crossentropy(const Tensor &y_true, const Tensor &p, const CategoricalCrossentropyOptions &o) {
  checkSameShape("categorical_crossentropy", y_true, p);
  Tensor t = smoothed(cast(y_true, p.dtype()), o.label_smoothing, static_cast<double>(p.dim(o.axis)));
  if (Tensor logits = softmaxLogits(p, o.from_logits, o.axis)) return crossentropy(t, logits, o.axis);
  Tensor normalised = p / sum(p, Axes({o.axis}), {.keepdims = true});
  return -sum(t * log(clip(normalised, epsilon, 1 - epsilon)), Axes({o.axis}));
}

Tensor sparse_categorical_crossentropy(const Tensor &y_true, const Tensor &p, const SparseCategoricalCrossentropyOptions &o) {
  Tensor classes = y_true.rank() == p.rank() && y_true.dim(-1) == 1 ? squeeze(y_true, -1) : y_true;
  if (classes.rank() + 1 != p.rank() || !std::equal(classes.shape().begin(), classes.shape().end(), p.shape().begin()))
    throw UserError("sparse_categorical_crossentropy: y_true must hold one class for each prediction, so its shape must be that of y_pred, " +
                        shapeString(p.shape()) + ", without the last axis or with 1 there", "shape=" + shapeString(y_true.shape()));
  Tensor counts = o.ignore_class ? not_equal(classes, *o.ignore_class) : Tensor();
  // As Keras does it; the probabilities of a softmax are clipped, then.
  Tensor label = counts ? where(counts, classes, 0) : classes, prediction = counts ? where(expand_dims(counts, -1), p, 0) : p;
  Tensor logits = softmaxLogits(prediction, o.from_logits, -1);
  Tensor values = crossentropy(one_hot(label, p.dim(-1), p.dtype()), logits ? logits : log(clip(prediction, epsilon, 1 - epsilon)), -1);
  return counts ? with_mask(where(counts, values, 0), counts) : values;
}

Tensor binary_crossentropy(const Tensor &y_true, const Tensor &p, const BinaryCrossentropyOptions &o) {
  checkTargets("binary_crossentropy", y_true, p);
  Tensor t = smoothed(cast(y_true, p.dtype()), o.label_smoothing, 2);
  Tensor logits = o.from_logits ? p : sigmoidLogits(p);
  // With s = sigmoid(x): -t log(s) - (1 - t) log(1 - s) = softplus(x) - t x.
  if (logits) return mean(softplus(logits) - t * logits, Axes({o.axis}));
  Tensor clipped = clip(p, epsilon, 1 - epsilon);
  return mean(-(t * log(clipped) + (1 - t) * log(1 - clipped)), Axes({o.axis}));
}

Tensor mean_squared_error(const Tensor &y_true, const Tensor &p) {
  checkTargets("mean_squared_error", y_true, p);
  return mean(square(cast(y_true, p.dtype()) - p), -1);
}

} // namespace cornu::losses
