// Every pass: constructors, registration.
#pragma once

#include <memory>

#include "ir/CornuDialect.h"
#include "mlir/Pass/Pass.h"

namespace cornu::passes {

#define GEN_PASS_DECL
#include "passes/Passes.h.inc"

#define GEN_PASS_REGISTRATION
#include "passes/Passes.h.inc"

} // namespace cornu::passes
