// What the normalising layers share. Internal to frontend/layers.
#pragma once

#include "frontend/layers/options.h"
#include "frontend/ops/ops.h"

namespace cornu {

/// Mean and biased variance over axes that stay, with extent 1.
struct Moments {
  Tensor mean, variance;
};
inline Moments momentsOf(const Tensor &x, const std::vector<int64_t> &axes) {
  Tensor mu = mean(x, axes, {.keepdims = true});
  return {mu, mean(square(x - mu), axes, {.keepdims = true})};
}
/// The same of what `mask`, which broadcasts against x, leaves.
inline Moments momentsOf(const Tensor &x, const std::vector<int64_t> &axes, const Tensor &mask) {
  Tensor weight = sum(broadcast_to(cast(mask, x.dtype()), x.shape()), axes, {.keepdims = true}) + 1e-7;
  Tensor mu = sum(where(mask, x, 0), axes, {.keepdims = true}) / weight;
  return {mu, sum(square(where(mask, x - mu, 0)), axes, {.keepdims = true}) / weight};
}

/// Axes counted from 0, in ascending order. UserError in the layer's name outside of the rank, for the batch, or for an axis without extent.
std::vector<int64_t> featureAxes(const BaseLayer &layer, const std::vector<int64_t> &axes, const Shape &input);
/// The extents of these axes of the input.
Shape extentsAt(const Shape &input, const std::vector<int64_t> &axes);
/// A parameter whose axes are the `axes` of x, shaped so that it broadcasts against x.
Tensor along(const Variable &parameter, const Shape &input, const std::vector<int64_t> &axes);

/// The part of a config about beta and gamma, from options that have it.
template <class O> void writeScaleAndShift(Json &c, const O &o) {
  c["beta_initializer"] = config::serialize(o.beta_initializer);
  c["gamma_initializer"] = config::serialize(o.gamma_initializer);
  if constexpr (requires { o.moving_mean_initializer; }) {
    c["moving_mean_initializer"] = config::serialize(o.moving_mean_initializer);
    c["moving_variance_initializer"] = config::serialize(o.moving_variance_initializer);
  }
  c["beta_regularizer"] = config::serialize(o.beta_regularizer);
  c["gamma_regularizer"] = config::serialize(o.gamma_regularizer);
  c["beta_constraint"] = config::serialize(o.beta_constraint);
  c["gamma_constraint"] = config::serialize(o.gamma_constraint);
}
template <class O> void readScaleAndShift(O &o, const Json &c) {
  o.epsilon = config::number(c, "epsilon", o.epsilon);
  o.center = config::flag(c, "center", true);
  o.scale = config::flag(c, "scale", true);
  o.beta_initializer = config::initializer(c, "beta_initializer", "zeros");
  o.gamma_initializer = config::initializer(c, "gamma_initializer", "ones");
  o.beta_regularizer = config::regularizer(c, "beta_regularizer");
  o.gamma_regularizer = config::regularizer(c, "gamma_regularizer");
  o.beta_constraint = config::constraint(c, "beta_constraint");
  o.gamma_constraint = config::constraint(c, "gamma_constraint");
}

} // namespace cornu
