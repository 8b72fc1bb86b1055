// Threads: the pool of the runtime, and models that compute with several.
#include <atomic>
#include <cornu/cornu.h>
#include <cstring>
#include <gtest/gtest.h>
#include <thread>

#include "runtime/threads.h"

using namespace cornu;

namespace {

struct Pool {
  explicit Pool(int64_t count) : threads(cornu_threads_create(count)) {}
  ~Pool() { cornu_threads_destroy(threads); }
  cornu_threads *threads;
};

TEST(Threads, EveryPartRunsOnce) {
  for (int64_t count : {1, 2, 5}) {
    Pool pool(count);
    ASSERT_NE(pool.threads, nullptr);
    EXPECT_EQ(pool.threads->count, count);
    for (int64_t parts = 1; parts <= 9; ++parts)
      for (int round = 0; round < 300; ++round) {
        std::array<std::atomic<int>, 9> runs{};
        pool.threads->run(
            pool.threads, [](void *context, int64_t part, int64_t) { ++static_cast<std::atomic<int> *>(context)[part]; }, runs.data(), parts);
        for (int64_t part = 0; part < 9; ++part) ASSERT_EQ(runs[static_cast<size_t>(part)], part < parts);
      }
  }
}

TEST(Threads, JobsMayBeNestedAndConcurrent) {
  static Pool pool(3);
  auto sum = +[](void *context, int64_t, int64_t) {
    pool.threads->run(
        pool.threads, [](void *total, int64_t part, int64_t) { *static_cast<std::atomic<int64_t> *>(total) += part + 1; }, context, 4);
  };
  std::vector<std::thread> callers;
  std::atomic<int64_t> total = 0;
  for (int i = 0; i < 4; ++i)
    callers.emplace_back([&] {
      for (int round = 0; round < 500; ++round) pool.threads->run(pool.threads, sum, &total, 3);
    });
  for (std::thread &caller : callers) caller.join();
  EXPECT_EQ(total, 4 * 500 * 3 * 10);
}

TEST(Threads, SleepersWake) {
  Pool pool(2);
  std::atomic<int64_t> parts = 0;
  for (int round = 0; round < 5; ++round) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    pool.threads->run(
        pool.threads, [](void *context, int64_t, int64_t) { ++*static_cast<std::atomic<int64_t> *>(context); }, &parts, 2);
  }
  EXPECT_EQ(parts, 10);
}

TEST(Threads, TooManyAreRefused) {
  EXPECT_EQ(cornu_threads_create(0), nullptr);
  EXPECT_EQ(cornu_threads_create(1 << 20), nullptr);
  try {
    set_num_threads(0);
    FAIL();
  } catch (const UserError &error) {
    EXPECT_STREQ(error.what(), "set_num_threads: there must be from 1 to 1024 threads. Received: count=0");
  }
}

/// Loss and weights after some steps of a network whose kernels are worth sharing.
std::vector<Array> trained() {
  set_random_seed(7);
  Tensor x = Input({24, 24, 3});
  Tensor y = Conv2D(32, 3, {.activation = "relu"})(x);
  y = MaxPooling2D()(y);
  y = BatchNormalization()(y);
  y = Dense(200, {.activation = "tanh"})(Flatten()(y));
  Model model(x, Dense(10, {.activation = "softmax"})(Dropout(0.3)(y)));
  model.compile({.optimizer = "adam", .loss = "sparse_categorical_crossentropy"});
  Array images({70, 24, 24, 3}, DType::Float32), labels({70}, DType::Int32);
  for (int64_t i = 0; i < images.size(); ++i) images.data<float>()[i] = static_cast<float>((i * 37) % 101) / 101;
  for (int64_t i = 0; i < 70; ++i) labels.data<int32_t>()[i] = static_cast<int32_t>(i % 10);
  model.fit(images, labels, {.batch_size = 32, .epochs = 2, .verbose = 0});
  std::vector<Array> results = model.get_weights();
  results.push_back(model.predict(images, {.verbose = 0}));
  return results;
}

/// Counts what it is asked, and runs it on the caller.
struct Counting {
  cornu_threads threads{4, [](const cornu_threads *self, cornu_task task, void *context, int64_t parts) {
                          ++reinterpret_cast<const Counting *>(self)->jobs;
                          for (int64_t part = parts; part-- > 0;) task(context, part, parts);
                        }};
  mutable std::atomic<int> jobs = 0;
};

TEST(Threads, TrainingHasTheSameBitsForAnyNumber) {
  int64_t before = get_num_threads();
  set_num_threads(1);
  std::vector<Array> alone = trained();
  set_num_threads(3);
  EXPECT_EQ(get_num_threads(), 3);
  std::vector<Array> three = trained();
  Counting own;
  set_threads(own.threads);
  EXPECT_EQ(get_num_threads(), 4);
  std::vector<Array> four = trained();
  set_num_threads(before);
  EXPECT_GT(own.jobs, 0);
  ASSERT_EQ(alone.size(), three.size());
  for (size_t i = 0; i < alone.size(); ++i) {
    auto bytes = static_cast<size_t>(alone[i].size()) * sizeof(float);
    EXPECT_EQ(std::memcmp(alone[i].raw(), three[i].raw(), bytes), 0) << i;
    EXPECT_EQ(std::memcmp(alone[i].raw(), four[i].raw(), bytes), 0) << i;
  }
}

} // namespace
