// What every layer must do, whatever it computes.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include <cornu/cornu.h>

namespace cornu::testing {

struct LayerCase {
  std::function<AnyLayer()> make;
  std::vector<Shape> inputs;         ///< without the batch
  Shape output;                      ///< without the batch
  std::vector<Shape> weights = {};   ///< as weights() orders them
  bool random = false;               ///< its training draws numbers: the loss need not fall
  bool saves = true;
  bool smooth = true;                ///< false: gradients are not compared with differences, which cross a kink, or a constraint or stopped gradient stands between
  double tolerance = 2e-5;           ///< compiled beside interpreted, relative
};

/// Config to config, shape and weights as stated, compiled as interpreted in prediction and in training, a loss that falls, two batch sizes,
/// saved and loaded.
void expectConforms(const LayerCase &about);

} // namespace cornu::testing
