// Arrays as Eigen maps, and Eigen matrices as arrays.
#pragma once

#include <Eigen/Core>

#include "runtime/array.h"

namespace cornu {

template <class T> using RowMajor = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// The array as a matrix: all axes but the last are the rows, the last the columns. Shares memory.
template <class T> Eigen::Map<RowMajor<T>> asMatrix(Array &array) {
  int64_t columns = array.rank() ? array.shape().back() : 1;
  return {array.data<T>(), columns ? array.size() / columns : 0, columns};
}
template <class T> Eigen::Map<const RowMajor<T>> asMatrix(const Array &array) {
  int64_t columns = array.rank() ? array.shape().back() : 1;
  return {array.data<T>(), columns ? array.size() / columns : 0, columns};
}

/// All elements in a row. Shares memory.
template <class T> Eigen::Map<Eigen::Array<T, Eigen::Dynamic, 1>> asFlat(Array &array) { return {array.data<T>(), array.size()}; }
template <class T> Eigen::Map<const Eigen::Array<T, Eigen::Dynamic, 1>> asFlat(const Array &array) { return {array.data<T>(), array.size()}; }

/// A copy of any dense Eigen expression, of shape (rows, columns).
template <class Derived> Array toArray(const Eigen::DenseBase<Derived> &expression) {
  using T = typename Derived::Scalar;
  Array result = Array::uninitialized({expression.rows(), expression.cols()}, dtypeOf<T>);
  for (Eigen::Index r = 0; r < expression.rows(); ++r)
    for (Eigen::Index c = 0; c < expression.cols(); ++c) result.template data<T>()[r * expression.cols() + c] = expression.derived().coeff(r, c);
  return result;
}

} // namespace cornu
