/* As predict.c, with the weights from a file: predict_external BATCH WEIGHTS < samples > predictions */
#include <stdio.h>
#include <stdlib.h>

#include "digits.h"

static double weights[DIGITS_WEIGHTS_BYTES / sizeof(double)];
static float image[100 * DIGITS_INPUT_SIZE], probability[100 * DIGITS_OUTPUT_SIZE];
static unsigned char workspace[DIGITS_WORKSPACE_BYTES(100)];

int main(int argc, char **argv) {
  size_t batch = argc > 2 ? (size_t)atol(argv[1]) : 101;
  FILE *file = argc > 2 ? fopen(argv[2], "rb") : NULL;
  if (batch > 100 || !file || fread(weights, DIGITS_WEIGHTS_BYTES, 1, file) != 1 || fgetc(file) != EOF) return 1;
  fclose(file);
  if (fread(image, sizeof *image * DIGITS_INPUT_SIZE, batch, stdin) != batch) return 1;
  digits_predict(image, probability, (int64_t)batch, weights, workspace);
  fwrite(probability, sizeof *probability * DIGITS_OUTPUT_SIZE, batch, stdout);
  return 0;
}
