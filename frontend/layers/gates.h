// What SimpleRNN, LSTM and GRU share: options, configs, weights, dropout. Internal to frontend/layers.
#pragma once

#include "frontend/layers/recurrent.h"
#include "frontend/layers/recurrent_options.h"
#include "frontend/ops/ops.h"

namespace cornu {

/// The part of a layer's options that is its cell's, `C`.
template <class C, class O> C cellOptionsOf(const O &o, const std::string &name) {
  C c{.activation = o.activation, .use_bias = o.use_bias, .kernel_initializer = o.kernel_initializer, .recurrent_initializer = o.recurrent_initializer,
      .bias_initializer = o.bias_initializer, .kernel_regularizer = o.kernel_regularizer, .recurrent_regularizer = o.recurrent_regularizer,
      .bias_regularizer = o.bias_regularizer, .kernel_constraint = o.kernel_constraint, .recurrent_constraint = o.recurrent_constraint,
      .bias_constraint = o.bias_constraint, .dropout = o.dropout, .recurrent_dropout = o.recurrent_dropout, .seed = o.seed, .trainable = o.trainable,
      .dtype = o.dtype, .name = name};
  if constexpr (requires { o.recurrent_activation; }) c.recurrent_activation = o.recurrent_activation;
  if constexpr (requires { o.unit_forget_bias; }) c.unit_forget_bias = o.unit_forget_bias;
  if constexpr (requires { o.reset_after; }) c.reset_after = o.reset_after;
  return c;
}

/// Keras's config of these options, in its order. Of layers and cells, which differ in little.
template <class O> void writeGates(Json &c, int64_t units, const O &o) {
  constexpr bool ofLayer = requires { o.return_sequences; };
  using config::serialize;
  Json activity = c.get("activity_regularizer");
  c["units"] = units;
  c["activation"] = serialize(o.activation);
  if constexpr (requires { o.recurrent_activation; }) c["recurrent_activation"] = serialize(o.recurrent_activation);
  c["use_bias"] = o.use_bias;
  if constexpr (requires { o.unit_forget_bias; } && !ofLayer) c["unit_forget_bias"] = o.unit_forget_bias;
  c["kernel_initializer"] = serialize(o.kernel_initializer);
  c["recurrent_initializer"] = serialize(o.recurrent_initializer);
  c["bias_initializer"] = serialize(o.bias_initializer);
  if constexpr (requires { o.unit_forget_bias; } && ofLayer) c["unit_forget_bias"] = o.unit_forget_bias;
  c["kernel_regularizer"] = serialize(o.kernel_regularizer);
  c["recurrent_regularizer"] = serialize(o.recurrent_regularizer);
  c["bias_regularizer"] = serialize(o.bias_regularizer);
  if constexpr (ofLayer) c["activity_regularizer"] = activity;
  c["kernel_constraint"] = serialize(o.kernel_constraint);
  c["recurrent_constraint"] = serialize(o.recurrent_constraint);
  c["bias_constraint"] = serialize(o.bias_constraint);
  c["dropout"] = o.dropout;
  c["recurrent_dropout"] = o.recurrent_dropout;
  if constexpr (requires { o.reset_after; }) c["reset_after"] = o.reset_after;
  // Keras leaves out the seed of a SimpleRNN.
  if constexpr (!ofLayer || requires { o.recurrent_activation; }) c["seed"] = o.seed;
}

/// Options of a layer or a cell, read from its config.
template <class O> O readGates(const Json &c) {
  O o;
  using namespace config;
  if (c.contains("activation")) o.activation = activation(c, "activation");
  if constexpr (requires { o.recurrent_activation; })
    if (c.contains("recurrent_activation")) o.recurrent_activation = activation(c, "recurrent_activation");
  o.use_bias = flag(c, "use_bias", true);
  o.kernel_initializer = initializer(c, "kernel_initializer", "glorot_uniform");
  o.recurrent_initializer = initializer(c, "recurrent_initializer", "orthogonal");
  o.bias_initializer = initializer(c, "bias_initializer", "zeros");
  if constexpr (requires { o.unit_forget_bias; }) o.unit_forget_bias = flag(c, "unit_forget_bias", true);
  o.kernel_regularizer = regularizer(c, "kernel_regularizer"), o.recurrent_regularizer = regularizer(c, "recurrent_regularizer");
  o.bias_regularizer = regularizer(c, "bias_regularizer");
  o.kernel_constraint = constraint(c, "kernel_constraint"), o.recurrent_constraint = constraint(c, "recurrent_constraint");
  o.bias_constraint = constraint(c, "bias_constraint");
  o.dropout = number(c, "dropout", 0), o.recurrent_dropout = number(c, "recurrent_dropout", 0);
  if constexpr (requires { o.reset_after; }) o.reset_after = flag(c, "reset_after", true);
  o.seed = config::seed(c);
  if constexpr (requires { o.return_sequences; }) readRecurrence(o, c);
  if constexpr (requires { o.return_sequences; }) return withBase(o, c);
  LayerOptions base = layerOptions(c);
  o.name = base.name, o.trainable = base.trainable, o.dtype = base.dtype;
  return o;
}

/// Kernels of `gates` gates side by side, (features, gates · units) and (units, gates · units), and the noise on what is multiplied with them.
template <class Self> class GatedCell : public Cell<Self> {
public:
  std::vector<int64_t> state_size() const override { return {units}; }
  Variable kernel, recurrent_kernel, bias;

  /// The same noise in every step: on the input, and on the first state. With noise on the state each gate has its own.
  void begin(const Shape &step) override {
    inputNoise.clear(), stateNoise.clear();
    if (!this->training()) return;
    int64_t count = recurrentDropout > 0 ? gates : 1;
    inputNoise = noise(dropout, step, count);
    stateNoise = noise(recurrentDropout, {step[0], units}, count);
  }

protected:
  template <class O> GatedCell(int64_t units, int64_t gates, const O &o)
      : Cell<Self>({.name = o.name, .trainable = o.trainable, .dtype = o.dtype}), units(units), gates(gates), dropout(o.dropout), recurrentDropout(o.recurrent_dropout) {
    if (units < 1) this->fail("units must be positive", "units=" + std::to_string(units));
    for (auto [name, rate] : {std::pair("dropout", dropout), std::pair("recurrent_dropout", recurrentDropout)})
      if (!(rate >= 0 && rate <= 1)) this->fail(std::string(name) + " must be in [0, 1]", std::string(name) + "=" + pythonRepr(rate));
  }
  template <class O> void makeKernels(const Shape &step, const O &o, const Shape &biasShape, const Initializer &biasInitializer) {
    if (step.size() != 2) this->fail("a step must have 2 axes, batch and features", "shape=" + shapeString(step));
    kernel = this->add_weight("kernel", {step[1], gates * units},
                              {.initializer = o.kernel_initializer, .regularizer = o.kernel_regularizer, .constraint = o.kernel_constraint});
    recurrent_kernel = this->add_weight("recurrent_kernel", {units, gates * units},
                                        {.initializer = o.recurrent_initializer, .regularizer = o.recurrent_regularizer, .constraint = o.recurrent_constraint});
    if (o.use_bias) bias = this->add_weight("bias", biasShape, {.initializer = biasInitializer, .regularizer = o.bias_regularizer, .constraint = o.bias_constraint});
    if (draws(dropout) || draws(recurrentDropout)) random = this->add_random_state(o.seed);
  }

  /// x · kernel; of all gates, noise included.
  Tensor projected(const Tensor &x) const { return product(x, inputNoise, kernel, gates); }
  /// h · recurrent_kernel of the first `count` gates.
  Tensor recurrent(const Tensor &h, int64_t count) const { return product(h, stateNoise, recurrent_kernel, count); }
  Tensor noisyState(const Tensor &h, size_t gate) const { return stateNoise.empty() ? h : h * stateNoise[gate]; }

  int64_t units, gates;

private:
  static bool draws(double rate) { return rate > 0 && rate < 1; }
  Tensors noise(double rate, const Shape &shape, int64_t count) {
    Tensors drawn;
    for (int64_t i = 0; draws(rate) && i < count; ++i)
      drawn.push_back(where(random_uniform(random, shape, this->dtype()) >= rate, 1 / (1 - rate), cast(Tensor(0.0), this->dtype())));
    return drawn;
  }
  Tensor product(const Tensor &x, const Tensors &noise, const Variable &weights, int64_t count) const {
    Tensor all = count < gates ? slice(weights, 1, 0, count * units) : Tensor(weights);
    if (noise.size() < 2) return matmul(noise.empty() ? x : x * noise[0], all);
    Tensors products;
    for (int64_t i = 0; i < count; ++i) products.push_back(matmul(x * noise[static_cast<size_t>(i)], slice(weights, 1, i * units, (i + 1) * units)));
    return concatenate(products, -1);
  }
  double dropout, recurrentDropout;
  Tensors inputNoise, stateNoise;
  Variable random;
};

/// The columns of one of several gates side by side.
inline Tensor gate(const Tensor &all, int64_t units, int64_t i) { return slice(all, -1, i * units, (i + 1) * units); }

} // namespace cornu
