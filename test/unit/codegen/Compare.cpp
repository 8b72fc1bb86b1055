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

/// A module as machine code, and its function @f.
class Compiled {
public:
  Compiled(mlir::ModuleOp module, const codegen::CompileOptions &options) {
    std::string text;
    llvm::raw_string_ostream(text) << module;
    auto object = codegen::compileToObject(module, options);
    if (mlir::failed(object))
      throw InternalError("does not compile: " + text);
    std::string error;
    auto loaded = codegen::LoadedModule::load(std::move(*object), &error);
    if (mlir::failed(loaded))
      throw InternalError(error);
    code = std::move(*loaded);
  }

  const codegen::ModuleSpec &spec() const { return code->spec(); }
  const codegen::FunctionSpec &function() const { return *spec().find("f"); }

  /// Outputs of @f, each shaped as one of `outputsLike`; updates the variables.
  std::vector<Array> run(std::vector<Array> inputs, std::vector<Array> &variables, int64_t batch, const std::vector<Array> &outputsLike,
                         const cornu_threads *threads) {
    std::vector<Array> outputs;
    for (const Array &like : outputsLike)
      outputs.push_back(Array::full(like.shape(), 77, like.dtype()));
    auto pointers = [](std::vector<Array> &arrays) {
      std::vector<void *> raw;
      for (Array &array : arrays)
        raw.push_back(array.raw());
      return raw;
    };
    Array workspace = Array::full({function().workspace.at(batch)}, 0xA5, DType::UInt8);
    code->lookup("f")(pointers(inputs).data(), pointers(outputs).data(), pointers(variables).data(), batch, workspace.raw(), threads);
    return outputs;
  }

private:
  std::unique_ptr<codegen::LoadedModule> code;
};

std::vector<Array> clones(const std::vector<Array> &arrays) {
  std::vector<Array> result;
  for (const Array &array : arrays)
    result.push_back(array.clone());
  return result;
}

/// Three threads that take their shares one after the other, the last first: what the shares write may not depend on each other.
const cornu_threads oneByOne = {3, [](const cornu_threads *, cornu_task task, void *context, int64_t parts) {
                                  for (int64_t part = parts; part-- > 0;)
                                    task(context, part, parts);
                                }};

void expectSameBits(const std::vector<Array> &got, const std::vector<Array> &want, const char *what) {
  for (size_t i = 0; i < want.size(); ++i)
    ASSERT_EQ(std::memcmp(got[i].raw(), want[i].raw(), static_cast<size_t>(want[i].size()) * sizeOf(want[i].dtype())), 0)
        << what << ' ' << i << " differs when threads share the kernels";
}

} // namespace

bool machineRuns(const std::string &cpu) {
  auto needed = codegen::Target::forCpu(cpu), here = codegen::Target::forCpu("native");
  return needed.vectorBits <= here.vectorBits;
}

std::vector<Array> runCompiled(const std::string &text, std::vector<Array> inputs, int64_t batch, const std::vector<Array> &outputsLike, const std::string &cpu) {
  auto context = codegen::makeContext();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, context.get());
  if (!module)
    throw InternalError("does not parse: " + text);
  std::vector<Array> none;
  return Compiled(*module, {.cpu = cpu}).run(std::move(inputs), none, batch, outputsLike, nullptr);
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

  // However small a kernel is, it can be shared.
  Compiled compiled(*module, {.cpu = cpu, .smallestPart = 1});
  for (int64_t batch : batches) {
    SCOPED_TRACE("batch " + std::to_string(batch) + "\n" + text);
    std::vector<Array> inputs, variables;
    interpreter::State expectedState;
    for (const auto &input : compiled.function().inputs)
      inputs.push_back(randomArray(input, batch, inputs.size() + 1));
    for (const auto &variable : compiled.spec().variables) {
      variables.push_back(randomArray(variable, batch, 100 + variables.size()));
      expectedState[variable.name] = variables.back().clone();
    }
    std::vector<Array> sharedVariables = clones(variables);
    std::vector<Array> expected = interpreter::run(function, inputs, expectedState, batch);
    std::vector<Array> outputs = compiled.run(inputs, variables, batch, expected, nullptr);
    for (size_t i = 0; i < outputs.size(); ++i)
      expectClose(outputs[i], expected[i], "output " + std::to_string(i), tolerance);
    for (size_t i = 0; i < variables.size(); ++i)
      expectClose(variables[i], expectedState[compiled.spec().variables[i].name], "variable " + compiled.spec().variables[i].name, tolerance);
    expectSameBits(compiled.run(inputs, sharedVariables, batch, expected, &oneByOne), outputs, "output");
    expectSameBits(sharedVariables, variables, "variable");
  }
}

} // namespace cornu::test
