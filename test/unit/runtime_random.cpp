#include <cmath>
#include <gtest/gtest.h>
#include <numeric>

#include "runtime/philox.h"
#include "runtime/random.h"

using namespace cornu;

// The known answers published with Random123 for philox2x32, 10 rounds.
static_assert(philox::block({0, 0}, 0) == philox::Block{0xff1dae59, 0x6cd10df2});
static_assert(philox::block({0xffffffff, 0xffffffff}, 0xffffffff) == philox::Block{0x2c3f628b, 0xab4fd7ad});
static_assert(philox::block({0x243f6a88, 0x85a308d3}, 0x13198a2e) == philox::Block{0xdd7ce038, 0xf62a4c12});

namespace {
struct Moments {
  double mean, stddev, min, max;
};
Moments momentsOf(const std::vector<float> &v) {
  double mean = std::accumulate(v.begin(), v.end(), 0.0) / v.size(), square = 0;
  for (float x : v) square += (x - mean) * (x - mean);
  return {mean, std::sqrt(square / v.size()), *std::min_element(v.begin(), v.end()), *std::max_element(v.begin(), v.end())};
}

TEST(Random, uniformHasItsMomentsAndRange) {
  std::vector<float> v(200000);
  fillUniform(v, 7, 3, -1, 3);
  auto m = momentsOf(v);
  EXPECT_NEAR(m.mean, 1, 0.01);
  EXPECT_NEAR(m.stddev, 4 / std::sqrt(12.0), 0.01);
  EXPECT_GE(m.min, -1);
  EXPECT_LT(m.max, 3);
}

TEST(Random, normalHasItsMoments) {
  std::vector<float> v(200000);
  fillNormal(v, 1, 0, 0.5, 2);
  auto m = momentsOf(v);
  EXPECT_NEAR(m.mean, 0.5, 0.02);
  EXPECT_NEAR(m.stddev, 2, 0.02);
  EXPECT_GT(m.max, 6);
}

TEST(Random, truncatedNormalStaysWithinTwoDeviations) {
  std::vector<float> v(200000);
  fillTruncatedNormal(v, 1, 0, 0, 1);
  auto m = momentsOf(v);
  EXPECT_NEAR(m.mean, 0, 0.01);
  EXPECT_NEAR(m.stddev, 0.87962566103423978, 0.005); // the deviation of a unit normal cut at ±2
  EXPECT_GT(m.max, 1.99);
  EXPECT_LE(m.max, 2);
  EXPECT_GE(m.min, -2);
}

TEST(Random, repeatsFromSeedAndStep) {
  std::vector<float> a(64), b(64), c(64);
  fillUniform(a, 5, 1), fillUniform(b, 5, 1), fillUniform(c, 5, 2);
  EXPECT_EQ(a, b);
  EXPECT_NE(a, c);
  EXPECT_NE(philox::deriveSeed(5, 0), philox::deriveSeed(5, 1));
}

TEST(Random, permutationHoldsEveryIndexOnce) {
  auto order = permutation(1000, 42, 0);
  EXPECT_EQ(order, permutation(1000, 42, 0));
  EXPECT_NE(order, permutation(1000, 42, 1));
  auto sorted = order;
  std::sort(sorted.begin(), sorted.end());
  for (int64_t i = 0; i < 1000; ++i) EXPECT_EQ(sorted[i], i);
  EXPECT_TRUE(permutation(0, 1).empty());
}
} // namespace
