#include "frontend/saving/npy.h"

#include <algorithm>
#include <bit>
#include <charconv>
#include <cstring>
#include <optional>

#include "frontend/saving/files.h"

namespace cornu {
namespace {
static_assert(std::endian::native == std::endian::little, "byte order is handled for little-endian hosts");
constexpr size_t maxHeader = 1 << 16; // of a numeric array; the format allows 4 GiB
constexpr size_t maxRank = 64;        // NumPy's limit

struct Header {
  std::string descr;
  bool fortran = false;
  std::vector<int64_t> shape;
};

/// Reads the header, a Python dict literal with exactly the keys descr, fortran_order and shape.
class HeaderParser {
public:
  HeaderParser(std::string_view text, const std::string &name) : text(text), name(name) {}

  Header parse() {
    Header header;
    bool descr = false, fortran = false, shape = false;
    expect("{");
    while (!take("}")) {
      std::string key = string();
      expect(":");
      if (key == "descr") {
        skip();
        if (at < text.size() && text[at] == '[') throw EnvironmentError(name, "holds a structured array; a tensor has one element type");
        header.descr = string(), descr = true;
      } else if (key == "fortran_order") {
        header.fortran = take("True");
        if (!header.fortran) expect("False");
        fortran = true;
      } else if (key == "shape") {
        header.shape = tuple(), shape = true;
      } else {
        fail();
      }
      if (!take(",")) {
        expect("}");
        break;
      }
    }
    skip();
    if (at != text.size() || !descr || !fortran || !shape) fail();
    return header;
  }

private:
  [[noreturn]] void fail() const { throw EnvironmentError(name, "is not a .npy file: its header cannot be read"); }
  void skip() {
    while (at < text.size() && (text[at] == ' ' || text[at] == '\n')) ++at;
  }
  bool take(std::string_view word) {
    skip();
    if (!text.substr(at).starts_with(word)) return false;
    at += word.size();
    return true;
  }
  void expect(std::string_view word) {
    if (!take(word)) fail();
  }
  std::string string() {
    skip();
    if (at >= text.size() || (text[at] != '\'' && text[at] != '"')) fail();
    char quote = text[at++];
    size_t end = text.find(quote, at);
    if (end == text.npos) fail();
    std::string result(text.substr(at, end - at));
    at = end + 1;
    return result;
  }
  std::vector<int64_t> tuple() {
    std::vector<int64_t> shape;
    expect("(");
    while (!take(")")) {
      skip();
      int64_t extent;
      auto [end, error] = std::from_chars(text.data() + at, text.data() + text.size(), extent);
      if (error != std::errc() || extent < 0 || shape.size() == maxRank) fail();
      at = static_cast<size_t>(end - text.data());
      take("L"); // Python 2 wrote long integers so
      shape.push_back(extent);
      if (!take(",")) {
        expect(")");
        break;
      }
    }
    return shape;
  }

