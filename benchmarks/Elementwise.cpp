// Functions of each element, in cache.
#include <Eigen/Core>

#include "benchmarks/Kernels.h"
#include "benchmarks/Program.h"

namespace cornu::benchmarks {

namespace {
constexpr int64_t rows = 128, columns = 512;

std::string textOf(const std::string &op) {
  std::string type = tensorType({-1, columns});
  return "func.func @f(%x: " + type + ") -> " + type + " {\n  %y = " + op + " : " + type + "\n  return %y : " + type + "\n}\n";
}

std::string layerNorm() {
  std::string x = tensorType({-1, columns}), row = tensorType({-1, 1}), weights = tensorType({columns});
  auto op = [](const std::string &result, const std::string &name, const std::string &x, const std::string &y, const std::string &types) {
    return "  " + result + " = cornu." + name + " " + x + (y.empty() ? "" : ", " + y) + " : " + types + "\n";
  };
  auto mean = [&](const std::string &result, const std::string &of) {
    return "  %sum_" + result + " = cornu.reduce_sum " + of + " dims [1] keepdims : " + x + "\n" + op("%" + result, "multiply", "%sum_" + result, "%part", row + ", tensor<f32>");
  };
  return "func.func @f(%x: " + x + ", %gamma: " + weights + ", %beta: " + weights + ") -> " + x + " {\n" +
         "  %part = cornu.constant dense<" + std::to_string(1.0 / columns) + "> : tensor<f32>\n  %epsilon = cornu.constant dense<1.0e-3> : tensor<f32>\n" +
         mean("mean", "%x") + op("%centred", "subtract", "%x", "%mean", x + ", " + row) + op("%squares", "square", "%centred", "", x) + mean("variance", "%squares") +
         op("%sum", "add", "%variance", "%epsilon", row + ", tensor<f32>") + op("%scale", "rsqrt", "%sum", "", row) +
         op("%normal", "multiply", "%centred", "%scale", x + ", " + row) + op("%scaled", "multiply", "%normal", "%gamma", x + ", " + weights) +
         op("%y", "add", "%scaled", "%beta", x + ", " + weights) + "  return %y : " + x + "\n}\n";
}

template <class Function> Setup eigen(Function function) {
  return [function] {
    using Row = Eigen::Map<Eigen::ArrayXf>;
    auto row = [](Array &memory) { return Row(memory.data<float>(), rows * columns); };
    return [=, x = numbers(rows * columns), y = numbers(rows * columns)]() mutable { row(y) = function(row(x)); };
  };
}
} // namespace

void addElementwise() {
  Work work{"ns/element", static_cast<double>(rows * columns)};
  addProgram("exp", work, textOf("cornu.exp %x"), rows);
  add("Eigen", "exp", work, eigen([](const auto &x) { return x.exp(); }));
  add("oneDNN", "exp", work, onednn::exp(rows * columns));
  addProgram("tanh", work, textOf("cornu.tanh %x"), rows);
  add("Eigen", "tanh", work, eigen([](const auto &x) { return x.tanh(); }));
  add("oneDNN", "tanh", work, onednn::tanh(rows * columns));
  addProgram("softmax 128x512", work, textOf("cornu.softmax %x dims [1]"), rows);
  add("oneDNN", "softmax 128x512", work, onednn::softmax(rows, columns));
  addProgram("layer norm 128x512", work, layerNorm(), rows);
  add("oneDNN", "layer norm 128x512", work, onednn::layerNorm(rows, columns));
}

} // namespace cornu::benchmarks
