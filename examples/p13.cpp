// Content and title of an article, each with an output of its own: a loss and a weight for each, by name.
#include <cornu/cornu.h>
using namespace cornu;

int main() {
  auto content = Input({300}, {.dtype = "int32", .name = "content"}), title = Input({20}, {.dtype = "int32", .name = "title"});
  Embedding vectors(4000, 300, {.name = "emb"});
  auto x = LSTM(128)(vectors(content)), y = LSTM(128)(vectors(title));
  auto sum = Lambda([](const Tensors &xs) { return xs[0] + xs[1]; })({x, y});
  auto out_content = Dense(1, {.activation = "sigmoid", .name = "out_content"})(sum);
  auto out_title = Dense(5, {.activation = "softmax", .name = "out_title"})(sum);
  Model model({content, title}, {out_content, out_title});
  model.summary();

  model.compile({.optimizer = "adam",
                 .loss = {{"out_content", "binary_crossentropy"}, {"out_title", "categorical_crossentropy"}},
                 .loss_weights = {{"out_content", 0.8}, {"out_title", 0.3}},
                 .metrics = {{"out_content", "accuracy"}, {"out_title", "accuracy"}}});

  set_random_seed(1);
  auto numbers = [](const Shape &shape, double count) { return initializers::RandomUniform({.minval = 0, .maxval = count})(shape).astype(DType::Int32); };
  auto fresh = numbers({64, 1}, 2), topic = to_categorical(numbers({64}, 5), 5);
  model.fit({{"content", numbers({64, 300}, 4000)}, {"title", numbers({64, 20}, 4000)}}, {{"out_content", fresh}, {"out_title", topic}}, {.epochs = 2});
}
