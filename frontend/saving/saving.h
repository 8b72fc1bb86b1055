// Models from Keras's own files; Model::save writes them. Real Keras opens what we write and goes on training, and the other way round.
#pragma once

#include <string>

#include "frontend/models/model.h"

namespace cornu {

struct LoadOptions {
  bool compile = true;             ///< false leaves the model uncompiled, whatever the file says
};
/// Reads a .keras file. UserError names what Cornu does not know; EnvironmentError says what is wrong with the file.
Model load_model(const std::string &path, const LoadOptions &options = {});

/// A new model from the text of Model::to_json or Keras's to_json, with new weights; compiled if the text says how.
Model model_from_json(const std::string &text, const LoadOptions &options = {});

} // namespace cornu
