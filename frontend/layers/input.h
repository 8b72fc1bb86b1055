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

/// The layer behind Input.
class InputLayer : public Layer<InputLayer> {
public:
  InputLayer(Shape shape, InputOptions options = {});
  std::string class_name() const override { return "InputLayer"; }
  Json get_config() const override;
  bool autocast() const override { return false; }
  Tensor call(const Tensor &x) { return x; }

  /// With the batch as -1, whatever batch_size says.
  const Shape &batch_shape() const { return shape; }
  DType input_dtype() const { return type; }
  std::optional<int64_t> batch_size() const { return given.batch_size; }
  /// Its output. Call once.
  Tensor symbol() const;

private:
  Shape shape;
  DType type;
  InputOptions given;
};

/// A symbolic tensor of `shape`, which leaves the batch out: `Input({784})`.
Tensor Input(const Shape &shape, const InputOptions &options = {});

} // namespace cornu
