// Layers that make one tensor of several.
#include <gtest/gtest.h>

#include "test/unit/layer_conformance.h"

using namespace cornu;
using namespace cornu::testing;

TEST(MergeLayers, Subtract) { expectConforms({.make = [] { return Subtract(); }, .inputs = {{4, 3}, {3}}, .output = {4, 3}}); }
TEST(MergeLayers, Multiply) { expectConforms({.make = [] { return Multiply(); }, .inputs = {{4, 3}, {3}, {1, 3}}, .output = {4, 3}}); }
TEST(MergeLayers, Average) { expectConforms({.make = [] { return Average(); }, .inputs = {{5}, {5}, {1}}, .output = {5}}); }
TEST(MergeLayers, Maximum) { expectConforms({.make = [] { return Maximum(); }, .inputs = {{2, 5}, {5}}, .output = {2, 5}, .smooth = false}); }
TEST(MergeLayers, Minimum) { expectConforms({.make = [] { return Minimum(); }, .inputs = {{5}, {5}}, .output = {5}}); }
TEST(MergeLayers, DotOfVectors) { expectConforms({.make = [] { return Dot(1); }, .inputs = {{5}, {5}}, .output = {1}}); }
TEST(MergeLayers, DotOfMatrices) { expectConforms({.make = [] { return Dot({2, 1}); }, .inputs = {{3, 4}, {4, 5}}, .output = {3, 5}}); }
TEST(MergeLayers, DotNormalized) { expectConforms({.make = [] { return Dot(-1, {.normalize = true}); }, .inputs = {{3, 4}, {2, 4}}, .output = {3, 2}}); }

TEST(MergeLayers, Messages) {
  auto a = Input({3}), b = Input({4});
  EXPECT_THROW(Subtract()({a, a, a}), UserError);
  EXPECT_THROW(Multiply()({a, b}), UserError);
  EXPECT_THROW(Dot(1)({a, b}), UserError);
  EXPECT_THROW(Dot(0)({a, a}), UserError);
}
