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
    if (at == outputs.end())
      throw UserError(std::string("compile: ") + what + " names the output '" + name + "', which the model does not have. Known: " + quotedList(outputs));
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
  if (one) return std::vector<Loss>(outputs.size(), one);
  throw UserError("compile: a loss must be given before a model can be trained or evaluated");
}

Json LossArgument::serialize() const {
  if (one) return one.serialize();
  if (!list.empty()) {
    Json losses = Json::list();
    for (const Loss &loss : list) losses.push_back(loss.serialize());
    return losses;
  }
  if (named.empty()) return nullptr;
  Json losses = Json::object();
  for (const auto &[name, loss] : named) losses[name] = loss.serialize();
  return losses;
}

std::vector<double> LossWeights::resolve(const std::vector<std::string> &outputs) const {
  if (!named.empty()) return byName<double>("loss_weights", named, outputs, 1, true);
  if (!list.empty()) return checkCount("loss_weights", list.size(), outputs.size()), list;
  return std::vector<double>(outputs.size(), 1);
}

Json LossWeights::serialize() const {
  if (!list.empty()) return list;
  if (named.empty()) return nullptr;
  Json weights = Json::object();
  for (const auto &[name, weight] : named) weights[name] = weight;
  return weights;
}

std::vector<std::vector<Metric>> MetricsArgument::resolve(const std::vector<std::string> &outputs) const {
  if (!named.empty()) return byName<std::vector<Metric>>("metrics", named, outputs, {}, false);
  if (!each.empty()) return checkCount("metrics", each.size(), outputs.size()), each;
  if (outputs.size() == 1) return {list};
  if (list.empty()) return std::vector<std::vector<Metric>>(outputs.size());
  checkCount("metrics", list.size(), outputs.size());
  std::vector<std::vector<Metric>> single;
  for (const Metric &metric : list) single.push_back({metric});
  return single;
}

Json MetricsArgument::serialize() const {
  auto all = [](const std::vector<Metric> &metrics) {
    Json serialized = Json::list();
    for (const Metric &metric : metrics) serialized.push_back(metric.serialize());
    return serialized;
  };
  if (!list.empty()) return all(list);
  if (!each.empty()) {
    Json metrics = Json::list();
    for (const auto &own : each) metrics.push_back(all(own));
    return metrics;
  }
  if (named.empty()) return nullptr;
  Json metrics = Json::object();
  for (const auto &[name, own] : named) metrics[name] = all(own);
  return metrics;
}

} // namespace cornu
