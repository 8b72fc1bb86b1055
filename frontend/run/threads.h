// How many threads compiled models compute with.
#pragma once

#include <cstdint>

#include "runtime/cornu_abi.h"

namespace cornu {

/// Threads that every model computes with from now on, the calling one included; at first as many as processors that this process may run on.
/// Results do not depend on it, to the last bit. UserError if `count` is not from 1 to 1024; EnvironmentError if the system refuses.
void set_num_threads(int64_t count);
int64_t get_num_threads();

/// Lends the program's own threads instead; set_num_threads ends that. `threads` must outlive every use.
void set_threads(const cornu_threads &threads);

} // namespace cornu
