// The HDF5 part of Keras's saving format: "model.weights.h5" inside a .keras archive, and files of model.save_weights.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "runtime/array.h"

namespace cornu {

/// The variables of one object: the group "…/vars".
struct WeightGroup {
  std::string name;                       ///< the object's name (Keras 3.8 and later write it), else ""
  std::vector<Array> arrays;              ///< datasets "0", "1", …
  std::map<std::string, Array> named;     ///< datasets with other keys (lookup layers' tables)
};

/// Groups by path without the leading slash: "layers/dense/vars", "optimizer/vars", "vars".
using WeightStore = std::map<std::string, WeightGroup>;

/// Reads an HDF5 file from memory. `name` begins every EnvironmentError. Links that leave the file, virtual datasets and
/// sizes that the file cannot hold are refused.
WeightStore readWeights(const Array &image, const std::string &name);

/// An HDF5 file as h5py writes it for Keras: old-style groups, contiguous little-endian datasets.
std::string formatWeights(const WeightStore &weights);

} // namespace cornu
