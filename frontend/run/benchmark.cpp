#include "frontend/run/benchmark.h"

#include <algorithm>
#include <chrono>

#include "codegen/Limits.h"
#include "codegen/Profile.h"
#include "frontend/run/threads.h"
#include "frontend/training/trainer.h"
#include "runtime/random.h"

namespace cornu::run {

namespace {

using Clock = std::chrono::steady_clock;
double since(Clock::time_point begin) { return std::chrono::duration<double>(Clock::now() - begin).count(); }

/// Uniform in [0, 1); integers are 0: a class, an index, whatever they mean.
Array randomArray(mlir::Type type, int64_t batch, uint64_t seed) {
  Shape shape = trace::shapeOf(type);
  for (int64_t &extent : shape)
    if (extent < 0) extent = batch;
  Array values(shape, DType::Float32);
  DType dtype = trace::dtypeOf(mlir::cast<mlir::RankedTensorType>(type).getElementType());
  if (isFloating(dtype)) fillUniform(values.span<float>(), seed);
  return values.astype(dtype);
}

/// Cycles of each kernel (as `us`) over some calls of a build with counters.
void countKernels(BenchmarkResult &result, Program program, void *const *inputs, void *const *outputs, int64_t batch, double seconds) {
  Diagnostics diagnostics;
  auto object = codegen::compileToObject(*program.module, {.beforeObject = codegen::addKernelCounters});
  if (mlir::failed(object)) diagnostics.fail("cannot compile " + program.function + " with counters");
  std::string error;
  auto loaded = codegen::LoadedModule::load(std::move(*object), &error);
  if (mlir::failed(loaded)) throw InternalError("cannot load the code of " + program.function + ": " + error);
  const codegen::FunctionSpec &spec = *(*loaded)->spec().find(program.function);
  std::vector<int64_t> cycles(spec.kernels.size());
  std::vector<void *> variables;
  for (const Variable &variable : program.variables) variables.push_back(const_cast<void *>(variable.value().raw()));
  variables.push_back(cycles.data());
  Array workspace({spec.workspace.at(batch)}, DType::UInt8);
  codegen::EntryPoint entry = (*loaded)->lookup(program.function);
  auto call = [&] { entry(inputs, outputs, variables.data(), batch, workspace.raw(), threads().get()); };
  for (int i = 0; i < 10; ++i) call();
  std::fill(cycles.begin(), cycles.end(), 0);
  auto start = Clock::now();
  do call();
  while (since(start) < seconds);
  result.workspace = spec.workspace.at(batch);
  result.least_workspace = spec.leastWorkspace(batch);
  for (size_t i = 0; i < cycles.size(); ++i) {
    const codegen::KernelSpec &kernel = spec.kernels[i];
    result.kernels.push_back({kernel.symbol, static_cast<double>(cycles[i]), kernel.flops.at(batch), kernel.bytes.at(batch)});
  }
}

} // namespace

BenchmarkResult benchmark(Model &model, const BenchmarkOptions &options) {
  BenchmarkResult result;
  auto begin = Clock::now();
  Program program = Trainer::trace(model, options.train ? "train_step" : "predict");
  auto function = program.module->lookupSymbol<mlir::func::FuncOp>(program.function);
  std::vector<Array> arrays;
  std::vector<void *> inputs, outputs;
  auto make = [&](mlir::TypeRange types, std::vector<void *> &pointers) {
    for (mlir::Type type : types) {
      arrays.push_back(randomArray(type, options.batch, arrays.size() + 1));
      pointers.push_back(arrays.back().raw());
    }
  };
  make(function.getArgumentTypes(), inputs);
  make(function.getResultTypes(), outputs);

  auto beginCompile = Clock::now();
  std::unique_ptr<Executable> code = compileNative(std::move(program));
  result.compile_s = since(beginCompile);
  code->run(inputs.data(), outputs.data(), options.batch);
  result.first_s = since(begin);

  // Calls much shorter than the clock's resolution are timed in groups.
  auto timed = [&](int64_t calls) {
    auto start = Clock::now();
    for (int64_t i = 0; i < calls; ++i) code->run(inputs.data(), outputs.data(), options.batch);
    return since(start) / static_cast<double>(calls);
  };
  auto warm = Clock::now();
  double once = timed(1);
  while (since(warm) < 0.2 * options.seconds) once = std::min(once, timed(1));
  auto group = std::max<int64_t>(1, static_cast<int64_t>(5e-6 / std::max(once, 1e-9)));
  std::vector<double> times;
  auto measure = Clock::now();
  do times.push_back(timed(group) * 1e6);
  while (since(measure) < options.seconds || times.size() < 10);
  std::sort(times.begin(), times.end());
  auto quantile = [&](double q) { return times[static_cast<size_t>(q * static_cast<double>(times.size() - 1))]; };
  result.median_us = quantile(0.5), result.p10_us = quantile(0.1), result.p90_us = quantile(0.9);
  result.calls = group * static_cast<int64_t>(times.size());
  if (!options.kernels) return result;

  countKernels(result, Trainer::trace(model, options.train ? "train_step" : "predict"), inputs.data(), outputs.data(), options.batch, 0.3 * options.seconds);
  double cycles = 0;
  for (const KernelTime &kernel : result.kernels) cycles += kernel.us;
  for (KernelTime &kernel : result.kernels) kernel.us *= result.median_us / std::max(cycles, 1.0);
  if (get_num_threads() > 1) return result;
  codegen::Limits limits;
  for (KernelTime &kernel : result.kernels)
    kernel.limit_us = 1e6 * std::max(kernel.flops / limits.flops(), kernel.bytes / limits.readRate(static_cast<int64_t>(kernel.bytes)));
  return result;
}

} // namespace cornu::run
