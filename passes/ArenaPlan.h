// Offsets for buffers that share one arena.
//
// Buffers of static size lie first, at constant offsets. Those proportional to the batch n are planned in units of bytes per row:
// a buffer whose unit interval starts at u lies at F + 64·r + align(u·n, 64), r being its rank among the distinct starts. If X ends
// where Y starts or before, then align(u_X·n) + size_X·n <= u_Y·n + 63, and the greater rank of Y makes up for the 63: no overlap for any n.
#pragma once

#include <cstdint>

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/SmallVector.h"

namespace cornu::passes {

constexpr int64_t arenaAlignment = 64;

struct ArenaBuffer {
  int64_t bytes = 0;                 ///< in all, or per row
  bool perRow = false;
  unsigned first = 0, last = 0;      ///< times of first and last use, inclusive
};

struct ArenaSlot {
  int64_t fixed = 0, perRow = 0;     ///< offset = fixed + align(perRow * batch, 64)
};

struct ArenaLayout {
  llvm::SmallVector<ArenaSlot> slots;
  int64_t fixedBytes = 0, bytesPerRow = 0;   ///< the arena: fixedBytes + batch * bytesPerRow
};

/// What lives at one time: fixed + batch * perRow bytes.
struct LiveBytes {
  int64_t fixed = 0, perRow = 0;
};
/// The times at which most lives, for some batch: no arena can be smaller than the largest of them.
llvm::SmallVector<LiveBytes> mostLive(llvm::ArrayRef<ArenaBuffer> buffers);

/// Largest buffers first, each at the lowest offset free for its lifetime.
ArenaLayout planArena(llvm::ArrayRef<ArenaBuffer> buffers);

} // namespace cornu::passes
