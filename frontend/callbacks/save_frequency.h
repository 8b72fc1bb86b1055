// When a callback saves: `.save_freq = "epoch"`, or a number of batches.
#pragma once

#include "runtime/errors.h"

namespace cornu {

class SaveFrequency {
public:
  SaveFrequency(const char *word) : SaveFrequency(std::string(word)) {}
  SaveFrequency(const std::string &word) {
    if (word != "epoch") throw UserError("save_freq must be 'epoch' or a number of batches", "save_freq='" + word + "'");
  }
  SaveFrequency(int64_t batches) : batches(batches) {
    if (batches < 1) throw UserError("save_freq must be 'epoch' or a positive number of batches", "save_freq=" + std::to_string(batches));
  }
  SaveFrequency(int batches) : SaveFrequency(static_cast<int64_t>(batches)) {}

  bool eachEpoch() const { return batches == 0; }
  /// Counts a batch, over epochs; whether it is the last of so many.
  bool batchIsDue() {
    if (!batches || ++seen < batches) return false;
    seen = 0;
    return true;
  }

private:
  int64_t batches = 0, seen = 0;
};

} // namespace cornu
