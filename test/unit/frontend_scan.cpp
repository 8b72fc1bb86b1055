// Recurrence as layers write it.
#include <gtest/gtest.h>

#include <cmath>

#include <cornu/cornu.h>

using namespace cornu;

namespace {

/// h' = tanh(x + h W), from zeros; gives all states or the last.
struct Recurrent : Layer<Recurrent> {
  bool sequences;
  Variable kernel;
  explicit Recurrent(bool sequences) : sequences(sequences) {}
  void build(const Shape &in) { kernel = add_weight("kernel", {in.back(), in.back()}); }
  Tensor call(const Tensor &x) {
    auto step = [&](const Tensors &states, const Tensors &slices) -> ScanStep {
      Tensor h = tanh(slices[0] + matmul(states[0], kernel));
      return {{h}, {h}};
    };
    ScanResult result = scan(step, {zeros({-1, x.dim(-1)})}, {x});
    return sequences ? result.outputs[0] : result.states[0];
  }
};

/// Adds noise of its own to each slice.
struct Noisy : Layer<Noisy> {
  Variable state = add_random_state(5);
  Tensor call(const Tensor &x) {
    return scan([&](const Tensors &, const Tensors &slices) -> ScanStep { return {{}, {slices[0] + random_uniform(state, {-1, x.dim(-1)})}}; }, {}, {x}).outputs[0];
  }
};

/// A layer made of a function, for what must fail.
struct Calls : Layer<Calls> {
  std::function<Tensor(const Tensor &)> function;
  explicit Calls(std::function<Tensor(const Tensor &)> function) : function(std::move(function)) {}
  Tensor call(const Tensor &x) { return function(x); }
};

std::string failureOf(std::function<Tensor(const Tensor &)> function) {
  try {
    Calls{std::move(function)}(Input({4, 3}));
  } catch (const UserError &error) {
    return error.what();
  }
  return "no UserError";
}

ScanStep keep(const Tensors &states, const Tensors &slices) { return {states, slices}; }

} // namespace

TEST(Scan, StacksStates) {
  Tensor in = Input({4, 3});
  Tensor out = Recurrent(true)(in);
  EXPECT_EQ(out.shape(), (Shape{-1, 4, 3}));
  Model model(in, out);
  model.compile({.run_eagerly = true});
  Array x = initializers::RandomNormal({.stddev = 1, .seed = 3})({2, 4, 3}), y = model.predict(x), w = model.get_weights()[0];
  for (int64_t b = 0; b < 2; ++b) {
    std::vector<double> h(3);
    for (int64_t t = 0; t < 4; ++t) {
      std::vector<double> next(3);
      for (int64_t j = 0; j < 3; ++j) {
        double z = x.at((b * 4 + t) * 3 + j);
        for (int64_t k = 0; k < 3; ++k) z += h[static_cast<size_t>(k)] * w.at(k * 3 + j);
        next[static_cast<size_t>(j)] = std::tanh(z);
        EXPECT_NEAR(y.at((b * 4 + t) * 3 + j), next[static_cast<size_t>(j)], 1e-5);
      }
      h = next;
    }
  }
}

TEST(Scan, RandomStatesAdvanceWithEveryStep) {
  Tensor in = Input({4, 3});
  Model model(in, Noisy()(in));
  model.compile({.run_eagerly = true});
  Array y = model.predict(Array({1, 4, 3}, DType::Float32));
  for (int64_t t = 1; t < 4; ++t) EXPECT_NE(y.at(0), y.at(t * 3)) << "step " << t << " repeats the numbers of the first";
  EXPECT_NE(model.predict(Array({1, 4, 3}, DType::Float32)).at(0), y.at(9));
}

TEST(Scan, SaysWhatIsWrong) {
  auto run = [](auto step, Tensors states, Tensors sequences, ScanOptions options = {}) { return scan(step, states, sequences, options).outputs[0]; };
  EXPECT_EQ(failureOf([&](const Tensor &x) { return run(keep, {}, {x}, {.axis = 0}); }),
            "scan: sequences must have a static extent, not the batch, along the axis. Received: axis=0 for shape (None, 4, 3)");
  EXPECT_EQ(failureOf([&](const Tensor &x) { return run(keep, {}, {x}, {.length = 5}); }),
            "scan: sequences must have as many steps as the scan, 5. Received: shape (None, 4, 3)");
  EXPECT_EQ(failureOf([&](const Tensor &) { return run(keep, {zeros({-1, 2})}, {}); }),
            "scan: the number of steps must be positive, and given if there are no sequences. Received: length=-1");
  EXPECT_EQ(failureOf([&](const Tensor &x) { return run([](const Tensors &, const Tensors &s) -> ScanStep { return {{}, s}; }, {zeros({-1, 2})}, {x}); }),
            "scan: a step must return as many states as it takes, 1. Received: 0");
  EXPECT_EQ(failureOf([&](const Tensor &x) { return run([](const Tensors &, const Tensors &s) -> ScanStep { return {s, s}; }, {zeros({-1, 2})}, {x}); }),
            "scan: state 0 must keep its shape and dtype, (None, 2) float32. Received: (None, 3) float32");
  EXPECT_EQ(failureOf([&](const Tensor &x) { return run([](const Tensors &, const Tensors &s) -> ScanStep { return {{}, {sum(s[0])}}; }, {}, {x}); }),
            "scan: outputs must have the axes in front of axis 1. Received: shape ()");
  EXPECT_EQ(failureOf([&](const Tensor &x) {
              Tensor kept;
              scan([&](const Tensors &, const Tensors &slices) -> ScanStep { return kept = slices[0], ScanStep{{}, slices}; }, {}, {x});
              return kept;
            }),
            "a tensor can be used only within the call that made it. Received: a tensor kept from another call");
  EXPECT_NE(failureOf([&](const Tensor &x) {
              Dense dense(2, {.activity_regularizer = "l2"});
              return run([&](const Tensors &, const Tensors &slices) -> ScanStep { return {{}, {dense(slices[0])}}; }, {}, {x});
            }).find("scan: a step cannot add losses"), std::string::npos);
}
