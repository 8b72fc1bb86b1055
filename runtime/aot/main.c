/* The main function of executables that `cornu compile --emit=exe` makes: files in, predictions out. */
#define _POSIX_C_SOURCE 200809L   /* clock_gettime */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "runtime/aot/arrays.h"
#include "runtime/threads.h"

/* Lines of words: threads 0 or 1 | name NAME | weights BYTES (0: embedded) | workspace FIXED PER_ROW PER_PAIR | input NAME KIND ITEM SHAPE… | output likewise;
 * an extent of -1 is the batch. */
extern const char cornu_main_description[];
void cornu_main_predict(void *const *inputs, void *const *outputs, int64_t batch, const void *weights, void *workspace, const cornu_threads *threads);

typedef struct {
  char name[256];
  char kind;
  size_t item;
  int rank;
  int64_t shape[MAX_RANK];
  int64_t row;                  /* elements of one sample */
} Port;

static struct {
  char name[256];
  int threads; /* predict takes them */
  size_t weights;
  int64_t workspace_fixed, workspace_per_row, workspace_per_pair;
  Port *inputs, *outputs;
  int input_count, output_count;
} model;

static void parse_port(char *line, Port **ports, int *count) {
  Port *all = realloc(*ports, (size_t)(*count + 1) * sizeof(Port));
  if (!all) fail("not enough memory");
  *ports = all;
  Port *port = &all[(*count)++];
  memset(port, 0, sizeof *port);
  port->row = 1;
  int read = 0;
  if (sscanf(line, "%255s %c %zu%n", port->name, &port->kind, &port->item, &read) != 3) fail("the executable is damaged");
  char *at = line + read, *end;
  for (long long extent; extent = strtoll(at, &end, 10), end != at; at = end) {
    port->shape[port->rank++] = extent;
    port->row *= extent < 0 ? 1 : extent;
  }
}

static void parse_description(void) {
  char *text = reserve(strlen(cornu_main_description) + 1);
  strcpy(text, cornu_main_description);
  for (char *line = strtok(text, "\n"); line; line = strtok(NULL, "\n")) {
    if (strncmp(line, "threads ", 8) == 0) model.threads = line[8] == '1';
    if (strncmp(line, "name ", 5) == 0) snprintf(model.name, sizeof model.name, "%s", line + 5);
    if (strncmp(line, "weights ", 8) == 0) model.weights = (size_t)strtoull(line + 8, NULL, 10);
    if (strncmp(line, "workspace ", 10) == 0) {
      char *end;
      model.workspace_fixed = strtoll(line + 10, &end, 10);
      model.workspace_per_row = strtoll(end, &end, 10);
      model.workspace_per_pair = strtoll(end, NULL, 10);
    }
    if (strncmp(line, "input ", 6) == 0) parse_port(line + 6, &model.inputs, &model.input_count);
    if (strncmp(line, "output ", 7) == 0) parse_port(line + 7, &model.outputs, &model.output_count);
  }
  free(text);
}

/* "(batch, 784)" */
static const char *shape_text(int rank, const int64_t *shape, char *text, size_t size) {
  size_t length = (size_t)snprintf(text, size, "(");
  for (int i = 0; i < rank && length < size; ++i) {
    const char *separator = i + 1 < rank ? ", " : rank == 1 ? "," : "";
    if (shape[i] < 0) length += (size_t)snprintf(text + length, size - length, "batch%s", separator);
    else length += (size_t)snprintf(text + length, size - length, "%lld%s", (long long)shape[i], separator);
  }
  if (length < size) snprintf(text + length, size - length, ")");
  return text;
}

static const char *type_text(char kind, size_t item) {
  static char text[16];
  if (kind == 'b') return "bool";
  snprintf(text, sizeof text, "%s%zu", kind == 'f' ? "float" : kind == 'i' ? "int" : "uint", item * 8);
  return text;
}

