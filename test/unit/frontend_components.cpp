// Initialisers, regularisers and constraints beyond the goldens.
#include <cmath>
#include <gtest/gtest.h>

#include <cornu/cornu.h>

#include "frontend/initializers/matrices.h"
#include "frontend/regularizers/orthogonal.h"

using namespace cornu;

namespace {

/// Largest difference between A·Aᵀ (Aᵀ·A if A is tall) and gain² times the identity; A is the array as a matrix of its last axis.
double defect(const Array &a, double gain) {
  int64_t columns = a.shape().back(), rows = a.size() / columns, count = std::min(rows, columns), length = std::max(rows, columns);
  auto at = [&](int64_t vector, int64_t k) { return rows < columns ? a.at(vector * columns + k) : a.at(k * columns + vector); };
  double worst = 0;
  for (int64_t i = 0; i < count; ++i)
    for (int64_t j = 0; j < count; ++j) {
      double sum = 0;
      for (int64_t k = 0; k < length; ++k) sum += at(i, k) * at(j, k);
      worst = std::max(worst, std::abs(sum - (i == j ? gain * gain : 0)));
    }
  return worst;
}

/// A step at rate 0 of a Dense with this kernel, whose loss is nothing but a penalty. The loss, and the kernel afterwards.
std::pair<double, Array> stepOf(const Array &kernel, const Regularizer &regularizer, const Constraint &constraint) {
  Tensor x = Input({kernel.dim(0)});
  Dense dense(kernel.dim(1), {.use_bias = false, .kernel_regularizer = regularizer, .kernel_constraint = constraint});
  Model model(x, dense(x));
  dense.set_weights({kernel});
  model.compile({.optimizer = SGD({.learning_rate = 0}), .loss = [](const Tensor &, const Tensor &y) { return sum(y * 0, -1); }});
  double loss = model.train_on_batch(Array::zeros({1, kernel.dim(0)}), Array::zeros({1, kernel.dim(1)}))["loss"];
  return {loss, dense.get_weights()[0]};
}
double penaltyOf(const Regularizer &regularizer, const Array &kernel) { return stepOf(kernel, regularizer, {}).first; }

/// As files give it.
Constraint unitNormOverBoth() { return Constraint::from_config("UnitNorm", Json::parse(R"({"axis": [0, 1]})", "config")); }

TEST(Initializers, orthogonalVectorsAreOrthonormal) {
  for (const Shape &shape : {Shape{5, 5}, Shape{3, 8}, Shape{8, 3}, Shape{2, 3, 4}})
    EXPECT_LT(defect(initializers::Orthogonal({.gain = 1.5, .seed = 3})(shape), 1.5), 1e-6) << shapeString(shape);
  EXPECT_EQ(initializers::Orthogonal({.seed = 3})({4, 4}), initializers::Orthogonal({.seed = 3})({4, 4}));
  EXPECT_THROW(Initializer("orthogonal")({4}), UserError);
}

TEST(Initializers, identityHasItsGainOnTheDiagonal) {
  EXPECT_EQ(initializers::Identity(2)({2, 3}), Array({2.f, 0.f, 0.f, 0.f, 2.f, 0.f}, {2, 3}));
  EXPECT_THROW(Initializer("identity")({2, 2, 2}), UserError);
}

TEST(Components, configsKeepWhatWasGiven) {
  auto again = [](const auto &one) { return std::decay_t<decltype(one)>::from_config(one.class_name(), one.get_config()).get_config().dump(); };
  for (const Initializer &one : {initializers::Orthogonal({.gain = 0.5, .seed = 7}), initializers::Identity(3)}) EXPECT_EQ(again(one), one.get_config().dump());
  for (const Constraint &one : {constraints::MaxNorm(3, {.axis = 1}), unitNormOverBoth(), constraints::MinMaxNorm({.rate = 0.5, .axis = 1})})
    EXPECT_EQ(again(one), one.get_config().dump());
  Regularizer orthogonal = regularizers::OrthogonalRegularizer({.factor = 0.25, .mode = "columns"});
  EXPECT_EQ(again(orthogonal), orthogonal.get_config().dump());
}

TEST(Regularizers, orthogonalIsTheMeanCosine) {
  // Rows at 45 and 90 degrees from the first, 45 from one another: two cosines of sqrt(1/2) among three pairs.
  Array matrix({1.f, 0.f, 2.f, 2.f, 0.f, 3.f}, {3, 2});
  EXPECT_NEAR(penaltyOf(regularizers::OrthogonalRegularizer({.factor = 0.3}), matrix), 0.3 * 2 * std::sqrt(0.5) / 3, 1e-6);
  EXPECT_NEAR(penaltyOf(regularizers::OrthogonalRegularizer({.factor = 0.3, .mode = "columns"}), matrix), 0.3 * 4 / std::sqrt(5.0 * 13.0), 1e-6);
  EXPECT_THROW(regularizers::OrthogonalRegularizer({.mode = "row"}), UserError);
  EXPECT_THROW(regularizers::OrthogonalRegularizer({.factor = -1}), UserError);
}

TEST(Constraints, aNormOverBothAxes) {
  Array matrix({3.f, 0.f, 0.f, 4.f}, {2, 2});
  Array unit = stepOf(matrix, {}, unitNormOverBoth()).second;
  EXPECT_NEAR(unit.at(0), 0.6, 1e-6);
  EXPECT_NEAR(unit.at(3), 0.8, 1e-6);
}

} // namespace
