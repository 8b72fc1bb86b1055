#include "frontend/saving/zip.h"

#include <algorithm>
#include <cstring>
#include <ctime>
#include <zip.h>

namespace cornu {
namespace {
constexpr uint64_t maxEntries = 100000;
constexpr uint64_t maxRatio = 1040; // deflate cannot do better than 1032:1

struct ZipError {
  zip_error_t error;
  ZipError() { zip_error_init(&error); }
  ~ZipError() { zip_error_fini(&error); }
  std::string text() { return zip_error_strerror(&error); }
};
} // namespace

ZipReader::ZipReader(Array content, std::string name) : bytes(std::move(content)), path(std::move(name)) {
  // libzip takes an empty file for an empty archive.
  if (bytes.size() < 4 || std::memcmp(bytes.raw(), "PK", 2) != 0) throw EnvironmentError(path, "is not a zip archive");
  ZipError error;
  zip_source_t *source = zip_source_buffer_create(bytes.raw(), bytes.bytes(), 0, &error.error);
  if (!source) throw EnvironmentError(path, "is not a readable zip archive: " + error.text());
  archive = zip_open_from_source(source, ZIP_RDONLY, &error.error);
  if (!archive) {
    zip_source_free(source);
    throw EnvironmentError(path, "is not a readable zip archive: " + error.text());
  }
  auto refuse = [&](const std::string &why) {
    zip_discard(archive);
    throw EnvironmentError(path, why);
  };
  auto count = static_cast<uint64_t>(std::max<zip_int64_t>(zip_get_num_entries(archive, 0), 0));
  if (count > maxEntries) refuse("holds " + std::to_string(count) + " entries, more than any model or data set has");
  uint64_t total = 0;
  for (uint64_t i = 0; i < count; ++i) {
    zip_stat_t info;
    if (zip_stat_index(archive, i, 0, &info) != 0) refuse("is not a readable zip archive: " + std::string(zip_strerror(archive)));
    std::string entry = info.name;
    if (entry.ends_with('/')) continue;
    // Entries that overlap, or claim to unpack to more than deflate can: a zip bomb.
    uint64_t limit = bytes.bytes() * maxRatio + 4096;
    if (info.size > info.comp_size * maxRatio + 4096 || info.size > limit || (total += info.size) > limit)
      refuse("'" + entry + "' claims " + std::to_string(info.size) + " bytes, more than the archive can hold");
    if (!indices.try_emplace(entry, i).second) refuse("holds '" + entry + "' twice");
    names_.push_back(std::move(entry));
  }
}

ZipReader::~ZipReader() {
  if (archive) zip_discard(archive);
}

bool ZipReader::contains(std::string_view name) const { return indices.contains(name); }

Array ZipReader::read(std::string_view name) const {
  auto place = indices.find(name);
  if (place == indices.end()) throw EnvironmentError(path, "has no entry '" + std::string(name) + "'");
  uint64_t index = place->second;
  auto refuse = [&](const std::string &why) { throw EnvironmentError(path, "cannot read '" + std::string(name) + "': " + why); };
  zip_stat_t info;
  if (zip_stat_index(archive, index, 0, &info) != 0) refuse(zip_strerror(archive));
  zip_file_t *file = zip_fopen_index(archive, index, 0);
  if (!file) refuse(zip_strerror(archive));
  std::unique_ptr<zip_file_t, int (*)(zip_file_t *)> closer(file, zip_fclose);
  Array content = Array::uninitialized({static_cast<int64_t>(info.size)}, DType::UInt8);
  uint64_t done = 0;
  while (done < info.size) {
    zip_int64_t got = zip_fread(file, content.data<uint8_t>() + done, std::min<uint64_t>(info.size - done, 1 << 30));
    if (got < 0) refuse(zip_file_strerror(file));
    if (got == 0) refuse("it is truncated");
    done += static_cast<uint64_t>(got);
  }
  // The checksum is verified when the end is read past.
  uint8_t beyond;
  zip_int64_t more = zip_fread(file, &beyond, 1);
  if (more < 0) refuse(zip_file_strerror(file));
  if (more > 0) refuse("it is longer than it says");
  return content;
}

void ZipWriter::add(std::string name, std::string_view bytes, bool compressed, Date date) {
  entries.push_back({std::move(name), bytes, compressed, date});
}

std::string ZipWriter::finish(const std::string &path) {
  ZipError error;
  zip_source_t *target = zip_source_buffer_create(nullptr, 0, 0, &error.error);
  zip_t *archive = target ? zip_open_from_source(target, ZIP_TRUNCATE, &error.error) : nullptr;
  if (!archive) throw EnvironmentError(path, "cannot build the zip archive: " + error.text());
  zip_source_keep(target);
  auto check = [&](bool good) {
    if (good) return;
    std::string why = zip_strerror(archive);
    zip_discard(archive);
    zip_source_free(target);
    throw EnvironmentError(path, "cannot build the zip archive: " + why);
  };
  for (const Entry &entry : entries) {
    zip_source_t *source = zip_source_buffer(archive, entry.bytes.data(), entry.bytes.size(), 0);
    check(source);
    zip_int64_t added = zip_file_add(archive, entry.name.c_str(), source, ZIP_FL_ENC_UTF_8);
    if (added < 0) zip_source_free(source);
    check(added >= 0);
    auto index = static_cast<zip_uint64_t>(added);
    check(zip_set_file_compression(archive, index, entry.compressed ? ZIP_CM_DEFLATE : ZIP_CM_STORE, 0) == 0);
    check(zip_file_set_external_attributes(archive, index, 0, ZIP_OPSYS_UNIX, 0600u << 16) == 0);
    if (entry.date == Date::Fixed1980) check(zip_file_set_dostime(archive, index, 0, 1 << 5 | 1, 0) == 0);
    else check(zip_file_set_mtime(archive, index, std::time(nullptr), 0) == 0);
  }
  check(zip_close(archive) == 0);
  std::string out;
  zip_stat_t info;
  bool good = zip_source_stat(target, &info) == 0 && zip_source_open(target) == 0;
  if (good) {
    out.resize(info.size);
    size_t done = 0;
    while (good && done < out.size()) {
      zip_int64_t got = zip_source_read(target, out.data() + done, out.size() - done);
      good = got > 0;
      if (good) done += static_cast<size_t>(got);
    }
    zip_source_close(target);
  }
  zip_source_free(target);
  if (!good) throw EnvironmentError(path, "cannot build the zip archive");
  return out;
}

} // namespace cornu