static void usage(const char *program) {
  char text[512];
  printf("usage: %s --input FILE [--output FILE] [--batch-size N] [--repeat N]%s%s\n\n", program, model.threads ? " [--threads N]" : "", model.weights ? " [--weights FILE]" : "");
  printf("Predictions of the neural network '%s', compiled by Cornu.\n\n", model.name);
  for (int i = 0; i < model.input_count; ++i)
    printf("  input   %-20s %s %s\n", model.inputs[i].name, type_text(model.inputs[i].kind, model.inputs[i].item),
           shape_text(model.inputs[i].rank, model.inputs[i].shape, text, sizeof text));
  for (int i = 0; i < model.output_count; ++i)
    printf("  output  %-20s %s %s\n", model.outputs[i].name, type_text(model.outputs[i].kind, model.outputs[i].item),
           shape_text(model.outputs[i].rank, model.outputs[i].shape, text, sizeof text));
  printf("\n  --input FILE    .npy (one input) or .npz (keyed by input names, stored uncompressed)\n"
         "  --output FILE   .npy (one output) or .npz; without it, predictions are printed\n"
         "  --batch-size N  samples computed together (default 32)\n"
         "  --repeat N      computes everything N times and prints the median time of a batch\n");
  if (model.threads) printf("  --threads N     threads to compute with (default 1)\n");
  if (model.weights) printf("  --weights FILE  the weights (default: %s.weights)\n", program);
}

/* The array for an input, as the model wants it: converted, with a last axis of 1 added or dropped if only that differs. */
static Array bind_input(const Port *port, Array *arrays, int count, const char *path) {
  Array *found = NULL;
  for (int i = 0; i < count; ++i)
    if (arrays[i].name && strcmp(arrays[i].name, port->name) == 0) found = &arrays[i];
  if (!found && count == 1 && model.input_count == 1) found = &arrays[0];
  if (!found) fail("%s: no array for input '%s'; a model with several inputs takes a .npz file keyed by their names", path, port->name);
  int64_t shape[MAX_RANK];
  int rank = found->rank, fits;
  memcpy(shape, found->shape, sizeof shape);
  if (rank == port->rank + 1 && shape[rank - 1] == 1) --rank;
  else if (rank + 1 == port->rank && port->shape[rank] == 1) shape[rank++] = 1;
  fits = rank == port->rank;
  for (int i = 0; fits && i < rank; ++i) fits = port->shape[i] < 0 || port->shape[i] == shape[i];
  if (!fits) {
    char want[512], got[512];
    fail("%s: input '%s' must have shape %s. Received: shape=%s", path, port->name, shape_text(port->rank, port->shape, want, sizeof want),
         shape_text(found->rank, found->shape, got, sizeof got));
  }
  if (found->kind == port->kind && found->item == port->item) return *found;
  Array converted = *found;
  converted.kind = port->kind, converted.item = port->item;
  converted.data = reserve((size_t)converted.size * converted.item);
  for (int64_t i = 0; i < converted.size; ++i) set_element(&converted, i, get_element(found, i));
  return converted;
}

static double now(void) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  return (double)time.tv_sec * 1e6 + (double)time.tv_nsec * 1e-3;
}

static int by_value(const void *x, const void *y) {
  double a = *(const double *)x, b = *(const double *)y;
  return (a > b) - (a < b);
}

static void print_outputs(const Array *outputs) {
  char text[512];
  for (int i = 0; i < model.output_count; ++i) {
    const Array *a = &outputs[i];
    int64_t rows = a->rank ? a->shape[0] : 1, row = rows ? a->size / rows : 0;
    printf("%s %s %s\n", a->name, type_text(a->kind, a->item), shape_text(a->rank, a->shape, text, sizeof text));
    for (int64_t r = 0; r < rows && r < 10; ++r) {
      for (int64_t c = 0; c < row && c < 16; ++c) printf(" %.6g", get_element(a, r * row + c));
      printf("%s\n", row > 16 ? " ..." : "");
    }
    if (rows > 10) printf(" ... %lld more rows\n", (long long)(rows - 10));
  }
}

static int64_t positive(const char *option, const char *text) {
  char *end;
  long long value = strtoll(text, &end, 10);
  if (*end || end == text || value < 1) fail("%s must be a positive integer. Received: %s", option, text);
  return value;
}

