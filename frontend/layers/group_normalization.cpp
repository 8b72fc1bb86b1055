#include "frontend/layers/group_normalization.h"

#include "frontend/layers/normalizing.h"

namespace cornu {

GroupNormalization::GroupNormalization(GroupNormalizationOptions options) : Layer(baseOf(options)), given(std::move(options)) {
  if (given.groups < 1 && given.groups != -1) fail("groups must be positive, or -1", "groups=" + std::to_string(given.groups));
}

void GroupNormalization::build(const Shape &input) {
  int64_t channels = extentsAt(input, featureAxes(*this, {given.axis}, input))[0];
  if (given.groups == -1) given.groups = channels;
  if (channels % given.groups)
    fail("groups must divide the number of channels", "groups=" + std::to_string(given.groups) + " for " + std::to_string(channels) + " channels");
  if (given.scale)
    gamma = add_weight("gamma", {channels}, {.initializer = given.gamma_initializer, .regularizer = given.gamma_regularizer, .constraint = given.gamma_constraint});
  if (given.center)
    beta = add_weight("beta", {channels}, {.initializer = given.beta_initializer, .regularizer = given.beta_regularizer, .constraint = given.beta_constraint});
}

Tensor GroupNormalization::call(const Tensor &x) {
  const Shape &shape = x.shape();
  std::vector<int64_t> channel = featureAxes(*this, {given.axis}, shape);
  auto at = static_cast<size_t>(channel[0]);
  // The axis of channels becomes two: groups, and channels of a group.
  Shape split = shape;
  split[at] /= given.groups;
  split.insert(split.begin() + channel[0], given.groups);
  Tensor grouped = reshape(x, split);
  std::vector<int64_t> axes;
  for (int64_t i = 1; i < grouped.rank(); ++i)
    if (i != channel[0]) axes.push_back(i);
  auto [mean, variance] = momentsOf(grouped, axes);
  Tensor y = reshape((grouped - mean) * rsqrt(variance + given.epsilon), shape);
  if (given.scale) y = y * along(gamma, shape, channel);
  if (given.center) y = y + along(beta, shape, channel);
  return y;
}

Json GroupNormalization::get_config() const {
  Json c = Layer::get_config();
  c["groups"] = given.groups;
  c["axis"] = given.axis;
  c["epsilon"] = given.epsilon;
  c["center"] = given.center;
  c["scale"] = given.scale;
  writeScaleAndShift(c, given);
  return c;
}

static const LayerRegistration registration("GroupNormalization", [](const Json &c) {
  GroupNormalizationOptions options{.groups = config::integer(c, "groups", 32), .axis = config::integer(c, "axis", -1)};
  readScaleAndShift(options, c);
  return GroupNormalization(withBase(options, c)).shared();
});

} // namespace cornu
