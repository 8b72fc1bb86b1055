#include "frontend/training/compile.h"

#include <algorithm>

namespace cornu {

namespace {

/// Values by output name, in the order of the outputs. `complete`: every output needs one.
template <class T>
std::vector<T> byName(const char *what, const std::vector<std::pair<std::string, T>> &named, const std::vector<std::string> &outputs, T missing, bool complete) {
  std::vector<T> values(outputs.size(), missing);
  std::vector<bool> found(outputs.size());
  for (const auto &[name, value] : named) {
    auto at = std::find(outputs.begin(), outputs.end(), name);
    if (at == outputs.end()) {
      std::string nearest = closestName(name, outputs);
      throw UserError(std::string("compile: ") + what + " names the output '" + name + "', which the model does not have." +
                      (nearest.empty() ? "" : " Did you mean '" + nearest + "'?") + " Known: " + quotedList(outputs));
    }
    auto i = static_cast<size_t>(at - outputs.begin());
    if (found[i]) throw UserError(std::string("compile: ") + what + " names the output '" + name + "' twice");
    found[i] = true;
    values[i] = value;
  }
  for (size_t i = 0; complete && i < outputs.size(); ++i)
    if (!found[i]) throw UserError(std::string("compile: ") + what + " must name every output. Missing: '" + outputs[i] + "'. Known: " + quotedList(outputs));
  return values;
}

void checkCount(const char *what, size_t have, size_t want) {
  if (have != want)
    throw UserError(std::string("compile: ") + what + " as a list must have one entry for each of the " + std::to_string(want) + " outputs", std::to_string(have));
}

} // namespace

std::vector<Loss> LossArgument::resolve(const std::vector<std::string> &outputs) const {
  if (!named.empty()) return byName<Loss>("loss", named, outputs, {}, true);
  if (!list.empty()) return checkCount("loss", list.size(), outputs.size()), list;
  return std::vector<Loss>(outputs.size(), one);
}

Json LossArgument::serialize() const {
  if (one) return one.serialize();
  if (!list.empty()) {
    Json losses = Json::list();
    for (const Loss &loss : list) losses.push_back(loss ? loss.serialize() : Json());
    return losses;
  }
  if (named.empty()) return nullptr;
  Json losses = Json::object();
  for (const auto &[name, loss] : named) losses[name] = loss ? loss.serialize() : Json();
  return losses;
}

std::vector<double> LossWeights::resolve(const std::vector<std::string> &outputs, const LossArgument &loss) const {
  if (!named.empty()) return byName<double>("loss_weights", named, outputs, 1, true);
  if (single && outputs.size() > 1 && !loss.isOne())
    throw UserError("compile: loss_weights as one number takes one loss, which it weighs for every output. Known outputs: " + quotedList(outputs));
  if (single) return std::vector<double>(outputs.size(), list.front());
  if (!list.empty()) return checkCount("loss_weights", list.size(), outputs.size()), list;
  return std::vector<double>(outputs.size(), 1);
}

Json LossWeights::serialize() const {
  if (single) return list.front();
  if (!list.empty()) return list;
  if (named.empty()) return nullptr;
  Json weights = Json::object();
  for (const auto &[name, weight] : named) weights[name] = weight;
  return weights;
}

std::vector<std::vector<Metric>> MetricsArgument::resolve(const char *what, const std::vector<std::string> &outputs) const {
  if (!each.empty()) checkCount(what, each.size(), outputs.size());
  std::vector<std::vector<Metric>> metrics;
  for (const MetricList &own : named.empty() ? each : byName<MetricList>(what, named, outputs, {}, false)) metrics.push_back(own.metrics());
  if (!metrics.empty()) return metrics;
  if (outputs.size() == 1) return {list};
  if (list.empty()) return std::vector<std::vector<Metric>>(outputs.size());
  checkCount(what, list.size(), outputs.size());
  std::vector<std::vector<Metric>> single;
  for (const Metric &metric : list) single.push_back({metric});
  return single;
}

Json MetricList::serialize() const {
  if (single) return list.front().serialize();
  Json serialized = Json::list();
  for (const Metric &metric : list) serialized.push_back(metric.serialize());
  return serialized;
}

Json MetricsArgument::serialize() const {
  if (!list.empty()) return MetricList(list).serialize();
  if (!each.empty()) {
    Json metrics = Json::list();
    for (const MetricList &own : each) metrics.push_back(own.serialize());
    return metrics;
  }
  if (named.empty()) return nullptr;
  Json metrics = Json::object();
  for (const auto &[name, own] : named) metrics[name] = own.serialize();
  return metrics;
}

} // namespace cornu
