#include "passes/memory/Places.h"

#include "passes/memory/Strides.h"

namespace cornu::passes {
using namespace mlir;

static SmallVector<Stride> contiguous(RankedTensorType type) {
  auto strides = rowMajorStrides(type.getShape());
  assert(succeeded(strides) && "the batch is in front of what lies in memory");
  return *strides;
}

static RankedTensorType typeOf(Value value) { return cast<RankedTensorType>(value.getType()); }

Places::Places(func::FuncOp function, const llvm::StringMap<unsigned> &variables) : variables(variables) {
  for (auto [i, operand] : llvm::enumerate(function.getBody().front().getTerminator()->getOperands()))
    returned[operand] = i;
  function.walk([&](ir::ConcatenateOp concatenate) {
    for (auto [i, x] : llvm::enumerate(concatenate.getXs()))
      pieces[x] = {concatenate, i};
  });
  function.walk([&](ir::KernelOp kernel) {
    for (OpResult result : kernel->getResults())
      if (Value start = startOf(result))
        sums[start] = result;
  });
  function.walk([&](ir::ScanOp scan) {
    for (auto [i, init, next] : llvm::enumerate(scan.getInits(), scan.getNext())) {
      roles[init] = {Role::First, scan, static_cast<unsigned>(i)};
      roles[next] = {Role::Next, scan, static_cast<unsigned>(i)};
    }
    for (auto [i, output] : llvm::enumerate(scan.getOutputs()))
      roles[output] = {Role::Output, scan, static_cast<unsigned>(i)};
  });
  function.walk([&](ir::ReshapeOp reshape) {
    bool goesSomewhere = returned.contains(reshape) || pieces.contains(reshape) || roles.contains(reshape);
    if (goesSomewhere && reshape.getX().getDefiningOp<ir::ScanOp>())
      seenAs[reshape.getX()] = reshape;
  });
}

Value startOf(OpResult result) {
  auto kernel = cast<ir::KernelOp>(result.getOwner());
  Block &body = kernel.getBody().front();
  auto written = dyn_cast<OpResult>(body.getTerminator()->getOperand(result.getResultNumber()));
  auto writer = written ? dyn_cast<linalg::GenericOp>(written.getOwner()) : linalg::GenericOp();
  if (!writer || !updatesMemory(writer))
    return {};
  return kernel.getInputs()[cast<BlockArgument>(writer.getDpsInits()[written.getResultNumber()]).getArgNumber()];
}

Place Places::operator[](Value value) {
  auto found = known.find(value);
  if (found != known.end())
    return found->second;
  Place place = locate(value);
  return known[value] = place;
}

Place Places::inArena(RankedTensorType type, Block *block) {
  buffers.push_back({type, block});
  return {Place::Arena, static_cast<unsigned>(buffers.size() - 1), 0, contiguous(type)};
}

Place Places::slice(Place whole, ir::ScanOp scan) {
  int64_t axis = scan.getAxis();
  whole.steps.push_back({scan, whole.strides[axis]});
  whole.strides.erase(whole.strides.begin() + axis);
  return whole;
}

unsigned Places::pairFor(ir::ScanOp scan, unsigned index) {
  auto [entry, isNew] = pairIndex.try_emplace({scan, index}, pairs.size());
  if (isNew) {
    // The last step must leave the value where it is read after the loop.
    Place home = (*this)[scan.getFinals()[index]], other = inArena(typeOf(scan.getFinals()[index]), scan->getBlock());
    bool even = scan.getLength() % 2 == 0;
    pairs.push_back({even ? home : other, even ? other : home});
    loopPairs[scan].push_back(pairs.size() - 1);
  }
  return pairIndex[{scan, index}];
}

Place Places::carried(ir::ScanOp scan, unsigned index, bool next) {
  if (updated.contains({scan, index}))
    return (*this)[scan.getFinals()[index]];
  return {Place::Alternating, pairFor(scan, index), 0, contiguous(typeOf(scan.getFinals()[index])), next, {}};
}

Place Places::locate(Value value) {
  if (auto argument = dyn_cast<BlockArgument>(value)) {
    auto scan = dyn_cast<ir::ScanOp>(argument.getOwner()->getParentOp());
    unsigned number = argument.getArgNumber();
    if (!scan)
      return {Place::Input, number, 0, contiguous(typeOf(value))};
    unsigned first = scan.getInits().size();
    return number < first ? carried(scan, number, /*next=*/false) : slice((*this)[scan.getSequences()[number - first]], scan);
  }
  Operation *def = value.getDefiningOp();
  if (auto read = dyn_cast<ir::ReadOp>(def))
    return {Place::Variable, variables.lookup(read.getVariable()), 0, contiguous(typeOf(value))};
  if (isa<arith::ConstantOp>(def)) {
    constantValues.push_back(value);
    return {Place::Constant, static_cast<unsigned>(constantValues.size() - 1), 0, contiguous(typeOf(value))};
  }
  if (auto view = seenAs.find(value); view != seenAs.end()) {
    Place place = (*this)[view->second];
    place.strides = *splitStrides(typeOf(view->second).getShape(), place.strides, typeOf(value).getShape());
    return place;
  }
  if (auto reshape = dyn_cast<ir::ReshapeOp>(def); reshape && seenAs.lookup(reshape.getX()) != value) {
    Place place = (*this)[reshape.getX()];
    place.strides = contiguous(typeOf(value));
    return place;
  }
  if (auto slice = dyn_cast<ir::SliceOp>(def)) {
    Place place = (*this)[slice.getX()];
    place.offset += static_cast<int64_t>(slice.getStart()) * place.strides[slice.getDim()];
    place.strides[slice.getDim()].elements *= static_cast<int64_t>(slice.getStep());
    return place;
  }
  if (auto pad = dyn_cast<ir::PadOp>(def)) {
    // Seen from in front of what is there. Its kernel reads nothing outside: see Edge.
    Place place = (*this)[pad.getX()];
    place.offset -= static_cast<int64_t>(pad.getLow()) * place.strides[pad.getDim()];
    return place;
  }
  if (auto sum = sums.find(value); sum != sums.end())
    return (*this)[sum->second];
  if (auto piece = pieces.find(value); piece != pieces.end()) {
    auto [concatenate, position] = piece->second;
    Place place = (*this)[concatenate.getY()];
    int64_t dim = concatenate.getDim();
    for (Value before : concatenate.getXs().take_front(position))
      place.offset += typeOf(before).getDimSize(dim) * place.strides[dim];
    return place;
  }
  if (auto role = roles.find(value); role != roles.end()) {
    auto [kind, scan, index] = role->second;
    if (kind == Role::Output)
      return slice((*this)[scan.getStacked()[index]], scan);
    if (kind == Role::Next)
      return carried(scan, index, /*next=*/true);
    return updated.contains({scan, index}) ? (*this)[scan.getFinals()[index]] : pairs[pairFor(scan, index)].first;
  }
  if (auto variable = inVariable.find(value); variable != inVariable.end())
    return {Place::Variable, variable->second, 0, contiguous(typeOf(value))};
  if (auto output = returned.find(value); output != returned.end())
    return {Place::Output, output->second, 0, contiguous(typeOf(value))};
  return inArena(typeOf(value), value.getParentBlock());
}

} // namespace cornu::passes
