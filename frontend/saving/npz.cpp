#include <set>

#include "frontend/saving/files.h"
#include "frontend/saving/npy.h"
#include "frontend/saving/zip.h"

namespace cornu {

NamedArrays load_npz(const std::string &path) {
  ZipReader archive(readFile(path), path);
  NamedArrays arrays;
  std::set<std::string> seen;
  for (const std::string &entry : archive.names()) {
    std::string name = entry.ends_with(".npy") ? entry.substr(0, entry.size() - 4) : entry;
    if (!seen.insert(name).second) throw EnvironmentError(path, "holds two arrays named '" + name + "'");
    arrays.emplace_back(name, parseNpy(archive.read(entry), path + ": '" + entry + "'"));
  }
  return arrays;
}

void save_npz(const std::string &path, const NamedArrays &arrays, bool compressed) {
  std::set<std::string> seen;
  std::vector<std::string> contents;
  contents.reserve(arrays.size());
  ZipWriter archive;
  for (const auto &[name, array] : arrays) {
    if (!seen.insert(name).second) throw UserError("save_npz: names must differ", "'" + name + "' twice");
    contents.push_back(formatNpy(array));
    archive.add(name + ".npy", contents.back(), compressed);
  }
  writeFile(path, archive.finish(path));
}

} // namespace cornu
