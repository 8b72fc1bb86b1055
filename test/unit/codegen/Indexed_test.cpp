// Rows by number, against the interpreter.
#include <gtest/gtest.h>

#include "Compare.h"

using cornu::test::expectSameAsInterpreter;

namespace {

/// Integers of a test are 0 … 9. Of a table of `rows` rows, less 4, some are negative and some beyond both ends.
std::string lookup(const std::string &indices, int rows, int width, const std::string &indexType) {
  std::string table = "tensor<" + std::to_string(rows) + "x" + std::to_string(width) + "xf32>", ids = "tensor<" + indices + "x" + indexType + ">",
              found = "tensor<" + indices + "x" + std::to_string(width) + "xf32>";
  return "func.func @f(%t: " + table + ", %i: " + ids + ", %g: " + found + ") -> (" + found + ", " + table + ") {\n" +
         " %four = cornu.constant dense<4> : tensor<" + indexType + ">\n %j = cornu.subtract %i, %four : " + ids + ", tensor<" + indexType + ">\n" +
         " %y = cornu.gather %t[%j] : " + table + ", " + ids + "\n %h = cornu.tanh %y : " + found + "\n" +
         " %z = cornu.multiply %g, %h : " + found + ", " + found + "\n" +
         " %s = cornu.scatter_add %z[%j] : " + found + ", " + ids + " to " + table + "\n return %h, %s : " + found + ", " + table + "\n}";
}

TEST(Indexed, gatherAndScatterOfEveryWidth) {
  for (int width : {1, 3, 8, 16, 17, 64, 100})
    for (const char *indices : {"?", "?x5", "?x1", "6", "1", "1x1", "?x2x3"}) {
      SCOPED_TRACE(std::string(indices) + ", width " + std::to_string(width));
      expectSameAsInterpreter(lookup(indices, 3, width, "i32"), {1, 9});
    }
  expectSameAsInterpreter(lookup("?x5", 1, 8, "i32"));
  expectSameAsInterpreter(lookup("?x5", 7, 8, "i64"));
}

TEST(Indexed, indicesAsTheyComeAndWithoutWorkAround) {
  expectSameAsInterpreter(R"(
func.func @f(%t: tensor<10x6xf32>, %i: tensor<?x4xi32>) -> tensor<?x4x6xf32> {
  %y = cornu.gather %t[%i] : tensor<10x6xf32>, tensor<?x4xi32>
  return %y : tensor<?x4x6xf32>
})");
  expectSameAsInterpreter(R"(
func.func @f(%g: tensor<?x4x6xf32>, %i: tensor<?x4xi32>) -> tensor<10x6xf32> {
  %y = cornu.scatter_add %g[%i] : tensor<?x4x6xf32>, tensor<?x4xi32> to tensor<10x6xf32>
  return %y : tensor<10x6xf32>
})");
}

TEST(Indexed, rowsAreSummedAndProjected) {
  expectSameAsInterpreter(R"(
func.func @f(%t: tensor<10x6xf32>, %x: tensor<?x4xf32>, %w: tensor<6x5xf32>) -> (tensor<?x6xf32>, tensor<?x4x5xf32>, tensor<10x6xi32>) {
  %ten = cornu.constant dense<10.0> : tensor<f32>
  %s = cornu.multiply %x, %ten : tensor<?x4xf32>, tensor<f32>
  %i = cornu.cast %s : tensor<?x4xf32> to tensor<?x4xi32>
  %y = cornu.gather %t[%i] : tensor<10x6xf32>, tensor<?x4xi32>
  %m = cornu.reduce_sum %y dims [1] : tensor<?x4x6xf32>
  %p = cornu.einsum "btk,kn->btn" %y, %w : tensor<?x4x6xf32>, tensor<6x5xf32>
  %n = cornu.cast %t : tensor<10x6xf32> to tensor<10x6xi32>
  %order = cornu.iota dim 0 : tensor<10xi32>
  %z = cornu.gather %n[%order] : tensor<10x6xi32>, tensor<10xi32>
  return %m, %p, %z : tensor<?x6xf32>, tensor<?x4x5xf32>, tensor<10x6xi32>
})");
}

TEST(Indexed, aTableIsUpdatedInPlace) {
  expectSameAsInterpreter(R"(
module {
  cornu.variable weight @table : tensor<10x6xf32>
  func.func @f(%i: tensor<?x4xi32>) -> tensor<?x4x6xf32> {
    %t = cornu.read @table : tensor<10x6xf32>
    %y = cornu.gather %t[%i] : tensor<10x6xf32>, tensor<?x4xi32>
    %g = cornu.scatter_add %y[%i] : tensor<?x4x6xf32>, tensor<?x4xi32> to tensor<10x6xf32>
    %u = cornu.subtract %t, %g : tensor<10x6xf32>, tensor<10x6xf32>
    cornu.assign @table, %u : tensor<10x6xf32>
    return %y : tensor<?x4x6xf32>
  }
})");
}

TEST(Indexed, rowsAreAddedToATable) {
  // To a table that is only read, to one that is made for it, and to sums of rows.
  expectSameAsInterpreter(R"(
func.func @f(%t: tensor<10x6xf32>, %i: tensor<?x4xi32>, %g: tensor<?x4x6xf32>) -> (tensor<10x6xf32>, tensor<10x6xf32>, tensor<10x6xf32>) {
  %a = cornu.scatter_add %g[%i] into %t : tensor<?x4x6xf32>, tensor<?x4xi32>, tensor<10x6xf32> to tensor<10x6xf32>
  %u = cornu.tanh %t : tensor<10x6xf32>
  %b = cornu.scatter_add %g[%i] into %u : tensor<?x4x6xf32>, tensor<?x4xi32>, tensor<10x6xf32> to tensor<10x6xf32>
  %c = cornu.scatter_add %g[%i] into %a : tensor<?x4x6xf32>, tensor<?x4xi32>, tensor<10x6xf32> to tensor<10x6xf32>
  %d = cornu.scatter_add %g[%i] into %c : tensor<?x4x6xf32>, tensor<?x4xi32>, tensor<10x6xf32> to tensor<10x6xf32>
  return %a, %b, %d : tensor<10x6xf32>, tensor<10x6xf32>, tensor<10x6xf32>
})");
}

/// An update of a table by the rows that were looked up in it, with a decaying average of their squares; `after` reads what was there before.
std::string update(const std::string &rows, const std::string &after) {
  return R"(
module {
  cornu.variable weight @table : tensor<)" + rows + R"(x6xf32>
  cornu.variable weight @average : tensor<)" + rows + R"(x6xf32>
  func.func @f(%i: tensor<?x4xi32>, %rate: tensor<f32>) -> tensor<?x4x6xf32> {
    %t = cornu.read @table : tensor<)" + rows + R"(x6xf32>
    %v = cornu.read @average : tensor<)" + rows + R"(x6xf32>
    %half = cornu.constant dense<0.5> : tensor<f32>
    %y = cornu.gather %t[%i] : tensor<)" + rows + R"(x6xf32>, tensor<?x4xi32>
    %q = cornu.square %y : tensor<?x4x6xf32>
    %s = cornu.scatter_add %q[%i] : tensor<?x4x6xf32>, tensor<?x4xi32> to tensor<)" + rows + R"(x6xf32>
    %d = cornu.multiply %v, %half : tensor<)" + rows + R"(x6xf32>, tensor<f32>
    %m = cornu.add %d, %s : tensor<)" + rows + R"(x6xf32>, tensor<)" + rows + R"(x6xf32>
    %g = cornu.scatter_add %y[%i] : tensor<?x4x6xf32>, tensor<?x4xi32> to tensor<)" + rows + R"(x6xf32>
    %p = cornu.multiply %rate, %g : tensor<f32>, tensor<)" + rows + R"(x6xf32>
    %a = cornu.abs %m : tensor<)" + rows + R"(x6xf32>
    %e = cornu.add %a, %half : tensor<)" + rows + R"(x6xf32>, tensor<f32>
    %o = cornu.divide %p, %e : tensor<)" + rows + R"(x6xf32>, tensor<)" + rows + R"(x6xf32>
    %u = cornu.subtract %t, %o : tensor<)" + rows + R"(x6xf32>, tensor<)" + rows + R"(x6xf32>
    %z = cornu.gather )" + after + R"([%i] : tensor<)" + rows + R"(x6xf32>, tensor<?x4xi32>
    %r = cornu.add %y, %z : tensor<?x4x6xf32>, tensor<?x4x6xf32>
    cornu.assign @average, %m : tensor<)" + rows + R"(x6xf32>
    cornu.assign @table, %u : tensor<)" + rows + R"(x6xf32>
    return %r : tensor<?x4x6xf32>
  }
})";
}

TEST(Indexed, onlyTheRowsLookedUpAreUpdated) {
  for (const char *rows : {"10", "1000"})
    for (const char *after : {"%t", "%u", "%m", "%a"}) {
      SCOPED_TRACE(std::string(rows) + " rows, then " + after);
      expectSameAsInterpreter(update(rows, after));
    }
}

} // namespace
