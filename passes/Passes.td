// The passes on cornu modules; one file of C++ each.
#ifndef CORNU_PASSES_TD
#define CORNU_PASSES_TD

include "mlir/Pass/PassBase.td"

def GradientPass : Pass<"cornu-gradient", "::mlir::ModuleOp"> {
  let summary = "replace cornu.gradient by the ops of the backward pass";
  let description = [{
    For each `cornu.gradient`, the ops that lead from a `wrt` value to the loss are walked once, last to first. Each op's `buildVjp`
    turns the cotangents of its results into those of its operands; a value used more than once sums what flows back. A value on which the loss does not
    depend gets zeros. Ops marked NotDifferentiable, and integral values, pass nothing on. An op that leads to the loss
    and has no rule is an error.

    Before:
    ```mlir
    %y = cornu.multiply %x, %x : tensor<f32>, tensor<f32>
    %dx = cornu.gradient %y wrt %x : tensor<f32>, (tensor<f32>)
    ```
    After, simplified:
    ```mlir
    %dx = cornu.add %x, %x : tensor<f32>, tensor<f32>
    ```
  }];
  let dependentDialects = ["::cornu::ir::CornuDialect"];
}

def InferShapesPass : Pass<"cornu-infer-shapes", "::mlir::ModuleOp"> {
  let summary = "give the batch a number and infer all shapes again";
  let description = [{
    For programs that always see one batch size: every `?` becomes `batch`, from the arguments of each function through its ops. What
    depended on the batch at run time becomes constant.

    Before:
    ```mlir
    func.func @f(%x: tensor<?x4xf32>) -> tensor<?x4xf32> { %y = cornu.relu %x : tensor<?x4xf32> … }
    ```
    After, with `batch=8`:
    ```mlir
    func.func @f(%x: tensor<8x4xf32>) -> tensor<8x4xf32> { %y = cornu.relu %x : tensor<8x4xf32> … }
    ```
  }];
  let options = [Option<"batch", "batch", "int64_t", "1", "extent of the batch, at least 1">];
}

def HoistInvariantsPass : Pass<"cornu-hoist-invariants", "::mlir::ModuleOp"> {
  let summary = "move what does not change out of loops";
  let description = [{
    Ops in a `cornu.scan` that depend on nothing of the step run once, before the loop.
  }];
}

def HoistProjectionsPass : Pass<"cornu-hoist-projections", "::mlir::ModuleOp"> {
  let summary = "contract the slices of all steps at once, before the loop";
  let description = [{
    An einsum in a `cornu.scan` that depends on slices and on values from above alone becomes one einsum over whole sequences; with it go the
    element-wise ops that make its operands, and those that follow it and need nothing else.

    Before:
    ```mlir
    %h = cornu.scan init(%h0) over(%xs) axis 1 length 20 … {
    ^bb0(%h: tensor<?x64xf32>, %x: tensor<?x32xf32>):
      %p = cornu.einsum "bk,kn->bn" %x, %w : tensor<?x32xf32>, tensor<32x64xf32>
      …
    }
    ```
    After:
    ```mlir
    %ps = cornu.einsum "btk,kn->btn" %xs, %w : tensor<?x20x32xf32>, tensor<32x64xf32>
    %h = cornu.scan init(%h0) over(%xs, %ps) axis 1 length 20 … {
    ^bb0(%h: tensor<?x64xf32>, %x: tensor<?x32xf32>, %p: tensor<?x64xf32>):
      …
    }
    ```
  }];
}

