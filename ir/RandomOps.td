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
    `state` holds (seed, step), as Keras's SeedGenerator does. Element i (row-major) is the first word of Philox2x32-10
    with key = low word of the seed, counter = (i, low word of step); its upper 24 bits become the fraction. The same
    state gives the same numbers everywhere; the caller advances the step. (Salmon et al., "Parallel random numbers: as
    easy as 1, 2, 3", SC'11.)
  }];
  let arguments = (ins 1DTensorOf<[I64]>:$state);
  let results = (outs Cornu_FloatTensor:$y);
  let assemblyFormat = "$state attr-dict `:` type($state) `to` type($y)";
  let hasVerifier = 1;
}

} // opDocGroup

#endif
