// StackedRNNCells: cells on top of each other, as one.
#pragma once

#include "frontend/layers/cell.h"

namespace cornu {

struct StackedRNNCellsOptions {
  bool trainable = true;
  std::string dtype = "float32";
  std::string name = "";
};

/// Each cell gets the output of the one before. The states are those of the first cell, then those of the second …
class StackedRNNCells : public Cell<StackedRNNCells> {
public:
  explicit StackedRNNCells(std::vector<AnyCell> cells, StackedRNNCellsOptions options = {});
  std::string class_name() const override { return "StackedRNNCells"; }
  Json get_config() const override;
  std::vector<std::shared_ptr<BaseLayer>> sublayers() const override;
  std::string sublayer_list() const override { return "cells"; }
  std::vector<int64_t> state_size() const override;
  int64_t output_size() const override { return cells.back()->output_size(); }
  void build(const Shape &step);
  void begin(const Shape &step) override;
  Step step(const Tensor &x, const States &states) override;

private:
  std::vector<AnyCell> cells;
};

} // namespace cornu
