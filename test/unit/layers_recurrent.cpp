// Recurrent layers, their cells and wrappers. Their numbers are compared with Keras's in goldens.cpp.
#include <gtest/gtest.h>

#include "test/unit/files_testing.h"
#include "test/unit/layer_conformance.h"
#include "test/unit/messages.h"

using namespace cornu;
using namespace cornu::testing;

namespace {

/// A cell as a user writes it, with what saving needs.
struct MinimalCell : Cell<MinimalCell> {
  int64_t units;
  Variable kernel, recurrent;
  explicit MinimalCell(int64_t units, LayerOptions options = {}) : Cell(std::move(options)), units(units) {}
  std::vector<int64_t> state_size() const override { return {units}; }
  Json get_config() const override {
    Json c = Layer::get_config();
    c["units"] = units;
    return c;
  }
  void build(const Shape &step) {
    kernel = add_weight("kernel", {step.back(), units});
    recurrent = add_weight("recurrent_kernel", {units, units}, {.initializer = "orthogonal"});
  }
  Step step(const Tensor &x, const States &s) override {
    auto h = tanh(matmul(x, kernel) + matmul(s[0], recurrent));
    return {h, {h}};
  }
};
const bool registered = (register_layer<MinimalCell>([](const Json &c) { return MinimalCell(c.at("units").asInt()); }), true);

/// Gives the sum of all it has seen so far, twice: an output that is not its state.
struct CountingCell : Cell<CountingCell> {
  std::vector<int64_t> state_size() const override { return {2}; }
  Step step(const Tensor &x, const States &s) override {
    auto total = s[0] + x;
    return {total * 2, {total}};
  }
};

Array numbers(Shape shape) {
  Array a(std::move(shape), DType::Float32);
  for (int64_t i = 0; i < a.size(); ++i) a.set(i, static_cast<double>(i + 1));
  return a;
}

LayerCase recurrent(std::function<AnyLayer()> make, Shape output, std::vector<Shape> weights, bool random = false) {
  return {.make = std::move(make), .inputs = {{5, 3}}, .output = std::move(output), .weights = std::move(weights), .random = random};
}

} // namespace

TEST(RecurrentLayers, SimpleRNN) { expectConforms(recurrent([] { return SimpleRNN(4); }, {4}, {{3, 4}, {4, 4}, {4}})); }
TEST(RecurrentLayers, SimpleRNNOfSteps) {
  expectConforms(recurrent([] { return SimpleRNN(4, {.use_bias = false, .return_sequences = true, .go_backwards = true}); }, {5, 4}, {{3, 4}, {4, 4}}));
}
TEST(RecurrentLayers, LSTM) { expectConforms(recurrent([] { return LSTM(4); }, {4}, {{3, 16}, {4, 16}, {16}})); }
TEST(RecurrentLayers, LSTMUnrolled) {
  expectConforms(recurrent([] { return LSTM(4, {.return_sequences = true, .unroll = true}); }, {5, 4}, {{3, 16}, {4, 16}, {16}}));
}
TEST(RecurrentLayers, GRU) { expectConforms(recurrent([] { return GRU(4, {.return_sequences = true}); }, {5, 4}, {{3, 12}, {4, 12}, {2, 12}})); }
TEST(RecurrentLayers, GRUResetBefore) { expectConforms(recurrent([] { return GRU(4, {.reset_after = false}); }, {4}, {{3, 12}, {4, 12}, {12}})); }
TEST(RecurrentLayers, Dropout) {
  expectConforms(recurrent([] { return LSTM(4, {.dropout = 0.3}); }, {4}, {{3, 16}, {4, 16}, {16}}, true));
  expectConforms(recurrent([] { return GRU(4, {.dropout = 0.3, .recurrent_dropout = 0.3, .reset_after = false}); }, {4}, {{3, 12}, {4, 12}, {12}}, true));
  expectConforms(recurrent([] { return SimpleRNN(4, {.recurrent_dropout = 0.3, .seed = 5}); }, {4}, {{3, 4}, {4, 4}, {4}}, true));
}
TEST(RecurrentLayers, RNNOfAUsersCell) { expectConforms(recurrent([] { return RNN(MinimalCell(4), {.return_sequences = true}); }, {5, 4}, {{3, 4}, {4, 4}})); }
TEST(RecurrentLayers, RNNOfStackedCells) {
  expectConforms(recurrent([] { return RNN({LSTMCell(4), GRUCell(2)}); }, {2}, {{3, 16}, {4, 16}, {16}, {4, 6}, {2, 6}, {2, 6}}));
}
TEST(RecurrentLayers, Bidirectional) {
  expectConforms(recurrent([] { return Bidirectional(SimpleRNN(2, {.return_sequences = true})); }, {5, 4}, {{3, 2}, {2, 2}, {2}, {3, 2}, {2, 2}, {2}}));
  expectConforms(recurrent([] { return Bidirectional(GRU(2), {.merge_mode = "ave"}); }, {2}, {{3, 6}, {2, 6}, {2, 6}, {3, 6}, {2, 6}, {2, 6}}));
}
TEST(RecurrentLayers, TimeDistributed) {
  expectConforms(recurrent([] { return TimeDistributed(Dense(4, {.activation = "tanh"})); }, {5, 4}, {{3, 4}, {4}}));
  expectConforms(recurrent([] { return TimeDistributed(Sequential({Input({3}), Dense(2), Dense(4)})); }, {5, 4}, {{3, 2}, {2}, {2, 4}, {4}}));
}

