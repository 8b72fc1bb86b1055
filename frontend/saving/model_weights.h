// Which variable of a model lies where in a weights file. Internal.
#pragma once

#include "frontend/saving/model_config.h"
#include "frontend/saving/weights_h5.h"

namespace cornu::saving {

/// All weights of a model, and the optimizer's variables if it is compiled and `withOptimizer`.
WeightStore collectWeights(const Model &model, bool withOptimizer);

/// Copies a file's arrays into the model's variables. EnvironmentError ("digits.keras: layers/dense_2/vars/0 has shape (64, 12), but the
/// config asks for (64, 10)") if they do not fit; the model is then unchanged. `keras2`: written by tf-keras, which stores no
/// learning rate.
void assignWeights(Model &model, const WeightStore &store, const Members &members, bool withOptimizer, bool keras2, const std::string &file);

} // namespace cornu::saving
