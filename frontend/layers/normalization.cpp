#include "frontend/layers/normalization.h"

#include <algorithm>
#include <cmath>

#include "frontend/layers/normalizing.h"

namespace cornu {

Normalization::Normalization(NormalizationOptions options) : Layer(baseOf(options)), given(std::move(options)) {
  if (given.mean.has_value() != given.variance.has_value())
    fail("mean and variance must be given together", given.mean ? "only mean" : "only variance");
  if (given.mean && (given.mean->isSingle() != given.variance->isSingle() || given.mean->list().size() != given.variance->list().size()))
    fail("mean and variance must have the same shape", std::to_string(given.mean->list().size()) + " and " + std::to_string(given.variance->list().size()));
  if (given.mean && !given.mean->isSingle() && given.axis.list().empty())
    fail("without an axis mean and variance must be one number each", std::to_string(given.mean->list().size()) + " numbers");
}

std::vector<int64_t> Normalization::keptAxes(const Shape &input) const { return featureAxes(*this, given.axis.list(), input); }

void Normalization::build(const Shape &input) {
  Shape shape = extentsAt(input, keptAxes(input));
  if (!given.mean) {
    mean = add_weight("mean", shape, {.initializer = "zeros", .trainable = false});
    variance = add_weight("variance", shape, {.initializer = "ones", .trainable = false});
    count = add_weight("count", {}, {.initializer = "zeros", .trainable = false, .dtype = DType::Int64}); // for files of older versions
    return;
  }
  if (given.mean->isSingle()) return;
  auto constant = [&](const char *what, const std::vector<double> &values) {
    auto n = static_cast<int64_t>(values.size());
    if (n != 1 && n != shape.back()) fail("mean and variance must have as many elements as the last of the axes", std::to_string(n) + " for " + shapeString(input));
    Shape own(shape.size() - 1, 1);
    own.push_back(n);
    Initializer initial([values](const Shape &s, DType type) { return Array(values, s).astype(type); });
    return Variable::create(what, name() + "/" + what, own, {.initializer = initial, .trainable = false, .dtype = dtype(), .role = Role::State});
  };
  mean = constant("mean", given.mean->list());
  variance = constant("variance", given.variance->list());
}

void Normalization::adapt(const Array &data) {
  if (given.mean) fail("adapt() is for layers without mean and variance", "mean and variance given");
  Shape input = data.shape();
  if (input.empty() || input[0] < 1) fail("adapt() takes at least one sample", "shape=" + shapeString(input));
  input[0] = -1;
  auto self = shared();
  self->ensureBuilt({input});
  std::vector<int64_t> kept = keptAxes(input);
  if (extentsAt(input, kept) != self->mean.shape())
    fail("adapt() must be given data of the shape the layer was built for", "shape=" + shapeString(data.shape()));
  // Two passes in float64: sums by place, then squared distances.
  Array sum(self->mean.shape(), DType::Float64), squares(self->mean.shape(), DType::Float64);
  auto eachPlace = [&](auto &&visit) {
    std::vector<int64_t> index(input.size(), 0);
    for (int64_t i = 0; i < data.size(); ++i) {
      int64_t place = 0;
      for (int64_t axis : kept) place = place * data.dim(axis) + index[static_cast<size_t>(axis)];
      visit(place, data.at(i));
      for (size_t d = index.size(); d-- > 0;) {
        if (++index[d] < data.dim(static_cast<int64_t>(d))) break;
        index[d] = 0;
      }
    }
  };
  double n = static_cast<double>(data.size()) / static_cast<double>(sum.size());
  eachPlace([&](int64_t place, double value) { sum.set(place, sum.at(place) + value); });
  for (int64_t i = 0; i < sum.size(); ++i) sum.set(i, sum.at(i) / n);
  eachPlace([&](int64_t place, double value) { squares.set(place, squares.at(place) + (value - sum.at(place)) * (value - sum.at(place))); });
  for (int64_t i = 0; i < squares.size(); ++i) squares.set(i, squares.at(i) / n);
  self->mean.assign(sum.astype(self->mean.dtype()));
  self->variance.assign(squares.astype(self->variance.dtype()));
}

Tensor Normalization::call(const Tensor &x) {
  std::vector<int64_t> kept = keptAxes(x.shape());
  auto statistic = [&](const Variable &variable, const std::optional<OneOrMany<double>> &number) -> Tensor {
    if (number && number->isSingle()) return number->list()[0];
    Shape shape(static_cast<size_t>(x.rank()), 1);
    for (size_t i = 0; i < kept.size(); ++i) shape[static_cast<size_t>(kept[i])] = variable.shape()[i];
    return reshape(variable, shape);
  };
  Tensor values = cast(x, dtype()), mu = statistic(mean, given.mean), deviation;
  if (given.variance && given.variance->isSingle()) deviation = std::max(std::sqrt(given.variance->list()[0]), 1e-7);
  else deviation = maximum(sqrt(statistic(variance, given.variance)), 1e-7);
  return given.invert ? mu + values * deviation : (values - mu) / deviation;
}

Json Normalization::get_config() const {
  Json c = Layer::get_config();
  c["axis"] = given.axis.list(); // Keras makes a list of it at once
  c["invert"] = given.invert;
  c["mean"] = given.mean ? given.mean->json() : Json();
  c["variance"] = given.variance ? given.variance->json() : Json();
  return c;
}

static const LayerRegistration registration("Normalization", [](const Json &c) {
  const Json *axis = c.find("axis");
  const Json &mean = c.get("mean"), &variance = c.get("variance");
  NormalizationOptions options{.invert = config::flag(c, "invert", false)};
  if (axis) options.axis = axis->isNull() ? OneOrMany<int64_t>() : OneOrMany<int64_t>::from(*axis);
  if (!mean.isNull()) options.mean = OneOrMany<double>::from(mean);
  if (!variance.isNull()) options.variance = OneOrMany<double>::from(variance);
  return Normalization(withBase(options, c)).shared();
});

} // namespace cornu
