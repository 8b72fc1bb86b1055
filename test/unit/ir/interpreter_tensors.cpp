// Contractions, reductions, shapes, randomness and state of the interpreter.
#include "ir/interpreter/Interpreter.h"
#include "runtime/errors.h"
#include "runtime/philox.h"
#include "testing.h"

using namespace cornu;
using namespace cornu::testing;

namespace {
Array count(std::vector<int64_t> shape, double first = 1) { // 1, 2, 3, …
  Array x(std::move(shape), DType::Float64);
  for (int64_t i = 0; i < x.size(); ++i) x.set(i, first + static_cast<double>(i));
  return x;
}
Array einsum(const std::string &equation, const std::string &at, Array a, const std::string &bt, Array b, const std::string &yt) {
  return evaluateOp("cornu.einsum \"" + equation + "\" %a, %b : tensor<" + at + ">, tensor<" + bt + ">", yt, {{at, a}, {bt, b}});
}
Array ofOne(const std::string &op, const std::string &type, const std::string &resultType, Array x) { return evaluateOp(op, resultType, {{type, x}}); }
} // namespace

TEST(InterpreterEinsum, MatrixProduct) {
  expectClose(einsum("bk,kn->bn", "?x3xf64", count({2, 3}), "3x2xf64", count({3, 2}), "?x2xf64"), {22, 28, 49, 64});
}
TEST(InterpreterEinsum, Transposed) { // the same numbers, every dimension elsewhere
  Array at({1., 4., 2., 5., 3., 6.}, {3, 2}), bt({1., 3., 5., 2., 4., 6.}, {2, 3});
  expectClose(einsum("kb,nk->nb", "3x?xf64", at, "2x3xf64", bt, "2x?xf64"), {22, 49, 28, 64});
}
TEST(InterpreterEinsum, Batched) {
  expectClose(einsum("bij,bjk->bik", "2x1x2xf64", count({2, 1, 2}), "2x2x1xf64", count({2, 2, 1}), "2x1x1xf64"), {5, 25});
}
TEST(InterpreterEinsum, Sequence) {
  expectClose(einsum("btk,kn->btn", "?x2x2xf64", count({1, 2, 2}), "2x1xf64", count({2, 1}), "?x2x1xf64"), {5, 11});
}
TEST(InterpreterEinsum, OuterProductAndInnerProduct) {
  expectClose(einsum("i,j->ij", "2xf64", count({2}), "2xf64", count({2}), "2x2xf64"), {1, 2, 2, 4});
  expectClose(einsum("i,i->", "3xf64", count({3}), "3xf64", count({3}), "f64"), {14});
}

TEST(InterpreterConvolution, SlidesAndPads) {
  auto convolve = [](const std::string &windows, int64_t results) {
    std::string y = "?x" + std::to_string(results) + "x1xf64";
    return evaluateOp("cornu.convolution \"b0i,0io->b0o\" %a, %b " + windows + " : tensor<?x4x1xf64>, tensor<3x1x1xf64> to tensor<" + y + ">", y,
                      {{"?x4x1xf64", Array({1., 2., 4., 8.}, {1, 4, 1})}, {"3x1x1xf64", Array({1., 10., 100.}, {3, 1, 1})}});
  };
  expectClose(convolve("strides [1] dilations [1] offsets [0] bases [1]", 2), {421, 842});
  expectClose(convolve("strides [1] dilations [1] offsets [-1] bases [1]", 4), {210, 421, 842, 84});
  expectClose(convolve("strides [2] dilations [1] offsets [-1] bases [1]", 2), {210, 842});
  expectClose(convolve("strides [1] dilations [2] offsets [-4] bases [1]", 4), {100, 200, 410, 820});
  // Transposed: each element adds a copy of the kernel, two further than the last.
  expectClose(convolve("strides [1] dilations [-1] offsets [0] bases [2]", 9), {1, 10, 102, 20, 204, 40, 408, 80, 800});
}
TEST(InterpreterConvolution, Groups) {
  expectClose(evaluateOp("cornu.convolution \"b0gi,0igo->b0go\" %a, %b strides [1] dilations [1] offsets [0] bases [1] : tensor<1x1x2x2xf64>, "
                         "tensor<1x2x2x1xf64> to tensor<1x1x2x1xf64>", "1x1x2x1xf64", {{"1x1x2x2xf64", count({1, 1, 2, 2})}, {"1x2x2x1xf64", count({1, 2, 2, 1})}}),
              {1 * 1 + 2 * 3, 3 * 2 + 4 * 4});
}
TEST(InterpreterConvolution, MaxPool) {
  Array x({1., 5., 2., 3., 4., 0., 7., 6., -1., -2., -3., -4.}, {1, 3, 4, 1});
  auto pool = [&](const std::string &windows, const std::string &y) {
    return evaluateOp("cornu.max_pool %a dims [1, 2] " + windows + " : tensor<?x3x4x1xf64> to tensor<" + y + ">", y, {{"?x3x4x1xf64", x}});
  };
  expectClose(pool("sizes [2, 2] strides [2, 2] offsets [0, 0]", "?x1x2x1xf64"), {5, 7});
  expectClose(pool("sizes [2, 2] strides [2, 2] offsets [0, -1]", "?x2x3x1xf64"), {4, 7, 6, -1, -2, -4});
  expectClose(pool("sizes [3, 3] strides [1, 1] offsets [-1, -1]", "?x3x4x1xf64"), {5, 7, 7, 7, 5, 7, 7, 7, 4, 7, 7, 7});
}

