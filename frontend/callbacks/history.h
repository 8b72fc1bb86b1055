// History: what fit returns.
#pragma once

#include "frontend/callbacks/callback.h"

namespace cornu {

/// A value an epoch, by key. Fit returns the one among its callbacks, if there is one: it then goes on where an earlier fit ended.
class History : public Callback {
public:
  void on_train_begin() override { epoch.clear(); }
  void on_epoch_end(int64_t epoch, Logs &logs) override;

  std::vector<int64_t> epoch;                   ///< of the last fit, from 0
  /// In the order of the logs.
  std::vector<std::pair<std::string, std::vector<double>>> history;
  /// The values of one key. UserError with the known keys.
  const std::vector<double> &operator[](const std::string &key) const;
};

} // namespace cornu
