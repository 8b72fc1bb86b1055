/* The binary interface of compiled functions, in plain C99. Compiled code knows nothing else of Cornu. */
#ifndef CORNU_ABI_H
#define CORNU_ABI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#ifndef CORNU_THREADS
#define CORNU_THREADS
/* One share of a kernel: `part` of `parts`. Shares touch different memory and may run at once, in any order. */
typedef void (*cornu_task)(void *context, int64_t part, int64_t parts);

/* Threads that a host program lends to compiled code; the first member of its pool, say. How a kernel is cut does not change its
 * results: they are the same to the last bit for any number of threads, and for none. */
typedef struct cornu_threads {
  int64_t count; /* that may work at once, the caller's own included; at least 1 */
  /* Calls task(context, part, parts) once for each part from 0 to parts - 1 (parts <= count), on any threads, and returns when all calls
   * have. May be called by several threads at once. */
  void (*run)(const struct cornu_threads *threads, cornu_task task, void *context, int64_t parts);
} cornu_threads;
#endif

/* Every compiled function: predict, test_step, train_step.
 *
 *   inputs     one pointer for each input of the function, in its order; row-major, tightly packed, read only
 *   outputs    one pointer for each output, likewise; written in full, must not overlap anything else
 *   variables  one pointer for each variable of the module, in the order of its declarations; read, and updated in place
 *              by functions that assign
 *   batch      the number every `?` extent stands for, at least 1
 *   workspace  scratch memory, 64-byte aligned, of fixed + batch * per_row + batch * batch * per_pair bytes (numbers that come
 *              with the function); its contents before and after a call mean nothing
 *   threads    who helps with large kernels; null: nobody
 *
 * While it runs, denormal numbers count as zero, as they do in the backends of Keras; the caller's floating-point mode is restored.
 *
 * The function is re-entrant: it has no globals, allocates nothing, never throws. Two threads may call it at once if their
 * outputs, workspaces and the variables it assigns are different memory. */
typedef void (*cornu_entry_point)(void *const *inputs, void *const *outputs, void *const *variables, int64_t batch, void *workspace,
                                  const cornu_threads *threads);

/* Every pointer that a caller passes is aligned to at least its element type; the workspace to this. */
#define CORNU_WORKSPACE_ALIGNMENT 64

#ifdef __cplusplus
}
#endif

#endif
