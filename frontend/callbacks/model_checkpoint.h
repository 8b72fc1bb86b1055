// ModelCheckpoint: saves the model, or its weights, while it trains.
#pragma once

#include "frontend/callbacks/monitor_callback.h"
#include "frontend/callbacks/save_frequency.h"

namespace cornu {

struct ModelCheckpointOptions {
  std::string monitor = "val_loss";
  int verbose = 0;
  bool save_best_only = false;                  ///< only if the monitored value improved on the best so far
  bool save_weights_only = false;
  std::string mode = "auto";                    ///< "min" or "max": what is better; "auto" goes by the metric
  SaveFrequency save_freq = "epoch";            ///< or a number of batches
  std::optional<double> initial_value_threshold = {}; ///< the best before the first epoch
  int64_t period = 1;                           ///< with "epoch": every so many epochs
};

namespace callbacks {
/// The path may hold fields of Python's format: `{epoch:03d}` and `{batch}`, counted from 1, and all keys of the logs, as in
/// "model-ep{epoch:03d}-loss{loss:.3f}.keras". It ends in ".keras", or in ".weights.h5" where only weights are saved; folders are made.
class ModelCheckpoint : public MonitorCallback {
public:
  explicit ModelCheckpoint(std::string filepath, ModelCheckpointOptions options = {});
  void on_train_begin() override;
  void on_epoch_begin(int64_t number) override { epoch = number; }
  void on_epoch_end(int64_t epoch, Logs &logs) override;
  void on_train_batch_end(int64_t batch, const Logs &logs) override;

  std::optional<double> best;

private:
  void save(std::optional<int64_t> batch, const Logs &logs);
  bool isDue(const Logs &logs, const std::string &path);

  std::string filepath;
  ModelCheckpointOptions given;
  int64_t epoch = 0, epochsSinceSaving = 0;
};
} // namespace callbacks
using callbacks::ModelCheckpoint;

} // namespace cornu
