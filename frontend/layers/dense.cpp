#include "frontend/layers/dense.h"

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu {

Dense::Dense(int64_t units, DenseOptions options)
    : Layer({.name = options.name, .trainable = options.trainable, .dtype = options.dtype, .activity_regularizer = options.activity_regularizer,
             .input_shape = options.input_dim > 0 ? Shape{options.input_dim} : options.input_shape}),
      units(units), given(std::move(options)) {
  if (units <= 0) fail("units must be positive", "units=" + std::to_string(units));
}

void Dense::build(const Shape &input) {
  if (input.size() < 2) fail("the input must have at least 2 axes", "shape=" + shapeString(input));
  kernel = add_weight("kernel", {input.back(), units},
                      {.initializer = given.kernel_initializer, .regularizer = given.kernel_regularizer, .constraint = given.kernel_constraint});
  if (given.use_bias)
    bias = add_weight("bias", {units}, {.initializer = given.bias_initializer, .regularizer = given.bias_regularizer, .constraint = given.bias_constraint});
}

Tensor Dense::call(const Tensor &x) {
  if (x.rank() < 2 || x.dim(-1) != kernel.shape()[0])
    fail("the input's last axis must have the extent it was built for, " + std::to_string(kernel.shape()[0]), "shape=" + shapeString(x.shape()));
  Tensor y = matmul(x, kernel);
  if (given.use_bias) y = y + bias;
  return given.activation(y);
}

Json Dense::get_config() const {
  Json c = Layer::get_config();
  c["units"] = units;
  c["activation"] = config::serialize(given.activation);
  c["use_bias"] = given.use_bias;
  c["kernel_initializer"] = config::serialize(given.kernel_initializer);
  c["bias_initializer"] = config::serialize(given.bias_initializer);
  c["kernel_regularizer"] = config::serialize(given.kernel_regularizer);
  c["bias_regularizer"] = config::serialize(given.bias_regularizer);
  c["kernel_constraint"] = config::serialize(given.kernel_constraint);
  c["bias_constraint"] = config::serialize(given.bias_constraint);
  c["quantization_config"] = nullptr;
  return c;
}

static const LayerRegistration registration("Dense", [](const Json &c) {
  for (const char *unsupported : {"lora_rank", "quantization_config"})
    if (!c.get(unsupported).isNull()) throw UserError(std::string("Dense: ") + unsupported + " must be null", c.get(unsupported).dump());
  LayerOptions base = config::layerOptions(c);
  return Dense(c.at("units").asInt(),
               {.activation = config::activation(c, "activation"), .use_bias = config::flag(c, "use_bias", true),
                .kernel_initializer = config::initializer(c, "kernel_initializer", "glorot_uniform"),
                .bias_initializer = config::initializer(c, "bias_initializer", "zeros"),
                .kernel_regularizer = config::regularizer(c, "kernel_regularizer"), .bias_regularizer = config::regularizer(c, "bias_regularizer"),
                .activity_regularizer = base.activity_regularizer, .kernel_constraint = config::constraint(c, "kernel_constraint"),
                .bias_constraint = config::constraint(c, "bias_constraint"), .trainable = base.trainable, .dtype = base.dtype, .name = base.name})
      .shared();
});

} // namespace cornu
