/* NumPy's .npy and stored .npz files, in plain C for executables that Cornu compiles. Errors end the program with one sentence. */
#ifndef CORNU_AOT_ARRAYS_H
#define CORNU_AOT_ARRAYS_H

#include <stddef.h>
#include <stdint.h>

enum { MAX_RANK = 32 };

/* An array with the name it has in its archive. */
typedef struct {
  char *name;
  char kind;                    /* NumPy's: b i u f */
  size_t item;                  /* bytes of an element */
  int rank;
  int64_t shape[MAX_RANK];
  int64_t size;                 /* elements */
  unsigned char *data;          /* row-major, this machine's byte order */
} Array;

/* Prints "cornu: …" and exits with status 1. */
#if defined(__GNUC__)
__attribute__((noreturn, format(printf, 1, 2)))
#endif
void fail(const char *format, ...);

/* malloc that fails loudly. */
void *reserve(size_t bytes);

/* All bytes of a file. */
unsigned char *read_file(const char *path, size_t *size);

/* The arrays of a .npy or .npz file, by what the file begins with; their number in *count. */
Array *read_arrays(const char *path, int *count);

/* Writes .npz if the path ends so, else .npy, which holds one array. */
void write_arrays(const char *path, const Array *arrays, int count);

/* Element `index` as a number, and back. */
double get_element(const Array *array, int64_t index);
void set_element(Array *array, int64_t index, double value);

#endif
