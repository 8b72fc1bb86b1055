// Layers, the layer graph and what users are told when they go wrong.
#include <cmath>
#include <gtest/gtest.h>

#include <cornu/cornu.h>

#include "frontend/models/graph.h"
#include "test/unit/messages.h"

using namespace cornu;
using cornu::testing::messageOf;

namespace {

struct Gated : Layer<Gated> {
  int64_t units;
  Variable kernel, gate;
  explicit Gated(int64_t units) : units(units) {}
  void build(const Shape &in) {
    kernel = add_weight("kernel", {in.back(), units});
    gate = add_weight("gate", {in.back(), units});
  }
  Tensor call(const Tensor &x) { return matmul(x, kernel) * sigmoid(matmul(x, gate)); }
};

struct Block : Layer<Block> {
  Dense first{4}, second{3};
  Tensor call(const Tensor &x) { return second(first(x)); }
};

struct Halves : Layer<Halves> {
  Tensors call(const Tensor &x) { return {slice(x, -1, 0, x.dim(-1) / 2), slice(x, -1, x.dim(-1) / 2, x.dim(-1))}; }
};

struct Difference : Layer<Difference> {
  Tensor call(const Tensor &a, const Tensor &b) { return a - b; }
};

TEST(Layers, SamplesMeetEachOther) {
  Tensor x = Input({2});
  Model model(x, Lambda([](const Tensor &a) { return logsumexp(matmul(a, transpose(a, {1, 0})), 1); })(x));
  Array rows({1.f, 0.f, 0.f, 2.f, -1.f, 1.f}, {3, 2}), y = model.predict(rows, {.verbose = 0});
  for (int64_t i = 0; i < 3; ++i) {
    double total = 0;
    for (int64_t j = 0; j < 3; ++j) total += std::exp(rows.at(2 * i) * rows.at(2 * j) + rows.at(2 * i + 1) * rows.at(2 * j + 1));
    EXPECT_NEAR(y.at(i), std::log(total), 1e-6);
  }
}

TEST(Layers, PairsOfSamplesAreNoOutput) {
  Tensor x = Input({4});
  Model model(x, Lambda([](const Tensor &a) { return matmul(a, transpose(a, {1, 0})); }, {.name = "pairs"})(x));
  EXPECT_EQ(messageOf([&] { model.predict(Array({3, 4}, DType::Float32), {.verbose = 0}); }),
            "an output must have the batch as its first axis alone. Received: 'pairs' of shape (None, None)");
}

TEST(Layers, TheBatchComesFirst) {
  Tensor x = Input({4});
  Model model(x, Lambda([](const Tensor &a) {
    Tensor columns = exp(transpose(a, {1, 0}));
    return sum(matmul(a, columns), 1);
  })(x));
  try {
    model.predict(Array({3, 4}, DType::Float32), {.verbose = 0});
    FAIL();
  } catch (const UserError &error) {
    EXPECT_TRUE(std::string(error.what()).starts_with("the batch must be in front of what is computed, as one dimension or two. Received: (4, ?) in 'lambda")) << error.what();
  }
}

} // namespace

TEST(Names, SnakeCase) {
  EXPECT_EQ(snakeCase("Dense"), "dense");
  EXPECT_EQ(snakeCase("Conv2DTranspose"), "conv2d_transpose");
  EXPECT_EQ(snakeCase("GlobalAveragePooling2D"), "global_average_pooling2d");
  EXPECT_EQ(snakeCase("ReLU"), "re_lu");
  EXPECT_EQ(snakeCase("LSTMCell"), "lstm_cell");
  EXPECT_EQ(snakeCase("RMSprop"), "rm_sprop");
  EXPECT_EQ(snakeCase("InputLayer"), "input_layer");
  EXPECT_EQ(snakeCase("RMSNormalization"), "rms_normalization");
}

TEST(Names, CountPerClass) {
  clear_session();
  EXPECT_EQ(Dense(1).name(), "dense");
  EXPECT_EQ(Dense(1).name(), "dense_1");
  EXPECT_EQ(Dense(1, {.name = "mine"}).name(), "mine");
  EXPECT_EQ(Dense(1).name(), "dense_2");
}

TEST(Layers, ShapesFollowFromTheCall) {
  auto x = Input({4, 6});
  EXPECT_EQ(Dense(3)(x).shape(), (Shape{-1, 4, 3}));
  EXPECT_EQ(Flatten()(x).shape(), (Shape{-1, 24}));
  EXPECT_EQ(Reshape({-1, 3})(x).shape(), (Shape{-1, 8, 3}));
  EXPECT_EQ(Concatenate({.axis = 1})({x, x}).shape(), (Shape{-1, 8, 6}));
  EXPECT_EQ(Add()({x, Input({6})}).shape(), (Shape{-1, 4, 6}));
  EXPECT_EQ((x * 2 + 1).shape(), x.shape());
}

