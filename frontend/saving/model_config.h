// A model's architecture and compile options as Keras's config, and back. Internal.
#pragma once

#include <map>

#include "frontend/models/model.h"

namespace cornu::saving {

/// The config of a model without its envelope: what Model::get_config returns.
Json modelConfig(const Model &model);

/// {"module", "class_name", "config", "registered_name", "build_config"}
Json layerEnvelope(const BaseLayer &layer);
/// The same of a model, and "compile_config".
Json modelEnvelope(const Model &model, bool withCompile);

/// The layers of each model, in the order of the config they were read from: by it files number weights.
struct Members {
  std::vector<std::shared_ptr<BaseLayer>> of(const BaseLayer &model) const;
  /// The members' order of one model that was read, by its id.
  std::map<const void *, std::vector<std::shared_ptr<BaseLayer>>> read;
};

/// An uncompiled model. UserError for what is unknown or contradicts itself.
std::shared_ptr<Model> modelFromEnvelope(const Json &envelope, Members &members);

/// What compile() was given, as "compile_config".
Json compileConfig(const CompileOptions &options);
/// The other way. False if the config says that the model is not compiled.
bool compileOptions(const Json &compileConfig, CompileOptions &options);

} // namespace cornu::saving
