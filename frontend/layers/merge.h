// What the merging layers share.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

/// Tensors of lower rank get axes of extent 1 right after the batch, until all ranks are equal.
Tensors sameRank(const Tensors &xs);
/// f(… f(f(x0, x1), x2) …) of tensors of the same rank.
Tensor mergeAll(const Tensors &xs, Tensor (*f)(const Tensor &, const Tensor &));

} // namespace cornu