int main(int argc, char **argv) {
  const char *input = NULL, *output = NULL, *weights_path = NULL;
  int64_t repeat = 0, batch = 32, threads = 1;
  parse_description();
  for (int i = 1; i < argc; ++i) {
    char option[64];
    const char *equals = strchr(argv[i], '='), *value;
    if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) return usage(argv[0]), 0;
    snprintf(option, sizeof option, "%.*s", (int)(equals ? equals - argv[i] : (long)strlen(argv[i])), argv[i]);
    int known = !strcmp(option, "--input") || !strcmp(option, "--output") || !strcmp(option, "--batch-size") || !strcmp(option, "--repeat") ||
                (model.threads && !strcmp(option, "--threads")) || (model.weights && !strcmp(option, "--weights"));
    if (!known) fail("unknown argument '%s'; see %s --help", argv[i], argv[0]);
    value = equals ? equals + 1 : i + 1 < argc ? argv[++i] : NULL;
    if (!value) fail("%s needs a value; see %s --help", option, argv[0]);
    if (!strcmp(option, "--input")) input = value;
    else if (!strcmp(option, "--output")) output = value;
    else if (!strcmp(option, "--batch-size")) batch = positive(option, value);
    else if (!strcmp(option, "--repeat")) repeat = positive(option, value);
    else if (!strcmp(option, "--threads")) threads = positive(option, value);
    else weights_path = value;
  }
  if (!input) fail("--input FILE is missing; see %s --help", argv[0]);

  unsigned char *weights = NULL;
  if (model.weights) {
    char beside[4096];
    size_t size;
    snprintf(beside, sizeof beside, "%s.weights", argv[0]);
    if (!weights_path) weights_path = beside;
    weights = read_file(weights_path, &size);
    if (size != model.weights) fail("%s: the weights of '%s' take %zu bytes, but the file has %zu", weights_path, model.name, model.weights, size);
  }

  int count;
  Array *arrays = read_arrays(input, &count);
  Array *inputs = reserve((size_t)model.input_count * sizeof(Array)), *outputs = reserve((size_t)model.output_count * sizeof(Array));
  for (int i = 0; i < model.input_count; ++i) {
    inputs[i] = bind_input(&model.inputs[i], arrays, count, input);
    if (inputs[i].shape[0] != inputs[0].shape[0])
      fail("%s: input '%s' has %lld samples but '%s' has %lld", input, model.inputs[0].name, (long long)inputs[0].shape[0], model.inputs[i].name,
           (long long)inputs[i].shape[0]);
  }
  int64_t rows = inputs[0].shape[0];
  if (batch > rows) batch = rows ? rows : 1;
  for (int i = 0; i < model.output_count; ++i) {
    const Port *port = &model.outputs[i];
    Array *a = &outputs[i];
    memset(a, 0, sizeof *a);
    a->name = model.outputs[i].name, a->kind = port->kind, a->item = port->item, a->rank = port->rank;
    memcpy(a->shape, port->shape, sizeof a->shape);
    if (a->rank && a->shape[0] < 0) a->shape[0] = rows;
    a->size = port->rank && port->shape[0] < 0 ? rows * port->row : port->row;
    a->data = reserve((size_t)a->size * a->item);
  }

  void *workspace = reserve((size_t)(model.workspace_fixed + (model.workspace_per_row + model.workspace_per_pair * batch) * batch));
  void **in = reserve((size_t)model.input_count * sizeof(void *)), **out = reserve((size_t)model.output_count * sizeof(void *));
  cornu_threads *pool = threads > 1 ? cornu_threads_create(threads) : NULL;
  if (threads > 1 && !pool) fail("cannot start %lld threads", (long long)threads);
  int64_t passes = repeat ? repeat : 1;
  /* Calls are timed one by one, so that a median is not spoilt by whatever else the machine does. */
  enum { MAX_TIMES = 1 << 20 };
  double *times = reserve(MAX_TIMES * sizeof(double));
  size_t timed = 0;
  for (int64_t pass = 0; pass < passes; ++pass) {
    for (int64_t row = 0; row < rows; row += batch) {
      int64_t n = rows - row < batch ? rows - row : batch;
      for (int i = 0; i < model.input_count; ++i) in[i] = inputs[i].data + (size_t)(row * model.inputs[i].row) * inputs[i].item;
      for (int i = 0; i < model.output_count; ++i)
        out[i] = outputs[i].data + (model.outputs[i].shape[0] < 0 ? (size_t)(row * model.outputs[i].row) * outputs[i].item : 0);
      double begin = now();
      cornu_main_predict(in, out, n, weights, workspace, pool);
      if (n == batch && timed < MAX_TIMES) times[timed++] = now() - begin;
    }
  }
  cornu_threads_destroy(pool);
  if (output) write_arrays(output, outputs, model.output_count);
  else if (!repeat) print_outputs(outputs);
  if (repeat) {
    qsort(times, timed, sizeof(double), by_value);
    double median = timed ? times[timed / 2] : 0;
    printf("%lld samples in batches of %lld, %lld times: median %.2f us per batch, %.3f us per sample\n", (long long)rows, (long long)batch, (long long)repeat,
           median, median / (double)batch);
  }
  return 0;
}
