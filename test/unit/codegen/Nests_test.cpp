// Sums over rows, rows of several phases, and updates of several variables at once, against the interpreter.
#include <gtest/gtest.h>

#include "Compare.h"

using cornu::test::expectSameAsInterpreter;
using cornu::test::machineRuns;

namespace {

/// Over which dimensions, of x, of the result.
struct Sum {
  const char *dims, *x, *y;
};

TEST(Nests, sumsOverRowsWithWhatIsWrittenBeside) {
  for (const char *cpu : {"native", "x86-64", "x86-64-v3"})
    for (Sum sum : {Sum{"0", "?x1", "1"}, {"0", "?x7", "7"}, {"0", "?x16", "16"}, {"0", "?x100", "100"}, {"0", "37x300", "300"}, {"0, 1", "?x5x24", "24"},
                    {"0, 1, 2", "?x3x7x40", "40"}, {"0, 1", "9x4x130", "130"}, {"0", "?x3x20", "3x20"}}) {
      if (!machineRuns(cpu))
        continue;
      std::string x = "tensor<" + std::string(sum.x) + "xf32>", y = "tensor<" + std::string(sum.y) + "xf32>", dims = "dims [" + std::string(sum.dims) + "]";
      SCOPED_TRACE(cpu + (" " + x));
      // Another sum reads the same; what the first is of is a result, too, and its terms are cheap enough to be computed twice.
      expectSameAsInterpreter("func.func @f(%x: " + x + ", %g: " + x + ", %c: " + y + ") -> (" + y + ", " + y + ", " + y + ", " + x + ", " + x + ") {\n %s = cornu.reduce_sum %x " + dims + " : " + x +
                                  "\n %m = cornu.multiply %s, %c : " + y + ", " + y + "\n %d = cornu.subtract %x, %m : " + x + ", " + y + "\n %q = cornu.square %d : " + x +
                                  "\n %v = cornu.reduce_sum %q " + dims + " : " + x + "\n %p = cornu.multiply %d, %g : " + x + ", " + x + "\n %t = cornu.reduce_max %p " + dims +
                                  " : " + x + "\n %z = cornu.add %p, %v : " + x + ", " + y + "\n return %s, %v, %t, %p, %z : " + y + ", " + y + ", " + y + ", " + x + ", " + x + "\n}",
                              {1, 3, 4, 9, 40}, {1e-4, 1e-4}, cpu);
    }
}

TEST(Nests, normalizationOfRowsAndItsGradient) {
  for (const char *cpu : {"native", "x86-64", "x86-64-v3"})
    for (int width : {1, 5, 16, 48, 64, 67, 80, 129, 512}) {
      if (!machineRuns(cpu))
        continue;
      SCOPED_TRACE(cpu + (" width " + std::to_string(width)));
      std::string n = std::to_string(width), x = "tensor<?x" + n + "xf32>", r = "tensor<?x1xf32>", w = "tensor<" + n + "xf32>";
      expectSameAsInterpreter("func.func @f(%x: " + x + ", %g: " + x + ", %w: " + w + ") -> (" + x + ", " + x + ", " + w + ") {\n %n = cornu.constant dense<" + n +
                                  ".0> : tensor<f32>\n %e = cornu.constant dense<0.5> : tensor<f32>\n %s = cornu.reduce_sum %x dims [1] keepdims : " + x +
                                  "\n %m = cornu.divide %s, %n : " + r + ", tensor<f32>\n %d = cornu.subtract %x, %m : " + x + ", " + r + "\n %q = cornu.square %d : " + x +
                                  "\n %t = cornu.reduce_sum %q dims [1] keepdims : " + x + "\n %v = cornu.divide %t, %n : " + r + ", tensor<f32>\n %u = cornu.add %v, %e : " + r +
                                  ", tensor<f32>\n %f = cornu.rsqrt %u : " + r + "\n %h = cornu.multiply %d, %f : " + x + ", " + r + "\n %y = cornu.multiply %h, %w : " + x + ", " + w +
                                  "\n %p = cornu.multiply %y, %g : " + x + ", " + x + "\n %l = cornu.reduce_sum %p dims [0, 1] : " + x +
                                  "\n %o:2 = cornu.gradient %l wrt %x, %w : tensor<f32>, (" + x + ", " + w + ")\n return %y, %o#0, %o#1 : " + x + ", " + x + ", " + w + "\n}",
                              {1, 5, 17}, {1e-4, 1e-4}, cpu);
    }
}

TEST(Nests, variablesAreUpdatedFromEachOthersOldValues) {
  for (int width : {1, 3, 16, 1000}) {
    std::string w = "tensor<" + std::to_string(width) + "xf32>";
    expectSameAsInterpreter("module {\n cornu.variable weight @w : " + w + "\n cornu.variable state @m : " + w + "\n cornu.variable state @a : " + w + "\n func.func @f(%g: " + w +
                            ") -> tensor<f32> {\n %w = cornu.read @w : " + w + "\n %m = cornu.read @m : " + w + "\n %a = cornu.read @a : " + w + "\n %q = cornu.square %g : " + w +
                            "\n %b = cornu.add %a, %q : " + w + ", " + w + "\n cornu.assign @a, %b : " + w + "\n %r = cornu.subtract %b, %a : " + w + ", " + w +
                            "\n %n = cornu.add %m, %g : " + w + ", " + w + "\n cornu.assign @m, %n : " + w + "\n %s = cornu.sign %m : " + w + "\n %u = cornu.multiply %s, %r : " + w +
                            ", " + w + "\n %v = cornu.subtract %w, %u : " + w + ", " + w + "\n cornu.assign @w, %v : " + w + "\n %t = cornu.square %m : " + w +
                            "\n %l = cornu.reduce_sum %t dims [0] : " + w + "\n return %l : tensor<f32>\n }\n}",
                            {1}, {1e-4, 1e-5});
  }
}

} // namespace
