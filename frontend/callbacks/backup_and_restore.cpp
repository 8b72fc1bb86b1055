#include "frontend/callbacks/backup_and_restore.h"

#include <filesystem>

#include "frontend/models/model.h"
#include "frontend/saving/files.h"

namespace cornu::callbacks {

namespace fs = std::filesystem;

BackupAndRestore::BackupAndRestore(std::string directory, BackupAndRestoreOptions o)
    : folder(std::move(directory)), weights((fs::path(folder) / "latest.weights.h5").string()),
      metadata((fs::path(folder) / "training_metadata.json").string()), given(std::move(o)) {
  if (folder.empty()) throw UserError("BackupAndRestore: backup_dir must name a folder", "backup_dir=''");
}

namespace {
std::string previous(const std::string &path) { return path + ".bkp"; }
} // namespace

void BackupAndRestore::on_train_begin() {
  epochToBegin.reset();
  epoch = batch = 0;
  try {
    load();
  } catch (const EnvironmentError &) {
    if (!fs::exists(previous(weights))) throw;
    fs::copy_file(previous(weights), weights, fs::copy_options::overwrite_existing);
    if (fs::exists(previous(metadata))) fs::copy_file(previous(metadata), metadata, fs::copy_options::overwrite_existing);
    else fs::remove(metadata);
    load();
  }
}

void BackupAndRestore::load() {
  if (fs::exists(weights)) model->load_weights(weights);
  if (!fs::exists(metadata)) return;
  Array text = readFile(metadata);
  epochToBegin = epoch = Json::parse(bytesOf(text), metadata).at("epoch").asInt();
}

void BackupAndRestore::save() {
  std::error_code error;
  if (fs::create_directories(folder, error); error) throw EnvironmentError(folder, "cannot be made: " + error.message());
  if (given.double_checkpoint)
    for (const std::string &file : {weights, metadata})
      if (fs::exists(file)) fs::copy_file(file, previous(file), fs::copy_options::overwrite_existing);
  model->save_weights(weights);
  writeFile(metadata, Json::object({{"epoch", epoch}, {"batch", batch}}).dump());
}

void BackupAndRestore::on_train_batch_end(int64_t number, const Logs &) {
  batch = number;
  if (given.save_freq.batchIsDue()) save();
}

void BackupAndRestore::on_epoch_end(int64_t number, Logs &) {
  epoch = number + 1;
  batch = 0;
  if (given.save_freq.eachEpoch()) save();
}

void BackupAndRestore::on_train_end(const Logs &) {
  if (given.delete_checkpoint) fs::remove_all(folder);
}

} // namespace cornu::callbacks
