/* The binary interface of compiled functions, in plain C99. Compiled code knows nothing else of Cornu. */
#ifndef CORNU_ABI_H
#define CORNU_ABI_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Every compiled function: predict, test_step, train_step.
 *
 *   inputs     one pointer for each input of the function, in its order; row-major, tightly packed, read only
 *   outputs    one pointer for each output, likewise; written in full, must not overlap anything else
 *   variables  one pointer for each variable of the module, in the order of its declarations; read, and updated in place
 *              by functions that assign
 *   batch      the number every `?` extent stands for, at least 1
 *   workspace  scratch memory, 64-byte aligned, of fixed + batch * per_row bytes (both numbers come with the function);
 *              its contents before and after a call mean nothing
 *
 * The function is re-entrant: it has no globals, allocates nothing, never throws. Two threads may call it at once if their
 * outputs, workspaces and the variables it assigns are different memory. */
typedef void (*cornu_entry_point)(void *const *inputs, void *const *outputs, void *const *variables, int64_t batch, void *workspace);

/* Every pointer that a caller passes is aligned to at least its element type; the workspace to this. */
#define CORNU_WORKSPACE_ALIGNMENT 64

#ifdef __cplusplus
}
#endif

#endif
