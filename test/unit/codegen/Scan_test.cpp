// Compiled loops held against the interpreter.
#include "Compare.h"

#include <gtest/gtest.h>

using namespace cornu::test;

namespace {

/// h' = tanh(x W + h U + b) over 7 steps, with its last state and all of them.
std::string recurrent(const std::string &direction) {
  return R"(
    cornu.variable weight @w : tensor<5x12xf32>
    cornu.variable weight @u : tensor<12x12xf32>
    cornu.variable weight @b : tensor<12xf32>
    func.func @f(%xs: tensor<?x7x5xf32>, %h0: tensor<?x12xf32>) -> (tensor<?x12xf32>, tensor<?x7x12xf32>) {
      %w = cornu.read @w : tensor<5x12xf32>
      %u = cornu.read @u : tensor<12x12xf32>
      %b = cornu.read @b : tensor<12xf32>
      %last, %all = cornu.scan init(%h0) over(%xs) axis 1 length 7 )" + direction + R"( : (tensor<?x12xf32>, tensor<?x7x5xf32>) -> (tensor<?x12xf32>, tensor<?x7x12xf32>) {
      ^bb0(%h: tensor<?x12xf32>, %x: tensor<?x5xf32>):
        %p = cornu.einsum "bk,kn->bn" %x, %w : tensor<?x5xf32>, tensor<5x12xf32>
        %q = cornu.einsum "bk,kn->bn" %h, %u : tensor<?x12xf32>, tensor<12x12xf32>
        %s = cornu.add %p, %q : tensor<?x12xf32>, tensor<?x12xf32>
        %z = cornu.add %s, %b : tensor<?x12xf32>, tensor<12xf32>
        %next = cornu.tanh %z : tensor<?x12xf32>
        cornu.yield %next, %next : tensor<?x12xf32>, tensor<?x12xf32>
      }
      return %last, %all : tensor<?x12xf32>, tensor<?x7x12xf32>
    })";
}

