// BatchNormalization: each channel to mean 0 and variance 1.
#pragma once

#include <optional>

#include "frontend/core/layer.h"

namespace cornu {

/// Bounds of the corrections of batch renormalization; none: unbounded.
struct RenormClipping {
  std::optional<double> rmax = {}, rmin = {}, dmax = {};
};

struct BatchNormalizationOptions {
  int64_t axis = -1;                      ///< of the channels
  double momentum = 0.99;                 ///< how much the moving statistics keep of themselves in a step
  double epsilon = 1e-3;
  bool center = true;                     ///< beta is added
  bool scale = true;                      ///< times gamma
  Initializer beta_initializer = "zeros";
  Initializer gamma_initializer = "ones";
  Initializer moving_mean_initializer = "zeros";
  Initializer moving_variance_initializer = "ones";
  Regularizer beta_regularizer = {};
  Regularizer gamma_regularizer = {};
  Constraint beta_constraint = {};
  Constraint gamma_constraint = {};
  bool renorm = false;                    ///< batch renormalization (Ioffe, 2017)
  RenormClipping renorm_clipping = {};
  double renorm_momentum = 0.99;          ///< of the statistics that the corrections compare with
  bool synchronized = false;              ///< statistics over all devices; without effect on one
  CORNU_LAYER_OPTIONS;
};

/// (x - mean) / √(variance + epsilon), times gamma plus beta, one of each for a channel. In training mean and variance are those of the batch,
/// over all axes but that of the channels, and the moving statistics follow: moving = moving momentum + batch (1 - momentum). Otherwise, and
/// always while the layer is not trainable, they are the moving ones. With renorm, training
/// takes x̂ r + d in place of x̂ = (x - mean) / σ, σ = √(variance + epsilon), with r = σ / renorm_stddev and d = (mean - renorm_mean) / renorm_stddev,
/// clipped and taken as constants. Under a mask, of one axis less than the input, only what it leaves counts. (Ioffe, Szegedy: "Batch Normalization", 2015.)
class BatchNormalization : public Layer<BatchNormalization> {
public:
  explicit BatchNormalization(BatchNormalizationOptions options = {});
  std::string class_name() const override { return "BatchNormalization"; }
  bool supports_masking() const override { return true; }
  Json get_config() const override;
  void build(const Shape &input);
  std::vector<std::string> call_arguments() const override { return {"mask"}; }
  Tensor call(const Tensor &x);

  Variable gamma, beta, moving_mean, moving_variance;
  Variable moving_stddev, renorm_mean, renorm_stddev; ///< with renorm

private:
  /// x̂ → x̂ r + d, and the statistics that go with it.
  Tensor renormalized(const Tensor &normalized, const Tensor &mean, const Tensor &variance);
  BatchNormalizationOptions given;
};

} // namespace cornu
