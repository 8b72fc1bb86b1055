// Einsum as a batch of Eigen's matrix products; convolution as an einsum over unfolded windows.
#include <cstring>

#include "ir/interpreter/Evaluate.h"
#include "runtime/eigen.h"

namespace cornu::interpreter {
using namespace ir;

namespace {

/// The dimensions of `term` in the order of `letters`.
std::vector<size_t> order(llvm::StringRef term, const std::string &letters) {
  std::vector<size_t> perm;
  for (char letter : letters) perm.push_back(term.find(letter));
  return perm;
}

int64_t product(const Shape &shape, size_t first, size_t count) {
  int64_t n = 1;
  for (size_t i = first; i < first + count; ++i) n *= shape[i];
  return n;
}

Array contract(const ir::EinsumTerms &t, const Array &left, const Array &right, DType dtype) {
  // Each letter is in all three terms (a batch), in both operands (summed), or in one operand and the result (rows, columns).
  std::string batch, summed, rows, columns;
  for (char letter : t.a) (!t.b.contains(letter) ? rows : t.y.contains(letter) ? batch : summed) += letter;
  for (char letter : t.b)
    if (!t.a.contains(letter)) columns += letter;

  Array a = permute(left, order(t.a, batch + rows + summed)), b = permute(right, order(t.b, batch + summed + columns));
  int64_t batches = product(a.shape(), 0, batch.size()), m = product(a.shape(), batch.size(), rows.size());
  int64_t k = product(b.shape(), batch.size(), summed.size()), n = product(b.shape(), batch.size() + summed.size(), columns.size());

  Shape shape(a.shape().begin(), a.shape().begin() + static_cast<int64_t>(batch.size() + rows.size()));
  shape.insert(shape.end(), b.shape().end() - static_cast<int64_t>(columns.size()), b.shape().end());
  Array y = Array::uninitialized(shape, dtype);
  withNumber(dtype, [&]<class T>() {
    using Matrix = RowMajor<T>;
    for (int64_t i = 0; i < batches; ++i)
      Eigen::Map<Matrix>(elements<T>(y) + i * m * n, m, n).noalias() =
          Eigen::Map<const Matrix>(elements<T>(a) + i * m * k, m, k) * Eigen::Map<const Matrix>(elements<T>(b) + i * k * n, k, n);
    return 0;
  });
  std::string computed = batch + rows + columns;
  return permute(y, order(computed, t.y.str()));
}

/// Dimension `dim` of x, positions p, becomes two: q of the result and k of the kernel, with zeros where no p belongs to them.
Array unfold(const Array &x, int64_t dim, const ir::Window &window, int64_t results, int64_t taps) {
  Shape shape = x.shape();
  int64_t outer = product(shape, 0, static_cast<size_t>(dim)), extent = shape[static_cast<size_t>(dim)];
  int64_t inner = product(shape, static_cast<size_t>(dim) + 1, shape.size() - static_cast<size_t>(dim) - 1) * static_cast<int64_t>(sizeOf(x.dtype()));
  shape[static_cast<size_t>(dim)] = taps;
  shape.insert(shape.begin() + dim, results);
  Array y = Array::zeros(shape, x.dtype());
  char *to = elements<char>(y);
  for (int64_t i = 0; i < outer; ++i)
    for (int64_t q = 0; q < results; ++q)
      for (int64_t k = 0; k < taps; ++k, to += inner) {
        int64_t at = window.stride * q + window.dilation * k + window.offset, p = at / window.base;
        if (at >= 0 && at % window.base == 0 && p < extent) std::memcpy(to, elements<char>(x) + (i * extent + p) * inner, static_cast<size_t>(inner));
      }
  return y;
}

/// y of the given shape. A window's digit stays with x and y as the name of q; the name of k, in x and w, is another character.
Array convolve(const Call &call, ir::ConvolutionOp op) {
  ir::EinsumTerms t = op.getTerms();
  std::string a = t.a.str(), b = t.b.str();
  Array x = call.operands[0];
  for (auto [i, window] : llvm::enumerate(op.getWindows())) {
    char digit = static_cast<char>('0' + i), tap = static_cast<char>(i + 1);
    size_t inX = a.find(digit), inW = b.find(digit);
    x = unfold(x, static_cast<int64_t>(inX), window, call.shape[t.y.find(digit)], call.operands[1].dim(static_cast<int64_t>(inW)));
    a.insert(inX + 1, 1, tap);
    b[inW] = tap;
  }
  return contract({a, b, t.y}, x, call.operands[1], call.dtype);
}

} // namespace

std::optional<Array> evaluateContraction(const Call &call) {
  if (auto einsum = llvm::dyn_cast<EinsumOp>(call.op)) return contract(einsum.getTerms(), call.operands[0], call.operands[1], call.dtype);
  if (auto convolution = llvm::dyn_cast<ConvolutionOp>(call.op)) return convolve(call, convolution);
  return std::nullopt;
}

} // namespace cornu::interpreter
