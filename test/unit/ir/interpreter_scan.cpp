// Loops of the interpreter.
#include "runtime/errors.h"
#include "testing.h"

using namespace cornu;
using namespace cornu::testing;

namespace {

/// Running sums of xs from h0, with the state before each step as a second output.
std::vector<Array> sums(const std::string &direction) {
  return evaluate(R"(func.func @f(%h0: tensor<?x2xf64>, %xs: tensor<?x3x2xf64>) -> (tensor<?x2xf64>, tensor<?x3x2xf64>, tensor<?x3x2xf64>) {
    %last, %after, %before = cornu.scan init(%h0) over(%xs) axis 1 length 3 )" + direction + R"( : (tensor<?x2xf64>, tensor<?x3x2xf64>) -> (tensor<?x2xf64>, tensor<?x3x2xf64>, tensor<?x3x2xf64>) {
    ^bb0(%h: tensor<?x2xf64>, %x: tensor<?x2xf64>):
      %next = cornu.add %h, %x : tensor<?x2xf64>, tensor<?x2xf64>
      cornu.yield %next, %next, %h : tensor<?x2xf64>, tensor<?x2xf64>, tensor<?x2xf64>
    }
    return %last, %after, %before : tensor<?x2xf64>, tensor<?x3x2xf64>, tensor<?x3x2xf64>
  })", {Array({100., 200., 300., 400.}, {2, 2}), Array({1., 2., 3., 4., 5., 6., 7., 8., 9., 10., 11., 12.}, {2, 3, 2})});
}

} // namespace

TEST(InterpreterScan, CarriesAndStacks) {
  auto results = sums("");
  expectClose(results[0], {109, 212, 327, 430});
  expectClose(results[1], {101, 202, 104, 206, 109, 212, 307, 408, 316, 418, 327, 430});
  expectClose(results[2], {100, 200, 101, 202, 104, 206, 300, 400, 307, 408, 316, 418});
}
TEST(InterpreterScan, ReverseKeepsOutputsBesideTheirSlices) {
  auto results = sums("reverse");
  expectClose(results[0], {109, 212, 327, 430});
  expectClose(results[1], {109, 212, 108, 210, 105, 206, 327, 430, 320, 422, 311, 412});
  expectClose(results[2], {108, 210, 105, 206, 100, 200, 320, 422, 311, 412, 300, 400});
}
TEST(InterpreterScan, Nested) { // Σ_t t' x_t over both axes, the inner loop carrying on from the outer's state
  auto results = evaluate(R"(func.func @f(%xs: tensor<2x3xf64>) -> tensor<f64> {
    %zero = cornu.constant dense<0.0> : tensor<f64>
    %sum = cornu.scan init(%zero) over(%xs) axis 0 length 2 : (tensor<f64>, tensor<2x3xf64>) -> tensor<f64> {
    ^bb0(%a: tensor<f64>, %row: tensor<3xf64>):
      %b = cornu.scan init(%a) over(%row) axis 0 length 3 : (tensor<f64>, tensor<3xf64>) -> tensor<f64> {
      ^bb0(%c: tensor<f64>, %x: tensor<f64>):
        %d = cornu.add %c, %x : tensor<f64>, tensor<f64>
        %e = cornu.add %d, %a : tensor<f64>, tensor<f64>
        cornu.yield %e : tensor<f64>
      }
      cornu.yield %b : tensor<f64>
    }
    return %sum : tensor<f64>
  })", {Array({1., 2., 3., 4., 5., 6.}, {2, 3})});
  expectClose(results[0], {6 + 6 * 3 + 15}); // the second row begins with 6 and adds 6 at each of its steps
}
