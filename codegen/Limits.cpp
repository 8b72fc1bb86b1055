#include "codegen/Limits.h"

#include <chrono>

#include "codegen/LowerToLLVM.h"
#include "llvm/IR/LLVMContext.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/FormatVariadic.h"
#include "mlir/Parser/Parser.h"
#include "runtime/array.h"
#include "runtime/errors.h"

using namespace mlir;

namespace cornu::codegen {
namespace {

/// Enough to cover the latency of a multiply-add, few enough for sixteen registers.
constexpr int chains = 12;
constexpr int64_t steps = 1 << 16;

/// A loop in MLIR over `chains` vectors: `step` computes %n<i> from %a<i>, the first of which is at %at; what comes out is stored to the workspace.
std::string loop(llvm::StringRef name, const std::string &vector, int64_t stride, llvm::function_ref<std::string(int)> step) {
  std::string init, carried, body, next, types, stores;
  for (int i = 0; i < chains; ++i) {
    llvm::StringRef comma = i ? ", " : "";
    init += llvm::formatv("{0}%a{1} = %zero", comma, i).str();
    body += step(i);
    next += llvm::formatv("{0}%n{1}", comma, i).str();
    types += (comma + vector).str();
    stores += llvm::formatv("  %p{0} = llvm.getelementptr %w[{0}] : (!llvm.ptr) -> !llvm.ptr, {1}\n  llvm.store %r#{0}, %p{0} : {1}, !llvm.ptr\n", i, vector).str();
  }
  return llvm::formatv("func.func @{0}(%in: !llvm.ptr, %out: !llvm.ptr, %v: !llvm.ptr, %count: i64, %w: !llvm.ptr, %threads: !llvm.ptr) {{\n"
                       "  %zero = arith.constant dense<0.0> : {1}\n  %from = arith.constant 0 : index\n  %by = arith.constant {2} : index\n"
                       "  %to = arith.index_cast %count : i64 to index\n  %x = llvm.load %in : !llvm.ptr -> {1}\n"
                       "  %r:{3} = scf.for %at = %from to %to step %by iter_args({4}) -> ({5}) {{\n{6}    scf.yield {7} : {5}\n  }\n{8}  return\n}\n",
                       name, vector, stride, chains, init, types, body, next, stores)
      .str();
}

std::string measuringCode(const Target &target) {
  unsigned lanes = target.lanes(32);
  std::string vector = llvm::formatv("vector<{0}xf32>", lanes);
  return loop("multiply_add", vector, 1, [&](int i) { return llvm::formatv("    %n{0} = math.fma %x, %x, %a{0} : {1}\n", i, vector).str(); }) +
         loop("read", vector, chains * lanes, [&](int i) {
           return llvm::formatv("    %o{0} = arith.constant {1} : index\n    %s{0} = arith.addi %at, %o{0} : index\n    %j{0} = arith.index_cast %s{0} : index to i64\n"
                                "    %q{0} = llvm.getelementptr %in[%j{0}] : (!llvm.ptr, i64) -> !llvm.ptr, f32\n"
                                "    %l{0} = llvm.load %q{0} {{alignment = 4 : i64} : !llvm.ptr -> {2}\n    %n{0} = arith.addf %a{0}, %l{0} : {2}\n",
                                i, i * lanes, vector)
               .str();
         });
}

/// The shortest of many times: what the machine can do undisturbed.
double shortest(llvm::function_ref<void()> call) {
  using Clock = std::chrono::steady_clock;
  double best = 1e9;
  auto begin = Clock::now();
  for (int i = 0; i < 5 || Clock::now() - begin < std::chrono::milliseconds(20); ++i) {
    auto start = Clock::now();
    call();
    best = std::min(best, std::chrono::duration<double>(Clock::now() - start).count());
  }
  return best;
}

} // namespace

Limits::Limits() {
  Target target = Target::forCpu("native");
  std::unique_ptr<MLIRContext> context = makeContext();
  auto module = parseSourceString<ModuleOp>(measuringCode(target), context.get());
  if (!module || failed(lowerToLLVMDialect(*module, target)))
    throw InternalError("the code that measures the machine does not compile");
  llvm::LLVMContext llvmContext;
  std::unique_ptr<llvm::Module> llvmModule = translateToLLVM(*module, llvmContext, target);
  ObjectCode object{emitMachineCode(*llvmModule, target, MachineCode::Object), {}};
  object.spec.functions = {{.name = "multiply_add"}, {.name = "read"}};
  std::string error;
  auto loaded = LoadedModule::load(std::move(object), &error);
  if (failed(loaded))
    throw InternalError("the code that measures the machine does not load: " + error);
  code = std::move(*loaded);
}

double Limits::flops() {
  double &known = rates[0];
  if (!known) {
    Array memory({64}, DType::Float32), sums({chains * 64}, DType::Float32);
    double seconds = shortest([&] { code->lookup("multiply_add")(reinterpret_cast<void **>(memory.raw()), nullptr, nullptr, steps, sums.raw(), nullptr); });
    known = 2.0 * chains * Target::forCpu("native").lanes(32) * steps / seconds;
  }
  return known;
}

double Limits::readRate(int64_t bytes) {
  // Levels of the memory hierarchy are far apart: powers of two tell them well enough.
  int64_t size = std::clamp<int64_t>(static_cast<int64_t>(llvm::PowerOf2Ceil(static_cast<uint64_t>(bytes))), 16 << 10, 128 << 20);
  double &known = rates[size];
  if (!known) {
    int64_t stride = chains * Target::forCpu("native").lanes(32), count = size / 4 / stride * stride;
    Array memory({count}, DType::Float32), sums({chains * 64}, DType::Float32);
    double seconds = shortest([&] { code->lookup("read")(reinterpret_cast<void **>(memory.raw()), nullptr, nullptr, count, sums.raw(), nullptr); });
    known = static_cast<double>(count) * 4 / seconds;
  }
  return known;
}

} // namespace cornu::codegen
