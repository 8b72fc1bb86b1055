// Derivatives where there are two or none: those of Keras on TensorFlow.
#include <cmath>
#include <limits>

#include "mlir/Pass/PassManager.h"
#include "passes/Passes.h"
#include "testing.h"

using namespace cornu;
using namespace cornu::testing;

namespace {

/// d(sum y)/d(%a, %b) where `body` computes %y : tensor<nxf64> from scalars or vectors of extent n.
std::vector<Array> gradients(const std::string &body, const std::string &resultType, const std::vector<std::vector<double>> &operands) {
  std::string arguments, names, types;
  std::vector<Array> inputs;
  for (auto &values : operands) {
    std::string name = std::string("%") + static_cast<char>('a' + inputs.size()), type = "tensor<" + std::to_string(values.size()) + "xf64>";
    arguments += (inputs.empty() ? "" : ", ") + name + ": " + type;
    names += (inputs.empty() ? "" : ", ") + name;
    types += (inputs.empty() ? "" : ", ") + type;
    inputs.push_back(Array(values, {static_cast<int64_t>(values.size())}));
  }
  std::string results = operands.size() == 1 ? "%d#0" : "%d#0, %d#1";
  std::string rank = resultType.find('x') == std::string::npos ? "[]" : "[0]";
  auto module = parse("func.func @f(" + arguments + ") -> (" + types + ") {\n" + body + "\n%loss = cornu.reduce_sum %y dims " + rank + " : tensor<" + resultType +
                      ">\n%d:" + std::to_string(operands.size()) + " = cornu.gradient %loss wrt " + names + " : tensor<f64>, (" + types + ")\nreturn " + results +
                      " : " + types + "}");
  mlir::PassManager passes(&context());
  passes.addPass(passes::createGradientPass());
  EXPECT_TRUE(mlir::succeeded(passes.run(*module)));
  return interpreter::run(module->lookupSymbol<mlir::func::FuncOp>("f"), inputs);
}

void expectUnary(const std::string &op, double x, double derivative) {
  SCOPED_TRACE(op);
  expectClose(gradients("%y = cornu." + op + " %a : tensor<1xf64>", "1xf64", {{x}})[0], {derivative});
}

constexpr double inf = std::numeric_limits<double>::infinity();
} // namespace

TEST(GradientKinks, FunctionsOfOneValue) {
  expectUnary("relu", 0, 0);
  expectUnary("abs", 0, 0);
  expectUnary("sqrt", 0, inf);
  expectUnary("log", 0, inf);
}

TEST(GradientKinks, TiesOfMaximumAndMinimumGoToTheFirstOperand) {
  for (std::string op : {"maximum", "minimum"}) {
    auto d = gradients("%y = cornu." + op + " %a, %b : tensor<1xf64>, tensor<1xf64>", "1xf64", {{2}, {2}});
    expectClose(d[0], {1});
    expectClose(d[1], {0});
  }
}

TEST(GradientKinks, TiesOfReductionsShareEqually) {
  expectClose(gradients("%y = cornu.reduce_max %a dims [0] : tensor<4xf64>", "f64", {{1, 5, 5, 2}})[0], {0, 0.5, 0.5, 0});
  expectClose(gradients("%y = cornu.reduce_min %a dims [0] : tensor<4xf64>", "f64", {{1, 1, 1, 2}})[0], {1. / 3, 1. / 3, 1. / 3, 0});
}

TEST(GradientKinks, OfEqualElementsOfAWindowTheFirstGetsAll) {
  expectClose(gradients("%y = cornu.max_pool %a dims [0] sizes [3] strides [2] offsets [0] : tensor<5xf64> to tensor<2xf64>", "2xf64", {{4, 7, 7, 7, 2}})[0], {0, 1, 1, 0, 0});
  expectClose(gradients("%y = cornu.max_pool %a dims [0] sizes [2] strides [2] offsets [-1] : tensor<3xf64> to tensor<2xf64>", "2xf64", {{0, 3, 3}})[0], {1, 1, 0});
}

TEST(GradientKinks, Power) {
  auto square_root = gradients("%y = cornu.power %a, %b : tensor<1xf64>, tensor<1xf64>", "1xf64", {{0}, {0.5}});
  expectClose(square_root[0], {inf});
  expectClose(square_root[1], {0});
  expectClose(gradients("%y = cornu.power %a, %b : tensor<1xf64>, tensor<1xf64>", "1xf64", {{0}, {0}})[0], {std::nan("")});
  expectClose(gradients("%y = cornu.power %a, %b : tensor<1xf64>, tensor<1xf64>", "1xf64", {{-2}, {3}})[0], {12});
}

TEST(GradientKinks, NormOfZeroIsNaN) {
  expectClose(gradients("%s = cornu.square %a : tensor<2xf64> %t = cornu.reduce_sum %s dims [0] : tensor<2xf64> %y = cornu.sqrt %t : tensor<f64>", "f64", {{0, 0}})[0],
              {std::nan(""), std::nan("")});
}

// A chosen branch alone counts, even where the other has no finite derivative.
TEST(GradientKinks, SelectKeepsTheOtherBranchOut) {
  expectClose(gradients("%z = cornu.constant dense<0.0> : tensor<f64> %p = cornu.compare gt %a, %z : tensor<2xf64>, tensor<f64>"
                        " %y = cornu.select %p, %a, %z : tensor<2xi1>, tensor<2xf64>, tensor<f64>", "2xf64", {{0, 3}})[0], {0, 1});
}