def CutScansPass : Pass<"cornu-cut-scans", "::mlir::ModuleOp"> {
  let summary = "contract the slices of some steps at once, before those";
  let description = [{
    Where an einsum over whole sequences serves a `cornu.scan` alone and makes more than the second-level cache holds, the loop becomes one over blocks of
    steps, each of which starts with the block's part of the einsum, and of what serves nothing else: element-wise ops and look-ups. So what they make is
    read while it is near, and memory holds it of one block. Whatever else the loop reads step by step, it reads block by block; lengths without a fitting
    divisor stay.

    Before:
    ```mlir
    %ps = cornu.einsum "btk,kn->btn" %xs, %w : tensor<?x100x128xf32>, tensor<128x256xf32>
    %h = cornu.scan init(%h0) over(%ps) axis 1 length 100 … { … }
    ```
    After:
    ```mlir
    %blocks = cornu.reshape %xs : tensor<?x100x128xf32> to tensor<?x10x10x128xf32>
    %h = cornu.scan init(%h0) over(%blocks) axis 1 length 10 … {
    ^bb0(%h1: tensor<?x64xf32>, %x: tensor<?x10x128xf32>):
      %p = cornu.einsum "btk,kn->btn" %x, %w : tensor<?x10x128xf32>, tensor<128x256xf32>
      %h2 = cornu.scan init(%h1) over(%p) axis 1 length 10 … { … }
      cornu.yield %h2 : tensor<?x64xf32>
    }
    ```
  }];
}

def SinkSumsPass : Pass<"cornu-sink-sums", "::mlir::ModuleOp"> {
  let summary = "sum over all steps at once, after the loop";
  let description = [{
    A carried value to which each step only adds an einsum (the gradient of a weight) or a reduction (of a bias) leaves the loop: its operands
    are stacked, and one einsum or reduction over time and all follows.

    Before:
    ```mlir
    %dw = cornu.scan init(%zero) over(%as, %bs) axis 1 length 20 … {
    ^bb0(%sum: tensor<32x64xf32>, %a: tensor<?x32xf32>, %b: tensor<?x64xf32>):
      %part = cornu.einsum "bk,bn->kn" %a, %b : tensor<?x32xf32>, tensor<?x64xf32>
      %next = cornu.add %sum, %part : tensor<32x64xf32>, tensor<32x64xf32>
      cornu.yield %next : tensor<32x64xf32>
    }
    ```
    After:
    ```mlir
    %dw = cornu.einsum "btk,btn->kn" %as, %bs : tensor<?x20x32xf32>, tensor<?x20x64xf32>
    ```
  }];
}

def SinkScattersPass : Pass<"cornu-sink-scatters", "::mlir::ModuleOp"> {
  let summary = "work on the rows of a sum instead of on its table";
  let description = [{
    What is linear in a table of zeros to which rows were added is done to the rows, and a table that such a sum is added to is what the rows are added
    to. Element-wise ops on a table of which only rows are looked up work on these. So a step of SGD or RMSprop moves only the rows of an
    embedding that its batch looked up. Left alone where there are more indices than rows.

    Before:
    ```mlir
    %g = cornu.scatter_add %rows[%ids] : tensor<?x20x64xf32>, tensor<?x20xi32> to tensor<1000x64xf32>
    %s = cornu.multiply %rate, %g : tensor<f32>, tensor<1000x64xf32>
    %w = cornu.subtract %w0, %s : tensor<1000x64xf32>, tensor<1000x64xf32>
    ```
    After:
    ```mlir
    %s = cornu.multiply %rate, %rows : tensor<f32>, tensor<?x20x64xf32>
    %n = cornu.negate %s : tensor<?x20x64xf32>
    %w = cornu.scatter_add %n[%ids] into %w0 : tensor<?x20x64xf32>, tensor<?x20xi32>, tensor<1000x64xf32> to tensor<1000x64xf32>
    ```
  }];
}

def DecomposePass : Pass<"cornu-decompose", "::mlir::ModuleOp"> {
  let summary = "write composite ops as simpler ones";
  let description = [{
    softmax, log_softmax and argmax become reductions and element-wise ops, max_pool element-wise ops on strided slices, which form-kernels puts
    back into one kernel. A convolution over an x with zeros between its elements (the gradient of a strided one, say) becomes one without
    them for each phase of its result.

    Before:
    ```mlir
    %y = cornu.softmax %x dims [1] : tensor<?x10xf32>
    ```
    After:
    ```mlir
    %m = cornu.reduce_max %x dims [1] keepdims : tensor<?x10xf32>
    %c = cornu.subtract %x, %m : tensor<?x10xf32>, tensor<?x1xf32>
    %e = cornu.exp %c : tensor<?x10xf32>
    %s = cornu.reduce_sum %e dims [1] keepdims : tensor<?x10xf32>
    %y = cornu.divide %e, %s : tensor<?x10xf32>, tensor<?x1xf32>
    ```
  }];
}

