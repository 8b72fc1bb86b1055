#include "frontend/layers/stacked_rnn_cells.h"

#include "frontend/layers/options.h"
#include "frontend/saving/model_config.h"

namespace cornu {

StackedRNNCells::StackedRNNCells(std::vector<AnyCell> given, StackedRNNCellsOptions options)
    : Cell({.name = options.name, .trainable = options.trainable, .dtype = options.dtype}), cells(std::move(given)) {
  if (cells.empty()) fail("needs at least one cell");
}

std::vector<std::shared_ptr<BaseLayer>> StackedRNNCells::sublayers() const {
  std::vector<std::shared_ptr<BaseLayer>> layers;
  for (const AnyCell &cell : cells) layers.push_back(cell.layer());
  return layers;
}

std::vector<int64_t> StackedRNNCells::state_size() const {
  std::vector<int64_t> sizes;
  for (const AnyCell &cell : cells)
    for (int64_t size : cell->state_size()) sizes.push_back(size);
  return sizes;
}

void StackedRNNCells::build(const Shape &step) {
  Shape input = step;
  for (const AnyCell &cell : cells) {
    cell.build(input);
    input = {step[0], cell->output_size()};
  }
}

void StackedRNNCells::begin(const Shape &step) {
  Shape input = step;
  for (const AnyCell &cell : cells) {
    cell->begin(input);
    input = {step[0], cell->output_size()};
  }
}

CellContract::Step StackedRNNCells::step(const Tensor &x, const States &states) {
  Step all{x, {}};
  auto next = states.begin();
  for (const AnyCell &cell : cells) {
    auto end = next + static_cast<int64_t>(cell->state_size().size());
    Step made = cell.step(all.output, States(next, end));
    all.output = made.output;
    all.states.insert(all.states.end(), made.states.begin(), made.states.end());
    next = end;
  }
  return all;
}

Json StackedRNNCells::get_config() const {
  Json c = Layer::get_config();
  Json list = Json::list();
  for (const AnyCell &cell : cells) list.push_back(saving::layerEnvelope(*cell.layer()));
  c["cells"] = list;
  return c;
}

static const LayerRegistration registration("StackedRNNCells", [](const Json &c) {
  std::vector<AnyCell> cells;
  for (const Json &entry : c.at("cells").asList()) cells.push_back(AnyCell(BaseLayer::deserialize(entry)));
  LayerOptions base = config::layerOptions(c);
  return StackedRNNCells(std::move(cells), {.trainable = base.trainable, .dtype = base.dtype, .name = base.name}).shared();
});

} // namespace cornu
