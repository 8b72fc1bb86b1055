#include "passes/KernelAnalysis.h"

#include "mlir/Dialect/Arith/IR/Arith.h"
#include "mlir/IR/Matchers.h"

using namespace mlir;

namespace cornu::passes {

int64_t assumedCount(ArrayRef<int64_t> shape) {
  int64_t count = 1;
  for (int64_t extent : shape)
    count *= ShapedType::isDynamic(extent) ? assumedBatch : extent;
  return count;
}

FailureOr<SmallVector<Stride>> rowMajorStrides(ArrayRef<int64_t> shape) {
  SmallVector<Stride> strides(shape.size());
  Stride stride = 1;
  unsigned batches = 0;
  for (int64_t d = shape.size() - 1; d >= 0; --d) {
    if (batches && shape[d] == 1)
      continue;
    strides[d] = stride;
    if (!ShapedType::isDynamic(shape[d])) {
      // Offsets are constants: nothing may be cut off in front of the batch.
      if (batches)
        return failure();
      stride.elements *= shape[d];
    } else if (batches++ < 2) {
      stride.timesBatch = true;
    } else {
      return failure();
    }
  }
  return strides;
}

/// Adds `scale` * expr * stride to the access. False if expr is not linear in the loops, or the sum no Stride.
static bool addLinear(AffineExpr expr, int64_t scale, Stride stride, Access &access) {
  if (auto dim = dyn_cast<AffineDimExpr>(expr)) {
    Stride &sum = access.strides[dim.getPosition()];
    if (sum != 0 && sum.timesBatch != stride.timesBatch)
      return false;
    sum = {sum.elements + scale * stride.elements, stride.timesBatch};
    return true;
  }
  if (auto constant = dyn_cast<AffineConstantExpr>(expr)) {
    if (stride.timesBatch && constant.getValue())
      return false;
    access.offset += scale * stride.elements * constant.getValue();
    return true;
  }
  if (auto binary = dyn_cast<AffineBinaryOpExpr>(expr)) {
    if (binary.getKind() == AffineExprKind::Add)
      return addLinear(binary.getLHS(), scale, stride, access) && addLinear(binary.getRHS(), scale, stride, access);
    if (binary.getKind() == AffineExprKind::Mul)
      if (auto factor = dyn_cast<AffineConstantExpr>(binary.getRHS()))
        return addLinear(binary.getLHS(), scale * factor.getValue(), stride, access);
  }
  return false;
}

FailureOr<Access> accessOf(AffineMap map, ArrayRef<Stride> strides) {
  Access access;
  access.strides.assign(map.getNumDims(), 0);
  for (auto [expr, stride] : llvm::zip_equal(map.getResults(), strides))
    if (!addLinear(expr, 1, stride, access))
      return failure();
  return access;
}

std::optional<Indirection> indirectionOf(linalg::GenericOp op) {
  auto attr = op->getAttrOfType<DenseI64ArrayAttr>("cornu.indirect");
  if (!attr)
    return std::nullopt;
  return Indirection{static_cast<unsigned>(attr[0]), static_cast<unsigned>(attr[1]), attr[2]};
}

void setIndirection(linalg::GenericOp op, const Indirection &indirection) {
  op->setAttr("cornu.indirect", DenseI64ArrayAttr::get(op.getContext(), {indirection.operand, indirection.index, indirection.rows}));
}

bool isWinograd(linalg::GenericOp op) { return op->hasAttr("cornu.winograd"); }
void setWinograd(linalg::GenericOp op) { op->setAttr("cornu.winograd", UnitAttr::get(op.getContext())); }

bool updatesMemory(linalg::GenericOp op) { return op.getNumReductionLoops() && !op.getDpsInits()[0].getDefiningOp<linalg::FillOp>(); }

llvm::SmallVector<Edge> edgesOf(linalg::GenericOp op) {
  llvm::SmallVector<Edge> edges;
  if (auto attr = op->getAttrOfType<DenseI64ArrayAttr>("cornu.edges"))
    for (ArrayRef<int64_t> numbers = attr; !numbers.empty(); numbers = numbers.drop_front(3))
      edges.push_back({static_cast<unsigned>(numbers[0]), numbers[1], numbers[2]});
  return edges;
}

void setEdges(linalg::GenericOp op, ArrayRef<Edge> edges) {
  SmallVector<int64_t> numbers;
  for (const Edge &edge : edges)
    numbers.append({edge.dim, edge.first, edge.limit});
  op->setAttr("cornu.edges", DenseI64ArrayAttr::get(op.getContext(), numbers));
}

std::optional<Combiner> combinerOf(linalg::GenericOp op, unsigned result) {
  Block *body = op.getBody();
  BlockArgument accumulator = body->getArgument(op.getNumDpsInputs() + result);
  Value yielded = body->getTerminator()->getOperand(result);
  Operation *combine = yielded.getDefiningOp();
  if (!combine || combine->getNumOperands() != 2 || !llvm::is_contained(combine->getOperands(), accumulator) ||
      !accumulator.hasOneUse())
    return std::nullopt;
  OpBuilder builder(op.getContext());
  Type type = accumulator.getType();
  auto floatAttr = [&](double value) -> TypedAttr { return builder.getFloatAttr(type, value); };
  TypedAttr neutral;
  if (isa<arith::AddFOp>(combine))
    neutral = floatAttr(0);
  else if (isa<arith::MulFOp>(combine))
    neutral = floatAttr(1);
  else if (isa<arith::MaximumFOp, arith::MaxNumFOp>(combine))
    neutral = floatAttr(-std::numeric_limits<double>::infinity());
  else if (isa<arith::MinimumFOp, arith::MinNumFOp>(combine))
    neutral = floatAttr(std::numeric_limits<double>::infinity());
  else if (isa<arith::AddIOp, arith::OrIOp>(combine))
    neutral = builder.getIntegerAttr(type, 0);
  else if (isa<arith::AndIOp>(combine))
    neutral = builder.getIntegerAttr(type, -1);
  else if (isa<arith::MaxSIOp>(combine))
    neutral = builder.getIntegerAttr(type, APInt::getSignedMinValue(type.getIntOrFloatBitWidth()));
  else if (isa<arith::MinSIOp>(combine))
    neutral = builder.getIntegerAttr(type, APInt::getSignedMaxValue(type.getIntOrFloatBitWidth()));
  else
    return std::nullopt;
  return Combiner{combine, accumulator, neutral};
}

//===--------------------------------------------------------------------===//
// Contractions
//===--------------------------------------------------------------------===//

static bool isMultiplyAdd(linalg::GenericOp op) {
  auto combiner = combinerOf(op, 0);
  if (!combiner || !isa<arith::AddFOp>(combiner->op))
    return false;
  Value product = combiner->op->getOperand(combiner->op->getOperand(0) == combiner->accumulator ? 1 : 0);
  auto mul = product.getDefiningOp<arith::MulFOp>();
  Block *body = op.getBody();
  return mul && mul.getLhs() == body->getArgument(0) && mul.getRhs() == body->getArgument(1) &&
         llvm::range_size(body->without_terminator()) == 2;
}

std::optional<Contraction> matchContraction(linalg::GenericOp op) {
  if (op.getNumDpsInputs() != 2 || op.getNumDpsInits() != 1 || op.getNumReductionLoops() == 0 || !isMultiplyAdd(op))
    return std::nullopt;
  SmallVector<AffineMap> maps = op.getIndexingMapsArray();
  SmallVector<Access, 3> access;
  for (auto [operand, map] : llvm::zip_equal(op->getOperands(), maps)) {
    auto strides = rowMajorStrides(cast<RankedTensorType>(operand.getType()).getShape());
    if (failed(strides))
      return std::nullopt;
    auto a = accessOf(map, *strides);
    if (failed(a) || !a->isConstant())
      return std::nullopt;
    access.push_back(*a);
  }
  Contraction c{.op = op, .a = 0, .b = 1};
  // The vectorised loop moves by one element in the result and in b; in a it does so too, or stands still.
  int vectorLoop = -1;
  for (unsigned d = 0; d < op.getNumLoops(); ++d)
    if (access.back().strides[d] == 1)
      vectorLoop = d;
  if (vectorLoop < 0)
    return std::nullopt;
  auto iterators = op.getIteratorTypesArray();
  SmallVector<int64_t> extents = op.getStaticLoopRanges();
  auto along = [&](unsigned operand) { return access[operand].strides[vectorLoop]; };
  unsigned sum = std::distance(iterators.begin(), llvm::find(iterators, utils::IteratorType::reduction));
  bool alongSum = op.getNumReductionLoops() == 1 && access[0].strides[sum] == 1 && access[1].strides[sum] == 1 && !ShapedType::isDynamic(extents[sum]) &&
                  extents[sum] <= longestRowSum;
  // Few columns, or windows of a single one; of a plain row the nest emitter makes a scalar product.
  unsigned inner = op.getNumLoops() - 1;
  bool hasColumns = along(0) == 0 || llvm::any_of(llvm::seq(op.getNumLoops()), [&](unsigned d) { return iterators[d] == utils::IteratorType::parallel && access[0].strides[d] == 0; });
  bool few = hasColumns ? along(0) == 0 && along(1) != 0 && extents[vectorLoop] <= fewColumns : along(1) == 0 && op.getNumReductionLoops() > 1;
  if (few && iterators[inner] == utils::IteratorType::reduction && access[0].strides[inner] == 1 && access[1].strides[inner] == 1 && extents[inner] >= shortestVectorSum)
    c.sumLoop = inner;
  if (c.sumLoop || (along(1) == 1 && (along(0) == 0 || along(0) == 1)))
    c.a = 0, c.b = 1;
  else if (along(0) == 1 && along(1) == 0)
    c.a = 1, c.b = 0;
  else if (alongSum && (along(0) == 0) != (along(1) == 0))
    c.a = along(0) == 0 ? 0 : 1, c.b = 1 - c.a, c.alongSum = true;
  else
    return std::nullopt;
  for (unsigned d = 0; d < op.getNumLoops(); ++d) {
    bool inA = access[c.a].strides[d] != 0, inB = access[c.b].strides[d] != 0;
    if (iterators[d] == utils::IteratorType::reduction)
      c.k.push_back(d);
    else if (static_cast<int>(d) == vectorLoop && (!c.sumLoop || hasColumns))
      continue;
    else if (inA && inB)
      c.batch.push_back(d);
    else if (inB)
      c.n.push_back(d);
    else
      c.m.push_back(d);
  }
  // A vector along the batch has no constant extent; the nest emitter is the one for that.
  if (ShapedType::isDynamic(extents[vectorLoop]))
    return std::nullopt;
  if (c.alongSum && c.m.empty())
    return std::nullopt;
  c.n.push_back(vectorLoop);
  return c;
}

bool isEpilogueOf(const Contraction &root, linalg::GenericOp epilogue) {
  linalg::GenericOp op = root.op;
  if (epilogue.getNumReductionLoops() != 0 || indirectionOf(epilogue))
    return false;
  auto resultType = cast<RankedTensorType>(op.getResult(0).getType());
  AffineMap resultMap = op.getIndexingMapsArray().back();
  // Every result of the epilogue covers the elements of the contraction in the same order.
  SmallVector<AffineMap> maps = epilogue.getIndexingMapsArray();
  for (auto [init, map] : llvm::zip_equal(epilogue.getDpsInits(), ArrayRef(maps).take_back(epilogue.getNumDpsInits()))) {
    if (cast<RankedTensorType>(init.getType()).getShape() != resultType.getShape())
      return false;
    // Loops of the epilogue in the order of the result's dimensions; extents of 1 have no loop in either.
    unsigned next = 0;
    for (auto [expr, rootExpr] : llvm::zip_equal(map.getResults(), resultMap.getResults())) {
      auto dim = dyn_cast<AffineDimExpr>(expr);
      if (bool(dim) != isa<AffineDimExpr>(rootExpr) || (dim && dim.getPosition() != next++))
        return false;
    }
    if (next != epilogue.getNumLoops())
      return false;
  }
  // Operands move by 0 or 1 along the vectorised dimension.
  for (auto [operand, map] : llvm::zip_equal(epilogue.getDpsInputs(), ArrayRef(maps).take_front(epilogue.getNumDpsInputs()))) {
    auto type = dyn_cast<RankedTensorType>(operand.getType());
    if (!type)
      continue;
    auto strides = rowMajorStrides(type.getShape());
    if (failed(strides))
      return false;
    auto access = accessOf(map, *strides);
    if (failed(access) || !access->isConstant() || (access->strides.size() && access->strides.back() > 1))
      return false;
  }
  return true;
}

//===--------------------------------------------------------------------===//
// Nests
//===--------------------------------------------------------------------===//

int64_t Nest::innerSize() const {
  int64_t size = 1;
  for (int64_t e : ArrayRef(extents).drop_front(rowLoops))
    size = ShapedType::isDynamic(e) || ShapedType::isDynamic(size) ? ShapedType::kDynamic : size * e;
  return size;
}

namespace {
/// Builds a Nest step by step; `run` returns false as soon as the ops turn out not to be one.
class NestBuilder {
public:
  explicit NestBuilder(ArrayRef<linalg::GenericOp> ops) : ops(ops) {
    for (auto [i, op] : llvm::enumerate(ops))
      for (Value result : op->getResults())
        producer[result] = i;
  }