/// A long short-term memory, gates cut out of one product, and what a step of training makes of it.
const char *lstmStep = R"(
  cornu.variable weight @w : tensor<6x20xf32>
  cornu.variable weight @u : tensor<5x20xf32>
  cornu.variable weight @b : tensor<20xf32>
  func.func @f(%xs: tensor<?x4x6xf32>) -> tensor<f32> {
    %w = cornu.read @w : tensor<6x20xf32>
    %u = cornu.read @u : tensor<5x20xf32>
    %b = cornu.read @b : tensor<20xf32>
    %zero = cornu.constant dense<0.0> : tensor<f32>
    %s0 = cornu.broadcast_to %zero : tensor<f32> to tensor<?x5xf32>
    %h, %c, %all = cornu.scan init(%s0, %s0) over(%xs) axis 1 length 4 : (tensor<?x5xf32>, tensor<?x5xf32>, tensor<?x4x6xf32>) -> (tensor<?x5xf32>, tensor<?x5xf32>, tensor<?x4x5xf32>) {
    ^bb0(%h: tensor<?x5xf32>, %c: tensor<?x5xf32>, %x: tensor<?x6xf32>):
      %p = cornu.einsum "bk,kn->bn" %x, %w : tensor<?x6xf32>, tensor<6x20xf32>
      %q = cornu.einsum "bk,kn->bn" %h, %u : tensor<?x5xf32>, tensor<5x20xf32>
      %s = cornu.add %p, %q : tensor<?x20xf32>, tensor<?x20xf32>
      %z = cornu.add %s, %b : tensor<?x20xf32>, tensor<20xf32>
      %zi = cornu.slice %z dim 1 [0 : 5] : tensor<?x20xf32>
      %zf = cornu.slice %z dim 1 [5 : 10] : tensor<?x20xf32>
      %zc = cornu.slice %z dim 1 [10 : 15] : tensor<?x20xf32>
      %zo = cornu.slice %z dim 1 [15 : 20] : tensor<?x20xf32>
      %i = cornu.sigmoid %zi : tensor<?x5xf32>
      %f = cornu.sigmoid %zf : tensor<?x5xf32>
      %g = cornu.tanh %zc : tensor<?x5xf32>
      %o = cornu.sigmoid %zo : tensor<?x5xf32>
      %fc = cornu.multiply %f, %c : tensor<?x5xf32>, tensor<?x5xf32>
      %ig = cornu.multiply %i, %g : tensor<?x5xf32>, tensor<?x5xf32>
      %cn = cornu.add %fc, %ig : tensor<?x5xf32>, tensor<?x5xf32>
      %t = cornu.tanh %cn : tensor<?x5xf32>
      %hn = cornu.multiply %o, %t : tensor<?x5xf32>, tensor<?x5xf32>
      cornu.yield %hn, %cn, %hn : tensor<?x5xf32>, tensor<?x5xf32>, tensor<?x5xf32>
    }
    %sq = cornu.square %all : tensor<?x4x5xf32>
    %hc = cornu.multiply %h, %c : tensor<?x5xf32>, tensor<?x5xf32>
    %l1 = cornu.reduce_sum %sq dims [0, 1, 2] : tensor<?x4x5xf32>
    %l2 = cornu.reduce_sum %hc dims [0, 1] : tensor<?x5xf32>
    %loss = cornu.add %l1, %l2 : tensor<f32>, tensor<f32>
    %gw, %gu, %gb = cornu.gradient %loss wrt %w, %u, %b : tensor<f32>, (tensor<6x20xf32>, tensor<5x20xf32>, tensor<20xf32>)
    %rate = cornu.constant dense<0.1> : tensor<f32>
    %dw = cornu.multiply %gw, %rate : tensor<6x20xf32>, tensor<f32>
    %du = cornu.multiply %gu, %rate : tensor<5x20xf32>, tensor<f32>
    %db = cornu.multiply %gb, %rate : tensor<20xf32>, tensor<f32>
    %nw = cornu.subtract %w, %dw : tensor<6x20xf32>, tensor<6x20xf32>
    %nu = cornu.subtract %u, %du : tensor<5x20xf32>, tensor<5x20xf32>
    %nb = cornu.subtract %b, %db : tensor<20xf32>, tensor<20xf32>
    cornu.assign @w, %nw : tensor<6x20xf32>
    cornu.assign @u, %nu : tensor<5x20xf32>
    cornu.assign @b, %nb : tensor<20xf32>
    return %loss : tensor<f32>
  })";

/// h' = tanh(x + h U) of so many units, and the gradient for U, over some steps. A state of 96 units multiplies more than a first-level cache holds.
std::string wide(int units, int steps, const std::string &direction) {
  std::string n = std::to_string(units), t = std::to_string(steps), state = "tensor<?x" + n + "xf32>", all = "tensor<?x" + t + "x" + n + "xf32>";
  std::string weights = "tensor<" + n + "x" + n + "xf32>";
  return "cornu.variable weight @u : " + weights + "\nfunc.func @f(%xs: " + all + ", %h0: " + state + ") -> (" + state + ", " + all + ", " + weights + R"() {
      %small = cornu.constant dense<0.1> : tensor<f32>
      %read = cornu.read @u : )" + weights + R"(
      %u = cornu.multiply %read, %small : )" + weights + R"(, tensor<f32>
      %last, %all = cornu.scan init(%h0) over(%xs) axis 1 length )" + t + " " + direction + " : (" + state + ", " + all + ") -> (" + state + ", " + all + R"() {
      ^bb0(%h: )" + state + ", %x: " + state + R"():
        %q = cornu.einsum "bk,kn->bn" %h, %u : )" + state + ", " + weights + R"(
        %z = cornu.add %x, %q : )" + state + ", " + state + R"(
        %next = cornu.tanh %z : )" + state + R"(
        cornu.yield %next, %next : )" + state + ", " + state + R"(
      }
      %sum = cornu.reduce_sum %all dims [0, 1, 2] : )" + all + R"(
      %g = cornu.gradient %sum wrt %u : tensor<f32>, ()" + weights + R"()
      return %last, %all, %g : )" + state + ", " + all + ", " + weights + "\n}";
}

