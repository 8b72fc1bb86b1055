// BackupAndRestore: lets a fit that was interrupted go on where it was.
#pragma once

#include "frontend/callbacks/callback.h"
#include "frontend/callbacks/save_frequency.h"

namespace cornu {

struct BackupAndRestoreOptions {
  SaveFrequency save_freq = "epoch";            ///< or a number of batches
  bool double_checkpoint = false;               ///< keeps the state before, too, which is taken if the last cannot be read
  bool delete_checkpoint = true;                ///< removes the folder when training has come to its end
};

namespace callbacks {
/// Keeps weights, optimizer state and epoch in a folder of its own. A new fit with the same folder begins with the epoch that was not finished.
class BackupAndRestore : public Callback {
public:
  explicit BackupAndRestore(std::string backup_dir, BackupAndRestoreOptions options = {});
  void on_train_begin() override;
  std::optional<int64_t> initial_epoch() const override { return epochToBegin; }
  void on_train_batch_end(int64_t batch, const Logs &) override;
  void on_epoch_end(int64_t epoch, Logs &) override;
  void on_train_end(const Logs &) override;

private:
  void load();
  void save();

  std::string folder, weights, metadata;
  BackupAndRestoreOptions given;
  std::optional<int64_t> epochToBegin;
  int64_t epoch = 0, batch = 0;
};
} // namespace callbacks
using callbacks::BackupAndRestore;

} // namespace cornu
