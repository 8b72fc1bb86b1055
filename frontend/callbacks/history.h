// History: what fit returns.
#pragma once

#include "frontend/callbacks/callback.h"

namespace cornu {

/// What an epoch each said of one key: numbers, or, of a metric that has several, lists.
struct Series : std::vector<double> {
  using std::vector<double>::vector;
  std::vector<std::vector<double>> lists;
  friend bool operator==(const Series &, const Series &) = default;
};

/// A value an epoch, by key. Fit returns the one among its callbacks, if there is one: it then goes on where an earlier fit ended.
class History : public Callback {
public:
  void on_train_begin() override { epoch.clear(); }
  void on_epoch_end(int64_t epoch, Logs &logs) override;

  std::vector<int64_t> epoch;                   ///< of the last fit, from 0
  /// In the order of the logs.
  std::vector<std::pair<std::string, Series>> history;
  /// The numbers of one key. UserError with the known keys, and for a metric that has several numbers an epoch.
  const std::vector<double> &operator[](const std::string &key) const;
  /// The lists of a metric that has several numbers an epoch. UserError if it has not.
  const std::vector<std::vector<double>> &lists(const std::string &key) const;

private:
  const Series &series(const std::string &key) const;
};

} // namespace cornu
