#include "frontend/saving/model_weights.h"

#include <algorithm>
#include <charconv>

#include "frontend/core/names.h"
#include "frontend/ops/op_layer.h"

namespace cornu::saving {
namespace {

/// The paths of the objects in a container: "layers/dense", "layers/dense_1" … numbered per class.
class Numbering {
public:
  explicit Numbering(std::string container) : container(std::move(container)) {}
  std::string next(const BaseLayer &layer) {
    std::string name = snakeCase(layer.class_name());
    int &count = counts[name];
    std::string path = container + name + (count ? "_" + std::to_string(count) : "");
    ++count;
    return path;
  }

private:
  std::string container;
  std::map<std::string, int> counts;
};

/// The layers of a model that files have groups of: all but operations.
std::vector<std::shared_ptr<BaseLayer>> withoutOperations(std::vector<std::shared_ptr<BaseLayer>> layers) {
  std::erase_if(layers, [](const auto &layer) { return dynamic_cast<const ops::OpLayer *>(layer.get()) != nullptr; });
  return layers;
}

void collect(const BaseLayer &layer, const std::string &prefix, WeightStore &store) {
  WeightGroup &group = store[prefix + "vars"];
  group.name = layer.name();
  for (const Variable &variable : layer.own_weights()) group.arrays.push_back(variable.value());
  Numbering numbering(prefix + layer.sublayer_list() + "/");
  std::vector<std::string> names = layer.sublayer_names();
  size_t next = 0;
  for (const auto &child : withoutOperations(layer.sublayers())) collect(*child, (names.empty() ? numbering.next(*child) : prefix + names.at(next++)) + "/", store);
}

/// The numbers under which a class's objects lie in a container, in order: "layers/dense", "layers/dense_2" → 0, 2.
std::vector<int64_t> existingNumbers(const WeightStore &store, const std::string &container, const std::string &name) {
  std::vector<int64_t> numbers;
  for (auto entry = store.lower_bound(container + name); entry != store.end() && entry->first.starts_with(container + name); ++entry) {
    std::string_view rest = std::string_view(entry->first).substr(container.size() + name.size());
    rest = rest.substr(0, rest.find('/'));
    int64_t number = 0;
    if (!rest.empty()) {
      if (rest[0] != '_') continue;
      auto [end, error] = std::from_chars(rest.data() + 1, rest.data() + rest.size(), number);
      if (error != std::errc() || end != rest.data() + rest.size()) continue;
    }
    numbers.push_back(number);
  }
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

class Assigner {
public:
  Assigner(const WeightStore &store, const Members &members, const std::string &file) : store(store), members(members), file(file) {}

  void layer(const BaseLayer &layer, const std::string &prefix) {
    group(layer, prefix + "vars");
    auto children = withoutOperations(members.of(layer));
    if (children.empty()) return;
    std::vector<std::string> own = layer.sublayer_names();
    if (!own.empty()) {
      for (size_t i = 0; i < children.size(); ++i) this->layer(*children[i], prefix + own.at(i) + "/");
      return;
    }
    std::string container = prefix + layer.sublayer_list() + "/";
    auto has = [&](const std::string &start) {
      auto entry = store.lower_bound(start);
      return entry != store.end() && entry->first.starts_with(start);
    };
    // Keras 2.12 and 2.13 call it so.
    if (!has(container) && has(prefix + "_layer_checkpoint_dependencies/")) container = prefix + "_layer_checkpoint_dependencies/";
    std::map<std::string, std::vector<std::shared_ptr<BaseLayer>>> ofClass;
    for (const auto &child : children) ofClass[snakeCase(child->class_name())].push_back(child);
    for (const auto &[name, objects] : ofClass) {
      // Some writers leave numbers out. As long as there are as many groups as layers, the order tells which is which.
      std::vector<int64_t> numbers = existingNumbers(store, container, name);
      for (size_t i = 0; i < objects.size(); ++i) {
        int64_t number = numbers.size() == objects.size() ? numbers[i] : static_cast<int64_t>(i);
        this->layer(*objects[i], container + name + (number ? "_" + std::to_string(number) : "") + "/");
      }
    }
  }

  void optimizer(const Optimizer &optimizer, const std::vector<Variable> &weights, const std::vector<Variable> &weightsInFile, bool keras2) {
    auto entry = store.find("optimizer/vars");
    if (entry == store.end() || entry->second.arrays.empty()) return;
    const std::vector<Array> &arrays = entry->second.arrays;
    // The variables in the file's order.
    std::vector<size_t> order;
    for (const Variable &w : weightsInFile)
      if (auto place = std::find(weights.begin(), weights.end(), w); place != weights.end()) order.push_back(static_cast<size_t>(place - weights.begin()));
    std::vector<Variable> variables = optimizer.variables(order);
    // iteration and, unless it is a schedule, learning rate, which tf-keras does not store; nor does it the state shared by all weights.
    size_t head = optimizer.get_config().at("learning_rate").isNumber() ? 2 : 1;
    if (keras2 && head == 2) variables.erase(variables.begin() + 1), head = 1;
    if (keras2) variables.resize(variables.size() - optimizer.sharedCount());
    size_t stored = arrays.size();
    // tf-keras keeps a momentum for SGD even where it is zero.
    if (keras2 && variables.size() == head && stored == head + weights.size()) stored = head;
    bool fresh = stored <= head; // compiled, never trained
    if (!fresh && stored != variables.size())
      throw EnvironmentError(file, "optimizer/vars holds " + std::to_string(arrays.size()) + " arrays, but " + optimizer.class_name() + " for " +
                                       std::to_string(weights.size()) + " weights has " + std::to_string(variables.size()) +
                                       "; load it with compile off, then compile anew");
    for (size_t i = 0; i < stored; ++i) plan(variables[i], arrays[i], "optimizer/vars/" + std::to_string(i));
  }

  void apply() {
    for (auto &[variable, array] : planned) variable.assign(array.astype(variable.dtype()));
  }

private:
  void group(const BaseLayer &layer, const std::string &path) {
    std::vector<Variable> variables = layer.own_weights();
    auto entry = store.find(path);
    // Keras loses a layer that is used in two nested models under its second path; its name still tells.
    if (entry == store.end() && !variables.empty())
      entry = std::find_if(store.begin(), store.end(), [&](const auto &e) { return e.second.name == layer.name() && e.second.arrays.size() == variables.size(); });
    size_t count = entry == store.end() ? 0 : entry->second.arrays.size();
    if (count != variables.size()) {
      std::string names;
      for (const Variable &v : variables) names += (names.empty() ? "" : ", ") + v.name();
      throw EnvironmentError(file, path + " holds " + std::to_string(count) + (count == 1 ? " array" : " arrays") + ", but " + layer.class_name() + " '" +
                                       layer.name() + "' has " + std::to_string(variables.size()) + (names.empty() ? "" : " (" + names + ")"));
    }
    for (size_t i = 0; i < count; ++i) plan(variables[i], entry->second.arrays[i], entry->first + "/" + std::to_string(i));
  }

  void plan(const Variable &variable, const Array &array, const std::string &path) {
    if (array.shape() != variable.shape())
      throw EnvironmentError(file, path + " has shape " + shapeString(array.shape()) + ", but the config asks for " + shapeString(variable.shape()));
    planned.emplace_back(variable, array);
  }

  const WeightStore &store;
  const Members &members;
  const std::string &file;
  std::vector<std::pair<Variable, Array>> planned;
};

/// Weights in the order of the file's layers, in which optimizer slots are stored.
void weightsInOrder(const BaseLayer &layer, const Members &members, std::vector<Variable> &found) {
  for (const Variable &v : layer.own_weights())
    if (std::find(found.begin(), found.end(), v) == found.end()) found.push_back(v);
  for (const auto &child : members.of(layer)) weightsInOrder(*child, members, found);
}

} // namespace

WeightStore collectWeights(const Model &model, bool withOptimizer) {
  WeightStore store;
  collect(model, "", store);
  if (withOptimizer && model.compiled()) {
    WeightGroup &group = store["optimizer/vars"];
    group.name = model.optimizer().name();
    for (const Variable &variable : model.optimizer().variables()) group.arrays.push_back(variable.value());
  }
  return store;
}

void assignWeights(Model &model, const WeightStore &store, const Members &members, bool withOptimizer, bool keras2, const std::string &file) {
  Assigner assigner(store, members, file);
  assigner.layer(model, "");
  if (withOptimizer && model.compiled()) {
    std::vector<Variable> weights = model.trainable_weights(), inFile;
    weightsInOrder(model, members, inFile);
    model.optimizer().ensureBuilt(weights);
    assigner.optimizer(model.optimizer(), weights, inFile, keras2);
  }
  assigner.apply();
}

} // namespace cornu::saving