TEST(Layers, UsersOwn) {
  auto x = Input({6});
  Gated gated(5);
  auto y = gated(x);
  EXPECT_EQ(y.shape(), (Shape{-1, 5}));
  EXPECT_EQ(gated.class_name(), "Gated");
  ASSERT_EQ(gated.weights().size(), 2u);
  EXPECT_EQ(gated.weights()[0].path(), gated.name() + "/kernel");
  EXPECT_EQ(gated.kernel.shape(), (Shape{6, 5})); // the handle sees what the call made
  auto z = gated(Input({6}));
  EXPECT_EQ(gated.weights().size(), 2u);
  EXPECT_EQ(gated.nodes().size(), 2u);
}

TEST(Layers, WithinLayers) {
  Block block;
  auto y = block(Input({2}));
  EXPECT_EQ(y.shape(), (Shape{-1, 3}));
  ASSERT_EQ(block.weights().size(), 4u);
  EXPECT_EQ(block.weights()[0].path(), block.name() + "/" + block.first.name() + "/kernel");
  EXPECT_EQ(block.count_params(), 2 * 4 + 4 + 4 * 3 + 3);
}

TEST(Layers, SeveralInputsAndOutputs) {
  auto parts = Halves()(Input({6}));
  ASSERT_EQ(parts.size(), 2u);
  EXPECT_EQ(Difference()(parts[0], parts[1]).shape(), (Shape{-1, 3}));
  EXPECT_NE(messageOf([&] { Difference()(parts[0]); }).find("takes 2 tensors. Received: 1"), std::string::npos);
}

TEST(Layers, CopiesAreTheSameLayer) {
  Dense a(3);
  Dense b = a;
  a(Input({2}));
  b(Input({2}));
  EXPECT_EQ(a.weights(), b.weights());
  EXPECT_EQ(b.kernel.shape(), (Shape{2, 3}));
}

TEST(Layers, Messages) {
  EXPECT_EQ(messageOf([] { Dense(-3, {.name = "fc1"}); }), "Dense 'fc1': units must be positive. Received: units=-3");
  EXPECT_NE(messageOf([] { Dense(3, {.activation = "rellu"}); }).find("unknown activation 'rellu'. Did you mean 'relu'? Known: "), std::string::npos);
  EXPECT_NE(messageOf([] { Dense(3, {.kernel_initializer = "he_norma"}); }).find("Did you mean 'he_normal'?"), std::string::npos);
  EXPECT_EQ(messageOf([] { Dropout(1.5, {.name = "d"}); }), "Dropout 'd': rate must be in [0, 1]. Received: rate=1.5");
  EXPECT_NE(messageOf([] { Concatenate({.name = "c"})({Input({2, 3}), Input({3, 3})}); }).find("Concatenate 'c': "), std::string::npos);
  EXPECT_NE(messageOf([] { Dense shared(2); shared(Input({3})), shared(Input({4})); }).find("built for, 3. Received: shape=(None, 4)"), std::string::npos);
  EXPECT_NE(messageOf([] { Input({3}) + Input({4}); }).find("(None, 3) and (None, 4)"), std::string::npos);
  EXPECT_NE(messageOf([] { Dense(2, {.name = "a/b"}); }).find("must not contain '/'"), std::string::npos);
}

TEST(Ops, EinsumMessages) {
  auto x = Input({4}), w = Input({4});
  for (const char *equation : {"bi", "bi,bj->", "bi,bi->bk", "bb,bi->b", "b1,b1->b", "bi,bj->bij,", "bij,bi->b"})
    EXPECT_NE(messageOf([&] { einsum(equation, x, w); }).find("einsum"), std::string::npos) << equation;
  EXPECT_EQ(einsum("bi,bi->b", x, w).shape(), (Shape{-1}));
  EXPECT_EQ(einsum("bi,bj->bij", x, w).shape(), (Shape{-1, 4, 4}));
}

TEST(Graph, LeavesOutWhatHangsOff) {
  auto x = Input({4});
  auto merged = Concatenate()({Dense(2)(x), Dense(3)(x)});
  Dense dangling(7);
  auto unused = dangling(merged);
  Model model(x, Dense(1)(merged));
  for (const AnyLayer &layer : model.layers()) EXPECT_NE(layer.name(), dangling.name());
  EXPECT_EQ(model.count_params(), 4 * 2 + 2 + 4 * 3 + 3 + 5 + 1);
}

