/* A pool of threads for compiled code, in C so that executables have it too. A host program with a pool of its own writes a cornu_threads instead. */
#ifndef CORNU_RUNTIME_THREADS_H
#define CORNU_RUNTIME_THREADS_H

#include "runtime/cornu_abi.h"

#ifdef __cplusplus
extern "C" {
#endif

/* A pool of `count` threads, the caller's included, each of the others pinned to a processor of its own while there are enough. Null if the
 * system refuses. Nested calls, and calls while another thread uses the pool, run on the calling thread alone. */
cornu_threads *cornu_threads_create(int64_t count);

/* Ends the threads. Nobody may be using them. Null is allowed. */
void cornu_threads_destroy(cornu_threads *threads);

/* Processors that this process may run on. */
int64_t cornu_threads_available(void);

#ifdef __cplusplus
}
#endif

#endif
