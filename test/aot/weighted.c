/* One step of training with sample weights: weighted SAMPLES < samples, targets, weights. Prints what the step measured. */
#include <stdio.h>
#include <stdlib.h>

#include "weighted.h"

int main(int argc, char **argv) {
  if (argc < 2) return 1;
  size_t samples = (size_t)atol(argv[1]);
  float *x = malloc(samples * WEIGHTED_INPUT_SIZE * sizeof *x), *target = malloc(samples * WEIGHTED_TARGET_SIZE * sizeof *target);
  float *weight = malloc(samples * WEIGHTED_SAMPLE_WEIGHT_SIZE * sizeof *weight);
  void *state = malloc(WEIGHTED_STATE_BYTES), *workspace = malloc(WEIGHTED_TRAIN_STEP_WORKSPACE_BYTES(samples));
  if (!x || !target || !weight || !state || !workspace) return 1;
  if (fread(x, sizeof *x * WEIGHTED_INPUT_SIZE, samples, stdin) != samples || fread(target, sizeof *target * WEIGHTED_TARGET_SIZE, samples, stdin) != samples ||
      fread(weight, sizeof *weight * WEIGHTED_SAMPLE_WEIGHT_SIZE, samples, stdin) != samples)
    return 1;
  weighted_init_state(state);
  weighted_train_step(x, target, weight, (int64_t)samples, state, workspace);
  printf("%a %a %a %a %a\n", (double)weighted_read_loss(state), (double)weighted_read_auc(state), (double)weighted_read_f1(state),
         (double)weighted_read_weighted_auc(state), (double)weighted_read_rmse(state));
  weighted_reset_metrics(state);
  printf("%a\n", (double)weighted_read_auc(state));
  free(x), free(target), free(weight), free(state), free(workspace);
  return 0;
}
