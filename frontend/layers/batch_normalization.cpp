#include "frontend/layers/batch_normalization.h"

#include "frontend/layers/normalizing.h"
#include "frontend/trace/Trace.h"

namespace cornu {

BatchNormalization::BatchNormalization(BatchNormalizationOptions options) : Layer(baseOf(options)), given(std::move(options)) {
  if (given.renorm) fail("renorm must be false: batch renormalization is not part of Cornu", "renorm=True");
}

void BatchNormalization::build(const Shape &input) {
  Shape shape = extentsAt(input, featureAxes(*this, {given.axis}, input));
  if (given.scale)
    gamma = add_weight("gamma", shape, {.initializer = given.gamma_initializer, .regularizer = given.gamma_regularizer, .constraint = given.gamma_constraint});
  if (given.center)
    beta = add_weight("beta", shape, {.initializer = given.beta_initializer, .regularizer = given.beta_regularizer, .constraint = given.beta_constraint});
  moving_mean = add_weight("moving_mean", shape, {.initializer = given.moving_mean_initializer, .trainable = false});
  moving_variance = add_weight("moving_variance", shape, {.initializer = given.moving_variance_initializer, .trainable = false});
}

Tensor BatchNormalization::call(const Tensor &x) {
  std::vector<int64_t> channel = featureAxes(*this, {given.axis}, x.shape());
  if (x.dim(channel[0]) != moving_mean.shape()[0])
    fail("the input must have the number of channels it was built for, " + std::to_string(moving_mean.shape()[0]), "shape=" + shapeString(x.shape()));
  Tensor mu, sigma2;
  if (training() && trainable()) {
    std::vector<int64_t> others;
    for (int64_t i = 0; i < x.rank(); ++i)
      if (i != channel[0]) others.push_back(i);
    auto [mean, variance] = momentsOf(x, others);
    mu = mean, sigma2 = variance;
    trace::Trace &t = trace::here();
    auto follow = [&](const Variable &moving, const Tensor &batch) {
      // What an earlier call of this layer in the same step has made of it, if there was one.
      Tensor before = t.wrap(t.pending(moving));
      assign(moving, before * given.momentum + stop_gradient(reshape(batch, moving.shape())) * (1 - given.momentum));
    };
    follow(moving_mean, mu);
    follow(moving_variance, sigma2);
  } else {
    mu = along(moving_mean, x.shape(), channel);
    sigma2 = along(moving_variance, x.shape(), channel);
  }
  Tensor factor = rsqrt(sigma2 + given.epsilon);
  if (given.scale) factor = factor * along(gamma, x.shape(), channel);
  Tensor y = (x - mu) * factor;
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
  c["renorm"] = false;
  c["renorm_clipping"] = nullptr;
  c["renorm_momentum"] = 0.99;
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
  options.synchronized = config::flag(c, "synchronized", false);
  return BatchNormalization(withBase(options, c)).shared();
});

} // namespace cornu
