#include "arrays.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void fail(const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  fflush(stdout);
  fputs("cornu: ", stderr);
  vfprintf(stderr, format, arguments);
  fputc('\n', stderr);
  va_end(arguments);
  exit(1);
}

void *reserve(size_t bytes) {
  void *memory = malloc(bytes ? bytes : 1);
  if (!memory) fail("not enough memory: %zu bytes", bytes);
  return memory;
}

unsigned char *read_file(const char *path, size_t *size) {
  FILE *file = fopen(path, "rb");
  if (!file) fail("%s: cannot open: %s", path, strerror(errno));
  size_t capacity = 1 << 16, used = 0, got;
  unsigned char *bytes = reserve(capacity);
  while ((got = fread(bytes + used, 1, capacity - used, file)) > 0) {
    used += got;
    if (used == capacity) {
      unsigned char *larger = realloc(bytes, capacity *= 2);
      if (!larger) fail("%s: not enough memory to read it", path);
      bytes = larger;
    }
  }
  if (ferror(file)) fail("%s: cannot read: %s", path, strerror(errno));
  fclose(file);
  *size = used;
  return bytes;
}

static uint32_t little(const unsigned char *bytes, int count) {
  uint32_t value = 0;
  while (count--) value = value << 8 | bytes[count];
  return value;
}

static int is_little_endian(void) {
  const uint16_t one = 1;
  return *(const unsigned char *)&one;
}

/* -- .npy ------------------------------------------------------------------- */

/* What follows 'key': in the header's dictionary. */
static const char *value_of(const char *header, const char *key, const char *path) {
  const char *found = strstr(header, key);
  if (!found) fail("%s: not a .npy file: the header lacks %s", path, key);
  found += strlen(key);
  while (*found == ' ' || *found == ':') ++found;
  return found;
}

static Array parse_npy(const unsigned char *bytes, size_t size, const char *path) {
  Array array = {0};
  if (size < 10 || memcmp(bytes, "\x93NUMPY", 6) != 0) fail("%s: not a .npy file", path);
  size_t prefix = bytes[6] == 1 ? 10 : 12;
  if (bytes[6] < 1 || bytes[6] > 3 || size < prefix) fail("%s: .npy format %d is unknown", path, bytes[6]);
  size_t length = little(bytes + 8, prefix == 10 ? 2 : 4);
  if (length > size - prefix) fail("%s: the .npy file is cut off inside its header", path);
  char *header = reserve(length + 1);
  memcpy(header, bytes + prefix, length);
  header[length] = 0;

  const char *type = value_of(header, "'descr'", path);
  if ((*type != '\'' && *type != '"') || !strchr("<>|=", type[1])) fail("%s: arrays of records are not supported", path);
  array.kind = type[2];
  array.item = (size_t)strtoul(type + 3, NULL, 10);
  int known = (strchr("iu", array.kind) && (array.item == 1 || array.item == 2 || array.item == 4 || array.item == 8)) ||
              (array.kind == 'f' && (array.item == 4 || array.item == 8)) || (array.kind == 'b' && array.item == 1);
  if (!known) fail("%s: element type %.8s is not supported; use float32, float64, integers or bool", path, type);
  int swap = (type[1] == '>' && is_little_endian()) || (type[1] == '<' && !is_little_endian());
  if (strncmp(value_of(header, "'fortran_order'", path), "False", 5) != 0)
    fail("%s: arrays in Fortran order are not supported; save numpy.ascontiguousarray(x)", path);
  const char *at = value_of(header, "'shape'", path);
  if (*at++ != '(') fail("%s: damaged .npy header", path);
  array.size = 1;
  while (*at && *at != ')') {
    char *end;
    long long extent = strtoll(at, &end, 10);
    if (end == at) {
      ++at;
      continue;
    }
    if (array.rank == MAX_RANK || extent < 0 || (extent && array.size > INT64_MAX / 8 / extent)) fail("%s: impossible shape in the .npy header", path);
    array.shape[array.rank++] = extent;
    array.size *= extent;
    at = end;
  }
  free(header);
  size_t needed = (size_t)array.size * array.item;
  if (size - prefix - length < needed) fail("%s: the file is cut off: its shape needs %zu bytes of data, it has %zu", path, needed, size - prefix - length);
  array.data = reserve(needed);
  memcpy(array.data, bytes + prefix + length, needed);
  for (int64_t i = 0; swap && i < array.size; ++i)
    for (size_t b = 0; b < array.item / 2; ++b) {
      unsigned char *element = array.data + (size_t)i * array.item, other = element[b];
      element[b] = element[array.item - 1 - b];
      element[array.item - 1 - b] = other;
    }
  return array;
}