/// A recurrent loop whose projections, scaled by a mask, fill more than the second-level cache, and so go block by block; with `gradient`, that for the inputs.
std::string blockwise(const std::string &direction, bool gradient) {
  return R"(
    cornu.variable weight @w : tensor<3x128xf32>
    cornu.variable weight @u : tensor<128x128xf32>
    func.func @f(%xs: tensor<?x46x3xf32>, %kept: tensor<?x46xi32>, %scale: tensor<?x1x3xf32>) -> (tensor<?x128xf32>, tensor<?x46x128xf32>, tensor<?x46x3xf32>) {
      %w = cornu.read @w : tensor<3x128xf32>
      %u = cornu.read @u : tensor<128x128xf32>
      %zero = cornu.constant dense<0.0> : tensor<f32>
      %four = cornu.constant dense<4> : tensor<i32>
      %small = cornu.constant dense<0.05> : tensor<f32>
      %h0 = cornu.broadcast_to %zero : tensor<f32> to tensor<?x128xf32>
      %scaled = cornu.multiply %xs, %scale : tensor<?x46x3xf32>, tensor<?x1x3xf32>
      %ps = cornu.einsum "btk,kn->btn" %scaled, %w : tensor<?x46x3xf32>, tensor<3x128xf32>
      %masks = cornu.compare lt %kept, %four : tensor<?x46xi32>, tensor<i32>
      %last, %all = cornu.scan init(%h0) over(%ps, %masks) axis 1 length 46 )" + direction + R"( : (tensor<?x128xf32>, tensor<?x46x128xf32>, tensor<?x46xi1>) -> (tensor<?x128xf32>, tensor<?x46x128xf32>) {
      ^bb0(%h: tensor<?x128xf32>, %p: tensor<?x128xf32>, %m: tensor<?xi1>):
        %q = cornu.einsum "bk,kn->bn" %h, %u : tensor<?x128xf32>, tensor<128x128xf32>
        %less = cornu.multiply %q, %small : tensor<?x128xf32>, tensor<f32>
        %z = cornu.add %p, %less : tensor<?x128xf32>, tensor<?x128xf32>
        %new = cornu.tanh %z : tensor<?x128xf32>
        %wide = cornu.reshape %m : tensor<?xi1> to tensor<?x1xi1>
        %next = cornu.select %wide, %new, %h : tensor<?x1xi1>, tensor<?x128xf32>, tensor<?x128xf32>
        cornu.yield %next, %next : tensor<?x128xf32>, tensor<?x128xf32>
      })" + (gradient ? R"(
      %sum = cornu.reduce_sum %all dims [0, 1, 2] : tensor<?x46x128xf32>
      %dx = cornu.gradient %sum wrt %xs : tensor<f32>, (tensor<?x46x3xf32>))" : R"(
      %dx = cornu.negate %xs : tensor<?x46x3xf32>)") + R"(
      return %last, %all, %dx : tensor<?x128xf32>, tensor<?x46x128xf32>, tensor<?x46x3xf32>
    })";
}

} // namespace

TEST(CompiledScan, Recurrent) { expectSameAsInterpreter(recurrent("")); }
TEST(CompiledScan, RecurrentBackwards) { expectSameAsInterpreter(recurrent("reverse")); }
TEST(CompiledScan, WeightsReadToAndFro) { // in registers, and through sums in memory; an even and an odd number of steps
  for (const char *cpu : {"x86-64", "x86-64-v3", "native"})
    for (int steps : {4, 5})
      for (int units : {96, 150})
        expectSameAsInterpreter(wide(units, steps, steps == 4 ? "" : "reverse"), {1, 2, 3, 9}, {.relative = 2e-4, .absolute = 2e-4}, cpu);
}
TEST(CompiledScan, ProjectionsBlockByBlock) {
  for (bool gradient : {false, true})
    for (const char *direction : {"", "reverse"})
      expectSameAsInterpreter(blockwise(direction, gradient), {1, 2, 9}, {.relative = 2e-4, .absolute = 1e-4});
}
TEST(CompiledScan, TrainingStepOfAnLstm) { expectSameAsInterpreter(lstmStep, {1, 2, 3, 8, 31}, {.relative = 2e-4, .absolute = 2e-5}); }

