// How a family of losses is written: internal.
#pragma once

#include <algorithm>
#include <array>

#include "frontend/core/config.h"
#include "frontend/losses/losses.h"
#include "frontend/ops/ops.h"

namespace cornu::losses {

constexpr double epsilon = 1e-7;

/// A loss with Keras's config: name, reduction, then its own arguments. UserError for an unknown reduction.
template <class Options> Loss make(const char *className, const Options &options, Json own, std::function<Loss::Signature> function) {
  constexpr std::array known = {"sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none"};
  if (std::find(known.begin(), known.end(), options.reduction) == known.end())
    throw UserError(std::string(className) + ": reduction must be 'sum_over_batch_size', 'mean', 'sum', 'mean_with_sample_weight' or 'none'",
                    "reduction='" + options.reduction + "'");
  Json full = Json::object({{"name", options.name}, {"reduction", options.reduction}});
  for (const auto &[key, entry] : own.asObject()) full[key] = entry;
  return Loss(className, full, std::move(function));
}

/// Options with `reduction` and `name` read from a config; a reduction of null is none at all.
template <class Options> Options read(const Json &c) {
  Options o;
  const Json *reduction = c.find("reduction");
  if (reduction) o.reduction = reduction->isNull() ? "none" : reduction->asString();
  o.name = config::text(c, "name", o.name);
  return o;
}

/// UserError unless targets of this shape broadcast against predictions.
void checkTargets(const char *name, const Tensor &y_true, const Tensor &y_pred);
/// x to the power of a constant, which for 1 and 2 is exact.
inline Tensor power(const Tensor &x, double exponent) { return exponent == 1 ? x : exponent == 2 ? square(x) : pow(x, exponent); }
/// The labels with label_smoothing: two classes, or those of `axis`.
Tensor smoothed(const Tensor &y_true, double amount, double classes);
/// What went into the sigmoid whose result `p` directly is, or no tensor.
Tensor sigmoidLogits(const Tensor &p);

// Each family adds itself to the names that are known.
void addRegression(ComponentTable<Loss> &table);
void addHinges(ComponentTable<Loss> &table);
void addProbabilistic(ComponentTable<Loss> &table);
void addOverlap(ComponentTable<Loss> &table);
void addMetricLearning(ComponentTable<Loss> &table);

} // namespace cornu::losses
