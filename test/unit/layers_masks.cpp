// Masks: where they begin, what carries them on, what they mean to layers, losses and metrics.
#include <cmath>
#include <gtest/gtest.h>

#include "test/unit/files_testing.h"
#include "test/unit/layer_conformance.h"
#include "test/unit/messages.h"

using namespace cornu;
using namespace cornu::testing;

namespace {
/// Two samples of three steps with two features; steps of zeros are masked: the last one of the first sample, the first two of the second.
Array steps() { return Array({1.f, 2.f, 3.f, 4.f, 0.f, 0.f, 0.f, 0.f, 0.f, 0.f, 5.f, 6.f}, {2, 3, 2}); }

/// The mask that a layer leaves on its result, as numbers, when called on `inputs` masked inputs.
Array maskAfter(const AnyLayer &layer, int inputs = 1) {
  auto x = Input({3, 2});
  Tensors masked;
  for (int i = 0; i < inputs; ++i) masked.push_back(i == 0 ? Masking()(x) : Masking({.mask_value = 6})(x));
  Tensor y = layer(masked);
  return Model(x, Lambda([](const Tensor &h) { return h.masked() ? cast(h.mask(), DType::Float32) : zeros({1}) - 1 + sum(h, Axes({1, 2})) * 0; })(y)).predict(steps(), {.verbose = 0});
}
Array bits(std::vector<float> values) { return Array(std::move(values), {2, 3}); }
} // namespace

TEST(Masks, MaskingConforms) { expectConforms({.make = [] { return Masking({.mask_value = 1}); }, .inputs = {{3, 2}}, .output = {3, 2}}); }
TEST(Masks, MaskingZeroesMaskedSteps) {
  auto x = Input({3, 2});
  Array y = Model(x, Masking({.mask_value = 2})(x)).predict(Array({2.f, 2.f, 2.f, 4.f, 0.f, 0.f}, {1, 3, 2}), {.verbose = 0});
  EXPECT_EQ(y, Array({0.f, 0.f, 2.f, 4.f, 0.f, 0.f}, {1, 3, 2}));
}

TEST(Masks, PassThroughLayersThatKeepSteps) {
  for (const AnyLayer &layer : std::vector<AnyLayer>{Dense(4), Activation("relu"), Dropout(0.5), BatchNormalization(), LayerNormalization(), ReLU(), Identity(), GaussianNoise(1)})
    EXPECT_EQ(maskAfter(layer), bits({1, 1, 0, 0, 0, 1})) << layer.class_name();
}
TEST(Masks, EndWhereStepsMove) {
  for (const AnyLayer &layer : std::vector<AnyLayer>{Permute({2, 1}), Reshape({2, 3}), RMSNormalization(), Lambda([](const Tensor &x) { return x + 1; })})
    EXPECT_EQ(maskAfter(layer).size(), 2) << layer.class_name(); // the stand-in for no mask has one number for each sample
}
TEST(Masks, MergingLayersJoinThem) {
  // The second input masks steps of (6, 6), of which there are none.
  EXPECT_EQ(maskAfter(Add(), 2), bits({1, 1, 1, 1, 1, 1}));
  EXPECT_EQ(maskAfter(Concatenate(), 2), bits({1, 1, 1, 1, 1, 1}));
  EXPECT_EQ(maskAfter(Multiply(), 1), bits({1, 1, 0, 0, 0, 1}));
}

TEST(Masks, GoIntoAndOutOfModels) {
  auto inner = Input({3, 2});
  Model model(inner, Dense(2)(inner));
  EXPECT_EQ(maskAfter(model), bits({1, 1, 0, 0, 0, 1}));
}

TEST(Masks, GlobalAveragePoolingLeavesThemOut) {
  auto x = Input({3, 2});
  Array y = Model(x, GlobalAveragePooling1D()(Masking()(x))).predict(steps(), {.verbose = 0});
  EXPECT_EQ(y, Array({2.f, 3.f, 5.f, 6.f}, {2, 2}));
}

