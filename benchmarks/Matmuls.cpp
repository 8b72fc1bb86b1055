// Matrix products: squares, layers of the usual sizes, both gradients, few rows, one row.
#include <Eigen/Core>

#include "benchmarks/Kernels.h"
#include "benchmarks/Program.h"

namespace cornu::benchmarks {

namespace {
enum class Product { Forward, Input, Kernel };   // y = x w, dX = dY wᵀ, dW = xᵀ dY

struct Matmul {
  int64_t rows, depth, columns;   // of the layer: batch, units in, units out
  Product product = Product::Forward;

  double flops() const { return 2.0 * static_cast<double>(rows) * static_cast<double>(depth) * static_cast<double>(columns); }
  std::string name() const {
    const char *suffix[] = {"", " dX", " dW"};
    return "matmul " + std::to_string(rows) + "x" + std::to_string(depth) + "x" + std::to_string(columns) + suffix[static_cast<int>(product)];
  }
};

constexpr Matmul matmuls[] = {{256, 256, 256}, {384, 384, 384}, {512, 512, 512}, {1024, 1024, 1024}, {2048, 2048, 2048},
                              {32, 784, 512}, {32, 64, 64}, {37, 131, 77}, {200, 784, 500}, {128, 128, 512}, {64, 4096, 1024},
                              {32, 784, 512, Product::Kernel}, {32, 784, 512, Product::Input}, {200, 784, 500, Product::Kernel}, {200, 784, 500, Product::Input},
                              {32, 512, 10}};
/// One row reads each weight once.
constexpr Matmul singleRows[] = {{1, 784, 64}, {1, 784, 512}, {1, 4096, 1024}, {1, 4096, 4096}};

std::string textOf(const Matmul &s) {
  std::string x = tensorType({-1, s.depth}), w = tensorType({s.depth, s.columns}), y = tensorType({-1, s.columns});
  std::string weight = "cornu.variable weight @w : " + w + "\n", read = "  %w = cornu.read @w : " + w + "\n";
  auto function = [&](const std::string &arguments, const std::string &equation, const std::string &a, const std::string &b, const std::string &result, bool reads) {
    return (reads ? weight : "") + "func.func @f(" + arguments + ") -> " + result + " {\n" + (reads ? read : "") + "  %r = cornu.einsum \"" + equation + "\" " + a + ", " + b +
           "\n  return %r : " + result + "\n}\n";
  };
  switch (s.product) {
  case Product::Forward: return function("%x: " + x, "bk,kn->bn", "%x", "%w : " + x + ", " + w, y, true);
  case Product::Input: return function("%y: " + y, "bn,kn->bk", "%y", "%w : " + y + ", " + w, x, true);
  case Product::Kernel: return function("%x: " + x + ", %y: " + y, "bk,bn->kn", "%x", "%y : " + x + ", " + y, w, false);
  }
  return "";
}

Setup eigen(const Matmul &s) {
  using Matrix = Eigen::Map<Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>;
  struct Operands {
    Array xs, ws, ys;
    Matrix x, w, y;
  };
  return [s]() -> std::function<void()> {
    Array x = numbers(s.rows * s.depth), w = numbers(s.depth * s.columns), y = numbers(s.rows * s.columns);
    auto matrix = [](Array &memory, int64_t rows, int64_t columns) { return Matrix(memory.data<float>(), rows, columns); };
    auto o = std::make_shared<Operands>(x, w, y, matrix(x, s.rows, s.depth), matrix(w, s.depth, s.columns), matrix(y, s.rows, s.columns));
    switch (s.product) {
    case Product::Forward: return [o] { o->y.noalias() = o->x * o->w; };
    case Product::Input: return [o] { o->x.noalias() = o->y * o->w.transpose(); };
    case Product::Kernel: return [o] { o->w.noalias() = o->x.transpose() * o->y; };
    }
    return {};
  };
}

Setup oneDnn(const Matmul &s) {
  switch (s.product) {
  case Product::Forward: return onednn::matmul(s.rows, s.depth, s.columns, false);
  case Product::Input: return onednn::matmul(s.rows, s.columns, s.depth, false);
  case Product::Kernel: return onednn::matmul(s.depth, s.rows, s.columns, true);
  }
  return {};
}

void addMatmul(const Matmul &s, const std::string &name, Work work) {
  addProgram(name, work, textOf(s), s.rows);
  add("Eigen", name, work, eigen(s));
  add("oneDNN", name, work, oneDnn(s));
}
} // namespace

void addMatmuls() {
  for (const Matmul &s : matmuls) addMatmul(s, s.name(), {"GFLOP/s", s.flops()});
  for (const Matmul &s : singleRows) {
    int64_t bytes = s.depth * s.columns * static_cast<int64_t>(sizeof(float));
    addReadLimit(s.name(), bytes);
    addMatmul(s, s.name(), {"GB/s", static_cast<double>(bytes)});
  }
  // No batch is much slower than its neighbours: benchmarks/kernels sums these up.
  for (int64_t rows = 1; rows <= 64; ++rows) {
    Matmul s{rows, 784, 512};
    addProgram("batches of 784x512/" + std::to_string(rows), {"GFLOP/s", s.flops()}, textOf(s), rows);
  }
}

} // namespace cornu::benchmarks
