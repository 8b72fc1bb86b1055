// Element-wise ops of the interpreter against hand-picked values.
#include <cmath>
#include <limits>

#include "testing.h"

using namespace cornu;
using namespace cornu::testing;

namespace {
constexpr double NaN = std::numeric_limits<double>::quiet_NaN(), inf = std::numeric_limits<double>::infinity();

Array unary(const std::string &op, std::vector<double> x) {
  int64_t n = static_cast<int64_t>(x.size());
  std::string type = std::to_string(n) + "xf64";
  return evaluateOp("cornu." + op + " %a : tensor<" + type + ">", type, {{type, Array(x, {n})}});
}

Array binary(const std::string &op, std::vector<double> a, std::vector<double> b) {
  int64_t n = static_cast<int64_t>(a.size());
  std::string type = std::to_string(n) + "xf64", t = "tensor<" + type + ">";
  return evaluateOp("cornu." + op + " %a, %b : " + t + ", " + t, type, {{type, Array(a, {n})}, {type, Array(b, {n})}});
}
} // namespace

TEST(InterpreterElementwise, Arithmetic) {
  expectClose(unary("negate", {1, -2, 0}), {-1, 2, 0});
  expectClose(unary("abs", {1, -2, 0}), {1, 2, 0});
  expectClose(unary("sign", {3, -2, 0, NaN}), {1, -1, 0, NaN});
  expectClose(unary("square", {3, -2}), {9, 4});
  expectClose(binary("add", {1, 2}, {3, 4}), {4, 6});
  expectClose(binary("subtract", {1, 2}, {3, 5}), {-2, -3});
  expectClose(binary("multiply", {1, 2}, {3, 4}), {3, 8});
  expectClose(binary("divide", {1, 2, 1}, {4, -8, 0}), {0.25, -0.25, inf});
  expectClose(binary("power", {2, 9, 0}, {3, 0.5, 0}), {8, 3, 1});
}

TEST(InterpreterElementwise, Extrema) {
  expectClose(binary("maximum", {1, 5, NaN, 2}, {3, 4, 1, NaN}), {3, 5, NaN, NaN});
  expectClose(binary("minimum", {1, 5, NaN, 2}, {3, 4, 1, NaN}), {1, 4, NaN, NaN});
}

TEST(InterpreterElementwise, Functions) {
  expectClose(unary("exp", {0, 1}), {1, 2.718281828459045}, 1e-15);
  expectClose(unary("expm1", {1e-10}), {1.00000000005e-10}, 1e-25);
  expectClose(unary("log", {1, 0, 2.718281828459045}), {0, -inf, 1}, 1e-15);
  expectClose(unary("log1p", {1e-10}), {9.9999999995e-11}, 1e-25);
  expectClose(unary("sqrt", {4, 2}), {2, 1.4142135623730951}, 1e-15);
  expectClose(unary("rsqrt", {4, 0}), {0.5, inf}, 1e-15);
  expectClose(unary("tanh", {0, 1, -40}), {0, 0.7615941559557649, -1}, 1e-15);
  expectClose(unary("sigmoid", {0, 2, -800, 800}), {0.5, 0.8807970779778823, 0, 1}, 1e-15);
  expectClose(unary("relu", {-1, 0, 2, NaN}), {0, 0, 2, NaN});
  expectClose(unary("softplus", {0, 800, -800}), {0.6931471805599453, 800, 0}, 1e-15);
  expectClose(unary("erf", {0, 1}), {0, 0.8427007929497149}, 1e-15);
  expectClose(unary("sin", {0, 1}), {0, 0.8414709848078965}, 1e-15);
  expectClose(unary("cos", {0, 1}), {1, 0.5403023058681398}, 1e-15);
}

TEST(InterpreterElementwise, Rounding) {
  expectClose(unary("floor", {1.5, -1.5}), {1, -2});
  expectClose(unary("ceil", {1.5, -1.5}), {2, -1});
  expectClose(unary("round", {0.5, 1.5, -2.5, 2.4}), {0, 2, -2, 2}); // ties to even
  expectClose(unary("stop_gradient", {1.5}), {1.5});
}

