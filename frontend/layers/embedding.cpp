#include "frontend/layers/embedding.h"

#include "frontend/layers/options.h"
#include "frontend/ops/ops.h"

namespace cornu {

Embedding::Embedding(int64_t input_dim, int64_t output_dim, EmbeddingOptions options)
    : Layer(baseOf(options)), input_dim(input_dim), output_dim(output_dim), given(std::move(options)) {
  if (input_dim < 1) fail("input_dim must be positive", "input_dim=" + std::to_string(input_dim));
  if (output_dim < 1) fail("output_dim must be positive", "output_dim=" + std::to_string(output_dim));
  if (given.weights.size() > 1) fail("weights must hold one array", std::to_string(given.weights.size()));
}

void Embedding::build(const Shape &) {
  bool fresh = !built();
  embeddings = add_weight("embeddings", {input_dim, output_dim}, {.initializer = given.embeddings_initializer, .regularizer = given.embeddings_regularizer,
                                                                   .constraint = given.embeddings_constraint});
  if (fresh && !given.weights.empty()) set_weights(given.weights);
}

Tensor Embedding::call(const Tensor &x) { return take(embeddings, x); }

Tensor Embedding::compute_mask(const Tensor &x, const Tensor &) { return not_equal(x, 0); }

Json Embedding::get_config() const {
  Json c = Layer::get_config();
  Json activity = c.get("activity_regularizer");
  c["input_dim"] = input_dim;
  c["output_dim"] = output_dim;
  c["embeddings_initializer"] = config::serialize(given.embeddings_initializer);
  c["embeddings_regularizer"] = config::serialize(given.embeddings_regularizer);
  c["activity_regularizer"] = activity;
  c["embeddings_constraint"] = config::serialize(given.embeddings_constraint);
  c["mask_zero"] = given.mask_zero;
  c["quantization_config"] = nullptr;
  return c;
}

static const LayerRegistration registration("Embedding", [](const Json &c) {
  for (const char *unsupported : {"lora_rank", "quantization_config"})
    if (!c.get(unsupported).isNull()) throw UserError(std::string("Embedding: ") + unsupported + " must be null", c.get(unsupported).dump());
  EmbeddingOptions o{.embeddings_initializer = config::initializer(c, "embeddings_initializer", "uniform"),
                     .embeddings_regularizer = config::regularizer(c, "embeddings_regularizer"),
                     .embeddings_constraint = config::constraint(c, "embeddings_constraint"), .mask_zero = config::flag(c, "mask_zero", false)};
  return Embedding(c.at("input_dim").asInt(), c.at("output_dim").asInt(), withBase(o, c)).shared();
});

} // namespace cornu
