// Layers that normalise.
#include <gtest/gtest.h>

#include "test/unit/layer_conformance.h"

using namespace cornu;
using namespace cornu::testing;

TEST(NormalizationLayers, BatchNormalization) {
  expectConforms({.make = [] { return BatchNormalization(); }, .inputs = {{5}}, .output = {5}, .weights = {{5}, {5}, {5}, {5}}, .tolerance = 1e-4});
}
TEST(NormalizationLayers, BatchNormalizationOfAnotherAxis) {
  expectConforms({.make = [] { return BatchNormalization({.axis = 1, .momentum = 0.5, .center = false}); }, .inputs = {{3, 4}}, .output = {3, 4},
                  .weights = {{3}, {3}, {3}}, .tolerance = 1e-4});
}
TEST(NormalizationLayers, BatchRenormalization) {
  expectConforms({.make = [] { return BatchNormalization({.renorm = true, .renorm_clipping = {.rmax = 2, .dmax = 0.5}, .renorm_momentum = 0.8}); },
                  .inputs = {{5}}, .output = {5}, .weights = {{5}, {5}, {5}, {5}, {5}, {5}, {5}}, .smooth = false, .tolerance = 1e-4});
}
TEST(NormalizationLayers, LayerNormalization) {
  expectConforms({.make = [] { return LayerNormalization(); }, .inputs = {{5}}, .output = {5}, .weights = {{5}, {5}}, .tolerance = 1e-4});
}
TEST(NormalizationLayers, LayerNormalizationOverSeveralAxes) {
  expectConforms({.make = [] { return LayerNormalization({.axis = {1, 2}, .scale = false}); }, .inputs = {{3, 4}}, .output = {3, 4}, .weights = {{3, 4}}, .tolerance = 1e-4});
}
TEST(NormalizationLayers, LayerNormalizationOfAnInnerAxis) {
  expectConforms({.make = [] { return LayerNormalization({.axis = 1}); }, .inputs = {{3, 4}}, .output = {3, 4}, .weights = {{3}, {3}}, .tolerance = 1e-4});
}
TEST(NormalizationLayers, RMSNormalization) {
  expectConforms({.make = [] { return RMSNormalization(); }, .inputs = {{2, 5}}, .output = {2, 5}, .weights = {{5}}, .tolerance = 1e-4});
}
TEST(NormalizationLayers, GroupNormalization) {
  expectConforms({.make = [] { return GroupNormalization({.groups = 2}); }, .inputs = {{3, 4}}, .output = {3, 4}, .weights = {{4}, {4}}, .tolerance = 1e-4});
}
TEST(NormalizationLayers, GroupNormalizationOfEachChannel) {
  expectConforms({.make = [] { return GroupNormalization({.groups = -1, .axis = 1, .center = false}); }, .inputs = {{3, 4}}, .output = {3, 4}, .weights = {{3}}, .tolerance = 1e-4});
}
TEST(NormalizationLayers, UnitNormalization) { expectConforms({.make = [] { return UnitNormalization(); }, .inputs = {{5}}, .output = {5}}); }
TEST(NormalizationLayers, Normalization) {
  expectConforms({.make = [] { return Normalization(); }, .inputs = {{3}}, .output = {3}, .weights = {{3}, {3}, {}}});
  expectConforms({.make = [] { return Normalization({.axis = {}, .mean = 0.5, .variance = 4.0, .invert = true}); }, .inputs = {{3}}, .output = {3}});
  expectConforms({.make = [] { return Normalization({.mean = OneOrMany<double>{1, 2, 3}, .variance = OneOrMany<double>{4, 5, 6}}); }, .inputs = {{2, 3}}, .output = {2, 3}});
}

TEST(NormalizationLayers, AdaptTakesMeanAndVarianceOfTheData) {
  Normalization layer;
  layer.adapt(Array({1.f, 10.f, 3.f, 30.f}, {2, 2}));
  EXPECT_EQ(layer.get_weights()[0], Array({2.f, 20.f}, {2}));
  EXPECT_EQ(layer.get_weights()[1], Array({1.f, 100.f}, {2}));
}

TEST(NormalizationLayers, FrozenBatchNormalizationKeepsItsStatistics) {
  auto x = Input({2});
  BatchNormalization layer({.trainable = false});
  Model model(x, Dense(1)(layer(x)));
  model.compile({.optimizer = "sgd", .loss = "mse"});
  model.train_on_batch(Array({1.f, 2.f, 3.f, 4.f}, {2, 2}), Array({1.f, 2.f}, {2, 1}));
  EXPECT_EQ(layer.moving_mean.value(), Array({0.f, 0.f}, {2}));
  EXPECT_EQ(layer.trainable_weights().size(), 0u);
}

TEST(NormalizationLayers, LayerScale) {
  expectConforms({.make = [] { return LayerScale(0.5, 6); }, .inputs = {{5, 6}}, .output = {5, 6}, .weights = {{6}}});
  auto x = Input({6});
  Model model(x, LayerScale(0.5, 6)(x));
  EXPECT_EQ(model.predict(Array({1.f, 2.f, 3.f, 4.f, 5.f, 6.f}, {1, 6}), {.verbose = 0}), Array({.5f, 1.f, 1.5f, 2.f, 2.5f, 3.f}, {1, 6}));
  EXPECT_NE(model.to_json().find(R"("keras.src.applications.convnext")"), std::string::npos);
  EXPECT_THROW(LayerScale(0.5, 5)(x), UserError);
  EXPECT_THROW(LayerScale(0.5, 0), UserError);
}

TEST(NormalizationLayers, Messages) {
  EXPECT_THROW(GroupNormalization({.groups = 3})(Input({4})), UserError);
  EXPECT_THROW(LayerNormalization({.axis = 3})(Input({4})), UserError);
  EXPECT_THROW(LayerNormalization({.axis = 0})(Input({4})), UserError);
  EXPECT_THROW(BatchNormalization({.renorm = true, .renorm_clipping = {.rmax = 0.5, .rmin = 1}}), UserError);
  EXPECT_THROW(BatchNormalization({.renorm = true, .renorm_clipping = {.dmax = -1}}), UserError);
  EXPECT_THROW(Normalization({.mean = 1.0}), UserError);
}
