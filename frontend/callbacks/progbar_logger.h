// ProgbarLogger: the progress bar, on standard output.
#pragma once

#include <optional>

#include "frontend/callbacks/callback.h"
#include "frontend/callbacks/progress_bar.h"

namespace cornu {

namespace callbacks {
/// Added by fit, evaluate and predict unless `.verbose = 0` or it is among their callbacks. Silent while fit validates.
class ProgbarLogger : public Callback {
public:
  void on_train_begin() override { fitting = true; }
  void on_train_end(const Logs &) override { fitting = false; }
  void on_epoch_begin(int64_t epoch) override;
  void on_epoch_end(int64_t, Logs &logs) override { finish(logs); }
  void on_train_batch_end(int64_t batch, const Logs &logs) override { bar->update(batch + 1, logs); }
  void on_test_begin() override { if (!fitting) start(); }
  void on_test_batch_end(int64_t batch, const Logs &logs) override { if (!fitting) bar->update(batch + 1, logs); }
  void on_test_end(const Logs &logs) override { if (!fitting) finish(logs); }
  void on_predict_begin() override { start(); }
  void on_predict_batch_end(int64_t batch, const std::vector<Array> &) override { bar->update(batch + 1, {}); }
  void on_predict_end() override { finish({}); }

private:
  void start() { bar.emplace(params.steps, params.verbose); }
  void finish(const Logs &logs);

  bool fitting = false;
  std::optional<ProgressBar> bar;
};
} // namespace callbacks
using callbacks::ProgbarLogger;

} // namespace cornu
