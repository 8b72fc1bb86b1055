#include "frontend/callbacks/history.h"

#include "runtime/errors.h"

namespace cornu {

void History::on_epoch_end(int64_t number, Logs &logs) {
  epoch.push_back(number);
  for (const auto &[key, value] : logs) {
    Series *values = nullptr;
    for (auto &[name, known] : history)
      if (name == key) values = &known;
    if (!values) values = &history.emplace_back(key, Series()).second;
    value.isList() ? values->lists.push_back(value.list()) : values->push_back(value);
  }
}

const Series &History::series(const std::string &key) const {
  std::vector<std::string> known;
  for (const auto &[name, values] : history) {
    if (name == key) return values;
    known.push_back(name);
  }
  throw UserError("History has no '" + key + "'. Known: " + quotedList(known));
}

const std::vector<double> &History::operator[](const std::string &key) const {
  const Series &found = series(key);
  if (!found.lists.empty()) throw UserError("History: '" + key + "' has " + std::to_string(found.lists[0].size()) + " numbers an epoch: call lists()");
  return found;
}

const std::vector<std::vector<double>> &History::lists(const std::string &key) const {
  const Series &found = series(key);
  if (found.lists.empty()) throw UserError("History: '" + key + "' has one number an epoch: use []");
  return found.lists;
}

} // namespace cornu
