// A user's own layers, functions and classes: known by name, in files that Keras reads, and back.
#include <gtest/gtest.h>

#include <cornu/cornu.h>

#include "test/unit/files_testing.h"
#include "test/unit/messages.h"

using namespace cornu;
using namespace cornu::testing;

namespace {

// The counterparts of what test/goldens/object_cases.py registers: the goldens registered_* are loaded with them.

struct Gated : Layer<Gated> {
  int64_t units;
  Variable kernel, gate;
  explicit Gated(int64_t units, LayerOptions options = {}) : Layer(std::move(options)), units(units) {}
  void build(const Shape &in) { kernel = add_weight("kernel", {in.back(), units}), gate = add_weight("gate", {in.back(), units}); }
  Tensor call(const Tensor &x) { return matmul(x, kernel) * sigmoid(matmul(x, gate)); }
  Json get_config() const override {
    Json config = Layer::get_config();
    config["units"] = units;
    return config;
  }
};

Initializer Halves(double value = 0.5) {
  return Initializer("Halves", Json::object({{"value", value}}), [value](const Shape &shape, DType dtype) { return Array::full(shape, value).astype(dtype); });
}
Regularizer Quartic(double factor) {
  return Regularizer("Quartic", Json::object({{"factor", factor}}), [factor](const Tensor &x) { return factor * sum(square(square(x))); });
}
Constraint AtMost(double limit) {
  return Constraint("AtMost", Json::object({{"limit", limit}}), [limit](const Tensor &w) { return minimum(w, limit); });
}
Loss Powered(double exponent) {
  Json config = Json::object({{"name", "powered"}, {"reduction", "sum_over_batch_size"}, {"exponent", exponent}});
  return Loss("Powered", config, [exponent](const Tensor &t, const Tensor &p) { return mean(pow(abs(t - p), exponent), -1); });
}

const bool registered = [] {
  register_layer<Gated>([](const Json &c) { return Gated(c.at("units").asInt()); });
  register_initializer("Halves", [](const Json &c) { return Halves(c.at("value").asDouble()); });
  register_regularizer("Quartic", [](const Json &c) { return Quartic(c.at("factor").asDouble()); });
  register_constraint("AtMost", [](const Json &c) { return AtMost(c.at("limit").asDouble()); });
  register_loss("Powered", [](const Json &c) { return Powered(c.at("exponent").asDouble()); });
  register_activation("swish_like", [](const Tensor &x) { return x * sigmoid(1.5 * x); }, {.package = "mine"});
  register_initializer("ones_like", [](const Shape &shape, DType dtype) { return Array::full(shape, 1).astype(dtype); });
  register_regularizer("penalty", [](const Tensor &x) { return 0.01 * sum(abs(x)); });
  register_constraint("halved_where_negative", [](const Tensor &w) { return where(w < 0, w / 2, w); });
  register_lambda("twice", [](const Tensor &x) { return x * 2; });
  register_loss("huberish", [](const Tensor &t, const Tensor &p) {
    Tensor e = abs(t - p);
    return mean(where(e < 1.0, 0.5 * e * e, e - 0.5), -1);
  });
  register_metric("largest_error", [](const Tensor &t, const Tensor &p) { return max(abs(t - p), -1); }, {.package = "mine"});
  return true;
}();

} // namespace

TEST(Registration, EverythingSurvivesAFile) {
  ASSERT_TRUE(registered);
  struct SignDescent : Optimizer {
    SignDescent() : Optimizer("SignDescent", {.learning_rate = register_schedule("slower", [](const Tensor &step) { return 0.1 / (step + 1); })}) {}
    Tensor update(const Weight &w, const Tensor &g, const Tensor &lr) override { return w.value - lr * sign(g); }
  };
  register_optimizer("SignDescent", [](const Json &) { return std::make_shared<SignDescent>(); });
  Json halfMean = Json::object({{"name", "half_mean"}, {"dtype", "float32"}});
  auto halfMeanMetric = [=] { return Metric("HalfMean", halfMean, [](const Tensor &, const Tensor &p) { return p / 2; }); };
  register_metric("HalfMean", [=](const Json &) { return halfMeanMetric(); });

  auto x = Input({4}, {.name = "x"});
  auto y = Gated(3, {.name = "gated", .trainable = false, .activity_regularizer = "penalty"})(x);
  y = Dense(2, {.activation = "swish_like", .kernel_initializer = Halves(0.25), .bias_initializer = "ones_like", .kernel_regularizer = Quartic(0.5), .kernel_constraint = AtMost(0.5)})(y);
  Model model(x, Lambda("twice", {.output_shape = Shape{2}})(y));
  model.compile({.optimizer = SignDescent(), .loss = "huberish", .metrics = {"largest_error", halfMeanMetric()}});
  Array data = Array::full({8, 4}, 0.5), targets = Array::full({8, 2}, 1);
  model.fit(data, targets, {.verbose = 0});

  TemporaryFolder folder;
  model.save(folder / "own.keras");
  Model loaded = load_model(folder / "own.keras");
  EXPECT_EQ(loaded.to_json(), model.to_json());
  EXPECT_FALSE(loaded.get_layer("gated").trainable());
  EXPECT_EQ(loaded.metrics_names(), (std::vector<std::string>{"loss", "largest_error", "half_mean"}));
  History a = model.fit(data, targets, {.verbose = 0}), b = loaded.fit(data, targets, {.verbose = 0});
  EXPECT_EQ(a.history, b.history);
  EXPECT_EQ(model_from_json(model.to_json()).to_json(), model.to_json());
}

