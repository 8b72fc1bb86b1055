// EarlyStopping: ends fit when a value no longer improves.
#pragma once

#include "frontend/callbacks/monitor_callback.h"

namespace cornu {

struct EarlyStoppingOptions {
  std::string monitor = "val_loss";
  double min_delta = 0;                         ///< what is less is no improvement
  int64_t patience = 0;                         ///< epochs without improvement after which training ends
  int verbose = 0;
  std::string mode = "auto";                    ///< "min" or "max": what is better; "auto" goes by the metric
  std::optional<double> baseline = {};          ///< patience is spent also by epochs that do not beat it
  bool restore_best_weights = false;            ///< at the end the weights become those of the best epoch
  int64_t start_from_epoch = 0;                 ///< epochs before it are not looked at
};

namespace callbacks {
/// An epoch that lacks the value gives a warning. The first epoch never ends training.
class EarlyStopping : public MonitorCallback {
public:
  explicit EarlyStopping(EarlyStoppingOptions options = {});
  void on_train_begin() override;
  void on_epoch_end(int64_t epoch, Logs &logs) override;
  void on_train_end(const Logs &logs) override;

  int64_t wait = 0;                             ///< epochs without improvement
  int64_t stopped_epoch = 0;                    ///< 0 if it did not end training
  int64_t best_epoch = 0;
  std::optional<double> best;
  std::vector<Array> best_weights;              ///< empty unless they are to be restored

private:
  EarlyStoppingOptions given;
};
} // namespace callbacks
using callbacks::EarlyStopping;

} // namespace cornu
