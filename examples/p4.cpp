// A binary classifier.
#include <cornu/cornu.h>
using namespace cornu;

int main() {
  auto visible = Input({32});
  auto hidden1 = Dense(10, {.activation = "relu"})(visible);
  auto hidden2 = Dense(20, {.activation = "relu"})(hidden1);
  auto hidden3 = Dense(10, {.activation = "relu"})(hidden2);
  auto output = Dense(1, {.activation = "sigmoid"})(hidden3);

  Model model(visible, output);
  model.summary();
}
