#include "frontend/layers/noise_shape.h"

namespace cornu {

Shape maskShape(const BaseLayer &layer, const Shape &noise, const Shape &input) {
  if (noise.empty()) return input;
  Shape shape = input;
  bool fits = noise.size() == shape.size();
  for (size_t i = 0; fits && i < shape.size(); ++i) {
    fits = noise[i] < 0 || noise[i] == 1 || noise[i] == shape[i];
    if (noise[i] >= 0) shape[i] = noise[i];
  }
  if (!fits) layer.fail("each extent of noise_shape must be None (-1), 1 or the input's", "noise_shape=" + shapeString(noise) + " for " + shapeString(input));
  return shape;
}

Json noiseShapeConfig(const Shape &noise) { return noise.empty() ? Json() : Json::shape(noise); }
Shape noiseShapeFrom(const Json &config) {
  const Json &noise = config.get("noise_shape");
  return noise.isNull() ? Shape() : noise.asShape();
}

} // namespace cornu
