// A sequence tagger: one of ten tags for each word, with no loss where there is none.
#include <cornu/cornu.h>
using namespace cornu;

int main() {
  auto words = Input({100}, {.dtype = "int32"});
  auto x = Embedding(10000, 128, {.mask_zero = true})(words);
  x = Bidirectional(LSTM(64, {.return_sequences = true}))(x);
  Model model(words, Dense(10, {.activation = "softmax"})(x));
  model.compile({.optimizer = "adam", .loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
  model.summary();

  set_random_seed(1);
  auto text = initializers::RandomUniform({.minval = 0, .maxval = 10000})({160, 100}).astype(DType::Int32);
  auto tags = initializers::RandomUniform({.minval = 0, .maxval = 10})({160, 100}).astype(DType::Int32);
  model.fit(text, tags, {.batch_size = 32, .epochs = 2});
}
