#include "frontend/callbacks/progbar_logger.h"

#include <cstdio>

namespace cornu::callbacks {

void ProgbarLogger::on_epoch_begin(int64_t epoch) {
  start();
  if (params.verbose && params.epochs > 1) std::printf("Epoch %lld/%lld\n", static_cast<long long>(epoch + 1), static_cast<long long>(params.epochs));
}

void ProgbarLogger::finish(const Logs &logs) {
  bar->finish(logs);
  // How many batches an epoch has is known after the first.
  if (!params.steps) params.steps = bar->done();
}

} // namespace cornu::callbacks
