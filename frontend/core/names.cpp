#include "frontend/core/names.h"

#include <cctype>
#include <map>
#include <mutex>

namespace cornu {

std::string snakeCase(std::string_view name) {
  auto upper = [&](size_t i) { return i < name.size() && std::isupper(static_cast<unsigned char>(name[i])); };
  auto lower = [&](size_t i) { return i < name.size() && std::islower(static_cast<unsigned char>(name[i])); };
  std::string text;
  for (size_t i = 0; i < name.size(); ++i) {
    if (!std::isalnum(static_cast<unsigned char>(name[i])) && name[i] != '_') continue;
    // A word starts at a capital followed by lower-case letters, and where a capital follows a lower-case letter.
    if (i && upper(i) && (lower(i + 1) || lower(i - 1)) && !text.empty() && text.back() != '_') text += '_';
    text += static_cast<char>(std::tolower(static_cast<unsigned char>(name[i])));
  }
  return text;
}

namespace {
std::mutex mutex;
std::map<std::string, int> &counters() {
  static std::map<std::string, int> instance;
  return instance;
}
} // namespace

std::string uniqueName(const std::string &prefix) {
  std::lock_guard lock(mutex);
  int count = counters()[prefix]++;
  return count ? prefix + "_" + std::to_string(count) : prefix;
}

void clear_session() {
  std::lock_guard lock(mutex);
  counters().clear();
}

} // namespace cornu
