#include "frontend/core/config.h"
#include "frontend/models/graph.h"
#include "frontend/saving/keras_names.h"
#include "frontend/saving/model_config.h"
#include "frontend/saving/operations.h"

namespace cornu::saving {
namespace {

const Model *asModel(const BaseLayer &layer) { return dynamic_cast<const Model *>(&layer); }
const ops::OpLayer *asOperation(const BaseLayer &layer) { return dynamic_cast<const ops::OpLayer *>(&layer); }

Json shapes(const std::vector<Shape> &all) {
  if (all.size() == 1) return Json::shape(all[0]);
  Json list = Json::list();
  for (const Shape &shape : all) list.push_back(Json::shape(shape));
  return list;
}

/// The shapes that a layer was built for: of its input, or, by name, of it and the initial state.
Json buildConfig(const BaseLayer &layer) {
  auto calls = layer.nodes();
  if (calls.empty() || !calls[0]->states) return Json::object({{"input_shape", shapes(layer.build_shapes())}});
  Json states = Json::list();
  for (const Tensor &state : calls[0]->options(calls[0]->inputs).initial_state) states.push_back(Json::shape(state.shape()));
  return Json::object({{"shapes_dict", Json::object({{"sequences_shape", shapes(layer.build_shapes())}, {"initial_state_shape", states}})}});
}

} // namespace

Json layerEnvelope(const BaseLayer &layer) {
  if (const Model *model = asModel(layer)) return modelEnvelope(*model, /*withCompile=*/false);
  if (const auto *operation = asOperation(layer)) return operationEnvelope(*operation);
  Json envelope = layer.serialize();
  if (hasBuildConfig(layer.class_name()) && layer.built())
    envelope["build_config"] = buildConfig(layer);
  return envelope;
}

namespace {

Json triple(const Graph &graph, const Tensor &t, bool modelBoundary) {
  const BaseLayer &layer = *t.node()->layer;
  const Model *nested = asModel(layer);
  // At a model's inputs and outputs Keras counts the node that a nested functional model has of itself.
  int64_t shift = modelBoundary && nested && !nested->isSequential() ? 1 : 0;
  return Json::list({layer.name(), graph.indexOf(*t.node()) + shift, t.index()});
}

Json boundary(const Graph &graph, const TensorList &tensors) {
  if (tensors.isSingle()) return triple(graph, tensors[0], true);
  Json list = Json::list();
  for (const Tensor &t : tensors) list.push_back(triple(graph, t, true));
  return list;
}

Json tensorOf(const Graph &graph, const Tensor &x) {
  return Json::object({{"class_name", "__keras_tensor__"},
                       {"config", Json::object({{"shape", Json::shape(x.shape())}, {"dtype", nameOf(x.dtype())}, {"keras_history", triple(graph, x, false)}})}});
}

Json inboundNode(const Graph &graph, const Node &node) {
  auto listOf = [&](const Tensors &xs) {
    Json list = Json::list();
    for (const Tensor &x : xs) list.push_back(tensorOf(graph, x));
    return list;
  };
  Tensors positional = node.positional(node.inputs);
  CallOptions options = node.options(node.inputs);
  Json keywords = Json::object();
  if (!options.initial_state.empty()) keywords["initial_state"] = listOf(options.initial_state);
  if (options.mask) keywords["mask"] = tensorOf(graph, options.mask);
  const BaseLayer &layer = *node.layer;
  if (const auto *operation = asOperation(layer)) return Json::object({{"args", operationArguments(*operation, listOf(positional))}, {"kwargs", Json::object()}});
  bool asList = takesList(layer.class_name()) && !(asModel(layer) && positional.size() == 1);
  return Json::object({{"args", asList ? Json::list({listOf(positional)}) : listOf(positional)}, {"kwargs", keywords}});
}

Json functionalConfig(const Model &model) {
  const Graph &graph = model.graph();
  Json config = Json::object({{"name", model.name()}, {"trainable", model.trainable()}, {"layers", Json::list()}});
  for (const auto &layer : graph.layers) {
    Json entry = layerEnvelope(*layer);
    entry["name"] = layer->name();
    Json nodes = Json::list();
    for (const auto &node : graph.nodesOf(*layer))
      if (!node->inputs.empty()) nodes.push_back(inboundNode(graph, *node));
    entry["inbound_nodes"] = nodes;
    config["layers"].push_back(std::move(entry));
  }
  config["input_layers"] = boundary(graph, graph.inputs);
  config["output_layers"] = boundary(graph, graph.outputs);
  return config;
}

Json sequentialConfig(const Model &model) {
  Json config = model.BaseLayer::get_config();
  Json layers = Json::list();
  if (model.built()) layers.push_back(layerEnvelope(*model.inputs().at(0).node()->layer));
  for (const AnyLayer &layer : model.layers()) layers.push_back(layerEnvelope(*layer));
  config["layers"] = layers;
  if (model.built()) config["build_input_shape"] = Json::shape(model.input_shapes().at(0));
  return config;
}

} // namespace

Json modelConfig(const Model &model) { return model.isSequential() ? sequentialConfig(model) : functionalConfig(model); }

Json modelEnvelope(const Model &model, bool withCompile) {
  bool sequential = model.isSequential();
  Json envelope = Json::object();
  envelope["module"] = sequential ? "keras" : "keras.src.models.functional";
  envelope["class_name"] = model.class_name();
  envelope["config"] = modelConfig(model);
  envelope["registered_name"] = sequential ? Json() : Json("Functional");
  if (!sequential) envelope["build_config"] = Json::object({{"input_shape", nullptr}});
  else if (model.built()) envelope["build_config"] = Json::object({{"input_shape", Json::shape(model.input_shapes().at(0))}});
  envelope["compile_config"] = withCompile && model.compiled() ? model.get_compile_config() : Json::object();
  return envelope;
}

Json compileConfig(const CompileOptions &options) {
  return Json::object({{"optimizer", options.optimizer.optimizer->serialize()},
                       {"loss", options.loss.serialize()},
                       {"loss_weights", options.loss_weights.serialize()},
                       {"metrics", options.metrics.serialize()},
                       {"weighted_metrics", options.weighted_metrics.serialize()},
                       {"run_eagerly", options.run_eagerly},
                       {"steps_per_execution", options.steps_per_execution},
                       {"jit_compile", options.jit_compile.value_or(false)}});
}

} // namespace cornu::saving
