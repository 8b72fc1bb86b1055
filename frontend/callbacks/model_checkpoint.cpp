#include "frontend/callbacks/model_checkpoint.h"

#include <cstdio>
#include <filesystem>

#include "frontend/models/model.h"
#include "frontend/utils/format_fields.h"
#include "frontend/utils/warn.h"

namespace cornu::callbacks {

ModelCheckpoint::ModelCheckpoint(std::string path, ModelCheckpointOptions o)
    : MonitorCallback("ModelCheckpoint", o.monitor, o.mode, 0), best(o.initial_value_threshold), filepath(std::move(path)), given(std::move(o)) {
  std::string_view ending = given.save_weights_only ? ".weights.h5" : ".keras";
  if (!filepath.ends_with(ending))
    throw UserError(std::string("ModelCheckpoint: with save_weights_only=") + (given.save_weights_only ? "true" : "false") + " the filepath must end in '" + std::string(ending) + "'",
                    "filepath='" + filepath + "'");
  if (given.period < 1) throw UserError("ModelCheckpoint: period must be positive", "period=" + std::to_string(given.period));
}

void ModelCheckpoint::on_train_begin() {
  // Without save_best_only nothing is compared, and any monitor will do.
  if (given.save_best_only) MonitorCallback::on_train_begin();
}

void ModelCheckpoint::on_train_batch_end(int64_t batch, const Logs &logs) {
  if (given.save_freq.batchIsDue()) save(batch, logs);
}

void ModelCheckpoint::on_epoch_end(int64_t, Logs &logs) {
  if (!given.save_freq.eachEpoch() || ++epochsSinceSaving < given.period) return;
  epochsSinceSaving = 0;
  save({}, logs);
}

bool ModelCheckpoint::isDue(const Logs &logs, const std::string &path) {
  auto say = [&](const std::string &what) {
    if (given.verbose > 0) std::printf("\nEpoch %lld: %s\n", static_cast<long long>(epoch + 1), what.c_str());
  };
  if (!given.save_best_only) return say("saving model to " + path), true;
  if (!logs.contains(monitor)) return warn("Can save best model only with " + monitor + " available."), true;
  auto rounded = [](double value) { return formatFields("{x:.5f}", {{"x", value}}); };
  double current = logs[monitor];
  std::string before = best ? rounded(*best) : "None";
  if (!improves(current, best)) return say(monitor + " did not improve from " + before), false;
  say(monitor + " improved from " + before + " to " + rounded(current) + ", saving model to " + path);
  best = current;
  return true;
}

void ModelCheckpoint::save(std::optional<int64_t> batch, const Logs &logs) {
  Json::Object fields = {{"epoch", epoch + 1}};
  if (batch) fields.emplace_back("batch", *batch + 1);
  for (const auto &[key, value] : logs) fields.emplace_back(key, value.isList() ? Json(value.list()) : Json(value.mean()));
  std::string path = [&] {
    try {
      return formatFields(filepath, fields);
    } catch (const UserError &error) {
      throw UserError("ModelCheckpoint: " + std::string(error.what()));
    }
  }();
  if (!isDue(logs, path)) return;
  if (std::filesystem::is_directory(path)) throw EnvironmentError(path, "is a folder where ModelCheckpoint is to write a file");
  if (std::filesystem::path folder = std::filesystem::path(path).parent_path(); !folder.empty()) {
    std::error_code error;
    if (std::filesystem::create_directories(folder, error); error) throw EnvironmentError(folder.string(), "cannot be made: " + error.message());
  }
  given.save_weights_only ? model->save_weights(path) : model->save(path);
  if (given.verbose > 0) std::printf("\nEpoch %lld: finished saving model to %s\n", static_cast<long long>(epoch + 1), path.c_str());
}

} // namespace cornu::callbacks
