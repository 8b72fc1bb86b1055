// Activations, by name and as layers.
#include <cmath>
#include <gtest/gtest.h>

#include "test/unit/layer_conformance.h"

using namespace cornu;
using namespace cornu::testing;

TEST(ActivationLayers, ReLU) { expectConforms({.make = [] { return ReLU(); }, .inputs = {{7}}, .output = {7}}); }
TEST(ActivationLayers, ReLUWithAllArguments) {
  expectConforms({.make = [] { return ReLU({.max_value = 1.25, .negative_slope = 0.1, .threshold = 0.25}); }, .inputs = {{2, 7}}, .output = {2, 7}});
}
TEST(ActivationLayers, LeakyReLU) { expectConforms({.make = [] { return LeakyReLU({.negative_slope = 0.1}); }, .inputs = {{7}}, .output = {7}}); }
TEST(ActivationLayers, PReLU) { expectConforms({.make = [] { return PReLU(); }, .inputs = {{7}}, .output = {7}, .weights = {{7}}}); }
TEST(ActivationLayers, PReLUShared) {
  expectConforms({.make = [] { return PReLU({.alpha_initializer = initializers::Constant(0.25), .shared_axes = {1}}); },
                  .inputs = {{3, 4}}, .output = {3, 4}, .weights = {{1, 4}}});
}
TEST(ActivationLayers, ELU) { expectConforms({.make = [] { return ELU({.alpha = 0.5}); }, .inputs = {{7}}, .output = {7}}); }
TEST(ActivationLayers, Softmax) { expectConforms({.make = [] { return Softmax(); }, .inputs = {{3, 4}}, .output = {3, 4}}); }
TEST(ActivationLayers, SoftmaxOverSeveralAxes) { expectConforms({.make = [] { return Softmax({.axis = {1, 2}}); }, .inputs = {{3, 4}}, .output = {3, 4}}); }

class Activations : public ::testing::TestWithParam<const char *> {};
TEST_P(Activations, conform) {
  std::string name = GetParam();
  expectConforms({.make = [=] { return Activation(name); }, .inputs = {{8}}, .output = {name == "glu" ? 4 : 8}});
}
INSTANTIATE_TEST_SUITE_P(All, Activations, ::testing::Values("linear", "relu", "relu6", "leaky_relu", "elu", "selu", "celu", "hard_shrink", "soft_shrink",
                                                             "sparse_plus", "sigmoid", "tanh", "hard_sigmoid", "hard_tanh", "sparse_sigmoid", "log_sigmoid",
                                                             "softsign", "gelu", "silu", "hard_silu", "mish", "softplus", "squareplus", "exponential",
                                                             "tanh_shrink", "softmax", "log_softmax", "sparsemax", "glu"),
                         [](const auto &info) { return std::string(info.param); });

TEST(ActivationNames, AliasesAreWrittenAsKerasDoes) {
  EXPECT_EQ(ActivationFunction("swish").name(), "silu");
  EXPECT_EQ(ActivationFunction("hard_swish").name(), "hard_silu");
  EXPECT_EQ(ActivationFunction(activations::elu).name(), "elu");
}

TEST(ActivationNames, ArgumentsByLambda) {
  expectConforms({.make = [] { return Lambda([](const Tensor &x) { return activations::gelu(x, {.approximate = true}) + activations::threshold(x, 0.5, -1); }); },
                  .inputs = {{6}}, .output = {6}, .saves = false});
}

TEST(ActivationLayers, Messages) {
  EXPECT_THROW(ReLU({.threshold = -1}), UserError);
  EXPECT_THROW(LeakyReLU({.negative_slope = -1}), UserError);
  EXPECT_THROW(Activation("glu")(Input({3})), UserError);
}

TEST(ActivationLayers, GluIsTheFirstHalfTimesTheSigmoidOfTheSecond) {
  auto x = Input({4});
  Array y = Model(x, Activation("glu")(x)).predict(Array({1.f, -2.f, 0.f, 3.f}, {1, 4}), {.verbose = 0});
  EXPECT_FLOAT_EQ(static_cast<float>(y.at(0)), 0.5f);
  EXPECT_NEAR(y.at(1), -2 / (1 + std::exp(-3.)), 1e-6);
}

namespace {
/// A weight through a function: the step of SGD(1) on their sum is the derivative.
struct Through : Layer<Through> {
  std::function<Tensor(const Tensor &)> f;
  Variable point;
  explicit Through(std::function<Tensor(const Tensor &)> f) : f(std::move(f)) {}
  void build(const Shape &) { point = add_weight("point", {1}, {.initializer = "zeros"}); }
  Tensor call(const Tensor &x) { return f(x * 0 + point); }
};

double derivative(const std::function<Tensor(const Tensor &)> &f, double at) {
  auto x = Input({1});
  Through layer(f);
  Model model(x, layer(x));
  model.compile({.optimizer = SGD({.learning_rate = 1}), .loss = Loss([](const Tensor &, const Tensor &y) { return sum(y, -1); })});
  layer.point.fill(at);
  model.train_on_batch(Array::zeros({1, 1}), Array::zeros({1, 1}));
  return at - layer.point.value().at(0);
}
} // namespace

// As Keras on TensorFlow gives them.
TEST(ActivationKinks, Derivatives) {
  using namespace activations;
  auto named = [](const char *name) { return [f = ActivationFunction(name)](const Tensor &x) { return f(x); }; };
  struct Kink {
    std::function<Tensor(const Tensor &)> f;
    double at, slope;
  };
  std::vector<Kink> kinks = {
      {named("relu"), 0, 0}, {named("relu6"), 0, 0}, {named("relu6"), 6, 0}, {named("leaky_relu"), 0, 0.2}, {named("elu"), 0, 1},
      {named("selu"), 0, 1.0507009873554805}, {named("celu"), 0, 2}, {named("hard_sigmoid"), -3, 0}, {named("hard_sigmoid"), 3, 0},
      {named("hard_silu"), -3, 0}, {named("hard_silu"), 3, 1}, {named("hard_tanh"), -1, 1}, {named("hard_tanh"), 1, 1},
      {named("sparse_sigmoid"), -1, 0}, {named("sparse_sigmoid"), 1, 0}, {named("sparse_plus"), -1, 0}, {named("sparse_plus"), 1, 1},
      {named("hard_shrink"), 0.5, 0}, {named("hard_shrink"), -0.5, 0}, {named("soft_shrink"), 0.5, 0}, {named("soft_shrink"), -0.5, 0},
      {named("softsign"), 0, 1}, {named("elu"), 200, 1}, {named("selu"), 200, 1.0507009873554805}, {named("celu"), 200, 1},
      {[](const Tensor &x) { return relu(x, {.max_value = 2}); }, 2, 1}, {[](const Tensor &x) { return relu(x, {.max_value = 6}); }, 6, 0},
      {[](const Tensor &x) { return relu(x, {.threshold = 1}); }, 1, 0}, {[](const Tensor &x) { return relu(x, {.negative_slope = 0.1, .threshold = 1}); }, 1, 0},
      {[](const Tensor &x) { return relu(x, {.negative_slope = 0.1, .max_value = 2}); }, 0, 0}, {[](const Tensor &x) { return elu(x, 0.5); }, 0, 0.5},
      {[](const Tensor &x) { return threshold(x, 1, 5); }, 1, 0}};
  for (size_t i = 0; i < kinks.size(); ++i) EXPECT_NEAR(derivative(kinks[i].f, kinks[i].at), kinks[i].slope, 2e-5) << "kink " << i << ", at " << kinks[i].at;
}
