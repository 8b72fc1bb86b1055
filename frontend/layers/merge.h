// What the merging layers share.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

/// Tensors of lower rank get axes of extent 1 right after the batch, until all ranks are equal.
Tensors sameRank(const Tensors &xs);
/// f(… f(f(x0, x1), x2) …) of tensors of the same rank.
Tensor mergeAll(const Tensors &xs, Tensor (*f)(const Tensor &, const Tensor &));
/// mergeAll for functions without a neutral element: an element that one of a pair masks is the other's; masked in both, the first's.
Tensor mergeUnmasked(const Tensors &xs, Tensor (*f)(const Tensor &, const Tensor &));
/// x's mask, repeated along the axes that x has beyond it; no tensor without a mask.
Tensor fullMask(const Tensor &x);
/// Where any of the masks is true; none if one is missing.
Tensor anyMask(const Tensors &masks);

} // namespace cornu
