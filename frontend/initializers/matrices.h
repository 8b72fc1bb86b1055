// Initializers that make matrices of a certain structure.
#pragma once

#include "frontend/initializers/initializers.h"

namespace cornu::initializers {

struct OrthogonalOptions { double gain = 1; Seed seed = {}; };
/// gain times a matrix whose rows or columns, whichever are fewer, are orthonormal; axes before the last are taken together (Saxe et al.,
/// 2014). UserError below rank 2.
Initializer Orthogonal(OrthogonalOptions options = {});
/// gain on the diagonal, 0 elsewhere. UserError unless the rank is 2.
Initializer Identity(double gain = 1);

} // namespace cornu::initializers
