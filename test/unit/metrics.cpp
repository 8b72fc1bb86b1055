// Metrics: what goldens do not show: arguments that are refused, and scores that Keras computes only outside of fit.
#include <gtest/gtest.h>

#include <cornu/cornu.h>

#include "test/unit/messages.h"

using namespace cornu;
using cornu::testing::messageOf;

namespace {

/// The metric of these predictions, a row a sample.
double measured(const Metric &metric, const Array &y_true, const Array &y_pred) {
  auto x = Input(Shape(y_pred.shape().begin() + 1, y_pred.shape().end()));
  Model model(x, x * 1);
  model.compile({.loss = [](const Tensor &, const Tensor &p) { return 0 * mean(p, -1); }, .metrics = {metric}});
  return model.evaluate(y_pred, y_true, {.verbose = 0})[metric.name()];
}

} // namespace

TEST(Metrics, AdjustedR2Score) {
  // R² = 0.9486 of four samples; Keras, eagerly: 1 - (1 - R²) · 3 / (4 - p - 1).
  Array t({3.f, -0.5f, 2.f, 7.f}, {4, 1}), p({2.5f, 0.0f, 2.f, 8.f}, {4, 1});
  double r2 = measured(metrics::R2Score(), t, p);
  EXPECT_NEAR(r2, 0.9486081, 1e-6);
  EXPECT_NEAR(measured(metrics::R2Score({.num_regressors = 1}), t, p), 1 - (1 - r2) * 3 / 2, 1e-6);
  EXPECT_NEAR(measured(metrics::R2Score({.num_regressors = 3}), t, p), r2, 1e-6) << "too few samples";
  EXPECT_EQ(measured(metrics::R2Score(), Array::full({4, 1}, 2), p), 0) << "targets without variance";
}

TEST(Metrics, LabelsAsPredictions) {
  Array t({1.f, 2.f, 3.f, 4.f}, {4, 1}), p({0.f, 2.f, 3.f, 4.f}, {4, 1});
  EXPECT_EQ(measured(metrics::Accuracy(), t, p), 0.75);
  Array classes({2.f, 1.f}, {2, 1}), ids({1.f, 0.f, 3.f, 1.f, 2.f, 3.f}, {2, 3});
  EXPECT_EQ(measured(metrics::SparseTopKCategoricalAccuracy({.k = 1, .from_sorted_ids = true}), classes, ids), 0.5);
  EXPECT_EQ(measured(metrics::SparseTopKCategoricalAccuracy({.k = 5, .from_sorted_ids = true}), classes, ids), 0.5);
}

TEST(Metrics, TopKOfEqualScores) {
  Array t({0.f, 0.f, 1.f}, {1, 3}), p({0.5f, 0.5f, 0.5f}, {1, 3});
  EXPECT_EQ(measured(metrics::Recall({.top_k = 2}), t, p), 0) << "the first two are taken";
  EXPECT_EQ(measured(metrics::Recall({.top_k = 3}), t, p), 1);
}

TEST(Metrics, ClassesOutOfRangeDoNotCount) {
  Array t({0.f, 1.f, 5.f, 1.f}, {4, 1}), p({0.f, 1.f, 1.f, -1.f}, {4, 1});
  EXPECT_NEAR(measured(metrics::MeanIoU(2), t, p), 1, 1e-6);
  EXPECT_NEAR(measured(metrics::MeanIoU(3), t, p), 1, 1e-6) << "a class that never occurs is left out of the mean";
  EXPECT_NEAR(measured(metrics::IoU(2, {0}, {.ignore_class = 0}), t, p), 0, 1e-6);
}

TEST(Metrics, Messages) {
  using namespace metrics;
  EXPECT_EQ(messageOf([] { SensitivityAtSpecificity(1.5); }), "SensitivityAtSpecificity: specificity must be in [0, 1]. Received: specificity=1.5");
  EXPECT_EQ(messageOf([] { RecallAtPrecision(-1); }), "RecallAtPrecision: precision must be in [0, 1]. Received: precision=-1.0");
  EXPECT_EQ(messageOf([] { PrecisionAtRecall(0.5, {.num_thresholds = 0}); }), "PrecisionAtRecall: num_thresholds must be positive. Received: num_thresholds=0");
  EXPECT_EQ(messageOf([] { IoU(3, {3}); }), "IoU: target_class_ids must be in [0, 3). Received: 3");
  EXPECT_EQ(messageOf([] { IoU(3, {}); }), "IoU: target_class_ids must name at least one class. Received: none");
  EXPECT_EQ(messageOf([] { MeanIoU(0); }), "MeanIoU: num_classes must be positive. Received: num_classes=0");
  EXPECT_EQ(messageOf([] { BinaryIoU({.dtype = "int65"}); }), "BinaryIoU: dtype must be the name of an element type. Received: dtype='int65'");
  EXPECT_EQ(messageOf([] { R2Score({.class_aggregation = "none"}); }),
            "R2Score: class_aggregation must be 'uniform_average' or 'variance_weighted_average': a log shows one number. Received: class_aggregation='none'");
  EXPECT_EQ(messageOf([] { R2Score({.num_regressors = -1}); }), "R2Score: num_regressors must not be negative. Received: num_regressors=-1");
  EXPECT_EQ(messageOf([] { Precision({.top_k = 0}); }), "Precision: top_k must be positive. Received: top_k=0");
  EXPECT_EQ(messageOf([] { AUC({.num_labels = 3}); }), "AUC: num_labels may be given only with multi_label. Received: num_labels=3");
  EXPECT_EQ(messageOf([] { AUC({.label_weights = {1, -0.5}}); }), "AUC: label_weights must not be negative. Received: [1.0, -0.5]");
  Array ones = Array::full({2, 3}, 1);
  EXPECT_NE(messageOf([&] { measured(AUC({.label_weights = {1, 2}}), ones, ones); }).find("a weight for each position of the last axis, 3. Received: 2 weights"), std::string::npos);
  EXPECT_NE(messageOf([&] { measured(AUC({.multi_label = true, .num_labels = 2}), ones, ones); }).find("must have num_labels positions, 2. Received: shape=(None, 3)"), std::string::npos);
  EXPECT_NE(messageOf([&] { measured(Recall({.top_k = 4}), ones, ones); }).find("top_k must not be more than the last axis has, 3. Received: top_k=4"), std::string::npos);
  EXPECT_NE(messageOf([&] { measured(PrecisionAtRecall(0.5, {.class_id = 3}), ones, ones); }).find("class_id must be a position of the last axis, which has 3"), std::string::npos);
  EXPECT_NE(messageOf([&] { measured(R2Score(), Array::full({2, 3, 2}, 1), Array::full({2, 3, 2}, 1)); }).find("y_true and y_pred must have the shape (batch, outputs)"), std::string::npos);
  EXPECT_NE(messageOf([&] { measured(MeanIoU(2), Array::full({2}, 1), ones); }).find("must hold one class each for the same elements"), std::string::npos);
}
