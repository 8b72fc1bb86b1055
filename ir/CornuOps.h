// Every op of the dialect, generated from the .td files.
#pragma once

#include "ir/CornuDialect.h"
#include "ir/Terms.h"
#include "mlir/Bytecode/BytecodeOpInterface.h"
#include "mlir/IR/Builders.h"
#include "mlir/IR/BuiltinAttributes.h"
#include "mlir/IR/BuiltinTypes.h"
#include "mlir/IR/OpImplementation.h"
#include "mlir/IR/SymbolTable.h"
#include "mlir/Interfaces/InferTypeOpInterface.h"
#include "mlir/Interfaces/SideEffectInterfaces.h"

#include "ir/CornuEnums.h.inc"
#include "ir/Differentiable.h.inc"

#define GET_OP_CLASSES
#include "ir/CornuOps.h.inc"
