// ReduceLROnPlateau: a smaller learning rate when a value no longer improves.
#pragma once

#include "frontend/callbacks/monitor_callback.h"

namespace cornu {

struct ReduceLROnPlateauOptions {
  std::string monitor = "val_loss";
  double factor = 0.1;                          ///< the rate becomes rate · factor
  int64_t patience = 10;                        ///< epochs without improvement before that
  int verbose = 0;
  std::string mode = "auto";                    ///< "min" or "max": what is better; "auto" goes by the metric
  double min_delta = 1e-4;                      ///< what is less is no improvement
  int64_t cooldown = 0;                         ///< epochs after a reduction that do not count
  double min_lr = 0;                            ///< the rate does not fall below it
};

namespace callbacks {
/// Adds "learning_rate", the rate of the epoch that ends, to the logs. An epoch that lacks the value gives a warning.
class ReduceLROnPlateau : public MonitorCallback {
public:
  explicit ReduceLROnPlateau(ReduceLROnPlateauOptions options = {});
  void on_train_begin() override;
  void on_epoch_end(int64_t epoch, Logs &logs) override;

  int64_t wait = 0, cooldown_counter = 0;
  std::optional<double> best;

private:
  void reduce(int64_t epoch);

  ReduceLROnPlateauOptions given;
};
} // namespace callbacks
using callbacks::ReduceLROnPlateau;

} // namespace cornu
