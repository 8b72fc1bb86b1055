// Operators between layers in files. What Keras writes and computes is in the golden "operations".
#include <gtest/gtest.h>

#include <cornu/cornu.h>

#include "frontend/saving/operations.h"
#include "test/unit/files_testing.h"
#include "test/unit/messages.h"

using namespace cornu;
using namespace cornu::testing;

namespace {

Json operation(const char *className, Json arguments, Json config = Json::object()) {
  return Json::object({{"module", "keras.src.ops.numpy"}, {"class_name", className}, {"config", config}, {"registered_name", className}, {"name", "o"},
                       {"inbound_nodes", Json::list({Json::object({{"args", std::move(arguments)}, {"kwargs", Json::object()}})})}});
}
const Json tensor = Json::object({{"class_name", "__keras_tensor__"}, {"config", Json::object({{"shape", Json::list({nullptr, 4})}, {"dtype", "float32"}})}});
Json part(Json start, Json stop, Json step = {}) {
  return Json::object({{"class_name", "__slice__"}, {"config", Json::object({{"start", start}, {"stop", stop}, {"step", step}})}});
}

} // namespace

TEST(Operations, AreWrittenAsKerasDoes) {
  clear_session();
  auto x = Input({4}, {.name = "x"});
  Model model(x, 1.5 - slice(x * 2, -1, 1, 3));
  const Json layers = model.get_config().at("layers");
  ASSERT_EQ(layers.size(), 4u);
  auto arguments = [&](size_t i) { return layers.at(i).at("inbound_nodes").at(size_t(0)).at("args"); };
  EXPECT_EQ(layers.at(1).at("module").asString(), "keras.src.ops.numpy");
  EXPECT_EQ(layers.at(1).at("registered_name").asString(), "Multiply");
  EXPECT_EQ(arguments(1).at(1).dump(), "2");
  EXPECT_EQ(layers.at(2).at("config").dump(), R"({"name": "get_item"})");
  EXPECT_EQ(arguments(2).at(1), Json::list({part(nullptr, nullptr), part(1, 3)}));
  EXPECT_EQ(arguments(3).at(size_t(0)).dump(), "1.5");
}

TEST(Operations, SurviveAFile) {
  auto a = Input({3, 4}, {.name = "a"}), b = Input({4}, {.name = "b"});
  auto y = where(a > 0.5, expand_dims(b, 1) + a, 2 / (1 + exp(-a)));
  y = concatenate({reshape(y, {-1, 12}), clip(b, -0.5, 0.5), max(a, 1), one_hot(argmax(b, -1), 4) * sum(b, -1, {.keepdims = true})}, -1);
  Model model({a, b}, einsum("bi,bi->b", y, softmax(round(y * 3) / 3)));
  TemporaryFolder folder;
  model.save(folder / "m.keras");
  Model loaded = load_model(folder / "m.keras");
  EXPECT_EQ(loaded.get_config(), model.get_config());
  Array first = initializers::RandomNormal({.stddev = 1, .seed = 1})({5, 3, 4}), second = initializers::RandomNormal({.stddev = 1, .seed = 2})({5, 4});
  EXPECT_EQ(loaded.predict({first, second}, {.verbose = 0}), model.predict({first, second}, {.verbose = 0}));
}

TEST(Operations, Subscripts) {
  auto x = Input({3, 4});
  auto shapeOf = [&](Json key) {
    Json entry = operation("GetItem", Json::list({tensor, std::move(key)}));
    return BaseLayer::apply(saving::operationFromEnvelope(entry), {x})[0].shape();
  };
  Json all = part(nullptr, nullptr), rest = Json::object({{"class_name", "__ellipsis__"}, {"config", Json::object()}});
  EXPECT_EQ(shapeOf(all), (Shape{-1, 3, 4}));
  EXPECT_EQ(shapeOf(Json::list({all, 1})), (Shape{-1, 4}));
  EXPECT_EQ(shapeOf(Json::list({rest, part(-2, nullptr)})), (Shape{-1, 3, 2}));
  EXPECT_EQ(shapeOf(Json::list({all, nullptr, rest, -1})), (Shape{-1, 1, 3}));
  EXPECT_EQ(shapeOf(Json::list({all, part(0, 100)})), (Shape{-1, 3, 4}));
  auto message = [&](Json key) { return messageOf([&] { shapeOf(std::move(key)); }); };
  EXPECT_NE(message(Json::list({0})).find("the batch cannot be cut"), std::string::npos);
  EXPECT_NE(message(part(1, nullptr)).find("the batch cannot be cut"), std::string::npos);
  EXPECT_NE(message(Json::list({all, 3})).find("an index must be within its axis"), std::string::npos);
  EXPECT_NE(message(Json::list({all, part(2, 2)})).find("a slice must leave something"), std::string::npos);
  EXPECT_NE(message(Json::list({all, part(nullptr, nullptr, 2)})).find("a slice must have the step 1"), std::string::npos);
  EXPECT_NE(message(Json::list({all, all, all, all})).find("a key must not have more parts than the tensor has axes"), std::string::npos);
  EXPECT_NE(message(Json::list({rest, rest})).find("a key must not have two ellipses"), std::string::npos);
  EXPECT_NE(message(Json::list({all, "a"})).find("a part of a key must be a slice, an index, null or an ellipsis"), std::string::npos);
}

