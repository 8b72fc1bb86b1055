#include "frontend/layers/lambda.h"

#include "frontend/layers/options.h"

namespace cornu {

namespace {
ClassTable<LambdaFunction> &functions() {
  static ClassTable<LambdaFunction> instance("lambda");
  return instance;
}
} // namespace

LambdaFunction::LambdaFunction(const std::string &name) : LambdaFunction(functions().find(name)) {}

LambdaFunction register_lambda(const std::string &name, LambdaFunction function, const RegisterOptions &options) {
  function.registered = options.package + ">" + name;
  functions().addOwn(name, options, function);
  return function;
}

Lambda::Lambda(LambdaFunction function, LambdaOptions options)
    : Layer(baseOf(options)), function(std::move(function)), output_shape(std::move(options.output_shape)) {}

Tensor Lambda::call(const Tensors &xs) {
  if (function.isOfOne() && xs.size() != 1) fail("its function takes one tensor", std::to_string(xs.size()));
  Tensor y = function(xs);
  if (output_shape && (y.rank() == 0 || Shape(y.shape().begin() + 1, y.shape().end()) != *output_shape))
    fail("output_shape must be the shape of the function's result without the batch, whose shape is " + shapeString(y.shape()), "output_shape=" + shapeString(*output_shape));
  return y;
}

Json Lambda::get_config() const {
  if (function.name().empty()) fail("a config cannot hold a C++ function: register_lambda gives it a name that it can hold");
  Json c = Layer::get_config();
  c["function"] = config::functionEnvelope(function.name());
  if (output_shape) c["output_shape"] = Json::shape(*output_shape);
  c["arguments"] = Json::object();
  return c;
}

static const LayerRegistration registration("Lambda", [](const Json &c) {
  const Json &function = c.at("function");
  std::string name = function.isString() ? function.asString() : function.isObject() ? config::functionName(function) : "";
  // "__lambda__", and lists of Keras 2, hold Python's bytes.
  if (name.empty())
    throw UserError("Lambda '" + config::text(c, "name", "lambda") + "': a Lambda's function is Python code, which cannot be run here; write the layer in C++");
  if (!c.get("arguments").empty()) throw UserError("Lambda '" + config::text(c, "name", "lambda") + "': arguments must be empty", c.get("arguments").dump());
  LambdaOptions options;
  if (const Json &shape = c.get("output_shape"); shape.isList()) options.output_shape = shape.asShape();
  return Lambda(LambdaFunction(name), withBase(options, c)).shared();
});

} // namespace cornu
