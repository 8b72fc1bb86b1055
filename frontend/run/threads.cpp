#include "frontend/run/threads.h"

#include <mutex>
#include <optional>

#include "frontend/run/Executable.h"
#include "runtime/errors.h"
#include "runtime/threads.h"

namespace cornu {

namespace {

/// What computes: nothing yet (the pool is made when first needed), or a pool, ours or the program's; null for a single thread.
struct Threads {
  std::mutex mutex;
  int64_t count = cornu_threads_available();
  std::optional<std::shared_ptr<const cornu_threads>> pool;
};

Threads &global() {
  static Threads threads;
  return threads;
}

std::shared_ptr<const cornu_threads> makePool(int64_t count) {
  if (count == 1) return nullptr;
  cornu_threads *pool = cornu_threads_create(count);
  if (!pool) throw EnvironmentError("threads", "the system refuses to start " + std::to_string(count - 1) + " more");
  return {pool, cornu_threads_destroy};
}

} // namespace

void set_num_threads(int64_t count) {
  if (count < 1 || count > 1024) throw UserError("set_num_threads: there must be from 1 to 1024 threads", "count=" + std::to_string(count));
  std::shared_ptr<const cornu_threads> pool = makePool(count);
  std::lock_guard lock(global().mutex);
  global().count = count;
  global().pool = std::move(pool);
}

int64_t get_num_threads() {
  std::lock_guard lock(global().mutex);
  return global().count;
}

void set_threads(const cornu_threads &threads) {
  if (threads.count < 1 || !threads.run) throw UserError("set_threads: there must be at least 1 thread, and a function to run tasks", "count=" + std::to_string(threads.count));
  std::lock_guard lock(global().mutex);
  global().count = threads.count;
  global().pool = std::shared_ptr<const cornu_threads>(&threads, [](const cornu_threads *) {});
}

std::shared_ptr<const cornu_threads> run::threads() {
  std::lock_guard lock(global().mutex);
  if (!global().pool) global().pool = makePool(global().count);
  return *global().pool;
}

} // namespace cornu
