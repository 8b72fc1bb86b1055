#include "frontend/layers/windowed.h"

#include <algorithm>

namespace cornu {

void checkDataFormat(const BaseLayer &layer, const std::string &format) { ops::checkDataFormat(titleOf(layer), format); }

void checkPadding(const BaseLayer &layer, const std::string &padding, std::initializer_list<const char *> known) {
  std::vector<std::string> names(known.begin(), known.end());
  if (std::find(names.begin(), names.end(), padding) == names.end()) layer.fail("padding must be one of " + quotedList(names), "padding='" + padding + "'");
}

void refuseStridesWithDilation(const BaseLayer &layer, const std::vector<int64_t> &strides, const std::vector<int64_t> &dilation) {
  auto above1 = [](int64_t n) { return n > 1; };
  if (std::any_of(strides.begin(), strides.end(), above1) && std::any_of(dilation.begin(), dilation.end(), above1))
    layer.fail("strides above 1 and dilation_rate above 1 exclude each other", "strides=" + shapeString(strides) + ", dilation_rate=" + shapeString(dilation));
}

int64_t channelsOf(const BaseLayer &layer, const Shape &input, const std::string &format, size_t rank) {
  if (input.size() != rank + 2)
    layer.fail("the input must have " + std::to_string(rank + 2) + " axes: the batch, " + (rank == 1 ? "steps" : "rows, columns") + " and channels",
               "shape=" + shapeString(input));
  return format == "channels_last" ? input.back() : input[1];
}

void checkInput(const BaseLayer &layer, const Tensor &x, int64_t channels, const std::string &format, size_t rank) {
  if (channelsOf(layer, x.shape(), format, rank) != channels)
    layer.fail("the input must have the channels that the layer was built for, " + std::to_string(channels), "shape=" + shapeString(x.shape()));
}

Json writeEdges(const std::vector<std::array<int64_t, 2>> &edges) {
  Json list = Json::list();
  for (auto [before, after] : edges) list.push_back(Json(std::vector<int64_t>{before, after}));
  return edges.size() == 1 ? list.asList().front() : list;
}

void checkEdges(const BaseLayer &layer, const char *name, const std::vector<std::array<int64_t, 2>> &edges, const char *forms) {
  bool valid = !edges.empty();
  for (auto [before, after] : edges) valid = valid && before >= 0 && after >= 0;
  if (!valid) layer.fail(std::string(name) + " must be " + forms + ", none negative", std::string(name) + "=" + (edges.empty() ? "another number of them" : writeEdges(edges).dump()));
}

Tensor alongChannels(const Tensor &numbers, int64_t rank, const std::string &format) {
  if (format == "channels_last") return numbers;
  Shape shape(static_cast<size_t>(rank) - 1, 1);
  shape.front() = numbers.dim(0);
  return reshape(numbers, shape);
}

} // namespace cornu
