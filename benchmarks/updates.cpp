// How near the update of one weight comes to the memory's bandwidth, for each optimizer. benchmarks/run reads the names: update/optimizer.
#include "benchmarks/memory.h"
#include "frontend/optimizers/adadelta.h"
#include "frontend/optimizers/adagrad.h"
#include "frontend/optimizers/adam.h"
#include "frontend/optimizers/adamax.h"
#include "frontend/optimizers/ftrl.h"
#include "frontend/optimizers/lion.h"
#include "frontend/optimizers/nadam.h"
#include "frontend/optimizers/rmsprop.h"
#include "frontend/optimizers/sgd.h"
#include "frontend/trace/Trace.h"

namespace {
using namespace cornu;

void update(benchmark::State &state, const OptimizerArgument &rule) {
  Variable weight = Variable::create("kernel", "kernel", {benchmarks::size}, {});
  trace::Trace t;
  Tensors gradient = t.begin("update", {{"gradient", {benchmarks::size}, DType::Float32}}, /*training=*/true);
  rule.optimizer->apply(gradient, {weight});
  t.end({}, {});
  std::vector<Variable> variables = t.variables();
  int64_t kept = std::ranges::count_if(variables, [](const Variable &v) { return v.value().size() == benchmarks::size; });
  auto code = run::compileNative({t.take(), "update", std::move(variables), {}});
  Array g = benchmarks::numbers(3);
  benchmarks::time(state, *code, {g.raw()}, {}, 1);
  benchmarks::countPasses(state, 2 * kept + 1);
}
} // namespace

int main(int argc, char **argv) {
  const std::pair<const char *, OptimizerArgument> rules[] = {
      {"SGD", SGD()}, {"SGD with momentum", SGD({.momentum = 0.9})}, {"RMSprop", RMSprop()}, {"Adam", Adam()}, {"AdamW", AdamW()}, {"Adagrad", Adagrad()},
      {"Adadelta", Adadelta()}, {"Adamax", Adamax()}, {"Nadam", Nadam()}, {"Ftrl", Ftrl()}, {"Lion", Lion()}};
  set_num_threads(1); // as the yardstick
  benchmark::RegisterBenchmark("memory/y += a x", benchmarks::bandwidth);
  for (const auto &[name, rule] : rules) benchmark::RegisterBenchmark(("update/" + std::string(name)).c_str(), update, rule);
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
}
