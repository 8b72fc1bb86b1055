// Names of kernels for Linux's perf.
#include <cstdlib>
#include <fstream>
#include <gtest/gtest.h>
#include <map>
#include <unistd.h>

#include "codegen/Compiler.h"
#include "mlir/Parser/Parser.h"

using namespace cornu;

namespace {

constexpr const char *source = R"(
  func.func @f(%x: tensor<?x8xf32>, %y: tensor<8x9xf32>) -> tensor<?x9xf32> {
    %p = cornu.einsum "bk,kn->bn" %x, %y : tensor<?x8xf32>, tensor<8x9xf32> loc("first")
    %r = cornu.tanh %p : tensor<?x9xf32> loc("first")
    return %r : tensor<?x9xf32>
  })";

std::unique_ptr<codegen::LoadedModule> load() {
  auto context = codegen::makeContext();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(source, context.get());
  auto object = codegen::compileToObject(*module, {});
  std::string error;
  auto loaded = codegen::LoadedModule::load(std::move(*object), &error);
  EXPECT_EQ(error, "");
  return std::move(*loaded);
}

TEST(PerfMap, namesEveryFunctionWhereItLies) {
  std::string path = "/tmp/perf-" + std::to_string(getpid()) + ".map";
  std::remove(path.c_str());
  load();
  EXPECT_FALSE(std::ifstream(path).good()); // nobody asked for it

  setenv("CORNU_PERF_MAP", "1", 1);
  auto loaded = load();
  unsetenv("CORNU_PERF_MAP");
  std::map<std::string, std::pair<uint64_t, uint64_t>> functions;
  std::ifstream file(path);
  uint64_t start, size;
  for (std::string name; file >> std::hex >> start >> size >> name;)
    functions[name] = {start, size};
  std::remove(path.c_str());

  ASSERT_TRUE(functions.contains("f"));
  EXPECT_EQ(functions["f"].first, reinterpret_cast<uint64_t>(loaded->lookup("f")));
  for (const codegen::KernelSpec &kernel : loaded->spec().find("f")->kernels) {
    ASSERT_TRUE(functions.contains(kernel.symbol)) << kernel.symbol;
    EXPECT_TRUE(kernel.symbol.starts_with("first")) << kernel.symbol;
    auto [begin, bytes] = functions[kernel.symbol];
    EXPECT_GT(bytes, 16u);
    EXPECT_LT(begin - functions["f"].first + (1 << 20), 2u << 20); // beside it
    EXPECT_EQ(*reinterpret_cast<const uint8_t *>(begin) == 0, false);
  }
}

} // namespace
