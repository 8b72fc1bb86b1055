// What the options of all layers have in common. Internal to frontend/layers.
#pragma once

#include "frontend/core/config.h"
#include "frontend/core/one_or_many.h"

namespace cornu {

/// The base part of a layer's own options.
template <class O> LayerOptions baseOf(const O &o) {
  return {.name = o.name, .trainable = o.trainable, .dtype = o.dtype, .activity_regularizer = o.activity_regularizer, .input_shape = o.input_shape};
}

/// `own` with the base part read from a config.
template <class O> O withBase(O own, const Json &config) {
  LayerOptions base = config::layerOptions(config);
  own.name = base.name, own.trainable = base.trainable, own.dtype = base.dtype, own.activity_regularizer = base.activity_regularizer;
  return own;
}

} // namespace cornu
