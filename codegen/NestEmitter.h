// Nests of element-wise ops and reductions: outer loops over rows, within a row one vectorised loop a phase, phases
// separated by the row reductions that later ops read. Values pass between ops as vectors, between phases through a row buffer.
#pragma once

#include "codegen/KernelBuilder.h"

namespace cornu::codegen {

class NestEmitter {
public:
  NestEmitter(KernelBuilder &kb, const passes::Nest &nest, mlir::ValueRange yielded);
  mlir::LogicalResult run();

private:
  struct Accesses {
    llvm::SmallVector<std::optional<passes::Access>> inputs, outputs;   // in terms of the group's loops; nullopt: a value of the group, or not stored
    std::optional<passes::Indirection> indirection;
  };
  struct Loaded {
    mlir::Value operand;
    const passes::Access *access;
    mlir::Value value;
  };
  using Vectors = llvm::DenseMap<mlir::Value, mlir::Value>;             // of results of ops
  /// One vector of the innermost loop.
  struct Chunk {
    mlir::Value position;                                               // of its first lane
    Vectors sums;                                                       // what reductions have come to; one over rows that is not among them is in memory
    llvm::SmallVector<Loaded> loaded;
    Vectors values;
    llvm::SmallVector<std::function<void()>> stores;
  };

  KernelBuilder &kb;
  const passes::Nest &nest;
  llvm::SmallVector<int64_t> extents;
  unsigned rowLoops = 0, lanes = 0;
  llvm::SmallVector<Accesses> accesses;
  llvm::SmallPtrSet<mlir::Value, 8> stored;
  llvm::SmallVector<mlir::Value> ivs;
  std::optional<KernelBuilder::Range> columns;                          // this call's share of the innermost loop
  Vectors rowValues;                                                    // scalars: of this row, or of the whole kernel
  Vectors totals;                                                       // result of a reduction of everything → its vector in scratch
  Vectors keptRows;                                                     // Full value → its row in scratch
  using Hoisted = llvm::DenseMap<std::pair<mlir::Operation *, unsigned>, mlir::Value>;
  Hoisted hoisted;                                                      // loads that do not vary within a row
  Chunk *chunk = nullptr;                                               // the vector being written

  //===-- Order of loops: NestEmitter.cpp ----------------------------------===//

  bool producedHere(mlir::Value value) const;
  passes::Access widen(passes::Access access) const;
  /// Joins neighbouring loops that every access walks as one, so that short inner dimensions do not shorten the vectors.
  void mergeLoops();
  /// Ops without loops.
  void scalars(bool post);
  void prepare();
  void clearColumns(const passes::NestOp &entry, unsigned result, const passes::Access &output);
  void finishFullReductions();
  Work work() const;
  /// True if rows, or the elements of a single one, can be computed apart.
  bool separable() const;
  /// True if everything but sums over rows is point-wise: columns can be computed apart, and several rows at a time.
  bool columnar() const;
  void emitShare(Work work);
  void emitRows(unsigned d);

  //===-- Rows: NestRows.cpp -----------------------------------------------===//

  /// Where operand `number` of the op (results count last) lies in this point of the loops.
  mlir::Value addressOf(const passes::NestOp &entry, const Accesses &access, unsigned number);
  /// The row of a table that the op's index, the same for all lanes, stands for.
  mlir::Value rowOf(const passes::NestOp &entry, const Accesses &access);
  /// A Row or Scalar op.
  /// What a body computed on scalars is given, but for accumulators.
  llvm::SmallVector<mlir::Value> scalarOperands(mlir::linalg::GenericOp op, const Accesses &access);
  void evaluateScalar(const passes::NestOp &entry, const Accesses &access);
  void storeScalar(mlir::Value result, mlir::Value value, const std::optional<passes::Access> &output);
  /// A value computed as a scalar in this kernel, or a constant tensor of one element.
  mlir::Value scalarOf(mlir::Value operand);
  void accumulateRow(const passes::NestOp &entry, const Accesses &access);
  /// Loads what does not vary within this row.
  void enterRow();
  void emitRow();
  /// A nest whose sums are over rows: some rows at a time, each sum in a register meanwhile.
  void emitColumnarRows();

  //===-- Inside of a row: NestChunks.cpp ------------------------------------===//

  void emitPhase(unsigned phase);
  llvm::SmallVector<mlir::Value> emitLoops(unsigned phase, unsigned d, llvm::ArrayRef<mlir::Value> results, llvm::SmallVector<mlir::Value> sums, unsigned sets);
  /// Runs `body` for the vectors of the innermost loop, `sets` neighbours at a time, each with a set of `sums`.
  llvm::SmallVector<mlir::Value> overVectors(llvm::SmallVector<mlir::Value> sums, unsigned sets,
                                             llvm::function_ref<void(Lanes, llvm::MutableArrayRef<Chunk>, llvm::MutableArrayRef<mlir::Value> sums)> body);
  /// One at a time, at ivs.back().
  void overVectors(llvm::function_ref<void(Lanes)> body);
  /// True for ops that run for each vector of a row.
  static bool runsInChunks(const passes::NestOp &entry);
  /// Loads what the ops of a phase read from memory, each vector once.
  void load(unsigned phase, Lanes width);
  /// Asks for what the first phase will read some rows on, so that it arrives while this one is computed.
  void prefetch(int64_t rows);
  /// What was loaded of an operand, or null.
  mlir::Value find(mlir::Value operand, const passes::Access &access) const;
  mlir::Value operandOf(const passes::NestOp &entry, const Accesses &access, unsigned i, Lanes width);
  /// Position in a kept row.
  mlir::Value keptAddress();
  mlir::Value neutral(mlir::Value result, Lanes width);
  /// Ops of a phase on some vectors, each op on all of them before the next. What they read is loaded first and what they write stored last, so that results may
  /// lie where operands do.
  void emitChunks(unsigned phase, Lanes width, llvm::MutableArrayRef<Chunk> chunks);
  /// One op on the vector being written.
  void evaluate(const passes::NestOp &entry, const Accesses &access, Lanes width);
};

} // namespace cornu::codegen
