// A question about an image, answered with one of a thousand words. p20 channels_last has the channels behind.
#include <cornu/cornu.h>
using namespace cornu;

int main(int argc, char **argv) {
  std::string data_format = argc > 1 ? argv[1] : "channels_first";
  Shape image = data_format == "channels_first" ? Shape{3, 224, 224} : Shape{224, 224, 3};
  auto same = [&](int64_t filters) { return Conv2D(filters, {3, 3}, {.padding = "same", .data_format = data_format, .activation = "relu"}); };
  auto conv = [&](int64_t filters) { return Conv2D(filters, {3, 3}, {.data_format = data_format, .activation = "relu"}); };
  auto pool = [&] { return MaxPooling2D({2, 2}, {.data_format = data_format}); };

  // A model of images, called like a layer.
  Sequential vision({.name = "vision"});
  for (auto filters : {64, 128}) {
    vision.add(same(filters));
    vision.add(conv(filters));
    vision.add(pool());
  }
  vision.add(same(256));
  vision.add(conv(256));
  vision.add(conv(256));
  vision.add(pool());
  vision.add(Flatten());

  auto image_input = Input(image, {.name = "image"});
  auto question_input = Input({100}, {.dtype = "int32", .name = "question"});
  auto encoded_image = vision(image_input);
  auto encoded_question = LSTM(256)(Embedding(10000, 256)(question_input));
  auto merged = Concatenate()({encoded_question, encoded_image});
  Model vqa({image_input, question_input}, Dense(1000, {.activation = "softmax"})(merged));
  vqa.compile({.optimizer = "rmsprop", .loss = "sparse_categorical_crossentropy"});
  vqa.summary();

  set_random_seed(1);
  image.insert(image.begin(), 2);
  auto pixels = initializers::RandomUniform({.minval = 0, .maxval = 1})(image);
  auto words = initializers::RandomUniform({.minval = 1, .maxval = 10000})({2, 100}).astype(DType::Int32);
  auto answers = initializers::RandomUniform({.minval = 0, .maxval = 1000})({2, 1}).astype(DType::Int32);
  vqa.fit({pixels, words}, answers, {.batch_size = 2, .epochs = 1});
}