TEST(Operations, Messages) {
  auto read = [](const Json &entry) { return messageOf([&] { saving::operationFromEnvelope(entry); }); };
  std::string unknown = read(operation("Ad", Json::list({tensor, tensor})));
  EXPECT_TRUE(unknown.starts_with("unknown operation 'Ad' of keras.src.ops.numpy. Did you mean 'Add'? Known: ")) << unknown;
  EXPECT_EQ(read(operation("Add", Json::list({tensor}))), "Add takes 2 operands. Received: 1");
  EXPECT_EQ(read(operation("Exp", Json::list({tensor, tensor}))), "Exp takes 1 operands. Received: 2");
  EXPECT_EQ(read(operation("Add", Json::list({tensor, "a"}))), "an operand must be a tensor, a constant or a number. Received: \"a\"");
  auto constant = [&](Json value, const char *dtype) {
    Json array = Json::object({{"class_name", "__numpy__"}, {"config", Json::object({{"value", std::move(value)}, {"dtype", dtype}})}});
    return read(operation("Add", Json::list({tensor, array})));
  };
  EXPECT_EQ(constant(Json::list({1, 2}), "float31"), "dtype must be the name of an element type. Received: \"float31\"");
  EXPECT_EQ(constant(Json::list({Json::list({1, 2}), Json::list({3})}), "float32"), "the rows of a constant must have the same length. Received: one of 1 beside one of 2");
  EXPECT_EQ(constant(Json::list({Json::list({1, 2}), 3}), "float32"), "the rows of a constant must have the same length. Received: one of 0 beside one of 2");
  EXPECT_EQ(constant(Json::list({1, "2"}), "float32"), "a constant must hold numbers. Received: \"2\"");
  Json twice = operation("Exp", Json::list({tensor}));
  twice["inbound_nodes"].push_back(twice.at("inbound_nodes").at(size_t(0)));
  EXPECT_EQ(read(twice), "an operation must have one inbound node. Received: 2");
  auto x = Input({4});
  auto apply = [&](const char *name, Json config) {
    return messageOf([&] { BaseLayer::apply(saving::operationFromEnvelope(operation(name, Json::list({tensor}), std::move(config))), {x}); });
  };
  EXPECT_EQ(apply("Max", Json::object({{"initial", 1}})), "initial must be null. Received: 1");
  EXPECT_EQ(apply("Cast", Json::object({{"dtype", "float31"}})), "dtype must be the name of an element type. Received: \"float31\"");
  EXPECT_EQ(apply("Argmax", Json::object({{"axis", 1}, {"keepdims", true}})), "keepdims must be false. Received: true");
  Variable v = Variable::create("v", "v", {4}, {});
  EXPECT_NE(messageOf([&] { Model(x, x + Tensor(v)).get_config(); }).find("a file cannot hold an operation on a variable between layers"), std::string::npos);
}

TEST(Operations, PoolingSurvivesAFile) {
  auto x = Input({6, 7, 3}, {.name = "x"});
  Model model(x, {max_pool(x, 2), average_pool(x, {2, 3}, {.strides = 1, .padding = "same"}), max_pool(x, 2, {.data_format = "channels_first"})});
  TemporaryFolder folder;
  model.save(folder / "m.keras");
  Model loaded = load_model(folder / "m.keras");
  EXPECT_EQ(loaded.get_config(), model.get_config());
  NamedArrays images = {{"x", initializers::RandomNormal({.stddev = 1, .seed = 1})({5, 6, 7, 3})}};
  EXPECT_EQ(loaded.predict_all(images, {.verbose = 0}), model.predict_all(images, {.verbose = 0}));
}
