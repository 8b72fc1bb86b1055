// Convolution layers: shapes, configs, training, and what they refuse.
#include <gtest/gtest.h>

#include "test/unit/layer_conformance.h"
#include "test/unit/messages.h"

using namespace cornu;
using namespace cornu::testing;

namespace {
const Shape steps = {9, 4}, image = {6, 7, 4};

/// What a call throws; "" if it throws nothing.
void expectHas(const std::string &message, const std::string &part) { EXPECT_NE(message.find(part), std::string::npos) << message; }
} // namespace

TEST(Conv, Conv1D) {
  expectConforms({.make = [] { return Conv1D(5, 3, {.strides = 2, .activation = "tanh"}); }, .inputs = {steps}, .output = {4, 5}, .weights = {{3, 4, 5}, {5}}});
}
TEST(Conv, Conv1DCausal) {
  expectConforms({.make = [] { return Conv1D(2, 3, {.padding = "causal", .dilation_rate = 2}); }, .inputs = {steps}, .output = {9, 2}, .weights = {{3, 4, 2}, {2}}});
}
TEST(Conv, Conv1DChannelsFirst) {
  expectConforms({.make = [] { return Conv1D(2, 2, {.data_format = "channels_first"}); }, .inputs = {{3, 8}}, .output = {2, 7}, .weights = {{2, 3, 2}, {2}}});
}
TEST(Conv, Conv2D) {
  expectConforms({.make = [] { return Conv2D(5, 3, {.activation = "relu"}); }, .inputs = {image}, .output = {4, 5, 5}, .weights = {{3, 3, 4, 5}, {5}}});
}
TEST(Conv, Conv2DOfEveryOption) {
  expectConforms({.make = [] {
                    return Conv2D(6, {3, 2}, {.strides = {2, 1}, .padding = "same", .groups = 2, .use_bias = false, .kernel_initializer = "he_normal",
                                              .kernel_regularizer = "l2", .activity_regularizer = "l2", .kernel_constraint = "unit_norm"});
                  },
                  .inputs = {image}, .output = {3, 7, 6}, .weights = {{3, 2, 2, 6}}, .smooth = false});
}
TEST(Conv, Conv2DDilated) {
  expectConforms({.make = [] { return Conv2D(3, 3, {.padding = "same", .dilation_rate = {2, 3}}); }, .inputs = {image}, .output = {6, 7, 3}, .weights = {{3, 3, 4, 3}, {3}}});
}
TEST(Conv, Conv2DChannelsFirst) {
  expectConforms({.make = [] { return Conv2D(6, 3, {.strides = 2, .padding = "same", .data_format = "channels_first", .groups = 2}); },
                  .inputs = {{4, 6, 7}}, .output = {6, 3, 4}, .weights = {{3, 3, 2, 6}, {6}}});
}
TEST(Conv, Conv1DTranspose) {
  expectConforms({.make = [] { return Conv1DTranspose(5, 3, {.strides = 2, .output_padding = 1}); }, .inputs = {{4, 3}}, .output = {10, 5}, .weights = {{3, 5, 3}, {5}}});
}
TEST(Conv, Conv2DTranspose) {
  expectConforms({.make = [] { return Conv2DTranspose(5, 3, {.strides = 2, .padding = "same", .activation = "tanh"}); },
                  .inputs = {{3, 4, 2}}, .output = {6, 8, 5}, .weights = {{3, 3, 5, 2}, {5}}});
}
TEST(Conv, Conv2DTransposeChannelsFirst) {
  expectConforms({.make = [] { return Conv2DTranspose(3, {3, 2}, {.strides = {1, 3}, .data_format = "channels_first"}); },
                  .inputs = {{2, 3, 4}}, .output = {3, 5, 12}, .weights = {{3, 2, 3, 2}, {3}}});
}
TEST(Conv, DepthwiseConv1D) {
  expectConforms({.make = [] { return DepthwiseConv1D(3, {.strides = 2, .padding = "same"}); }, .inputs = {steps}, .output = {5, 4}, .weights = {{3, 4, 1}, {4}}});
}
TEST(Conv, DepthwiseConv2D) {
  expectConforms({.make = [] { return DepthwiseConv2D(3, {.depth_multiplier = 2, .dilation_rate = 2, .depthwise_regularizer = "l1"}); },
                  .inputs = {image}, .output = {2, 3, 8}, .weights = {{3, 3, 4, 2}, {8}}});
}
TEST(Conv, SeparableConv1D) {
  expectConforms({.make = [] { return SeparableConv1D(5, 3, {.activation = "relu"}); }, .inputs = {steps}, .output = {7, 5}, .weights = {{3, 4, 1}, {1, 4, 5}, {5}}, .smooth = false});
}
TEST(Conv, SeparableConv2D) {
  expectConforms({.make = [] { return SeparableConv2D(5, 3, {.strides = 2, .depth_multiplier = 2, .data_format = "channels_first"}); },
                  .inputs = {{4, 6, 7}}, .output = {5, 2, 3}, .weights = {{3, 3, 4, 2}, {1, 1, 8, 5}, {5}}});
}

