// Names of loaded kernels for Linux's perf.
#pragma once

#include <cstdint>

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"

namespace cornu::codegen {

/// Whether the environment variable CORNU_PERF_MAP asks for it.
bool wantsPerfMap();

/// Appends the functions of an object that is loaded to /tmp/perf-PID.map, where perf looks for names of code that no file holds. `addressOf` knows where
/// the functions are that other objects see; the others lie in the same section, as far from them as in the object.
llvm::Error writePerfMap(llvm::StringRef object, llvm::function_ref<uint64_t(llvm::StringRef name)> addressOf);

} // namespace cornu::codegen