TEST(InterpreterElementwise, Broadcasting) {
  Array a({1., 2., 3.}, {3, 1}), b({10., 20.}, {2});
  expectClose(evaluateOp("cornu.add %a, %b : tensor<?x1xf64>, tensor<2xf64>", "?x2xf64", {{"?x1xf64", a}, {"2xf64", b}}), {11, 21, 12, 22, 13, 23});
}

TEST(InterpreterElementwise, ComparisonsAreFalseOnNaN) {
  std::vector<std::pair<std::string, std::vector<double>>> expected = {{"eq", {0, 1, 0, 0}}, {"ne", {1, 0, 1, 1}}, {"lt", {1, 0, 0, 0}},
                                                                       {"le", {1, 1, 0, 0}}, {"gt", {0, 0, 1, 0}}, {"ge", {0, 1, 1, 0}}};
  Array a({1., 2., 3., NaN}, {4}), b({2., 2., 2., 2.}, {4});
  for (auto &[predicate, values] : expected) {
    SCOPED_TRACE(predicate);
    expectClose(evaluateOp("cornu.compare " + predicate + " %a, %b : tensor<4xf64>, tensor<4xf64>", "4xi1", {{"4xf64", a}, {"4xf64", b}}), values);
  }
}

TEST(InterpreterElementwise, SelectBroadcasts) {
  Array p({true, false}, {2, 1}), a({1., 2.}, {2}), b = Array::scalar(9, DType::Float64);
  expectClose(evaluateOp("cornu.select %a, %b, %c : tensor<2x1xi1>, tensor<2xf64>, tensor<f64>", "2x2xf64", {{"2x1xi1", p}, {"2xf64", a}, {"f64", b}}),
              {1, 2, 9, 9});
}

TEST(InterpreterElementwise, Logic) {
  Array a({true, true, false}, {3}), b({true, false, false}, {3});
  expectClose(evaluateOp("cornu.logical_and %a, %b : tensor<3xi1>, tensor<3xi1>", "3xi1", {{"3xi1", a}, {"3xi1", b}}), {1, 0, 0});
  expectClose(evaluateOp("cornu.logical_or %a, %b : tensor<3xi1>, tensor<3xi1>", "3xi1", {{"3xi1", a}, {"3xi1", b}}), {1, 1, 0});
  expectClose(evaluateOp("cornu.logical_not %a : tensor<3xi1>", "3xi1", {{"3xi1", a}}), {0, 0, 1});
}

TEST(InterpreterElementwise, Casts) {
  Array x({1.9, -1.9, 0.}, {3});
  expectClose(evaluateOp("cornu.cast %a : tensor<3xf64> to tensor<3xi32>", "3xi32", {{"3xf64", x}}), {1, -1, 0});
  expectClose(evaluateOp("cornu.cast %a : tensor<3xf64> to tensor<3xi1>", "3xi1", {{"3xf64", x}}), {1, 1, 0});
  expectClose(evaluateOp("cornu.cast %a : tensor<3xf64> to tensor<3xf32>", "3xf32", {{"3xf64", x}}), {1.9f, -1.9f, 0}, 0);
}

// Each type is computed in itself: 1 + 2^-20 is there in f32, lost in f16.
TEST(InterpreterElementwise, ElementTypeDecidesPrecision) {
  for (auto [type, dtype, sum] : {std::tuple("f16", DType::Float16, 1.0), std::tuple("bf16", DType::BFloat16, 1.0), std::tuple("f32", DType::Float32, 1 + 0x1p-20)}) {
    std::string t = std::string("tensor<") + type + ">";
    Array y = evaluateOp("cornu.add %a, %b : " + t + ", " + t, type, {{type, Array::scalar(1, dtype)}, {type, Array::scalar(0x1p-20, dtype)}});
    EXPECT_EQ(y.at(0), sum) << type;
  }
  EXPECT_EQ(evaluateOp("cornu.multiply %a, %a : tensor<i32>, tensor<i32>", "i32", {{"i32", Array::scalar(-7, DType::Int32)}}).at(0), 49);
}
