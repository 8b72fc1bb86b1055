// Callback: code that runs between the steps of fit. Logs: names with numbers, sorted, as Keras has them.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace cornu {

class Model;

/// Values by key, in order: sorted, "val_…" included.
class Logs : public std::vector<std::pair<std::string, double>> {
public:
  using std::vector<std::pair<std::string, double>>::vector;
  using std::vector<std::pair<std::string, double>>::operator[];
  /// NaN if there is none of that name.
  double operator[](const std::string &key) const;
  bool contains(const std::string &key) const;
  void set(const std::string &key, double value);
};

class Callback {
public:
  virtual ~Callback() = default;
  virtual void on_train_begin() {}
  virtual void on_epoch_begin(int64_t /*epoch*/) {}
  virtual void on_train_batch_begin(int64_t /*batch*/) {}
  /// Logs are running means so far. Asking for them costs a read of the metrics a step, so override only where needed.
  virtual void on_train_batch_end(int64_t /*batch*/, const Logs & /*logs*/) {}
  /// May add to `logs`: History and the progress bar see it.
  virtual void on_epoch_end(int64_t /*epoch*/, Logs & /*logs*/) {}
  virtual void on_train_end() {}

  /// The model in training, with its `stop_training`.
  Model *model = nullptr;
};

/// What fit returns: a value an epoch, by key.
class History : public Callback {
public:
  void on_epoch_end(int64_t epoch, Logs &logs) override;
  std::vector<int64_t> epoch;
  /// In the order of the logs.
  std::vector<std::pair<std::string, std::vector<double>>> history;
  /// The values of one key. UserError with the known keys.
  const std::vector<double> &operator[](const std::string &key) const;
};

} // namespace cornu
