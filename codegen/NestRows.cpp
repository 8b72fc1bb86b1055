// Rows of a nest, one after the other or some at a time.
#include "codegen/NestEmitter.h"

#include "mlir/Dialect/Arith/IR/Arith.h"

using namespace mlir;

namespace cornu::codegen {

using passes::Access;
using passes::NestOp;
using passes::Part;

Value NestEmitter::addressOf(const NestOp &entry, const Accesses &access, unsigned number) {
  linalg::GenericOp op = entry.op;
  unsigned inputs = op.getNumDpsInputs();
  const Access &own = number < inputs ? *access.inputs[number] : *access.outputs[number - inputs];
  Value address = kb.address(own, ivs);
  if (!access.indirection || access.indirection->operand != number)
    return address;
  Value operand = number < inputs ? op.getDpsInputs()[number] : op.getResult(number - inputs);
  return kb.add(address, kb.mul(rowOf(entry, access), kb.buffers[operand].strides[0]));
}

Value NestEmitter::rowOf(const NestOp &entry, const Accesses &access) {
  const passes::Indirection &indirection = *access.indirection;
  Value given = operandOf(entry, access, indirection.index, {0, nullptr});
  Value index = arith::IndexCastOp::create(kb.b, kb.loc, kb.b.getIndexType(), given), zero = kb.index(0);
  Value negative = arith::CmpIOp::create(kb.b, kb.loc, arith::CmpIPredicate::slt, index, zero);
  index = arith::SelectOp::create(kb.b, kb.loc, negative, kb.add(index, indirection.rows), index);
  index = arith::MinSIOp::create(kb.b, kb.loc, index, kb.index(indirection.rows - 1));
  return arith::MaxSIOp::create(kb.b, kb.loc, index, zero);
}

SmallVector<Value> NestEmitter::scalarOperands(linalg::GenericOp op, const Accesses &access) {
  SmallVector<Value> operands;
  for (auto [i, operand] : llvm::enumerate(op.getDpsInputs()))
    operands.push_back(access.inputs[i] ? kb.load(kb.buffers[operand].memref, kb.address(*access.inputs[i], ivs), 0, {0, nullptr}) : scalarOf(operand));
  return operands;
}

void NestEmitter::evaluateScalar(const NestOp &entry, const Accesses &access) {
  linalg::GenericOp op = entry.op;
  SmallVector<Value> args = scalarOperands(op, access);
  args.resize(op.getBody()->getNumArguments());
  auto results = kb.evaluate(op, args, [&](unsigned loop) { return ivs[loop]; }, {0, nullptr});
  for (auto [i, result] : llvm::enumerate(op->getResults())) {
    rowValues[result] = results[i];
    storeScalar(result, results[i], access.outputs[i]);
  }
}

void NestEmitter::storeScalar(Value result, Value value, const std::optional<Access> &output) {
  if (output)
    kb.store(value, kb.buffers[result].memref, kb.address(*output, ivs), 0, {0, nullptr});
}

Value NestEmitter::scalarOf(Value operand) {
  auto it = rowValues.find(operand);
  assert(it != rowValues.end() && "operand of a kernel has neither a buffer nor a value");
  return it->second;
}

void NestEmitter::enterRow() {
  hoisted.clear();
  for (auto [entry, access] : llvm::zip_equal(nest.ops, accesses)) {
    if (!runsInChunks(entry))
      continue;
    linalg::GenericOp op = entry.op;
    auto variesInRow = [&](unsigned i) {
      bool indirect = access.indirection && access.indirection->operand == i;
      return indirect || llvm::any_of(ArrayRef(access.inputs[i]->strides).drop_front(rowLoops), [](passes::Stride s) { return s != 0; });
    };
    for (auto [i, operand] : llvm::enumerate(op.getDpsInputs()))
      if (access.inputs[i] && !variesInRow(i))
        hoisted[{op, i}] = kb.load(kb.buffers[operand].memref, kb.address(*access.inputs[i], ivs), 0, {0, nullptr});
  }
}

void NestEmitter::emitRow() {
  enterRow();
  for (unsigned phase = 0; phase < nest.phases; ++phase) {
    for (auto [entry, access] : llvm::zip_equal(nest.ops, accesses)) {
      if (entry.phase != phase)
        continue;
      if (entry.part == Part::Row)
        evaluateScalar(entry, access);
      else if (entry.part == Part::FullReduce && entry.fromRow)
        accumulateRow(entry, access);
    }
    if (llvm::any_of(nest.ops, [&](const NestOp &entry) { return entry.phase == phase && runsInChunks(entry); }))
      emitPhase(phase);
  }
}

void NestEmitter::accumulateRow(const NestOp &entry, const Accesses &access) {
  linalg::GenericOp op = entry.op;
  SmallVector<Value> args = scalarOperands(op, access);
  for (Value result : op->getResults())
    args.push_back(kb.load(totals[result], kb.index(0), 0, {0, nullptr}));
  auto results = kb.evaluate(op, args, [&](unsigned loop) { return ivs[loop]; }, {0, nullptr});
  for (auto [result, value] : llvm::zip_equal(op->getResults(), results))
    kb.store(value, totals[result], kb.index(0), 0, {0, nullptr});
}

/// Rows that are summed together: enough to pay for reading and writing the sums, if the body is short.
static int64_t rowsTogether(int64_t bodyCost) { return bodyCost <= 16 ? 4 : 2; }

void NestEmitter::emitColumnarRows() {
  unsigned d = rowLoops - 1;
  int64_t cost = 0;
  SmallVector<std::pair<Value, const Access *>> sums;
  for (auto [entry, access] : llvm::zip_equal(nest.ops, accesses)) {
    linalg::GenericOp op = entry.op;
    cost += bodyCost(op);
    if (entry.part == Part::ColumnReduce)
      for (auto [i, result] : llvm::enumerate(op->getResults()))
        sums.emplace_back(result, &*access.outputs[i]);
  }
  auto some = [&](Value first, int64_t rows) {
    SmallVector<Hoisted> ofRow;
    for (int64_t r = 0; r < rows; ++r) {
      ivs[d] = kb.add(first, r);
      enterRow();
      ofRow.push_back(hoisted);
    }
    overVectors([&](Lanes width) {
      Chunk whole;
      whole.position = ivs.back();
      for (auto [result, access] : sums)
        whole.sums[result] = kb.load(kb.buffers[result].memref, kb.address(*access, ivs), access->strides.back(), width);
      for (int64_t r = 0; r < rows; ++r) {
        ivs[d] = kb.add(first, r);
        hoisted = ofRow[r];
        prefetch(rows);
        Chunk part = whole;
        emitChunks(0, width, part);
        whole.sums = part.sums;
      }
      for (auto [result, access] : sums)
        kb.store(whole.sums[result], kb.buffers[result].memref, kb.address(*access, ivs), access->strides.back(), width);
    });
    ivs[d] = nullptr;
  };
  Value end = kb.extent(extents[d]);
  int64_t together = rowsTogether(cost);
  Value middle = kb.sub(end, kb.b.createOrFold<arith::RemUIOp>(kb.loc, end, kb.index(together)));
  kb.loop(kb.index(0), middle, together, [&](Value first) { some(first, together); });
  kb.loop(middle, end, 1, [&](Value row) { some(row, 1); });
}

} // namespace cornu::codegen
