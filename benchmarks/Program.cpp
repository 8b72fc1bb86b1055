#include "benchmarks/Program.h"

#include <cstdlib>
#include <stdexcept>

#include "mlir/Parser/Parser.h"

namespace cornu::benchmarks {

Array numbers(int64_t count) {
  Array result({count}, DType::Float32);
  std::span<float> values = result.span<float>();
  for (size_t i = 0; i < values.size(); ++i) values[i] = static_cast<float>(i % 17) / 16.f - 0.5f;
  return result;
}

Program::Program(const std::string &text, int64_t batch) : batch(batch) {
  auto context = codegen::makeContext();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, context.get());
  if (!module) throw std::runtime_error("does not parse:\n" + text);
  auto object = codegen::compileToObject(*module, {});
  if (mlir::failed(object)) throw std::runtime_error("does not compile:\n" + text);
  std::string error;
  auto code = codegen::LoadedModule::load(std::move(*object), &error);
  if (mlir::failed(code)) throw std::runtime_error("does not load: " + error);
  loaded = std::move(*code);
  const codegen::FunctionSpec &spec = *loaded->spec().find("f");
  inputs = allocate(spec.inputs);
  outputs = allocate(spec.outputs);
  variables = allocate(loaded->spec().variables);
  workspace = allocate({{.name = "workspace", .shape = {(spec.workspace.at(batch)) / 4 + 16}, .dtype = DType::Float32}}).front();
  entry = loaded->lookup("f");
  const char *count = std::getenv("BENCHMARK_THREADS");
  if (int64_t wanted = count ? std::atoll(count) : 1; wanted > 1) threads.reset(cornu_threads_create(wanted));
}

std::vector<void *> Program::allocate(const std::vector<codegen::TensorSpec> &tensors) {
  std::vector<void *> result;
  for (const codegen::TensorSpec &tensor : tensors) {
    int64_t count = 1;
    for (int64_t extent : tensor.shape) count *= extent < 0 ? batch : extent;
    memory.push_back(numbers(count));
    result.push_back(memory.back().raw());
  }
  return result;
}

void Program::run() const { entry(inputs.data(), outputs.data(), variables.data(), batch, workspace, threads.get()); }

std::string tensorType(const std::vector<int64_t> &shape) {
  std::string text = "tensor<";
  for (int64_t extent : shape) text += (extent < 0 ? "?" : std::to_string(extent)) + "x";
  return text + "f32>";
}

} // namespace cornu::benchmarks
