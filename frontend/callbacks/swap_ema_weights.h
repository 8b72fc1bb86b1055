// SwapEMAWeights: evaluates with the running means of the weights.
#pragma once

#include "frontend/callbacks/callback.h"

namespace cornu {

struct SwapEMAWeightsOptions {
  bool swap_on_epoch = false;                   ///< also at the end of each epoch, until the next begins: for callbacks that save
};

namespace callbacks {
/// While the model is evaluated or predicts, its weights are the optimizer's running means. UserError unless it has `.use_ema = true`.
class SwapEMAWeights : public Callback {
public:
  explicit SwapEMAWeights(SwapEMAWeightsOptions options = {}) : given(options) {}
  void on_epoch_begin(int64_t) override { if (given.swap_on_epoch) show(false); }
  void on_epoch_end(int64_t epoch, Logs &) override;
  void on_test_begin() override { show(true); }
  void on_test_end(const Logs &) override { show(false); }
  void on_predict_begin() override { show(true); }
  void on_predict_end() override { show(false); }

private:
  void show(bool averages);
  SwapEMAWeightsOptions given;
  bool shown = false;
};
} // namespace callbacks
using callbacks::SwapEMAWeights;

} // namespace cornu
