#include <algorithm>
#include <functional>

#include "frontend/layers/input.h"
#include "frontend/models/graph.h"
#include "frontend/saving/model_config.h"
#include "frontend/saving/operations.h"

namespace cornu::saving {
namespace {

constexpr size_t maxLayers = 10000; // of one model; a graph is walked recursively

bool isModelClass(const std::string &name) { return name == "Functional" || name == "Model" || name == "Sequential"; }

/// The layer of an envelope. Messages say which layer of the file is meant.
std::shared_ptr<BaseLayer> layerFromEnvelope(const Json &envelope, Members &members) {
  std::string className = envelope.at("class_name").asString();
  const Json &config = envelope.at("config");
  if (isModelClass(className)) return modelFromEnvelope(envelope, members);
  const Json &named = config.get("name").isNull() ? envelope.get("name") : config.get("name");
  std::string name = named.isString() ? named.asString() : "";
  try {
    if (isOperation(envelope)) return operationFromEnvelope(envelope);
    if (!config.isObject() || !config.get("name").isNull() || name.empty()) return BaseLayer::deserialize(envelope);
    Json complete = envelope;
    complete["config"]["name"] = name;
    return BaseLayer::deserialize(complete);
  } catch (const UserError &error) {
    std::string message = error.what();
    if (name.empty() || message.find("'" + name + "'") != message.npos) throw;
    throw UserError("layer '" + name + "': " + message);
  }
}

[[noreturn]] void tooManyLayers(size_t count) {
  throw UserError("a model may have at most " + std::to_string(maxLayers) + " layers", std::to_string(count));
}

std::shared_ptr<InputLayer> inputOf(const std::shared_ptr<BaseLayer> &layer) {
  auto input = std::dynamic_pointer_cast<InputLayer>(layer);
  if (!input) throw UserError("a model's inputs must be Input layers", layer->class_name() + " '" + layer->name() + "'");
  return input;
}

/// A place in a file's graph: result `tensor` of call `node` of a layer.
struct Place {
  std::string layer;
  int64_t node, tensor;
};
Place placeOf(const Json &triple) { return {triple.at(size_t(0)).asString(), triple.at(1).asInt(), triple.at(2).asInt()}; }
bool isTriple(const Json &json) { return json.isList() && json.size() >= 3 && json.at(size_t(0)).isString(); }

/// One triple, a list of them, or an object of them (whose keys Keras takes in sorted order).
std::vector<Place> placesOf(const Json &json) {
  if (isTriple(json)) return {placeOf(json)};
  std::vector<Place> places;
  if (json.isObject()) {
    std::vector<const Json::Member *> sorted;
    for (const Json::Member &member : json.asObject()) sorted.push_back(&member);
    std::sort(sorted.begin(), sorted.end(), [](auto *a, auto *b) { return a->first < b->first; });
    for (const Json::Member *member : sorted)
      for (Place &place : placesOf(member->second)) places.push_back(std::move(place));
    return places;
  }
  for (const Json &item : json.asList())
    for (Place &place : placesOf(item)) places.push_back(std::move(place));
  return places;
}

/// The tensors among the arguments of a call, in order. An operation has others beside them.
void collectTensors(const Json &argument, bool others, std::vector<Place> &found) {
  if (argument.isList()) {
    for (const Json &item : argument.asList()) collectTensors(item, others, found);
  } else if (argument.isObject() && argument.get("class_name") == Json("__keras_tensor__")) {
    found.push_back(placeOf(argument.at("config").at("keras_history")));
  } else if (!others) {
    throw UserError("a layer must be called on tensors alone", argument.dump());
  }
}

/// Null, or a list of nulls: `mask` of a model that is called on several tensors, none of which has one.
bool isNothing(const Json &value) {
  return value.isNull() || (value.isList() && std::all_of(value.asList().begin(), value.asList().end(), isNothing));
}

struct Call {
  std::vector<Place> arguments; ///< by position, then the initial states, then the mask
  size_t states = 0;
  bool has_mask = false;
  bool keras2; ///< written by Keras 2: nested models count a node of their own
};

/// The tensors of a keyword: Keras 3 writes them as it does others, Keras 2 as triples.
void collectKeyword(const Json &value, bool keras2, std::vector<Place> &found) {
  if (!keras2) return collectTensors(value, /*others=*/false, found);
  for (Place &place : placesOf(value)) found.push_back(std::move(place));
}

void readKeywords(const Json &keywords, Call &call) {
  if (!keywords.isObject()) return;
  for (const auto &[key, value] : keywords.asObject()) {
    // Whether a model trains is what fit and predict say, as in Keras, whatever a call in it was given.
    if (isNothing(value) || key == "training" || key == "mask" || key == "initial_state") continue;
    throw UserError("a call with the argument '" + key + "' is not supported yet", value.dump());
  }
  if (const Json &states = keywords.get("initial_state"); !isNothing(states)) {
    size_t before = call.arguments.size();
    collectKeyword(states, call.keras2, call.arguments);
    call.states = call.arguments.size() - before;
  }
  // A list is of a model's inputs, which carry their masks.
  if (const Json &mask = keywords.get("mask"); !isNothing(mask) && !mask.isList()) collectKeyword(mask, call.keras2, call.arguments), call.has_mask = true;
}

Call callOf(const Json &node, bool ofOperation) {
  Call call{.keras2 = node.isList()};
  if (!call.keras2) {
    for (const Json &argument : node.at("args").asList()) collectTensors(argument, ofOperation, call.arguments);
    readKeywords(node.get("kwargs"), call);
    return call;
  }
  Json keywords;
  for (const Json &item : isTriple(node) ? Json::List{node} : node.asList()) {
    call.arguments.push_back(placeOf(item));
    if (item.size() > 3 && keywords.isNull()) keywords = item.at(3);
  }
  readKeywords(keywords, call);
  return call;
}

class FunctionalReader : public std::enable_shared_from_this<FunctionalReader> {
public:
  std::shared_ptr<Model> read(const Json &config, Members &members) {
    if (size_t count = config.at("layers").size(); count > maxLayers) tooManyLayers(count);
    for (const Json &entry : config.at("layers").asList()) {
      std::shared_ptr<BaseLayer> layer = layerFromEnvelope(entry, members);
      Member member{layer, {}, {}};
      for (const Json &node : entry.get("inbound_nodes").isNull() ? Json::List() : entry.get("inbound_nodes").asList())
        member.calls.push_back(callOf(node, isOperation(entry)));
      std::string name = entry.get("name").isString() ? entry.at("name").asString() : layer->name();
      if (member.calls.empty() && !inputOf(layer)->open()) member.results.push_back({inputOf(layer)->symbol()});
      open = open || (member.calls.empty() && inputOf(layer)->open());
      order.push_back(layer);
      if (!all.emplace(name, std::move(member)).second) throw UserError("each layer's name must be its own", "'" + name + "' twice");
      names.push_back(name);
    }
    inputs = config.at("input_layers"), outputs = config.at("output_layers");
    ModelOptions options;
    if (config.get("name").isString()) options.name = config.at("name").asString();
    if (const Json &trainable = config.get("trainable"); !trainable.isNull()) options.trainable = trainable.asBool();
    auto model = open ? openModel(options) : closedModel(options);
    members.read[model->id()] = order;
    return model;
  }

private:
  struct Member {
    std::shared_ptr<BaseLayer> layer;
    std::vector<Call> calls;
    std::vector<Tensors> results; // of the calls made so far
  };

