// Losses as metrics.
#include "frontend/losses/losses.h"

#include "frontend/losses/reduction.h"
#include "frontend/losses/regression.h"
#include "frontend/metrics/make.h"

namespace cornu::metrics {

namespace {
Metric ofLoss(const char *className, const char *lossName, const std::string &name, const Json &own = Json::object()) {
  Loss loss = Loss::from_config(lossName, own);
  return Metric(className, configOf(name.empty() ? lossName : name, own), [loss](const Tensor &t, const Tensor &p) { return loss(t, p); }).directed(Direction::Down);
}
} // namespace

Metric MeanSquaredError(NameOption o) { return ofLoss("MeanSquaredError", "mean_squared_error", o.name); }
Metric MeanAbsoluteError(NameOption o) { return ofLoss("MeanAbsoluteError", "mean_absolute_error", o.name); }
Metric MeanAbsolutePercentageError(NameOption o) { return ofLoss("MeanAbsolutePercentageError", "mean_absolute_percentage_error", o.name); }
Metric MeanSquaredLogarithmicError(NameOption o) { return ofLoss("MeanSquaredLogarithmicError", "mean_squared_logarithmic_error", o.name); }
Metric LogCoshError(NameOption o) { return ofLoss("LogCoshError", "log_cosh", o.name.empty() ? "logcosh" : o.name); }
Metric Hinge(NameOption o) { return ofLoss("Hinge", "hinge", o.name); }
Metric SquaredHinge(NameOption o) { return ofLoss("SquaredHinge", "squared_hinge", o.name); }
Metric CategoricalHinge(NameOption o) { return ofLoss("CategoricalHinge", "categorical_hinge", o.name); }
Metric KLDivergence(NameOption o) { return ofLoss("KLDivergence", "kl_divergence", o.name); }
Metric Poisson(NameOption o) { return ofLoss("Poisson", "poisson", o.name); }
Metric BinaryCrossentropy(BinaryCrossentropyOptions o) {
  return ofLoss("BinaryCrossentropy", "binary_crossentropy", o.name, Json::object({{"from_logits", o.from_logits}, {"label_smoothing", o.label_smoothing}}));
}
Metric CategoricalCrossentropy(CategoricalCrossentropyOptions o) {
  return ofLoss("CategoricalCrossentropy", "categorical_crossentropy", o.name,
                Json::object({{"from_logits", o.from_logits}, {"label_smoothing", o.label_smoothing}, {"axis", o.axis}}));
}
Metric SparseCategoricalCrossentropy(SparseCategoricalCrossentropyOptions o) {
  return ofLoss("SparseCategoricalCrossentropy", "sparse_categorical_crossentropy", o.name,
                Json::object({{"from_logits", o.from_logits}, {"ignore_class", o.ignore_class}, {"axis", -1}}));
}

Metric CosineSimilarity(CosineSimilarityOptions o) {
  return Metric("CosineSimilarity", configOf(o.name, Json::object({{"axis", o.axis}})), [axis = o.axis](const Tensor &y_true, const Tensor &y_pred) {
    auto [t, p] = losses::alignRanks(cast(y_true, y_pred.dtype()), y_pred);
    return -losses::cosine_similarity(t, p, axis);
  }).directed(Direction::Up);
}

Metric RootMeanSquaredError(NameOption o) {
  Accumulator accumulator;
  accumulator.increments = [](const Tensor &y_true, const Tensor &y_pred, const Tensor &sample_weight) {
    auto [t, p] = losses::alignRanks(cast(y_true, y_pred.dtype()), y_pred);
    return meanIncrements(square(t - p), sample_weight);
  };
  accumulator.result = [](const Tensors &totals) { return sqrt(losses::divideNoNan(totals[0], totals[1])); };
  return Metric("RootMeanSquaredError", configOf(o.name.empty() ? "root_mean_squared_error" : o.name, Json::object()), accumulator).directed(Direction::Down);
}

void addLosses(ComponentTable<Metric> &table) {
  using config::flag, config::integer, config::number, config::optionalInteger, config::text;
  auto add = [&](const char *className, std::vector<std::string> names, Metric (*maker)(NameOption)) {
    table.add(className, std::move(names), [maker](const Json &c) { return maker({text(c, "name", "")}); });
  };
  add("MeanSquaredError", {"mean_squared_error", "mse", "MSE"}, MeanSquaredError);
  add("MeanAbsoluteError", {"mean_absolute_error", "mae", "MAE"}, MeanAbsoluteError);
  add("MeanAbsolutePercentageError", {"mean_absolute_percentage_error", "mape", "MAPE"}, MeanAbsolutePercentageError);
  add("MeanSquaredLogarithmicError", {"mean_squared_logarithmic_error", "msle", "MSLE"}, MeanSquaredLogarithmicError);
  add("RootMeanSquaredError", {"root_mean_squared_error"}, RootMeanSquaredError);
  add("LogCoshError", {"log_cosh", "log_cosh_error"}, LogCoshError);
  add("Hinge", {"hinge"}, Hinge);
  add("SquaredHinge", {"squared_hinge"}, SquaredHinge);
  add("CategoricalHinge", {"categorical_hinge"}, CategoricalHinge);
  add("KLDivergence", {"kl_divergence"}, KLDivergence);
  add("Poisson", {"poisson"}, Poisson);
  table.add("CosineSimilarity", {"cosine_similarity"},
            [](const Json &c) { return CosineSimilarity({text(c, "name", "cosine_similarity"), integer(c, "axis", -1)}); });
  table.add("BinaryCrossentropy", {"binary_crossentropy", "bce", "BCE"}, [](const Json &c) {
    return BinaryCrossentropy({text(c, "name", "binary_crossentropy"), flag(c, "from_logits", false), number(c, "label_smoothing", 0)});
  });
  table.add("CategoricalCrossentropy", {"categorical_crossentropy"}, [](const Json &c) {
    return CategoricalCrossentropy({text(c, "name", "categorical_crossentropy"), flag(c, "from_logits", false), number(c, "label_smoothing", 0),
                                    integer(c, "axis", -1)});
  });
  table.add("SparseCategoricalCrossentropy", {"sparse_categorical_crossentropy"}, [](const Json &c) {
    return SparseCategoricalCrossentropy({text(c, "name", "sparse_categorical_crossentropy"), flag(c, "from_logits", false), optionalInteger(c, "ignore_class")});
  });
}

} // namespace cornu::metrics
