// Arrays in and out, as the commands share it.
#include <algorithm>
#include <filesystem>

#include "tools/cornu/Commands.h"

namespace cornu::driver {

namespace {
bool isArchive(const std::string &path) { return std::filesystem::path(path).extension() == ".npz"; }
} // namespace

std::string stemOf(const std::string &path) { return std::filesystem::path(path).stem().string(); }

NamedArrays loadArrays(const std::string &path) {
  if (isArchive(path)) return load_npz(path);
  return {{"", load_npy(path)}};
}

Data asData(const NamedArrays &arrays, const std::vector<std::string> &names, const std::string &command, const std::string &path) {
  if (names.size() == 1 && arrays.size() == 1) return Data(arrays[0].second);
  std::vector<std::string> known;
  for (const auto &[name, array] : arrays) known.push_back(name);
  if (known.size() == 1 && known[0].empty())
    throw UserError(command + ": the model needs " + quotedList(names) + ": a .npz archive keyed by these names", "the single array of " + path);
  std::vector<Array> chosen;
  for (const std::string &name : names) {
    auto found = std::find(known.begin(), known.end(), name);
    if (found == known.end()) throw UserError(command + ": " + path + " must have an array for each of " + quotedList(names), quotedList(known));
    chosen.push_back(arrays[static_cast<size_t>(found - known.begin())].second);
  }
  return Data(std::move(chosen));
}

void saveArrays(const std::string &path, const NamedArrays &arrays, const std::string &command) {
  if (isArchive(path)) return save_npz(path, arrays);
  if (arrays.size() != 1) throw UserError(command + ": a model with several outputs needs a .npz file for them", "'" + path + "'");
  save_npy(path, arrays[0].second);
}

} // namespace cornu::driver
