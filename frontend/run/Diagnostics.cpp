#include "frontend/run/Executable.h"
#include "frontend/trace/Trace.h"
#include "ir/CornuOps.h"
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

void Diagnostics::fail(const std::string &what) const {
  if (size_t at = collected.find(ir::notSupported); at != std::string::npos) throw UserError(collected.substr(at + ir::notSupported.size()));
  throw InternalError(what + ": " + collected);
}

} // namespace cornu::run
