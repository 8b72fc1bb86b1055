#include "passes/ArenaPlan.h"

#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/MathExtras.h"

namespace cornu::passes {
namespace {

struct Interval {
  unsigned buffer;
  int64_t start, size;
};

/// Offsets for the buffers named by `which`; returns the end of the highest.
int64_t pack(llvm::ArrayRef<ArenaBuffer> buffers, llvm::ArrayRef<unsigned> which, int64_t alignment, llvm::MutableArrayRef<int64_t> offsets) {
  llvm::SmallVector<unsigned> order(which);
  llvm::stable_sort(order, [&](unsigned a, unsigned b) { return buffers[a].bytes > buffers[b].bytes; });
  llvm::SmallVector<Interval> placed;   // by start
  int64_t end = 0;
  for (unsigned i : order) {
    const ArenaBuffer &buffer = buffers[i];
    int64_t size = llvm::alignTo(buffer.bytes, alignment), start = 0;
    for (const Interval &other : placed) {
      const ArenaBuffer &o = buffers[other.buffer];
      if (o.last < buffer.first || buffer.last < o.first)
        continue;
      if (start + size <= other.start)
        break;
      start = std::max(start, other.start + other.size);
    }
    offsets[i] = start;
    end = std::max(end, start + size);
    auto at = llvm::partition_point(placed, [&](const Interval &p) { return p.start <= start; });
    placed.insert(at, {i, start, size});
  }
  return end;
}

} // namespace

llvm::SmallVector<LiveBytes> mostLive(llvm::ArrayRef<ArenaBuffer> buffers) {
  unsigned end = 0;
  for (const ArenaBuffer &buffer : buffers)
    end = std::max(end, buffer.last + 1);
  llvm::SmallVector<LiveBytes> live(end);
  for (const ArenaBuffer &buffer : buffers)
    for (unsigned time = buffer.first; time <= buffer.last; ++time)
      (buffer.perRow ? live[time].perRow : live[time].fixed) += buffer.bytes;
  // A time matters if no other has more of both.
  llvm::sort(live, [](const LiveBytes &a, const LiveBytes &b) { return std::tie(a.fixed, a.perRow) > std::tie(b.fixed, b.perRow); });
  llvm::SmallVector<LiveBytes> most;
  for (const LiveBytes &time : live)
    if (most.empty() || time.perRow > most.back().perRow)
      most.push_back(time);
  return most;
}

ArenaLayout planArena(llvm::ArrayRef<ArenaBuffer> buffers) {
  ArenaLayout layout;
  layout.slots.resize(buffers.size());
  llvm::SmallVector<unsigned> fixed, rows;
  for (unsigned i = 0; i < buffers.size(); ++i)
    (buffers[i].perRow ? rows : fixed).push_back(i);
  llvm::SmallVector<int64_t> offsets(buffers.size());
  layout.fixedBytes = pack(buffers, fixed, arenaAlignment, offsets);
  for (unsigned i : fixed)
    layout.slots[i].fixed = offsets[i];

  layout.bytesPerRow = pack(buffers, rows, 1, offsets);
  llvm::SmallVector<int64_t> starts;
  for (unsigned i : rows)
    starts.push_back(offsets[i]);
  llvm::sort(starts);
  starts.erase(llvm::unique(starts), starts.end());
  for (unsigned i : rows) {
    int64_t rank = llvm::lower_bound(starts, offsets[i]) - starts.begin();
    layout.slots[i] = {layout.fixedBytes + rank * arenaAlignment, offsets[i]};
  }
  if (!rows.empty())
    layout.fixedBytes += (starts.size() + 1) * arenaAlignment;
  return layout;
}

} // namespace cornu::passes
