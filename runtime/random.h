// Random tensors and orders on the host: initialisers and shuffling. All of them repeat bit for bit from (seed, step).
#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace cornu {

/// Uniform in [low, high). Element i is what `cornu.random_uniform` gives under the same state, scaled.
void fillUniform(std::span<float> out, uint64_t seed, uint64_t step = 0, float low = 0, float high = 1);

/// Normal: Box–Muller on the two words of each element's block, sqrt(-2 ln u1) cos(2 pi u2).
void fillNormal(std::span<float> out, uint64_t seed, uint64_t step = 0, double mean = 0, double stddev = 1);

/// Normal cut off at two standard deviations, by inversion of the normal distribution's function (Keras's TruncatedNormal:
/// `stddev` is that of the normal before it is cut).
void fillTruncatedNormal(std::span<float> out, uint64_t seed, uint64_t step = 0, double mean = 0, double stddev = 1);

/// 0 … count-1 in random order: Fisher–Yates.
std::vector<int64_t> permutation(int64_t count, uint64_t seed, uint64_t step = 0);

} // namespace cornu
