// x[…] with a key as Keras writes it. Internal.
#pragma once

#include "frontend/core/tensor.h"
#include "frontend/saving/json.h"

namespace cornu::saving {

/// A key is one part or a list of parts, each for one axis: {"class_name": "__slice__", "config": {"start", "stop", "step"}}, an index (the axis goes),
/// null (a new axis of 1); {"class_name": "__ellipsis__"} stands for all axes that no other part is for. UserError for steps and for parts of the batch.
Tensor subscript(const Tensor &x, const Json &key);

} // namespace cornu::saving
