// What the spec of a compiled function says that its kernels compute and move; what the machine can do.
#include <gtest/gtest.h>

#include "codegen/Limits.h"
#include "mlir/Parser/Parser.h"

using namespace cornu;

namespace {

std::vector<codegen::KernelSpec> kernelsOf(const std::string &text) {
  auto context = codegen::makeContext();
  auto module = mlir::parseSourceString<mlir::ModuleOp>(text, context.get());
  return codegen::compileToObject(*module, {})->spec.find("f")->kernels;
}

TEST(KernelCost, ProductsCountMultiplicationsAndAdditions) {
  auto kernels = kernelsOf(R"(
    func.func @f(%x: tensor<?x20xf32>, %w: tensor<20x30xf32>) -> tensor<?x30xf32> {
      %y = cornu.einsum "bk,kn->bn" %x, %w : tensor<?x20xf32>, tensor<20x30xf32>
      %z = cornu.multiply %y, %y : tensor<?x30xf32>, tensor<?x30xf32>
      return %z : tensor<?x30xf32>
    })");
  ASSERT_EQ(kernels.size(), 1u);
  EXPECT_EQ(kernels[0].flops.fixed, 0);
  EXPECT_EQ(kernels[0].flops.perRow, 2 * 20 * 30 + 30);
  EXPECT_EQ(kernels[0].bytes.fixed, 4 * 20 * 30);
  EXPECT_EQ(kernels[0].bytes.perRow, 4 * (20 + 30));
  EXPECT_EQ(kernels[0].bytes.at(3), 2400 + 3 * 200);
}

TEST(KernelCost, LoopsCountEveryTurn) {
  auto kernels = kernelsOf(R"(
    func.func @f(%h: tensor<?x4xf64>, %x: tensor<?x7x4xf64>) -> tensor<?x4xf64> {
      %last = cornu.scan init(%h) over(%x) axis 1 length 7 : (tensor<?x4xf64>, tensor<?x7x4xf64>) -> tensor<?x4xf64> {
      ^bb0(%a: tensor<?x4xf64>, %s: tensor<?x4xf64>):
        %n = cornu.add %a, %s : tensor<?x4xf64>, tensor<?x4xf64>
        cornu.yield %n : tensor<?x4xf64>
      }
      return %last : tensor<?x4xf64>
    })");
  double flops = 0;
  for (const codegen::KernelSpec &kernel : kernels) flops += kernel.flops.perRow;
  EXPECT_EQ(flops, 7 * 4);
}

TEST(Limits, AreOrdered) {
  codegen::Limits limits;
  double near = limits.readRate(16 << 10), far = limits.readRate(128 << 20);
  EXPECT_GT(limits.flops(), 1e8);
  EXPECT_GT(far, 1e8);
  EXPECT_GT(near, far);
  EXPECT_EQ(limits.readRate(1), near) << "smaller than any cache";
}

} // namespace