def FoldConstantsPass : Pass<"cornu-fold-constants", "::mlir::ModuleOp"> {
  let summary = "compute what depends on constants alone";
  let description = [{
    The reference interpreter evaluates ops whose operands are constants, unless that would make the program larger. Simplification knows only constants
    of one value; this pass knows all. What depends on weights is left to be computed: weights are variables, and ahead of time as in the process the
    same code runs on them.

    Before:
    ```mlir
    %v = cornu.constant dense<[1.0, 4.0]> : tensor<2xf32>
    %s = cornu.sqrt %v : tensor<2xf32>
    ```
    After:
    ```mlir
    %s = cornu.constant dense<[1.0, 2.0]> : tensor<2xf32>
    ```
  }];
}

def LowerToLinalgPass : Pass<"cornu-lower-to-linalg", "::mlir::ModuleOp"> {
  let summary = "turn cornu ops into linalg.generic";
  let description = [{
    Each element-wise op, reduction and contraction becomes one `linalg.generic` whose loops run over the dimensions of extent other than 1.
    Broadcasts become indexing maps, splat constants part of the bodies. reshape, slice and concatenate remain for the memory planner,
    and pad where the contraction that reads it leaves out what is not there (`cornu.edges`).

    Before:
    ```mlir
    %y = cornu.add %x, %b : tensor<?x64xf32>, tensor<64xf32>
    ```
    After:
    ```mlir
    %y = linalg.generic {indexing_maps = [(d0, d1) -> (d0, d1), (d0, d1) -> (d1), (d0, d1) -> (d0, d1)],
                         iterator_types = ["parallel", "parallel"]} ins(%x, %b) outs(%e) { arith.addf … }
    ```
  }];
  let dependentDialects = ["::mlir::linalg::LinalgDialect", "::mlir::tensor::TensorDialect", "::mlir::arith::ArithDialect",
                           "::mlir::math::MathDialect"];
}

def FormKernelsPass : Pass<"cornu-form-kernels", "::mlir::ModuleOp"> {
  let summary = "group structured ops into kernels";
  let description = [{
    First each contraction takes the element-wise ops that can run on its accumulators; then the remaining ops join the
    kernels of their operands while they still form one nest of loops. No group is formed that a path leaves and re-enters.
    Then nests over the same loops that read the same tensor become one, and what a nest stores for others, but they could cheaply
    compute from what they read anyway, is computed there.

    Before: `linalg.generic` (matmul), `linalg.generic` (add), `linalg.generic` (relu).
    After:
    ```mlir
    %h = cornu.kernel "fc1.matmul_add_relu" %x, %w, %b : (…) -> tensor<?x64xf32> { … }
    ```
  }];
  let dependentDialects = ["::cornu::ir::CornuDialect"];
}

def PlanMemoryPass : Pass<"cornu-plan-memory", "::mlir::ModuleOp"> {
  let summary = "order the kernels, place every value in memory, outline the kernels as functions";
  let description = [{
    Each function becomes a list of launches on pointers. A value lies in the function's inputs, outputs or variables, or in the workspace: static
    sizes first, then those proportional to the batch, then those to its square, values that do not live at the same time sharing memory. An assigned variable is
    written in place if every reader of its old value can run before; so is a carried value of a loop, or else two buffers take turns. A `cornu.scan`
    becomes an `scf.for`, its slices and outputs pointers that move with time.
    The function says what it needs in `cornu.workspace = [fixed, per row, per pair of rows]`. Equal kernels become one function.
  }];
  let dependentDialects = ["::mlir::LLVM::LLVMDialect", "::mlir::func::FuncDialect", "::mlir::arith::ArithDialect", "::mlir::scf::SCFDialect"];
}

#endif
