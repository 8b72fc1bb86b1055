// What a UserError says.
#pragma once

#include <string>

#include "runtime/errors.h"

namespace cornu::testing {

template <class F> std::string messageOf(F f) {
  try {
    f();
  } catch (const UserError &error) {
    return error.what();
  }
  return "no UserError";
}

} // namespace cornu::testing
