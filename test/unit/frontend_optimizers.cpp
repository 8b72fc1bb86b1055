// Optimizers, schedules, losses and metrics beyond the goldens: what their constructors refuse, and what files do not carry.
#include <gtest/gtest.h>

#include <cornu/cornu.h>

#include "test/unit/messages.h"

using namespace cornu;
using cornu::testing::messageOf;

namespace {

Model line() {
  Tensor x = Input({2});
  return Model(x, Dense(1)(x));
}

Array arrayOf(Shape shape, std::vector<float> elements) { return Array(std::move(elements), std::move(shape)); }

const Array kX = arrayOf({4, 2}, {1, 2, -1, 0, 3, 1, 0, 2}), kY = arrayOf({4, 1}, {1, 0, 2, -1});

TEST(Optimizers, runningMeansReplaceTheWeightsAtTheEndOfFit) {
  Model model = line();
  model.compile({.optimizer = Adam({.learning_rate = 0.1, .use_ema = true, .ema_momentum = 0.5}), .loss = "mse"});
  model.fit(kX, kY, {.batch_size = 2, .epochs = 3, .verbose = 0});
  std::vector<Variable> state = model.optimizer().variables(); // iteration, learning_rate, two means, slots
  std::vector<Array> weights = model.get_weights();
  ASSERT_EQ(state.size(), 2 + 2 + 4u);
  for (size_t i = 0; i < weights.size(); ++i) EXPECT_EQ(weights[i], state[2 + i].value());
}

TEST(Optimizers, accumulatedGradientsAreOneUpdate) {
  Model whole = line(), parts = line();
  parts.set_weights(whole.get_weights());
  whole.compile({.optimizer = SGD({.learning_rate = 0.1, .momentum = 0.5}), .loss = "mse"});
  parts.compile({.optimizer = SGD({.learning_rate = 0.1, .momentum = 0.5, .gradient_accumulation_steps = 2}), .loss = "mse"});
  whole.fit(kX, kY, {.batch_size = 4, .epochs = 3, .verbose = 0, .shuffle = false});
  parts.fit(kX, kY, {.batch_size = 2, .epochs = 3, .verbose = 0, .shuffle = false});
  for (size_t i = 0; i < 2; ++i)
    for (int64_t k = 0; k < whole.get_weights()[i].size(); ++k) EXPECT_NEAR(whole.get_weights()[i].at(k), parts.get_weights()[i].at(k), 1e-6);
}

TEST(Optimizers, whatTheyRefuse) {
  EXPECT_EQ(messageOf([] { Adam({.clipnorm = 1, .clipvalue = 1}); }), "Adam: only one of clipnorm, clipvalue and global_clipnorm may be given. Received: 2 of them");
  EXPECT_EQ(messageOf([] { Adam({.gradient_accumulation_steps = 1}); }),
            "Adam: gradient_accumulation_steps must be at least 2. Received: gradient_accumulation_steps=1");
  EXPECT_EQ(messageOf([] { Nadam({.use_ema = true, .ema_momentum = 1.5}); }), "Nadam: ema_momentum must be in [0, 1]. Received: ema_momentum=1.5");
  EXPECT_EQ(messageOf([] { Ftrl({.learning_rate_power = 0.5}); }), "Ftrl: learning_rate_power must not be positive. Received: learning_rate_power=0.5");
  EXPECT_EQ(messageOf([] { schedules::CosineDecay(0.1, 0); }), "CosineDecay: decay_steps must be positive. Received: decay_steps=0.0");
  EXPECT_EQ(messageOf([] { schedules::PiecewiseConstantDecay({3}, {0.1}); }),
            "PiecewiseConstantDecay: there must be one value more than boundaries, and at least one boundary. Received: 1 boundaries and 1 values");
  EXPECT_NE(messageOf([] { Optimizer::named("adan"); }).find("unknown optimizer 'adan'. Did you mean 'adam'?"), std::string::npos);
}

TEST(Optimizers, oneMinusBetaIsOfTheWeightsType) {
  for (bool lion : {false, true}) {
    Model model = line();
    model.compile({.optimizer = lion ? OptimizerArgument(Lion({.beta_2 = 0.999})) : OptimizerArgument(Nadam()), .loss = [](const Tensor &, const Tensor &p) { return 8 * mean(p, -1); }});
    model.fit(kX.rows(0, 1), kY.rows(0, 1), {.verbose = 0});
    Array state = model.optimizer().variables().at(lion ? 2 : 3).value(); // of the kernel, whose gradient is 8 · (1, 2)
    for (int64_t i : {0, 1}) {
      double g = 8 * kX.at(i);
      EXPECT_NEAR(state.at(i) / (lion ? g : g * g), 1 - 0.999f, 1e-9);
    }
  }
}

TEST(Optimizers, cyclesBeginAsOnTensorFlow) {
  Model model = line();
  model.compile({.optimizer = SGD({.learning_rate = schedules::PolynomialDecay(0.02, 7, {.end_learning_rate = 0.002, .cycle = true})}), .loss = "mse"});
  for (auto [steps, rate] : {std::pair(14, 0.002), {7, 0.0065}, {7, 0.002}}) { // after 14, 21 and 28: by Keras 3.15 in a tf.function
    model.fit(kX, kY, {.batch_size = 4, .epochs = steps, .verbose = 0});
    EXPECT_NEAR(model.optimizer().learning_rate(), rate, 1e-7);
  }
}

TEST(Losses, whatTheyRefuse) {
  EXPECT_EQ(messageOf([] { losses::Huber({.reduction = "average"}); }),
            "Huber: reduction must be 'sum_over_batch_size', 'mean', 'sum', 'mean_with_sample_weight' or 'none'. Received: reduction='average'");
  EXPECT_NE(messageOf([] { Loss("hubber"); }).find("Did you mean 'huber'?"), std::string::npos);
  EXPECT_NE(messageOf([] { Metric("precison"); }).find("Did you mean 'precision'?"), std::string::npos);
  EXPECT_EQ(messageOf([] { metrics::AUC({.curve = "roc"}); }), "AUC: curve must be 'ROC' or 'PR'. Received: curve='roc'");
  EXPECT_EQ(messageOf([] { metrics::F1Score({.average = "mean"}); }), "F1Score: average must be none, 'macro', 'micro' or 'weighted'. Received: average='mean'");
  EXPECT_EQ(messageOf([] { metrics::Recall({.threshold = {0.2, 1.5}}); }), "Recall: threshold must be in [0, 1]. Received: [0.2, 1.5]");
  EXPECT_EQ(messageOf([] { metrics::TruePositives({.threshold = std::vector<double>{}}); }),
            "TruePositives: threshold must be a number or a list of at least one. Received: none");
}

TEST(Losses, GeneralizedCrossEntropyOfLabelsWithAnAxis) {
  auto compiled = [](const char *reduction) {
    auto x = Input({2});
    Model model(x, Dense(3, {.activation = "softmax"})(x));
    model.compile({.loss = losses::CategoricalGeneralizedCrossEntropy({.reduction = reduction})});
    return model;
  };
  EXPECT_NE(messageOf([&] { compiled("none").evaluate(kX, kY, {.verbose = 0}); })
                .find("labels of shape (batch, 1), of which Keras compares each with every prediction, take the reductions 'sum', 'sum_over_batch_size' and 'mean'"),
            std::string::npos);
  EXPECT_NE(messageOf([&] { compiled("mean").evaluate(kX, Array::zeros({4, 3}), {.verbose = 0}); }).find("y_true must hold one class for each prediction"), std::string::npos);
}

TEST(Optimizers, AdamWKeepsEveryOption) {
  AdamWOptions options{.learning_rate = 0.5, .weight_decay = 0.25, .global_clipnorm = 2, .loss_scale_factor = 8, .gradient_accumulation_steps = 3};
  Json config = AdamW(options).get_config();
  for (auto [key, value] : {std::pair("learning_rate", 0.5), {"weight_decay", 0.25}, {"global_clipnorm", 2}, {"loss_scale_factor", 8}, {"gradient_accumulation_steps", 3}})
    EXPECT_EQ(config.at(key).asDouble(), value) << key;
}

/// Keras 3.15 leaves delta and axis out of the configs of these two.
TEST(Losses, huberKeepsItsDelta) {
  Json config = losses::Huber({.delta = 0.5}).get_config();
  Model model = line();
  model.set_weights({arrayOf({2, 1}, {0, 0}), arrayOf({1}, {0})});
  model.compile({.loss = Loss::from_config("Huber", config)});
  // Errors 1, 0, 2, 1: delta · e - delta² / 2 = 0.375, 0, 0.875, 0.375.
  EXPECT_NEAR(model.evaluate(kX, kY, {.verbose = 0})["loss"], (0.375 + 0 + 0.875 + 0.375) / 4, 1e-6);
}

} // namespace