TEST(Masks, AUsersLayerReadsThem) {
  struct MeanOfSteps : Layer<MeanOfSteps> {
    Tensor call(const Tensor &x) {
      Tensor counts = expand_dims(cast(x.mask(), x.dtype()), -1);
      return sum(x * counts, 1) / sum(counts, 1);
    }
  };
  auto x = Input({3, 2});
  Array y = Model(x, MeanOfSteps()(Masking()(x))).predict(steps(), {.verbose = 0});
  EXPECT_EQ(y, Array({2.f, 3.f, 5.f, 6.f}, {2, 2}));
}

TEST(Masks, ExplicitMaskOfACall) {
  auto x = Input({3}), keep = Input({3}, {.dtype = "bool"});
  Model model({x, keep}, Softmax()(x, {.mask = keep}));
  Array y = model.predict({Array({1.f, 1.f, 5.f}, {1, 3}), Array({1.f, 1.f, 0.f}, {1, 3})}, {.verbose = 0});
  EXPECT_FLOAT_EQ(static_cast<float>(y.at(0)), 0.5f);
  EXPECT_EQ(y.at(2), 0);
}

TEST(Masks, Messages) {
  auto x = Input({3, 2}), mask = Input({3}, {.dtype = "bool"});
  EXPECT_EQ(messageOf([&] { Dense(2, {.name = "d"})(x, {.mask = mask}); }), "Dense 'd': its call takes no mask");
  EXPECT_EQ(messageOf([&] { Softmax({.name = "s"})(x, {.initial_state = {x}}); }), "Softmax 's': its call takes no initial_state. Known: 'mask'");
  EXPECT_EQ(messageOf([&] { Softmax({.name = "s"})(Masking()(x)); }),
            "Softmax 's': the mask must broadcast against the input. Received: mask of shape (None, 3) for (None, 3, 2)");
  EXPECT_EQ(messageOf([&] { BatchNormalization({.name = "b"})(x, {.mask = Input({3, 2}, {.dtype = "bool"})}); }),
            "BatchNormalization 'b': the mask must have one axis less than the input. Received: mask of shape (None, 3, 2) for (None, 3, 2)");
}

TEST(Masks, ALayerThatRefusesOneGoesOn) {
  auto x = Input({3, 2}), mask = Input({3}, {.dtype = "bool"});
  Dense layer(1, {.use_bias = false, .kernel_initializer = "ones"});
  EXPECT_THROW(layer(x, {.mask = mask}), UserError);
  EXPECT_EQ(Model(x, layer(x)).predict(steps(), {.verbose = 0}), Array({3.f, 7.f, 0.f, 0.f, 0.f, 11.f}, {2, 3, 1}));
}

namespace {
/// Loss and metric of predictions x·1 on the masked steps of `steps()`, against zeros.
Logs lossOf(const Loss &loss, const Array &data = steps()) {
  auto x = Input({3, 2});
  Model model(x, Dense(1, {.use_bias = false, .kernel_initializer = "ones"})(Masking()(x)));
  model.compile({.optimizer = "sgd", .loss = loss, .metrics = {"mse", metrics::RootMeanSquaredError()}});
  return model.evaluate(data, Array::zeros({2, 3, 1}), {.verbose = 0});
}
} // namespace

TEST(Masks, LossesAndMeansCountWhatIsLeft) {
  // Valid predictions are 3, 7 and 11, of 6.
  EXPECT_FLOAT_EQ(static_cast<float>(lossOf("mse")["loss"]), (9.f + 49 + 121) / 3);
  EXPECT_FLOAT_EQ(static_cast<float>(lossOf("mse")["mse"]), (9.f + 49 + 121) / 3);
  EXPECT_FLOAT_EQ(static_cast<float>(lossOf(losses::MeanSquaredError({.reduction = "sum"}))["loss"]), 9.f + 49 + 121);
  EXPECT_FLOAT_EQ(static_cast<float>(lossOf(losses::MeanSquaredError({.reduction = "mean_with_sample_weight"}))["loss"]), (9.f + 49 + 121) / 3);
  // Keras's RootMeanSquaredError takes no mask.
  EXPECT_FLOAT_EQ(static_cast<float>(lossOf("mse")["root_mean_squared_error"]), std::sqrt((9.f + 49 + 121) / 6));
}
TEST(Masks, NothingLeftIsNoLoss) {
  Logs logs = lossOf("mse", Array::zeros({2, 3, 2}));
  EXPECT_EQ(logs["loss"], 0);
  EXPECT_EQ(logs["mse"], 0);
}
