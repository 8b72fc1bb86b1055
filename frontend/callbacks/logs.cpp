#include "frontend/callbacks/logs.h"

#include <limits>
#include <numeric>

#include "runtime/errors.h"

namespace cornu {

LogValue::operator double() const {
  if (isList()) throw UserError("a number is needed where a metric has several", std::to_string(many.size()) + " of them");
  return one;
}
double LogValue::mean() const { return isNumber ? one : std::accumulate(many.begin(), many.end(), 0.0) / static_cast<double>(many.size()); }

double Logs::operator[](const std::string &key) const {
  for (const auto &[name, value] : *this)
    if (name == key) {
      if (value.isList()) throw UserError("'" + key + "' must be one number here", "a list of " + std::to_string(value.list().size()));
      return value;
    }
  return std::numeric_limits<double>::quiet_NaN();
}
const LogValue &Logs::at(const std::string &key) const {
  for (const auto &[name, value] : *this)
    if (name == key) return value;
  throw UserError("the logs have no '" + key + "'. Known: " + quotedList(keys()));
}
bool Logs::contains(const std::string &key) const {
  for (const auto &[name, value] : *this)
    if (name == key) return true;
  return false;
}
void Logs::set(const std::string &key, LogValue value) {
  for (auto &[name, old] : *this)
    if (name == key) return void(old = std::move(value));
  emplace_back(key, std::move(value));
}
std::vector<std::string> Logs::keys() const {
  std::vector<std::string> names;
  for (const auto &[name, value] : *this) names.push_back(name);
  return names;
}
std::string Logs::listed() const {
  std::string text;
  for (const auto &[name, value] : *this) text += (text.empty() ? "" : ",") + name;
  return text;
}

} // namespace cornu
