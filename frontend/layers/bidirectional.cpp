#include "frontend/layers/bidirectional.h"

#include "frontend/ops/ops.h"
#include "frontend/saving/model_config.h"

namespace cornu {

namespace {

/// A new layer of the same class and config under another name. Keras gives 0 for masked steps where both directions meet step by step.
std::shared_ptr<BaseLayer> copyOf(const BaseLayer &layer, const std::string &prefix, const Recurrence &loop, bool goBackwards) {
  Json config = layer.get_config();
  std::string name = layer.name();
  config["name"] = prefix + (name.starts_with(prefix) ? name.substr(prefix.size()) : name);
  config["go_backwards"] = goBackwards;
  config["zero_output_for_mask"] = loop.return_sequences;
  return BaseLayer::from_config(layer.class_name(), config);
}

const Recurrence *recurrenceOf(const std::shared_ptr<BaseLayer> &layer) {
  auto *recurrent = dynamic_cast<const RecurrentContract *>(layer.get());
  return recurrent ? &recurrent->recurrence() : nullptr;
}

} // namespace

Bidirectional::Bidirectional(const AnyLayer &layer, BidirectionalOptions options) : Layer(baseOf(options)), given(std::move(options)) {
  const std::string &mode = given.merge_mode;
  if (mode != "concat" && mode != "sum" && mode != "mul" && mode != "ave" && !mode.empty())
    fail("merge_mode must be 'concat', 'sum', 'mul', 'ave' or ''", "merge_mode='" + mode + "'");
  const Recurrence *one = recurrenceOf(layer.shared());
  if (!one) fail("takes a recurrent layer", layer ? layer.class_name() : "nothing");
  forward = copyOf(*layer, "forward_", *one, one->go_backwards);
  if (!given.backward_layer) {
    backward = copyOf(*layer, "backward_", *one, !one->go_backwards);
    return;
  }
  const Recurrence *other = recurrenceOf(given.backward_layer.shared());
  if (!other) fail("backward_layer must be a recurrent layer", given.backward_layer.class_name());
  if (other->go_backwards == one->go_backwards) fail("backward_layer must differ in go_backwards");
  for (auto [name, a, b] : {std::tuple("stateful", one->stateful, other->stateful), std::tuple("return_sequences", one->return_sequences, other->return_sequences),
                            std::tuple("return_state", one->return_state, other->return_state)})
    if (a != b) fail(std::string("backward_layer must have the same ") + name);
  Json config = given.backward_layer.get_config();
  config["zero_output_for_mask"] = one->return_sequences;
  backward = BaseLayer::from_config(given.backward_layer.class_name(), config);
}

const Recurrence &Bidirectional::loop() const { return *recurrenceOf(forward); }

Tensor Bidirectional::operator()(const Tensor &x, const CallOptions &options) const {
  Tensors results = all(x, options);
  if (results.size() != 1) fail("has several results: call all()", std::to_string(results.size()));
  return results[0];
}

Tensors Bidirectional::call(const Tensors &in) {
  size_t states = in.size() - 1;
  if (states % 2) fail("initial_state must hold as many tensors for the forward layer as for the backward one", std::to_string(states));
  auto half = in.begin() + 1 + static_cast<int64_t>(states / 2);
  Tensors y = apply(forward, {in[0]}, {.initial_state = {in.begin() + 1, half}, .mask = in[0].mask()});
  Tensors reversed = apply(backward, {in[0]}, {.initial_state = {half, in.end()}, .mask = in[0].mask()});
  if (loop().return_sequences) reversed[0] = flip(reversed[0], 1);

  const std::string &mode = given.merge_mode;
  const Tensor &a = y[0], &b = reversed[0];
  Tensors results;
  if (mode.empty()) results = {a, b};
  else results = {mode == "concat" ? concatenate({a, b}, -1) : mode == "sum" ? a + b : mode == "mul" ? a * b : (a + b) / 2};
  results.insert(results.end(), y.begin() + 1, y.end());
  results.insert(results.end(), reversed.begin() + 1, reversed.end());
  return results;
}

Tensors Bidirectional::compute_mask(const Tensors &, const Tensors &masks) {
  if (!loop().return_sequences) return {};
  return given.merge_mode.empty() ? Tensors{masks[0], masks[0]} : Tensors{masks[0]};
}

Json Bidirectional::get_config() const {
  Json c = Layer::get_config();
  c["merge_mode"] = given.merge_mode.empty() ? Json() : Json(given.merge_mode);
  c["layer"] = saving::layerEnvelope(*forward);
  c["backward_layer"] = saving::layerEnvelope(*backward);
  return c;
}

static const LayerRegistration registration("Bidirectional", [](const Json &c) {
  const Json &mode = c.contains("merge_mode") ? c.at("merge_mode") : Json("concat");
  BidirectionalOptions options{.merge_mode = mode.isNull() ? "" : mode.asString()};
  if (!c.get("backward_layer").isNull()) options.backward_layer = AnyLayer(BaseLayer::deserialize(c.at("backward_layer")));
  return Bidirectional(AnyLayer(BaseLayer::deserialize(c.at("layer"))), withBase(options, c)).shared();
});

} // namespace cornu
