#include "frontend/core/tensor_impl.h"

#include <ostream>

namespace cornu {

namespace {
const Tensor::Impl &get(const std::shared_ptr<const Tensor::Impl> &impl) {
  if (!impl) throw UserError("a Tensor must come from Input, a layer or an op before it is used", "a Tensor that was only declared");
  return *impl;
}
} // namespace

Tensor::Tensor(const Variable &variable) {
  Impl state{.kind = Impl::Kind::State, .shape = variable.shape(), .dtype = variable.dtype(), .node = {}, .value = {}, .mask = {}, .maskShape = {}, .variable = variable};
  impl = std::make_shared<Impl>(std::move(state));
}

Tensor Tensor::fromNumber(double number, bool integral) {
  Impl literal{.kind = Impl::Kind::Number, .shape = {}, .dtype = integral ? DType::Int32 : DType::Float32, .node = {}, .value = {}, .mask = {}, .maskShape = {},
               .number = number, .integral = integral, .variable = {}};
  return Tensor(std::make_shared<Impl>(std::move(literal)));
}

Tensor constantTensor(Array elements) {
  Tensor::Impl constant{.kind = Tensor::Impl::Kind::Constant, .shape = elements.shape(), .dtype = elements.dtype(), .node = {}, .value = {}, .mask = {}, .maskShape = {},
                        .variable = {}, .constant = std::move(elements)};
  return Tensor(std::make_shared<Tensor::Impl>(std::move(constant)));
}

const Shape &Tensor::shape() const { return get(impl).shape; }
DType Tensor::dtype() const { return get(impl).dtype; }
const std::shared_ptr<Node> &Tensor::node() const { return get(impl).node; }
int64_t Tensor::index() const { return get(impl).index; }
Tensor Tensor::mask() const { return Tensor(get(impl).mask); }
bool Tensor::masked() const { return get(impl).mask || get(impl).maskShape; }
std::string Tensor::name() const { return node() ? node()->layer->name() : ""; }

int64_t Tensor::dim(int64_t axis) const {
  int64_t r = rank(), i = axis < 0 ? axis + r : axis;
  if (i < 0 || i >= r) throw UserError("axis must be within the rank of the tensor", "axis=" + std::to_string(axis) + " for shape " + shapeString(shape()));
  return shape()[static_cast<size_t>(i)];
}

Tensor Node::output(const std::shared_ptr<Node> &node, int64_t i) {
  auto at = static_cast<size_t>(i);
  Tensor::Impl symbol{.kind = Tensor::Impl::Kind::Symbol, .shape = node->output_shapes[at], .dtype = node->output_dtypes[at],
                      .node = node, .index = i, .value = {}, .mask = {}, .maskShape = node->output_masks[at], .variable = {}};
  return Tensor(std::make_shared<Tensor::Impl>(std::move(symbol)));
}

std::ostream &operator<<(std::ostream &out, const Tensor &t) {
  if (!t) return out << "<no tensor>";
  out << (isSymbol(t) ? "<KerasTensor" : "<Tensor") << " shape=" << shapeString(t.shape()) << ", dtype=" << nameOf(t.dtype());
  if (isSymbol(t)) out << ", name=" << t.name();
  return out << ">";
}

} // namespace cornu
