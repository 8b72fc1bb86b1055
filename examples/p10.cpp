// Two images of different size, one answer.
#include <cornu/cornu.h>
using namespace cornu;

int main() {
  auto tower = [](Tensor x) {
    x = Conv2D(32, {5, 5}, {.activation = "relu"})(x);
    x = MaxPooling2D({2, 2})(x);
    x = Conv2D(16, {3, 3}, {.activation = "relu"})(x);
    x = MaxPooling2D({2, 2})(x);
    return Flatten()(x);
  };
  auto grey = Input({64, 64, 1});
  auto colour = Input({32, 32, 3});
  auto merge = Concatenate()({tower(grey), tower(colour)});
  auto hidden = Dense(20, {.activation = "relu"})(merge);
  auto output = Dense(1, {.activation = "sigmoid"})(hidden);

  Model model({grey, colour}, output);
  model.summary();
}
