// Zip archives in memory, over libzip: what .npz and .keras need, with bounds on what a hostile archive may ask for.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "runtime/array.h"

struct zip;

namespace cornu {

/// An archive held in memory. Every error is an EnvironmentError that begins with the archive's path.
class ZipReader {
public:
  /// `bytes` must be a zip archive; `path` names it in messages.
  ZipReader(Array bytes, std::string path);
  ~ZipReader();
  ZipReader(const ZipReader &) = delete;

  /// Names in the archive's order, directories left out.
  const std::vector<std::string> &names() const { return names_; }
  bool contains(std::string_view name) const;
  /// The uncompressed content as uint8, its checksum verified.
  Array read(std::string_view name) const;

private:
  Array bytes;
  std::string path;
  zip *archive = nullptr;
  std::vector<std::string> names_;
  std::map<std::string, uint64_t, std::less<>> indices;
};

/// Builds an archive.
class ZipWriter {
public:
  enum class Date { Fixed1980, Now };   ///< Python's zipfile writes 1980-01-01 for entries made from memory
  /// `bytes` must live until finish().
  void add(std::string name, std::string_view bytes, bool compressed = false, Date date = Date::Fixed1980);
  std::string finish(const std::string &path);

private:
  struct Entry {
    std::string name;
    std::string_view bytes;
    bool compressed;
    Date date;
  };
  std::vector<Entry> entries;
};

} // namespace cornu
