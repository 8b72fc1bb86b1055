// Tensors and arrays among the arguments of a call, as Keras writes them. Internal.
#pragma once

#include <optional>

#include "frontend/saving/json.h"
#include "runtime/array.h"

namespace cornu::saving {

/// What {"class_name": "__tensor__" or "__numpy__", "config": {"value", "dtype"}} holds, if this is one. UserError if its rows differ in length or hold other
/// than numbers.
std::optional<Array> arrayFromJson(const Json &json);
/// The other way, as "__tensor__".
Json arrayToJson(const Array &array);

} // namespace cornu::saving
