// GFLOP/s of one matrix product, y = x w, beside Eigen's, on one thread. benchmarks/run reads the names: contestant/rows x depth x columns.
#include <Eigen/Core>
#include <algorithm>
#include <benchmark/benchmark.h>
#include <cstdlib>
#include <string>
#include <vector>

#include "codegen/Compiler.h"
#include "mlir/Parser/Parser.h"

namespace {
struct Shape {
  int64_t rows, depth, columns;
  double flops() const { return 2.0 * static_cast<double>(rows) * static_cast<double>(depth) * static_cast<double>(columns); }
  std::string text() const { return std::to_string(rows) + "x" + std::to_string(depth) + "x" + std::to_string(columns); }
};

/// P1's and P15's layers at their batches, and squares.
constexpr Shape shapes[] = {{1, 784, 64}, {32, 784, 64}, {32, 64, 64}, {200, 784, 500}, {200, 500, 500}, {256, 256, 256}, {512, 512, 512}, {1024, 1024, 1024}};

std::vector<float> ramp(int64_t count) {
  std::vector<float> values(static_cast<size_t>(count));
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 17) / 16.f - 0.5f;
  return values;
}

void count(benchmark::State &state, const Shape &s) {
  state.counters["GFLOP/s"] = benchmark::Counter(s.flops() * 1e-9, benchmark::Counter::kIsIterationInvariantRate);
}

void eigen(benchmark::State &state, Shape s) {
  using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  Matrix x = Eigen::Map<Matrix>(ramp(s.rows * s.depth).data(), s.rows, s.depth), w = Eigen::Map<Matrix>(ramp(s.depth * s.columns).data(), s.depth, s.columns);
  Matrix y(s.rows, s.columns);
  for (auto _ : state) {
    y.noalias() = x * w;
    benchmark::DoNotOptimize(y.data());
    benchmark::ClobberMemory();
  }
  count(state, s);
}

/// The product as Cornu compiles it: w is a variable, the rows are the dynamic batch.
std::unique_ptr<cornu::codegen::LoadedModule> compileProduct(const Shape &s) {
  auto tensor = [](const std::string &shape) { return "tensor<" + shape + "xf32>"; };
  std::string depth = std::to_string(s.depth), columns = std::to_string(s.columns);
  std::string x = tensor("?x" + depth), w = tensor(depth + "x" + columns), y = tensor("?x" + columns);
  std::string text = "cornu.variable weight @w : " + w + "\nfunc.func @f(%x: " + x + ") -> " + y + " {\n  %w = cornu.read @w : " + w +
                     "\n  %y = cornu.einsum \"bk,kn->bn\" %x, %w : " + x + ", " + w + "\n  return %y : " + y + "\n}\n";
  auto context = cornu::codegen::makeContext();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, context.get());
  if (!module) return nullptr;
  auto object = cornu::codegen::compileToObject(*module, {});
  std::string error;
  if (mlir::failed(object)) return nullptr;
  auto loaded = cornu::codegen::LoadedModule::load(std::move(*object), &error);
  return mlir::failed(loaded) ? nullptr : std::move(*loaded);
}

void cornuProduct(benchmark::State &state, Shape s) {
  auto loaded = compileProduct(s);
  if (!loaded) return state.SkipWithError("does not compile");
  const auto *spec = loaded->spec().find("f");
  auto aligned = [](int64_t bytes) { return std::aligned_alloc(64, static_cast<size_t>((bytes + 127) / 64 * 64)); };
  int64_t floatBytes = sizeof(float);
  void *x = aligned(s.rows * s.depth * floatBytes), *w = aligned(s.depth * s.columns * floatBytes), *y = aligned(s.rows * s.columns * floatBytes);
  std::ranges::copy(ramp(s.rows * s.depth), static_cast<float *>(x));
  std::ranges::copy(ramp(s.depth * s.columns), static_cast<float *>(w));
  void *workspace = aligned(spec->workspaceFixed + s.rows * spec->workspacePerRow);
  auto entry = loaded->lookup("f");
  for (auto _ : state) {
    entry(&x, &y, &w, s.rows, workspace, nullptr);
    benchmark::ClobberMemory();
  }
  count(state, s);
  for (void *memory : {x, w, y, workspace}) std::free(memory);
}
} // namespace

int main(int argc, char **argv) {
  for (const Shape &s : shapes) {
    benchmark::RegisterBenchmark(("Cornu/" + s.text()).c_str(), cornuProduct, s);
    benchmark::RegisterBenchmark(("Eigen/" + s.text()).c_str(), eigen, s);
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
