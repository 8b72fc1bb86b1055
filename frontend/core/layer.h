// Layer: the contract of everything that is called on tensors, built-in or the user's own.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <typeinfo>
#include <vector>

#include "frontend/core/tensor.h"
#include "frontend/core/variable.h"

namespace cornu {

class BaseLayer;

/// "Gated" for `struct Gated`, without namespaces.
std::string classNameOf(const std::type_info &type);

/// What a call may be given beside its tensors, by layers that take it (see BaseLayer::call_arguments).
struct CallOptions {
  Tensors initial_state = {};                   ///< of a recurrent layer: one tensor for each of its states
  Tensor mask = {};                             ///< in place of the one that the first tensor carries
};

/// One call of a layer on symbolic tensors: an edge of the layer graph.
struct Node {
  std::shared_ptr<BaseLayer> layer;
  Tensors inputs;                               ///< the positional ones, then initial_state, then the mask
  size_t states = 0;                            ///< how many of the inputs are initial_state
  bool has_mask = false;                        ///< whether the last input is the mask
  std::optional<int64_t> batch_size = {};       ///< of every batch, where an Input says so
  std::vector<Shape> output_shapes = {};
  std::vector<DType> output_dtypes = {};
  std::vector<std::optional<Shape>> output_masks = {};
  /// Of `values`, which stand for `inputs`: those given by position, and the others.
  Tensors positional(const Tensors &values) const;
  CallOptions options(const Tensors &values) const;
  /// The i-th result.
  static Tensor output(const std::shared_ptr<Node> &node, int64_t i = 0);
};

/// How add_weight makes a weight.
struct WeightOptions {
  Initializer initializer = {};                 ///< "glorot_uniform" for floats, "zeros" for the rest
  Regularizer regularizer = {};
  Constraint constraint = {};
  bool trainable = true;
  std::optional<DType> dtype = {};              ///< the layer's
};

/// What ends the options of every layer. See LayerOptions.
#define CORNU_COMMON_OPTIONS                                                                                                                   \
  Shape input_shape = {};                                                                                                                      \
  bool trainable = true;                                                                                                                       \
  std::string dtype = "float32";                                                                                                               \
  std::string name = ""

/// What ends the options of most layers: where Keras has arguments behind the activity regularizer, it stands apart.
#define CORNU_LAYER_OPTIONS                                                                                                                    \
  Regularizer activity_regularizer = {};                                                                                                       \
  CORNU_COMMON_OPTIONS

/// Constructor arguments that every layer has.
struct LayerOptions {
  std::string name = "";                        ///< unique in a model; made from the class name unless given
  bool trainable = true;
  std::string dtype = "float32";                ///< "float32" or "float64": of the weights and the computation
  Regularizer activity_regularizer = {};        ///< of each output, divided by the batch
  Shape input_shape = {};                       ///< without the batch: lets a Sequential start with this layer
};

/// What does not depend on a layer's class. Derive from Layer<Self>, not from this.
class BaseLayer {
public:
  virtual ~BaseLayer() = default;

  /// Keras's class name: "Dense".
  virtual std::string class_name() const = 0;
  /// The Python module in which Keras has the class, as its files say.
  virtual const char *keras_module() const { return "keras.layers"; }
  /// Constructor arguments by Keras's names, what from_config takes.
  virtual Json get_config() const;
  /// A layer of a class of Keras's, or of one that was registered. UserError: an unknown class.
  static std::shared_ptr<BaseLayer> from_config(const std::string &class_name, const Json &config);
  /// As files hold it: {"module", "class_name", "config", "registered_name"}; without "build_config".
  Json serialize() const;
  /// The other way: the class is known with its package or without.
  static std::shared_ptr<BaseLayer> deserialize(const Json &envelope);

  const std::string &name() const { return state->options.name; }
  /// Identity, for maps: copies of a layer are the same layer.
  const void *id() const { return state.get(); }
  bool built() const { return state->built; }
  bool trainable() const { return state->options.trainable; }
  /// Freezes or thaws the layer and all within it; acts from the next compile().
  virtual void set_trainable(bool trainable);
  DType dtype() const;
  const LayerOptions &options() const { return state->options; }
  /// Shapes at the first call, with the batch as -1; empty before.
  const std::vector<Shape> &build_shapes() const { return state->buildShapes; }

