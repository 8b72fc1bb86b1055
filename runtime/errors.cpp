#include "runtime/errors.h"

#include <algorithm>
#include <vector>

namespace cornu {

UserError::UserError(const std::string &message) : Error(message) {}
UserError::UserError(std::string_view rule, std::string_view received)
    : Error(std::string(rule) + ". Received: " + std::string(received)) {}

EnvironmentError::EnvironmentError(const std::string &message) : Error(message) {}
EnvironmentError::EnvironmentError(std::string_view path, std::string_view reason)
    : Error(std::string(path) + ": " + std::string(reason)) {}

InternalError::InternalError(std::string_view what)
    : Error("internal error: " + std::string(what) + ". This is a bug in Cornu: please report it with the program or model that shows it") {}

std::string shapeString(std::span<const int64_t> shape) {
  std::string text = "(";
  for (size_t i = 0; i < shape.size(); ++i) {
    if (i) text += ", ";
    text += shape[i] < 0 ? "None" : std::to_string(shape[i]);
  }
  return text + (shape.size() == 1 ? ",)" : ")");
}

std::string quotedList(std::span<const std::string> names) {
  std::string text;
  for (const std::string &name : names) text += (text.empty() ? "'" : ", '") + name + "'";
  return text;
}

std::string closestName(std::string_view name, std::span<const std::string> candidates) {
  std::string best;
  size_t bestDistance = std::max<size_t>(2, name.size() / 3) + 1;
  for (const std::string &candidate : candidates) {
    // Levenshtein distance, one row at a time; a candidate that contains the name (or the reverse) counts as near.
    std::vector<size_t> row(candidate.size() + 1);
    for (size_t j = 0; j < row.size(); ++j) row[j] = j;
    for (size_t i = 0; i < name.size(); ++i) {
      size_t diagonal = row[0];
      row[0] = i + 1;
      for (size_t j = 0; j < candidate.size(); ++j) {
        size_t substituted = diagonal + (name[i] != candidate[j]);
        diagonal = row[j + 1];
        row[j + 1] = std::min({row[j] + 1, row[j + 1] + 1, substituted});
      }
    }
    size_t distance = row.back();
    bool contains = name.size() >= 4 && (candidate.find(name) != std::string::npos || name.find(candidate) != std::string_view::npos);
    if (contains) distance = std::min<size_t>(distance, 2);
    if (distance < bestDistance) bestDistance = distance, best = candidate;
  }
  return best;
}

} // namespace cornu
