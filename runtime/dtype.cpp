#include "runtime/dtype.h"

#include <array>

namespace cornu {
namespace {
struct Row {
  std::string_view name;
  size_t size;
  bool floating;
};
// In the order of the enum.
constexpr std::array<Row, 12> rows = {{{"bool", 1, false}, {"int8", 1, false}, {"uint8", 1, false}, {"int16", 2, false},
                                       {"int32", 4, false}, {"int64", 8, false}, {"uint32", 4, false}, {"uint64", 8, false},
                                       {"float16", 2, true}, {"bfloat16", 2, true}, {"float32", 4, true}, {"float64", 8, true}}};
} // namespace

size_t sizeOf(DType type) { return rows[static_cast<size_t>(type)].size; }
std::string_view nameOf(DType type) { return rows[static_cast<size_t>(type)].name; }
bool isFloating(DType type) { return rows[static_cast<size_t>(type)].floating; }

std::optional<DType> dtypeFromName(std::string_view name) {
  for (size_t i = 0; i < rows.size(); ++i)
    if (rows[i].name == name) return static_cast<DType>(i);
  return std::nullopt;
}

} // namespace cornu
