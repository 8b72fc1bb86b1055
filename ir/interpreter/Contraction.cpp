// Einsum as a batch of Eigen's matrix products.
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

} // namespace

std::optional<Array> evaluateContraction(const Call &call) {
  auto op = llvm::dyn_cast<EinsumOp>(call.op);
  if (!op) return std::nullopt;
  EinsumOp::Terms t = op.getTerms();
  // Each letter is in all three terms (a batch), in both operands (summed), or in one operand and the result (rows, columns).
  std::string batch, summed, rows, columns;
  for (char letter : t.a) (!t.b.contains(letter) ? rows : t.y.contains(letter) ? batch : summed) += letter;
  for (char letter : t.b)
    if (!t.a.contains(letter)) columns += letter;

  Array a = permute(call.operands[0], order(t.a, batch + rows + summed)), b = permute(call.operands[1], order(t.b, batch + summed + columns));
  int64_t batches = product(a.shape(), 0, batch.size()), m = product(a.shape(), batch.size(), rows.size());
  int64_t k = product(b.shape(), batch.size(), summed.size()), n = product(b.shape(), batch.size() + summed.size(), columns.size());

  Shape shape(a.shape().begin(), a.shape().begin() + static_cast<int64_t>(batch.size() + rows.size()));
  shape.insert(shape.end(), b.shape().end() - static_cast<int64_t>(columns.size()), b.shape().end());
  Array y = Array::uninitialized(shape, call.dtype);
  withNumber(call.dtype, [&]<class T>() {
    using Matrix = RowMajor<T>;
    for (int64_t i = 0; i < batches; ++i)
      Eigen::Map<Matrix>(elements<T>(y) + i * m * n, m, n).noalias() =
          Eigen::Map<const Matrix>(elements<T>(a) + i * m * k, m, k) * Eigen::Map<const Matrix>(elements<T>(b) + i * k * n, k, n);
    return 0;
  });
  std::string computed = batch + rows + columns;
  return permute(y, order(computed, t.y.str()));
}

} // namespace cornu::interpreter