/* The whole file for one array. */
static unsigned char *format_npy(const Array *array, size_t *size) {
  char header[1024];
  int length = snprintf(header, sizeof header, "{'descr': '%c%c%zu', 'fortran_order': False, 'shape': (", array->item == 1 ? '|' : is_little_endian() ? '<' : '>',
                        array->kind, array->item);
  for (int i = 0; i < array->rank; ++i)
    length += snprintf(header + length, sizeof header - (size_t)length, "%s%lld%s", i ? " " : "", (long long)array->shape[i],
                       array->rank == 1 || i + 1 < array->rank ? "," : "");
  length += snprintf(header + length, sizeof header - (size_t)length, "), }");
  /* Room for the first extent to grow, as NumPy leaves it. */
  if (array->rank) length += snprintf(header + length, sizeof header - (size_t)length, "%*s", 21 - snprintf(NULL, 0, "%lld", (long long)array->shape[0]), "");
  while ((10 + length + 1) % 64) header[length++] = ' ';
  header[length++] = '\n';
  size_t data = (size_t)array->size * array->item;
  unsigned char *bytes = reserve(*size = 10 + (size_t)length + data);
  memcpy(bytes, "\x93NUMPY\x01\x00", 8);
  bytes[8] = (unsigned char)(length & 255);
  bytes[9] = (unsigned char)(length >> 8);
  memcpy(bytes + 10, header, (size_t)length);
  memcpy(bytes + 10 + length, array->data, data);
  return bytes;
}

/* -- .npz: a zip archive of .npy files, none of them compressed ---------------- */

static Array *parse_npz(const unsigned char *bytes, size_t size, const char *path, int *count) {
  size_t end = size >= 22 ? size - 22 : 0;
  while (end > 0 && little(bytes + end, 4) != 0x06054b50) --end;
  if (size < 22 || little(bytes + end, 4) != 0x06054b50) fail("%s: the archive is cut off or damaged", path);
  int entries = (int)little(bytes + end + 10, 2);
  size_t at = little(bytes + end + 16, 4);
  Array *arrays = reserve((size_t)entries * sizeof(Array));
  for (int i = 0; i < entries; ++i) {
    if (at > size || size - at < 46 || little(bytes + at, 4) != 0x02014b50) fail("%s: the archive's directory is damaged", path);
    const unsigned char *entry = bytes + at;
    size_t stored = little(entry + 20, 4), name = little(entry + 28, 2), extra = little(entry + 30, 2), comment = little(entry + 32, 2);
    size_t local = little(entry + 42, 4);
    if (size - at - 46 < name) fail("%s: the archive's directory is damaged", path);
    if (little(entry + 10, 2) != 0) fail("%s: the archive is compressed; save it with numpy.savez", path);
    if (stored == 0xffffffffu || local == 0xffffffffu) fail("%s: archives beyond 4 GB are not supported", path);
    if (local > size || size - local < 30 || little(bytes + local, 4) != 0x04034b50) fail("%s: the archive is damaged", path);
    size_t data = local + 30 + little(bytes + local + 26, 2) + little(bytes + local + 28, 2);
    if (data > size || size - data < stored) fail("%s: the archive is cut off or damaged", path);
    arrays[i] = parse_npy(bytes + data, stored, path);
    char *label = reserve(name + 1);
    memcpy(label, entry + 46, name);
    label[name] = 0;
    if (name > 4 && strcmp(label + name - 4, ".npy") == 0) label[name - 4] = 0;
    arrays[i].name = label;
    at += 46 + name + extra + comment;
  }
  *count = entries;
  return arrays;
}

Array *read_arrays(const char *path, int *count) {
  size_t size;
  unsigned char *bytes = read_file(path, &size);
  Array *arrays;
  if (size >= 4 && (memcmp(bytes, "PK\3\4", 4) == 0 || memcmp(bytes, "PK\5\6", 4) == 0)) {
    arrays = parse_npz(bytes, size, path, count);
  } else {
    arrays = reserve(sizeof(Array));
    arrays[0] = parse_npy(bytes, size, path);
    *count = 1;
  }
  free(bytes);
  return arrays;
}

static uint32_t crc32_of(const unsigned char *bytes, size_t size) {
  uint32_t crc = 0xffffffffu;
  for (size_t i = 0; i < size; ++i) {
    crc ^= bytes[i];
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ (crc & 1 ? 0xedb88320u : 0);
  }
  return ~crc;
}

static void put(unsigned char *to, uint32_t value, int count) {
  for (int i = 0; i < count; ++i) to[i] = (unsigned char)(value >> 8 * i);
}

