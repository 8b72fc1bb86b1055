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

llvm::SmallVector<Bytes> mostLive(llvm::ArrayRef<ArenaBuffer> buffers) {
  unsigned end = 0;
  for (const ArenaBuffer &buffer : buffers)
    end = std::max(end, buffer.last + 1);
  llvm::SmallVector<Bytes> live(end);
  for (const ArenaBuffer &buffer : buffers)
    for (unsigned time = buffer.first; time <= buffer.last; ++time)
      live[time].of(buffer.power) += buffer.bytes;
  // A time matters if no other has as much of everything.
  llvm::SmallVector<Bytes> most;
  for (const Bytes &time : live) {
    auto covers = [](const Bytes &a, const Bytes &b) { return a.fixed >= b.fixed && a.perRow >= b.perRow && a.perPair >= b.perPair; };
    if (llvm::any_of(most, [&](const Bytes &other) { return covers(other, time); }))
      continue;
    llvm::erase_if(most, [&](const Bytes &other) { return covers(time, other); });
    most.push_back(time);
  }
  return most;
}

ArenaLayout planArena(llvm::ArrayRef<ArenaBuffer> buffers) {
  ArenaLayout layout;
  layout.offsets.resize(buffers.size());
  llvm::SmallVector<int64_t> starts(buffers.size());
  for (unsigned power : {0u, 1u, 2u}) {
    llvm::SmallVector<unsigned> which;
    for (unsigned i = 0; i < buffers.size(); ++i)
      if (buffers[i].power == power)
        which.push_back(i);
    if (which.empty())
      continue;
    int64_t end = pack(buffers, which, power ? 1 : arenaAlignment, starts);
    llvm::SmallVector<int64_t> distinct;
    for (unsigned i : which)
      distinct.push_back(starts[i]);
    llvm::sort(distinct);
    distinct.erase(llvm::unique(distinct), distinct.end());
    for (unsigned i : which) {
      layout.offsets[i] = layout.size;
      layout.offsets[i].of(power) += starts[i];
      if (power)
        layout.offsets[i].fixed += arenaAlignment * (llvm::lower_bound(distinct, starts[i]) - distinct.begin());
    }
    layout.size.of(power) += end;
    if (power)
      layout.size.fixed += arenaAlignment * (distinct.size() + 1);
  }
  return layout;
}

} // namespace cornu::passes
