#include "frontend/callbacks/swap_ema_weights.h"

#include "frontend/models/model.h"

namespace cornu::callbacks {

void SwapEMAWeights::show(bool averages) {
  if (shown == averages) return;
  const std::vector<Variable> &means = model->optimizer().averages();
  std::vector<Variable> weights = model->trainable_weights();
  if (means.size() != weights.size()) throw UserError("SwapEMAWeights: the optimizer must be made with use_ema=true, and have trained the model");
  for (size_t i = 0; i < weights.size(); ++i) {
    Array weight = weights[i].value().clone();
    weights[i].assign(means[i].value());
    Variable(means[i]).assign(weight);
  }
  shown = averages;
}

void SwapEMAWeights::on_epoch_end(int64_t epoch, Logs &) {
  if (!given.swap_on_epoch) return;
  show(true);
  if (epoch + 1 != params.epochs) return;
  // Fit ends by making the weights their means, which are in place already.
  const std::vector<Variable> &means = model->optimizer().averages();
  std::vector<Variable> weights = model->trainable_weights();
  for (size_t i = 0; i < weights.size(); ++i) Variable(means[i]).assign(weights[i].value());
}

} // namespace cornu::callbacks
