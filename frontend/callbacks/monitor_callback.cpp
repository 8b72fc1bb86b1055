#include "frontend/callbacks/monitor_callback.h"

#include <cmath>

#include "frontend/models/model.h"

namespace cornu::callbacks {

MonitorCallback::MonitorCallback(std::string name, std::string monitor, std::string mode, double min_delta)
    : class_name(std::move(name)), monitor(std::move(monitor)), mode(std::move(mode)), min_delta(std::abs(min_delta)) {
  if (this->mode != "auto" && this->mode != "min" && this->mode != "max")
    throw UserError(class_name + ": mode must be 'auto', 'min' or 'max'", "mode='" + this->mode + "'");
}

void MonitorCallback::on_train_begin() {
  if (mode != "auto") return void(largerIsBetter = mode == "max");
  std::string name = monitor.starts_with("val_") ? monitor.substr(4) : monitor;
  std::optional<Direction> known;
  if (name == "loss") known = Direction::Down;
  const CompileOptions &options = model->compile_options();
  for (const MetricsArgument *metrics : {&options.metrics, &options.weighted_metrics})
    for (const std::vector<Metric> &own : metrics->resolve("metrics", model->output_names()))
      for (const Metric &metric : own)
        if (metric.name() == name && metric.direction() != Direction::Unknown) known = metric.direction();
  if (!known)
    throw UserError(class_name + ": with mode 'auto' the monitor must be 'loss' or a metric that is known to grow or to shrink as a model improves; give .mode = \"max\" "
                                 "or \"min\"", "monitor='" + monitor + "'");
  largerIsBetter = *known == Direction::Up;
}

bool MonitorCallback::improves(double value, std::optional<double> reference) const {
  if (!reference) return true;
  auto best = static_cast<float>(*reference);
  return largerIsBetter ? static_cast<float>(value - min_delta) > best : static_cast<float>(value + min_delta) < best;
}

} // namespace cornu::callbacks
