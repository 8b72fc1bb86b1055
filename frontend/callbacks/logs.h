// Logs: names with numbers, as Keras's dictionaries of losses and metrics.
#pragma once

#include <string>
#include <utility>
#include <vector>

namespace cornu {

/// Values by key, in order: sorted, "val_…" included.
class Logs : public std::vector<std::pair<std::string, double>> {
public:
  using std::vector<std::pair<std::string, double>>::vector;
  using std::vector<std::pair<std::string, double>>::operator[];
  /// NaN if there is none of that name.
  double operator[](const std::string &key) const;
  bool contains(const std::string &key) const;
  void set(const std::string &key, double value);
  std::vector<std::string> keys() const;
  /// "loss,val_loss"
  std::string listed() const;
};

} // namespace cornu
