// Two branches that read one image with kernels of two sizes.
#include <cornu/cornu.h>
using namespace cornu;

int main() {
  auto visible = Input({64, 64, 3});
  auto conv1 = Conv2D(32, {3, 3}, {.activation = "relu"})(visible);
  auto flat1 = Flatten()(MaxPooling2D({2, 2})(conv1));
  auto conv2 = Conv2D(16, {5, 5}, {.activation = "relu"})(visible);
  auto flat2 = Flatten()(MaxPooling2D({2, 2})(conv2));
  auto merge = Concatenate()({flat1, flat2});

  auto hidden = Dense(128, {.activation = "relu"})(merge);   // no output depends on it: the model leaves it out
  auto output = Dense(10, {.activation = "softmax"})(merge);

  Model model(visible, output);
  model.summary();
}
