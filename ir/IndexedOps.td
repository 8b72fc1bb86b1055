// Rows found by number.
#ifndef CORNU_INDEXED_OPS_TD
#define CORNU_INDEXED_OPS_TD

include "ir/CornuDialect.td"

def Cornu_IndexTensor : Cornu_TensorOf<[I32, I64], "ranked tensor of i32 or i64">;

def Cornu_IndexedGroup : OpDocGroup {
  let summary = "Rows by number";
  let description = [{
    A negative index counts from the end. An index outside of the table is taken as that of the nearest row: no index reads or writes beyond it.
  }];
}
let opDocGroup = Cornu_IndexedGroup in {

def GatherOp : Cornu_Op<"gather", [Pure, InferType, Differentiable]> {
  let summary = "the rows of a table that indices name";
  let description = [{
    ```mlir
    %y = cornu.gather %table[%ids] : tensor<1000x64xf32>, tensor<?x20xi32>     // tensor<?x20x64xf32>
    ```
  }];
  let arguments = (ins Cornu_Tensor:$table, Cornu_IndexTensor:$indices);
  let results = (outs Cornu_Tensor:$y);
  let assemblyFormat = "$table `[` $indices `]` attr-dict `:` type($table) `,` type($indices)";
}

def ScatterAddOp : Cornu_Op<"scatter_add", [Pure, Differentiable]> {
  let summary = "a table to whose rows, as indices name them, rows are added; without one, a table of zeros";
  let description = [{
    ```mlir
    %t = cornu.scatter_add %rows[%ids] : tensor<?x20x64xf32>, tensor<?x20xi32> to tensor<1000x64xf32>
    %u = cornu.scatter_add %rows[%ids] into %w : tensor<?x20x64xf32>, tensor<?x20xi32>, tensor<1000x64xf32> to tensor<1000x64xf32>
    ```
  }];
  let arguments = (ins Cornu_FloatTensor:$rows, Cornu_IndexTensor:$indices, Optional<Cornu_FloatTensor>:$into);
  let results = (outs Cornu_FloatTensor:$table);
  let assemblyFormat = "$rows `[` $indices `]` (`into` $into^)? attr-dict `:` type($rows) `,` type($indices) (`,` type($into)^)? `to` type($table)";
  let builders = [OpBuilder<(ins "::mlir::Type":$table, "::mlir::Value":$rows, "::mlir::Value":$indices), [{
    build($_builder, $_state, table, rows, indices, ::mlir::Value());
  }]>];
  let hasVerifier = 1;
}

} // opDocGroup

#endif
