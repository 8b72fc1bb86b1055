#include "frontend/saving/keras_archive.h"

#include <ctime>
#include <filesystem>

#include "frontend/saving/files.h"
#include "frontend/saving/zip.h"

namespace cornu {
namespace {
constexpr int64_t maxConfig = int64_t(1) << 28;

// The version of the format, which Keras names after itself.
constexpr const char *kerasVersion = "3.15.1";

Json parseEntry(const Array &bytes, const std::string &name) {
  if (bytes.size() > maxConfig) throw EnvironmentError(name, "is larger than any model's configuration");
  return Json::parse(bytesOf(bytes), name);
}

/// `read(entry)` gives an entry's bytes, `has(entry)` whether it is there.
template <class Has, class Read> KerasArchive assemble(const std::string &path, Has has, Read read) {
  auto nameOf = [&](const char *entry) { return path + ": " + entry; };
  if (!has("config.json")) throw EnvironmentError(path, "is not a Keras model: it has no config.json");
  KerasArchive archive;
  archive.config = parseEntry(read("config.json"), nameOf("config.json"));
  if (!archive.config.isObject()) throw EnvironmentError(nameOf("config.json"), "is not a Keras model's configuration");
  if (has("metadata.json")) archive.metadata = parseEntry(read("metadata.json"), nameOf("metadata.json"));
  if (has("model.weights.h5")) archive.weights = readWeights(read("model.weights.h5"), nameOf("model.weights.h5"));
  else if (has("model.weights.npz")) throw EnvironmentError(path, "keeps its weights as pickled objects (model.weights.npz), which are not read");
  else throw EnvironmentError(path, "is not a whole Keras model: it has no model.weights.h5");
  return archive;
}
} // namespace

KerasArchive readKerasArchive(const std::string &path) {
  std::error_code ignored;
  if (std::filesystem::is_directory(path, ignored)) {
    return assemble(
        path, [&](const char *entry) { return std::filesystem::is_regular_file(path + "/" + entry, ignored); },
        [&](const char *entry) { return readFile(path + "/" + entry); });
  }
  Array bytes = readFile(path);
  if (bytesOf(bytes).starts_with("\x89HDF\r\n\x1a\n"))
    throw EnvironmentError(path, "is an HDF5 file, Keras's old format, which is not supported yet; load it in Keras and save it as .keras");
  if (!bytesOf(bytes).starts_with("PK")) throw EnvironmentError(path, "is not a Keras model: it is neither a zip archive nor HDF5");
  ZipReader zip(std::move(bytes), path);
  return assemble(
      path, [&](const char *entry) { return zip.contains(entry); }, [&](const char *entry) { return zip.read(entry); });
}

void writeKerasArchive(const std::string &path, const KerasArchive &archive) {
  Json metadata = archive.metadata;
  if (metadata.isNull()) {
    std::time_t now = std::time(nullptr);
    std::tm local;
    char date[32];
    std::strftime(date, sizeof date, "%Y-%m-%d@%H:%M:%S", localtime_r(&now, &local));
    metadata = Json::object({{"keras_version", kerasVersion}, {"date_saved", date}});
  }
  std::string metadataText = metadata.dump(), config = archive.config.dump(), weights = formatWeights(archive.weights);
  ZipWriter zip;
  zip.add("metadata.json", metadataText);
  zip.add("config.json", config);
  zip.add("model.weights.h5", weights, false, ZipWriter::Date::Now);
  writeFile(path, zip.finish(path));
}

} // namespace cornu
