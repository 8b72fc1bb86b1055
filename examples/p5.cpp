// A convolutional network.
#include <cornu/cornu.h>
using namespace cornu;

int main() {
  auto visible = Input({64, 64, 3});
  auto x = Conv2D(16, {5, 5}, {.activation = "relu"})(visible);
  x = MaxPooling2D({2, 2})(x);
  x = Conv2D(32, {3, 3}, {.activation = "relu"})(x);
  x = MaxPooling2D({2, 2})(x);
  x = Conv2D(32, {3, 3}, {.activation = "relu"})(x);
  x = MaxPooling2D({2, 2})(x);
  x = Flatten()(x);
  x = Dense(512, {.activation = "relu"})(x);
  auto output = Dense(10, {.activation = "softmax"})(x);

  Model model(visible, output);
  model.summary();
}
