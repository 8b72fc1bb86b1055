#include "frontend/utils/warn.h"

#include <cstdio>

namespace cornu {

void warn(std::string_view message) {
  std::fflush(stdout); // so that it stands after what has been printed before it
  std::fprintf(stderr, "warning: %.*s\n", static_cast<int>(message.size()), message.data());
}

} // namespace cornu
