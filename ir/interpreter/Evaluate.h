// What the op families of the interpreter share.
#pragma once

#include <algorithm>
#include <cstring>
#include <optional>
#include <vector>

#include <Eigen/Core>

#include "ir/CornuOps.h"
#include "runtime/array.h"
#include "runtime/errors.h"

namespace cornu::interpreter {

using Shape = std::vector<int64_t>;

/// One op to evaluate: its operands, and the shape and type of its one result with the batch filled in.
struct Call {
  mlir::Operation *op;
  llvm::ArrayRef<Array> operands;
  Shape shape;
  DType dtype;
  int64_t batch;
};

// One function for each op family; nullopt: the op is of another family.
std::optional<Array> evaluateElementwise(const Call &);
std::optional<Array> evaluateContraction(const Call &);
std::optional<Array> evaluateReduction(const Call &);
std::optional<Array> evaluateShape(const Call &);
std::optional<Array> evaluateIndexed(const Call &);
std::optional<Array> evaluateRandom(const Call &);

/// The element type of a tensor as Array knows it.
DType dtypeOfElement(mlir::Type element);

template <class T> const T *elements(const Array &a) { return static_cast<const T *>(a.raw()); }
template <class T> T *elements(Array &a) { return static_cast<T *>(a.raw()); }

/// Calls f<T>() with the C++ type of the elements.
template <class F> auto withFloat(DType type, F &&f) {
  switch (type) {
  case DType::Float16: return f.template operator()<Eigen::half>();
  case DType::BFloat16: return f.template operator()<Eigen::bfloat16>();
  case DType::Float32: return f.template operator()<float>();
  case DType::Float64: return f.template operator()<double>();
  default: throw UserError("this op needs floating-point elements", nameOf(type));
  }
}
template <class F> auto withNumber(DType type, F &&f) {
  switch (type) {
  case DType::Int8: return f.template operator()<int8_t>();
  case DType::Int32: return f.template operator()<int32_t>();
  case DType::Int64: return f.template operator()<int64_t>();
  case DType::Bool: throw UserError("this op needs numbers", nameOf(type));
  default: return withFloat(type, f);
  }
}
template <class F> auto withElement(DType type, F &&f) {
  return type == DType::Bool ? f.template operator()<bool>() : withNumber(type, f);
}

/// Row-major strides, in elements.
inline Shape stridesOf(const Shape &shape) {
  Shape strides(shape.size(), 1);
  for (size_t i = shape.size(); i-- > 1;) strides[i - 1] = strides[i] * shape[i];
  return strides;
}

/// A copy of the elements that lie at offset + sum(index * strides) in x: broadcasting (stride 0), transposition and slicing are all this.
inline Array gather(const Array &x, const Shape &shape, const Shape &strides, int64_t offset = 0) {
  Array y = Array::uninitialized(shape, x.dtype());
  withElement(x.dtype(), [&]<class T>() {
    const T *from = elements<T>(x) + offset;
    T *to = elements<T>(y);
    Shape index(shape.size(), 0);
    for (int64_t i = 0, n = y.size(), at = 0; i < n; ++i) {
      to[i] = from[at];
      for (size_t d = shape.size(); d-- > 0;) { // the next index, last dimension first
        at += strides[d];
        if (++index[d] < shape[d]) break;
        at -= strides[d] * shape[d];
        index[d] = 0;
      }
    }
    return 0;
  });
  return y;
}

/// Rows of bytes: everything from `dim` inwards is contiguous. Relates x to the part of y that begins at `start` along `dim`.
struct Band {
  int64_t outer = 1, xRow, yRow, offset;
  Band(const Array &x, const Array &y, int64_t dim, int64_t start) {
    int64_t inner = static_cast<int64_t>(sizeOf(x.dtype()));
    for (int64_t i = 0; i < dim; ++i) outer *= x.dim(i);
    for (int64_t i = dim + 1; i < x.rank(); ++i) inner *= x.dim(i);
    xRow = x.dim(dim) * inner, yRow = y.dim(dim) * inner, offset = start * inner;
  }
};

/// y[…, start : start + extent of x, …] = x.
inline void insert(const Array &x, Array &y, int64_t dim, int64_t start) {
  Band band(x, y, dim, start);
  for (int64_t i = 0; i < band.outer && band.xRow; ++i)
    std::memcpy(elements<char>(y) + i * band.yRow + band.offset, elements<char>(x) + i * band.xRow, static_cast<size_t>(band.xRow));
}

/// x repeated to `shape` by NumPy's rule.
inline Array expand(const Array &x, const Shape &shape) {
  if (x.shape() == shape) return x;
  Shape strides(shape.size(), 0), own = stridesOf(x.shape());
  for (size_t i = 0, lead = shape.size() - x.shape().size(); i < x.shape().size(); ++i)
    if (x.shape()[i] != 1) strides[lead + i] = own[i];
  return gather(x, shape, strides);
}

/// Dimension i of the result is dimension perm[i] of x.
inline Array permute(const Array &x, const std::vector<size_t> &perm) {
  Shape shape, strides, own = stridesOf(x.shape());
  for (size_t p : perm) {
    shape.push_back(x.shape()[p]);
    strides.push_back(own[p]);
  }
  return gather(x, shape, strides);
}

} // namespace cornu::interpreter
