// Counter-based randomness.
#ifndef CORNU_RANDOM_OPS_TD
#define CORNU_RANDOM_OPS_TD

include "ir/CornuDialect.td"

def Cornu_RandomGroup : OpDocGroup {
  let summary = "Randomness";
  let description = "Counter-based: the same state gives the same numbers, in any order, on any number of threads.";
}
let opDocGroup = Cornu_RandomGroup in {

def RandomUniformOp : Cornu_Op<"random_uniform", [Pure, NotDifferentiable]> {
  let summary = "uniform in [0, 1): Philox2x32-10 of (element index, step) under the seed";
  let description = [{
    `state` holds (seed, step), as Keras's SeedGenerator does. Element i (row-major) is word i mod 2 of Philox2x32-10
    with key = low word of the seed, counter = (i / 2, low word of step); its upper 24 bits become the fraction. The same
    state gives the same numbers everywhere; the caller advances the step. (Salmon et al., "Parallel random numbers: as
    easy as 1, 2, 3", SC'11.)
  }];
  let arguments = (ins 1DTensorOf<[I64]>:$state);
  let results = (outs Cornu_FloatTensor:$y);
  let assemblyFormat = "$state attr-dict `:` type($state) `to` type($y)";
  let hasVerifier = 1;
}

def PhiloxOp : Cornu_Op<"philox", [Pure]> {
  let summary = "one random word, in the body of a structured op";
  let description = [{
    Word i mod 2 of the block that counter (i / 2, low word of step) gives under the low word of the seed, where i = base + offset. `offset` is
    the position along the innermost loop; base is even where `even_base` says so, so that the emitters can use both words of a block.
  }];
  let arguments = (ins I64:$seed, I64:$step, I64:$base, I64:$offset, UnitAttr:$even_base);
  let results = (outs I32:$word);
  let assemblyFormat = "$seed `,` $step `at` $base `,` $offset (`even` $even_base^)? attr-dict";
}

} // opDocGroup

#endif
