// What Keras's files say about a layer beyond its config. Internal.
#pragma once

#include <string_view>

namespace cornu::saving {

/// True if the layer's weights depend on its input, so that Keras writes the shape it was built for.
bool hasBuildConfig(std::string_view className);

/// True if the layer is called on one list of tensors rather than on tensors one by one.
bool takesList(std::string_view className);

} // namespace cornu::saving
