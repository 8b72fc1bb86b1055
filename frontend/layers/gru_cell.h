// GRUCell: a step of GRU.
#pragma once

#include "frontend/activations/activations.h"
#include "frontend/layers/gates.h"

namespace cornu {

struct GRUCellOptions {
  ActivationFunction activation = "tanh";
  ActivationFunction recurrent_activation = "sigmoid";   ///< of the gates
  CORNU_RECURRENT_INITIALIZERS;
  CORNU_RECURRENT_RULES;
  bool reset_after = true;                        ///< r after the product with the recurrent kernel, not before
  CORNU_CELL_OPTIONS;
};

/// With σ the recurrent_activation, of x · kernel + bias = [z', r', h'] and h · recurrent_kernel: z ← σ(z' + …), r ← σ(r' + …),
/// ĥ ← activation(h' + r (h · U + b)) with reset_after, whose bias is (2, 3 units), one row for each product; otherwise
/// ĥ ← activation(h' + (r h) · U). h ← z h + (1 - z) ĥ is the output. (Cho et al., 2014.)
class GRUCell : public GatedCell<GRUCell> {
public:
  explicit GRUCell(int64_t units, GRUCellOptions options = {});
  std::string class_name() const override { return "GRUCell"; }
  Json get_config() const override;
  void build(const Shape &step);
  Step step(const Tensor &x, const States &states) override;

private:
  GRUCellOptions given;
};

} // namespace cornu