  std::shared_ptr<Model> closedModel(const ModelOptions &options) {
    makeCalls();
    return Model(boundary(inputs), boundary(outputs), options).shared();
  }

  /// The calls wait until the extents of the inputs are known.
  std::shared_ptr<Model> openModel(const ModelOptions &options) {
    Model::Unbuilt parts;
    for (const Place &place : placesOf(inputs)) parts.inputs.push_back(inputOf(member(place.layer).layer));
    for (const Place &place : placesOf(outputs)) parts.outputs.push_back(member(place.layer).layer->name());
    parts.connect = [self = shared_from_this()](const Tensors &symbols) {
      for (auto &[name, member] : self->all)
        if (!member.calls.empty()) member.results.clear(); // of an attempt that failed
      size_t next = 0;
      for (const Place &place : placesOf(self->inputs)) self->member(place.layer).results = {{symbols[next++]}};
      self->makeCalls();
      return std::pair(self->boundary(self->inputs), self->boundary(self->outputs));
    };
    return Model(std::move(parts), options).shared();
  }

  Member &member(const std::string &name) {
    auto found = all.find(name);
    if (found == all.end()) throw UserError("a call names the layer '" + name + "', which the model does not have");
    return found->second;
  }

  /// The index into a layer's calls. Nested models of Keras 2 count themselves as node 0, and Keras 3 does so at a model's boundary.
  int64_t callIndex(const Place &place, bool shifted) {
    auto model = dynamic_cast<const Model *>(member(place.layer).layer.get());
    return shifted && model && place.node > 0 ? place.node - 1 : place.node;
  }

  bool ready(const Place &place, bool shifted) {
    Member &from = member(place.layer);
    int64_t index = callIndex(place, shifted);
    if (index < 0 || index >= static_cast<int64_t>(std::max<size_t>(from.calls.size(), 1)))
      throw UserError("a call names call " + std::to_string(place.node) + " of the layer '" + place.layer + "', which was not made");
    return index < static_cast<int64_t>(from.results.size());
  }

  Tensor at(const Place &place, bool modelBoundary) {
    // A nested Sequential is counted plainly at the boundary by Keras 3; Keras 2 shifts it, which shows in an index too large.
    Member &from = member(place.layer);
    auto model = dynamic_cast<const Model *>(from.layer.get());
    bool shifted = modelBoundary && model && (!model->isSequential() || place.node >= static_cast<int64_t>(from.calls.size()));
    if (!ready(place, shifted)) throw UserError("an output of the model is never computed", "'" + place.layer + "'");
    return result(place, shifted);
  }

