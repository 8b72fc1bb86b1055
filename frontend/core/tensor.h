// Tensor: what layers take and give. On the surface a symbol (Keras's KerasTensor); inside a layer's `call` the value being computed.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <string>
#include <vector>

#include "runtime/dtype.h"
#include "runtime/errors.h"

namespace cornu {

/// Extents of a tensor. -1 stands for the batch, the only extent that is not known when a program is written.
using Shape = std::vector<int64_t>;

class Variable;
struct Node;

/// A handle: copies are the same tensor. Made by `Input`, by calling layers, and by the functions of ops.h.
class Tensor {
public:
  /// No tensor; false in a condition.
  Tensor() = default;
  /// A number, which takes the element type of the tensor it meets: `0.5f * x`.
  template <class T> requires std::is_arithmetic_v<T> Tensor(T number) : Tensor(fromNumber(static_cast<double>(number), std::integral<T>)) {}
  /// The value of a variable, as it was when the compiled function was entered.
  Tensor(const Variable &);

  /// With the batch as -1.
  const Shape &shape() const;
  int64_t rank() const { return static_cast<int64_t>(shape().size()); }
  /// Extent of an axis; a negative axis counts from the end.
  int64_t dim(int64_t axis) const;
  DType dtype() const;
  /// Name of the layer that made it, "" inside a `call`.
  std::string name() const;
  explicit operator bool() const { return impl != nullptr; }
  /// Which elements count, as Keras's _keras_mask: a bool tensor over the leading axes, most often (batch, time); no tensor if all of them do.
  /// Only inside a `call`.
  Tensor mask() const;
  /// True if the tensor carries a mask.
  bool masked() const;

  /// The call that made it, and which of its results it is; null inside a `call` and for numbers.
  const std::shared_ptr<Node> &node() const;
  int64_t index() const;

  struct Impl;
  explicit Tensor(std::shared_ptr<const Impl> impl) : impl(std::move(impl)) {}
  std::shared_ptr<const Impl> impl;

private:
  static Tensor fromNumber(double number, bool integral);
};

using Tensors = std::vector<Tensor>;

/// One tensor or several: what `Model(inputs, outputs)` takes. `{y}` is a list of one, and files keep it so.
class TensorList : public Tensors {
public:
  TensorList() = default;
  TensorList(Tensor one) : Tensors{std::move(one)}, single(true) {}
  TensorList(std::initializer_list<Tensor> several) : Tensors(several) {}
  TensorList(Tensors several) : Tensors(std::move(several)) {}
  bool isSingle() const { return single; }

private:
  bool single = false;
};

/// `<KerasTensor shape=(None, 64), dtype=float32, name=dense>`
std::ostream &operator<<(std::ostream &, const Tensor &);

} // namespace cornu
