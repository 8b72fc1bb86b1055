// Every op of the dialect, by family.
include "ir/ElementwiseOps.td"
include "ir/ContractionOps.td"
include "ir/ReductionOps.td"
include "ir/ShapeOps.td"
include "ir/RandomOps.td"
include "ir/StateOps.td"
include "ir/KernelOps.td"
include "ir/ScanOp.td"
