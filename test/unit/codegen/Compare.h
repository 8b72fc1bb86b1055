// Compiled code held against the reference interpreter, on random inputs.
#pragma once

#include <string>
#include <vector>

#include "runtime/array.h"

namespace cornu::test {

struct Tolerance {
  double relative = 2e-5, absolute = 2e-6;
};

/// Compiles the module in `text`, runs its function @f once by machine code and once by the interpreter for each batch size
/// given, from the same random inputs and variables, and expects equal outputs and variables. Integer inputs are drawn from
/// 0…9, floats from [-1, 1).
void expectSameAsInterpreter(const std::string &text, std::initializer_list<int64_t> batches = {1, 2, 5, 16, 33}, Tolerance tolerance = {},
                             const std::string &cpu = "native");

/// Outputs of @f in `text`, compiled for `cpu`, on `inputs`.
std::vector<Array> runCompiled(const std::string &text, std::vector<Array> inputs, int64_t batch, const std::vector<Array> &outputsLike, const std::string &cpu);

/// True if this machine can execute code for `cpu`.
bool machineRuns(const std::string &cpu);

} // namespace cornu::test