TEST(CompiledScan, StateUpdatedInPlace) { // an even and an odd number of steps; the first state is an input that must survive
  for (std::string length : {"4", "5"})
    expectSameAsInterpreter(R"(
      func.func @f(%xs: tensor<?x)" + length + R"(x3xf32>, %h0: tensor<?x3xf32>) -> (tensor<?x3xf32>, tensor<?x3xf32>) {
        %last = cornu.scan init(%h0) over(%xs) axis 1 length )" + length + R"( : (tensor<?x3xf32>, tensor<?x)" + length + R"(x3xf32>) -> tensor<?x3xf32> {
        ^bb0(%h: tensor<?x3xf32>, %x: tensor<?x3xf32>):
          %next = cornu.add %h, %x : tensor<?x3xf32>, tensor<?x3xf32>
          cornu.yield %next : tensor<?x3xf32>
        }
        %twice = cornu.add %last, %h0 : tensor<?x3xf32>, tensor<?x3xf32>
        return %last, %twice : tensor<?x3xf32>, tensor<?x3xf32>
      })");
}

TEST(CompiledScan, StatesThatExchangePlaces) {
  for (std::string length : {"1", "2", "5"})
    expectSameAsInterpreter(R"(
      func.func @f(%a0: tensor<?x3xf32>, %b0: tensor<?x3xf32>) -> (tensor<?x3xf32>, tensor<?x3xf32>, tensor<?x)" + length + R"(x3xf32>) {
        %a1, %b1, %all = cornu.scan init(%a0, %b0) over() axis 1 length )" + length + R"( : (tensor<?x3xf32>, tensor<?x3xf32>) -> (tensor<?x3xf32>, tensor<?x3xf32>, tensor<?x)" + length + R"(x3xf32>) {
        ^bb0(%a: tensor<?x3xf32>, %b: tensor<?x3xf32>):
          %s = cornu.sin %a : tensor<?x3xf32>
          cornu.yield %b, %s, %a : tensor<?x3xf32>, tensor<?x3xf32>, tensor<?x3xf32>
        }
        return %a1, %b1, %all : tensor<?x3xf32>, tensor<?x3xf32>, tensor<?x)" + length + R"(x3xf32>
      })");
}

TEST(CompiledScan, MasksViewsAndJoinedOutputs) {
  expectSameAsInterpreter(R"(
    func.func @f(%xs: tensor<?x6x4xf32>, %ids: tensor<?x6x1xi32>, %k: tensor<?x4xf32>) -> (tensor<?x2xf32>, tensor<?x6x3x2xf32>, tensor<?x6xf32>, tensor<?x6x1xi1>) {
      %zero = cornu.constant dense<0.0> : tensor<f32>
      %four = cornu.constant dense<4> : tensor<i32>
      %h0 = cornu.broadcast_to %zero : tensor<f32> to tensor<?x2xf32>
      %part = cornu.slice %xs dim 2 [1 : 3] : tensor<?x6x4xf32>
      %last, %pairs, %sums, %masks = cornu.scan init(%h0) over(%xs, %part, %ids) axis 1 length 6 reverse : (tensor<?x2xf32>, tensor<?x6x4xf32>, tensor<?x6x2xf32>, tensor<?x6x1xi32>) -> (tensor<?x2xf32>, tensor<?x6x3x2xf32>, tensor<?x6xf32>, tensor<?x6x1xi1>) {
      ^bb0(%h: tensor<?x2xf32>, %x: tensor<?x4xf32>, %p: tensor<?x2xf32>, %id: tensor<?x1xi32>):
        %m = cornu.compare lt %id, %four : tensor<?x1xi32>, tensor<i32>
        %xk = cornu.multiply %x, %k : tensor<?x4xf32>, tensor<?x4xf32>
        %sum = cornu.reduce_sum %xk dims [1] : tensor<?x4xf32>
        %up = cornu.add %h, %p : tensor<?x2xf32>, tensor<?x2xf32>
        %next = cornu.select %m, %up, %h : tensor<?x1xi1>, tensor<?x2xf32>, tensor<?x2xf32>
        %two = cornu.reshape %x : tensor<?x4xf32> to tensor<?x2x2xf32>
        %one = cornu.reshape %next : tensor<?x2xf32> to tensor<?x1x2xf32>
        %pair = cornu.concatenate %two, %one dim 1 : tensor<?x2x2xf32>, tensor<?x1x2xf32>
        cornu.yield %next, %pair, %sum, %m : tensor<?x2xf32>, tensor<?x3x2xf32>, tensor<?xf32>, tensor<?x1xi1>
      }
      return %last, %pairs, %sums, %masks : tensor<?x2xf32>, tensor<?x6x3x2xf32>, tensor<?x6xf32>, tensor<?x6x1xi1>
    })");
}