  bool run() { return alignLoops() && classify() && schedule(); }
  Nest nest;

private:
  static constexpr int unmapped = -1;
  ArrayRef<linalg::GenericOp> ops;
  DenseMap<Value, unsigned> producer;
  SmallVector<SmallVector<int>> loops;

  std::optional<unsigned> producerOf(Value value) const {
    auto it = producer.find(value);
    return it == producer.end() ? std::nullopt : std::optional(it->second);
  }

  /// Equates the loops of a producer and a consumer through the dimensions of the tensor between them.
  bool unify(unsigned p, AffineMap pMap, unsigned c, AffineMap cMap, bool &changed) {
    for (auto [pExpr, cExpr] : llvm::zip_equal(pMap.getResults(), cMap.getResults())) {
      auto pDim = dyn_cast<AffineDimExpr>(pExpr), cDim = dyn_cast<AffineDimExpr>(cExpr);
      if (bool(pDim) != bool(cDim))
        return false;
      if (!pDim)
        continue;
      int &pLoop = loops[p][pDim.getPosition()], &cLoop = loops[c][cDim.getPosition()];
      if (pLoop == unmapped && cLoop == unmapped)
        continue;
      if (pLoop == unmapped)
        pLoop = cLoop, changed = true;
      else if (cLoop == unmapped)
        cLoop = pLoop, changed = true;
      else if (pLoop != cLoop)
        return false;
    }
    return true;
  }

