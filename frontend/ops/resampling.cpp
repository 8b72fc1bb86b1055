// Interpolation along an axis: a product with a constant matrix of weights.
#include "frontend/ops/emit.h"
#include "frontend/ops/windows.h"

#include <cmath>
#include <numbers>

namespace cornu::ops {

namespace {

double bilinear(double x) { return std::max(0.0, 1 - std::abs(x)); }

/// Keys's cubic convolution with a = -1/2 (IEEE Trans. ASSP 29, 1981).
double bicubic(double x) {
  x = std::abs(x);
  if (x < 1) return (1.5 * x - 2.5) * x * x + 1;
  return x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

template <int radius> double lanczos(double x) {
  if (std::abs(x) >= radius) return 0;
  double t = std::numbers::pi * x;
  return std::abs(x) < 1e-9 ? 1 : radius * std::sin(t) * std::sin(t / radius) / (t * t);
}

using Weight = double (*)(double);

Weight weightOf(const std::string &interpolation) {
  if (interpolation == "bilinear") return bilinear;
  if (interpolation == "bicubic") return bicubic;
  if (interpolation == "lanczos3") return lanczos<3>;
  if (interpolation == "lanczos5") return lanczos<5>;
  return nullptr;
}

} // namespace

void checkInterpolation(const std::string &who, const std::string &interpolation) {
  if (!weightOf(interpolation))
    throw UserError(who + ": interpolation must be 'nearest', 'bilinear', 'bicubic', 'lanczos3' or 'lanczos5'", "interpolation='" + interpolation + "'");
}

Tensor resampled(const Tensor &x, int64_t axis, int64_t extent, const std::string &interpolation) {
  int64_t from = x.dim(axis);
  Weight weight = weightOf(interpolation);
  std::vector<double> matrix(static_cast<size_t>(extent * from));
  for (int64_t q = 0; q < extent; ++q) {
    double at = (static_cast<double>(q) + 0.5) * static_cast<double>(from) / static_cast<double>(extent) - 0.5, sum = 0;
    double *row = matrix.data() + q * from;
    for (int64_t p = 0; p < from; ++p) sum += row[p] = weight(static_cast<double>(p) - at);
    for (int64_t p = 0; p < from; ++p) row[p] /= sum;
  }
  ir::ExprBuilder e = expressions();
  ir::Expr image = e(value(x));
  std::string in = std::string("abcdefgh").substr(0, static_cast<size_t>(x.rank())), out = in;
  out[static_cast<size_t>(axis)] = 'q';
  std::string row = {'q', in[static_cast<size_t>(axis)]};
  ir::Expr weights = e.tensor(mlir::RankedTensorType::get({extent, from}, image.elementType()), matrix);
  return wrap(ir::einsum(in + "," + row + "->" + out, image, weights));
}

} // namespace cornu::ops
