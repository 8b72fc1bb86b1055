// Pooling, and layers that move images about.
#include <gtest/gtest.h>

#include "test/unit/layer_conformance.h"

using namespace cornu;
using namespace cornu::testing;

namespace {
const Shape steps = {9, 4}, image = {6, 7, 4};
}

TEST(Pooling, MaxPooling1D) { expectConforms({.make = [] { return MaxPooling1D(); }, .inputs = {steps}, .output = {4, 4}}); }
TEST(Pooling, MaxPooling2D) { expectConforms({.make = [] { return MaxPooling2D({2, 3}); }, .inputs = {image}, .output = {3, 2, 4}}); }
TEST(Pooling, MaxPooling2DOverlapping) {
  expectConforms({.make = [] { return MaxPooling2D(3, {.strides = 2, .padding = "same"}); }, .inputs = {image}, .output = {3, 4, 4}});
}
TEST(Pooling, MaxPooling2DChannelsFirst) {
  expectConforms({.make = [] { return MaxPooling2D(2, {.data_format = "channels_first"}); }, .inputs = {image}, .output = {6, 3, 2}});
}
TEST(Pooling, AveragePooling1D) { expectConforms({.make = [] { return AveragePooling1D(3, {.padding = "same"}); }, .inputs = {steps}, .output = {3, 4}}); }
TEST(Pooling, AveragePooling2D) { expectConforms({.make = [] { return AveragePooling2D(2); }, .inputs = {image}, .output = {3, 3, 4}}); }
TEST(Pooling, AveragePooling2DChannelsFirst) {
  expectConforms({.make = [] { return AveragePooling2D({2, 3}, {.strides = 1, .padding = "same", .data_format = "channels_first"}); }, .inputs = {image}, .output = {6, 7, 4}});
}
TEST(Pooling, GlobalMaxPooling1D) { expectConforms({.make = [] { return GlobalMaxPooling1D(); }, .inputs = {steps}, .output = {4}}); }
TEST(Pooling, GlobalMaxPooling2D) {
  expectConforms({.make = [] { return GlobalMaxPooling2D({.data_format = "channels_first", .keepdims = true}); }, .inputs = {image}, .output = {6, 1, 1}});
}
TEST(Pooling, GlobalAveragePooling1D) { expectConforms({.make = [] { return GlobalAveragePooling1D({.keepdims = true}); }, .inputs = {steps}, .output = {1, 4}}); }
TEST(Pooling, GlobalAveragePooling2D) { expectConforms({.make = [] { return GlobalAveragePooling2D(); }, .inputs = {image}, .output = {4}}); }

TEST(ImageLayers, ZeroPadding) {
  expectConforms({.make = [] { return ZeroPadding1D({2, 1}); }, .inputs = {{3, 2}}, .output = {6, 2}});
  expectConforms({.make = [] { return ZeroPadding2D(); }, .inputs = {{2, 3, 2}}, .output = {4, 5, 2}});
  expectConforms({.make = [] { return ZeroPadding2D({{1, 0}, {2, 3}}, {.data_format = "channels_first"}); }, .inputs = {{2, 3, 2}}, .output = {2, 4, 7}});
}
TEST(ImageLayers, Cropping) {
  expectConforms({.make = [] { return Cropping1D({2, 1}); }, .inputs = {steps}, .output = {6, 4}});
  expectConforms({.make = [] { return Cropping2D({1, 2}); }, .inputs = {image}, .output = {4, 3, 4}});
  expectConforms({.make = [] { return Cropping2D({{1, 0}, {2, 1}}, {.data_format = "channels_first"}); }, .inputs = {image}, .output = {6, 6, 1}});
}
TEST(ImageLayers, UpSampling) {
  expectConforms({.make = [] { return UpSampling1D(3); }, .inputs = {{2, 2}}, .output = {6, 2}});
  expectConforms({.make = [] { return UpSampling2D({2, 3}); }, .inputs = {{2, 1, 2}}, .output = {4, 3, 2}});
  expectConforms({.make = [] { return UpSampling2D(2, {.data_format = "channels_first", .interpolation = "bilinear"}); }, .inputs = {{2, 2, 3}}, .output = {2, 4, 6}});
}
TEST(ImageLayers, SpatialDropout) {
  expectConforms({.make = [] { return SpatialDropout1D(0.5, {.seed = 2}); }, .inputs = {steps}, .output = steps, .random = true});
  expectConforms({.make = [] { return SpatialDropout2D(0.5, {.data_format = "channels_first"}); }, .inputs = {image}, .output = image, .random = true});
}

TEST(Pooling, Messages) {
  EXPECT_THROW(MaxPooling2D(0), UserError);
  EXPECT_THROW(MaxPooling2D({2, 2, 2}), UserError);
  EXPECT_THROW(MaxPooling2D(2, {.padding = "causal"}), UserError);
  EXPECT_THROW(MaxPooling2D(2, {.data_format = "last"}), UserError);
  EXPECT_THROW(MaxPooling2D(5)(Input({4, 8, 1})), UserError);
  EXPECT_THROW(AveragePooling1D(2)(Input({4, 8, 1})), UserError);
  EXPECT_THROW(GlobalMaxPooling2D()(Input({4, 8})), UserError);
  EXPECT_THROW(GlobalMaxPooling2D({.data_format = "x"}), UserError);
}
TEST(ImageLayers, Messages) {
  EXPECT_THROW(ZeroPadding2D(-1), UserError);
  EXPECT_THROW(ZeroPadding2D({1, 2, 3}), UserError);
  EXPECT_THROW(ZeroPadding1D({{1, 2}, {3, 4}}), UserError);
  EXPECT_THROW(Cropping1D({4, 5})(Input({9, 2})), UserError);
  EXPECT_THROW(UpSampling1D(0), UserError);
  EXPECT_THROW(UpSampling2D(2, {.interpolation = "area"}), UserError);
  EXPECT_THROW(SpatialDropout2D(1.5), UserError);
}
