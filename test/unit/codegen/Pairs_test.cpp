// Tensors with an element for each pair of samples, against the interpreter.
#include <gtest/gtest.h>

#include "Compare.h"

using cornu::test::expectSameAsInterpreter;
using cornu::test::machineRuns;

namespace {

TEST(Pairs, similaritiesAndTheirGradient) {
  for (const char *cpu : {"x86-64", "x86-64-v3", "x86-64-v4"})
    for (int width : {1, 3, 16, 40}) {
      if (!machineRuns(cpu))
        continue;
      SCOPED_TRACE(std::string(cpu) + ", width " + std::to_string(width));
      std::string type = "tensor<?x" + std::to_string(width) + "xf32>";
      expectSameAsInterpreter("func.func @f(%x: " + type + ", %c: tensor<?xf32>) -> (tensor<?xf32>, tensor<?xf32>, " + type + ", tensor<f32>) {\n" +
                                  " %s = cornu.einsum \"ik,jk->ij\" %x, %x : " + type + ", " + type + R"(
  %column = cornu.reshape %c : tensor<?xf32> to tensor<?x1xf32>
  %same = cornu.compare lt %column, %c : tensor<?x1xf32>, tensor<?xf32>
  %zero = cornu.constant dense<0.0> : tensor<f32>
  %m = cornu.select %same, %s, %zero : tensor<?x?xi1>, tensor<?x?xf32>, tensor<f32>
  %p = cornu.softmax %m dims [1] : tensor<?x?xf32>
  %t = cornu.transpose %p perm [1, 0] : tensor<?x?xf32>
  %e = cornu.multiply %t, %c : tensor<?x?xf32>, tensor<?xf32>
  %rows = cornu.reduce_sum %e dims [1] : tensor<?x?xf32>
  %columns = cornu.reduce_max %e dims [0] : tensor<?x?xf32>
  %r = cornu.multiply %rows, %columns : tensor<?xf32>, tensor<?xf32>
  %loss = cornu.reduce_sum %r dims [0] : tensor<?xf32>
  %g = cornu.gradient %loss wrt %x : tensor<f32>, ()" + type + ")\n return %rows, %columns, %g, %loss : tensor<?xf32>, tensor<?xf32>, " + type + ", tensor<f32>\n}",
                              {1, 2, 17, 40}, {.absolute = 1e-4, .relative = 1e-4}, cpu);
    }
}

TEST(Pairs, rowsOfVectorsForEachPair) {
  expectSameAsInterpreter(R"(
func.func @f(%x: tensor<?x6xf32>, %y: tensor<?x3x2xf32>) -> (tensor<?x6xf32>, tensor<?x3xf32>) {
  %a = cornu.reshape %x : tensor<?x6xf32> to tensor<?x1x6xf32>
  %b = cornu.reshape %y : tensor<?x3x2xf32> to tensor<1x?x6xf32>
  %d = cornu.subtract %a, %b : tensor<?x1x6xf32>, tensor<1x?x6xf32>
  %t = cornu.tanh %d : tensor<?x?x6xf32>
  %s = cornu.reduce_sum %t dims [1] : tensor<?x?x6xf32>
  %cut = cornu.slice %t dim 2 [1 : 6 : 2] : tensor<?x?x6xf32>
  %u = cornu.transpose %cut perm [1, 0, 2] : tensor<?x?x3xf32>
  %v = cornu.reduce_max %u dims [0] : tensor<?x?x3xf32>
  return %s, %v : tensor<?x6xf32>, tensor<?x3xf32>
})", {1, 5, 19});
}

TEST(Pairs, numbersOfSamplesAndTheirOrder) {
  expectSameAsInterpreter(R"(
func.func @f(%x: tensor<?xf32>) -> (tensor<?xi32>, tensor<?xi64>, tensor<?xi32>) {
  %i = cornu.iota dim 0 : tensor<?x?xi32>
  %j = cornu.iota dim 1 : tensor<?x?xi32>
  %column = cornu.reshape %x : tensor<?xf32> to tensor<?x1xf32>
  %above = cornu.compare gt %column, %x : tensor<?x1xf32>, tensor<?xf32>
  %before = cornu.compare lt %i, %j : tensor<?x?xi32>, tensor<?x?xi32>
  %both = cornu.logical_and %above, %before : tensor<?x?xi1>, tensor<?x?xi1>
  %ones = cornu.cast %both : tensor<?x?xi1> to tensor<?x?xi32>
  %count = cornu.reduce_sum %ones dims [1] : tensor<?x?xi32>
  %wide = cornu.cast %ones : tensor<?x?xi32> to tensor<?x?xi64>
  %of = cornu.reduce_sum %wide dims [0] : tensor<?x?xi64>
  %d = cornu.subtract %column, %x : tensor<?x1xf32>, tensor<?xf32>
  %far = cornu.argmax %d dim 1 : tensor<?x?xf32>
  return %count, %of, %far : tensor<?xi32>, tensor<?xi64>, tensor<?xi32>
})", {1, 4, 33});
}

} // namespace
