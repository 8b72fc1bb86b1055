/* A program lends threads of its own; predictions have the bits that one thread gives. */
#define _POSIX_C_SOURCE 200809L
#include <pthread.h>
#include <stdio.h>
#include <string.h>

#include "digits.h"

enum { BATCH = 4000, THREADS = 3 };

typedef struct {
  cornu_task task;
  void *context;
  int64_t part, parts;
} Share;

static int jobs;

static void *work(void *argument) {
  Share *share = argument;
  share->task(share->context, share->part, share->parts);
  return NULL;
}

static void run(const cornu_threads *threads, cornu_task task, void *context, int64_t parts) {
  pthread_t helpers[THREADS];
  Share shares[THREADS];
  int64_t i;
  (void)threads;
  ++jobs;
  for (i = 0; i < parts; ++i) {
    shares[i].task = task, shares[i].context = context, shares[i].part = i, shares[i].parts = parts;
    if (i && pthread_create(&helpers[i], NULL, work, &shares[i]) != 0) work(&shares[i]), helpers[i] = pthread_self();
  }
  work(&shares[0]);
  for (i = 1; i < parts; ++i)
    if (!pthread_equal(helpers[i], pthread_self())) pthread_join(helpers[i], NULL);
}

int main(void) {
  static float image[BATCH * DIGITS_INPUT_SIZE], alone[BATCH * DIGITS_OUTPUT_SIZE], shared[BATCH * DIGITS_OUTPUT_SIZE];
  static unsigned char workspace[DIGITS_WORKSPACE_BYTES(BATCH)];
  cornu_threads threads = {THREADS, run};
  int i;
  for (i = 0; i < BATCH * DIGITS_INPUT_SIZE; ++i) image[i] = (float)(i * 7 % 17) / 16;
  digits_predict(image, alone, BATCH, workspace, NULL);
  digits_predict(image, shared, BATCH, workspace, &threads);
  printf("%s, %s\n", jobs ? "shared" : "never shared", memcmp(alone, shared, sizeof alone) ? "different" : "same bits");
  return 0;
}
