// NumPy's own files: .npy (one array), .npz (a zip of them), and CSV tables.
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "runtime/array.h"

namespace cornu {

using NamedArrays = std::vector<std::pair<std::string, Array>>;

/// Reads a .npy file (format 1.0 to 3.0, either byte order, C or Fortran order; the result is row-major and native).
/// uint16 becomes int32, as Keras has no such type. EnvironmentError says what is wrong with the file.
Array load_npy(const std::string &path);
/// Writes format 1.0, replacing the file in one step. bfloat16 is written as float32, which holds all its values.
void save_npy(const std::string &path, const Array &array);

/// Reads a .npz archive, stored or compressed, in the archive's order; names come without ".npy".
NamedArrays load_npz(const std::string &path);
/// Writes a .npz archive as numpy.savez does (compressed: as savez_compressed). Names must differ.
void save_npz(const std::string &path, const NamedArrays &arrays, bool compressed = false);

struct CsvOptions {
  char delimiter = ',';
  int64_t skip_rows = 0;                 ///< lines to ignore at the start, such as a header
  DType dtype = DType::Float32;
};
/// Reads a table of numbers, plain or gzipped: shape (lines, columns). Blank lines are ignored. EnvironmentError names the line.
Array load_csv(const std::string &path, const CsvOptions &options = {});

/// The same on bytes in memory; `name` stands for the file in messages. The result may share `bytes`' memory.
Array parseNpy(const Array &bytes, const std::string &name);
std::string formatNpy(const Array &array);

} // namespace cornu
