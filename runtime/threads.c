#define _GNU_SOURCE
#include "runtime/threads.h"

#include <pthread.h>
#include <semaphore.h>
#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>

/* What is left of the current job: its number above, parts that nobody has taken yet below. A worker takes a part by decrementing, which fails
 * if the job has changed meanwhile; a job's fields therefore belong to the job as long as one of its parts is left. */
enum { PARTS_BITS = 16 };
static const uint64_t parts_mask = (1u << PARTS_BITS) - 1;

/* Rounds of waiting before a worker sleeps: some 50 us, longer than the gaps between kernels. */
enum { SPINS = 2000, SPINS_BEFORE_YIELD = 4000 };

typedef struct {
  cornu_threads base; /* first: what compiled code is handed */
  _Atomic uint64_t left;
  _Atomic(cornu_task) task;
  _Atomic(void *) context;
  _Atomic int64_t parts;
  _Atomic int64_t unfinished;
  atomic_flag busy; /* a job is running */
  _Atomic int64_t sleepers; /* workers that wait for `wake`, which nobody has been asked for yet */
  _Atomic bool ending;
  sem_t wake;
  int64_t workers;
  int caller; /* the processor of the last caller */
  pthread_t threads[];
} Pool;

static void relax(void) {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  __asm__ volatile("yield");
#endif
}

/* Runs parts of the current job until none is left. */
static void work(Pool *pool) {
  uint64_t left = atomic_load(&pool->left);
  while (left & parts_mask) {
    cornu_task task = atomic_load(&pool->task);
    void *context = atomic_load(&pool->context);
    int64_t parts = atomic_load(&pool->parts);
    if (!atomic_compare_exchange_weak(&pool->left, &left, left - 1)) continue;
    task(context, (int64_t)(left & parts_mask) - 1, parts);
    atomic_fetch_sub(&pool->unfinished, 1);
    left = atomic_load(&pool->left);
  }
}

/* Wakes all that sleep. Takes no lock: a sleeper that gets no processor must not hold up who wakes it. */
static void wakeAll(Pool *pool) {
  for (int64_t sleepers = atomic_exchange(&pool->sleepers, 0); sleepers > 0; --sleepers) sem_post(&pool->wake);
}

/* Until there is something to do. */
static void sleepIn(Pool *pool) {
  atomic_fetch_add(&pool->sleepers, 1);
  /* Who publishes a job looks for sleepers afterwards: one of the two sees the other. */
  if ((atomic_load(&pool->left) & parts_mask) || atomic_load(&pool->ending)) {
    int64_t sleepers = atomic_load(&pool->sleepers);
    while (sleepers > 0)
      if (atomic_compare_exchange_weak(&pool->sleepers, &sleepers, sleepers - 1)) return;
    /* Already counted by wakeAll: its post is for us. */
  }
  while (sem_wait(&pool->wake) != 0) continue; /* interrupted by a signal */
}

static void *worker(void *argument) {
  Pool *pool = argument;
  while (!atomic_load(&pool->ending)) {
    for (int spin = 0; spin < SPINS && !(atomic_load_explicit(&pool->left, memory_order_acquire) & parts_mask); ++spin) relax();
    if (!(atomic_load(&pool->left) & parts_mask)) sleepIn(pool);
    work(pool);
  }
  return NULL;
}

/* Each worker gets the next allowed processor after the caller's: left to the scheduler, it would often wait for that of the caller. Anew whenever the
 * caller has moved, which is rare. */
static void pin(Pool *pool) {
  int processor = sched_getcpu();
  if (processor == pool->caller) return;
  pool->caller = processor;
  cpu_set_t allowed;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0 || CPU_COUNT(&allowed) <= pool->workers) return;
  for (int64_t i = 0; i < pool->workers; ++i) {
    do processor = (processor + 1) % CPU_SETSIZE;
    while (!CPU_ISSET(processor, &allowed));
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(processor, &one);
    pthread_setaffinity_np(pool->threads[i], sizeof one, &one); /* a wish: without it the pool is only slower */
  }
}

static void run(const cornu_threads *threads, cornu_task task, void *context, int64_t parts) {
  Pool *pool = (Pool *)(void *)threads; /* made by cornu_threads_create, never constant */
  if (parts > (int64_t)parts_mask || atomic_flag_test_and_set(&pool->busy)) {
    for (int64_t part = 0; part < parts; ++part) task(context, part, parts);
    return;
  }
  pin(pool);
  atomic_store(&pool->task, task);
  atomic_store(&pool->context, context);
  atomic_store(&pool->parts, parts);
  atomic_store(&pool->unfinished, parts);
  uint64_t job = (atomic_load(&pool->left) >> PARTS_BITS) + 1;
  atomic_store(&pool->left, job << PARTS_BITS | (uint64_t)parts);
  if (atomic_load(&pool->sleepers)) wakeAll(pool);
  work(pool);
  for (int spin = 0; atomic_load_explicit(&pool->unfinished, memory_order_acquire); ++spin) spin < SPINS_BEFORE_YIELD ? relax() : (void)sched_yield();
  atomic_flag_clear(&pool->busy);
}

int64_t cornu_threads_available(void) {
  cpu_set_t allowed;
  return sched_getaffinity(0, sizeof allowed, &allowed) == 0 ? CPU_COUNT(&allowed) : 1;
}

cornu_threads *cornu_threads_create(int64_t count) {
  if (count < 1 || count > (int64_t)parts_mask) return NULL;
  Pool *pool = calloc(1, sizeof(Pool) + (size_t)(count - 1) * sizeof(pthread_t));
  if (!pool) return NULL;
  pool->base.count = count;
  pool->base.run = run;
  pool->caller = -1;
  atomic_flag_clear(&pool->busy);
  sem_init(&pool->wake, 0, 0);
  for (; pool->workers < count - 1; ++pool->workers)
    if (pthread_create(&pool->threads[pool->workers], NULL, worker, pool) != 0) {
      cornu_threads_destroy(&pool->base);
      return NULL;
    }
  return &pool->base;
}

void cornu_threads_destroy(cornu_threads *threads) {
  if (!threads) return;
  Pool *pool = (Pool *)threads;
  atomic_store(&pool->ending, true);
  wakeAll(pool);
  for (int64_t i = 0; i < pool->workers; ++i) pthread_join(pool->threads[i], NULL);
  sem_destroy(&pool->wake);
  free(pool);
}