  /// Own trainable variables, own others, then those of the layers within.
  std::vector<Variable> weights() const;
  std::vector<Variable> trainable_weights() const;
  std::vector<Variable> non_trainable_weights() const;
  /// Own variables only, as weights() orders them; without the states of random generators.
  std::vector<Variable> own_weights() const;
  /// Copies of the values of weights().
  std::vector<Array> get_weights() const;
  /// UserError unless there is one array of the right shape for each of weights().
  void set_weights(const std::vector<Array> &values);
  /// Number of elements of weights().
  int64_t count_params() const;
  /// Layers called within this one, in the order of their first call.
  virtual std::vector<std::shared_ptr<BaseLayer>> sublayers() const { return state->children; }
  /// Where a file of weights has them: in this list, numbered by class, or each under a name of its own.
  virtual std::string sublayer_list() const { return "layers"; }
  virtual std::vector<std::string> sublayer_names() const { return {}; }
  /// Sets to zero what stateful layers, this one or those within, kept from the last batch.
  void reset_state();

  /// Calls on symbolic tensors that are still part of something, first to last.
  std::vector<std::shared_ptr<Node>> nodes() const;
  /// Of the layer's only call. UserError before it, after several calls (then name one: get_output_at(0)), and where the call has several tensors.
  Tensor input() const;
  Tensor output() const;
  /// With the batch as -1. After several calls of equal shapes theirs; UserError if they differ.
  Shape input_shape() const;
  Shape output_shape() const;
  /// Of call `node_index`, counted from 0, or from the end if it is negative. UserError if there is no such call, or if it has several tensors.
  Tensor get_input_at(int64_t node_index) const;
  Tensor get_output_at(int64_t node_index) const;
  Shape get_input_shape_at(int64_t node_index) const;
  Shape get_output_shape_at(int64_t node_index) const;
  /// All tensors of a call.
  Tensors get_inputs_at(int64_t node_index) const;
  Tensors get_outputs_at(int64_t node_index) const;

  /// Calls `layer`: inside another layer's `call` it computes, elsewhere it records a node.
  static Tensors apply(const std::shared_ptr<BaseLayer> &layer, const Tensors &inputs, const CallOptions &options = {});

  /// Whether a mask that an input carries goes on to the outputs. Otherwise it ends here.
  virtual bool supports_masking() const { return false; }
  /// Which of "mask" and "initial_state" a call may be given.
  virtual std::vector<std::string> call_arguments() const { return {}; }
  /// Makes the weights for inputs of these shapes, once.
  void ensureBuilt(const std::vector<Shape> &inputs);

  // What Layer<Self> implements from the user's `build` and `call`.
  virtual void buildFor(const std::vector<Shape> &inputs) = 0;
  virtual Tensors callOn(const Tensors &inputs) = 0;
  /// Of the outputs, in their order; of the first alone if there is one. Empty tensors stand for no mask.
  virtual Tensors masksFor(const Tensors &inputs, const Tensors &masks) = 0;
  /// False: floating inputs keep their dtype instead of being cast to the layer's.
  virtual bool autocast() const { return true; }
  /// Throws a UserError that starts with the class and name: "Dense 'fc1': units must be positive. Received: units=-3".
  [[noreturn]] void fail(const std::string &rule, const std::string &received) const;
  [[noreturn]] void fail(const std::string &sentence) const;

protected:
  /// Without a name the layer gets the next one of `prefixClass`.
  BaseLayer(LayerOptions options, const std::string &prefixClass);

  /// Makes a weight, or, if the layer already has one of that name, gives it again (a copy of a layer is the same layer).
  Variable add_weight(const std::string &name, Shape shape, const WeightOptions &options = {});
  /// A (seed, step) state for random_uniform; not a weight. The seed is drawn from the global one unless given.
  Variable add_random_state(std::optional<uint64_t> seed = {});
  /// Zeros that a call may read and assign, for the next batch to find; no weight, and in no file. Given again like a weight.
  Variable add_state(const std::string &name, Shape shape);
  /// Adds the sum of the tensor's elements to the loss of the model that this call becomes part of. Only inside `call`.
  void add_loss(const Tensor &loss);
  /// Reports the mean of the tensor over the samples of an epoch (as a keras.metrics.Mean that the layer owns), under `name` in logs.
  /// Only inside `call`.
  void add_metric(const Tensor &value, const std::string &name);
  /// True while a training step is being built. Only inside `call`.
  bool training() const;

