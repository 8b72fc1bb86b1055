#include "frontend/callbacks/csv_logger.h"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdlib>
#include <cstring>

#include "frontend/saving/json.h"
#include "runtime/errors.h"

namespace cornu::callbacks {

namespace {
/// A list in brackets and quotes, its numbers as NumPy prints those of float32: as short as reads back the same.
std::string field(const LogValue &value) {
  if (!value.isList()) return pythonRepr(value);
  std::string text;
  for (double number : value.list()) {
    char digits[40];
    auto end = std::to_chars(digits, digits + sizeof digits - 1, static_cast<float>(number)).ptr;
    *end = 0;
    text += (text.empty() ? "" : ", ") + pythonRepr(std::strtod(digits, nullptr));
  }
  return "\"[" + text + "]\"";
}
} // namespace

CSVLogger::CSVLogger(std::string name, CSVLoggerOptions o) : filename(std::move(name)), given(std::move(o)) {
  if (given.separator.size() != 1) throw UserError("CSVLogger: separator must be one character", "separator='" + given.separator + "'");
}

void CSVLogger::on_train_begin() {
  keys.clear();
  needsHeader = !given.append || std::ifstream(filename).peek() == std::ifstream::traits_type::eof();
  file = std::make_shared<std::ofstream>(filename, given.append ? std::ios::app : std::ios::trunc);
  if (!*file) throw EnvironmentError(filename, std::string("cannot be written: ") + std::strerror(errno));
}

void CSVLogger::on_epoch_end(int64_t epoch, Logs &logs) {
  if (keys.empty()) {
    keys = logs.keys();
    std::sort(keys.begin(), keys.end());
    if (std::none_of(keys.begin(), keys.end(), [](const std::string &key) { return key.starts_with("val_"); }))
      for (size_t i = 0, known = keys.size(); i < known; ++i) keys.push_back("val_" + keys[i]);
    if (needsHeader) {
      std::vector<std::string> header = {"epoch"};
      header.insert(header.end(), keys.begin(), keys.end());
      write(header);
    }
  }
  std::vector<std::string> row = {std::to_string(epoch)};
  for (const std::string &key : keys) row.push_back(logs.contains(key) ? field(logs.at(key)) : "NA");
  write(row);
  if (!file->flush()) throw EnvironmentError(filename, std::string("cannot be written: ") + std::strerror(errno));
}

void CSVLogger::write(const std::vector<std::string> &fields) {
  for (size_t i = 0; i < fields.size(); ++i) {
    if (i) *file << given.separator;
    bool quoted = fields[i].find_first_of("\"\r\n" + given.separator) != std::string::npos;
    if (!quoted) {
      *file << fields[i];
      continue;
    }
    *file << '"';
    for (char c : fields[i]) *file << (c == '"' ? "\"\"" : std::string(1, c));
    *file << '"';
  }
  *file << "\r\n";
}

} // namespace cornu::callbacks