TEST(RecurrentLayers, AUsersCellIsASimpleRNN) {
  auto x = Input({4, 3});
  RNN own(MinimalCell(5));
  SimpleRNN known(5, {.use_bias = false});
  Model a(x, own(x)), b(x, known(x));
  b.set_weights(a.get_weights());
  EXPECT_EQ(a.predict(numbers({2, 4, 3}), {.verbose = 0}), b.predict(numbers({2, 4, 3}), {.verbose = 0}));
}

TEST(RecurrentLayers, AnOutputThatIsNotTheStateIsCarriedWhereMasked) {
  // Steps (1, 2), masked, (5, 6): sums (1, 2), (1, 2), (6, 8).
  Array data({1.f, 2.f, 0.f, 0.f, 5.f, 6.f}, {1, 3, 2});
  auto x = Input({3, 2});
  auto run = [&](RNNOptions options) { return Model(x, RNN(CountingCell(), options)(Masking()(x))).predict(data, {.verbose = 0}); };
  EXPECT_EQ(run({.return_sequences = true}), Array({2.f, 4.f, 2.f, 4.f, 12.f, 16.f}, {1, 3, 2}));
  EXPECT_EQ(run({.return_sequences = true, .zero_output_for_mask = true}), Array({2.f, 4.f, 0.f, 0.f, 12.f, 16.f}, {1, 3, 2}));
  EXPECT_EQ(run({.return_sequences = true, .go_backwards = true}), Array({10.f, 12.f, 10.f, 12.f, 12.f, 16.f}, {1, 3, 2}));
  EXPECT_EQ(run({}), Array({12.f, 16.f}, {1, 2}));
  EXPECT_EQ(run({.unroll = true}), run({}));
}

TEST(RecurrentLayers, AFrozenLoopTrainsItsCellAsInKeras) {
  auto x = Input({2, 3});
  RNN loop(GRUCell(2), {.trainable = false});
  Model model(x, loop(x));
  EXPECT_EQ(model.trainable_weights().size(), 3);
  EXPECT_TRUE(loop.trainable_weights().empty());
  EXPECT_TRUE(Model(x, GRU(2, {.trainable = false})(x)).trainable_weights().empty());
  EXPECT_TRUE(Model(x, Model(x, GRU(2)(x), {.trainable = false})(x)).trainable_weights().empty());
  // Nor does its optimizer's state lose the cell in a file.
  model.compile({.optimizer = "adam", .loss = "mse"});
  model.fit(Array::full({4, 2, 3}, 0.5), Array::full({4, 2}, 0.25), {.verbose = 0});
  TemporaryFolder folder;
  std::string path = folder / "frozen_loop.keras";
  model.save(path);
  EXPECT_EQ(load_model(path).optimizer().variables().size(), model.optimizer().variables().size());
  loop.set_trainable(false);
  EXPECT_TRUE(model.trainable_weights().empty());
}

TEST(RecurrentLayers, ACellIsALayer) {
  auto x = Input({2}), state = Input({2});
  Tensors made = CountingCell()({x, state});
  EXPECT_EQ(Model({x, state}, made[1]).predict({Array({1.f, 2.f}, {1, 2}), Array({10.f, 20.f}, {1, 2})}, {.verbose = 0}), Array({11.f, 22.f}, {1, 2}));
}

TEST(RecurrentLayers, StatefulGoesOnWhereTheLastBatchEnded) {
  for (bool interpreted : {true, false}) {
    auto x = Input({2, 2}, {.batch_size = 2});
    Model model(x, RNN(CountingCell(), {.stateful = true})(x));
    model.compile({.loss = "mse", .run_eagerly = interpreted});
    auto run = [&] { return model.predict(numbers({2, 2, 2}), {.verbose = 0}); };
    EXPECT_EQ(run(), Array({8.f, 12.f, 24.f, 28.f}, {2, 2}));
    EXPECT_EQ(run(), Array({16.f, 24.f, 48.f, 56.f}, {2, 2}));
    EXPECT_TRUE(model.weights().empty());
    model.reset_state();
    EXPECT_EQ(run(), Array({8.f, 12.f, 24.f, 28.f}, {2, 2}));
    EXPECT_THROW(model.predict(numbers({3, 2, 2}), {.verbose = 0}), UserError);
  }
}

