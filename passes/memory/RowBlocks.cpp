#include "passes/memory/RowBlocks.h"

#include "passes/memory/Rows.h"

namespace cornu::passes {
using namespace mlir;

namespace {

constexpr int64_t nearBytes = 2 << 20;   // a second-level cache: for half of it threads would meet too often
constexpr int64_t sharedPart = 2;        // what is read again for each block, such as weights, is at most one such part of what is read and written once

/// What a kernel reads and writes.
struct Traffic {
  int64_t perRow = 0, shared = 0;                     ///< bytes
  SmallVector<std::pair<unsigned, unsigned>> rowsOf;  ///< memory that has rows
};

std::optional<Traffic> trafficOf(Operation *step, Places &places) {
  auto kernel = dyn_cast<ir::KernelOp>(step);
  if (!kernel || !computesRowsApart(kernel) || failed(rowBytes(kernel, places)))
    return std::nullopt;
  Traffic traffic;
  for (Value value : llvm::concat<Value>(llvm::to_vector(kernel.getInputs()), llvm::to_vector(kernel.getResults()))) {
    auto type = cast<RankedTensorType>(value.getType());
    int64_t bytes = llvm::divideCeil(type.getElementTypeBitWidth(), 8);
    for (int64_t extent : type.getShape())
      bytes *= ShapedType::isDynamic(extent) ? 1 : extent;
    Place place = places[value];
    if (type.hasStaticShape()) {
      traffic.shared += bytes;
    } else {
      traffic.perRow += bytes;
      traffic.rowsOf.emplace_back(place.kind, place.index);
    }
  }
  return traffic.perRow ? std::optional(traffic) : std::nullopt;
}

bool hasNoRows(Operation *step) {
  auto isStatic = [](Type type) { return cast<RankedTensorType>(type).hasStaticShape(); };
  return isa<ir::KernelOp>(step) && llvm::all_of(step->getOperandTypes(), isStatic) && llvm::all_of(step->getResultTypes(), isStatic);
}

int64_t rowsNear(int64_t perRow) { return std::max<int64_t>(nearBytes / perRow, 1); }

} // namespace

SmallVector<RowBlock> findRowBlocks(Schedule &schedule, Places &places) {
  SmallVector<RowBlock> blocks;
  SmallVector<Traffic> run;
  llvm::DenseSet<std::pair<unsigned, unsigned>> seen;
  auto most = [&] { return llvm::max_element(run, [](const Traffic &a, const Traffic &b) { return a.perRow < b.perRow; })->perRow; };
  auto fits = [](const Traffic &traffic, int64_t rows) { return traffic.shared * sharedPart <= traffic.perRow * rows; };
  auto finish = [&](unsigned end) {
    // A usual batch is several blocks, or has room as it is.
    if (run.size() > 1)
      if (int64_t rows = rowsNear(most()); 2 * rows <= assumedBatch)
        blocks.push_back({end - static_cast<unsigned>(run.size()), end - 1, rows});
    run.clear();
    seen.clear();
  };
  for (unsigned i = 0; i < schedule.steps().size(); ++i) {
    Operation *step = schedule.steps()[i];
    if (!run.empty() && hasNoRows(step) && schedule.advance(i, i - run.size()))
      continue;
    std::optional<Traffic> traffic = trafficOf(step, places);
    auto joins = [&] {
      int64_t rows = rowsNear(std::max(most(), traffic->perRow));
      return llvm::any_of(traffic->rowsOf, [&](auto memory) { return seen.contains(memory); }) && fits(*traffic, rows) &&
             llvm::all_of(run, [&](const Traffic &other) { return fits(other, rows); });
    };
    if (!run.empty() && (!traffic || !joins()))
      finish(i);
    if (!traffic || !fits(*traffic, rowsNear(traffic->perRow)))
      continue;
    seen.insert_range(traffic->rowsOf);
    run.push_back(std::move(*traffic));
  }
  finish(schedule.steps().size());
  return blocks;
}

} // namespace cornu::passes