  /// The model's inputs or outputs.
  TensorList boundary(const Json &places) {
    if (isTriple(places)) return at(placeOf(places), true);
    Tensors several;
    for (const Place &place : placesOf(places)) several.push_back(at(place, true));
    return several;
  }

  Tensor result(const Place &place, bool shifted) {
    const Tensors &results = member(place.layer).results[static_cast<size_t>(callIndex(place, shifted))];
    if (place.tensor < 0 || place.tensor >= static_cast<int64_t>(results.size()))
      throw UserError("a call names result " + std::to_string(place.tensor) + " of the layer '" + place.layer + "', which has " + std::to_string(results.size()));
    return results[static_cast<size_t>(place.tensor)];
  }

  /// Makes every call whose arguments exist, until none is left. Files list layers in no particular order.
  void makeCalls() {
    for (bool progress = true, pending = true; pending;) {
      progress = pending = false;
      for (const std::string &name : names) {
        Member &own = member(name);
        while (own.results.size() < own.calls.size()) {
          const Call &call = own.calls[own.results.size()];
          bool possible = std::all_of(call.arguments.begin(), call.arguments.end(), [&](const Place &p) { return ready(p, call.keras2); });
          if (!possible) {
            pending = true;
            break;
          }
          Tensors arguments;
          for (const Place &place : call.arguments) arguments.push_back(result(place, call.keras2));
          Node like{.layer = own.layer, .inputs = arguments, .states = call.states, .has_mask = call.has_mask};
          own.results.push_back(BaseLayer::apply(own.layer, like.positional(arguments), like.options(arguments)));
          progress = true;
        }
      }
      if (pending && !progress) throw UserError("the layers' calls must not form a loop");
    }
  }

  Json inputs, outputs; // places
  bool open = false;
  std::map<std::string, Member> all;
  std::vector<std::string> names;
  std::vector<std::shared_ptr<BaseLayer>> order;
};

std::shared_ptr<Model> readSequential(const Json &config, Members &members) {
  // Keras up to 2.2.2 wrote the bare list of layers.
  const Json::List &entries = (config.isList() ? config : config.at("layers")).asList();
  if (entries.size() > maxLayers) tooManyLayers(entries.size());
  ModelOptions options;
  if (config.get("name").isString()) options.name = config.at("name").asString();
  if (const Json &trainable = config.get("trainable"); !trainable.isNull()) options.trainable = trainable.asBool();
  Sequential model(options);
  std::vector<std::shared_ptr<BaseLayer>> order;
  bool first = true;
  for (const Json &entry : entries) {
    std::shared_ptr<BaseLayer> layer = layerFromEnvelope(entry, members);
    if (std::dynamic_pointer_cast<InputLayer>(layer)) {
      model.add(Sequential::Item(AnyLayer(layer)));
    } else {
      if (first) {
        // Without an InputLayer the shape stands in the first layer (Keras 2) or beside the layers.
        const Json &own = entry.at("config").get("batch_input_shape");
        const Json &shape = own.isNull() ? config.get("build_input_shape") : own;
        if (shape.isList()) {
          Shape batchShape = shape.asShape();
          if (batchShape.empty()) throw UserError("an input shape must name the batch", shape.dump());
          model.add(InputLayer(Shape(batchShape.begin() + 1, batchShape.end()), {.name = layer->name() + "_input"}));
        }
      }
      model.add(Sequential::Item(AnyLayer(layer)));
      order.push_back(layer);
    }
    first = false;
  }
  auto shared = Model(model).shared();
  members.read[shared->id()] = order;
  return shared;
}

// Nested models, when a layer's config is read on its own.
template <auto Read> std::shared_ptr<BaseLayer> readAlone(const Json &config) {
  Members members;
  return Read(config, members);
}
std::shared_ptr<Model> readFunctional(const Json &config, Members &members) { return std::make_shared<FunctionalReader>()->read(config, members); }

const LayerRegistration functional("Functional", readAlone<readFunctional>);
const LayerRegistration sequential("Sequential", readAlone<readSequential>);

} // namespace

std::vector<std::shared_ptr<BaseLayer>> Members::of(const BaseLayer &layer) const {
  auto known = read.find(layer.id());
  return known == read.end() ? layer.sublayers() : known->second;
}

std::shared_ptr<Model> modelFromEnvelope(const Json &envelope, Members &members) {
  std::string className = envelope.at("class_name").asString();
  const Json &config = envelope.at("config");
  if (className == "Sequential") return readSequential(config, members);
  // A user's subclass of Model that was built from inputs and outputs has the same config under another name.
  if (isModelClass(className) || (config.contains("input_layers") && config.contains("output_layers"))) return readFunctional(config, members);
  throw UserError("unknown model class '" + className + "'. Known: 'Sequential', 'Functional'");
}

} // namespace cornu::saving
