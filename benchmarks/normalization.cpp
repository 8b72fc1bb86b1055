// Normalization of a batch, forward and with its gradient. benchmarks/run reads the names: pass/layer. The traffic that is counted is what no code
// can do without: x read and y written; x and the gradient of y read, that of x written.
#include "benchmarks/memory.h"
#include "frontend/layers/batch_normalization.h"
#include "frontend/layers/input.h"
#include "frontend/layers/layer_normalization.h"
#include "frontend/models/graph.h"
#include "frontend/models/model.h"
#include "frontend/ops/emit.h"

namespace {
using namespace cornu;

constexpr int64_t columns = 512, rows = benchmarks::size / columns;

void normalize(benchmark::State &state, const AnyLayer &layer, bool backward) {
  Tensor input = Input({columns});
  Model model(input, layer(input));
  trace::Trace t;
  trace::Slot x{"x", {-1, columns}, DType::Float32}, dy{"dy", {-1, columns}, DType::Float32};
  const char *name = backward ? "backward" : "forward";
  Tensors arguments = t.begin(name, backward ? std::vector{x, dy} : std::vector{x}, /*training=*/true);
  Tensors results = model.graph().run({arguments[0]});
  if (backward) {
    llvm::SmallVector<mlir::Value> wrt = {ops::value(arguments[0])};
    for (const Variable &weight : model.trainable_weights()) wrt.push_back(t.read(weight));
    auto gradient = ir::GradientOp::create(t.builder, t.location(), ops::value(sum(results[0] * arguments[1])), wrt);
    results.clear();
    for (mlir::Value grad : gradient.getGrads()) results.push_back(t.wrap(grad));
  }
  std::vector<std::string> names;
  std::vector<Array> arrays;
  std::vector<void *> outputs;
  for (const Tensor &result : results) {
    names.push_back("result_" + std::to_string(names.size()));
    arrays.push_back(Array::zeros(result.rank() == 1 ? Shape{columns} : Shape{rows, columns}));
    outputs.push_back(arrays.back().raw());
  }
  t.end(results, names);
  std::vector<Variable> variables = t.variables();
  auto code = run::compileNative({t.take(), name, std::move(variables), {}});
  Array given = benchmarks::numbers(3, {rows, columns}), gradient = benchmarks::numbers(4, {rows, columns});
  benchmarks::time(state, *code, backward ? std::vector{given.raw(), gradient.raw()} : std::vector{given.raw()}, outputs, rows);
  benchmarks::countPasses(state, backward ? 3 : 2);
}
} // namespace

int main(int argc, char **argv) {
  set_num_threads(1); // as the yardstick
  benchmark::RegisterBenchmark("memory/y += a x", benchmarks::bandwidth);
  for (bool backward : {false, true}) {
    std::string pass = backward ? "with gradient/" : "forward/";
    benchmark::RegisterBenchmark((pass + "BatchNormalization").c_str(), [=](benchmark::State &s) { normalize(s, BatchNormalization(), backward); });
    benchmark::RegisterBenchmark((pass + "LayerNormalization").c_str(), [=](benchmark::State &s) { normalize(s, LayerNormalization(), backward); });
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
