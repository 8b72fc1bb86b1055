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
}

} // namespace cornu::benchmarks