TEST(RecurrentLayers, StatesComeAndGo) {
  auto x = Input({3, 2}), h = Input({4}), c = Input({4});
  LSTM layer(4, {.return_state = true});
  Tensors results = layer.all(x, {.initial_state = {h, c}});
  ASSERT_EQ(results.size(), 3u);
  Model model({x, h, c}, results);
  TemporaryFolder folder;
  model.save(folder / "m.keras");
  std::vector<Array> data = {numbers({2, 3, 2}), numbers({2, 4}), numbers({2, 4})};
  std::vector<Array> wanted = model.predict_all(data, {.verbose = 0});
  EXPECT_EQ(wanted[0], wanted[1]);
  EXPECT_EQ(load_model(folder / "m.keras").predict_all(data, {.verbose = 0}), wanted);
}

TEST(RecurrentLayers, TimeDistributedHandsOverTheMaskOfAStep) {
  auto x = Input({2, 3}), keep = Input({2, 3}, {.dtype = "bool"});
  Model model({x, keep}, TimeDistributed(Softmax())(x, {.mask = keep}));
  Array y = model.predict({Array({1.f, 1.f, 1.f, 2.f, 2.f, 2.f}, {1, 2, 3}), Array({1.f, 1.f, 0.f, 0.f, 0.f, 1.f}, {1, 2, 3})}, {.verbose = 0});
  EXPECT_EQ(y, Array({0.5f, 0.5f, 0.f, 0.f, 0.f, 1.f}, {1, 2, 3}));
}

TEST(RecurrentLayers, MasksGoOn) {
  auto x = Masking()(Input({3, 2}));
  EXPECT_FALSE(LSTM(2)(x).masked());
  EXPECT_TRUE(LSTM(2, {.return_sequences = true})(x).masked());
  EXPECT_TRUE(Bidirectional(LSTM(2, {.return_sequences = true}))(x).masked());
  EXPECT_TRUE(TimeDistributed(Dense(2))(x).masked());
}

TEST(RecurrentLayers, Messages) {
  auto x = Input({3, 2}), h = Input({4});
  EXPECT_EQ(messageOf([] { LSTM(0, {.name = "l"}); }), "LSTMCell 'lstm_cell': units must be positive. Received: units=0");
  EXPECT_EQ(messageOf([] { GRU(2, {.dropout = 1.5}); }), "GRUCell 'gru_cell': dropout must be in [0, 1]. Received: dropout=1.5");
  EXPECT_EQ(messageOf([&] { LSTM(2, {.name = "l"})(Input({3})); }),
            "LSTM 'l': the input must have at least 3 axes: batch, time, features. Received: shape=(None, 3)");
  EXPECT_EQ(messageOf([&] { LSTM(2, {.return_state = true, .name = "l"})(x); }), "LSTM 'l': with return_state it has several results: call all(). Received: 3");
  EXPECT_EQ(messageOf([&] { LSTM(4, {.name = "l"})(x, {.initial_state = {h}}); }),
            "LSTM 'l': initial_state must hold one tensor for each of its 2 states. Received: 1");
  EXPECT_EQ(messageOf([&] { GRU(2, {.name = "g"})(x, {.initial_state = {h}}); }),
            "GRU 'g': initial state 0 must have shape (None, 2). Received: shape=(None, 4)");
  EXPECT_EQ(messageOf([&] { GRU(2, {.stateful = true, .name = "g"})(x); }), "GRU 'g': a stateful layer needs batches of one size: give the Input a batch_size");
  EXPECT_EQ(messageOf([&] { GRU(2, {.name = "g"})(x, {.mask = Input({2}, {.dtype = "bool"})}); }),
            "GRU 'g': the mask must have shape (None, 3). Received: shape=(None, 2)");
  EXPECT_EQ(messageOf([&] { Bidirectional(Dense(2), {.name = "b"}); }), "Bidirectional 'b': takes a recurrent layer. Received: Dense");
  EXPECT_EQ(messageOf([&] { Bidirectional(GRU(2), {.merge_mode = "max", .name = "b"}); }),
            "Bidirectional 'b': merge_mode must be 'concat', 'sum', 'mul', 'ave' or ''. Received: merge_mode='max'");
  EXPECT_EQ(messageOf([&] { Bidirectional(GRU(2), {.backward_layer = GRU(2), .name = "b"}); }), "Bidirectional 'b': backward_layer must differ in go_backwards");
  EXPECT_EQ(messageOf([&] { TimeDistributed(Dense(2), {.name = "t"})(h); }),
            "TimeDistributed 't': the input must have at least 3 axes: batch, time, features. Received: shape=(None, 4)");
}
