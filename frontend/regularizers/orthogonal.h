#pragma once

#include "frontend/regularizers/regularizers.h"

namespace cornu::regularizers {

struct OrthogonalOptions { double factor = 0.01; std::string mode = "rows"; };
/// factor · mean over pairs of rows ("columns") of |cosine of the angle between them|, of a matrix: they tend to be orthogonal. Not a number
/// if there is but one, as in Keras. UserError for another rank.
Regularizer OrthogonalRegularizer(OrthogonalOptions options = {});

} // namespace cornu::regularizers
