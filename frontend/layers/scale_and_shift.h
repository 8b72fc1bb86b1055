// The options of gamma and beta, which several normalising layers have.
#pragma once

#include "frontend/core/layer.h"

#define CORNU_SCALE_AND_SHIFT_OPTIONS                                                                                                          \
  bool center = true; /* beta is added */                                                                                                      \
  bool scale = true;  /* times gamma */                                                                                                        \
  Initializer beta_initializer = "zeros";                                                                                                      \
  Initializer gamma_initializer = "ones";                                                                                                      \
  Regularizer beta_regularizer = {};                                                                                                           \
  Regularizer gamma_regularizer = {};                                                                                                          \
  Constraint beta_constraint = {};                                                                                                             \
  Constraint gamma_constraint = {}
