#include "runtime/random.h"

#include <cmath>
#include <numeric>

#include "runtime/philox.h"

namespace cornu {

void fillUniform(std::span<float> out, uint64_t seed, uint64_t step, float low, float high) {
  for (size_t i = 0; i < out.size(); ++i) out[i] = low + (high - low) * philox::uniform(philox::element(seed, step, i)[0]);
}

void fillNormal(std::span<float> out, uint64_t seed, uint64_t step, double mean, double stddev) {
  for (size_t i = 0; i < out.size(); ++i) {
    philox::Block words = philox::element(seed, step, i);
    double u1 = (words[0] + 1.0) * 0x1p-32; // (0, 1]: the logarithm stays finite
    double u2 = words[1] * 0x1p-32;
    out[i] = static_cast<float>(mean + stddev * std::sqrt(-2 * std::log(u1)) * std::cos(2 * M_PI * u2));
  }
}

namespace {
/// z with Phi(z) = p, for p in [Phi(-2), Phi(2)]. Newton's method from 0 approaches monotonically, as Phi is convex below 0
/// and concave above.
double inverseNormal(double p) {
  double z = 0;
  for (int i = 0; i < 12; ++i) {
    double error = 0.5 * std::erfc(-z * M_SQRT1_2) - p;
    double delta = error / (std::exp(-0.5 * z * z) / std::sqrt(2 * M_PI));
    z -= delta;
    if (std::fabs(delta) < 1e-9) break;
  }
  return z;
}
} // namespace

void fillTruncatedNormal(std::span<float> out, uint64_t seed, uint64_t step, double mean, double stddev) {
  const double lower = 0.5 * std::erfc(M_SQRT2), upper = 1 - lower; // Phi(-2), Phi(2)
  for (size_t i = 0; i < out.size(); ++i) {
    double u = (philox::element(seed, step, i)[0] + 0.5) * 0x1p-32;
    out[i] = static_cast<float>(mean + stddev * inverseNormal(lower + (upper - lower) * u));
  }
}

std::vector<int64_t> permutation(int64_t count, uint64_t seed, uint64_t step) {
  std::vector<int64_t> order(static_cast<size_t>(count));
  std::iota(order.begin(), order.end(), 0);
  for (int64_t i = count - 1; i > 0; --i) {
    philox::Block words = philox::element(seed, step, static_cast<uint64_t>(i));
    uint64_t bits = uint64_t(words[0]) << 32 | words[1];
    auto j = static_cast<int64_t>((static_cast<unsigned __int128>(bits) * static_cast<uint64_t>(i + 1)) >> 64);
    std::swap(order[static_cast<size_t>(i)], order[static_cast<size_t>(j)]);
  }
  return order;
}

} // namespace cornu
