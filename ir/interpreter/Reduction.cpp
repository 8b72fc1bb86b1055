// Reductions over rows of a matrix, into which the reduced dimensions are gathered first.
#include <cmath>

#include "ir/interpreter/Evaluate.h"
#include "llvm/ADT/TypeSwitch.h"
#include "runtime/eigen.h"

namespace cornu::interpreter {
using namespace ir;

namespace {

template <class T> using Matrix = Eigen::Array<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// The dimensions of x, the kept ones first.
std::vector<size_t> reducedLast(const Array &x, llvm::ArrayRef<int64_t> dims) {
  std::vector<size_t> perm;
  for (int64_t i = 0; i < x.rank(); ++i)
    if (!llvm::is_contained(dims, i)) perm.push_back(i);
  for (int64_t dim : dims) perm.push_back(dim);
  return perm;
}

int64_t extentOf(const Array &x, llvm::ArrayRef<int64_t> dims) {
  int64_t n = 1;
  for (int64_t dim : dims) n *= x.dim(dim);
  return n;
}

/// f maps a row, the elements that one element of the result is made of, to that element.
template <class Op, class F> Array reduce(const Call &call, Op op, F f) {
  const Array &x = call.operands[0];
  Array gathered = permute(x, reducedLast(x, op.getDims())), y = Array::uninitialized(call.shape, call.dtype);
  withNumber(x.dtype(), [&]<class T>() {
    Eigen::Map<const Matrix<T>> rows(elements<T>(gathered), y.size(), extentOf(x, op.getDims()));
    for (int64_t i = 0; i < y.size(); ++i) elements<T>(y)[i] = f(rows.row(i));
    return 0;
  });
  return y;
}

Array argmax(const Call &call, int64_t dim) {
  const Array &x = call.operands[0];
  Array gathered = permute(x, reducedLast(x, dim)), y = Array::uninitialized(call.shape, call.dtype);
  withNumber(x.dtype(), [&]<class T>() {
    const T *row = elements<T>(gathered);
    for (int32_t &index : y.span<int32_t>()) {
      index = static_cast<int32_t>(std::max_element(row, row + x.dim(dim)) - row); // the first of several
      row += x.dim(dim);
    }
    return 0;
  });
  return y;
}

/// Softmax or its logarithm over rows, the maximum subtracted so that nothing overflows.
template <bool logarithm> Array softmax(const Call &call, llvm::ArrayRef<int64_t> dims) {
  const Array &x = call.operands[0];
  std::vector<size_t> perm = reducedLast(x, dims), inverse(perm.size());
  for (size_t i = 0; i < perm.size(); ++i) inverse[perm[i]] = i;
  Array y = permute(x, perm);
  withFloat(x.dtype(), [&]<class T>() {
    int64_t n = extentOf(x, dims);
    Eigen::Map<Matrix<T>> rows(elements<T>(y), n ? x.size() / n : 0, n);
    for (int64_t i = 0; i < rows.rows(); ++i) {
      auto row = rows.row(i);
      row -= row.maxCoeff();
      T sum = row.exp().sum();
      if constexpr (logarithm) {
        using std::log;
        row -= T(log(sum));
      } else {
        row = row.exp() / sum;
      }
    }
    return 0;
  });
  return permute(y, inverse);
}

/// Along one dimension after the other: the maximum of a box is that of the maxima of its rows.
Array maxPool(const Call &call, MaxPoolOp op) {
  Array x = call.operands[0];
  for (auto [dim, size, stride, offset] : llvm::zip(op.getDims(), op.getSizes(), op.getStrides(), op.getOffsets())) {
    Shape shape = x.shape();
    int64_t from = shape[dim], to = call.shape[dim], outer = 1, inner = stridesOf(shape)[dim];
    for (int64_t d = 0; d < dim; ++d) outer *= shape[d];
    shape[dim] = to;
    Array y = Array::uninitialized(shape, call.dtype);
    withFloat(call.dtype, [&]<class T>() {
      for (int64_t i = 0; i < outer; ++i)
        for (int64_t q = 0; q < to; ++q) {
          int64_t first = std::max<int64_t>(q * stride + offset, 0), last = std::min<int64_t>(q * stride + offset + size, from);
          Eigen::Map<const Matrix<T>> window(elements<T>(x) + (i * from + first) * inner, last - first, inner);
          for (int64_t c = 0; c < inner; ++c) elements<T>(y)[(i * to + q) * inner + c] = window.col(c).template maxCoeff<Eigen::PropagateNaN>();
        }
      return 0;
    });
    x = y;
  }
  return x;
}

} // namespace

std::optional<Array> evaluateReduction(const Call &call) {
  return llvm::TypeSwitch<mlir::Operation *, std::optional<Array>>(call.op)
      .Case([&](ReduceSumOp op) { return reduce(call, op, [](auto row) { return row.sum(); }); })
      .Case([&](ReduceMaxOp op) { return reduce(call, op, [](auto row) { return row.template maxCoeff<Eigen::PropagateNaN>(); }); })
      .Case([&](ReduceMinOp op) { return reduce(call, op, [](auto row) { return row.template minCoeff<Eigen::PropagateNaN>(); }); })
      .Case([&](ArgmaxOp op) { return argmax(call, op.getDim()); })
      .Case([&](MaxPoolOp op) { return maxPool(call, op); })
      .Case([&](SoftmaxOp op) { return softmax<false>(call, op.getDims()); })
      .Case([&](LogSoftmaxOp op) { return softmax<true>(call, op.getDims()); })
      .Default([](mlir::Operation *) { return std::nullopt; });
}

} // namespace cornu::interpreter
