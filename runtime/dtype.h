// Element types, by their Keras names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string_view>

namespace cornu {

enum class DType : uint8_t { Bool, Int8, UInt8, Int16, Int32, Int64, UInt32, UInt64, Float16, BFloat16, Float32, Float64 };

size_t sizeOf(DType);                                   ///< bytes of one element
std::string_view nameOf(DType);                         ///< "float32", …
std::optional<DType> dtypeFromName(std::string_view);   ///< nullopt: no such type
bool isFloating(DType);

} // namespace cornu
