// Text to module to values, for tests of the dialect.
#pragma once

#include <gtest/gtest.h>

#include "ir/CornuOps.h"
#include "ir/interpreter/Interpreter.h"
#include "mlir/IR/OwningOpRef.h"
#include "mlir/Parser/Parser.h"

namespace cornu::testing {

/// One context for all tests: loading dialects takes longer than most of them.
inline mlir::MLIRContext &context() {
  static auto *context = [] {
    auto *c = new mlir::MLIRContext(mlir::MLIRContext::Threading::DISABLED);
    c->loadDialect<ir::CornuDialect, mlir::func::FuncDialect>();
    return c;
  }();
  return *context;
}

inline mlir::OwningOpRef<mlir::ModuleOp> parse(const std::string &text) {
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, &context());
  EXPECT_TRUE(module) << text;
  return module;
}

/// The results of @f in `text`.
inline std::vector<Array> evaluate(const std::string &text, std::vector<Array> inputs, interpreter::State &state, int64_t batch = -1) {
  auto module = parse(text);
  if (!module) return {};
  return interpreter::run(module->lookupSymbol<mlir::func::FuncOp>("f"), inputs, state, batch);
}
inline std::vector<Array> evaluate(const std::string &text, std::vector<Array> inputs) {
  interpreter::State none;
  return evaluate(text, std::move(inputs), none);
}

/// The value of `%y = <op>` in which operands are %a, %b, %c of the given types.
inline Array evaluateOp(const std::string &op, const std::string &resultType, std::vector<std::pair<std::string, Array>> operands, int64_t batch = -1) {
  std::string arguments;
  std::vector<Array> inputs;
  for (auto &[type, value] : operands) {
    arguments += (inputs.empty() ? "%" : ", %") + std::string(1, static_cast<char>('a' + inputs.size())) + ": tensor<" + type + ">";
    inputs.push_back(value);
  }
  interpreter::State none;
  auto results = evaluate("func.func @f(" + arguments + ") -> tensor<" + resultType + "> { %y = " + op + " return %y : tensor<" + resultType + "> }",
                          inputs, none, batch);
  EXPECT_EQ(results.size(), 1u);
  return results.empty() ? Array() : results[0];
}

inline void expectClose(const Array &actual, const std::vector<double> &expected, double tolerance = 1e-6) {
  ASSERT_EQ(actual.size(), static_cast<int64_t>(expected.size()));
  for (size_t i = 0; i < expected.size(); ++i) {
    double value = actual.at(static_cast<int64_t>(i));
    if (std::isnan(expected[i]))
      EXPECT_TRUE(std::isnan(value)) << "element " << i << " is " << value;
    else if (std::isinf(expected[i]))
      EXPECT_EQ(value, expected[i]) << "element " << i;
    else
      EXPECT_NEAR(value, expected[i], tolerance * std::max(1.0, std::abs(expected[i]))) << "element " << i;
  }
}

} // namespace cornu::testing
