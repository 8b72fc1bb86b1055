#include "frontend/saving/keras_names.h"

#include <algorithm>
#include <array>

namespace cornu::saving {
namespace {
constexpr auto unbuilt = std::to_array<std::string_view>({"Activation", "ActivityRegularization", "AlphaDropout", "Dropout", "ELU", "GaussianDropout",
                                                          "GaussianNoise", "Identity", "InputLayer", "LeakyReLU", "Masking", "ReLU", "Reshape", "Softmax",
                                                          "SpatialDropout1D", "SpatialDropout2D", "SpatialDropout3D", "UnitNormalization"});
constexpr auto merging = std::to_array<std::string_view>({"Add", "AdditiveAttention", "Attention", "Average", "Concatenate", "Dot", "Functional", "Maximum",
                                                          "Minimum", "Multiply", "Sequential", "Subtract"});

template <class Names> bool contains(const Names &names, std::string_view name) { return std::find(names.begin(), names.end(), name) != names.end(); }
} // namespace

bool hasBuildConfig(std::string_view className) {
  return !contains(unbuilt, className) && className.find("Pooling") == className.npos;
}
bool takesList(std::string_view className) { return contains(merging, className); }

} // namespace cornu::saving
