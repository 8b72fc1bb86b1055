#include "runtime/array.h"

#ifdef __linux__
#include <sys/mman.h>
#endif

#include <Eigen/Core>
#include <cmath>
#include <cstdio>
#include <cstring>
#include <limits>
#include <new>
#include <ostream>

namespace cornu {
namespace {
constexpr std::align_val_t alignment{64};

std::shared_ptr<void> allocate(size_t bytes) {
  // Rounded up to whole vectors, so that a kernel may load its last vector in full.
  size_t rounded = (bytes + 63) / 64 * 64 + 64;
#ifdef __linux__
  // Matrices of a megabyte and more are walked by columns of tiles, a page a row or two: large pages spare the address cache.
  constexpr size_t largePage = 2 << 20;
  if (rounded >= largePage / 2) {
    constexpr std::align_val_t pageAlignment{largePage};
    rounded = (rounded + largePage - 1) / largePage * largePage;   // a part of one is none
    void *memory = ::operator new(rounded, pageAlignment);
    madvise(memory, rounded, MADV_HUGEPAGE);   // a wish: without large pages all works as well
    return {memory, [](void *p) { ::operator delete(p, std::align_val_t{largePage}); }};
  }
#endif
  return {::operator new(rounded, alignment), [](void *p) { ::operator delete(p, alignment); }};
}

/// Calls `f` with a null pointer of the C++ type of `type`.
template <class F> auto dispatch(DType type, F &&f) {
  switch (type) {
  case DType::Bool: return f(static_cast<bool *>(nullptr));
  case DType::Int8: return f(static_cast<int8_t *>(nullptr));
  case DType::UInt8: return f(static_cast<uint8_t *>(nullptr));
  case DType::Int16: return f(static_cast<int16_t *>(nullptr));
  case DType::Int32: return f(static_cast<int32_t *>(nullptr));
  case DType::Int64: return f(static_cast<int64_t *>(nullptr));
  case DType::UInt32: return f(static_cast<uint32_t *>(nullptr));
  case DType::UInt64: return f(static_cast<uint64_t *>(nullptr));
  case DType::Float16: return f(static_cast<Eigen::half *>(nullptr));
  case DType::BFloat16: return f(static_cast<Eigen::bfloat16 *>(nullptr));
  case DType::Float32: return f(static_cast<float *>(nullptr));
  case DType::Float64: return f(static_cast<double *>(nullptr));
  }
  throw InternalError("unknown element type");
}

template <class T> constexpr bool isHalf = std::is_same_v<T, Eigen::half> || std::is_same_v<T, Eigen::bfloat16>;

/// Conversion that is defined for every value: out of range saturates, NaN becomes 0.
template <class To, class From> To convert(From value) {
  if constexpr (isHalf<From>) {
    return convert<To>(static_cast<float>(value));
  } else if constexpr (std::is_same_v<To, bool>) {
    return value != From(0);
  } else if constexpr (isHalf<To>) {
    return To(static_cast<float>(value));
  } else if constexpr (std::is_floating_point_v<From> && std::is_integral_v<To>) {
    if (std::isnan(value)) return 0;
    if (value >= static_cast<double>(std::numeric_limits<To>::max())) return std::numeric_limits<To>::max();
    if (value <= static_cast<double>(std::numeric_limits<To>::min())) return std::numeric_limits<To>::min();
    return static_cast<To>(value);
  } else {
    return static_cast<To>(value);
  }
}
} // namespace

int64_t Array::countOf(const std::vector<int64_t> &shape) {
  int64_t count = 1;
  bool zero = false;
  for (int64_t extent : shape) {
    if (extent < 0) throw UserError("Array: extents must not be negative", "shape=" + shapeString(shape));
    if (extent == 0) zero = true;
    else if (__builtin_mul_overflow(count, extent, &count) || count > (int64_t(1) << 56))
      throw UserError("Array: the shape has more elements than memory can hold", "shape=" + shapeString(shape));
  }
  return zero ? 0 : count;
}

Array::Array(std::vector<int64_t> shape, DType dtype) {
  *this = uninitialized(std::move(shape), dtype);
  if (bytes()) std::memset(raw(), 0, bytes());
}

Array Array::adopt(void *data, size_t count, std::vector<int64_t> shape, DType dtype, std::shared_ptr<void> owner) {
  int64_t wanted = countOf(shape);
  if (static_cast<size_t>(wanted) != count)
    throw UserError("Array: the shape must have as many elements as there are values",
                    "shape=" + shapeString(shape) + " for " + std::to_string(count) + " values");
  Array result;
  result.shape_ = std::move(shape);
  result.dtype_ = dtype;
  result.size_ = wanted;
  // Without an owner the aliasing pointer owns nothing: the memory is borrowed.
  result.data_ = std::shared_ptr<void>(std::move(owner), data);
  return result;
}

Array Array::copyOf(const void *data, size_t count, DType dtype, std::vector<int64_t> shape) {
  int64_t wanted = countOf(shape);
  if (static_cast<size_t>(wanted) != count)
    throw UserError("Array: the shape must have as many elements as there are values",
                    "shape=" + shapeString(shape) + " for " + std::to_string(count) + " values");
  Array result = uninitialized(std::move(shape), dtype);
  if (count) std::memcpy(result.raw(), data, result.bytes());
  return result;
}

Array Array::zeros(std::vector<int64_t> shape, DType dtype) { return Array(std::move(shape), dtype); }

Array Array::full(std::vector<int64_t> shape, double value, DType dtype) {
  Array result = uninitialized(std::move(shape), dtype);
  dispatch(dtype, [&](auto *tag) {
    using T = std::remove_pointer_t<decltype(tag)>;
    T *out = static_cast<T *>(result.raw());
    std::fill(out, out + result.size(), convert<T>(value));
  });
  return result;
}

Array Array::uninitialized(std::vector<int64_t> shape, DType dtype) {
  Array result;
  result.size_ = countOf(shape);
  result.shape_ = std::move(shape);
  result.dtype_ = dtype;
  try {
    result.data_ = allocate(result.bytes());
  } catch (const std::bad_alloc &) {
    throw EnvironmentError("not enough memory for an array of shape " + shapeString(result.shape_) + " (" +
                           std::to_string(result.bytes() >> 20) + " MiB)");
  }
  return result;
}

Array Array::borrow(void *data, std::vector<int64_t> shape, DType dtype) {
  int64_t count = countOf(shape);
  return adopt(data, static_cast<size_t>(count), std::move(shape), dtype, nullptr);
}

int64_t Array::dim(int64_t axis) const {
  int64_t a = axis < 0 ? axis + rank() : axis;
  if (a < 0 || a >= rank())
    throw UserError("Array: the axis must exist", "axis=" + std::to_string(axis) + " of shape " + shapeString(shape_));
  return shape_[a];
}

void Array::wrongType(DType asked) const {
  throw UserError("Array: elements are read in their own type (astype converts)",
                  std::string(nameOf(asked)) + " asked of an array of " + std::string(nameOf(dtype_)));
}

double Array::at(int64_t index) const {
  if (index < 0 || index >= size_)
    throw UserError("Array: the element must exist", "index " + std::to_string(index) + " of " + std::to_string(size_));
  return dispatch(dtype_, [&](auto *tag) {
    using T = std::remove_pointer_t<decltype(tag)>;
    return convert<double>(static_cast<const T *>(raw())[index]);
  });
}

void Array::set(int64_t index, double value) {
  if (index < 0 || index >= size_)
    throw UserError("Array: the element must exist", "index " + std::to_string(index) + " of " + std::to_string(size_));
  dispatch(dtype_, [&](auto *tag) {
    using T = std::remove_pointer_t<decltype(tag)>;
    static_cast<T *>(raw())[index] = convert<T>(value);
  });
}

Array Array::astype(DType dtype) const {
  if (dtype == dtype_) return *this;
  Array result = uninitialized(shape_, dtype);
  dispatch(dtype_, [&](auto *from) {
    using From = std::remove_pointer_t<decltype(from)>;
    const From *in = static_cast<const From *>(raw());
    dispatch(dtype, [&](auto *to) {
      using To = std::remove_pointer_t<decltype(to)>;
      To *out = static_cast<To *>(result.raw());
      for (int64_t i = 0; i < size_; ++i) out[i] = convert<To>(in[i]);
    });
  });
  return result;
}

Array Array::reshape(std::vector<int64_t> shape) const {
  std::vector<int64_t> asked = shape;
  int64_t known = 1, inferred = -1;
  for (size_t i = 0; i < shape.size(); ++i) {
    if (shape[i] != -1) continue;
    if (inferred >= 0) throw UserError("reshape: at most one extent may be -1", "shape=" + shapeString(asked));
    inferred = static_cast<int64_t>(i);
    shape[i] = 1;
  }
  known = countOf(shape);
  if (inferred >= 0 && known > 0) shape[inferred] = size_ / known;
  if (countOf(shape) != size_)
    throw UserError("reshape: the number of elements must stay the same", shapeString(shape_) + " to " + shapeString(asked));
  Array result = *this;
  result.shape_ = std::move(shape);
  return result;
}

Array Array::rows(int64_t begin, int64_t end) const {
  if (rank() == 0 || begin < 0 || end < begin || end > shape_[0])
    throw UserError("rows: the range must lie within the leading axis",
                    "[" + std::to_string(begin) + ", " + std::to_string(end) + ") of shape " + shapeString(shape_));
  int64_t stride = shape_[0] ? size_ / shape_[0] : 0;
  Array result = *this;
  result.shape_[0] = end - begin;
  result.size_ = stride * (end - begin);
  char *start = static_cast<char *>(data_.get());
  if (start) start += static_cast<size_t>(begin * stride) * sizeOf(dtype_);
  result.data_ = std::shared_ptr<void>(data_, start);
  return result;
}

Array Array::columns(int64_t begin, int64_t end) const {
  if (rank() == 0 || begin < 0 || end < begin || end > shape_.back())
    throw UserError("columns: the range must lie within the last axis",
                    "[" + std::to_string(begin) + ", " + std::to_string(end) + ") of shape " + shapeString(shape_));
  std::vector<int64_t> shape = shape_;
  shape.back() = end - begin;
  Array result = uninitialized(std::move(shape), dtype_);
  size_t item = sizeOf(dtype_), take = static_cast<size_t>(end - begin) * item, stride = static_cast<size_t>(shape_.back()) * item;
  const char *in = static_cast<const char *>(raw()) + static_cast<size_t>(begin) * item;
  char *out = static_cast<char *>(result.raw());
  for (size_t done = 0; done < result.bytes(); done += take, in += stride) std::memcpy(out + done, in, take);
  return result;
}

Array Array::view(size_t offset, std::vector<int64_t> shape, DType dtype) const {
  auto wanted = static_cast<size_t>(countOf(shape)) * sizeOf(dtype);
  char *start = static_cast<char *>(data_.get()) + offset;
  if (offset > bytes() || wanted > bytes() - offset || reinterpret_cast<uintptr_t>(start) % sizeOf(dtype) != 0)
    throw UserError("view: the array must lie within the memory, aligned to its element type",
                    shapeString(shape) + " " + std::string(nameOf(dtype)) + " at byte " + std::to_string(offset) + " of " + std::to_string(bytes()));
  Array result;
  result.size_ = countOf(shape);
  result.shape_ = std::move(shape);
  result.dtype_ = dtype;
  result.data_ = std::shared_ptr<void>(data_, start);
  return result;
}

void Array::gatherRows(std::span<const int64_t> indices, Array &destination) const {
  bool fits = rank() > 0 && destination.rank() == rank() && destination.dtype_ == dtype_ &&
              destination.shape_[0] >= static_cast<int64_t>(indices.size()) &&
              std::equal(shape_.begin() + 1, shape_.end(), destination.shape_.begin() + 1);
  if (!fits)
    throw UserError("gatherRows: the destination needs the same dtype and row shape, and room for every row",
                    std::to_string(indices.size()) + " rows of " + shapeString(shape_) + " " + std::string(nameOf(dtype_)) + " into " +
                        shapeString(destination.shape_) + " " + std::string(nameOf(destination.dtype_)));
  size_t stride = shape_[0] ? bytes() / static_cast<size_t>(shape_[0]) : 0;
  const char *in = static_cast<const char *>(raw());
  char *out = static_cast<char *>(destination.raw());
  for (int64_t index : indices) {
    if (index < 0 || index >= shape_[0])
      throw UserError("gatherRows: every index must name a row", "index " + std::to_string(index) + " of " + std::to_string(shape_[0]));
    if (stride) std::memcpy(out, in + static_cast<size_t>(index) * stride, stride);
    out += stride;
  }
}

Array Array::gatherRows(std::span<const int64_t> indices) const {
  std::vector<int64_t> shape = shape_;
  if (!shape.empty()) shape[0] = static_cast<int64_t>(indices.size());
  Array result = uninitialized(std::move(shape), dtype_);
  gatherRows(indices, result);
  return result;
}

Array Array::clone() const { return copyOf(raw(), static_cast<size_t>(size_), dtype_, shape_); }

bool operator==(const Array &a, const Array &b) {
  if (a.dtype_ != b.dtype_ || a.shape_ != b.shape_) return false;
  return dispatch(a.dtype_, [&](auto *tag) {
    using T = std::remove_pointer_t<decltype(tag)>;
    const T *x = static_cast<const T *>(a.raw()), *y = static_cast<const T *>(b.raw());
    for (int64_t i = 0; i < a.size_; ++i)
      if (!(x[i] == y[i])) return false;
    return true;
  });
}

namespace {
std::string element(const Array &array, int64_t index) {
  char text[40];
  if (array.dtype() == DType::Bool) return array.at(index) != 0 ? "True" : "False";
  if (array.dtype() == DType::Int64) return std::to_string(array.data<int64_t>()[index]);
  if (array.dtype() == DType::UInt64) return std::to_string(array.data<uint64_t>()[index]);
  if (isFloating(array.dtype())) std::snprintf(text, sizeof text, "%.8g", array.at(index));
  else std::snprintf(text, sizeof text, "%.0f", array.at(index));
  return text;
}

void print(std::ostream &os, const Array &array, size_t axis, int64_t offset, int64_t stride, bool abbreviate) {
  if (axis == array.shape().size()) {
    os << element(array, offset);
    return;
  }
  int64_t extent = array.shape()[axis];
  int64_t inner = extent ? stride / extent : 0;
  bool last = axis + 1 == array.shape().size();
  os << '[';
  for (int64_t i = 0; i < extent; ++i) {
    if (i) {
      if (last) os << ", ";
      else os << ",\n" << std::string(axis + 1, ' ');
    }
    if (abbreviate && extent > 6 && i == 3) {
      os << "...";
      i = extent - 4;
      continue;
    }
    print(os, array, axis + 1, offset + i * inner, inner, abbreviate);
  }
  os << ']';
}
} // namespace

std::ostream &operator<<(std::ostream &os, const Array &array) {
  print(os, array, 0, 0, array.size(), array.size() > 1000);
  return os << "  shape=" << shapeString(array.shape()) << " dtype=" << nameOf(array.dtype());
}

} // namespace cornu