TEST(CompiledScan, TimeInnermost) {
  expectSameAsInterpreter(R"(
    func.func @f(%xs: tensor<?x6xf32>, %ws: tensor<5x6xf32>) -> (tensor<?x6xf32>, tensor<?x5x6xf32>) {
      %zero = cornu.constant dense<0.0> : tensor<f32>
      %h0 = cornu.broadcast_to %zero : tensor<f32> to tensor<?xf32>
      %last, %all = cornu.scan init(%h0) over(%xs) axis 1 length 6 : (tensor<?xf32>, tensor<?x6xf32>) -> (tensor<?xf32>, tensor<?x6xf32>) {
      ^bb0(%h: tensor<?xf32>, %x: tensor<?xf32>):
        %next = cornu.add %h, %x : tensor<?xf32>, tensor<?xf32>
        cornu.yield %next, %next : tensor<?xf32>, tensor<?xf32>
      }
      %outer = cornu.scan init() over(%all) axis 1 length 6 : (tensor<?x6xf32>) -> tensor<?x6x5xf32> {
      ^bb0(%x: tensor<?xf32>):
        %ones = cornu.constant dense<[1.0, 2.0, 3.0, 4.0, 5.0]> : tensor<5xf32>
        %y = cornu.einsum "b,n->bn" %x, %ones : tensor<?xf32>, tensor<5xf32>
        cornu.yield %y : tensor<?x5xf32>
      }
      %products = cornu.einsum "btn,nt->bnt" %outer, %ws : tensor<?x6x5xf32>, tensor<5x6xf32>
      return %all, %products : tensor<?x6xf32>, tensor<?x5x6xf32>
    })");
}

TEST(CompiledScan, Nested) {
  expectSameAsInterpreter(R"(
    cornu.variable weight @u : tensor<4x4xf32>
    func.func @f(%a: tensor<?x3x5x4xf32>) -> (tensor<?x4xf32>, tensor<?x3x5x4xf32>) {
      %u = cornu.read @u : tensor<4x4xf32>
      %zero = cornu.constant dense<0.0> : tensor<f32>
      %h0 = cornu.broadcast_to %zero : tensor<f32> to tensor<?x4xf32>
      %y, %all = cornu.scan init(%h0) over(%a) axis 1 length 3 : (tensor<?x4xf32>, tensor<?x3x5x4xf32>) -> (tensor<?x4xf32>, tensor<?x3x5x4xf32>) {
      ^bb0(%g: tensor<?x4xf32>, %row: tensor<?x5x4xf32>):
        %e = cornu.sin %g : tensor<?x4xf32>
        %last, %each = cornu.scan init(%g) over(%row) axis 1 length 5 reverse : (tensor<?x4xf32>, tensor<?x5x4xf32>) -> (tensor<?x4xf32>, tensor<?x5x4xf32>) {
        ^bb0(%h: tensor<?x4xf32>, %x: tensor<?x4xf32>):
          %v = cornu.einsum "bk,kn->bn" %h, %u : tensor<?x4xf32>, tensor<4x4xf32>
          %m = cornu.multiply %v, %e : tensor<?x4xf32>, tensor<?x4xf32>
          %z = cornu.add %x, %m : tensor<?x4xf32>, tensor<?x4xf32>
          %next = cornu.tanh %z : tensor<?x4xf32>
          cornu.yield %next, %z : tensor<?x4xf32>, tensor<?x4xf32>
        }
        cornu.yield %last, %each : tensor<?x4xf32>, tensor<?x5x4xf32>
      }
      return %y, %all : tensor<?x4xf32>, tensor<?x3x5x4xf32>
    })");
}