TEST(Optimizers, WeightDecaySpares) {
  auto x = Input({2});
  Dense layer(2, {.bias_initializer = "ones"});
  Model model(x, layer(x));
  SGD optimizer({.learning_rate = 0.5, .weight_decay = 0.5, .loss_scale_factor = 1024});
  optimizer.exclude_from_weight_decay({.var_names = {"^bi"}});
  model.compile({.optimizer = optimizer, .loss = [](const Tensor &, const Tensor &p) { return 0 * mean(p, -1); }});
  Array kernel = layer.get_weights()[0];
  model.fit(Array::zeros({4, 2}), Array::zeros({4, 2}), {.verbose = 0});
  EXPECT_NEAR(layer.get_weights()[0].at(0), 0.75 * kernel.at(0), 1e-6);
  EXPECT_EQ(layer.get_weights()[1].at(0), 1);
  EXPECT_EQ(model.optimizer().get_config().at("loss_scale_factor").asDouble(), 1024);
  EXPECT_NE(messageOf([&] { optimizer.exclude_from_weight_decay({.var_list = {layer.kernel}}); }).find("must be called before the optimizer has trained a model"), std::string::npos);
  EXPECT_NE(messageOf([] { SGD().exclude_from_weight_decay({.var_names = {"("}}); }).find("var_names must be regular expressions. Received: '('"), std::string::npos);
}