TEST(Graph, SharedLayersAndSubModels) {
  Dense encoder(3, {.name = "encoder"});
  auto a = Input({2}, {.name = "a"}), b = Input({2}, {.name = "b"});
  Model model({a, b}, Dense(1)(Concatenate()({encoder(a), encoder(b)})));
  EXPECT_EQ(model.count_params(), 2 * 3 + 3 + 6 + 1);
  Model part(model.input(0), model.get_layer("encoder").get_output_at(0));
  EXPECT_EQ(part.weights(), encoder.weights());
  EXPECT_EQ(model.graph().nodesOf(*model.get_layer("encoder")).size(), 2u);
  EXPECT_NE(messageOf([&] { model.get_layer("encodr"); }).find("Did you mean 'encoder'?"), std::string::npos);
}

TEST(Graph, CutAtAnIntermediateTensor) {
  auto x = Input({4});
  auto hidden = Dense(3)(x);
  Dense last(2);
  auto y = last(hidden);
  Model tail(hidden, y);
  EXPECT_EQ(tail.input().shape(), (Shape{-1, 3}));
  EXPECT_EQ(tail.weights(), last.weights());
}

TEST(Graph, DisconnectedOutput) {
  auto x = Input({4}), other = Input({4}, {.name = "other"});
  EXPECT_NE(messageOf([&] { Model(x, Dense(1)(other)); }).find("the outputs must follow from the inputs"), std::string::npos);
}

TEST(Graph, ModelsAreLayers) {
  auto x = Input({4});
  Model inner(x, Dense(3)(Dense(2)(x)));
  auto z = Input({4});
  Model outer(z, Dense(1)(inner(z)));
  EXPECT_EQ(outer.count_params(), inner.count_params() + 4);
  EXPECT_EQ(outer.layers().size(), 3u);
}

TEST(Sequential, BuildsAtOnceOrFromData) {
  Sequential eager({Input({5}), Dense(3), Dense(1)});
  EXPECT_EQ(eager.count_params(), 5 * 3 + 3 + 3 + 1);
  EXPECT_EQ(eager.layers().size(), 2u);
  Sequential late({Dense(3), Dense(1)});
  EXPECT_EQ(late.count_params(), 0);
  EXPECT_NE(messageOf([&] { late.output(); }).find("input shape must be known"), std::string::npos);
  late.compile({.loss = "mse"});
  late.fit(Array::zeros({4, 5}), Array::zeros({4, 1}), {.verbose = 0});
  EXPECT_EQ(late.count_params(), eager.count_params());
  eager.pop();
  EXPECT_EQ(eager.output().shape(), (Shape{-1, 3}));
}

TEST(Configs, RoundTrip) {
  Dense dense(7, {.activation = "relu", .use_bias = false, .kernel_initializer = initializers::HeNormal({.seed = 3}),
                  .kernel_regularizer = regularizers::L1L2(0.1, 0.2), .activity_regularizer = "l2", .kernel_constraint = constraints::MaxNorm(3)});
  Json config = dense.get_config();
  EXPECT_EQ(BaseLayer::from_config("Dense", config)->get_config(), config);
  for (const AnyLayer &layer : std::vector<AnyLayer>{Activation("tanh"), Dropout(0.25, {.noise_shape = {-1, 1}, .seed = 4}), Flatten({.data_format = "channels_first"}),
                                                     Reshape({2, -1}), Concatenate({.axis = 1}), Add()}) {
    Json own = layer.get_config();
    EXPECT_EQ(BaseLayer::from_config(layer.class_name(), own)->get_config(), own) << layer.class_name();
  }
  EXPECT_NE(messageOf([] { BaseLayer::from_config("Dens", Json::object()); }).find("Did you mean 'Dense'?"), std::string::npos);
}

TEST(Summary, Chain) {
  clear_session();
  auto x = Input({32});
  Model model(x, Dense(1, {.activation = "sigmoid"})(Dense(10, {.activation = "relu"})(x)));
  std::string text = model.summary_text({.line_length = 76});
  EXPECT_EQ(text, R"(Model: "functional"
┏━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━━━━━━━━━━┳━━━━━━━━━━━━━━━┓
┃ Layer (type)                    ┃ Output Shape           ┃       Param # ┃
┡━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━━━━━━━━━━╇━━━━━━━━━━━━━━━┩
│ input_layer (InputLayer)        │ (None, 32)             │             0 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ dense_1 (Dense)                 │ (None, 10)             │           330 │
├─────────────────────────────────┼────────────────────────┼───────────────┤
│ dense (Dense)                   │ (None, 1)              │            11 │
└─────────────────────────────────┴────────────────────────┴───────────────┘
 Total params: 341 (1.33 KB)
 Trainable params: 341 (1.33 KB)
 Non-trainable params: 0 (0.00 B)
)");
}