static void write_bytes(FILE *file, const void *bytes, size_t size, const char *path) {
  if (size && fwrite(bytes, 1, size, file) != size) fail("%s: cannot write: %s", path, strerror(errno));
}

static void write_npz(FILE *file, const Array *arrays, int count, const char *path) {
  unsigned char *directory = NULL;
  size_t directory_size = 0, offset = 0;
  for (int i = 0; i < count; ++i) {
    size_t size, name = strlen(arrays[i].name) + 4;
    unsigned char *bytes = format_npy(&arrays[i], &size);
    if (size > 0x7fffffffu || offset > 0x7fffffffu) fail("%s: archives beyond 2 GB are not supported; write .npy", path);
    unsigned char entry[46] = {0};
    put(entry, 0x02014b50, 4), put(entry + 4, 20, 2), put(entry + 6, 20, 2), put(entry + 14, 0x21, 2);
    put(entry + 16, crc32_of(bytes, size), 4), put(entry + 20, (uint32_t)size, 4), put(entry + 24, (uint32_t)size, 4);
    put(entry + 28, (uint32_t)name, 2), put(entry + 42, (uint32_t)offset, 4);
    unsigned char local[30] = {0};
    put(local, 0x04034b50, 4);
    memcpy(local + 4, entry + 6, 26);
    char *label = reserve(name + 1);
    snprintf(label, name + 1, "%s.npy", arrays[i].name);
    write_bytes(file, local, sizeof local, path), write_bytes(file, label, name, path), write_bytes(file, bytes, size, path);
    directory = realloc(directory, directory_size + sizeof entry + name);
    if (!directory) fail("not enough memory");
    memcpy(directory + directory_size, entry, sizeof entry);
    memcpy(directory + directory_size + sizeof entry, label, name);
    directory_size += sizeof entry + name;
    offset += sizeof local + name + size;
    free(label), free(bytes);
  }
  unsigned char end[22] = {0};
  put(end, 0x06054b50, 4), put(end + 8, (uint32_t)count, 2), put(end + 10, (uint32_t)count, 2);
  put(end + 12, (uint32_t)directory_size, 4), put(end + 16, (uint32_t)offset, 4);
  write_bytes(file, directory, directory_size, path), write_bytes(file, end, sizeof end, path);
  free(directory);
}

void write_arrays(const char *path, const Array *arrays, int count) {
  size_t length = strlen(path);
  int archive = length > 4 && strcmp(path + length - 4, ".npz") == 0;
  if (!archive && count != 1) fail("%s: the model has %d outputs; write them to a .npz file", path, count);
  FILE *file = fopen(path, "wb");
  if (!file) fail("%s: cannot write: %s", path, strerror(errno));
  if (archive) {
    write_npz(file, arrays, count, path);
  } else {
    size_t size;
    unsigned char *bytes = format_npy(arrays, &size);
    write_bytes(file, bytes, size, path);
    free(bytes);
  }
  if (fclose(file) != 0) fail("%s: cannot write: %s", path, strerror(errno));
}

/* -- Elements ------------------------------------------------------------------ */

#define FOR_EACH_TYPE(X) \
  X('f', float) X('f', double) X('i', int8_t) X('i', int16_t) X('i', int32_t) X('i', int64_t) X('u', uint8_t) X('u', uint16_t) X('u', uint32_t) \
  X('u', uint64_t) X('b', unsigned char)

double get_element(const Array *array, int64_t index) {
  const unsigned char *element = array->data + (size_t)index * array->item;
#define GET(K, T) \
  if (array->kind == K && array->item == sizeof(T)) { \
    T value; \
    memcpy(&value, element, sizeof value); \
    return (double)value; \
  }
  FOR_EACH_TYPE(GET)
  return 0;
}

void set_element(Array *array, int64_t index, double value) {
  unsigned char *element = array->data + (size_t)index * array->item;
  if (array->kind == 'b') {
    value = value != 0;
  } else if (array->kind != 'f') {
    /* What does not fit becomes the nearest number that does; C leaves it undefined. */
    double half = 1, ulp = array->item == 8 ? 1024 : 1;
    for (size_t bit = 1; bit < 8 * array->item; ++bit) half *= 2;
    double low = array->kind == 'u' ? 0 : -half, high = array->kind == 'u' ? 2 * half - (ulp == 1 ? 1 : 2 * ulp) : half - ulp;
    value = value >= low ? value <= high ? value : high : value < low ? low : 0;
  }
#define SET(K, T) \
  if (array->kind == K && array->item == sizeof(T)) { \
    T converted = (T)value; \
    memcpy(element, &converted, sizeof converted); \
    return; \
  }
  FOR_EACH_TYPE(SET)
}
