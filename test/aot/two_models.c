/* Two models in one program, both with several inputs or outputs; prints all outputs for inputs of 1, 2, 3 … */
#include <stdio.h>

#include "digits.h"
#include "pair.h"

int main(void) {
  static float image[DIGITS_INPUT_SIZE], probability[DIGITS_OUTPUT_SIZE];
  static float left[PAIR_INPUT_LEFT_SIZE], right[PAIR_INPUT_RIGHT_SIZE], sum[PAIR_OUTPUT_SUM_SIZE], both[PAIR_OUTPUT_BOTH_SIZE];
  static unsigned char workspace[DIGITS_WORKSPACE_BYTES(1) + PAIR_WORKSPACE_BYTES(1)];
  int i;
  for (i = 0; i < DIGITS_INPUT_SIZE; ++i) image[i] = (float)(i + 1) / 64;
  for (i = 0; i < PAIR_INPUT_LEFT_SIZE; ++i) left[i] = (float)(i + 1);
  for (i = 0; i < PAIR_INPUT_RIGHT_SIZE; ++i) right[i] = (float)(i + 1);
  digits_predict(image, probability, 1, workspace);
  pair_predict(left, right, sum, both, 1, workspace);
  for (i = 0; i < DIGITS_OUTPUT_SIZE; ++i) printf("%a\n", (double)probability[i]);
  for (i = 0; i < PAIR_OUTPUT_SUM_SIZE; ++i) printf("%a\n", (double)sum[i]);
  for (i = 0; i < PAIR_OUTPUT_BOTH_SIZE; ++i) printf("%a\n", (double)both[i]);
  return 0;
}
