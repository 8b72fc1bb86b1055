// The arena of compiled functions: hardly larger than what lives at once.
#include <cornu/cornu.h>
#include <gtest/gtest.h>

#include "frontend/run/benchmark.h"

using namespace cornu;

namespace {

void expectTightArena(Model model, int64_t batch) {
  model.compile({.optimizer = "adam", .loss = "mean_squared_error", .metrics = {"mae"}});
  for (bool train : {false, true}) {
    run::BenchmarkResult result = run::benchmark(model, {.batch = batch, .train = train, .seconds = 0.01, .kernels = true});
    EXPECT_GE(result.workspace, result.least_workspace);
    // Buffers start at lines of a cache: a kilobyte more or less says nothing.
    EXPECT_LE(static_cast<double>(result.workspace), 1.15 * static_cast<double>(result.least_workspace) + 4096)
        << model.name() << (train ? ", training step" : ", prediction") << ", batch " << batch;
  }
}

TEST(Memory, DenseLayersAndBranches) {
  Tensor x = Input({100});
  Tensor left = Dense(300, {.activation = "tanh"})(x), right = Dense(200, {.activation = "relu"})(Dropout(0.5)(x));
  Tensor both = BatchNormalization()(Concatenate()({left, right}));
  for (int64_t batch : {1, 1000}) expectTightArena(Model(x, Dense(3)(Add()({Dense(500)(both), both})), {.name = "branches"}), batch);
}

TEST(Memory, Convolutions) {
  Tensor x = Input({20, 20, 3});
  Tensor y = MaxPooling2D()(Conv2D(24, 3, {.padding = "same", .activation = "relu"})(x));
  y = LayerNormalization()(Conv2D(32, 3, {.strides = 2})(y));
  expectTightArena(Model(x, Dense(4)(GlobalAveragePooling2D()(y)), {.name = "convolutions"}), 32);
}

TEST(Memory, Loops) {
  Tensor x = Input({30, 16});
  Tensor y = LSTM(48, {.return_sequences = true})(x);
  expectTightArena(Model(x, Dense(4)(GRU(32)(y)), {.name = "loops"}), 32);
}

} // namespace
