// Embedding: a vector for each number.
#pragma once

#include "frontend/core/layer.h"

namespace cornu {

struct EmbeddingOptions {
  Initializer embeddings_initializer = "uniform";
  Regularizer embeddings_regularizer = {};
  Constraint embeddings_constraint = {};
  bool mask_zero = false;                 ///< 0 means nothing: all layers that follow leave it out
  std::vector<Array> weights = {};        ///< values to begin with, (input_dim, output_dim)
  CORNU_LAYER_OPTIONS;
};

/// (batch, …) of integers in [-input_dim, input_dim), the negative ones counted from the end → (batch, …, output_dim): the rows of `embeddings`
/// that they name. Numbers of another type than int32 and int64 become int32. fit, evaluate and predict raise a UserError for one outside; in
/// code compiled ahead of time it means the nearest row.
class Embedding : public Layer<Embedding> {
public:
  Embedding(int64_t input_dim, int64_t output_dim, EmbeddingOptions options = {});
  std::string class_name() const override { return "Embedding"; }
  bool supports_masking() const override { return given.mask_zero; }
  bool autocast() const override { return false; }
  Json get_config() const override;
  void build(const Shape &input);
  Tensor call(const Tensor &x);
  Tensor compute_mask(const Tensor &x, const Tensor &mask);

  Variable embeddings; ///< (input_dim, output_dim)

private:
  int64_t input_dim, output_dim;
  EmbeddingOptions given;
};

} // namespace cornu
