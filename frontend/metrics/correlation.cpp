#include "frontend/metrics/correlation.h"

#include "frontend/losses/losses.h"
#include "frontend/metrics/make.h"

namespace cornu::metrics {

namespace {
Tensor centre(const Tensor &x, int64_t axis) { return mean(x, Axes({axis}), {.keepdims = true}); }
Tensor variance(const Tensor &x, int64_t axis) { return centre(square(x - centre(x, axis)), axis); }

Tensor pearson(const Tensor &t, const Tensor &p, int64_t axis) {
  Tensor a = t - centre(t, axis), b = p - centre(p, axis);
  return mean(a / sqrt(variance(a, axis)) * (b / sqrt(variance(b, axis))), Axes({axis}));
}
Tensor concordance(const Tensor &t, const Tensor &p, int64_t axis) {
  Tensor tm = centre(t, axis), pm = centre(p, axis), covariance = (t - pm) * (p - pm);
  Tensor norm = variance(t - tm, axis) + variance(p - pm, axis) + square(tm - pm);
  return mean(2 * covariance / (norm + 1e-7), Axes({axis}));
}

Metric make(const char *className, const char *fallback, const CorrelationOptions &o, Tensor (*f)(const Tensor &, const Tensor &, int64_t)) {
  return Metric(className, configOf(o.name.empty() ? fallback : o.name, Json::object({{"axis", o.axis}})), [f, axis = o.axis](const Tensor &y_true, const Tensor &y_pred) {
    auto [t, p] = losses::alignRanks(cast(y_true, y_pred.dtype()), y_pred);
    return f(t, p, axis);
  }).directed(Direction::Up);
}
} // namespace

Metric PearsonCorrelation(CorrelationOptions o) { return make("PearsonCorrelation", "pearson_correlation", o, pearson); }
Metric ConcordanceCorrelation(CorrelationOptions o) { return make("ConcordanceCorrelation", "concordance_correlation", o, concordance); }

void addCorrelations(ComponentTable<Metric> &table) {
  auto add = [&](const char *className, const char *name, Metric (*maker)(CorrelationOptions)) {
    table.add(className, {name}, [maker](const Json &c) { return maker({config::text(c, "name", ""), config::integer(c, "axis", -1)}); });
  };
  add("PearsonCorrelation", "pearson_correlation", PearsonCorrelation);
  add("ConcordanceCorrelation", "concordance_correlation", ConcordanceCorrelation);
}

} // namespace cornu::metrics