TEST(Registration, EnvelopesAreKerass) {
  Loss loss = register_loss("plain_error", [](const Tensor &t, const Tensor &p) { return mean(abs(t - p), -1); }, {.package = "mine"});
  EXPECT_EQ(loss.serialize().dump(), R"({"module": "builtins", "class_name": "function", "config": "mine>plain_error", "registered_name": "function"})");
  EXPECT_EQ(Loss("plain_error").serialize(), loss.serialize());
  EXPECT_EQ(Loss("mine>plain_error").serialize(), loss.serialize());
  EXPECT_EQ(Powered(2).serialize().dump(), R"({"module": null, "class_name": "Powered", "config": {"name": "powered", "reduction": "sum_over_batch_size", "exponent": 2.0}, )"
                                           R"("registered_name": "Custom>Powered"})");
  EXPECT_EQ(Metric("largest_error").name(), "largest_error");
  Json gated = Gated(3, {.name = "g"}).serialize();
  EXPECT_TRUE(gated.at("module").isNull());
  EXPECT_EQ(gated.at("registered_name").asString(), "Custom>Gated");
  EXPECT_EQ(BaseLayer::deserialize(gated)->serialize(), gated);
  // What a file holds under a package that is not known is looked for by the class alone.
  gated["registered_name"] = "elsewhere>Gated";
  EXPECT_EQ(BaseLayer::deserialize(gated)->class_name(), "Gated");
}

TEST(Registration, Messages) {
  std::string unknown = messageOf([] { BaseLayer::from_config("Gatd", Json::object()); });
  EXPECT_TRUE(unknown.starts_with("unknown layer 'Gatd'. Did you mean 'Gated'? Known: 'Activation', ")) << unknown;
  EXPECT_TRUE(unknown.ends_with(". One of your own must first be registered: register_layer")) << unknown;
  auto expectUnknown = [](auto make, const std::string &start, const std::string &end) {
    std::string message = messageOf(make);
    EXPECT_TRUE(message.starts_with(start)) << message;
    EXPECT_TRUE(message.ends_with("must first be registered: " + end)) << message;
  };
  expectUnknown([] { Loss("huberis"); }, "unknown loss 'huberis'. Did you mean 'huberish'?", "register_loss");
  expectUnknown([] { Metric("larges_error"); }, "unknown metric 'larges_error'. Did you mean 'largest_error'?", "register_metric");
  expectUnknown([] { Initializer("he_norml"); }, "unknown initializer 'he_norml'. Did you mean 'he_normal'?", "register_initializer");
  expectUnknown([] { Regularizer("l3"); }, "unknown regularizer 'l3'. Did you mean 'l1'?", "register_regularizer");
  expectUnknown([] { Constraint("nonneg"); }, "unknown constraint 'nonneg'. Did you mean 'non_neg'?", "register_constraint");
  expectUnknown([] { ActivationFunction("swish_lke"); }, "unknown activation 'swish_lke'. Did you mean 'swish_like'?", "register_activation");
  expectUnknown([] { Lambda("twce"); }, "unknown lambda 'twce'. Did you mean 'twice'?", "register_lambda");
  expectUnknown([] { Optimizer::named("adan"); }, "unknown optimizer 'adan'. Did you mean 'adam'?", "register_optimizer");
  expectUnknown([] { LearningRate::from_config(Json::object({{"class_name", "CosinDecay"}, {"config", Json::object()}})); },
                "unknown schedule 'CosinDecay'. Did you mean 'CosineDecay'?", "register_schedule");

  EXPECT_EQ(messageOf([] { register_layer("Dense", nullptr); }), "a registered layer must not have the name of Keras's own. Received: 'Dense'");
  EXPECT_EQ(messageOf([] { register_lambda("a>b", [](const Tensor &x) { return x; }); }), "a registered lambda must have a name without '>'. Received: 'a>b'");
  auto x = Input({2});
  auto saved = [&](const Tensor &y) { return messageOf([&] { Model(x, y).get_config(); }); };
  auto plain = [](const Tensor &t) { return t * 1; };
  EXPECT_NE(saved(Lambda(plain)(x)).find("a config cannot hold a C++ function: register_lambda gives it a name that it can hold"), std::string::npos);
  EXPECT_EQ(saved(Dense(1, {.activation = plain})(x)), "a file cannot hold C++: register_activation gives a lambda a name that it can hold. Received: a lambda in keras.activations");
  EXPECT_EQ(saved(Dense(1, {.kernel_regularizer = [](const Tensor &w) { return sum(w); }})(x)),
            "a file cannot hold C++: register_regularizer gives a lambda a name that it can hold. Received: a lambda in keras.regularizers");
  EXPECT_NE(messageOf([&] { Lambda("twice", {.output_shape = Shape{3}})(x); }).find("output_shape must be the shape of the function's result without the batch, whose shape is (None, 2)"),
            std::string::npos);
  Json python = Json::object({{"name", "l"}, {"function", Json::object({{"class_name", "__lambda__"}, {"config", Json::object({{"value", "4wEAAAA"}})}})}});
  EXPECT_EQ(messageOf([&] { BaseLayer::from_config("Lambda", python); }),
            "Lambda 'l': a Lambda's function is Python code, which cannot be run here; write the layer in C++");
  Json arguments = Json::object({{"name", "l"}, {"function", "twice"}, {"arguments", Json::object({{"k", 2}})}});
  EXPECT_EQ(messageOf([&] { BaseLayer::from_config("Lambda", arguments); }), "Lambda 'l': arguments must be empty. Received: {\"k\": 2}");
  EXPECT_EQ(messageOf([] { BaseLayer::from_config("Gated", Json::object({{"units", 2}, {"dtype", "float16"}, {"name", "g"}})); }),
            "Gated 'g': dtype must be 'float32' or 'float64'. Received: dtype='float16'");
}
