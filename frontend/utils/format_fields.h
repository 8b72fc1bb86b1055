// Python's str.format for file names.
#pragma once

#include <string>

#include "frontend/saving/json.h"

namespace cornu {

/// `pattern` with each {name} or {name:spec} replaced by that value, formatted by Python's rules: "{epoch:03d}", "{loss:.3f}"; "{{" and
/// "}}" are braces. Values are integers and floats. UserError for a field that is not there, or a spec that does not fit its value.
std::string formatFields(const std::string &pattern, const Json::Object &values);

} // namespace cornu
