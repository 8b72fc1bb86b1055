// The arguments that every layer has, on every layer.
#include <gtest/gtest.h>

#include <cornu/cornu.h>

using namespace cornu;

TEST(LayerOptions, EveryLayerTakesAndWritesThem) {
  const std::vector<std::pair<std::string, Json>> layers = {
      {"Activation", Json::object({{"activation", "relu"}})}, {"Add", {}}, {"AlphaDropout", Json::object({{"rate", 0.5}})}, {"Average", {}},
      {"BatchNormalization", {}}, {"Concatenate", {}}, {"Dense", Json::object({{"units", 2}})}, {"Dot", Json::object({{"axes", 1}})},
      {"Dropout", Json::object({{"rate", 0.5}})}, {"EinsumDense", Json::object({{"equation", "ab,bc->ac"}, {"output_shape", 3}})}, {"ELU", {}}, {"Flatten", {}},
      {"GaussianDropout", Json::object({{"rate", 0.5}})}, {"GaussianNoise", Json::object({{"stddev", 0.5}})}, {"GroupNormalization", {}}, {"Identity", {}},
      {"LayerNormalization", {}}, {"LeakyReLU", {}}, {"Maximum", {}}, {"Minimum", {}}, {"Multiply", {}}, {"Normalization", {}}, {"Permute", Json::object({{"dims", Json::list({1})}})},
      {"PReLU", {}}, {"ReLU", {}}, {"RepeatVector", Json::object({{"n", 2}})}, {"Rescaling", Json::object({{"scale", 2}})}, {"Reshape", Json::object({{"target_shape", Json::list({2})}})},
      {"RMSNormalization", {}}, {"Softmax", {}}, {"Subtract", {}}, {"UnitNormalization", {}}};
  Json penalty = Json::object({{"module", "keras.regularizers"}, {"class_name", "L2"}, {"config", Json::object({{"l2", 0.25}})}, {"registered_name", nullptr}});
  Json policy = Json::object({{"module", "keras"}, {"class_name", "DTypePolicy"}, {"config", Json::object({{"name", "float64"}})}, {"registered_name", nullptr}});
  for (const auto &[className, own] : layers) {
    Json config = own.isNull() ? Json::object() : own;
    config["name"] = "mine";
    config["trainable"] = false;
    config["dtype"] = policy;
    config["activity_regularizer"] = penalty;
    auto layer = BaseLayer::from_config(className, config);
    EXPECT_EQ(layer->class_name(), className);
    Json written = layer->get_config();
    for (const char *key : {"name", "trainable", "dtype", "activity_regularizer"}) EXPECT_EQ(written.get(key), config.get(key)) << className << " " << key;
    EXPECT_EQ(layer->dtype(), DType::Float64) << className;
  }
}

TEST(LayerOptions, NoiseShape) {
  auto x = Input({3, 4});
  for (const char *className : {"Dropout", "AlphaDropout"}) {
    auto make = [&](Json shape) { return BaseLayer::from_config(className, Json::object({{"rate", 0.5}, {"noise_shape", std::move(shape)}, {"name", "d"}})); };
    EXPECT_EQ(make(Json::list({nullptr, 1, 4}))->get_config().at("noise_shape").dump(), "[null, 1, 4]");
    EXPECT_TRUE(make(nullptr)->get_config().at("noise_shape").isNull());
    Model model(x, AnyLayer(make(Json::list({nullptr, 2, 4})))(x));
    model.compile({.loss = "mse"});
    try {
      model.fit(Array::zeros({2, 3, 4}), Array::zeros({2, 3, 4}), {.verbose = 0});
      ADD_FAILURE() << className;
    } catch (const UserError &error) {
      EXPECT_NE(std::string(error.what()).find(std::string(className) + " 'd': each extent of noise_shape must be None (-1), 1 or the input's. "
                                               "Received: noise_shape=(None, 2, 4) for (None, 3, 4)"), std::string::npos) << error.what();
    }
  }
}
