// HDF5 File Format Specification 2.0, sections III.E (global heap), IV.A.1.a (object header version 1), IV.A.2.m (attribute).
#include "frontend/saving/h5_attribute.h"

#include <stdexcept>
#include <vector>

namespace cornu::h5 {
namespace {
class Bytes {
public:
  explicit Bytes(std::span<const uint8_t> bytes) : bytes(bytes) {}
  size_t size() const { return bytes.size(); }
  std::span<const uint8_t> slice(uint64_t at, uint64_t length) const {
    if (at > bytes.size() || length > bytes.size() - at) throw std::out_of_range("HDF5 structure");
    return bytes.subspan(at, length);
  }
  uint64_t number(uint64_t at, unsigned width) const {
    auto part = slice(at, width);
    uint64_t value = 0;
    for (unsigned i = width; i-- > 0;) value = value << 8 | part[i];
    return value;
  }
  std::string text(uint64_t at, uint64_t length) const {
    auto part = slice(at, length);
    std::string result(part.begin(), part.end());
    return result.substr(0, result.find('\0'));
  }

private:
  std::span<const uint8_t> bytes;
};

/// Object `index` of the global heap collection at `address`.
std::string heapObject(const Bytes &file, uint64_t address, uint64_t index, uint64_t length) {
  if (file.text(address, 4) != "GCOL") throw std::out_of_range("HDF5 global heap");
  Bytes heap(file.slice(address, file.number(address + 8, 8)));
  for (uint64_t at = 16; at + 16 <= heap.size();) {
    uint64_t found = heap.number(at, 2), size = heap.number(at + 8, 8);
    if (found == 0) break; // free space ends the collection
    if (found == index) {
      if (length > size) break;
      return heap.text(at + 16, length);
    }
    at += 16 + (size + 7) / 8 * 8;
    if (size > heap.size()) break;
  }
  throw std::out_of_range("HDF5 global heap");
}

std::optional<std::string> attributeValue(const Bytes &file, const Bytes &message, std::string_view key) {
  uint64_t version = message.number(0, 1);
  if (version < 1 || version > 3) return std::nullopt;
  auto padded = [&](uint64_t size) { return version == 1 ? (size + 7) / 8 * 8 : size; };
  uint64_t nameSize = message.number(2, 2), typeSize = message.number(4, 2), spaceSize = message.number(6, 2);
  uint64_t at = version == 3 ? 9 : 8;
  if (message.text(at, nameSize) != key) return std::nullopt;
  at += padded(nameSize);
  Bytes type(message.slice(at, typeSize));
  at += padded(typeSize);
  Bytes space(message.slice(at, spaceSize));
  at += padded(spaceSize);
  if (space.number(1, 1) != 0) return std::nullopt; // not a scalar
  uint64_t kind = type.number(0, 1) & 15, bits = type.number(1, 1), size = type.number(4, 4);
  if (kind == 3) return message.text(at, size); // a string of fixed length
  if (kind != 9 || (bits & 15) != 1) return std::nullopt;
  uint64_t length = message.number(at, 4);
  return length ? heapObject(file, message.number(at + 4, 8), message.number(at + 12, 4), length) : "";
}
} // namespace

std::optional<std::string> textAttribute(std::span<const uint8_t> bytes, uint64_t address, std::string_view key) {
  Bytes file(bytes);
  // Superblock 0 with 8-byte offsets and lengths and nothing before it; object header version 1.
  bool simple = file.number(8, 1) == 0 && file.number(13, 1) == 8 && file.number(14, 1) == 8 && file.number(24, 8) == 0;
  if (!simple || file.number(address, 1) != 1) return std::nullopt;
  uint64_t messages = file.number(address + 2, 2);
  std::vector<std::pair<uint64_t, uint64_t>> blocks{{address + 16, file.number(address + 8, 4)}};
  for (size_t i = 0; i < blocks.size(); ++i) {
    Bytes block(file.slice(blocks[i].first, blocks[i].second));
    for (uint64_t at = 0; at + 8 <= block.size() && messages > 0; --messages) {
      uint64_t type = block.number(at, 2), size = block.number(at + 2, 2), flags = block.number(at + 4, 1);
      Bytes message(block.slice(at + 8, size));
      at += 8 + size;
      if (flags & 2) continue; // shared: stored elsewhere, never by h5py
      if (type == 0x10) blocks.emplace_back(message.number(0, 8), message.number(8, 8));
      if (type == 0x0C)
        if (auto value = attributeValue(file, message, key)) return value;
    }
  }
  return std::nullopt;
}

} // namespace cornu::h5
