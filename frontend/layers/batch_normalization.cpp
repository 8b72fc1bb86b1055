#include "frontend/layers/batch_normalization.h"

#include <cmath>

#include "frontend/layers/normalizing.h"
#include "frontend/trace/Trace.h"

namespace cornu {

namespace {
/// moving ← moving momentum + batch (1 - momentum); the new value.
Tensor follow(const Variable &moving, const Tensor &batch, double momentum) {
  trace::Trace &t = trace::here();
  // What an earlier call of this layer in the same step has made of it, if there was one.
  Tensor next = t.wrap(t.pending(moving)) * momentum + stop_gradient(reshape(batch, moving.shape())) * (1 - momentum);
  assign(moving, next);
  return next;
}
} // namespace

BatchNormalization::BatchNormalization(BatchNormalizationOptions options) : Layer(baseOf(options)), given(std::move(options)) {
  const auto &[rmax, rmin, dmax] = given.renorm_clipping;
  if (rmax && rmin && *rmax < *rmin) fail("rmax of renorm_clipping must not be below rmin", "rmax=" + pythonRepr(*rmax) + ", rmin=" + pythonRepr(*rmin));
  if (dmax && *dmax < 0) fail("dmax of renorm_clipping must not be negative", "dmax=" + pythonRepr(*dmax));
}

void BatchNormalization::build(const Shape &input) {
  Shape shape = extentsAt(input, featureAxes(*this, {given.axis}, input));
  if (given.scale)
    gamma = add_weight("gamma", shape, {.initializer = given.gamma_initializer, .regularizer = given.gamma_regularizer, .constraint = given.gamma_constraint});
  if (given.center)
    beta = add_weight("beta", shape, {.initializer = given.beta_initializer, .regularizer = given.beta_regularizer, .constraint = given.beta_constraint});
  moving_mean = add_weight("moving_mean", shape, {.initializer = given.moving_mean_initializer, .trainable = false});
  moving_variance = add_weight("moving_variance", shape, {.initializer = given.moving_variance_initializer, .trainable = false});
  if (!given.renorm) return;
  Initializer deviation([variance = given.moving_variance_initializer](const Shape &s, DType type) {
    Array a = variance(s, type).clone();
    for (int64_t i = 0; i < a.size(); ++i) a.set(i, std::sqrt(a.at(i)));
    return a;
  });
  moving_stddev = add_weight("moving_stddev", shape, {.initializer = deviation, .trainable = false});
  renorm_mean = add_weight("renorm_mean", shape, {.initializer = given.moving_mean_initializer, .trainable = false});
  renorm_stddev = add_weight("renorm_stddev", shape, {.initializer = deviation, .trainable = false});
}

Tensor BatchNormalization::renormalized(const Tensor &normalized, const Tensor &mean, const Tensor &variance) {
  trace::Trace &t = trace::here();
  Tensor sigma = sqrt(variance + given.epsilon);
  Tensor oldMean = reshape(t.wrap(t.pending(renorm_mean)), mean.shape());
  Tensor oldSigma = maximum(reshape(t.wrap(t.pending(renorm_stddev)), mean.shape()), std::sqrt(given.epsilon));
  Tensor r = sigma / oldSigma, d = (mean - oldMean) / oldSigma;
  const auto &[rmax, rmin, dmax] = given.renorm_clipping;
  if (rmin) r = maximum(r, *rmin);
  if (rmax) r = minimum(r, *rmax);
  if (dmax) d = clip(d, -*dmax, *dmax);
  follow(renorm_mean, mean, given.renorm_momentum);
  follow(renorm_stddev, sigma, given.renorm_momentum);
  follow(moving_mean, mean, given.momentum);
  assign(moving_variance, relu(square(follow(moving_stddev, sigma, given.momentum)) - given.epsilon));
  return normalized * stop_gradient(r) + stop_gradient(d);
}

Tensor BatchNormalization::call(const Tensor &x) {
  std::vector<int64_t> channel = featureAxes(*this, {given.axis}, x.shape());
  if (x.dim(channel[0]) != moving_mean.shape()[0])
    fail("the input must have the number of channels it was built for, " + std::to_string(moving_mean.shape()[0]), "shape=" + shapeString(x.shape()));
  if (x.masked() && x.mask().rank() != x.rank() - 1)
    fail("the mask must have one axis less than the input", "mask of shape " + shapeString(x.mask().shape()) + " for " + shapeString(x.shape()));
  bool ofTheBatch = training() && trainable();
  Moments moments;
  if (ofTheBatch) {
    std::vector<int64_t> others;
    for (int64_t i = 0; i < x.rank(); ++i)
      if (i != channel[0]) others.push_back(i);
    moments = x.mask() ? momentsOf(x, others, expand_dims(x.mask(), -1)) : momentsOf(x, others);
  } else {
    moments = {along(moving_mean, x.shape(), channel), along(moving_variance, x.shape(), channel)};
  }
  Tensor y;
  if (ofTheBatch && given.renorm) {
    y = renormalized((x - moments.mean) * rsqrt(moments.variance + given.epsilon), moments.mean, moments.variance);
    if (given.scale) y = y * along(gamma, x.shape(), channel);
  } else {
    if (ofTheBatch) {
      follow(moving_mean, moments.mean, given.momentum);
      follow(moving_variance, moments.variance, given.momentum);
    }
    Tensor factor = rsqrt(moments.variance + given.epsilon);
    if (given.scale) factor = factor * along(gamma, x.shape(), channel);
    y = (x - moments.mean) * factor;
  }
  if (given.center) y = y + along(beta, x.shape(), channel);
  return y;
}

Json BatchNormalization::get_config() const {
  Json c = Layer::get_config();
  c["axis"] = given.axis;
  c["momentum"] = given.momentum;
  c["epsilon"] = given.epsilon;
  c["center"] = given.center;
  c["scale"] = given.scale;
  writeScaleAndShift(c, given);
  c["synchronized"] = given.synchronized;
  c["renorm"] = given.renorm;
  Json clipping = given.renorm ? Json::object() : Json();
  const auto &[rmax, rmin, dmax] = given.renorm_clipping;
  if (rmax) clipping["rmax"] = *rmax;
  if (rmin) clipping["rmin"] = *rmin;
  if (dmax) clipping["dmax"] = *dmax;
  c["renorm_clipping"] = clipping;
  c["renorm_momentum"] = given.renorm_momentum;
  return c;
}

static const LayerRegistration registration("BatchNormalization", [](const Json &c) {
  const Json &axis = c.get("axis");
  BatchNormalizationOptions options{.momentum = config::number(c, "momentum", 0.99)};
  if (!axis.isNull()) options.axis = OneOrMany<int64_t>::from(axis).list().at(0); // Keras 2 writes [3]
  readScaleAndShift(options, c);
  options.moving_mean_initializer = config::initializer(c, "moving_mean_initializer", "zeros");
  options.moving_variance_initializer = config::initializer(c, "moving_variance_initializer", "ones");
  options.renorm = config::flag(c, "renorm", false);
  if (const Json &clipping = c.get("renorm_clipping"); clipping.isObject()) {
    for (const auto &[key, value] : clipping.asObject())
      if (key != "rmax" && key != "rmin" && key != "dmax") throw UserError("BatchNormalization: renorm_clipping may hold rmax, rmin and dmax", key);
    options.renorm_clipping = {config::optionalNumber(clipping, "rmax"), config::optionalNumber(clipping, "rmin"), config::optionalNumber(clipping, "dmax")};
  }
  options.renorm_momentum = config::number(c, "renorm_momentum", 0.99);
  options.synchronized = config::flag(c, "synchronized", false);
  return BatchNormalization(withBase(options, c)).shared();
});

} // namespace cornu
