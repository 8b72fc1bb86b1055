// The .keras file: a zip of metadata.json, config.json and model.weights.h5.
#pragma once

#include <string>

#include "frontend/saving/json.h"
#include "frontend/saving/weights_h5.h"

namespace cornu {

struct KerasArchive {
  Json metadata;        ///< {"keras_version": …, "date_saved": …}; null if the file has none
  Json config;          ///< the model's envelope: module, class_name, config, …, compile_config
  WeightStore weights;  ///< by path: "layers/dense/vars", "optimizer/vars"
};

/// Reads a .keras file (or the unzipped form, a folder). What it is, is told by content, not by name. EnvironmentError
/// begins with `path`.
KerasArchive readKerasArchive(const std::string &path);

/// Writes a .keras file in one step, as Keras lays it out; a null `metadata` is filled in.
void writeKerasArchive(const std::string &path, const KerasArchive &archive);

} // namespace cornu