  bool unifyAll() {
    for (bool changed = true; changed;) {
      changed = false;
      for (auto [c, each] : llvm::enumerate(ops)) {
        linalg::GenericOp op = each;
        SmallVector<AffineMap> maps = op.getIndexingMapsArray();
        for (auto [operand, map] : llvm::zip(op.getDpsInputs(), maps))
          if (auto p = producerOf(operand)) {
            linalg::GenericOp producing = ops[*p];
            AffineMap pMap = producing.getIndexingMapMatchingResult(cast<OpResult>(operand));
            if (!unify(*p, pMap, c, map, changed))
              return false;
          }
      }
    }
    return true;
  }

  bool alignLoops() {
    unsigned seed = 0;
    for (auto [i, each] : llvm::enumerate(ops)) {
        linalg::GenericOp op = each;
      loops.emplace_back(op.getNumLoops(), unmapped);
      linalg::GenericOp best = ops[seed];
      if (op.getNumLoops() > best.getNumLoops())
        seed = i;
    }
    linalg::GenericOp seedOp = ops[seed];
    nest.extents = seedOp.getStaticLoopRanges();
    for (unsigned d = 0; d < seedOp.getNumLoops(); ++d)
      loops[seed][d] = d;
    if (!unifyAll())
      return false;
    // What the edges left open is filled in order, where extents agree.
    for (auto [i, each] : llvm::enumerate(ops)) {
        linalg::GenericOp op = each;
      if (!llvm::is_contained(loops[i], unmapped))
        continue;
      SmallVector<int64_t> extents = op.getStaticLoopRanges();
      unsigned next = 0;
      for (auto [d, loop] : llvm::enumerate(loops[i])) {
        if (loop != unmapped)
          continue;
        while (next < nest.extents.size() && llvm::is_contained(loops[i], static_cast<int>(next)))
          ++next;
        if (next == nest.extents.size() || nest.extents[next] != extents[d])
          return false;
        loop = next;
      }
      if (!unifyAll())
        return false;
    }
    for (auto [i, each] : llvm::enumerate(ops)) {
        linalg::GenericOp op = each;
      SmallVector<int64_t> extents = op.getStaticLoopRanges();
      for (auto [d, loop] : llvm::enumerate(loops[i]))
        if (extents[d] != nest.extents[loop] || (d && loop <= loops[i][d - 1]))
          return false;
    }
    return true;
  }

