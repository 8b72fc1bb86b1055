#include "frontend/training/weights.h"

#include <cmath>

namespace cornu {

std::vector<Array> sampleWeights(const std::string &what, const Data &given, const std::vector<std::string> &outputs, int64_t rows) {
  if (!given.given()) return {};
  std::vector<Array> weights;
  if (const Array *one = given.single(); one && outputs.size() > 1) {
    bool ofSamples = one->rank() == 1 || (one->rank() == 2 && one->dim(1) == 1);
    if (!ofSamples)
      throw UserError(what + " as one array for several outputs must hold one weight for each sample; give one array for each of " + quotedList(outputs),
                      "shape=" + shapeString(one->shape()));
    weights.assign(outputs.size(), *one);
  } else {
    weights = given.resolve(what, outputs);
  }
  for (size_t i = 0; i < weights.size(); ++i) {
    int64_t have = weights[i].rank() ? weights[i].dim(0) : 0;
    if (have != rows)
      throw UserError(what + (outputs.size() > 1 ? " '" + outputs[i] + "'" : "") + " must hold as many rows as there are samples, " + std::to_string(rows), std::to_string(have));
    weights[i] = weights[i].astype(DType::Float32);
  }
  return weights;
}

Array classWeights(const std::string &caller, const Array &y, const ClassWeight &weights) {
  int64_t rows = y.rank() ? y.dim(0) : 0, width = y.rank() == 2 ? y.dim(1) : 1;
  if (y.rank() < 1 || y.rank() > 2 || width == 0)
    throw UserError(caller + ": class_weight takes targets of one class a sample, of shape (None,), (None, 1) or (None, classes)", "shape=" + shapeString(y.shape()));
  Array counts({rows}, DType::Float32);
  for (int64_t i = 0; i < rows; ++i) {
    int64_t label = width == 1 ? static_cast<int64_t>(std::nearbyint(y.at(i))) : 0;
    for (int64_t k = 1; k < width; ++k)
      if (y.at(i * width + k) > y.at(i * width + label)) label = k;
    auto found = weights.find(label);
    counts.set(i, found == weights.end() ? 1 : found->second);
  }
  return counts;
}

} // namespace cornu
