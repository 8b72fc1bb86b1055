#include "frontend/saving/operations.h"

#include <algorithm>
#include <map>

#include "frontend/activations/activations.h"
#include "frontend/core/config.h"
#include "frontend/core/tensor_impl.h"
#include "frontend/ops/ops.h"
#include "frontend/saving/subscript.h"
#include "frontend/saving/tensor_json.h"

namespace cornu::saving {
namespace {

using config::flag, config::integer, config::number;

/// What an operation is given beside tensors and numbers.
struct Given {
  const Json &config;
  const Json &arguments; ///< after the operands
};
using Maker = std::function<Tensor(const Tensors &xs, const Given &given)>;
struct Operation {
  const char *module;
  size_t operands; ///< 0: a list of any number
  Maker maker;
};

Axes axesOf(const Json &config) {
  const Json &axis = config.get("axis");
  if (axis.isNull()) return {};
  return Axes(axis.isList() ? axis.asShape() : std::vector<int64_t>{axis.asInt()});
}
ReduceOptions keepdims(const Json &config) { return {flag(config, "keepdims", false)}; }
/// UserError unless a member that Cornu has no counterpart of is null or `harmless`.
void require(const Json &config, const char *key, const Json &harmless) {
  if (const Json &entry = config.get(key); !entry.isNull() && entry != harmless) throw UserError(std::string(key) + " must be " + harmless.dump(), entry.dump());
}
DType dtypeOf(const Json &json, DType fallback) {
  if (json.isNull()) return fallback;
  std::optional<DType> dtype = dtypeFromName(json.asString());
  if (!dtype) throw UserError("dtype must be the name of an element type", json.dump());
  return *dtype;
}

std::optional<OneOrMany<int64_t>> optionalNumbers(const Json &config, const char *key) {
  const Json &entry = config.get(key);
  return entry.isNull() ? std::nullopt : std::optional(OneOrMany<int64_t>::from(entry));
}
ConvolveOptions convolveOptions(const Json &config) {
  return {.strides = optionalNumbers(config, "strides").value_or(1), .padding = config.at("padding").asString(), .data_format = config.at("data_format").asString(),
          .dilation_rate = optionalNumbers(config, "dilation_rate").value_or(1)};
}
PoolOptions poolOptions(const Json &config) {
  return {.strides = optionalNumbers(config, "strides"), .padding = config.at("padding").asString(), .data_format = config.at("data_format").asString()};
}

const std::map<std::string, Operation> &operations() {
  static const std::map<std::string, Operation> table = [] {
    constexpr const char *numpy = "keras.src.ops.numpy", *nn = "keras.src.ops.nn", *math = "keras.src.ops.math", *core = "keras.src.ops.core";
    std::map<std::string, Operation> t;
    auto one = [&](const char *module, std::vector<std::pair<const char *, Tensor (*)(const Tensor &)>> functions) {
      for (auto [name, function] : functions) t[name] = {module, 1, [function](const Tensors &xs, const Given &) { return function(xs[0]); }};
    };
    auto two = [&](std::vector<std::pair<const char *, Tensor (*)(const Tensor &, const Tensor &)>> functions) {
      for (auto [name, function] : functions) t[name] = {"keras.src.ops.numpy", 2, [function](const Tensors &xs, const Given &) { return function(xs[0], xs[1]); }};
    };
    two({{"Add", operator+}, {"Subtract", operator-}, {"Multiply", operator*}, {"TrueDivide", operator/}, {"Divide", operator/}, {"Maximum", maximum},
         {"Minimum", minimum}, {"Power", pow}, {"Less", operator<}, {"LessEqual", operator<=}, {"Greater", operator>}, {"GreaterEqual", operator>=},
         {"Equal", equal}, {"NotEqual", not_equal}, {"LogicalAnd", logical_and}, {"LogicalOr", logical_or}, {"Matmul", matmul}});
    one(numpy, {{"Negative", operator-}, {"Absolute", abs}, {"Sign", sign}, {"Square", square}, {"Exp", exp}, {"Expm1", expm1}, {"Log", log}, {"Log1p", log1p},
                {"Sqrt", sqrt}, {"Sin", sin}, {"Cos", cos}, {"Floor", floor}, {"Ceil", ceil}, {"Tanh", tanh}, {"LogicalNot", logical_not}});
    one(math, {{"Erf", erf}, {"Rsqrt", rsqrt}});
    one(core, {{"StopGradient", stop_gradient}});
    one(nn, {{"Relu", relu}, {"Relu6", activations::relu6}, {"Sigmoid", sigmoid}, {"SparseSigmoid", activations::sparse_sigmoid}, {"Softplus", softplus},
             {"Softsign", activations::softsign}, {"SparsePlus", activations::sparse_plus}, {"Silu", activations::silu}, {"LogSigmoid", activations::log_sigmoid},
             {"HardSigmoid", activations::hard_sigmoid}, {"HardSilu", activations::hard_silu}, {"Selu", activations::selu}, {"TanhShrink", activations::tanh_shrink},
             {"HardTanh", activations::hard_tanh}});
    auto add = [&](const char *name, const char *module, size_t operands, Maker maker) { t[name] = {module, operands, std::move(maker)}; };
    // Functions with a number.
    auto with = [&](const char *name, const char *argument, double fallback, Tensor (*function)(const Tensor &, double)) {
      add(name, nn, 1, [=](const Tensors &xs, const Given &g) { return function(xs[0], number(g.config, argument, fallback)); });
    };
    with("LeakyRelu", "negative_slope", 0.2, activations::leaky_relu), with("Elu", "alpha", 1, activations::elu), with("Celu", "alpha", 1, activations::celu);
    with("HardShrink", "threshold", 0.5, activations::hard_shrink), with("SoftShrink", "threshold", 0.5, activations::soft_shrink);
    with("Squareplus", "b", 4, activations::squareplus);
    add("Threshold", nn, 1, [](const Tensors &xs, const Given &g) {
      return activations::threshold(xs[0], g.config.at("threshold").asDouble(), g.config.at("default_value").asDouble());
    });
    add("Gelu", nn, 1, [](const Tensors &xs, const Given &g) { return activations::gelu(xs[0], {.approximate = flag(g.config, "approximate", true)}); });
    // Along axes.
    add("Softmax", nn, 1, [](const Tensors &xs, const Given &g) {
      return activations::softmax(xs[0], g.config.get("axis").isNull() ? OneOrMany<int64_t>(-1) : OneOrMany<int64_t>::from(g.config.get("axis")));
    });
    add("LogSoftmax", nn, 1, [](const Tensors &xs, const Given &g) { return log_softmax(xs[0], integer(g.config, "axis", -1)); });
    add("Sparsemax", nn, 1, [](const Tensors &xs, const Given &g) { return activations::sparsemax(xs[0], integer(g.config, "axis", -1)); });
    add("Glu", nn, 1, [](const Tensors &xs, const Given &g) { return activations::glu(xs[0], integer(g.config, "axis", -1)); });
    add("Sum", numpy, 1, [](const Tensors &xs, const Given &g) { return sum(xs[0], axesOf(g.config), keepdims(g.config)); });
    add("Mean", numpy, 1, [](const Tensors &xs, const Given &g) { return mean(xs[0], axesOf(g.config), keepdims(g.config)); });
    add("Any", numpy, 1, [](const Tensors &xs, const Given &g) { return any(xs[0], axesOf(g.config), keepdims(g.config)); });
    add("Max", numpy, 1, [](const Tensors &xs, const Given &g) { return require(g.config, "initial", nullptr), max(xs[0], axesOf(g.config), keepdims(g.config)); });
    add("Min", numpy, 1, [](const Tensors &xs, const Given &g) { return require(g.config, "initial", nullptr), min(xs[0], axesOf(g.config), keepdims(g.config)); });
    add("Logsumexp", math, 1, [](const Tensors &xs, const Given &g) { return logsumexp(xs[0], axesOf(g.config), keepdims(g.config)); });
    add("Argmax", numpy, 1, [](const Tensors &xs, const Given &g) { return require(g.config, "keepdims", false), argmax(xs[0], g.config.at("axis").asInt()); });
    add("OneHot", nn, 1, [](const Tensors &xs, const Given &g) {
      require(g.config, "axis", -1), require(g.config, "sparse", false);
      return one_hot(xs[0], g.config.at("num_classes").asInt(), dtypeOf(g.config.get("dtype"), DType::Float32));
    });
    // The rest of the elementwise ones.
    add("Where", numpy, 3, [](const Tensors &xs, const Given &) { return where(xs[0], xs[1], xs[2]); });
    add("Clip", numpy, 1, [](const Tensors &xs, const Given &g) { return clip(xs[0], g.config.at("x_min").asDouble(), g.config.at("x_max").asDouble()); });
    add("Round", numpy, 1, [](const Tensors &xs, const Given &g) { return require(g.config, "decimals", 0), round(xs[0]); });
    add("Cast", core, 1, [](const Tensors &xs, const Given &g) { return cast(xs[0], dtypeOf(g.config.at("dtype"), DType::Float32)); });
    // Shapes and sums of products.
    add("Einsum", numpy, 2, [](const Tensors &xs, const Given &g) { return einsum(g.config.at("subscripts").asString(), xs[0], xs[1]); });
    add("Reshape", numpy, 1, [](const Tensors &xs, const Given &g) { return reshape(xs[0], g.config.at("newshape").asShape()); });
    add("Transpose", numpy, 1, [](const Tensors &xs, const Given &g) { return transpose(xs[0], g.config.at("axes").asShape()); });
    add("ExpandDims", numpy, 1, [](const Tensors &xs, const Given &g) { return expand_dims(xs[0], g.config.at("axis").asInt()); });
    add("Squeeze", numpy, 1, [](const Tensors &xs, const Given &g) { return squeeze(xs[0], g.config.at("axis").asInt()); });
    add("BroadcastTo", numpy, 1, [](const Tensors &xs, const Given &g) { return broadcast_to(xs[0], g.config.at("shape").asShape()); });
    using Like = Tensor (*)(const Tensor &, std::optional<DType>);
    for (auto [name, function] : {std::pair<const char *, Like>{"ZerosLike", zeros_like}, {"OnesLike", ones_like}})
      add(name, numpy, 1, [function](const Tensors &xs, const Given &g) {
        return function(xs[0], g.config.get("dtype").isNull() ? std::nullopt : std::optional(dtypeOf(g.config.get("dtype"), xs[0].dtype())));
      });
    add("Concatenate", numpy, 0, [](const Tensors &xs, const Given &g) { return concatenate(xs, integer(g.config, "axis", -1)); });
    // Convolution and pooling.
    add("Conv", nn, 2, [](const Tensors &xs, const Given &g) { return conv(xs[0], xs[1], convolveOptions(g.config)); });
    add("DepthwiseConv", nn, 2, [](const Tensors &xs, const Given &g) { return depthwise_conv(xs[0], xs[1], convolveOptions(g.config)); });
    add("SeparableConv", nn, 3, [](const Tensors &xs, const Given &g) { return separable_conv(xs[0], xs[1], xs[2], convolveOptions(g.config)); });
    add("ConvTranspose", nn, 2, [](const Tensors &xs, const Given &g) {
      ConvolveOptions o = convolveOptions(g.config);
      return conv_transpose(xs[0], xs[1], {o.strides, o.padding, optionalNumbers(g.config, "output_padding"), o.data_format, o.dilation_rate});
    });
    add("MaxPool", nn, 1, [](const Tensors &xs, const Given &g) { return max_pool(xs[0], OneOrMany<int64_t>::from(g.config.at("pool_size")), poolOptions(g.config)); });
    add("AveragePool", nn, 1, [](const Tensors &xs, const Given &g) { return average_pool(xs[0], OneOrMany<int64_t>::from(g.config.at("pool_size")), poolOptions(g.config)); });
    add("GetItem", numpy, 1, [](const Tensors &xs, const Given &g) { return subscript(xs[0], g.arguments.at(size_t(0))); });
    return t;
  }();
  return table;
}

bool isTensor(const Json &argument) { return argument.isObject() && argument.get("class_name") == Json("__keras_tensor__"); }

/// A number, a constant, or the place of a tensor.
Tensor operand(const Json &argument) {
  if (isTensor(argument)) return {};
  if (std::optional<Array> constant = arrayFromJson(argument)) return constantTensor(std::move(*constant));
  if (argument.isInt()) return Tensor(argument.asInt());
  if (argument.isNumber()) return Tensor(argument.asDouble());
  throw UserError("an operand must be a tensor, a constant or a number", argument.dump().substr(0, 80));
}

} // namespace

bool isOperation(const Json &envelope) {
  const Json &module = envelope.get("module");
  return module.isString() && module.asString().starts_with("keras.src.ops");
}

std::shared_ptr<BaseLayer> operationFromEnvelope(const Json &envelope) {
  const std::string &className = envelope.at("class_name").asString();
  auto found = operations().find(className);
  if (found == operations().end()) {
    std::vector<std::string> known;
    for (const auto &[name, operation] : operations()) known.push_back(name);
    std::string nearest = closestName(className, known);
    throw UserError("unknown operation '" + className + "' of " + envelope.at("module").asString() + "." + (nearest.empty() ? "" : " Did you mean '" + nearest + "'?") +
                    " Known: " + quotedList(known));
  }
  const Operation &operation = found->second;
  const Json &nodes = envelope.at("inbound_nodes");
  if (nodes.size() != 1) throw UserError("an operation must have one inbound node", std::to_string(nodes.size()));
  const Json &given = nodes.at(size_t(0)).at("args");
  Tensors operands;
  Json::List rest = given.asList();
  if (operation.operands == 0) {
    for (const Json &argument : given.at(size_t(0)).asList()) operands.push_back(operand(argument));
    rest.erase(rest.begin());
  } else {
    if (rest.size() < operation.operands) throw UserError(className + " takes " + std::to_string(operation.operands) + " operands", std::to_string(rest.size()));
    for (size_t i = 0; i < operation.operands; ++i) operands.push_back(operand(rest[i]));
    rest.erase(rest.begin(), rest.begin() + static_cast<int64_t>(operation.operands));
  }
  if (std::any_of(rest.begin(), rest.end(), isTensor)) throw UserError(className + " takes " + std::to_string(operation.operands) + " operands", std::to_string(given.size()));
  Json config = envelope.at("config"), arguments = rest;
  const Json &name = config.get("name").isNull() ? envelope.get("name") : config.get("name");
  auto emit = [maker = operation.maker, config, arguments](const Tensors &xs) { return maker(xs, {config, arguments}); };
  return ops::OpLayer(className, operands, emit, config, arguments, name.isString() ? name.asString() : "").shared();
}

Json operationEnvelope(const ops::OpLayer &operation) {
  auto found = operations().find(operation.class_name());
  if (found == operations().end()) operation.fail("Keras has no operation of this name, so that a file cannot hold it");
  return Json::object({{"module", found->second.module}, {"class_name", operation.class_name()}, {"config", operation.get_config()}, {"registered_name", operation.class_name()}});
}

Json operationArguments(const ops::OpLayer &operation, const Json &tensors) {
  Json::List arguments;
  size_t next = 0;
  for (const Tensor &x : operation.operands()) {
    if (x && !isNumber(x) && !isConstant(x)) operation.fail("a file cannot hold an operation on a variable between layers: use the variable in a layer");
    if (!x) arguments.push_back(tensors.at(next++));
    else if (isConstant(x)) arguments.push_back(arrayToJson(x.impl->constant));
    else arguments.push_back(x.impl->integral ? Json(static_cast<int64_t>(x.impl->number)) : Json(x.impl->number));
  }
  if (operations().at(operation.class_name()).operands == 0) arguments = {Json(arguments)};
  for (const Json &further : operation.arguments().asList()) arguments.push_back(further);
  return arguments;
}

} // namespace cornu::saving
