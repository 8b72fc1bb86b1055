// GroupNormalization: groups of channels of each sample to mean 0 and variance 1.
#pragma once

#include "frontend/layers/scale_and_shift.h"

namespace cornu {

struct GroupNormalizationOptions {
  int64_t groups = 32;                    ///< divides the number of channels; -1: a group for each channel
  int64_t axis = -1;                      ///< of the channels
  double epsilon = 1e-3;
  CORNU_SCALE_AND_SHIFT_OPTIONS;
  CORNU_LAYER_OPTIONS;
};

/// (x - mean) / √(variance + epsilon) over the channels of a group and all other axes but the batch, times gamma plus beta, one of each for a
/// channel. (Wu, He: "Group Normalization", 2018.)
class GroupNormalization : public Layer<GroupNormalization> {
public:
  explicit GroupNormalization(GroupNormalizationOptions options = {});
  std::string class_name() const override { return "GroupNormalization"; }
  bool supports_masking() const override { return true; }
  Json get_config() const override;
  void build(const Shape &input);
  Tensor call(const Tensor &x);

  Variable gamma, beta;

private:
  GroupNormalizationOptions given;
};

} // namespace cornu
