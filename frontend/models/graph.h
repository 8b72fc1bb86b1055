// The layer graph of a model: which nodes lead from its inputs to its outputs, and in which order.
#pragma once

#include <map>

#include "frontend/core/layer.h"

namespace cornu {

struct Graph {
  Graph() = default;
  /// UserError if an output does not follow from the inputs, or two layers share a name. An input that is not an Input's output
  /// cuts the graph there: it is replaced by a new Input.
  Graph(TensorList inputs, TensorList outputs, const std::string &modelName);

  TensorList inputs, outputs;
  std::vector<std::shared_ptr<Node>> nodes;          ///< each after those it depends on, inputs included
  std::vector<std::shared_ptr<BaseLayer>> layers;    ///< in Keras's order: by distance from the outputs, then by traversal
  bool chain = true;                                 ///< each node follows the one before, and no layer is shared

  /// Which of the model's nodes of its layer this is: the middle number of Keras's ["dense", 0, 0].
  int64_t indexOf(const Node &node) const;
  std::vector<std::shared_ptr<Node>> nodesOf(const BaseLayer &layer) const;
  /// Emits all layers on values inside a trace.
  Tensors run(const Tensors &values) const;
};

} // namespace cornu
