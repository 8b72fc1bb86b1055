// Input: where a model's data enters.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

struct InputOptions {
  std::optional<int64_t> batch_size = {};   ///< every batch must have this size
  std::string dtype = "float32";            ///< "bool", "int8", "int32", "int64", "float16", "bfloat16", "float32", "float64"
  std::string name = "";
  bool optional = false;                    ///< kept in the config, as Keras does
};

/// The layer behind Input. Files may leave extents beside the batch open; -1 stands for each. They are known when the model is built.
class InputLayer : public Layer<InputLayer> {
public:
  InputLayer(Shape shape, InputOptions options = {});
  std::string class_name() const override { return "InputLayer"; }
  Json get_config() const override;
  bool autocast() const override { return false; }
  Tensor call(const Tensor &x) { return x; }

  /// With the batch as -1, whatever batch_size says, and with open extents as -1.
  const Shape &batch_shape() const { return shape; }
  bool open() const;
  DType input_dtype() const { return type; }
  std::optional<int64_t> batch_size() const { return given.batch_size; }
  /// Its output. Call once. UserError if extents are open.
  Tensor symbol() const;
  /// Its output in a graph for data of these extents, with the batch as -1. UserError unless they fit batch_shape().
  Tensor symbol(const Shape &extents) const;
  /// Whether data of this shape, with the batch as -1, fit batch_shape().
  bool fits(const Shape &extents) const;

private:
  Shape shape;
  DType type;
  InputOptions given;
};

/// A symbolic tensor of `shape`, which leaves the batch out: `Input({784})`.
Tensor Input(const Shape &shape, const InputOptions &options = {});

} // namespace cornu
