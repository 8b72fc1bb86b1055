// What the tests of file formats share.
#pragma once

#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <string>

#include "runtime/array.h"

namespace cornu::testing {

inline Array asBytes(std::string_view text) {
  Array bytes = Array::uninitialized({static_cast<int64_t>(text.size())}, DType::UInt8);
  if (!text.empty()) std::memcpy(bytes.raw(), text.data(), text.size());
  return bytes;
}

struct TemporaryFolder {
  std::string path;
  TemporaryFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "cornu-XXXXXX").string();
    path = ::mkdtemp(name.data());
  }
  ~TemporaryFolder() { std::filesystem::remove_all(path); }
  std::string operator/(std::string_view file) const { return path + "/" + std::string(file); }
};

inline void writeFast(const std::string &path, std::string_view bytes) {
  std::ofstream(path, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

inline std::string environmentError(const std::function<void()> &f) {
  try {
    f();
  } catch (const EnvironmentError &e) {
    return e.what();
  }
  return "(no EnvironmentError)";
}

/// Damaged input may by luck still be readable; if it is not, the message is one line and of the right kind.
inline void onlyEnvironmentErrors(const std::function<void()> &f) {
  try {
    f();
  } catch (const EnvironmentError &e) {
    EXPECT_EQ(std::string(e.what()).find('\n'), std::string::npos) << e.what();
  }
}

} // namespace cornu::testing
