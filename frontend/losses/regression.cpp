#include "frontend/losses/regression.h"

#include <numbers>

#include "frontend/losses/make.h"

namespace cornu::losses {

Tensor mean_absolute_error(const Tensor &t, const Tensor &p) {
  checkTargets("mean_absolute_error", t, p);
  return mean(abs(cast(t, p.dtype()) - p), -1);
}

Tensor mean_absolute_percentage_error(const Tensor &y_true, const Tensor &p) {
  checkTargets("mean_absolute_percentage_error", y_true, p);
  Tensor t = cast(y_true, p.dtype());
  return 100 * mean(abs((t - p) / maximum(abs(t), epsilon)), -1);
}

Tensor mean_squared_logarithmic_error(const Tensor &t, const Tensor &p) {
  checkTargets("mean_squared_logarithmic_error", t, p);
  auto logarithm = [&](const Tensor &x) { return log(maximum(cast(x, p.dtype()), epsilon) + 1); };
  return mean(square(logarithm(p) - logarithm(t)), -1);
}

Tensor cosine_similarity(const Tensor &t, const Tensor &p, int64_t axis) {
  checkTargets("cosine_similarity", t, p);
  // A vector of zeros stays one.
  auto unit = [&](const Tensor &x) { return x * rsqrt(maximum(sum(square(x), Axes({axis}), {.keepdims = true}), epsilon * epsilon)); };
  return -sum(unit(cast(t, p.dtype())) * unit(p), Axes({axis}));
}

Tensor huber(const Tensor &t, const Tensor &p, double delta) {
  checkTargets("huber", t, p);
  Tensor error = p - cast(t, p.dtype()), size = abs(error);
  return mean(where(size <= delta, 0.5 * square(error), delta * size - 0.5 * delta * delta), -1);
}

Tensor log_cosh(const Tensor &t, const Tensor &p) {
  checkTargets("log_cosh", t, p);
  Tensor d = p - cast(t, p.dtype());
  return mean(d + softplus(-2 * d) - std::numbers::ln2, -1);
}

Loss MeanAbsoluteError(MeanAbsoluteErrorOptions o) { return make("MeanAbsoluteError", o, Json::object(), mean_absolute_error); }
Loss MeanAbsolutePercentageError(MeanAbsolutePercentageErrorOptions o) {
  return make("MeanAbsolutePercentageError", o, Json::object(), mean_absolute_percentage_error);
}
Loss MeanSquaredLogarithmicError(MeanSquaredLogarithmicErrorOptions o) {
  return make("MeanSquaredLogarithmicError", o, Json::object(), mean_squared_logarithmic_error);
}
Loss CosineSimilarity(CosineSimilarityOptions o) {
  return make("CosineSimilarity", o, Json::object({{"axis", o.axis}}),
              [axis = o.axis](const Tensor &t, const Tensor &p) { return cosine_similarity(t, p, axis); });
}
Loss Huber(HuberOptions o) {
  return make("Huber", o, Json::object({{"delta", o.delta}}), [delta = o.delta](const Tensor &t, const Tensor &p) { return huber(t, p, delta); });
}
Loss LogCosh(LogCoshOptions o) { return make("LogCosh", o, Json::object(), log_cosh); }

void addRegression(ComponentTable<Loss> &table) {
  table.add("MeanAbsoluteError", {"mean_absolute_error", "mae", "MAE"}, [](const Json &c) { return MeanAbsoluteError(read<MeanAbsoluteErrorOptions>(c)); });
  table.add("MeanAbsolutePercentageError", {"mean_absolute_percentage_error", "mape", "MAPE"},
            [](const Json &c) { return MeanAbsolutePercentageError(read<MeanAbsolutePercentageErrorOptions>(c)); });
  table.add("MeanSquaredLogarithmicError", {"mean_squared_logarithmic_error", "msle", "MSLE"},
            [](const Json &c) { return MeanSquaredLogarithmicError(read<MeanSquaredLogarithmicErrorOptions>(c)); });
  table.add("CosineSimilarity", {"cosine_similarity"}, [](const Json &c) {
    auto o = read<CosineSimilarityOptions>(c);
    o.axis = config::integer(c, "axis", -1);
    return CosineSimilarity(o);
  });
  table.add("Huber", {"huber"}, [](const Json &c) {
    auto o = read<HuberOptions>(c);
    o.delta = config::number(c, "delta", 1);
    return Huber(o);
  });
  table.add("LogCosh", {"log_cosh"}, [](const Json &c) { return LogCosh(read<LogCoshOptions>(c)); });
}

} // namespace cornu::losses
