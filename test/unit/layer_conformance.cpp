#include "test/unit/layer_conformance.h"

#include <cmath>
#include <gtest/gtest.h>

#include "test/unit/files_testing.h"

namespace cornu::testing {
namespace {

constexpr int64_t kBatch = 6;

/// Numbers of both signs that repeat nowhere near, without a generator's state.
Array spread(Shape shape, double phase) {
  Array a(std::move(shape), DType::Float32);
  for (int64_t i = 0; i < a.size(); ++i) a.set(i, 1.5 * std::sin(1.7 * static_cast<double>(i) + phase));
  return a;
}

void expectClose(const Array &got, const Array &wanted, double tolerance, const std::string &what) {
  ASSERT_EQ(got.shape(), wanted.shape()) << what;
  for (int64_t i = 0; i < got.size(); ++i) ASSERT_NEAR(got.at(i), wanted.at(i), tolerance * std::max(1.0, std::abs(wanted.at(i)))) << what << ", element " << i;
}

/// A config without what layers within it were built for, which a layer made from a config is not.
Json unbuilt(const Json &config) {
  if (config.isList()) {
    Json list = Json::list();
    for (const Json &item : config.asList()) list.push_back(unbuilt(item));
    return list;
  }
  if (!config.isObject()) return config;
  Json object = Json::object();
  for (const auto &[key, value] : config.asObject())
    if (key != "build_config") object[key] = unbuilt(value);
  return object;
}

/// The layer between inputs and a Dense, so that there is something to train before and after it.
struct Net {
  AnyLayer layer;
  Model model;
  Model alone;
};

Net build(const LayerCase &about, AnyLayer layer, const std::string &dtype = "float32") {
  Tensors inputs, hidden;
  for (size_t i = 0; i < about.inputs.size(); ++i) {
    inputs.push_back(Input(about.inputs[i], {.dtype = dtype, .name = "x" + std::to_string(i)}));
    hidden.push_back(Dense(about.inputs[i].back(), {.dtype = dtype, .name = "before" + std::to_string(i)})(inputs.back()));
  }
  Tensor y = layer(hidden);
  Tensor flat = y.rank() > 2 ? Flatten({.dtype = dtype, .name = "flat"})(y) : y;
  Model model(inputs, Dense(2, {.dtype = dtype, .name = "after"})(flat));
  return {layer, model, Model(inputs, y)};
}
Net build(const LayerCase &about) { return build(about, about.make()); }

/// The layer in float64, if a config can say so.
AnyLayer inDouble(const LayerCase &about) {
  AnyLayer layer = about.make();
  if (!about.saves) return layer;
  Json config = layer.get_config();
  config["dtype"] = "float64";
  return BaseLayer::from_config(layer.class_name(), config);
}

/// Derivatives of the loss of a training step, each along one direction of one weight, beside differences of the loss. The weights of the Dense
/// in front of the layer stand for its inputs. Everything is computed in float64 by the interpreter; the loss is reported in float32,
/// whose rounding the step of 1e-3 makes an error of 1e-4.
void expectGradients(const LayerCase &about, const std::vector<Array> &x, const Array &y) {
  constexpr double step = 1e-3, tolerance = 1e-3;
  // A net of its own each time: the same seed gives the same weights and the same noise.
  auto lossAt = [&](size_t weight, double distance, std::vector<Array> *gradients = nullptr) {
    set_random_seed(11);
    Net net = build(about, inDouble(about), "float64");
    net.model.compile({.optimizer = SGD({.learning_rate = 1}), .loss = "mse", .run_eagerly = true});
    std::vector<Variable> weights = net.model.trainable_weights();
    Array &moved = weights[weight].value(), direction = spread(moved.shape(), 3);
    for (int64_t i = 0; i < moved.size(); ++i) moved.set(i, moved.at(i) + distance * direction.at(i));
    std::vector<Array> before;
    for (const Variable &w : weights) before.push_back(w.value().clone());
    double loss = net.model.train_on_batch(x, y)["loss"];
    if (gradients)
      for (size_t k = 0; k < weights.size(); ++k) {
        gradients->push_back(before[k].clone());
        for (int64_t i = 0; i < before[k].size(); ++i) gradients->back().set(i, before[k].at(i) - weights[k].value().at(i));
      }
    return loss;
  };
  std::vector<Array> gradients;
  lossAt(0, 0, &gradients);
  set_random_seed(11);
  std::vector<Variable> weights = build(about, inDouble(about), "float64").model.trainable_weights();
  for (size_t k = 0; k < weights.size(); ++k) {
    Array direction = spread(weights[k].shape(), 3);
    double slope = 0;
    for (int64_t i = 0; i < direction.size(); ++i) slope += gradients[k].at(i) * direction.at(i);
    double difference = (lossAt(k, step) - lossAt(k, -step)) / (2 * step);
    EXPECT_NEAR(slope, difference, tolerance * std::max(1.0, std::abs(slope))) << "gradient of " << weights[k].path();
  }
}

} // namespace

void expectConforms(const LayerCase &about) {
  set_random_seed(11);
  Net net = build(about);
  Shape shape = about.output;
  shape.insert(shape.begin(), -1);
  EXPECT_EQ(net.layer.output().shape(), shape);
  std::vector<Variable> weights = net.layer.weights();
  ASSERT_EQ(weights.size(), about.weights.size());
  for (size_t i = 0; i < weights.size(); ++i) EXPECT_EQ(weights[i].shape(), about.weights[i]) << weights[i].path();
  if (about.saves) {
    Json config = net.layer.get_config();
    EXPECT_EQ(unbuilt(BaseLayer::from_config(net.layer.class_name(), config)->get_config()).dump(), unbuilt(config).dump());
  }

  std::vector<Array> x;
  for (size_t i = 0; i < about.inputs.size(); ++i) {
    Shape rows = about.inputs[i];
    rows.insert(rows.begin(), kBatch);
    x.push_back(spread(rows, static_cast<double>(i)));
  }
  Array y = spread({kBatch, 2}, 5);
  auto rows = [&](int64_t count) {
    std::vector<Array> part;
    for (const Array &a : x) part.push_back(a.rows(0, count));
    return part;
  };

  Array compiled = net.alone.predict(x, {.verbose = 0});
  expectClose(net.alone.predict(rows(2), {.verbose = 0}), compiled.rows(0, 2), 1e-6, "a batch of 2");
  net.alone.compile({.optimizer = "sgd", .loss = "mse", .run_eagerly = true});
  expectClose(compiled, net.alone.predict(x, {.verbose = 0}), about.tolerance, "prediction");

  if (about.smooth) expectGradients(about, x, y);

  // The same seed gives two nets the same weights and the same noise.
  auto train = [&](Model model, bool interpreted) {
    model.compile({.optimizer = SGD({.learning_rate = 0.01}), .loss = "mse", .run_eagerly = interpreted});
    std::vector<double> losses;
    for (int step = 0; step < 3; ++step) losses.push_back(model.train_on_batch(x, y)["loss"]);
    return losses;
  };
  set_random_seed(11);
  Net twin = build(about);
  std::vector<double> losses = train(net.model, false), wanted = train(twin.model, true);
  for (size_t i = 0; i < losses.size(); ++i) {
    EXPECT_TRUE(std::isfinite(losses[i])) << "step " << i;
    EXPECT_NEAR(losses[i], wanted[i], about.tolerance * std::max(1.0, std::abs(wanted[i]))) << "step " << i;
  }
  if (about.random) EXPECT_NE(losses[0], losses[1]); // other noise in each step
  else EXPECT_LT(losses[1], losses[0]);
  std::vector<Array> trained = net.model.get_weights(), interpreted = twin.model.get_weights();
  for (size_t i = 0; i < trained.size(); ++i) expectClose(trained[i], interpreted[i], about.tolerance, net.model.weights()[i].path());

  TemporaryFolder folder;
  if (!about.saves) {
    EXPECT_THROW(net.model.save(folder / "m.keras"), UserError);
    return;
  }
  net.model.save(folder / "m.keras");
  Model loaded = load_model(folder / "m.keras");
  EXPECT_EQ(loaded.predict(x, {.verbose = 0}), net.model.predict(x, {.verbose = 0}));
  EXPECT_EQ(loaded.get_weights(), net.model.get_weights());
}

} // namespace cornu::testing
