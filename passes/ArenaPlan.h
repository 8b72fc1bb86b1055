// Offsets for buffers that share one arena.
//
// Buffers of static size lie first, at constant offsets; then those proportional to the batch n, then those to n². Each kind is planned in units of
// its own, bytes per row or per pair of rows: with B the end of the kinds before, a buffer whose unit interval starts at u lies at
// align(B + u·n, 64) + 64·r (or u·n²), r being its rank among the distinct starts. If X ends where Y starts or before, then
// align(B + u_X·n) + size_X·n <= B + u_Y·n + 63, and the greater rank of Y makes up for the 63: no overlap for any n.
#pragma once

#include <cstdint>

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"
#include "runtime/of_batch.h"

namespace cornu::passes {

constexpr int64_t arenaAlignment = 64;

struct ArenaBuffer {
  int64_t bytes = 0;                 ///< times batch^power
  unsigned power = 0;                ///< at most 2
  unsigned first = 0, last = 0;      ///< times of first and last use, inclusive
};

using Bytes = OfBatch<int64_t>;

struct ArenaLayout {
  llvm::SmallVector<Bytes> offsets;  ///< of each buffer: what depends on the batch is rounded up to the alignment
  Bytes size;
};

/// The times at which most lives, for some batch: no arena can be smaller than the largest of them.
llvm::SmallVector<Bytes> mostLive(llvm::ArrayRef<ArenaBuffer> buffers);

/// Largest buffers first, each at the lowest offset free for its lifetime.
ArenaLayout planArena(llvm::ArrayRef<ArenaBuffer> buffers);

} // namespace cornu::passes