TEST(InterpreterReduction, Dims) {
  Array x = count({2, 3});
  expectClose(ofOne("cornu.reduce_sum %a dims [0] : tensor<?x3xf64>", "?x3xf64", "3xf64", x), {5, 7, 9});
  expectClose(ofOne("cornu.reduce_sum %a dims [1] keepdims : tensor<?x3xf64>", "?x3xf64", "?x1xf64", x), {6, 15});
  expectClose(ofOne("cornu.reduce_sum %a dims [0, 1] : tensor<?x3xf64>", "?x3xf64", "f64", x), {21});
  expectClose(ofOne("cornu.reduce_max %a dims [0] : tensor<?x3xf64>", "?x3xf64", "3xf64", x), {4, 5, 6});
  expectClose(ofOne("cornu.reduce_min %a dims [1] : tensor<?x3xf64>", "?x3xf64", "?xf64", x), {1, 4});
  expectClose(ofOne("cornu.reduce_sum %a dims [0, 2] : tensor<2x3x2xf64>", "2x3x2xf64", "3xf64", count({2, 3, 2})), {18, 26, 34});
}
TEST(InterpreterReduction, NaNWins) {
  Array x({1., std::nan(""), 3., 4.}, {2, 2});
  expectClose(ofOne("cornu.reduce_max %a dims [1] : tensor<2x2xf64>", "2x2xf64", "2xf64", x), {std::nan(""), 4});
}
TEST(InterpreterReduction, ArgmaxTakesTheFirst) {
  Array x({1., 3., 3., 5., 2., 5.}, {2, 3});
  expectClose(ofOne("cornu.argmax %a dim 1 : tensor<?x3xf64>", "?x3xf64", "?xi32", x), {1, 0});
  expectClose(ofOne("cornu.argmax %a dim 0 : tensor<?x3xf64>", "?x3xf64", "3xi32", x), {1, 0, 1});
}
TEST(InterpreterReduction, Softmax) {
  Array x({0., 1., 1000., 1000.}, {2, 2});
  expectClose(ofOne("cornu.softmax %a dims [1] : tensor<?x2xf64>", "?x2xf64", "?x2xf64", x), {0.2689414213699951, 0.7310585786300049, 0.5, 0.5}, 1e-15);
  expectClose(ofOne("cornu.log_softmax %a dims [1] : tensor<?x2xf64>", "?x2xf64", "?x2xf64", x),
              {-1.3132616875182228, -0.31326168751822286, -0.6931471805599453, -0.6931471805599453}, 1e-15);
  expectClose(ofOne("cornu.softmax %a dims [0] : tensor<2x1xf64>", "2x1xf64", "2x1xf64", Array({0., 1.}, {2, 1})),
              {0.2689414213699951, 0.7310585786300049}, 1e-15);
}

