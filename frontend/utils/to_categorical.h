// Class labels as one-hot rows (keras.utils.to_categorical).
#pragma once

#include "runtime/array.h"

namespace cornu {

/// (…,) of classes 0 … num_classes-1 → (…, num_classes) of float32, 1 at the class and 0 elsewhere. A last axis of 1 is dropped first.
/// num_classes 0: the largest label and one. UserError: a label out of range.
Array to_categorical(const Array &labels, int64_t num_classes = 0);

} // namespace cornu
