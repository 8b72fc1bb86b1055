// Are two tweets of the same author? One LSTM reads both: one layer called twice, one set of weights.
#include <cornu/cornu.h>
using namespace cornu;

int main() {
  auto tweet_a = Input({280, 256}), tweet_b = Input({280, 256});
  LSTM encoder(64);
  auto merged = Concatenate()({encoder(tweet_a), encoder(tweet_b)});
  Model model({tweet_a, tweet_b}, Dense(1, {.activation = "sigmoid"})(merged));
  model.compile({.optimizer = "rmsprop", .loss = "binary_crossentropy", .metrics = {"accuracy"}});
  model.summary();

  set_random_seed(1);
  auto characters = initializers::RandomUniform({.minval = 0, .maxval = 1});
  auto labels = initializers::RandomUniform({.minval = 0, .maxval = 2})({64, 1}).astype(DType::Int32);
  model.fit({characters({64, 280, 256}), characters({64, 280, 256})}, labels, {.epochs = 2});
}
