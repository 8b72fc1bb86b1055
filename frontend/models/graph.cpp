#include "frontend/models/graph.h"

#include <algorithm>
#include <functional>
#include <set>

#include "frontend/layers/input.h"

namespace cornu {

namespace {

using Key = std::pair<const Node *, int64_t>;
Key keyOf(const Tensor &t) { return {t.node().get(), t.index()}; }
bool isInput(const Node &node) { return node.inputs.empty(); }

/// Rebuilds the calls that lead to a tensor so that they start at other tensors.
class Cut {
public:
  void replace(const Tensor &from, const Tensor &to) { known[keyOf(from)] = to; }
  Tensor rebuilt(const Tensor &t) {
    if (auto found = known.find(keyOf(t)); found != known.end()) return found->second;
    const Node &node = *t.node();
    Tensors inputs;
    bool changed = false;
    for (const Tensor &x : node.inputs) {
      inputs.push_back(rebuilt(x));
      changed = changed || keyOf(inputs.back()) != keyOf(x);
    }
    Tensors outputs;
    if (changed) outputs = BaseLayer::apply(node.layer, node.positional(inputs), node.options(inputs));
    for (size_t i = 0; i < node.output_shapes.size(); ++i) {
      Tensor original = Node::output(t.node(), static_cast<int64_t>(i));
      known[keyOf(original)] = changed ? outputs[i] : original;
    }
    return known.at(keyOf(t));
  }

private:
  std::map<Key, Tensor> known;
};

} // namespace

Graph::Graph(TensorList in, TensorList out, const std::string &modelName) : inputs(std::move(in)), outputs(std::move(out)) {
  auto wrong = [&](const std::string &sentence) { return UserError("Model '" + modelName + "': " + sentence); };
  if (inputs.empty() || outputs.empty()) throw wrong("needs at least one input and one output");
  for (const Tensors *side : {&inputs, &outputs})
    for (const Tensor &t : *side)
      if (!t || !t.node()) throw wrong("inputs and outputs must be symbolic tensors, which come from Input and from layers");

  std::set<Key> seen;
  for (const Tensor &t : inputs)
    if (!seen.insert(keyOf(t)).second) throw wrong("each input must be given once. Received: '" + t.name() + "' twice");
  if (std::any_of(inputs.begin(), inputs.end(), [](const Tensor &t) { return !isInput(*t.node()); })) {
    Cut cut;
    for (Tensor &t : inputs)
      if (!isInput(*t.node())) {
        Tensor fresh = Input(Shape(t.shape().begin() + 1, t.shape().end()), {.dtype = std::string(nameOf(t.dtype()))});
        cut.replace(t, fresh);
        t = fresh;
      } else {
        cut.replace(t, t);
      }
    for (Tensor &t : outputs) t = cut.rebuilt(t);
  }

  // Depth first from the outputs: every node after those it depends on; layers numbered as they are met.
  std::set<const Node *> given, done;
  for (const Tensor &t : inputs) given.insert(t.node().get());
  std::map<const BaseLayer *, int64_t> met;
  std::function<void(const std::shared_ptr<Node> &)> visit = [&](const std::shared_ptr<Node> &node) {
    if (done.contains(node.get())) return;
    met.try_emplace(node->layer.get(), static_cast<int64_t>(met.size()));
    if (isInput(*node) && !given.contains(node.get()))
      throw wrong("the outputs must follow from the inputs. Received: outputs that also need '" + node->layer->name() + "'");
    for (const Tensor &x : node->inputs) visit(x.node());
    done.insert(node.get());
    nodes.push_back(node);
  };
  for (const Tensor &t : outputs) visit(t.node());

  // Depth: the longest way to an output; all nodes of a layer take the depth of its deepest.
  std::map<const Node *, int64_t> depth;
  std::map<const BaseLayer *, int64_t> layerDepth;
  std::vector<std::shared_ptr<Node>> seenFirst;
  std::set<const Node *> noted;
  auto note = [&](const std::shared_ptr<Node> &node) {
    if (noted.insert(node.get()).second) seenFirst.push_back(node);
  };
  for (auto node = nodes.rbegin(); node != nodes.rend(); ++node) {
    note(*node);
    for (const Tensor &x : (*node)->inputs) note(x.node());
    int64_t &own = depth[node->get()], &ofLayer = layerDepth[(*node)->layer.get()];
    own = ofLayer = std::max(own, ofLayer);
    for (const Tensor &x : (*node)->inputs) depth[x.node().get()] = std::max(depth[x.node().get()], own + 1);
  }
  // Keras's order of calls, which decides what a layer that is called twice has learnt of the batch by its second call.
  nodes = std::move(seenFirst);
  std::stable_sort(nodes.begin(), nodes.end(), [&](const auto &a, const auto &b) { return depth[a.get()] > depth[b.get()]; });
  for (const Tensor &t : inputs)
    if (!layerDepth.contains(t.node()->layer.get())) { // an input no output depends on
      layerDepth[t.node()->layer.get()] = 0;
      met[t.node()->layer.get()] = -1;
      depth[t.node().get()] = 0;
      nodes.push_back(t.node());
    }

  std::set<const BaseLayer *> listed;
  for (const auto &node : nodes)
    if (listed.insert(node->layer.get()).second) layers.push_back(node->layer);
  std::stable_sort(layers.begin(), layers.end(), [&](const auto &a, const auto &b) {
    int64_t da = layerDepth[a.get()], db = layerDepth[b.get()];
    return da != db ? da > db : met[a.get()] < met[b.get()];
  });

  std::map<std::string, const BaseLayer *> names;
  for (const auto &layer : layers)
    if (!names.emplace(layer->name(), layer.get()).second) throw wrong("each layer's name must be its own. Received: '" + layer->name() + "' twice");

  std::map<int64_t, int> perDepth;
  for (const auto &[node, d] : depth) chain = chain && ++perDepth[d] == 1 && node->inputs.size() <= 1;
  chain = chain && layers.size() == nodes.size();
}

std::vector<std::shared_ptr<Node>> Graph::nodesOf(const BaseLayer &layer) const {
  // In the order of the calls, which need not be that of the graph.
  std::vector<std::shared_ptr<Node>> own;
  for (const auto &node : layer.nodes())
    if (std::find(nodes.begin(), nodes.end(), node) != nodes.end()) own.push_back(node);
  return own;
}

int64_t Graph::indexOf(const Node &node) const {
  auto own = nodesOf(*node.layer);
  for (size_t i = 0; i < own.size(); ++i)
    if (own[i].get() == &node) return static_cast<int64_t>(i);
  throw InternalError("a node was looked up in a model that does not contain it");
}

Tensors Graph::run(const Tensors &values) const {
  std::map<Key, Tensor> computed;
  for (size_t i = 0; i < inputs.size(); ++i) computed[keyOf(inputs[i])] = values[i];
  for (const auto &node : nodes) {
    if (isInput(*node)) continue;
    Tensors arguments;
    for (const Tensor &x : node->inputs) arguments.push_back(computed.at(keyOf(x)));
    Tensors results = BaseLayer::apply(node->layer, node->positional(arguments), node->options(arguments));
    for (size_t i = 0; i < results.size(); ++i) computed[{node.get(), static_cast<int64_t>(i)}] = results[i];
  }
  Tensors results;
  for (const Tensor &t : outputs) results.push_back(computed.at(keyOf(t)));
  return results;
}

} // namespace cornu
