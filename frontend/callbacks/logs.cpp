#include "frontend/callbacks/logs.h"

#include <limits>

namespace cornu {

double Logs::operator[](const std::string &key) const {
  for (const auto &[name, value] : *this)
    if (name == key) return value;
  return std::numeric_limits<double>::quiet_NaN();
}
bool Logs::contains(const std::string &key) const {
  for (const auto &[name, value] : *this)
    if (name == key) return true;
  return false;
}
void Logs::set(const std::string &key, double value) {
  for (auto &[name, old] : *this)
    if (name == key) return void(old = value);
  emplace_back(key, value);
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
