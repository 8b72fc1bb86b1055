// The host tensor: what goes into fit and predict, and what comes out.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <span>
#include <string>
#include <type_traits>
#include <vector>

#include "runtime/dtype.h"
#include "runtime/errors.h"

namespace cornu {

/// The element type that stands for the C++ type T, where there is one.
template <class T> struct DTypeOf;
template <> struct DTypeOf<bool> { static constexpr DType value = DType::Bool; };
template <> struct DTypeOf<int8_t> { static constexpr DType value = DType::Int8; };
template <> struct DTypeOf<uint8_t> { static constexpr DType value = DType::UInt8; };
template <> struct DTypeOf<int16_t> { static constexpr DType value = DType::Int16; };
template <> struct DTypeOf<int32_t> { static constexpr DType value = DType::Int32; };
template <> struct DTypeOf<int64_t> { static constexpr DType value = DType::Int64; };
template <> struct DTypeOf<long long> { static constexpr DType value = DType::Int64; };
template <> struct DTypeOf<uint32_t> { static constexpr DType value = DType::UInt32; };
template <> struct DTypeOf<uint64_t> { static constexpr DType value = DType::UInt64; };
template <> struct DTypeOf<float> { static constexpr DType value = DType::Float32; };
template <> struct DTypeOf<double> { static constexpr DType value = DType::Float64; };
template <class T> inline constexpr DType dtypeOf = DTypeOf<std::remove_cv_t<T>>::value;

/// A dense row-major tensor in host memory. Copying an Array copies a handle: both see the same elements, as with NumPy;
/// `clone()` copies the elements. Memory that Cornu allocates is 64-byte aligned; memory may also be borrowed.
/// Every member throws UserError when its rule is broken.
class Array {
public:
  /// No elements: shape (0,), float32.
  Array() = default;
  /// `shape` elements of `dtype`, all zero. Extents must not be negative.
  Array(std::vector<int64_t> shape, DType dtype);
  /// The values in row-major order; `shape` must have exactly as many elements. Without a shape: one axis.
  template <class T, class = decltype(DTypeOf<T>::value)> Array(std::span<const T> values, std::vector<int64_t> shape)
      : Array(copyOf(values.data(), values.size(), dtypeOf<T>, std::move(shape))) {}
  template <class T, class = decltype(DTypeOf<T>::value)> Array(const std::vector<T> &values, std::vector<int64_t> shape)
      : Array(std::span<const T>(values), std::move(shape)) {}
  template <class T, class = decltype(DTypeOf<T>::value)> Array(const std::vector<T> &values)
      : Array(std::span<const T>(values), {static_cast<int64_t>(values.size())}) {}
  template <class T, class = decltype(DTypeOf<T>::value)> Array(std::initializer_list<T> values, std::vector<int64_t> shape)
      : Array(std::span<const T>(values.begin(), values.size()), std::move(shape)) {}
  /// Takes the vector over without copying its elements.
  template <class T, class = std::enable_if_t<!std::is_same_v<T, bool>, decltype(DTypeOf<T>::value)>>
  Array(std::vector<T> &&values, std::vector<int64_t> shape) {
    auto owner = std::make_shared<std::vector<T>>(std::move(values));
    *this = adopt(owner->data(), owner->size(), std::move(shape), dtypeOf<T>, owner);
  }

  static Array zeros(std::vector<int64_t> shape, DType dtype = DType::Float32);
  static Array full(std::vector<int64_t> shape, double value, DType dtype = DType::Float32);
  /// A tensor of rank 0.
  static Array scalar(double value, DType dtype = DType::Float32) { return full({}, value, dtype); }
  /// Elements that are not initialised, for code that writes all of them.
  static Array uninitialized(std::vector<int64_t> shape, DType dtype = DType::Float32);
  /// A view of memory that the caller owns and keeps alive; nothing is copied.
  template <class T> static Array borrow(T *data, std::vector<int64_t> shape) {
    int64_t count = countOf(shape);
    return adopt(const_cast<std::remove_const_t<T> *>(data), static_cast<size_t>(count), std::move(shape), dtypeOf<T>, nullptr);
  }
  static Array borrow(void *data, std::vector<int64_t> shape, DType dtype);

  const std::vector<int64_t> &shape() const { return shape_; }
  int64_t rank() const { return static_cast<int64_t>(shape_.size()); }
  /// Extent of an axis; a negative axis counts from the end.
  int64_t dim(int64_t axis) const;
  /// Number of elements.
  int64_t size() const { return size_; }
  DType dtype() const { return dtype_; }
  size_t bytes() const { return static_cast<size_t>(size_) * sizeOf(dtype_); }
  bool empty() const { return size_ == 0; }

  void *raw() { return data_.get(); }
  const void *raw() const { return data_.get(); }
  /// The elements, row-major. T must be the C++ type of dtype().
  template <class T> T *data() { return checkType(dtypeOf<T>), static_cast<T *>(raw()); }
  template <class T> const T *data() const { return checkType(dtypeOf<T>), static_cast<const T *>(raw()); }
  template <class T> std::span<T> span() { return {data<T>(), static_cast<size_t>(size_)}; }
  template <class T> std::span<const T> span() const { return {data<T>(), static_cast<size_t>(size_)}; }
  template <class T> std::vector<T> toVector() const { auto s = span<T>(); return std::vector<T>(s.begin(), s.end()); }
  /// Element `index` (row-major) as a double, whatever the dtype.
  double at(int64_t index) const;
  void set(int64_t index, double value);

  /// The same values in another type. The same handle when the type is already that. Floats become integers by
  /// truncation (as NumPy), anything but zero becomes true.
  Array astype(DType dtype) const;
  /// The same elements seen in another shape; one extent may be -1 and is then inferred. Shares memory.
  Array reshape(std::vector<int64_t> shape) const;
  /// Rows begin … end-1 of the leading axis. Shares memory.
  Array rows(int64_t begin, int64_t end) const;
  /// Columns begin … end-1 of the last axis, copied.
  Array columns(int64_t begin, int64_t end) const;
  /// The memory from byte `offset` on, seen as another array. Shares memory; UserError if it does not fit or is not aligned.
  Array view(size_t offset, std::vector<int64_t> shape, DType dtype) const;
  /// Copies the rows named by `indices` (of the leading axis) to the first rows of `destination`, which has the same
  /// dtype and the same extents after the first.
  void gatherRows(std::span<const int64_t> indices, Array &destination) const;
  Array gatherRows(std::span<const int64_t> indices) const;
  /// A copy of the elements in memory of its own.
  Array clone() const;

  /// Same dtype, same shape, equal elements (NaN differs from NaN).
  friend bool operator==(const Array &, const Array &);

private:
  static int64_t countOf(const std::vector<int64_t> &shape);
  static Array copyOf(const void *data, size_t count, DType dtype, std::vector<int64_t> shape);
  static Array adopt(void *data, size_t count, std::vector<int64_t> shape, DType dtype, std::shared_ptr<void> owner);
  void checkType(DType asked) const {
    if (asked != dtype_) wrongType(asked);
  }
  [[noreturn]] void wrongType(DType asked) const;

  std::vector<int64_t> shape_{0};
  DType dtype_ = DType::Float32;
  int64_t size_ = 0;
  std::shared_ptr<void> data_;
};

/// As NumPy prints: nested brackets, three items at each end of a long axis, then shape and dtype.
std::ostream &operator<<(std::ostream &, const Array &);

} // namespace cornu
