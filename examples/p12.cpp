// Content and title of an article: one Embedding for both, though they differ in length.
#include <cornu/cornu.h>
using namespace cornu;

int main() {
  auto content = Input({300}, {.dtype = "int32", .name = "content"}), title = Input({20}, {.dtype = "int32", .name = "title"});
  Embedding vectors(4000, 300, {.name = "emb"});
  auto x = LSTM(128)(vectors(content)), y = LSTM(128)(vectors(title));
  auto sum = Lambda([](const Tensors &xs) { return xs[0] + xs[1]; })({x, y});
  Model model({content, title}, Dense(1, {.activation = "sigmoid"})(sum));
  model.compile({.optimizer = "adam", .loss = "binary_crossentropy"});
  model.summary();

  set_random_seed(1);
  auto words = initializers::RandomUniform({.minval = 0, .maxval = 4000});
  auto labels = initializers::RandomUniform({.minval = 0, .maxval = 2})({64, 1}).astype(DType::Int32);
  model.fit({words({64, 300}).astype(DType::Int32), words({64, 20}).astype(DType::Int32)}, labels, {.epochs = 2});

  // What the model has learnt of words, cut out: it shares the weights.
  Model embedding(model.input(0), model.get_layer("emb").output());
  embedding.summary();
}
