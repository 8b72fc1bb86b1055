// A target is a row of numbers; nothing else in the compiler knows a processor's name.
#pragma once

#include <cstdint>
#include <string>

namespace llvm {
class TargetMachine;
}

namespace cornu::codegen {

/// The register that rules floating-point arithmetic.
struct FloatControl {
  const char *read = "", *write = ""; ///< LLVM's intrinsics
  bool throughMemory = false;         ///< they take the address of the value
  unsigned bits = 32;
  int64_t flush = 0;                  ///< bits that make denormal operands and results zero; 0: the target cannot
};

struct Target {
  std::string cpu;              ///< LLVM's name of the processor
  std::string features;         ///< LLVM feature string, "+avx2,…"
  unsigned vectorBits = 128;    ///< width of the vectors that kernels are written with
  unsigned vectorRegisters = 16;
  bool hasMasks = false;        ///< masked loads and stores cost no more than plain ones

  bool fusesMultiplyAdd = false; ///< x y + z in one rounding is an instruction

  FloatControl floatControl;

  /// Elements of `bits` width in one vector.
  unsigned lanes(unsigned bits) const { return vectorBits / bits; }

  /// The target for an LLVM CPU name; "native" is this machine. Empty `cpu` in the result: unknown name.
  static Target forCpu(const std::string &cpu);
};

/// LLVM's machine for a target (host triple). Never null; aborts only if LLVM lacks the host's backend.
std::unique_ptr<llvm::TargetMachine> makeTargetMachine(const Target &target);

} // namespace cornu::codegen
