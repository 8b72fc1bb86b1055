#include "frontend/initializers/matrices.h"

#include <cmath>

#include "frontend/core/seed.h"
#include "runtime/random.h"

namespace cornu::initializers {

namespace {

/// Makes `count` vectors of `length` ≥ count orthonormal, in place (Gram-Schmidt, twice: the second pass takes what rounding left).
void orthonormalize(std::vector<double> &vectors, int64_t count, int64_t length) {
  auto vector = [&](int64_t i) { return vectors.data() + i * length; };
  auto dot = [length](const double *a, const double *b) {
    double sum = 0;
    for (int64_t k = 0; k < length; ++k) sum += a[k] * b[k];
    return sum;
  };
  for (int64_t i = 0; i < count; ++i) {
    for (int pass = 0; pass < 2; ++pass)
      for (int64_t j = 0; j < i; ++j) {
        double part = dot(vector(i), vector(j));
        for (int64_t k = 0; k < length; ++k) vector(i)[k] -= part * vector(j)[k];
      }
    double norm = std::sqrt(dot(vector(i), vector(i)));
    for (int64_t k = 0; k < length; ++k) vector(i)[k] /= norm;
  }
}

} // namespace

Initializer Orthogonal(OrthogonalOptions o) {
  return Initializer("Orthogonal", Json::object({{"seed", o.seed}, {"gain", o.gain}}), [o](const std::vector<int64_t> &shape, DType dtype) {
    if (shape.size() < 2) throw UserError("Orthogonal: a variable must have at least 2 axes", "shape=" + shapeString(shape));
    int64_t columns = shape.back(), rows = 1;
    for (size_t i = 0; i + 1 < shape.size(); ++i) rows *= shape[i];
    int64_t count = std::min(rows, columns), length = std::max(rows, columns);
    std::vector<float> drawn(static_cast<size_t>(count * length));
    fillNormal(std::span<float>(drawn), o.seed ? *o.seed : nextSeed(), 0, 0, 1);
    std::vector<double> vectors(drawn.begin(), drawn.end());
    orthonormalize(vectors, count, length);
    Array value = Array::uninitialized(shape, DType::Float32);
    for (int64_t r = 0; r < rows; ++r)
      for (int64_t c = 0; c < columns; ++c) value.set(r * columns + c, o.gain * vectors[static_cast<size_t>(rows < columns ? r * length + c : c * length + r)]);
    return value.astype(dtype);
  });
}

Initializer Identity(double gain) {
  return Initializer("Identity", Json::object({{"gain", gain}}), [gain](const std::vector<int64_t> &shape, DType dtype) {
    if (shape.size() != 2) throw UserError("Identity: a variable must have 2 axes", "shape=" + shapeString(shape));
    Array value = Array::zeros(shape, dtype);
    for (int64_t i = 0; i < std::min(shape[0], shape[1]); ++i) value.set(i * shape[1] + i, gain);
    return value;
  });
}

} // namespace cornu::initializers
