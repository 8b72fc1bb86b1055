/* Learns on its own: train SAMPLES BATCH EPOCHS < samples, then targets. Prints the loss of each step, then the accuracy of each epoch.
 * Built with EXTERNAL, the initial state comes from the file digits.weights. After every epoch the state moves to other memory, as if it had been saved and restored. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "digits.h"

static double saved[DIGITS_STATE_BYTES / sizeof(double)];

int main(int argc, char **argv) {
  if (argc < 4) return 1;
  long samples = atol(argv[1]), batch = atol(argv[2]), epochs = atol(argv[3]);
  float *images = malloc((size_t)samples * DIGITS_INPUT_SIZE * sizeof *images);
  float *targets = malloc((size_t)samples * DIGITS_TARGET_SIZE * sizeof *targets);
  float *probability = malloc((size_t)samples * DIGITS_OUTPUT_SIZE * sizeof *probability);
  void *state = malloc(DIGITS_STATE_BYTES), *workspace = malloc(DIGITS_TRAIN_STEP_WORKSPACE_BYTES(batch));
  void *predicting = malloc(DIGITS_WORKSPACE_BYTES(samples));
  if (!images || !targets || !probability || !state || !workspace || !predicting) return 1;
  if (fread(images, sizeof *images * DIGITS_INPUT_SIZE, (size_t)samples, stdin) != (size_t)samples) return 1;
  if (fread(targets, sizeof *targets * DIGITS_TARGET_SIZE, (size_t)samples, stdin) != (size_t)samples) return 1;

#ifdef EXTERNAL
  FILE *initial = fopen("digits.weights", "rb");
  if (!initial || fread(state, DIGITS_STATE_BYTES, 1, initial) != 1 || fgetc(initial) != EOF) return 1;
  fclose(initial);
#else
  digits_init_state(state);
#endif
  for (long epoch = 0; epoch < epochs; ++epoch) {
    for (long row = 0; row < samples; row += batch) {
      long rows = samples - row < batch ? samples - row : batch;
      digits_reset_metrics(state);
      digits_train_step(images + row * DIGITS_INPUT_SIZE, targets + row * DIGITS_TARGET_SIZE, rows, state, workspace);
      printf("loss %a\n", (double)digits_read_loss(state));
    }
    printf("accuracy %a\n", (double)digits_read_accuracy(state));
    memcpy(saved, state, DIGITS_STATE_BYTES);
    free(state);
    state = malloc(DIGITS_STATE_BYTES);
    if (!state) return 1;
    memcpy(state, saved, DIGITS_STATE_BYTES);
  }
#ifdef EXTERNAL
  digits_predict(images, probability, samples, state, predicting);
#else
  digits_predict_with_state(images, probability, samples, state, predicting);
#endif
  for (long i = 0; i < samples * DIGITS_OUTPUT_SIZE; ++i) printf("probability %a\n", (double)probability[i]);
  free(images), free(targets), free(probability), free(state), free(workspace), free(predicting);
  return 0;
}
