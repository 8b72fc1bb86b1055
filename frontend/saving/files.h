// Whole files in and out, with errors that name the file.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "runtime/array.h"

namespace cornu {

/// The bytes of a file as a uint8 array, 64-byte aligned. EnvironmentError if it cannot be opened or read.
Array readFile(const std::string &path);

/// Writes a file so that a crash or a full disk leaves the old one untouched: a temporary file beside it, flushed to disk, renamed
/// over it. What is no regular file (a pipe, /dev/stdout) is written directly. EnvironmentError if it cannot be written.
void writeFile(const std::string &path, std::string_view bytes);

/// The bytes of an array, as text.
inline std::string_view bytesOf(const Array &array) { return {static_cast<const char *>(array.raw()), array.bytes()}; }

} // namespace cornu
