#include "frontend/layers/activity_regularization.h"

#include "frontend/core/config.h"

namespace cornu {

ActivityRegularization::ActivityRegularization(ActivityRegularizationOptions options)
    : Layer({.name = options.name, .trainable = options.trainable, .dtype = options.dtype, .activity_regularizer = regularizers::L1L2(options.l1, options.l2), .input_shape = options.input_shape}),
      l1(options.l1), l2(options.l2) {}

Json ActivityRegularization::get_config() const {
  Json c = Layer::get_config();
  c.erase("activity_regularizer"); // l1 and l2 say it
  c["l1"] = l1;
  c["l2"] = l2;
  return c;
}

static const LayerRegistration registration("ActivityRegularization", [](const Json &c) {
  LayerOptions base = config::layerOptions(c);
  return ActivityRegularization({.l1 = config::number(c, "l1", 0), .l2 = config::number(c, "l2", 0), .trainable = base.trainable, .dtype = base.dtype, .name = base.name}).shared();
});

} // namespace cornu
