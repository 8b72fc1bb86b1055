// Logs: names with numbers, as Keras's dictionaries of losses and metrics.
#pragma once

#include <compare>
#include <concepts>
#include <string>
#include <utility>
#include <vector>

namespace cornu {

/// What a log says of a metric: a number, or a list of them, one for each threshold or class.
class LogValue {
public:
  LogValue(double number = 0) : one(number) {}
  LogValue(std::vector<double> numbers) : many(std::move(numbers)), isNumber(false) {}

  bool isList() const { return !isNumber; }
  /// UserError for a list.
  operator double() const;
  /// All numbers: of a number, it alone.
  std::vector<double> list() const { return isNumber ? std::vector{one} : many; }
  /// What a progress bar shows.
  double mean() const;

  friend bool operator==(const LogValue &, const LogValue &) = default;
  template <class T> requires std::is_arithmetic_v<T> friend bool operator==(const LogValue &value, T number) { return value.isNumber && value.one == number; }

private:
  double one = 0;
  std::vector<double> many;
  bool isNumber = true;
};

/// Values by key, in order: sorted, "val_…" included.
class Logs : public std::vector<std::pair<std::string, LogValue>> {
public:
  using std::vector<std::pair<std::string, LogValue>>::vector;
  using std::vector<std::pair<std::string, LogValue>>::operator[];
  /// NaN if there is none of that name. UserError if it is a list: at() has it.
  double operator[](const std::string &key) const;
  /// UserError with the known keys if there is none of that name.
  const LogValue &at(const std::string &key) const;
  bool contains(const std::string &key) const;
  void set(const std::string &key, LogValue value);
  std::vector<std::string> keys() const;
  /// "loss,val_loss"
  std::string listed() const;
};

} // namespace cornu
