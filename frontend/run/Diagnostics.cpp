#include "frontend/run/Executable.h"
#include "frontend/trace/Trace.h"
#include "mlir/IR/Diagnostics.h"

namespace cornu::run {

Diagnostics::Diagnostics() {
  handler = trace::context().getDiagEngine().registerHandler([this](mlir::Diagnostic &d) {
    llvm::raw_string_ostream out(collected);
    if (!collected.empty()) out << "; ";
    if (!llvm::isa<mlir::UnknownLoc>(d.getLocation())) out << d.getLocation() << ": ";
    out << d;
    return mlir::success();
  });
}
Diagnostics::~Diagnostics() { trace::context().getDiagEngine().eraseHandler(handler); }

} // namespace cornu::run
