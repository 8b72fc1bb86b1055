// Every gradient rule against central differences in a random direction, in f64.
#include <cmath>
#include <random>
#include <set>

#include "mlir/AsmParser/AsmParser.h"
#include "mlir/Pass/PassManager.h"
#include "passes/Passes.h"
#include "passes/Pipelines.h"
#include "testing.h"

using namespace cornu;
using namespace cornu::testing;

namespace {

/// Values that inputs are drawn from. Kinks are kept away from: differences do not see one-sided derivatives.
enum class Domain { Any, Positive };

/// y = body(%a, %b, …), with the types of the operands and of y.
struct Case {
  std::string name;
  std::vector<std::string> types;
  std::string body, result;
  Domain domain = Domain::Any;
};

std::ostream &operator<<(std::ostream &stream, const Case &c) { return stream << c.name; }

constexpr int64_t batch = 3; // what ? stands for here

std::string tensor(const std::string &type) { return "tensor<" + type + ">"; }

Array randomArray(const std::string &type, Domain domain, std::mt19937 &generator) {
  auto parsed = llvm::cast<mlir::RankedTensorType>(mlir::parseType(tensor(type), &context()));
  std::vector<int64_t> shape(parsed.getShape());
  for (int64_t &extent : shape)
    if (mlir::ShapedType::isDynamic(extent)) extent = batch;
  if (parsed.getElementType().isInteger(1)) {
    Array x(shape, DType::Bool);
    for (int64_t i = 0; i < x.size(); ++i) x.set(i, generator() % 2);
    return x;
  }
  Array x(shape, DType::Float64);
  std::uniform_real_distribution<double> magnitude(0.2, 2.0);
  for (double &v : x.span<double>()) v = domain == Domain::Any && generator() % 2 ? -magnitude(generator) : magnitude(generator);
  return x;
}

bool isFloat(const std::string &type) { return type.ends_with("f64"); }

/// @value: loss = sum(y * c), c random, so that every element of y has a cotangent of its own. @derivative: its gradient.
std::string moduleText(const Case &c) {
  std::string arguments, operands, types, dims;
  for (size_t i = 0; i < c.types.size(); ++i) {
    std::string name = std::string("%") + static_cast<char>('a' + i);
    arguments += name + ": " + tensor(c.types[i]) + ", ";
    if (!isFloat(c.types[i])) continue;
    operands += (operands.empty() ? "" : ", ") + name;
    types += (types.empty() ? "" : ", ") + tensor(c.types[i]);
  }
  for (size_t i = 0, rank = std::count(c.result.begin(), c.result.end(), 'x'); i < rank; ++i) dims += (i ? ", " : "") + std::to_string(i);
  std::string y = tensor(c.result);
  std::string body = "(" + arguments + "%weight: " + y + ") -> ";
  std::string loss = c.body + "\n %yw = cornu.multiply %y, %weight : " + y + ", " + y + "\n %loss = cornu.reduce_sum %yw dims [" + dims + "] : " + y + "\n ";
  return "func.func @value" + body + "tensor<f64> {\n" + loss + "return %loss : tensor<f64> }\n" +
         "func.func @derivative" + body + "(" + types + ") {\n" + loss + "%d:" + std::to_string(std::count(operands.begin(), operands.end(), '%')) +
         " = cornu.gradient %loss wrt " + operands + " : tensor<f64>, (" + types + ")\n return " + [&] {
           std::string results;
           for (int64_t i = 0, n = std::count(operands.begin(), operands.end(), '%'); i < n; ++i) results += (i ? ", %d#" : "%d#") + std::to_string(i);
           return results;
         }() + " : " + types + " }";
}

const std::vector<Case> &cases() {
  static const std::vector<Case> all = [] {
    std::vector<Case> list;
    auto unary = [&](const std::string &op, Domain domain = Domain::Any) {
      list.push_back({op, {"?x4xf64"}, "%y = cornu." + op + " %a : tensor<?x4xf64>", "?x4xf64", domain});
    };
    for (const char *op : {"negate", "abs", "exp", "expm1", "square", "tanh", "sigmoid", "relu", "softplus", "erf", "sin", "cos"}) unary(op);
    for (const char *op : {"log", "log1p", "sqrt", "rsqrt"}) unary(op, Domain::Positive);
    auto binary = [&](const std::string &op, const std::string &variant, const std::string &a, const std::string &b, const std::string &y, Domain domain) {
      list.push_back({op + "_" + variant, {a, b}, "%y = cornu." + op + " %a, %b : " + tensor(a) + ", " + tensor(b), y, domain});
    };
    for (std::string op : {"add", "subtract", "multiply", "divide", "maximum", "minimum", "power"}) {
      Domain domain = op == "power" ? Domain::Positive : Domain::Any;
      binary(op, "same", "?x4xf64", "?x4xf64", "?x4xf64", domain);
      binary(op, "bias", "?x4xf64", "4xf64", "?x4xf64", domain);
      binary(op, "scalar", "f64", "?x4xf64", "?x4xf64", domain);
      binary(op, "column", "?x1xf64", "?x4xf64", "?x4xf64", domain);
      binary(op, "outer", "?x1x4xf64", "2x1xf64", "?x2x4xf64", domain);
      binary(op, "ones", "1x4xf64", "1x1xf64", "1x4xf64", domain);
    }
    auto select = [&](const std::string &variant, const std::string &p, const std::string &a, const std::string &b, const std::string &y) {
      list.push_back({"select_" + variant, {p, a, b}, "%y = cornu.select %a, %b, %c : " + tensor(p) + ", " + tensor(a) + ", " + tensor(b), y});
    };
    select("same", "?x4xi1", "?x4xf64", "?x4xf64", "?x4xf64");
    select("broadcast", "?x1xi1", "4xf64", "f64", "?x4xf64");
    list.push_back({"cast", {"?x4xf64"}, "%y = cornu.cast %a : tensor<?x4xf64> to tensor<?x4xf64>", "?x4xf64"});

    auto einsum = [&](const std::string &variant, const std::string &equation, const std::string &a, const std::string &b, const std::string &y) {
      list.push_back({"einsum_" + variant, {a, b}, "%y = cornu.einsum \"" + equation + "\" %a, %b : " + tensor(a) + ", " + tensor(b), y});
    };
    einsum("dense", "bk,kn->bn", "?x4xf64", "4x5xf64", "?x5xf64");
    einsum("dense_transposed_weights", "bk,nk->bn", "?x4xf64", "5x4xf64", "?x5xf64");
    einsum("dense_transposed_both", "kb,nk->nb", "4x?xf64", "5x4xf64", "5x?xf64");
    einsum("weights", "bk,bn->kn", "?x4xf64", "?x5xf64", "4x5xf64");
    einsum("sequence", "btk,kn->btn", "?x2x4xf64", "4x5xf64", "?x2x5xf64");
    einsum("batched", "bij,bjk->bik", "?x2x4xf64", "?x4x3xf64", "?x2x3xf64");
    einsum("batched_transposed", "bij,bkj->bki", "?x2x4xf64", "?x3x4xf64", "?x3x2xf64");
    einsum("attention", "bhqd,bkhd->bhqk", "?x2x3x4xf64", "?x5x2x4xf64", "?x2x3x5xf64");
    einsum("two_summed", "bij,ijn->bn", "?x2x3xf64", "2x3x4xf64", "?x4xf64");
    einsum("outer", "i,j->ij", "4xf64", "5xf64", "4x5xf64");
    einsum("inner", "i,i->", "4xf64", "4xf64", "f64");
    einsum("elementwise", "bi,bi->bi", "?x4xf64", "?x4xf64", "?x4xf64");

    auto convolution = [&](const std::string &variant, const std::string &equation, const std::string &windows, const std::string &a, const std::string &b,
                           const std::string &y) {
      list.push_back({"convolution_" + variant, {a, b}, "%y = cornu.convolution \"" + equation + "\" %a, %b " + windows + " : " + tensor(a) + ", " + tensor(b) +
                      " to " + tensor(y), y});
    };
    convolution("plain", "b01i,01io->b01o", "strides [1, 1] dilations [1, 1] offsets [0, 0] bases [1, 1]", "?x5x4x2xf64", "3x2x2x3xf64", "?x3x3x3xf64");
    convolution("same_strided", "b01i,01io->b01o", "strides [2, 3] dilations [1, 1] offsets [-1, -1] bases [1, 1]", "?x5x7x2xf64", "3x3x2x3xf64", "?x3x3x3xf64");
    convolution("dilated", "b0i,0io->b0o", "strides [1] dilations [2] offsets [-4] bases [1]", "?x6x2xf64", "3x2x3xf64", "?x6x3xf64");
    convolution("strided_and_dilated", "b0i,0io->b0o", "strides [2] dilations [3] offsets [-2] bases [1]", "?x9x2xf64", "3x2x3xf64", "?x4x3xf64");
    convolution("channels_first", "bi01,01io->bo01", "strides [1, 2] dilations [1, 1] offsets [0, 0] bases [1, 1]", "?x2x4x5xf64", "2x2x2x3xf64", "?x3x3x2xf64");
    convolution("groups", "b0gi,0igo->b0go", "strides [1] dilations [1] offsets [-1] bases [1]", "?x5x2x3xf64", "3x3x2x2xf64", "?x5x2x2xf64");
    convolution("depthwise", "b01c,01cm->b01cm", "strides [2, 1] dilations [1, 1] offsets [-1, 0] bases [1, 1]", "?x5x4x2xf64", "3x2x2x3xf64", "?x3x3x2x3xf64");
    convolution("transposed", "b01i,01oi->b01o", "strides [1, 1] dilations [-1, -1] offsets [0, 1] bases [2, 3]", "?x3x2x2xf64", "3x3x4x2xf64", "?x7x6x4xf64");
    convolution("backwards", "b0i,0io->b0o", "strides [-1] dilations [2] offsets [3] bases [1]", "?x6x2xf64", "3x2x3xf64", "?x4x3xf64");
    convolution("cropped", "b0i,0io->b0o", "strides [1] dilations [1] offsets [2] bases [1]", "?x9x2xf64", "2x2x3xf64", "?x4x3xf64");
    auto pool = [&](const std::string &variant, const std::string &windows, const std::string &x, const std::string &y) {
      list.push_back({"max_pool_" + variant, {x}, "%y = cornu.max_pool %a " + windows + " : " + tensor(x) + " to " + tensor(y), y});
    };
    pool("halves", "dims [1, 2] sizes [2, 2] strides [2, 2] offsets [0, 0]", "?x4x6x2xf64", "?x2x3x2xf64");
    pool("with_a_rest", "dims [1] sizes [2] strides [2] offsets [0]", "?x7x2xf64", "?x3x2xf64");
    pool("overlapping", "dims [1, 2] sizes [3, 3] strides [2, 1] offsets [-1, -1]", "?x5x4x2xf64", "?x3x4x2xf64");
    pool("apart", "dims [1] sizes [2] strides [3] offsets [0]", "?x8x2xf64", "?x3x2xf64");
    pool("channels_first", "dims [2, 3] sizes [2, 3] strides [2, 2] offsets [0, -1]", "?x2x4x5xf64", "?x2x2x3xf64");
    pool("wide", "dims [1] sizes [7] strides [2] offsets [-3]", "?x6x1xf64", "?x3x1xf64");

    for (std::string op : {"reduce_sum", "reduce_max", "reduce_min"}) {
      auto reduce = [&](const std::string &variant, const std::string &x, const std::string &dims, const std::string &y) {
        list.push_back({op + "_" + variant, {x}, "%y = cornu." + op + " %a dims " + dims + " : " + tensor(x), y});
      };
      reduce("rows", "?x4xf64", "[1]", "?xf64");
      reduce("columns", "?x4xf64", "[0]", "4xf64");
      reduce("all", "?x4xf64", "[0, 1]", "f64");
      reduce("keepdims", "?x4xf64", "[1] keepdims", "?x1xf64");
      reduce("middle", "?x2x4xf64", "[1]", "?x4xf64");
      reduce("outside_keepdims", "?x2x4xf64", "[0, 2] keepdims", "1x2x1xf64");
      reduce("none", "?x4xf64", "[]", "?x4xf64");
    }
    for (std::string op : {"softmax", "log_softmax"})
      for (auto [variant, dims] : {std::pair("last", "[2]"), std::pair("middle", "[1]"), std::pair("two", "[1, 2]"), std::pair("batch", "[0]")})
        list.push_back({op + "_" + variant, {"?x2x4xf64"}, "%y = cornu." + op + " %a dims " + dims + " : tensor<?x2x4xf64>", "?x2x4xf64"});

    auto mover = [&](const std::string &name, const std::string &x, const std::string &op, const std::string &y) { list.push_back({name, {x}, "%y = cornu." + op, y}); };
    mover("broadcast_to_batch", "4xf64", "broadcast_to %a : tensor<4xf64> to tensor<?x4xf64>", "?x4xf64");
    mover("broadcast_to_ones", "?x1x4x1xf64", "broadcast_to %a : tensor<?x1x4x1xf64> to tensor<?x2x4x3xf64>", "?x2x4x3xf64");
    mover("reshape_split", "?x6xf64", "reshape %a : tensor<?x6xf64> to tensor<?x2x3xf64>", "?x2x3xf64");
    mover("reshape_ones", "?x6xf64", "reshape %a : tensor<?x6xf64> to tensor<1x?x1x6xf64>", "1x?x1x6xf64");
    mover("transpose", "?x2x3xf64", "transpose %a perm [1, 2, 0] : tensor<?x2x3xf64>", "2x3x?xf64");
    std::string ids = "%i = cornu.constant dense<[[0, 2], [-1, 2]]> : tensor<2x2xi32>\n ";
    list.push_back({"gather", {"4x3xf64"}, ids + "%y = cornu.gather %a[%i] : tensor<4x3xf64>, tensor<2x2xi32>", "2x2x3xf64"});
    list.push_back({"scatter_add", {"2x2x3xf64"}, ids + "%y = cornu.scatter_add %a[%i] : tensor<2x2x3xf64>, tensor<2x2xi32> to tensor<4x3xf64>", "4x3xf64"});
    list.push_back({"scatter_add_into", {"2x2x3xf64", "4x3xf64"},
                    ids + "%y = cornu.scatter_add %a[%i] into %b : tensor<2x2x3xf64>, tensor<2x2xi32>, tensor<4x3xf64> to tensor<4x3xf64>", "4x3xf64"});
    mover("reverse", "?x6xf64", "reverse %a dim 1 : tensor<?x6xf64>", "?x6xf64");
    mover("slice_last", "?x6xf64", "slice %a dim 1 [2 : 5] : tensor<?x6xf64>", "?x3xf64");
    mover("slice_first", "4x?xf64", "slice %a dim 0 [1 : 3] : tensor<4x?xf64>", "2x?xf64");
    mover("slice_every_third", "?x8x2xf64", "slice %a dim 1 [1 : 7 : 3] : tensor<?x8x2xf64>", "?x2x2xf64");
    mover("slice_every_other_to_the_end", "?x7xf64", "slice %a dim 1 [0 : 7 : 2] : tensor<?x7xf64>", "?x4xf64");
    mover("pad_with_ones", "?x2x3xf64", "pad %a dim 1 low 1 high 2 value 1.0 : tensor<?x2x3xf64>", "?x5x3xf64");
    mover("pad", "?x2x3xf64", "pad %a dim 1 low 1 high 2 : tensor<?x2x3xf64>", "?x5x3xf64");
    list.push_back({"concatenate_last", {"?x2xf64", "?x3xf64", "?x1xf64"},
                    "%y = cornu.concatenate %a, %b, %c dim 1 : tensor<?x2xf64>, tensor<?x3xf64>, tensor<?x1xf64>", "?x6xf64"});
    list.push_back({"concatenate_first", {"2x?xf64", "3x?xf64"}, "%y = cornu.concatenate %a, %b dim 0 : tensor<2x?xf64>, tensor<3x?xf64>", "5x?xf64"});

    // Loops. What the steps yield, and how: all states, the last one, both; carried, captured and taken by slices.
    auto scan = [&](const std::string &name, std::vector<std::string> types, const std::string &body, const std::string &y) {
      list.push_back({"scan_" + name, std::move(types), body, y});
    };
    scan("recurrent", {"?x3x4xf64", "?x4xf64", "4x4xf64"}, R"(
      %last, %y = cornu.scan init(%b) over(%a) axis 1 length 3 : (tensor<?x4xf64>, tensor<?x3x4xf64>) -> (tensor<?x4xf64>, tensor<?x3x4xf64>) {
      ^bb0(%h: tensor<?x4xf64>, %x: tensor<?x4xf64>):
        %u = cornu.einsum "bk,kn->bn" %h, %c : tensor<?x4xf64>, tensor<4x4xf64>
        %z = cornu.add %x, %u : tensor<?x4xf64>, tensor<?x4xf64>
        %next = cornu.tanh %z : tensor<?x4xf64>
        cornu.yield %next, %next : tensor<?x4xf64>, tensor<?x4xf64>
      })", "?x3x4xf64");
    scan("projection_reverse_last", {"?x3x2xf64", "2x4xf64", "4xf64"}, R"(
      %zero = cornu.constant dense<0.0> : tensor<f64>
      %h0 = cornu.broadcast_to %zero : tensor<f64> to tensor<?x4xf64>
      %y = cornu.scan init(%h0) over(%a) axis 1 length 3 reverse : (tensor<?x4xf64>, tensor<?x3x2xf64>) -> tensor<?x4xf64> {
      ^bb0(%h: tensor<?x4xf64>, %x: tensor<?x2xf64>):
        %p = cornu.einsum "bk,kn->bn" %x, %b : tensor<?x2xf64>, tensor<2x4xf64>
        %q = cornu.add %p, %c : tensor<?x4xf64>, tensor<4xf64>
        %s = cornu.sin %h : tensor<?x4xf64>
        %next = cornu.add %q, %s : tensor<?x4xf64>, tensor<?x4xf64>
        cornu.yield %next : tensor<?x4xf64>
      })", "?x4xf64");
    scan("two_states_masked", {"?x3x4xf64", "?x4xf64", "?x3x1xi1"}, R"(
      %h, %c2, %ys = cornu.scan init(%b, %b) over(%a, %c) axis 1 length 3 : (tensor<?x4xf64>, tensor<?x4xf64>, tensor<?x3x4xf64>, tensor<?x3x1xi1>) -> (tensor<?x4xf64>, tensor<?x4xf64>, tensor<?x3x4xf64>) {
      ^bb0(%h: tensor<?x4xf64>, %s: tensor<?x4xf64>, %x: tensor<?x4xf64>, %m: tensor<?x1xi1>):
        %gate = cornu.sigmoid %h : tensor<?x4xf64>
        %kept = cornu.multiply %gate, %s : tensor<?x4xf64>, tensor<?x4xf64>
        %state = cornu.add %kept, %x : tensor<?x4xf64>, tensor<?x4xf64>
        %out = cornu.multiply %gate, %state : tensor<?x4xf64>, tensor<?x4xf64>
        %next = cornu.select %m, %out, %h : tensor<?x1xi1>, tensor<?x4xf64>, tensor<?x4xf64>
        cornu.yield %next, %state, %kept : tensor<?x4xf64>, tensor<?x4xf64>, tensor<?x4xf64>
      }
      %sum = cornu.add %h, %c2 : tensor<?x4xf64>, tensor<?x4xf64>
      %first = cornu.slice %ys dim 1 [1 : 2] : tensor<?x3x4xf64>
      %flat = cornu.reshape %first : tensor<?x1x4xf64> to tensor<?x4xf64>
      %y = cornu.add %sum, %flat : tensor<?x4xf64>, tensor<?x4xf64>)", "?x4xf64");
    scan("scalar_without_sequences", {"f64", "?x4xf64"}, R"(
      %last, %y = cornu.scan init(%a) over() axis 1 length 4 : (tensor<f64>) -> (tensor<f64>, tensor<?x4x4xf64>) {
      ^bb0(%h: tensor<f64>):
        %s = cornu.exp %h : tensor<f64>
        %next = cornu.sin %s : tensor<f64>
        %out = cornu.multiply %s, %b : tensor<f64>, tensor<?x4xf64>
        cornu.yield %next, %out : tensor<f64>, tensor<?x4xf64>
      })", "?x4x4xf64");
    scan("nested", {"?x2x3x4xf64", "4x4xf64"}, R"(
      %zero = cornu.constant dense<0.0> : tensor<f64>
      %h0 = cornu.broadcast_to %zero : tensor<f64> to tensor<?x4xf64>
      %y, %all = cornu.scan init(%h0) over(%a) axis 1 length 2 : (tensor<?x4xf64>, tensor<?x2x3x4xf64>) -> (tensor<?x4xf64>, tensor<?x2x4xf64>) {
      ^bb0(%g: tensor<?x4xf64>, %row: tensor<?x3x4xf64>):
        %e = cornu.sin %g : tensor<?x4xf64>
        %last, %each = cornu.scan init(%g) over(%row) axis 1 length 3 : (tensor<?x4xf64>, tensor<?x3x4xf64>) -> (tensor<?x4xf64>, tensor<?x3x4xf64>) {
        ^bb0(%h: tensor<?x4xf64>, %x: tensor<?x4xf64>):
          %u = cornu.einsum "bk,kn->bn" %h, %b : tensor<?x4xf64>, tensor<4x4xf64>
          %v = cornu.multiply %u, %e : tensor<?x4xf64>, tensor<?x4xf64>
          %z = cornu.add %x, %v : tensor<?x4xf64>, tensor<?x4xf64>
          %next = cornu.tanh %z : tensor<?x4xf64>
          cornu.yield %next, %z : tensor<?x4xf64>, tensor<?x4xf64>
        }
        %sum = cornu.reduce_sum %each dims [1] : tensor<?x3x4xf64>
        %out = cornu.add %last, %sum : tensor<?x4xf64>, tensor<?x4xf64>
        cornu.yield %out, %out : tensor<?x4xf64>, tensor<?x4xf64>
      })", "?x4xf64");

    // Each sample with each: an einsum of a tensor with itself, broadcasts along both batches.
    list.push_back({"pairs", {"?x4xf64", "?xf64"}, R"(
      %0 = cornu.einsum "ik,jk->ij" %a, %a : tensor<?x4xf64>, tensor<?x4xf64>
      %1 = cornu.reshape %b : tensor<?xf64> to tensor<?x1xf64>
      %2 = cornu.multiply %0, %1 : tensor<?x?xf64>, tensor<?x1xf64>
      %3 = cornu.softmax %2 dims [1] : tensor<?x?xf64>
      %4 = cornu.transpose %3 perm [1, 0] : tensor<?x?xf64>
      %5 = cornu.multiply %4, %b : tensor<?x?xf64>, tensor<?xf64>
      %y = cornu.einsum "ij,jk->ik" %5, %a : tensor<?x?xf64>, tensor<?x4xf64>)", "?x4xf64"});

    // Fan-out, several ops, a second use of an intermediate value: a small network with its loss.
    list.push_back({"network", {"?x4xf64", "4x5xf64", "5xf64"}, R"(
      %0 = cornu.einsum "bk,kn->bn" %a, %b : tensor<?x4xf64>, tensor<4x5xf64>
      %1 = cornu.add %0, %c : tensor<?x5xf64>, tensor<5xf64>
      %2 = cornu.tanh %1 : tensor<?x5xf64>
      %3 = cornu.log_softmax %2 dims [1] : tensor<?x5xf64>
      %4 = cornu.multiply %3, %2 : tensor<?x5xf64>, tensor<?x5xf64>
      %5 = cornu.subtract %4, %1 : tensor<?x5xf64>, tensor<?x5xf64>
      %y = cornu.reduce_sum %5 dims [1] : tensor<?x5xf64>)", "?xf64"});
    return list;
  }();
  return all;
}

double valueOf(mlir::ModuleOp module, const std::vector<Array> &inputs) {
  return interpreter::run(module.lookupSymbol<mlir::func::FuncOp>("value"), inputs)[0].at(0);
}

std::vector<Array> moved(const std::vector<Array> &inputs, const std::vector<Array> &direction, double step) {
  std::vector<Array> result;
  for (size_t i = 0; i < inputs.size(); ++i) {
    result.push_back(inputs[i].clone());
    if (i < direction.size() && inputs[i].dtype() == DType::Float64)
      for (int64_t j = 0; j < inputs[i].size(); ++j) result[i].data<double>()[j] += step * direction[i].at(j);
  }
  return result;
}

class GradientCheck : public ::testing::TestWithParam<Case> {};

} // namespace

TEST_P(GradientCheck, AgreesWithCentralDifferences) {
  const Case &c = GetParam();
  for (bool simplified : {false, true}) {
    auto module = parse(moduleText(c));
    ASSERT_TRUE(module);
    mlir::PassManager passes(&context());
    if (simplified)
      passes::buildDifferentiatePipeline(passes);
    else
      passes.addPass(passes::createGradientPass());
    ASSERT_TRUE(mlir::succeeded(passes.run(*module)));

    std::mt19937 generator(7);
    std::vector<Array> inputs, direction;
    for (const std::string &type : c.types) {
      inputs.push_back(randomArray(type, c.domain, generator));
      direction.push_back(randomArray(type, Domain::Any, generator));
    }
    inputs.push_back(randomArray(c.result, Domain::Any, generator)); // the weights of the loss, held fixed

    std::vector<Array> gradients = interpreter::run(module->lookupSymbol<mlir::func::FuncOp>("derivative"), inputs);
    double slope = 0, scale = 0;
    size_t next = 0;
    for (size_t i = 0; i < c.types.size(); ++i) {
      if (!isFloat(c.types[i])) continue;
      const Array &gradient = gradients[next++];
      ASSERT_EQ(gradient.shape(), inputs[i].shape());
      for (int64_t j = 0; j < gradient.size(); ++j) {
        slope += gradient.at(j) * direction[i].at(j);
        scale += std::abs(gradient.at(j) * direction[i].at(j));
      }
    }
    ASSERT_EQ(next, gradients.size());
    ASSERT_GT(scale, 0) << "a gradient of zeros would prove nothing";
    double h = 1e-6;
    double difference = (valueOf(*module, moved(inputs, direction, h)) - valueOf(*module, moved(inputs, direction, -h))) / (2 * h);
    EXPECT_NEAR(slope, difference, 1e-8 * std::max(scale, 1.0)) << (simplified ? "simplified" : "as built");
  }
}

INSTANTIATE_TEST_SUITE_P(AllOps, GradientCheck, ::testing::ValuesIn(cases()), [](const auto &info) { return info.param.name; });

TEST(GradientRules, EveryOpHasACaseOrSaysItHasNoGradient) {
  std::set<std::string> checked;
  for (const Case &c : cases()) parse(moduleText(c))->walk([&](mlir::Operation *op) { checked.insert(op->getName().getStringRef().str()); });
  // Ops that no gradient passes through, being declarations or made after differentiation.
  std::set<std::string> outside = {"cornu.variable", "cornu.read", "cornu.assign", "cornu.gradient", "cornu.kernel", "cornu.yield", "cornu.launch", "cornu.batch", "cornu.philox",
                                   "cornu.scan"};
  for (mlir::RegisteredOperationName name : context().getRegisteredOperationsByDialect("cornu")) {
    std::string text = name.getStringRef().str();
    bool differentiable = name.hasInterface<ir::DifferentiableOpInterface>(), declared = name.hasTrait<ir::NotDifferentiable>();
    if (outside.count(text)) continue;
    EXPECT_NE(differentiable, declared) << text << " must have a buildVjp or be NotDifferentiable";
    if (differentiable) EXPECT_TRUE(checked.count(text)) << text << " has a gradient rule and no case in this file";
  }
}
