// Programs whose kernels go through a batch some rows at a time.
#include <gtest/gtest.h>

#include "Compare.h"

using cornu::test::expectSameAsInterpreter;

namespace {

/// Of six images of 40x40x24 (150 KB), what two kernels read and write is near 2 MB: batches of fewer, of as many, and of some that are left over.
TEST(RowBlocks, batchesThatAreNoMultiple) {
  const std::string x = "tensor<?x40x40x24xf32>", w = "tensor<3x3x24xf32>";
  auto convolution = [&](const std::string &result, const std::string &operand) {
    return " " + result + " = cornu.convolution \"b01c,01c->b01c\" " + operand + ", %w strides [1, 1] dilations [1, 1] offsets [-1, -1] bases [1, 1] : " + x + ", " + w + " to " + x + "\n";
  };
  // %b is read within the block, behind it and by the caller; %a within it alone.
  expectSameAsInterpreter("func.func @f(%x: " + x + ", %w: " + w + ") -> (" + x + ", " + x + ", tensor<40x40x24xf32>) {\n" + convolution("%a", "%x") + convolution("%b", "%a") +
                              convolution("%c", "%b") + " %s = cornu.reduce_sum %b dims [0] : " + x + "\n return %b, %c, %s : " + x + ", " + x + ", tensor<40x40x24xf32>\n}",
                          {1, 6, 7, 13}, {1e-4, 2e-5});
}

TEST(RowBlocks, imagesWithPooling) {
  const std::string x = "tensor<?x96x96x16xf32>", y = "tensor<?x48x48x16xf32>", w = "tensor<3x3x16xf32>";
  expectSameAsInterpreter("func.func @f(%x: " + x + ", %w: " + w + ") -> (" + y + ", " + w + ") {\n %a = cornu.convolution \"b01c,01c->b01c\" %x, %w strides [1, 1] dilations [1, 1] " +
                              "offsets [-1, -1] bases [1, 1] : " + x + ", " + w + " to " + x + "\n %r = cornu.relu %a : " + x +
                              "\n %y = cornu.max_pool %r dims [1, 2] sizes [2, 2] strides [2, 2] offsets [0, 0] : " + x + " to " + y +
                              "\n %l = cornu.reduce_sum %y dims [0, 1, 2, 3] : " + y + "\n %d = cornu.gradient %l wrt %w : tensor<f32>, (" + w + ")\n return %y, %d : " + y + ", " +
                              w + "\n}",
                          {1, 3}, {2e-4, 1e-3});
}

} // namespace
