// Normalization: inputs to mean 0 and variance 1, by statistics of the data.
#pragma once

#include <optional>

#include "frontend/core/layer.h"
#include "frontend/core/one_or_many.h"

namespace cornu {

struct NormalizationOptions {
  OneOrMany<int64_t> axis = -1;                          ///< each element of which has statistics of its own; {}: one for all
  std::optional<OneOrMany<double>> mean = {};            ///< both, or neither and adapt(): one, or one for each element of the last axis of `axis`
  std::optional<OneOrMany<double>> variance = {};
  bool invert = false;                                   ///< from normalised back to the data
  CORNU_LAYER_OPTIONS;
};

/// (x - mean) / max(√variance, 1e-7), in the layer's dtype; inverted x max(√variance, 1e-7) + mean.
class Normalization : public Layer<Normalization> {
public:
  explicit Normalization(NormalizationOptions options = {});
  std::string class_name() const override { return "Normalization"; }
  bool supports_masking() const override { return true; }
  Json get_config() const override;
  /// Takes mean and variance from data, whose first axis is the batch. UserError if they were given to the constructor.
  void adapt(const Array &data);
  void build(const Shape &input);
  Tensor call(const Tensor &x);

  Variable mean, variance, count; ///< weights where no statistics were given

private:
  std::vector<int64_t> keptAxes(const Shape &input) const;
  NormalizationOptions given;
};

} // namespace cornu
