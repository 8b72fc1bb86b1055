// The global seed: what everything random draws from unless it has a seed of its own.
#pragma once

#include <cstdint>

namespace cornu {

/// A new seed, different at every call, determined by set_random_seed and the number of calls since.
uint64_t nextSeed();

} // namespace cornu
