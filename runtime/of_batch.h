// Numbers that depend on the batch.
#pragma once

#include <cstdint>

namespace cornu {

/// fixed + batch * perRow + batch² * perPair: bytes of memory, or work. Pairs are those of the samples of a batch, where each meets each.
template <class T> struct OfBatch {
  T fixed{}, perRow{}, perPair{};

  T at(int64_t batch) const { return fixed + static_cast<T>(batch) * (perRow + static_cast<T>(batch) * perPair); }
  /// The coefficient of batch^power, power being 0, 1 or 2.
  T &of(unsigned power) { return power == 0 ? fixed : power == 1 ? perRow : perPair; }
  T of(unsigned power) const { return power == 0 ? fixed : power == 1 ? perRow : perPair; }
  bool operator==(const OfBatch &) const = default;
};

} // namespace cornu
