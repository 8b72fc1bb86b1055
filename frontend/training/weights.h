// How much samples count: sample_weight and class_weight as arrays, one for each output.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "frontend/training/data.h"

namespace cornu {

/// {{0, 1.0}, {1, 5.0}}: the weight of a sample by its class; 1 for classes that are not named.
using ClassWeight = std::map<int64_t, double>;

/// What fit was given, as one float32 array for each output, or none at all; `what` starts messages: "fit: sample_weight". One array for
/// several outputs holds one weight a sample. UserError if names or numbers of rows do not fit.
std::vector<Array> sampleWeights(const std::string &what, const Data &given, const std::vector<std::string> &outputs, int64_t rows);

/// The weight of each row of `y`: (rows,) or (rows, 1) classes, which are rounded, or (rows, classes) of which the largest counts.
/// `caller` starts messages: "fit". UserError for targets of another shape.
Array classWeights(const std::string &caller, const Array &y, const ClassWeight &weights);

} // namespace cornu
