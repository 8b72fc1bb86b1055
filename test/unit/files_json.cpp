#include <cmath>
#include <gtest/gtest.h>

#include "frontend/saving/json.h"
#include "runtime/errors.h"

using namespace cornu;

namespace {
TEST(Json, keepsOrderAndWritesLikePython) {
  Json config = Json::object({{"name", "dense"}, {"units", 4}, {"rate", 0.001}, {"shape", Json::shape(std::vector<int64_t>{-1, 8})},
                              {"none", nullptr}, {"empty", Json::list()}, {"nested", Json::object({{"flag", true}})}});
  EXPECT_EQ(config.dump(), R"({"name": "dense", "units": 4, "rate": 0.001, "shape": [null, 8], "none": null, "empty": [], "nested": {"flag": true}})");
  config["units"] = 5;
  config["added"] = std::vector<int64_t>{1, 2};
  config.erase("none");
  EXPECT_EQ(config.dump(), R"({"name": "dense", "units": 5, "rate": 0.001, "shape": [null, 8], "empty": [], "nested": {"flag": true}, "added": [1, 2]})");
  EXPECT_EQ(Json::parse(config.dump()).dump(), config.dump());
  EXPECT_EQ(Json::object({{"a", Json::list({1, 2})}, {"b", Json::object()}}).dump(4), "{\n    \"a\": [\n        1,\n        2\n    ],\n    \"b\": {}\n}");
}

TEST(Json, writesFloatsAsPythonRepr) {
  const std::pair<double, const char *> cases[] = {{1e-7, "1e-07"}, {0.001, "0.001"}, {1.0, "1.0"}, {0.1, "0.1"}, {1e16, "1e+16"}, {123456789012345.0, "123456789012345.0"},
                                                   {1e15, "1000000000000000.0"}, {0.0001, "0.0001"}, {0.00001, "1e-05"}, {-2.5e-300, "-2.5e-300"}, {0.0010000000474974513, "0.0010000000474974513"},
                                                   {0.0, "0.0"}, {-0.0, "-0.0"}, {5e-324, "5e-324"}, {1.7976931348623157e308, "1.7976931348623157e+308"}, {100.25, "100.25"}};
  for (auto [number, text] : cases) EXPECT_EQ(pythonRepr(number), text);
}

TEST(Json, readsWhatPythonWrites) {
  Json j = Json::parse(R"({"a": NaN, "b": [Infinity, -Infinity], "c": "\u00e9\ud83d\ude00\n", "d": -0, "e": 12345678901234567890, "f": 1E3, "a": 2})");
  EXPECT_EQ(j.at("a").asInt(), 2);
  EXPECT_EQ(j.asObject()[0].first, "a");
  EXPECT_TRUE(std::isinf(j.at("b").at(0).asDouble()));
  EXPECT_EQ(j.at("c").asString(), "é😀\n");
  EXPECT_EQ(j.at("c").dump(), R"("\u00e9\ud83d\ude00\n")");
  EXPECT_EQ(j.at("e").asDouble(), 12345678901234567890.0);
  EXPECT_EQ(j.at("f").asDouble(), 1000);
  EXPECT_TRUE(std::isnan(Json::parse("NaN").asDouble()));
  EXPECT_EQ(Json::parse("1e999").asDouble(), HUGE_VAL);
  EXPECT_EQ(Json::parse("1e-999").asDouble(), 0);
}

TEST(Json, refusesWhatIsNotJson) {
  const char *bad[] = {"", "{", "[1,", "[1 2]", "{\"a\" 1}", "{a: 1}", "\"abc", "\"\\x\"", "\"\\ud800\"", "\"\xff\"", "\"\xc0\x80\"", "\"\xed\xa0\x80\"", "01", "1.", "-", "nul", "[]]", "\"\n\"", "{\"a\":1,}"};
  for (const char *text : bad) EXPECT_THROW(Json::parse(text), EnvironmentError) << text;
  EXPECT_THROW(Json::parse(std::string(100000, '[')), EnvironmentError);
  try {
    Json::parse("{\"a\": 1,\n \"b\": }", "config.json");
  } catch (const EnvironmentError &e) {
    EXPECT_STREQ(e.what(), "config.json: not valid JSON at line 2, column 7: expected a value");
  }
}

TEST(Json, saysWhatItExpected) {
  Json j = Json::parse(R"({"units": "four"})");
  try {
    j.at("units").asInt();
    FAIL();
  } catch (const UserError &e) {
    EXPECT_STREQ(e.what(), "a config value must be an integer. Received: \"four\"");
  }
  EXPECT_THROW(j.at("rate"), UserError);
  EXPECT_TRUE(j.get("rate").isNull());
  EXPECT_THROW((void)Json("\xff").dump(), UserError);
}

TEST(Json, equalityIsPythons) {
  EXPECT_EQ(Json::parse(R"({"a": 1, "b": [2.0]})"), Json::parse(R"({"b": [2], "a": 1.0})"));
  EXPECT_FALSE(Json::parse(R"({"a": 1})") == Json::parse(R"({"a": true})"));
  EXPECT_EQ(Json::parse("[1, null, 3]").asShape(), (std::vector<int64_t>{1, -1, 3}));
}
} // namespace
