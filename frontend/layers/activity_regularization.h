// ActivityRegularization: a penalty on what passes.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

struct ActivityRegularizationOptions {
  double l1 = 0, l2 = 0;
  CORNU_COMMON_OPTIONS;
};

/// Gives what it is given, and adds l1 sum|x| + l2 sum(x^2), divided by the batch, to the loss.
class ActivityRegularization : public Layer<ActivityRegularization> {
public:
  explicit ActivityRegularization(ActivityRegularizationOptions options = {});
  std::string class_name() const override { return "ActivityRegularization"; }
  bool supports_masking() const override { return true; }
  Json get_config() const override;
  Tensor call(const Tensor &x) { return x; }

private:
  double l1, l2;
};

} // namespace cornu
