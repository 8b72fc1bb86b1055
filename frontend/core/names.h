// Names as Keras makes them.
#pragma once

#include <string>
#include <string_view>

namespace cornu {

/// "Conv2DTranspose" → "conv2d_transpose"
std::string snakeCase(std::string_view className);
/// "dense", then "dense_1", "dense_2" …: counted for the whole process since the last clear_session.
std::string uniqueName(const std::string &prefix);
/// Automatic names start anew.
void clear_session();

} // namespace cornu
