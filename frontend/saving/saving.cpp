#include "frontend/saving/saving.h"

#include "frontend/core/variable_budget.h"
#include "frontend/saving/files.h"
#include "frontend/saving/keras_archive.h"
#include "frontend/saving/model_weights.h"

namespace cornu {
namespace {

/// Puts the file's name before what a rule of the API says about its content.
template <class F> auto withName(const std::string &file, F f) {
  try {
    return f();
  } catch (const UserError &error) {
    throw UserError(file + ": " + error.what());
  }
}

void requireBuilt(const Model &model) {
  if (!model.built())
    throw UserError("Model '" + model.name() + "': to be saved a model must have weights: give it an Input, or call fit or predict first");
}

void compileFrom(Model &model, const Json &envelope, const LoadOptions &options) {
  CompileOptions compile;
  if (options.compile && saving::compileOptions(envelope.get("compile_config"), compile)) model.compile(compile);
}

} // namespace

void Model::save(const std::string &path, const SaveOptions &options) const {
  // Keras goes by the name: a .keras archive called .h5 it would not open.
  for (const char *ending : {".h5", ".hdf5"})
    if (path.ends_with(ending)) throw UserError("save writes Keras's .keras format; Keras's old HDF5 format is not supported yet", "'" + path + "'");
  requireBuilt(*this);
  KerasArchive archive;
  try {
    archive.config = saving::modelEnvelope(*this, options.include_optimizer);
  } catch (const UserError &error) {
    // Of the layers nothing can be left out, but of what compile() was given.
    if (!options.include_optimizer || !compiled()) throw;
    saving::modelEnvelope(*this, false);
    throw UserError("save: " + std::string(error.what()) + "; .include_optimizer = false saves the model without what compile() was given");
  }
  archive.weights = saving::collectWeights(*this, options.include_optimizer);
  writeKerasArchive(path, archive);
}

void Model::save_weights(const std::string &path) const {
  if (!path.ends_with(".weights.h5")) throw UserError("save_weights: the file's name must end in '.weights.h5', as Keras requires", "'" + path + "'");
  requireBuilt(*this);
  writeFile(path, formatWeights(saving::collectWeights(*this, true)));
}

void Model::load_weights(const std::string &path) {
  requireBuilt(*this);
  saving::assignWeights(*this, readWeights(readFile(path), path), {}, true, false, path);
}

Json Model::get_config() const { return saving::modelConfig(*this); }

std::string Model::to_json() const { return saving::modelEnvelope(*this, true).dump(); }

Model load_model(const std::string &path, const LoadOptions &options) {
  KerasArchive archive = readKerasArchive(path);
  const Json &version = archive.metadata.get("keras_version");
  bool keras2 = version.isString() && version.asString().starts_with("2.");
  return withName(path, [&] {
    // The states of random generators are not in the file, and half-precision weights become float32 or float64.
    size_t stored = 1 << 20;
    for (const auto &[group, content] : archive.weights)
      for (const Array &array : content.arrays) stored += static_cast<size_t>(array.size()) * 8;
    saving::Members members;
    Model model = [&] {
      VariableBudget budget(stored);
      return *saving::modelFromEnvelope(archive.config, members);
    }();
    compileFrom(model, archive.config, options);
    bool withOptimizer = options.compile, waits = false;
    for (const auto &[group, content] : archive.weights) waits = waits || (!model.built() && group != "optimizer/vars" && !content.arrays.empty());
    if (!waits) {
      saving::assignWeights(model, archive.weights, members, withOptimizer, keras2, path);
      return model;
    }
    // The file leaves extents of inputs open: its weights wait for them.
    model.buildLater([weights = archive.weights, members, withOptimizer, keras2, path, stored](Model &built, const std::function<void()> &make) {
      withName(path, [&] {
        {
          VariableBudget budget(stored);
          make();
        }
        saving::assignWeights(built, weights, members, withOptimizer, keras2, path);
      });
    });
    return model;
  });
}

Model model_from_json(const std::string &text, const LoadOptions &options) {
  Json envelope = Json::parse(text, "model_from_json");
  return withName("model_from_json", [&] {
    saving::Members members;
    Model model = *saving::modelFromEnvelope(envelope, members);
    compileFrom(model, envelope, options);
    return model;
  });
}

} // namespace cornu
