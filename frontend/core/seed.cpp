#include "frontend/core/seed.h"

#include <mutex>
#include <random>

#include "frontend/initializers/initializers.h"
#include "runtime/philox.h"

namespace cornu {

namespace {
struct GlobalSeed {
  std::mutex mutex;
  uint64_t seed = std::random_device{}(), drawn = 0;
};
GlobalSeed &global() {
  static GlobalSeed instance;
  return instance;
}
} // namespace

void set_random_seed(uint64_t seed) {
  std::lock_guard lock(global().mutex);
  global().seed = seed;
  global().drawn = 0;
}

uint64_t nextSeed() {
  std::lock_guard lock(global().mutex);
  // 31 bits: a seed fits whatever reads it from a config.
  return philox::deriveSeed(global().seed, global().drawn++) & 0x7fffffff;
}

} // namespace cornu
