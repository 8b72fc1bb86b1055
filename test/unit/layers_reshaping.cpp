// Layers that move, scale or pass elements, and those that add noise.
#include <gtest/gtest.h>

#include "test/unit/layer_conformance.h"

using namespace cornu;
using namespace cornu::testing;

TEST(OtherLayers, Permute) { expectConforms({.make = [] { return Permute({2, 1}); }, .inputs = {{3, 4}}, .output = {4, 3}}); }
TEST(OtherLayers, RepeatVector) { expectConforms({.make = [] { return RepeatVector(3); }, .inputs = {{4}}, .output = {3, 4}}); }
TEST(OtherLayers, Identity) { expectConforms({.make = [] { return Identity(); }, .inputs = {{4}}, .output = {4}}); }
TEST(OtherLayers, Rescaling) { expectConforms({.make = [] { return Rescaling(0.5, {.offset = -1.0}); }, .inputs = {{4}}, .output = {4}}); }
TEST(OtherLayers, RescalingByColumn) {
  expectConforms({.make = [] { return Rescaling(OneOrMany<double>{1, 2, 3}, {.offset = {4, 5, 6}}); }, .inputs = {{2, 3}}, .output = {2, 3}});
}
TEST(OtherLayers, ActivityRegularization) {
  expectConforms({.make = [] { return ActivityRegularization({.l1 = 0.01, .l2 = 0.02}); }, .inputs = {{4}}, .output = {4}});
}
TEST(OtherLayers, GaussianNoise) { expectConforms({.make = [] { return GaussianNoise(0.5, {.seed = 3}); }, .inputs = {{4}}, .output = {4}, .random = true}); }
TEST(OtherLayers, GaussianDropout) { expectConforms({.make = [] { return GaussianDropout(0.5); }, .inputs = {{4}}, .output = {4}, .random = true}); }
TEST(OtherLayers, AlphaDropout) {
  expectConforms({.make = [] { return AlphaDropout(0.5, {.noise_shape = {-1, 1, 4}}); }, .inputs = {{3, 4}}, .output = {3, 4}, .random = true});
}
TEST(OtherLayers, EinsumDense) {
  expectConforms({.make = [] { return EinsumDense("abc,cde->abde", {-1, 7, 3}, {.activation = "tanh", .bias_axes = "e"}); },
                  .inputs = {{2, 4}}, .output = {2, 7, 3}, .weights = {{4, 7, 3}, {3}}});
}
TEST(OtherLayers, EinsumDenseOfTheLastAxis) {
  expectConforms({.make = [] { return EinsumDense("...x,xy->...y", 5, {.bias_axes = "y"}); }, .inputs = {{2, 4}}, .output = {2, 5}, .weights = {{4, 5}, {5}}});
}
// Keras does not look at the extents for which there is no letter.
TEST(OtherLayers, EinsumDenseWithExtentsToSpare) {
  expectConforms({.make = [] { return EinsumDense("ax...,xy->ay...", {5, 7}); }, .inputs = {{4, 3}}, .output = {5, 3}, .weights = {{4, 5}}});
}

TEST(OtherLayers, EinsumDenseOfAnInnerAxis) {
  expectConforms({.make = [] { return EinsumDense("ax...,xy->ay...", 5, {.bias_axes = "y"}); }, .inputs = {{4, 3}}, .output = {5, 3}, .weights = {{4, 5}, {5, 1}}});
}
TEST(OtherLayers, LambdaOfTwoTensors) {
  expectConforms({.make = [] { return Lambda([](const Tensors &xs) { return xs[0] * 2 - xs[1]; }); }, .inputs = {{4}, {4}}, .output = {4}, .saves = false});
}

namespace {
/// Means of y and y^2, where y is what a layer in training makes of 4096 times `value`.
std::pair<double, double> momentsOf(const AnyLayer &layer, float value) {
  auto x = Input({1});
  Model model(x, layer(Dense(1, {.use_bias = false, .kernel_initializer = "ones"})(x)));
  Array input = Array::full({4096, 1}, value), target = Array::zeros({4096, 1});
  auto meanOf = [&](const Loss &loss) {
    model.compile({.optimizer = SGD({.learning_rate = 0}), .loss = loss});
    return static_cast<double>(model.train_on_batch(input, target)["loss"]);
  };
  double mean = meanOf([](const Tensor &, const Tensor &y) { return sum(y, -1); });
  return {mean, meanOf([](const Tensor &, const Tensor &y) { return sum(square(y), -1); })};
}
} // namespace

TEST(OtherLayers, NoiseHasTheRightMoments) {
  auto [mean, square] = momentsOf(GaussianNoise(0.5, {.seed = 1}), 0);
  EXPECT_NEAR(mean, 0, 0.03);
  EXPECT_NEAR(square, 0.25, 0.03);
  auto [mean2, square2] = momentsOf(GaussianDropout(0.5, {.seed = 1}), 1);
  EXPECT_NEAR(mean2, 1, 0.06);
  EXPECT_NEAR(square2, 2, 0.15);
}

TEST(OtherLayers, Messages) {
  EXPECT_THROW(Permute({1, 3}), UserError);
  EXPECT_THROW(RepeatVector(0), UserError);
  EXPECT_THROW(RepeatVector(2)(Input({2, 3})), UserError);
  EXPECT_THROW(GaussianNoise(1.5), UserError);
  EXPECT_THROW(EinsumDense("ab,bc", 3)(Input({2})), UserError);
  EXPECT_THROW(EinsumDense("abc,cd->abd", {5, 6})(Input({2, 3})), UserError);
  EXPECT_THROW(Lambda([](const Tensor &x) { return x; })({Input({2}), Input({2})}), UserError);
}