  bool classify() {
    unsigned depth = nest.extents.size();
    std::optional<unsigned> row;
    auto setRow = [&](unsigned r) {
      if (row && *row != r)
        return false;
      row = r;
      return true;
    };
    for (auto [i, each] : llvm::enumerate(ops)) {
        linalg::GenericOp op = each;
      NestOp entry{op, Part::Full, SmallVector<unsigned>(loops[i].begin(), loops[i].end())};
      unsigned own = loops[i].size();
      // The op's loops are the outermost of the group.
      for (auto [d, loop] : llvm::enumerate(loops[i]))
        if (loop != static_cast<int>(d))
          return false;
      auto iterators = op.getIteratorTypesArray();
      auto isReduction = [](utils::IteratorType t) { return t == utils::IteratorType::reduction; };
      unsigned reductions = llvm::count_if(iterators, isReduction);
      if (reductions) {
        for (unsigned r = 0; r < op.getNumDpsInits(); ++r)
          if (!combinerOf(op, r))
            return false;
        for (Value init : op.getDpsInits()) {
          auto fill = init.getDefiningOp<linalg::FillOp>();
          bool starts = fill ? matchPattern(fill.getInputs()[0], m_Constant()) : indirectionOf(op) && !producerOf(init);
          if (!starts)
            return false;
        }
        if (reductions == own) {
          entry.part = Part::FullReduce;
          entry.fromRow = own < depth;
          if (entry.fromRow && !setRow(own))
            return false;
        } else if (own != depth) {
          return false;
        } else if (llvm::all_of(ArrayRef(iterators).take_back(reductions), isReduction)) {
          entry.part = Part::RowReduce;
          if (!setRow(own - reductions))
            return false;
        } else if (llvm::all_of(ArrayRef(iterators).take_front(reductions), isReduction)) {
          entry.part = Part::ColumnReduce;
        } else {
          return false;
        }
      } else if (own == 0) {
        entry.part = depth == 0 ? Part::Full : Part::Scalar;
      } else if (own < depth) {
        entry.part = Part::Row;
        if (!setRow(own))
          return false;
      }
      if (depth == 0)
        entry.part = Part::Scalar;
      nest.ops.push_back(entry);
    }
    nest.rowLoops = row.value_or(depth == 0 ? 0 : depth - 1);
    return true;
  }

