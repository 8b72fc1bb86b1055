// Text attributes read straight from an HDF5 file's bytes.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace cornu::h5 {

/// The scalar string attribute `key` of the object whose header lies at `address`. libhdf5 1.10 copies variable-length
/// strings without comparing their two lengths, so a damaged file could write past a buffer; here every step is
/// checked. nullopt: no such attribute, or a header that is not of version 1 (as h5py writes it).
/// Throws std::out_of_range when the bytes contradict themselves.
std::optional<std::string> textAttribute(std::span<const uint8_t> file, uint64_t address, std::string_view key);

} // namespace cornu::h5
