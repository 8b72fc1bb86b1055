#include "frontend/layers/lambda.h"

#include "frontend/core/config.h"

namespace cornu {

Lambda::Lambda(std::function<Tensor(const Tensors &)> function, size_t count, LambdaOptions options)
    : Layer({.name = options.name, .dtype = options.dtype, .input_shape = options.input_shape}), function(std::move(function)), count(count) {}

Tensor Lambda::call(const Tensors &xs) {
  if (count && xs.size() != count) fail("its function takes one tensor", std::to_string(xs.size()));
  return function(xs);
}

Json Lambda::get_config() const { fail("a config cannot hold a C++ function: write a layer of your own to save the model"); }

static const LayerRegistration registration("Lambda", [](const Json &c) -> std::shared_ptr<BaseLayer> {
  throw UserError("Lambda '" + config::text(c, "name", "lambda") + "': a Lambda's function is Python code, which cannot be run here; write the layer in C++");
});

} // namespace cornu
