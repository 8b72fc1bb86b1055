#include "Compare.h"

#include <gtest/gtest.h>

#include "codegen/Compiler.h"
#include "codegen/Target.h"
#include "ir/CornuOps.h"
#include "ir/interpreter/Interpreter.h"
#include "mlir/Parser/Parser.h"
#include "mlir/Pass/PassManager.h"
#include "passes/Passes.h"
#include "runtime/philox.h"

namespace cornu::test {
namespace {

Array randomArray(const codegen::TensorSpec &spec, int64_t batch, uint32_t seed) {
  std::vector<int64_t> shape = spec.shape;
  for (int64_t &extent : shape)
    if (extent < 0)
      extent = batch;
  Array array(shape, DType::Float64);
  double *data = array.data<double>();
  bool isInteger = !isFloating(spec.dtype);
  for (int64_t i = 0; i < array.size(); ++i) {
    uint64_t bits = (static_cast<uint64_t>(i) * 0x9E3779B97F4A7C15ull) ^ (static_cast<uint64_t>(seed) * 0xBF58476D1CE4E5B9ull);
    bits = (bits ^ (bits >> 31)) * 0x94D049BB133111EBull;
    double u = static_cast<double>((bits ^ (bits >> 29)) >> 11) * 0x1p-53;
    data[i] = isInteger ? static_cast<double>(static_cast<int>(u * 10)) : 2 * u - 1;
  }
  return array.astype(spec.dtype);
}

void expectClose(const Array &got, const Array &want, const std::string &what, Tolerance tolerance) {
  ASSERT_EQ(got.shape(), want.shape()) << what;
  Array g = got.astype(DType::Float64), w = want.astype(DType::Float64);
  for (int64_t i = 0; i < g.size(); ++i) {
    double a = g.data<double>()[i], b = w.data<double>()[i];
    if (std::isnan(b)) {
      ASSERT_TRUE(std::isnan(a)) << what << "[" << i << "]: " << a << ", interpreter: NaN";
      continue;
    }
    if (a == b)
      continue;
    ASSERT_LE(std::abs(a - b), tolerance.absolute + tolerance.relative * std::abs(b)) << what << "[" << i << "]: " << a << ", interpreter: " << b;
  }
}

} // namespace

bool machineRuns(const std::string &cpu) {
  auto needed = codegen::Target::forCpu(cpu), here = codegen::Target::forCpu("native");
  return needed.vectorBits <= here.vectorBits;
}

std::vector<Array> runCompiled(const std::string &text, std::vector<Array> inputs, int64_t batch, const std::vector<Array> &outputsLike, const std::string &cpu) {
  auto context = codegen::makeContext();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, context.get());
  codegen::CompileOptions options;
  options.cpu = cpu;
  if (!module)
    throw InternalError("does not parse: " + text);
  auto object = codegen::compileToObject(*module, options);
  if (mlir::failed(object))
    throw InternalError("does not compile: " + text);
  std::string error;
  auto loaded = codegen::LoadedModule::load(std::move(*object), &error);
  if (mlir::failed(loaded))
    throw InternalError(error);
  const codegen::FunctionSpec &f = *(*loaded)->spec().find("f");
  std::vector<Array> outputs;
  std::vector<void *> in, out;
  for (Array &input : inputs)
    in.push_back(input.raw());
  for (const Array &like : outputsLike) {
    outputs.push_back(Array::full(like.shape(), 77, like.dtype()));
    out.push_back(outputs.back().raw());
  }
  Array workspace = Array::full({f.workspaceFixed + batch * f.workspacePerRow}, 0xA5, DType::UInt8);
  (*loaded)->lookup("f")(in.data(), out.data(), nullptr, batch, workspace.raw());
  return outputs;
}

void expectSameAsInterpreter(const std::string &text, std::initializer_list<int64_t> batches, Tolerance tolerance, const std::string &cpu) {
  auto context = codegen::makeContext();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, context.get());
  ASSERT_TRUE(module) << text;
  auto reference = mlir::OwningOpRef<mlir::ModuleOp>(module->clone());
  mlir::PassManager pm(context.get());
  pm.addPass(passes::createGradientPass());   // nothing else: composite ops are interpreted as they are
  ASSERT_TRUE(mlir::succeeded(pm.run(*reference)));
  auto function = reference->lookupSymbol<mlir::func::FuncOp>("f");

  codegen::CompileOptions options;
  options.cpu = cpu;
  auto object = codegen::compileToObject(*module, options);
  ASSERT_TRUE(mlir::succeeded(object)) << text;
  std::string error;
  auto loaded = codegen::LoadedModule::load(std::move(*object), &error);
  ASSERT_TRUE(mlir::succeeded(loaded)) << error;
  const codegen::ModuleSpec &spec = (*loaded)->spec();
  const codegen::FunctionSpec &f = *spec.find("f");

  for (int64_t batch : batches) {
    SCOPED_TRACE("batch " + std::to_string(batch) + "\n" + text);
    std::vector<Array> inputs, variables;
    std::vector<void *> in, out, state;
    interpreter::State expectedState;
    for (const auto &input : f.inputs) {
      inputs.push_back(randomArray(input, batch, inputs.size() + 1));
      in.push_back(inputs.back().raw());
    }
    for (const auto &variable : spec.variables) {
      variables.push_back(randomArray(variable, batch, 100 + variables.size()));
      expectedState[variable.name] = variables.back().clone();
      state.push_back(variables.back().raw());
    }
    std::vector<Array> expected = interpreter::run(function, inputs, expectedState, batch);
    std::vector<Array> outputs;
    for (const Array &e : expected) {
      outputs.push_back(Array::full(e.shape(), 77, e.dtype()));
      out.push_back(outputs.back().raw());
    }
    Array workspace = Array::full({f.workspaceFixed + batch * f.workspacePerRow}, 0xA5, DType::UInt8);
    (*loaded)->lookup("f")(in.data(), out.data(), state.data(), batch, workspace.raw());
    for (size_t i = 0; i < outputs.size(); ++i)
      expectClose(outputs[i], expected[i], "output " + std::to_string(i), tolerance);
    for (size_t i = 0; i < variables.size(); ++i)
      expectClose(variables[i], expectedState[spec.variables[i].name], "variable " + spec.variables[i].name, tolerance);
  }
}

} // namespace cornu::test