TEST(Conv, ConfigsSpellKerasTuples) {
  Json c = Conv2D(3, 5, {.name = "c"}).get_config();
  EXPECT_EQ(c.at("kernel_size").dump(), "[5, 5]");
  EXPECT_EQ(c.at("strides").dump(), "[1, 1]");
  EXPECT_EQ(c.at("dilation_rate").dump(), "[1, 1]");
  EXPECT_TRUE(Conv1DTranspose(3, 5).get_config().at("output_padding").isNull());
}

TEST(Conv, Messages) {
  expectHas(messageOf([] { Conv2D(0, 3); }), "filters must be positive. Received: filters=0");
  expectHas(messageOf([] { Conv2D(4, {3, 3, 3}); }), "kernel_size must be one integer, or 2 of them. Received: kernel_size=(3, 3, 3)");
  expectHas(messageOf([] { Conv2D(4, 3, {.strides = 0}); }), "strides must be positive. Received: strides=0");
  expectHas(messageOf([] { Conv2D(4, 3, {.padding = "causal"}); }), "padding must be one of 'valid', 'same'. Received: padding='causal'");
  expectHas(messageOf([] { Conv2D(4, 3, {.data_format = "NHWC"}); }), "data_format must be 'channels_last' or 'channels_first'. Received: data_format='NHWC'");
  expectHas(messageOf([] { Conv2D(4, 3, {.strides = 2, .dilation_rate = 2}); }), "exclude each other");
  expectHas(messageOf([] { Conv2D(4, 3, {.groups = 3}); }), "groups must be positive and divide filters. Received: groups=3, filters=4");
  expectHas(messageOf([] { Conv2D(4, 3, {.groups = 2})(Input({8, 8, 3})); }), "groups must divide the channels of the input");
  expectHas(messageOf([] { Conv2D(4, 3)(Input({8, 8})); }), "the input must have 4 axes: the batch, rows, columns and channels. Received: shape=(None, 8, 8)");
  expectHas(messageOf([] { Conv2D(4, 3, {.name = "small"})(Input({8, 2, 3})); }), "Conv2D 'small': the window must fit into the input. Received: a window of 3 over axis 1");
  expectHas(messageOf([] {
              Conv2D layer(4, 3);
              layer(Input({8, 8, 3}));
              layer(Input({8, 8, 5}));
            }), "weight 'kernel' has shape (3, 3, 3, 4). Received: shape=(3, 3, 5, 4)");
  expectHas(messageOf([] { Conv1DTranspose(4, 3, {.strides = 2, .output_padding = 2}); }), "output_padding must be less than strides");
  expectHas(messageOf([] { Conv1DTranspose(4, 2, {.strides = 2, .padding = "same", .output_padding = 0})(Input({8, 3})); }), "output_padding must be positive");
  expectHas(messageOf([] { DepthwiseConv2D(3, {.depth_multiplier = 0}); }), "depth_multiplier must be positive");
  expectHas(messageOf([] { DepthwiseConv1D(3, {.padding = "causal"}); }), "padding must be one of 'valid', 'same'");
}

TEST(Conv, AModelIsStillUsableAfterAMisfit) {
  auto x = Input({8, 8, 3});
  Conv2D layer(4, 3);
  EXPECT_THROW(layer(Input({2, 2, 3})), UserError);
  Model model(x, layer(x));
  EXPECT_EQ(model.predict(Array::zeros({2, 8, 8, 3}), {.verbose = 0}).shape(), (Shape{2, 6, 6, 4}));
}