  bool schedule() {
    llvm::SmallPtrSet<Value, 8> kept;
    for (NestOp &entry : nest.ops) {
      for (Value operand : entry.op.getDpsInputs()) {
        auto p = producerOf(operand);
        if (!p)
          continue;
        const NestOp &from = nest.ops[*p];
        bool toScalar = entry.part == Part::Scalar;
        switch (from.part) {
        case Part::Full:
        case Part::Row:
          if (toScalar || (from.part == Part::Full && entry.part == Part::Row))
            return false;
          entry.phase = std::max(entry.phase, from.phase);
          break;
        case Part::RowReduce:
          if (toScalar)
            return false;
          entry.phase = std::max(entry.phase, from.phase + 1);
          break;
        case Part::Scalar:
          if (from.post && !toScalar)
            return false;
          entry.post |= from.post;
          break;
        case Part::ColumnReduce:
          return false;
        case Part::FullReduce:
          if (!toScalar)
            return false;
          entry.post = true;
          break;
        }
      }
      nest.phases = std::max(nest.phases, entry.phase + 1);
    }
    for (NestOp &entry : nest.ops)
      if (entry.part != Part::Row && entry.part != Part::Scalar && !entry.fromRow)
        for (Value operand : entry.op.getDpsInputs())
          if (auto p = producerOf(operand); p && nest.ops[*p].part == Part::Full && nest.ops[*p].phase < entry.phase)
            if (kept.insert(operand).second)
              nest.kept.push_back(operand);
    // A kept row lives on the stack: its size must be known and modest.
    constexpr int64_t maxRowBytes = 32 << 10;
    if (!nest.kept.empty()) {
      int64_t size = nest.innerSize();
      if (ShapedType::isDynamic(size) || size * 8 * static_cast<int64_t>(nest.kept.size()) > maxRowBytes)
        return false;
    }
    return true;
  }
};
} // namespace

std::optional<Nest> analyzeNest(ArrayRef<linalg::GenericOp> ops) {
  NestBuilder builder(ops);
  if (ops.empty() || !builder.run())
    return std::nullopt;
  return std::move(builder.nest);
}

} // namespace cornu::passes