  /// One tensor, of many: UserError otherwise, naming `what` the tensors are.
  Tensor only(const Tensors &tensors, const char *what) const;
  /// The only call. UserError before it and after several.
  std::shared_ptr<Node> onlyNode(const char *what) const;
  std::shared_ptr<Node> nodeAt(int64_t index, const char *what) const;
  Shape commonShape(const char *what, Shape (BaseLayer::*shapeAt)(int64_t) const) const;

  struct State {
    LayerOptions options;
    bool built = false;
    std::vector<Shape> buildShapes;
    std::vector<Variable> variables, randomStates, kept;
    std::vector<std::shared_ptr<BaseLayer>> children;
    std::vector<std::weak_ptr<Node>> nodes;
    std::weak_ptr<BaseLayer> instance;
  };
  std::shared_ptr<State> state; ///< shared by all copies: a copy of a layer is the same layer
  bool buildRan = false;        ///< of this object: a later copy runs `build` again to set its own members
};

/// What a layer derives from, with itself as the argument. It needs a `call`, and a `build` if it has weights:
///
///     struct Gated : Layer<Gated> {
///       int64_t units;
///       Variable kernel, gate;
///       explicit Gated(int64_t units) : units(units) {}
///       void build(const Shape &in) { kernel = add_weight("kernel", {in.back(), units}); gate = add_weight("gate", {in.back(), units}); }
///       Tensor call(const Tensor &x) { return matmul(x, kernel) * sigmoid(matmul(x, gate)); }
///     };
///     auto y = Gated(32)(x);
///
/// `build` takes one Shape or a std::vector<Shape>; `call` takes one to four Tensors or one `const Tensors &`, and returns Tensor or Tensors.
/// Both are found by their signatures, so neither is virtual. `call` is traced: it sees symbols and must not look at their numbers.
/// Optional: `std::string class_name() const`, `Json get_config() const`; `bool supports_masking() const` to pass the input's mask on, and
/// `Tensor compute_mask(const Tensor &x, const Tensor &mask)`, or the same of Tensors, to make another of it.
template <class Self> class Layer : public BaseLayer {
public:
  template <class... T> requires(sizeof...(T) > 0 && (std::convertible_to<const T &, Tensor> && ...))
  auto operator()(const T &...inputs) const {
    return result(apply(shared(), Tensors{Tensor(inputs)...}));
  }
  auto operator()(const Tensors &inputs, const CallOptions &options = {}) const { return result(apply(shared(), inputs, options)); }
  auto operator()(const Tensor &x, const CallOptions &options) const { return result(apply(shared(), {x}, options)); }

  std::string class_name() const override { return classNameOf(typeid(Self)); }
  /// The object that lives as long as a model that uses it; `*this` and its copies stand for it.
  std::shared_ptr<Self> shared() const {
    if (auto living = state->instance.lock()) return std::static_pointer_cast<Self>(living);
    auto fresh = std::make_shared<Self>(static_cast<const Self &>(*this));
    state->instance = fresh;
    return fresh;
  }

  void buildFor(const std::vector<Shape> &shapes) final {
    Self &self = static_cast<Self &>(*this);
    if constexpr (requires { self.build(shapes); })
      self.build(shapes);
    else if constexpr (requires { self.build(shapes[0]); })
      self.build(shapes[0]);
  }
  Tensors callOn(const Tensors &in) final {
    Self &self = static_cast<Self &>(*this);
    if constexpr (requires { self.call(in); })
      return several(self.call(in));
    else if constexpr (requires { self.call(in[0]); })
      return expect(in, 1), several(self.call(in[0]));
    else if constexpr (requires { self.call(in[0], in[1]); })
      return expect(in, 2), several(self.call(in[0], in[1]));
    else if constexpr (requires { self.call(in[0], in[1], in[2]); })
      return expect(in, 3), several(self.call(in[0], in[1], in[2]));
    else
      return expect(in, 4), several(self.call(in[0], in[1], in[2], in[3]));
  }
  Tensors masksFor(const Tensors &in, const Tensors &masks) final {
    [[maybe_unused]] Self &self = static_cast<Self &>(*this);
    if constexpr (requires { self.compute_mask(in, masks); })
      return several(self.compute_mask(in, masks));
    else if constexpr (requires { self.compute_mask(in[0], masks[0]); })
      return several(self.compute_mask(in[0], masks[0]));
    else
      return masks;
  }

protected:
  explicit Layer(LayerOptions options = {}) : BaseLayer(std::move(options), classNameOf(typeid(Self))) {}

private:
  static Tensors several(Tensor one) { return {std::move(one)}; }
  static Tensors several(Tensors all) { return all; }
  static auto result(Tensors outputs) {
    if constexpr (requires(Self &s, const Tensors &in) { { s.call(in) } -> std::same_as<Tensors>; } ||
                  requires(Self &s, const Tensor &x) { { s.call(x) } -> std::same_as<Tensors>; } ||
                  requires(Self &s, const Tensor &x) { { s.call(x, x) } -> std::same_as<Tensors>; })
      return outputs;
    else
      return outputs.at(0);
  }
  void expect(const Tensors &in, size_t count) const {
    if (in.size() != count)
      fail("takes " + std::to_string(count) + (count == 1 ? " tensor" : " tensors"), std::to_string(in.size()));
  }
};

/// Any layer, as a handle: what `model.layers()` and `get_layer` give, what Sequential and wrappers take.
class AnyLayer {
public:
  AnyLayer() = default;
  template <class L> requires std::derived_from<L, BaseLayer>
  AnyLayer(const L &layer) : layer(layer.shared()) {}
  AnyLayer(std::shared_ptr<BaseLayer> layer) : layer(std::move(layer)) {}

