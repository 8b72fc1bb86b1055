/* Two threads predict at once, each with its own workspace; every result must be the one a single thread gets. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "digits.h"

enum { BATCH = 7, REPEATS = 2000 };

typedef struct {
  float image[BATCH * DIGITS_INPUT_SIZE], expected[BATCH * DIGITS_OUTPUT_SIZE], probability[BATCH * DIGITS_OUTPUT_SIZE];
  unsigned char workspace[DIGITS_WORKSPACE_BYTES(BATCH)];
  int wrong;
} Job;

static void *run(void *argument) {
  Job *job = argument;
  int i;
  for (i = 0; i < REPEATS; ++i) {
    memset(job->probability, 0, sizeof job->probability);
    digits_predict(job->image, job->probability, BATCH, job->workspace);
    job->wrong += memcmp(job->probability, job->expected, sizeof job->expected) != 0;
  }
  return NULL;
}

int main(void) {
  static Job jobs[2];
  pthread_t threads[2];
  int i, k;
  for (k = 0; k < 2; ++k) {
    for (i = 0; i < BATCH * DIGITS_INPUT_SIZE; ++i) jobs[k].image[i] = (float)((i * 7 + k * 13) % 17) / 16;
    digits_predict(jobs[k].image, jobs[k].expected, BATCH, jobs[k].workspace);
  }
  if (memcmp(jobs[0].expected, jobs[1].expected, sizeof jobs[0].expected) == 0) return 1; /* the jobs must differ to tell anything */
  for (k = 0; k < 2; ++k)
    if (pthread_create(&threads[k], NULL, run, &jobs[k]) != 0) return 1;
  for (k = 0; k < 2; ++k) pthread_join(threads[k], NULL);
  printf("%d wrong of %d\n", jobs[0].wrong + jobs[1].wrong, 2 * REPEATS);
  return jobs[0].wrong + jobs[1].wrong != 0;
}
