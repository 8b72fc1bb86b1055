// What the options of all layers have in common. Internal to frontend/layers.
#pragma once

#include "frontend/core/config.h"
#include "frontend/core/one_or_many.h"

namespace cornu {

/// The base part of a layer's own options.
template <class O> LayerOptions baseOf(const O &o) {
  LayerOptions base{.name = o.name, .dtype = o.dtype, .input_shape = o.input_shape};
  if constexpr (requires { o.trainable; }) base.trainable = o.trainable;
  if constexpr (requires { o.activity_regularizer; }) base.activity_regularizer = o.activity_regularizer;
  return base;
}

/// `own` with the base part read from a config.
template <class O> O withBase(O own, const Json &config) {
  LayerOptions base = config::layerOptions(config);
  own.name = base.name, own.dtype = base.dtype;
  if constexpr (requires { own.trainable; }) own.trainable = base.trainable;
  if constexpr (requires { own.activity_regularizer; }) own.activity_regularizer = base.activity_regularizer;
  return own;
}

} // namespace cornu