TEST(InterpreterShape, Movers) {
  Array x = count({2, 3});
  expectClose(ofOne("cornu.transpose %a perm [1, 0] : tensor<?x3xf64>", "?x3xf64", "3x?xf64", x), {1, 4, 2, 5, 3, 6});
  expectClose(ofOne("cornu.reshape %a : tensor<2x3xf64> to tensor<6xf64>", "2x3xf64", "6xf64", x), {1, 2, 3, 4, 5, 6});
  expectClose(ofOne("cornu.broadcast_to %a : tensor<3xf64> to tensor<2x3xf64>", "3xf64", "2x3xf64", count({3})), {1, 2, 3, 1, 2, 3});
  expectClose(ofOne("cornu.slice %a dim 1 [1 : 3] : tensor<?x3xf64>", "?x3xf64", "?x2xf64", x), {2, 3, 5, 6});
  expectClose(ofOne("cornu.slice %a dim 0 [1 : 2] : tensor<2x3xf64>", "2x3xf64", "1x3xf64", x), {4, 5, 6});
  expectClose(ofOne("cornu.slice %a dim 1 [0 : 3 : 2] : tensor<?x3xf64>", "?x3xf64", "?x2xf64", x), {1, 3, 4, 6});
  expectClose(ofOne("cornu.pad %a dim 1 low 0 high 1 value -2.0 : tensor<?x3xf64>", "?x3xf64", "?x4xf64", x), {1, 2, 3, -2, 4, 5, 6, -2});
  expectClose(ofOne("cornu.pad %a dim 1 low 1 high 2 : tensor<?x3xf64>", "?x3xf64", "?x6xf64", x), {0, 1, 2, 3, 0, 0, 0, 4, 5, 6, 0, 0});
  expectClose(evaluateOp("cornu.concatenate %a, %b dim 1 : tensor<?x3xf64>, tensor<?x1xf64>", "?x4xf64", {{"?x3xf64", x}, {"?x1xf64", count({2, 1}, 8)}}),
              {1, 2, 3, 8, 4, 5, 6, 9});
}
TEST(InterpreterShape, Makers) {
  expectClose(evaluateOp("cornu.constant dense<[1.5, -2.0]> : tensor<2xf32>", "2xf32", {}), {1.5, -2});
  expectClose(evaluateOp("cornu.constant dense<[true, false]> : tensor<2xi1>", "2xi1", {}), {1, 0});
  expectClose(evaluateOp("cornu.constant dense<-3> : tensor<2xi64>", "2xi64", {}), {-3, -3});
  expectClose(evaluateOp("cornu.iota dim 1 : tensor<2x3xi32>", "2x3xi32", {}), {0, 1, 2, 0, 1, 2});
  expectClose(evaluateOp("cornu.batch_size : tensor<i64>", "i64", {{"?x3xf64", count({5, 3})}}), {5});
  expectClose(evaluateOp("cornu.batch_size : tensor<i64>", "i64", {}, /*batch=*/7), {7});
}

// The known answers of Random123 for Philox2x32-10, seen through the op: both words of counter (i / 2, step) under the seed.
TEST(InterpreterRandom, IsPhilox) {
  Array state({int64_t(0), int64_t(0)}, {2});
  Array u = evaluateOp("cornu.random_uniform %a : tensor<2xi64> to tensor<4xf32>", "4xf32", {{"2xi64", state}});
  EXPECT_EQ(u.at(0), static_cast<double>(0xff1dae59u >> 8) * 0x1p-24);
  Array other({int64_t(5), int64_t(3)}, {2});
  Array v = evaluateOp("cornu.random_uniform %a : tensor<2xi64> to tensor<?x2xf64>", "?x2xf64", {{"2xi64", other}}, /*batch=*/2);
  for (uint64_t i = 0; i < 4; ++i) EXPECT_EQ(v.at(static_cast<int64_t>(i)), philox::uniform(philox::element(5, 3, i / 2)[i % 2]));
}

TEST(InterpreterState, ReadsSeeTheValueOnEntry) {
  interpreter::State state{{"n", Array::scalar(1, DType::Float64)}};
  auto results = evaluate(R"(
    cornu.variable metric @n : tensor<f64>
    func.func @f(%x: tensor<f64>) -> tensor<f64> {
      %a = cornu.read @n : tensor<f64>
      %s = cornu.add %a, %x : tensor<f64>, tensor<f64>
      cornu.assign @n, %s : tensor<f64>
      %b = cornu.read @n : tensor<f64>
      return %b : tensor<f64>
    })", {Array::scalar(10, DType::Float64)}, state);
  EXPECT_EQ(results[0].at(0), 1);
  EXPECT_EQ(state.at("n").at(0), 11);
}

TEST(InterpreterErrors, SayTheRuleAndWhatCame) {
  auto message = [](auto &&f) -> std::string {
    try {
      f();
    } catch (const UserError &error) {
      return error.what();
    }
    return "nothing was thrown";
  };
  std::string identity = "func.func @f(%x: tensor<?x3xf64>) -> tensor<?x3xf64> { return %x : tensor<?x3xf64> }";
  EXPECT_NE(message([&] { evaluate(identity, {}); }).find("Received: 0"), std::string::npos);
  EXPECT_NE(message([&] { evaluate(identity, {count({2, 4})}); }).find("Received: (2, 4) float64"), std::string::npos);
  EXPECT_NE(message([&] { evaluate(identity, {Array::zeros({2, 3})}); }).find("Received: (2, 3) float32"), std::string::npos);
  EXPECT_NE(message([&] { evaluateOp("cornu.batch_size : tensor<i64>", "i64", {}); }).find("told the batch"), std::string::npos);
  EXPECT_NE(message([&] { evaluate("func.func @f(%x: tensor<f64>) -> tensor<f64> { %d = cornu.gradient %x wrt %x : tensor<f64>, (tensor<f64>) return %d : tensor<f64> }",
                                   {Array::scalar(1, DType::Float64)}); }).find("after cornu-gradient"), std::string::npos);
  EXPECT_NE(message([&] { evaluate("cornu.variable weight @w : tensor<f64> func.func @f() { %d = cornu.read @w : tensor<f64> return }", {}); })
                .find("a variable that is read has a value. Received: w"), std::string::npos);
}
