#include "frontend/callbacks/history.h"

#include "runtime/errors.h"

namespace cornu {

void History::on_epoch_end(int64_t number, Logs &logs) {
  epoch.push_back(number);
  for (const auto &[key, value] : logs) {
    std::vector<double> *values = nullptr;
    for (auto &[name, known] : history)
      if (name == key) values = &known;
    if (!values) values = &history.emplace_back(key, std::vector<double>{}).second;
    values->push_back(value);
  }
}

const std::vector<double> &History::operator[](const std::string &key) const {
  std::vector<std::string> known;
  for (const auto &[name, values] : history) {
    if (name == key) return values;
    known.push_back(name);
  }
  throw UserError("History has no '" + key + "'. Known: " + quotedList(known));
}

} // namespace cornu
