// What one core of this machine can do at most, measured by code of our own.
#pragma once

#include <memory>

#include "codegen/Compiler.h"

namespace cornu::codegen {

class Limits {
public:
  /// Compiles the code that measures.
  Limits();

  /// Multiplications and additions in f32 a second, from registers.
  double flops();
  /// Bytes a second, read front to back, over and over: from the cache that holds so many, or from memory.
  double readRate(int64_t bytes);

private:
  std::unique_ptr<LoadedModule> code;
  std::map<int64_t, double> rates;
};

} // namespace cornu::codegen
