// Operators between layers as Keras writes them: {"module": "keras.src.ops.numpy", "class_name": "Add", …}. Internal.
#pragma once

#include "frontend/ops/op_layer.h"

namespace cornu::saving {

/// Whether an entry of a functional config is an operation.
bool isOperation(const Json &envelope);
/// The operation of an entry with its inbound node. UserError for one that is not known, and for arguments it cannot have.
std::shared_ptr<BaseLayer> operationFromEnvelope(const Json &envelope);

/// {"module", "class_name", "config", "registered_name"}. UserError for one that Keras does not have.
Json operationEnvelope(const ops::OpLayer &operation);
/// The "args" of its inbound node; `tensors` are those it is called on, as the file names them.
Json operationArguments(const ops::OpLayer &operation, const Json &tensors);

} // namespace cornu::saving
