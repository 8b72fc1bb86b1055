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
