// Philox2x32-10: counter-based random bits. Any element can be computed alone, so any order and any number of threads
// give the same numbers. (Salmon, Moraes, Dror, Shaw: "Parallel random numbers: as easy as 1, 2, 3", SC'11.)
#pragma once

#include <array>
#include <cstdint>

namespace cornu::philox {

using Block = std::array<uint32_t, 2>;

/// The two random words of one counter under one key: ten rounds.
constexpr Block block(Block counter, uint32_t key) {
  constexpr uint32_t multiplier = 0xD256D193u, weyl = 0x9E3779B9u;
  for (int round = 0; round < 10; ++round) {
    uint64_t product = uint64_t(multiplier) * counter[0];
    counter = {uint32_t(product >> 32) ^ key ^ counter[1], uint32_t(product)};
    key += weyl;
  }
  return counter;
}

/// Block `index` of step `step` under `seed`: key = low word of the seed, counter = (index, low word of step).
constexpr Block element(uint64_t seed, uint64_t step, uint64_t index) {
  return block({uint32_t(index), uint32_t(step)}, uint32_t(seed));
}

/// [0, 1) from a word's upper 24 bits: every value is a multiple of 2^-24, exact in float32.
constexpr float uniform(uint32_t word) { return float(word >> 8) * 0x1p-24f; }

/// Another seed for stream `stream` of `seed` (SplitMix64's finaliser), so that variables initialised from one seed do not
/// share numbers.
constexpr uint64_t deriveSeed(uint64_t seed, uint64_t stream) {
  uint64_t z = seed + (stream + 1) * 0x9E3779B97F4A7C15ull;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

} // namespace cornu::philox
