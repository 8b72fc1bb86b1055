// TerminateOnNaN: ends fit when the loss is no longer a number.
#pragma once

#include "frontend/callbacks/callback.h"

namespace cornu {

struct TerminateOnNaNOptions {
  bool raise_error = false;                     ///< a UserError in place of a quiet end
};

namespace callbacks {
class TerminateOnNaN : public Callback {
public:
  explicit TerminateOnNaN(TerminateOnNaNOptions options = {}) : given(options) {}
  void on_batch_end(int64_t batch, const Logs &logs) override;

private:
  TerminateOnNaNOptions given;
};
} // namespace callbacks
using callbacks::TerminateOnNaN;

} // namespace cornu
