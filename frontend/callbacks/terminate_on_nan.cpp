#include "frontend/callbacks/terminate_on_nan.h"

#include <cmath>
#include <cstdio>

#include "frontend/models/model.h"

namespace cornu::callbacks {

void TerminateOnNaN::on_batch_end(int64_t batch, const Logs &logs) {
  if (!logs.contains("loss") || std::isfinite(logs["loss"])) return;
  if (given.raise_error) throw UserError("TerminateOnNaN: the loss must be finite", pythonRepr(logs["loss"]) + " at batch " + std::to_string(batch));
  std::printf("Batch %lld: Invalid loss, terminating training\n", static_cast<long long>(batch));
  model->stop_training() = true;
}

} // namespace cornu::callbacks
