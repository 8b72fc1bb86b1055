// noise_shape of the dropouts: which elements share a draw. Internal to frontend/layers.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

/// The shape of the mask for an input: noise_shape with -1 (None) as the input's extent; the input's shape if it is empty. UserError in the layer's
/// name unless each extent is -1, 1 or the input's.
Shape maskShape(const BaseLayer &layer, const Shape &noise_shape, const Shape &input);

/// As configs hold it: null for none.
Json noiseShapeConfig(const Shape &noise_shape);
Shape noiseShapeFrom(const Json &config);

} // namespace cornu