  std::string_view text;
  const std::string &name;
  size_t at = 0;
};

struct ElementType {
  DType dtype;
  bool swapped = false;
  bool uint16 = false; // widened to int32
};

ElementType elementType(const std::string &descr, const std::string &name) {
  static constexpr std::pair<const char *, DType> known[] = {
      {"b1", DType::Bool},  {"i1", DType::Int8},   {"u1", DType::UInt8},  {"i2", DType::Int16},   {"i4", DType::Int32},  {"i8", DType::Int64},
      {"u4", DType::UInt32}, {"u8", DType::UInt64}, {"f2", DType::Float16}, {"f4", DType::Float32}, {"f8", DType::Float64}, {"u2", DType::Int32}};
  if (descr.size() >= 2 && std::strchr("<>|=", descr[0]) && descr[0])
    for (auto [code, dtype] : known)
      if (descr.substr(1) == code) return {dtype, descr[0] == '>' && descr[2] != '1', descr.substr(1) == "u2"};
  if (descr.find('O') != descr.npos) throw EnvironmentError(name, "holds pickled Python objects, which are not read");
  throw EnvironmentError(name, "has elements of type '" + descr.substr(0, 20) + "'; known are booleans, integers and floats of 16, 32 and 64 bits");
}

void swapBytes(void *data, size_t count, size_t size) {
  auto *bytes = static_cast<uint8_t *>(data);
  for (size_t i = 0; i < count; ++i, bytes += size) std::reverse(bytes, bytes + size);
}

/// Column-major to row-major.
Array transposed(const Array &in) {
  Array out = Array::uninitialized(in.shape(), in.dtype());
  size_t item = sizeOf(in.dtype()), rank = in.shape().size();
  std::vector<int64_t> index(rank, 0), stride(rank, 1); // stride in the column-major input, in elements
  for (size_t axis = 1; axis < rank; ++axis) stride[axis] = stride[axis - 1] * in.shape()[axis - 1];
  const char *from = static_cast<const char *>(in.raw());
  char *to = static_cast<char *>(out.raw());
  int64_t offset = 0;
  for (int64_t i = 0; i < in.size(); ++i, to += item) {
    std::memcpy(to, from + static_cast<size_t>(offset) * item, item);
    for (size_t axis = rank; axis-- > 0;) {
      offset += stride[axis];
      if (++index[axis] < in.shape()[axis]) break;
      offset -= stride[axis] * in.shape()[axis];
      index[axis] = 0;
    }
  }
  return out;
}
} // namespace

Array parseNpy(const Array &bytes, const std::string &name) {
  const auto *data = bytes.data<uint8_t>();
  auto size = static_cast<size_t>(bytes.size());
  if (size < 10 || std::memcmp(data, "\x93NUMPY", 6) != 0) throw EnvironmentError(name, "is not a .npy file: it does not begin with NumPy's signature");
  int version = data[6];
  if (version < 1 || version > 3 || data[7] != 0)
    throw EnvironmentError(name, "has .npy format " + std::to_string(version) + "." + std::to_string(data[7]) + "; known are 1.0, 2.0 and 3.0");
  size_t start = version == 1 ? 10 : 12;
  if (size < start) throw EnvironmentError(name, "is truncated: its header is incomplete");
  size_t length = data[8] | size_t(data[9]) << 8;
  if (version > 1) length |= size_t(data[10]) << 16 | size_t(data[11]) << 24;
  if (length > maxHeader) throw EnvironmentError(name, "has a header of " + std::to_string(length) + " bytes, more than any array of numbers needs");
  if (size - start < length) throw EnvironmentError(name, "is truncated: its header is incomplete");
  Header header = HeaderParser({reinterpret_cast<const char *>(data) + start, length}, name).parse();
  ElementType type = elementType(header.descr, name);

  size_t item = type.uint16 ? 2 : sizeOf(type.dtype), available = (size - start - length) / item;
  int64_t count = 1;
  bool tooMany = false;
  for (int64_t extent : header.shape) tooMany |= __builtin_mul_overflow(count, extent, &count) || count > (int64_t(1) << 56);
  if (std::find(header.shape.begin(), header.shape.end(), 0) != header.shape.end()) count = 0, tooMany = false;
  if (tooMany || static_cast<size_t>(count) > available)
    throw EnvironmentError(name, "is truncated: shape " + shapeString(header.shape) + " needs " + (tooMany ? "far more" : std::to_string(count)) +
                                     " elements, the file holds " + std::to_string(available));

  size_t offset = start + length;
  bool aligned = reinterpret_cast<uintptr_t>(data + offset) % 64 == 0;
  Array result;
  if (type.uint16) {
    result = Array::uninitialized(header.shape, DType::Int32);
    for (int64_t i = 0; i < count; ++i) {
      const uint8_t *p = data + offset + 2 * i;
      result.data<int32_t>()[i] = type.swapped ? p[0] << 8 | p[1] : p[1] << 8 | p[0];
    }
  } else if (aligned && !type.swapped) {
    result = bytes.view(offset, header.shape, type.dtype);
  } else {
    result = Array::uninitialized(header.shape, type.dtype);
    if (count) std::memcpy(result.raw(), data + offset, result.bytes());
    if (type.swapped) swapBytes(result.raw(), static_cast<size_t>(count), item);
  }
  // Any other byte than 0 and 1 would be an invalid bool to C++.
  if (type.dtype == DType::Bool)
    for (auto *p = static_cast<uint8_t *>(result.raw()), *end = p + count; p != end; ++p) *p = *p != 0;
  return header.fortran && header.shape.size() > 1 ? transposed(result) : result;
}

std::string formatNpy(const Array &given) {
  Array array = given.dtype() == DType::BFloat16 ? given.astype(DType::Float32) : given;
  static constexpr const char *codes[] = {"|b1", "|i1", "|u1", "<i2", "<i4", "<i8", "<u4", "<u8", "<f2", "", "<f4", "<f8"};
  std::string header = std::string("{'descr': '") + codes[static_cast<size_t>(array.dtype())] +
                       "', 'fortran_order': False, 'shape': " + shapeString(array.shape()) + ", }";
  // NumPy pads so that the elements begin at a multiple of 64 bytes.
  header.append(63 - (10 + header.size()) % 64, ' ');
  header += '\n';
  std::string out("\x93NUMPY\x01\x00", 8);
  out += static_cast<char>(header.size() & 255);
  out += static_cast<char>(header.size() >> 8);
  out += header;
  out.append(bytesOf(array));
  return out;
}

Array load_npy(const std::string &path) { return parseNpy(readFile(path), path); }

void save_npy(const std::string &path, const Array &array) { writeFile(path, formatNpy(array)); }

} // namespace cornu
