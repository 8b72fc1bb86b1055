// The emitters as passes, for cornu-opt: `--cornu-emit-kernels=cpu=…` and `--cornu-lower-to-llvm=cpu=…`.
#pragma once

namespace cornu::codegen {
void registerEmitPasses();
} // namespace cornu::codegen
