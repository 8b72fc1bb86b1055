#include "frontend/utils/to_categorical.h"

#include <algorithm>

namespace cornu {

Array to_categorical(const Array &labels, int64_t num_classes) {
  std::vector<int64_t> shape = labels.shape();
  if (shape.size() > 1 && shape.back() == 1) shape.pop_back();
  Array classes = labels.astype(DType::Int64);
  auto all = classes.span<int64_t>();
  if (num_classes == 0)
    for (int64_t label : all) num_classes = std::max(num_classes, label + 1);
  shape.push_back(num_classes);
  Array rows(shape, DType::Float32);
  auto out = rows.span<float>();
  for (size_t i = 0; i < all.size(); ++i) {
    if (all[i] < 0 || all[i] >= num_classes)
      throw UserError("to_categorical: labels must be in 0 … " + std::to_string(num_classes - 1), std::to_string(all[i]));
    out[i * static_cast<size_t>(num_classes) + static_cast<size_t>(all[i])] = 1;
  }
  return rows;
}

} // namespace cornu
