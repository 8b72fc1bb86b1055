/* Predicts samples read as raw bytes from standard input and writes raw predictions: predict BATCH < samples > predictions */
#include <stdio.h>
#include <stdlib.h>

#include "digits.h"

int main(int argc, char **argv) {
  long batch = argc > 1 ? atol(argv[1]) : 1;
  float *image = malloc((size_t)batch * DIGITS_INPUT_SIZE * sizeof *image);
  float *probability = malloc((size_t)batch * DIGITS_OUTPUT_SIZE * sizeof *probability);
  char *workspace = malloc(DIGITS_WORKSPACE_BYTES(batch) + 1);
  if (!image || !probability || !workspace) return 1;
  if (fread(image, sizeof *image * DIGITS_INPUT_SIZE, (size_t)batch, stdin) != (size_t)batch) return 1;
  digits_predict(image, probability, batch, workspace + 1); /* any alignment */
  fwrite(probability, sizeof *probability * DIGITS_OUTPUT_SIZE, (size_t)batch, stdout);
  free(image), free(probability), free(workspace);
  return 0;
}
