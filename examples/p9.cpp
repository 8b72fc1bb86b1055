// Two interpretations of the features that one LSTM extracts.
#include <cornu/cornu.h>
using namespace cornu;

int main() {
  auto inputs = Input({100, 32});
  auto features = LSTM(64)(inputs);
  auto shallow = Dense(32, {.activation = "relu"})(features);
  auto deep = Dense(32, {.activation = "relu"})(Dense(64, {.activation = "relu"})(features));
  Model model(inputs, Dense(10, {.activation = "softmax"})(Concatenate()({shallow, deep})));
  model.summary();
}
