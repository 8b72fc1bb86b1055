// Each kind of kernel the emitters write, against the interpreter.
#include <gtest/gtest.h>

#include "Compare.h"

using cornu::test::expectSameAsInterpreter;

namespace {

std::string unary(const std::string &op, const std::string &type) {
  return "func.func @f(%x: tensor<" + type + ">) -> tensor<" + type + "> {\n %y = cornu." + op + " %x : tensor<" + type + ">\n return %y : tensor<" + type +
         ">\n}";
}

TEST(Kernels, unaryOpsOverFullVectorsAndTails) {
  for (const char *op : {"negate", "abs", "sign", "exp", "expm1", "sqrt", "square", "tanh", "sigmoid", "relu", "softplus", "erf", "floor", "ceil", "round"})
    for (const char *type : {"?x3xf32", "?x16xf32", "?x100xf32", "?xf32", "?x5x7xf32"})
      expectSameAsInterpreter(unary(op, type), {1, 3, 17});
}

TEST(Kernels, matmulOfEveryTail) {
  for (int n : {1, 2, 10, 16, 17, 48, 64, 77, 130})
    for (int k : {1, 3, 16, 65})
      expectSameAsInterpreter("func.func @f(%x: tensor<?x" + std::to_string(k) + "xf32>, %w: tensor<" + std::to_string(k) + "x" + std::to_string(n) +
                                  "xf32>) -> tensor<?x" + std::to_string(n) + "xf32> {\n %y = cornu.einsum \"bk,kn->bn\" %x, %w : tensor<?x" +
                                  std::to_string(k) + "xf32>, tensor<" + std::to_string(k) + "x" + std::to_string(n) + "xf32>\n return %y : tensor<?x" +
                                  std::to_string(n) + "xf32>\n}",
                              {1, 7, 13, 32});
}

TEST(Kernels, oneRowTimesALargeMatrixIsStreamed) {
  // 300 x 130 floats: larger than what is read tile by tile.
  expectSameAsInterpreter(R"(
func.func @f(%x: tensor<?x303xf32>, %w: tensor<303x130xf32>, %b: tensor<130xf32>) -> tensor<?x130xf32> {
  %m = cornu.einsum "bk,kn->bn" %x, %w : tensor<?x303xf32>, tensor<303x130xf32>
  %z = cornu.add %m, %b : tensor<?x130xf32>, tensor<130xf32>
  %h = cornu.tanh %z : tensor<?x130xf32>
  return %h : tensor<?x130xf32>
})", {1, 9}, {1e-4, 1e-5});
}

TEST(Kernels, columnsOfALargeMatrixAreShared) {
  // Weights of more than 512 KB, fewer than are packed: columns whole and in part, batches with and without rows that no tile takes; rows that are no batch.
  for (int n : {500, 336}) {
    std::string w = "tensor<420x" + std::to_string(n) + "xf32>", y = "x" + std::to_string(n) + "xf32>", b = "tensor<" + std::to_string(n) + "xf32>";
    expectSameAsInterpreter("func.func @f(%x: tensor<?x420xf32>, %w: " + w + ", %b: " + b + ", %s: tensor<19x420xf32>) -> (tensor<?" + y + ", tensor<19" + y + ") {\n" +
                                "  %m = cornu.einsum \"bk,kn->bn\" %x, %w : tensor<?x420xf32>, " + w + "\n  %a = cornu.add %m, %b : tensor<?" + y + ", " + b +
                                "\n  %t = cornu.tanh %a : tensor<?" + y + "\n  %r = cornu.einsum \"bk,kn->bn\" %s, %w : tensor<19x420xf32>, " + w + "\n  return %t, %r : tensor<?" + y +
                                ", tensor<19" + y + "\n}",
                            {1, 2, 7, 8, 32, 37}, {1e-4, 1e-4});
  }
}

TEST(Kernels, largeMatricesGoThroughPackedBlocks) {
  // 2.1 MB; several blocks of K, more rows than one block, a tail of columns; both kinds of epilogue.
  for (const char *activation : {"relu", "tanh"})
    expectSameAsInterpreter("func.func @f(%x: tensor<?x1203xf32>, %w: tensor<1203x450xf32>, %b: tensor<450xf32>) -> tensor<?x450xf32> {\n"
                            "  %m = cornu.einsum \"bk,kn->bn\" %x, %w : tensor<?x1203xf32>, tensor<1203x450xf32>\n"
                            "  %z = cornu.add %m, %b : tensor<?x450xf32>, tensor<450xf32>\n"
                            "  %h = cornu." + std::string(activation) + " %z : tensor<?x450xf32>\n  return %h : tensor<?x450xf32>\n}",
                            {1, 5, 64, 203, 300}, {1e-4, 1e-4});
  // More columns than sums have room for at a time.
  expectSameAsInterpreter("func.func @f(%x: tensor<?x270xf32>, %w: tensor<270x2100xf32>) -> tensor<?x2100xf32> {\n"
                          "  %y = cornu.einsum \"bk,kn->bn\" %x, %w : tensor<?x270xf32>, tensor<270x2100xf32>\n  return %y : tensor<?x2100xf32>\n}",
                          {3, 40, 70}, {1e-4, 1e-4});
  // Rows a page apart, and more of them than wait for one part of K; rows that are no batch.
  expectSameAsInterpreter("func.func @f(%x: tensor<?x530xf32>, %w: tensor<530x1024xf32>, %s: tensor<270x530xf32>) -> (tensor<?x1024xf32>, tensor<270x1024xf32>) {\n"
                          "  %y = cornu.einsum \"bk,kn->bn\" %x, %w : tensor<?x530xf32>, tensor<530x1024xf32>\n"
                          "  %z = cornu.einsum \"bk,kn->bn\" %s, %w : tensor<270x530xf32>, tensor<530x1024xf32>\n"
                          "  return %y, %z : tensor<?x1024xf32>, tensor<270x1024xf32>\n}",
                          {2, 32, 259}, {1e-4, 1e-4});
  // Matrices that are large together.
  expectSameAsInterpreter("func.func @f(%x: tensor<?x700xf32>, %v: tensor<700x500xf32>, %w: tensor<500x470xf32>) -> tensor<?x470xf32> {\n"
                          "  %h = cornu.einsum \"bk,kn->bn\" %x, %v : tensor<?x700xf32>, tensor<700x500xf32>\n"
                          "  %y = cornu.einsum \"bk,kn->bn\" %h, %w : tensor<?x500xf32>, tensor<500x470xf32>\n  return %y : tensor<?x470xf32>\n}",
                          {1, 3, 32, 41}, {1e-3, 1e-3});
  // The batch is what is summed over: as many blocks as it has.
  expectSameAsInterpreter("func.func @f(%x: tensor<?x67xf32>, %g: tensor<?x16500xf32>) -> tensor<67x16500xf32> {\n"
                          "  %y = cornu.einsum \"bk,bn->kn\" %x, %g : tensor<?x67xf32>, tensor<?x16500xf32>\n  return %y : tensor<67x16500xf32>\n}",
                          {1, 7, 500}, {1e-4, 1e-4});
  // Batch and time, over which the gradient of a recurrent layer's kernel sums, are one loop.
  expectSameAsInterpreter("func.func @f(%x: tensor<?x301x66xf32>, %g: tensor<?x301x70xf32>) -> tensor<66x70xf32> {\n"
                          "  %y = cornu.einsum \"btk,btn->kn\" %x, %g : tensor<?x301x66xf32>, tensor<?x301x70xf32>\n  return %y : tensor<66x70xf32>\n}",
                          {1, 3, 7}, {1e-4, 1e-4});
}

TEST(Kernels, contractionsInEveryOrientation) {
  for (const char *text : {
           "func.func @f(%x: tensor<?x20xf32>, %g: tensor<?x30xf32>) -> tensor<20x30xf32> {\n %y = cornu.einsum \"bk,bn->kn\" %x, %g : tensor<?x20xf32>, "
           "tensor<?x30xf32>\n return %y : tensor<20x30xf32>\n}",
           "func.func @f(%g: tensor<?x30xf32>, %w: tensor<20x30xf32>) -> tensor<?x20xf32> {\n %y = cornu.einsum \"bn,kn->bk\" %g, %w : tensor<?x30xf32>, "
           "tensor<20x30xf32>\n return %y : tensor<?x20xf32>\n}",
           "func.func @f(%x: tensor<?x5x20xf32>, %w: tensor<20x30xf32>) -> tensor<?x5x30xf32> {\n %y = cornu.einsum \"btk,kn->btn\" %x, %w : "
           "tensor<?x5x20xf32>, tensor<20x30xf32>\n return %y : tensor<?x5x30xf32>\n}",
           "func.func @f(%x: tensor<?x5x20xf32>, %g: tensor<?x5x30xf32>) -> tensor<20x30xf32> {\n %y = cornu.einsum \"btk,btn->kn\" %x, %g : "
           "tensor<?x5x20xf32>, tensor<?x5x30xf32>\n return %y : tensor<20x30xf32>\n}",
           "func.func @f(%x: tensor<?x5x20xf32>, %w: tensor<?x20x18xf32>) -> tensor<?x5x18xf32> {\n %y = cornu.einsum \"bik,bkj->bij\" %x, %w : "
           "tensor<?x5x20xf32>, tensor<?x20x18xf32>\n return %y : tensor<?x5x18xf32>\n}",
           "func.func @f(%x: tensor<?x5x20xf32>, %w: tensor<?x18x20xf32>) -> tensor<?x5x18xf32> {\n %y = cornu.einsum \"bik,bjk->bij\" %x, %w : "
           "tensor<?x5x20xf32>, tensor<?x18x20xf32>\n return %y : tensor<?x5x18xf32>\n}",
           "func.func @f(%x: tensor<?x20xf32>, %w: tensor<20xf32>) -> tensor<?xf32> {\n %y = cornu.einsum \"bk,k->b\" %x, %w : tensor<?x20xf32>, "
           "tensor<20xf32>\n return %y : tensor<?xf32>\n}",
       })
    expectSameAsInterpreter(text);
}

TEST(Kernels, weightsThatLieAlongTheSumAreReadAsTheyAre) {
  // Large weights, so that the other operand and the result are transposed: with tails of rows, columns and of what is summed over, in either order of operands.
  for (auto [n, k] : {std::pair(64, 80), {77, 130}, {201, 67}, {100, 2048}})
    for (const char *cpu : {"native", "x86-64", "x86-64-v3"}) {
      if (!cornu::test::machineRuns(cpu))
        continue;
      std::string x = "tensor<?x" + std::to_string(k) + "xf32>", w = "tensor<" + std::to_string(n) + "x" + std::to_string(k) + "xf32>", y = "tensor<?x" + std::to_string(n) + "xf32>";
      expectSameAsInterpreter("func.func @f(%x: " + x + ", %w: " + w + ", %m: " + y + ") -> (" + y + ", " + y + ") {\n %y = cornu.einsum \"bk,nk->bn\" %x, %w : " + x + ", " + w +
                                  "\n %z = cornu.multiply %y, %m : " + y + ", " + y + "\n %v = cornu.einsum \"nk,bk->bn\" %w, %x : " + w + ", " + x + "\n return %z, %v : " + y + ", " + y + "\n}",
                              {1, 7, 16, 33, 100}, {1e-4, 1e-4}, cpu);
    }
  for (const char *text : {
           // Batch and time are one loop; or they are not, for the sum's operand has them in another order.
           "func.func @f(%x: tensor<?x3x90xf32>, %w: tensor<290x90xf32>) -> tensor<?x3x290xf32> {\n %y = cornu.einsum \"btk,nk->btn\" %x, %w : "
           "tensor<?x3x90xf32>, tensor<290x90xf32>\n return %y : tensor<?x3x290xf32>\n}",
           "func.func @f(%x: tensor<?x3x2x90xf32>, %w: tensor<390x90xf32>) -> tensor<?x2x3x390xf32> {\n %y = cornu.einsum \"bstk,nk->btsn\" %x, %w : "
           "tensor<?x3x2x90xf32>, tensor<390x90xf32>\n return %y : tensor<?x2x3x390xf32>\n}",
           // One matrix a head.
           "func.func @f(%x: tensor<?x2x90xf32>, %w: tensor<190x2x90xf32>) -> tensor<?x2x190xf32> {\n %y = cornu.einsum \"bhk,nhk->bhn\" %x, %w : "
           "tensor<?x2x90xf32>, tensor<190x2x90xf32>\n return %y : tensor<?x2x190xf32>\n}",
           "func.func @f(%x: tensor<?x90xf64>, %w: tensor<20x9x90xf64>) -> tensor<?x20x9xf64> {\n %y = cornu.einsum \"bk,mnk->bmn\" %x, %w : "
           "tensor<?x90xf64>, tensor<20x9x90xf64>\n return %y : tensor<?x20x9xf64>\n}",
           "func.func @f(%x: tensor<?x7x90xf32>, %w: tensor<?x290x90xf32>) -> tensor<?x7x290xf32> {\n %y = cornu.einsum \"bik,bjk->bij\" %x, %w : "
           "tensor<?x7x90xf32>, tensor<?x290x90xf32>\n return %y : tensor<?x7x290xf32>\n}",
       })
    expectSameAsInterpreter(text, {1, 5, 40}, {1e-4, 1e-4});
}

TEST(Kernels, reductions) {
  for (const char *op : {"reduce_sum", "reduce_max", "reduce_min"}) {
    std::string o = op;
    expectSameAsInterpreter("func.func @f(%x: tensor<?x37xf32>) -> tensor<?xf32> {\n %y = cornu." + o + " %x dims [1] : tensor<?x37xf32>\n return %y : tensor<?xf32>\n}");
    expectSameAsInterpreter("func.func @f(%x: tensor<?x37xf32>) -> tensor<37xf32> {\n %y = cornu." + o + " %x dims [0] : tensor<?x37xf32>\n return %y : tensor<37xf32>\n}");
    expectSameAsInterpreter("func.func @f(%x: tensor<?x37xf32>) -> tensor<f32> {\n %y = cornu." + o + " %x dims [0, 1] : tensor<?x37xf32>\n return %y : tensor<f32>\n}");
    expectSameAsInterpreter("func.func @f(%x: tensor<?x4x9xf32>) -> tensor<?x1x9xf32> {\n %y = cornu." + o + " %x dims [1] keepdims : tensor<?x4x9xf32>\n return %y : tensor<?x1x9xf32>\n}");
    expectSameAsInterpreter("func.func @f(%x: tensor<?xf32>) -> tensor<f32> {\n %y = cornu." + o + " %x dims [0] : tensor<?xf32>\n return %y : tensor<f32>\n}");
  }
}

TEST(Kernels, softmaxOverShortAndLongRows) {
  for (int n : {2, 10, 64, 100, 1000}) {
    std::string t = "tensor<?x" + std::to_string(n) + "xf32>";
    expectSameAsInterpreter("func.func @f(%x: " + t + ") -> (" + t + ", " + t + ", tensor<?xi32>) {\n %y = cornu.softmax %x dims [1] : " + t +
                            "\n %z = cornu.log_softmax %x dims [1] : " + t + "\n %a = cornu.argmax %x dim 1 : " + t + "\n return %y, %z, %a : " + t + ", " + t +
                            ", tensor<?xi32>\n}");
  }
}

TEST(Kernels, shapes) {
  expectSameAsInterpreter(R"(
func.func @f(%x: tensor<?x4x6xf32>, %y: tensor<?x24xf32>, %z: tensor<?x1xf32>) -> (tensor<?x24xf32>, tensor<?x6x4xf32>, tensor<?x25xf32>, tensor<?x3xf32>, tensor<?x2x2xf32>, tensor<?x29xf32>) {
  %r = cornu.reshape %x : tensor<?x4x6xf32> to tensor<?x24xf32>
  %s = cornu.add %r, %y : tensor<?x24xf32>, tensor<?x24xf32>
  %t = cornu.transpose %x perm [0, 2, 1] : tensor<?x4x6xf32>
  %c = cornu.concatenate %s, %z dim 1 : tensor<?x24xf32>, tensor<?x1xf32>
  %l = cornu.slice %y dim 1 [5 : 8] : tensor<?x24xf32>
  %m = cornu.slice %y dim 1 [20 : 24] : tensor<?x24xf32>
  %n = cornu.reshape %m : tensor<?x4xf32> to tensor<?x2x2xf32>
  %p = cornu.pad %y dim 1 low 2 high 3 : tensor<?x24xf32>
  return %s, %t, %c, %l, %n, %p : tensor<?x24xf32>, tensor<?x6x4xf32>, tensor<?x25xf32>, tensor<?x3xf32>, tensor<?x2x2xf32>, tensor<?x29xf32>
})");
}

TEST(Kernels, boolArguments) {
  expectSameAsInterpreter(R"(
func.func @f(%m: tensor<?x20xi1>, %x: tensor<?x20xf32>, %n: tensor<?x20xi1>) -> (tensor<?x20xf32>, tensor<?x20xi1>) {
  %zero = cornu.constant dense<0.0> : tensor<f32>
  %y = cornu.select %m, %x, %zero : tensor<?x20xi1>, tensor<?x20xf32>, tensor<f32>
  %o = cornu.logical_and %m, %n : tensor<?x20xi1>, tensor<?x20xi1>
  return %y, %o : tensor<?x20xf32>, tensor<?x20xi1>
})");
}

TEST(Kernels, reversals) {
  expectSameAsInterpreter(R"(
func.func @f(%x: tensor<?x5x20xf32>, %y: tensor<7x1xi32>) -> (tensor<?x5x20xf32>, tensor<?x5x20xf32>, tensor<7x1xi32>) {
  %a = cornu.reverse %x dim 1 : tensor<?x5x20xf32>
  %t = cornu.tanh %a : tensor<?x5x20xf32>
  %b = cornu.reverse %x dim 2 : tensor<?x5x20xf32>
  %c = cornu.reverse %y dim 0 : tensor<7x1xi32>
  return %t, %b, %c : tensor<?x5x20xf32>, tensor<?x5x20xf32>, tensor<7x1xi32>
})");
}

TEST(Kernels, booleansIntegersAndCasts) {
  expectSameAsInterpreter(R"(
func.func @f(%x: tensor<?x20xf32>, %l: tensor<?x1xi32>) -> (tensor<?x20xf32>, tensor<?x10xf32>, tensor<f32>) {
  %zero = cornu.constant dense<0.0> : tensor<f32>
  %m = cornu.compare gt %x, %zero : tensor<?x20xf32>, tensor<f32>
  %n = cornu.logical_not %m : tensor<?x20xi1>
  %y = cornu.select %n, %zero, %x : tensor<?x20xi1>, tensor<f32>, tensor<?x20xf32>
  %i = cornu.iota dim 1 : tensor<?x10xi32>
  %e = cornu.compare eq %i, %l : tensor<?x10xi32>, tensor<?x1xi32>
  %h = cornu.cast %e : tensor<?x10xi1> to tensor<?x10xf32>
  %b = cornu.batch_size : tensor<i64>
  %f = cornu.cast %b : tensor<i64> to tensor<f32>
  return %y, %h, %f : tensor<?x20xf32>, tensor<?x10xf32>, tensor<f32>
})");
}

TEST(Kernels, randomBitsAreThoseOfTheInterpreter) {
  // Rows of even and odd length: in the latter a block's two words lie in different rows.
  for (const char *shape : {"?x50", "?x3x5", "?x37", "?x7x6", "?x1x3x2", "?", "40", "3x17"})
    for (const char *cpu : {"native", "x86-64"})
      for (const char *type : {"f32", "f64"}) {
        std::string tensor = std::string("tensor<") + shape + "x" + type + ">";
        expectSameAsInterpreter("func.func @f(%s: tensor<2xi64>) -> " + tensor + " {\n  %u = cornu.random_uniform %s : tensor<2xi64> to " + tensor +
                                    "\n  return %u : " + tensor + "\n}",
                                {1, 9}, {0, 0}, cpu);
      }
}

TEST(Kernels, mathOverTheWholeRange) {
  // Bits of: 0, -0, inf, -inf, nan, nearly the smallest normal number, the largest number and its negative, ±88, ±104, ±1e-4, ±9, ±20, 1, -1, 0.5.
  const std::string specials = "dense<[0.0, -0.0, 0x7F800000, 0xFF800000, 0x7FC00000, 1.5e-38, 3.4e38, -3.4e38, 88.0, -88.0, 104.0, -104.0, 1.0e-4, "
                               "-1.0e-4, 9.0, -9.0, 20.0, -20.0, 1.0, -1.0, 0.5]> : tensor<21xf32>";
  for (const char *op : {"exp", "expm1", "log", "log1p", "sqrt", "rsqrt", "tanh", "sigmoid", "relu", "softplus", "erf", "sign", "abs", "floor", "round"}) {
    SCOPED_TRACE(op);
    expectSameAsInterpreter("func.func @f() -> tensor<21xf32> {\n %x = cornu.constant " + specials + "\n %y = cornu." + op +
                                " %x : tensor<21xf32>\n return %y : tensor<21xf32>\n}",
                            {1}, {1e-6, 1e-7});
    expectSameAsInterpreter("func.func @f(%x: tensor<?x1000xf32>) -> tensor<?x1000xf32> {\n %c = cornu.constant dense<30.0> : tensor<f32>\n %s = cornu.multiply %x, %c : "
                            "tensor<?x1000xf32>, tensor<f32>\n %y = cornu." + std::string(op) + " %s : tensor<?x1000xf32>\n return %y : tensor<?x1000xf32>\n}",
                            {2}, {1e-6, 1e-7});
  }
}

TEST(Kernels, transpositionOfWholeAndPartialBlocks) {
  for (int m : {2, 16, 21, 40})
    for (int n : {3, 16, 37}) {
      std::string from = "tensor<?x" + std::to_string(m) + "x" + std::to_string(n) + "xf32>", to = "tensor<?x" + std::to_string(n) + "x" + std::to_string(m) + "xf32>";
      for (const char *cpu : {"native", "x86-64", "x86-64-v3"})
        if (cornu::test::machineRuns(cpu))
          expectSameAsInterpreter("func.func @f(%x: " + from + ") -> " + to + " {\n %y = cornu.transpose %x perm [0, 2, 1] : " + from + "\n return %y : " + to + "\n}", {1, 3}, {0, 0}, cpu);
    }
  expectSameAsInterpreter(R"(
func.func @f(%x: tensor<?x5x18x20xi32>) -> (tensor<?x20x18x5xi32>, tensor<?x18x20x5xi32>) {
  %y = cornu.transpose %x perm [0, 3, 2, 1] : tensor<?x5x18x20xi32>
  %z = cornu.transpose %x perm [0, 2, 3, 1] : tensor<?x5x18x20xi32>
  return %y, %z : tensor<?x20x18x5xi32>, tensor<?x18x20x5xi32>
})", {1, 2}, {0, 0});
}

TEST(Kernels, power) {
  expectSameAsInterpreter(R"(
func.func @f(%x: tensor<?x40xf32>, %y: tensor<?x40xf32>) -> (tensor<?x40xf32>, tensor<?x40xf32>, tensor<7xf32>, tensor<f32>) {
  %a = cornu.abs %x : tensor<?x40xf32>
  %three = cornu.constant dense<3.0> : tensor<f32>
  %z = cornu.multiply %y, %three : tensor<?x40xf32>, tensor<f32>
  %p = cornu.power %a, %z : tensor<?x40xf32>, tensor<?x40xf32>
  %q = cornu.power %x, %three : tensor<?x40xf32>, tensor<f32>
  %b = cornu.constant dense<[0.0, 0.0, -2.0, 2.0, 1.0, 0x7F800000, -8.0]> : tensor<7xf32>
  %e = cornu.constant dense<[0.0, 2.0, 2.0, -3.0, 100.0, 2.0, 3.0]> : tensor<7xf32>
  %r = cornu.power %b, %e : tensor<7xf32>, tensor<7xf32>
  %beta = cornu.constant dense<0.999> : tensor<f32>
  %n = cornu.batch_size : tensor<i64>
  %t = cornu.cast %n : tensor<i64> to tensor<f32>
  %s = cornu.power %beta, %t : tensor<f32>, tensor<f32>
  return %p, %q, %r, %s : tensor<?x40xf32>, tensor<?x40xf32>, tensor<7xf32>, tensor<f32>
})", {1, 7}, {2e-6, 1e-6});
}

TEST(Kernels, everyTargetGivesTheSameNumbers) {
  const std::string text = R"(
func.func @f(%x: tensor<?x37xf32>, %w: tensor<37x21xf32>, %b: tensor<21xf32>, %l: tensor<?x1xi32>, %s: tensor<2xi64>)
    -> (tensor<?x21xf32>, tensor<?x21xf32>, tensor<21xf32>, tensor<f32>, tensor<?x37xf32>, tensor<?xi32>) {
  %m = cornu.einsum "bk,kn->bn" %x, %w : tensor<?x37xf32>, tensor<37x21xf32>
  %z = cornu.add %m, %b : tensor<?x21xf32>, tensor<21xf32>
  %h = cornu.tanh %z : tensor<?x21xf32>
  %p = cornu.softmax %h dims [1] : tensor<?x21xf32>
  %r = cornu.reduce_sum %h dims [0] : tensor<?x21xf32>
  %i = cornu.iota dim 1 : tensor<?x21xi32>
  %e = cornu.compare eq %i, %l : tensor<?x21xi32>, tensor<?x1xi32>
  %o = cornu.cast %e : tensor<?x21xi1> to tensor<?x21xf32>
  %lp = cornu.log_softmax %z dims [1] : tensor<?x21xf32>
  %t = cornu.multiply %o, %lp : tensor<?x21xf32>, tensor<?x21xf32>
  %loss = cornu.reduce_sum %t dims [0, 1] : tensor<?x21xf32>
  %g = cornu.einsum "bn,kn->bk" %p, %w : tensor<?x21xf32>, tensor<37x21xf32>
  %u = cornu.random_uniform %s : tensor<2xi64> to tensor<?x37xf32>
  %rate = cornu.constant dense<0.5> : tensor<f32>
  %keep = cornu.compare ge %u, %rate : tensor<?x37xf32>, tensor<f32>
  %zero = cornu.constant dense<0.0> : tensor<f32>
  %d = cornu.select %keep, %g, %zero : tensor<?x37xi1>, tensor<?x37xf32>, tensor<f32>
  %a = cornu.argmax %p dim 1 : tensor<?x21xf32>
  return %h, %p, %r, %loss, %d, %a : tensor<?x21xf32>, tensor<?x21xf32>, tensor<21xf32>, tensor<f32>, tensor<?x37xf32>, tensor<?xi32>
})";
  for (const char *cpu : {"generic", "x86-64", "x86-64-v2", "x86-64-v3", "x86-64-v4", "native"}) {
    SCOPED_TRACE(cpu);
    if (cornu::test::machineRuns(cpu))
      expectSameAsInterpreter(text, {1, 6, 20}, {}, cpu);
  }
}

} // namespace