  /// For layers with one result; UserError if there are several.
  Tensor operator()(const Tensor &x, const CallOptions &options = {}) const { return one(BaseLayer::apply(layer, {x}, options)); }
  Tensor operator()(const Tensors &xs, const CallOptions &options = {}) const { return one(BaseLayer::apply(layer, xs, options)); }
  Tensors all(const Tensors &xs, const CallOptions &options = {}) const { return BaseLayer::apply(layer, xs, options); }

  const std::string &name() const { return layer->name(); }
  std::string class_name() const { return layer->class_name(); }
  Json get_config() const;
  bool trainable() const { return layer->trainable(); }
  void set_trainable(bool trainable) const { layer->set_trainable(trainable); }
  std::vector<Variable> weights() const { return layer->weights(); }
  std::vector<Array> get_weights() const { return layer->get_weights(); }
  void set_weights(const std::vector<Array> &values) const { layer->set_weights(values); }
  void reset_state() const { layer->reset_state(); }
  int64_t count_params() const { return layer->count_params(); }
  Tensor input() const { return layer->input(); }
  Tensor output() const { return layer->output(); }
  Shape input_shape() const { return layer->input_shape(); }
  Shape output_shape() const { return layer->output_shape(); }
  Tensor get_input_at(int64_t node_index) const { return layer->get_input_at(node_index); }
  Tensor get_output_at(int64_t node_index) const { return layer->get_output_at(node_index); }
  Shape get_input_shape_at(int64_t node_index) const { return layer->get_input_shape_at(node_index); }
  Shape get_output_shape_at(int64_t node_index) const { return layer->get_output_shape_at(node_index); }

  BaseLayer *operator->() const { return layer.get(); }
  BaseLayer &operator*() const { return *layer; }
  const std::shared_ptr<BaseLayer> &shared() const { return layer; }
  explicit operator bool() const { return layer != nullptr; }
  bool operator==(const AnyLayer &) const = default;

private:
  Tensor one(Tensors outputs) const;
  std::shared_ptr<BaseLayer> layer;
};

/// Lets from_config make layers of a class of Keras's: `static const LayerRegistration dense("Dense", [](const Json &c) {…});`
struct LayerRegistration {
  using Maker = std::function<std::shared_ptr<BaseLayer>(const Json &config)>;
  LayerRegistration(const std::string &class_name, Maker maker);
};

/// Makes a layer of one's own known by its class name, so that files can name it and from_config finds it:
///
///     register_layer<Gated>([](const Json &config) { return Gated(config.at("units").asInt()); });
///
/// `config` is what the layer's get_config gave. Name, trainable, dtype and activity_regularizer are taken from it afterwards.
void register_layer(const std::string &class_name, LayerRegistration::Maker maker, const RegisterOptions &options = {});
template <class L, class F> void register_layer(F maker, const RegisterOptions &options = {}) {
  register_layer(classNameOf(typeid(L)), [maker](const Json &config) -> std::shared_ptr<BaseLayer> { return L(maker(config)).shared(); }, options);
}

} // namespace cornu
