// Losses: what goldens do not show: arguments as they are written, and shapes that are refused.
#include <cmath>
#include <gtest/gtest.h>

#include <cornu/cornu.h>

#include "test/unit/messages.h"

using namespace cornu;
using cornu::testing::messageOf;

namespace {

/// The loss of these predictions, a row a sample.
double measured(const Loss &loss, const Array &y_true, const Array &y_pred) {
  auto x = Input(Shape(y_pred.shape().begin() + 1, y_pred.shape().end()));
  Model model(x, x * 1);
  model.compile({.loss = loss});
  return model.evaluate(y_pred, y_true, {.batch_size = y_pred.dim(0), .verbose = 0})["loss"];
}

TEST(Circle, ComparesEachSampleWithEachOther) {
  // Distances: 0 between the two of class 1, 1 from both to the third. Keras: losses.Circle(gamma, margin)([1, 1, 0], …).
  Array y({1, 1, 0}, {3}), p({1.f, 0.f, 1.f, 0.f, 0.f, 1.f}, {3, 2});
  double same = -2 * 0.25 * 0.25, different = 2 * (1.25 - 1) * (0.75 - 1);
  double each = std::log1p(std::exp(same + different));
  EXPECT_NEAR(measured(losses::Circle({.gamma = 2, .margin = 0.25}), y, p), each, 1e-6) << "the third has nobody like it, and does not count";
  EXPECT_NEAR(measured(losses::Circle({.gamma = 2, .margin = 0.25, .reduction = "sum"}), y, p), 2 * each, 1e-6);
  // With itself among those like it, each of the first two has two, and the third one.
  double twice = std::log1p(std::exp(same + std::log(2) + different)), third = std::log1p(std::exp(same + std::log(2) + different));
  EXPECT_NEAR(measured(losses::Circle({.gamma = 2, .margin = 0.25, .remove_diagonal = false, .reduction = "sum"}), y, p), 2 * twice + third, 1e-6);
}

TEST(Circle, IsWrittenAsInKeras) {
  EXPECT_EQ(losses::Circle({.gamma = 64}).get_config().dump(),
            R"({"name": "circle", "reduction": "sum_over_batch_size", "gamma": 64.0, "margin": 0.4, "remove_diagonal": true})");
}

TEST(Circle, Messages) {
  Array embeddings = Array::full({4, 3}, 1);
  EXPECT_NE(messageOf([&] { measured("circle", Array::full({4, 3}, 1), embeddings); })
                .find("circle: y_true must hold one class for each embedding, (batch,) or (batch, 1), and y_pred the embeddings, (batch, features). Received: shapes (None, 3) and (None, 3)"),
            std::string::npos);
  EXPECT_NE(messageOf([&] { measured("circle", Array::full({4}, 1), Array::full({4, 3, 2}, 1)); }).find("Received: shapes (None,) and (None, 3, 2)"), std::string::npos);
}

} // namespace
