#include <cerrno>
#include <charconv>
#include <cstring>
#include <memory>
#include <zlib.h>

#include "frontend/saving/npy.h"

namespace cornu {
namespace {
constexpr size_t maxText = size_t(1) << 32; // a gzipped file can claim a thousand times its size

std::string readText(const std::string &path) {
  errno = 0;
  gzFile opened = gzopen(path.c_str(), "rb");
  if (!opened) throw EnvironmentError(path, std::string("cannot open: ") + std::strerror(errno ? errno : ENOMEM));
  std::unique_ptr<gzFile_s, int (*)(gzFile)> file(opened, gzclose);
  std::string text;
  constexpr unsigned step = 1 << 20;
  for (;;) {
    size_t before = text.size();
    text.resize(before + step);
    int got = gzread(opened, text.data() + before, step);
    if (got < 0) {
      int code;
      std::string why = gzerror(opened, &code);
      if (why.starts_with(path + ": ")) why.erase(0, path.size() + 2); // zlib puts the path before its reason
      throw EnvironmentError(path, "cannot read: " + (code == Z_ERRNO ? std::strerror(errno) : why));
    }
    text.resize(before + static_cast<size_t>(got));
    if (text.size() > maxText) throw EnvironmentError(path, "holds more than 4 GiB of text");
    if (static_cast<unsigned>(got) < step) break;
  }
  // A truncated gzip stream ends like a whole one but for this.
  int code;
  gzerror(opened, &code);
  if (code == Z_BUF_ERROR) throw EnvironmentError(path, "is truncated");
  return text;
}
} // namespace

Array load_csv(const std::string &path, const CsvOptions &options) {
  std::string text = readText(path);
  std::vector<double> values;
  int64_t line = 0, lines = 0;
  size_t columns = 0;
  for (size_t at = 0; at < text.size();) {
    size_t end = std::min(text.find('\n', at), text.size());
    std::string_view row(text.data() + at, end - at);
    at = end + 1;
    ++line;
    if (row.ends_with('\r')) row.remove_suffix(1);
    if (line == 1 && row.starts_with("\xEF\xBB\xBF")) row.remove_prefix(3);
    if (line <= options.skip_rows || row.find_first_not_of(" \t") == row.npos) continue;
    size_t before = values.size();
    for (;;) {
      size_t comma = row.find(options.delimiter);
      std::string_view cell = row.substr(0, comma);
      size_t first = cell.find_first_not_of(" \t\""), last = cell.find_last_not_of(" \t\"");
      cell = first == cell.npos ? std::string_view() : cell.substr(first, last - first + 1);
      if (cell.starts_with('+')) cell.remove_prefix(1);
      double value = 0;
      auto [stop, error] = std::from_chars(cell.data(), cell.data() + cell.size(), value);
      if (error != std::errc() || stop != cell.data() + cell.size())
        throw EnvironmentError(path, "line " + std::to_string(line) + ", column " + std::to_string(values.size() - before + 1) + ": '" +
                                         std::string(cell.substr(0, 40)) + "' is not a number");
      values.push_back(value);
      if (comma == row.npos) break;
      row.remove_prefix(comma + 1);
    }
    if (!lines++) columns = values.size() - before;
    if (values.size() - before != columns)
      throw EnvironmentError(path, "line " + std::to_string(line) + " has " + std::to_string(values.size() - before) + " columns, the first has " +
                                       std::to_string(columns));
  }
  if (!lines) throw EnvironmentError(path, "holds no rows");
  return Array(std::move(values), {lines, static_cast<int64_t>(columns)}).astype(options.dtype);
}

} // namespace cornu
