// Warnings: what is probably a mistake, but lets the program go on.
#pragma once

#include <string_view>

namespace cornu {

/// "warning: …" on standard error.
void warn(std::string_view message);

} // namespace cornu
