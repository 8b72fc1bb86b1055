// SimpleRNNCell: a step of SimpleRNN.
#pragma once

#include "frontend/activations/activations.h"
#include "frontend/layers/gates.h"

namespace cornu {

struct SimpleRNNCellOptions {
  ActivationFunction activation = "tanh";
  CORNU_RECURRENT_INITIALIZERS;
  CORNU_RECURRENT_RULES;
  CORNU_CELL_OPTIONS;
};

/// h ← activation(x · kernel + h · recurrent_kernel + bias); the output is the state h.
class SimpleRNNCell : public GatedCell<SimpleRNNCell> {
public:
  explicit SimpleRNNCell(int64_t units, SimpleRNNCellOptions options = {});
  std::string class_name() const override { return "SimpleRNNCell"; }
  Json get_config() const override;
  void build(const Shape &step);
  Step step(const Tensor &x, const States &states) override;

private:
  SimpleRNNCellOptions given;
};

} // namespace cornu
