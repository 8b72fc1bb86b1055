// Vector code of transcendental functions against libm in extended precision: largest errors, in units in the last place, and special values.
#include <cmath>
#include <functional>
#include <gtest/gtest.h>
#include <limits>

#include "Compare.h"

using namespace cornu;

namespace {

using Reference = std::function<long double(long double)>;

struct Function {
  const char *op;
  Reference reference;
  double ulpF32, ulpF64;
};

// A compiler that knows the types would take the overloads; the casts say which.
const Function functions[] = {
    {"exp", [](long double x) { return std::exp(x); }, 1, 1},
    {"expm1", [](long double x) { return std::expm1(x); }, 2, 2},
    {"log", [](long double x) { return std::log(x); }, 1, 1},
    {"log1p", [](long double x) { return std::log1p(x); }, 1, 1},
    {"tanh", [](long double x) { return std::tanh(x); }, 3.6, 2},
    {"sigmoid", [](long double x) { return 1 / (1 + std::exp(-x)); }, 2.6, 2.6},
    {"softplus", [](long double x) { return std::max(x, 0.0L) + std::log1p(std::exp(-std::abs(x))); }, 2, 2},
    {"erf", [](long double x) { return std::erf(x); }, 3, 2},
    {"sin", [](long double x) { return std::sin(x); }, 1, 1},
    {"cos", [](long double x) { return std::cos(x); }, 1, 1},
    {"rsqrt", [](long double x) { return 1 / std::sqrt(x); }, 1.6, 1.6},
};

/// An argument as compiled code sees it.
template <typename T>
T flushed(T x) {
  return std::fpclassify(x) == FP_SUBNORMAL ? std::copysign(T(0), x) : x;
}

/// Distance in units in the last place of T; subnormal references and the smallest normal number count as 0, to which compiled code may round.
template <typename T>
double ulps(T got, long double want) {
  T rounded = static_cast<T>(want);
  if (std::isnan(rounded) || std::isnan(got)) return std::isnan(rounded) && std::isnan(got) ? 0 : INFINITY;
  if (std::isinf(rounded) || std::isinf(got)) return got == rounded ? 0 : INFINITY;
  if (std::abs(rounded) <= std::numeric_limits<T>::min()) return std::abs(got) <= std::numeric_limits<T>::min() ? 0 : INFINITY;
  int exponent;
  std::frexp(rounded, &exponent);
  return static_cast<double>(std::abs(got - want) / std::ldexp(1.0L, exponent - std::numeric_limits<T>::digits));
}

/// Numbers of every magnitude and sign, densest where functions bend, and what is special.
template <typename T>
std::vector<T> arguments() {
  constexpr T inf = std::numeric_limits<T>::infinity();
  std::vector<T> x{0, T(-0.0), inf, -inf, std::numeric_limits<T>::quiet_NaN(), 1, -1, T(0.5), std::numeric_limits<T>::min(), std::numeric_limits<T>::max(),
                   -std::numeric_limits<T>::max(), T(0.55), T(-0.55), 6, -6, T(88.72283), T(-87.33654), T(709.78), T(-708.39), std::numeric_limits<T>::min() / 4};
  uint64_t state = 1;
  auto uniform = [&] { return static_cast<double>((state = state * 6364136223846793005u + 1442695040888963407u) >> 11) * 0x1p-53; };
  while (x.size() < 60000) {
    x.push_back(static_cast<T>(2 * uniform() - 1));
    x.push_back(static_cast<T>(40 * uniform() - 20));
    x.push_back(static_cast<T>((uniform() < 0.5 ? -1 : 1) * std::exp(std::numeric_limits<T>::max_exponent * 0.69 * (2 * uniform() - 1))));
  }
  return x;
}

template <typename T>
void check(const Function &f, double allowed, const std::string &cpu) {
  std::string type = sizeof(T) == 8 ? "tensor<?xf64>" : "tensor<?xf32>";
  std::vector<T> x = arguments<T>();
  auto count = static_cast<int64_t>(x.size());
  Array input(x, {count});
  std::string text = "func.func @f(%x: " + type + ") -> " + type + " {\n  %y = cornu." + f.op + " %x : " + type + "\n  return %y : " + type + "\n}";
  Array y = test::runCompiled(text, {input}, count, {input}, cpu)[0];
  bool isPeriodic = std::string(f.op) == "sin" || std::string(f.op) == "cos";
  double worst = 0;
  T where = 0;
  for (int64_t i = 0; i < count; ++i) {
    T at = x[static_cast<size_t>(i)];
    if (isPeriodic && std::isfinite(at) && std::abs(at) > 1e6) continue;
    if (double error = ulps<T>(y.data<T>()[i], f.reference(flushed(at))); !(error <= worst)) worst = error, where = at;
  }
  EXPECT_LE(worst, allowed) << f.op << " in " << type << " for " << cpu << " at " << where;
}

TEST(VectorMath, errorsAreAsStated) {
  for (const Function &f : functions) {
    check<float>(f, f.ulpF32, "native");
    check<double>(f, f.ulpF64, "native");
  }
}

TEST(VectorMath, errorsWithoutFusedMultiplyAdd) {
  // A rounding more in each step of a polynomial.
  for (const Function &f : functions) {
    check<float>(f, f.ulpF32 + 1, "x86-64");
    check<double>(f, f.ulpF64 + 1, "x86-64");
  }
}

template <typename T>
void checkPower(double allowed) {
  std::string type = sizeof(T) == 8 ? "tensor<?xf64>" : "tensor<?xf32>";
  std::vector<T> x, y;
  uint64_t state = 3;
  auto uniform = [&] { return static_cast<double>((state = state * 6364136223846793005u + 1442695040888963407u) >> 11) * 0x1p-53; };
  double limit = std::numeric_limits<T>::max_exponent * 0.68;
  while (x.size() < 40000) {
    // Results of every magnitude, most of them from bases near 1, where the exponent is large.
    double base = x.size() % 2 ? std::exp(2 * uniform() - 1) : std::exp(limit * (2 * uniform() - 1)), result = limit * (2 * uniform() - 1);
    x.push_back(static_cast<T>(base));
    y.push_back(static_cast<T>(result / std::log(base)));
  }
  auto count = static_cast<int64_t>(x.size());
  std::string text = "func.func @f(%x: " + type + ", %y: " + type + ") -> " + type + " {\n  %p = cornu.power %x, %y : " + type + ", " + type + "\n  return %p : " + type + "\n}";
  Array base(x, {count}), exponent(y, {count});
  Array power = test::runCompiled(text, {base, exponent}, count, {base}, "native")[0];
  double worst = 0;
  size_t where = 0;
  for (size_t i = 0; i < x.size(); ++i)
    if (double error = ulps<T>(power.data<T>()[i], std::pow(static_cast<long double>(x[i]), static_cast<long double>(y[i]))); !(error <= worst)) worst = error, where = i;
  EXPECT_LE(worst, allowed) << x[where] << " ^ " << y[where] << " in " << type;
}

TEST(VectorMath, powersOfEveryMagnitude) {
  checkPower<float>(1);
  checkPower<double>(1.5);
}


} // namespace
