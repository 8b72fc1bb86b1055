// The header is C++ too.
#include "digits.h"

int main() {
  static float image[DIGITS_INPUT_SIZE], probability[DIGITS_OUTPUT_SIZE];
  static unsigned char workspace[DIGITS_WORKSPACE_BYTES(1)];
  digits_predict(image, probability, 1, workspace);
  float sum = 0;
  for (float p : probability) sum += p;
  return sum > 0.99f && sum < 1.01f ? 0 : 1;
}
