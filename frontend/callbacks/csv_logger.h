// CSVLogger: the logs of each epoch as a line of a file.
#pragma once

#include <fstream>

#include "frontend/callbacks/callback.h"

namespace cornu {

struct CSVLoggerOptions {
  std::string separator = ",";                  ///< one character
  bool append = false;                          ///< goes on with a file that is there
};

namespace callbacks {
/// A header, then "epoch" (from 0) and the values by sorted key; a key that an epoch lacks is "NA". The first epoch tells the keys: if it has none that
/// begin with "val_" there is a place for each. Lines end as in Python's csv module, with \r\n. EnvironmentError if the file cannot be written.
class CSVLogger : public Callback {
public:
  explicit CSVLogger(std::string filename, CSVLoggerOptions options = {});
  void on_train_begin() override;
  void on_epoch_end(int64_t epoch, Logs &logs) override;
  void on_train_end(const Logs &) override { file.reset(); }

private:
  void write(const std::vector<std::string> &fields);

  std::string filename;
  CSVLoggerOptions given;
  std::shared_ptr<std::ofstream> file;
  std::vector<std::string> keys;
  bool needsHeader = true;
};
} // namespace callbacks
using callbacks::CSVLogger;

} // namespace cornu
