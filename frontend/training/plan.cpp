#include "frontend/training/plan.h"

#include <algorithm>

namespace cornu {

Plan::Plan(const CompileOptions &options, const std::vector<std::string> &names) {
  std::vector<Loss> losses = options.loss.resolve(names);
  std::vector<double> weights = options.loss_weights.resolve(names, options.loss);
  for (size_t i = 0; i < names.size(); ++i) outputs.push_back({.name = names[i], .loss = losses[i], .weight = weights[i], .lossTracker = {}, .measures = {}});

  if (std::count_if(losses.begin(), losses.end(), [](const Loss &loss) { return bool(loss); }) > 1)
    for (Output &output : outputs)
      if (output.loss) output.lossTracker = Tracker::mean(unused(output.name + "_loss"));

  // Metrics that weigh nothing take their keys first.
  std::vector<std::vector<Metric>> plain = options.metrics.resolve("metrics", names), weighted = options.weighted_metrics.resolve("weighted_metrics", names);
  for (bool weigh : {false, true})
    for (size_t i = 0; i < names.size(); ++i) {
      std::string prefix = names.size() > 1 ? names[i] + "_" : "";
      for (const Metric &metric : (weigh ? weighted : plain)[i]) {
        std::string key = prefix + metric.name();
        key = weigh && taken(key) ? unused(prefix + "weighted_" + metric.name()) : unused(key);
        outputs[i].measures.push_back({metric, weigh, Tracker(metric.name(), key, metric.accumulator().result)});
      }
    }
}

Tracker &Plan::layerMetric(const BaseLayer *layer, const std::string &name) {
  for (LayerMetric &known : layerMetrics)
    if (known.layer == layer && known.tracker.name() == name) return known.tracker;
  return layerMetrics.emplace_back(LayerMetric{layer, Tracker(name, unused(name))}).tracker;
}

std::vector<Tracker *> Plan::all() {
  std::vector<Tracker *> list = {&loss};
  for (Output &output : outputs)
    for (Measure &measure : output.measures) list.push_back(&measure.tracker);
  for (Output &output : outputs)
    if (output.lossTracker) list.push_back(&*output.lossTracker);
  for (LayerMetric &metric : layerMetrics) list.push_back(&metric.tracker);
  return list;
}

std::vector<Tracker *> Plan::sorted() {
  std::vector<Tracker *> list = all();
  std::sort(list.begin(), list.end(), [](const Tracker *a, const Tracker *b) { return a->key() < b->key(); });
  return list;
}

std::vector<Tracker *> Plan::inOrder() {
  std::vector<Tracker *> list = all();
  auto rest = std::stable_partition(list.begin(), list.end(), [](const Tracker *t) { return t->key() == t->name(); });
  std::sort(rest, list.end(), [](const Tracker *a, const Tracker *b) { return a->key() < b->key(); });
  return list;
}

void Plan::reset() {
  for (Tracker *tracker : all()) tracker->reset();
}

bool Plan::needsCode() const {
  auto computed = [](const Measure &measure) { return measure.tracker.updated() && !measure.tracker.isMean(); };
  return std::any_of(outputs.begin(), outputs.end(), [&](const Output &output) { return std::any_of(output.measures.begin(), output.measures.end(), computed); });
}

size_t Plan::size() const {
  size_t count = 1 + layerMetrics.size();
  for (const Output &output : outputs) count += output.measures.size() + output.lossTracker.has_value();
  return count;
}

bool Plan::taken(const std::string &key) {
  std::vector<Tracker *> list = all();
  return std::any_of(list.begin(), list.end(), [&](const Tracker *tracker) { return tracker->key() == key; });
}

std::string Plan::unused(const std::string &key) {
  std::string candidate = key;
  for (int i = 1; taken(candidate); ++i) candidate = key + "_" + std::to_string(i);
  return candidate;
}

} // namespace cornu
