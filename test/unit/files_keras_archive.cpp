#include <cstring>
#include <gtest/gtest.h>

#include "frontend/saving/files.h"
#include "frontend/saving/keras_archive.h"
#include "frontend/saving/zip.h"
#include "runtime/philox.h"
#include "test/unit/files_testing.h"

using namespace cornu;
using namespace cornu::testing;

namespace {
const std::string golden = std::string(CORNU_GOLDENS) + "/files/sequential.keras";

KerasArchive sample() {
  KerasArchive archive;
  archive.config = Json::object({{"module", "keras"}, {"class_name", "Sequential"}, {"config", Json::object({{"name", "sequential"}})}});
  archive.weights["layers/dense/vars"] = {"dense", {Array({1.f, 2.f, 3.f, 4.f, 5.f, 6.f}, {2, 3}), Array({1.f, 2.f, 3.f}, {3})}, {}};
  archive.weights["layers/dropout/vars"] = {"dropout", {}, {}};
  WeightGroup many{"größe", {}, {{"idf_weights", Array({1.f}, {1})}}};
  for (int i = 0; i < 12; ++i) many.arrays.push_back(Array::scalar(i, DType::Int64));
  archive.weights["optimizer/vars"] = many;
  archive.weights["vars"] = {"sequential", {}, {}};
  return archive;
}

void expectEqual(const WeightStore &a, const WeightStore &b) {
  ASSERT_EQ(a.size(), b.size());
  for (const auto &[path, group] : a) {
    ASSERT_TRUE(b.contains(path)) << path;
    EXPECT_EQ(group.name, b.at(path).name);
    EXPECT_EQ(group.arrays, b.at(path).arrays) << path;
    EXPECT_EQ(group.named, b.at(path).named) << path;
  }
}

TEST(KerasArchive, comesBack) {
  TemporaryFolder folder;
  KerasArchive archive = sample();
  writeKerasArchive(folder / "m.keras", archive);
  KerasArchive back = readKerasArchive(folder / "m.keras");
  EXPECT_EQ(back.config.dump(), archive.config.dump());
  EXPECT_EQ(back.metadata.at("keras_version").asString(), "3.15.1");
  expectEqual(back.weights, archive.weights);
}

TEST(KerasArchive, everyElementTypeComesBack) {
  WeightStore store;
  for (DType type : {DType::Bool, DType::Int8, DType::UInt8, DType::Int16, DType::Int32, DType::Int64, DType::UInt32, DType::UInt64, DType::Float16,
                     DType::BFloat16, DType::Float32, DType::Float64})
    store["vars"].arrays.push_back(Array({0, 1, 1, 0}, {2, 2}).astype(type));
  store["vars"].arrays.push_back(Array::zeros({0, 3}));
  expectEqual(readWeights(asBytes(formatWeights(store)), "x"), store);
}

TEST(KerasArchive, readsWhatKerasWrote) {
  KerasArchive archive = readKerasArchive(golden);
  EXPECT_EQ(archive.config.at("class_name").asString(), "Sequential");
  EXPECT_TRUE(archive.config.contains("compile_config"));
  ASSERT_EQ(archive.weights.size(), 5u); // three layers, the optimizer, the model
  const WeightGroup &dense = archive.weights.at("layers/dense/vars");
  EXPECT_EQ(dense.name, "dense");
  ASSERT_EQ(dense.arrays.size(), 2u);
  EXPECT_EQ(dense.arrays[0], Array({0.f, 1.f, 2.f, 3.f, 4.f, 5.f}, {3, 2}));
  EXPECT_EQ(dense.arrays[1], Array({0.5f, -0.5f}, {2}));
  EXPECT_TRUE(archive.weights.at("layers/dropout/vars").arrays.empty());
  const WeightGroup &optimizer = archive.weights.at("optimizer/vars");
  EXPECT_EQ(optimizer.name, "sgd");
  ASSERT_EQ(optimizer.arrays.size(), 6u); // iteration, learning_rate, four momenta
  EXPECT_EQ(optimizer.arrays[0], Array::scalar(2, DType::Int64));
  EXPECT_EQ(optimizer.arrays[1], Array::scalar(0.1f));
}

TEST(KerasArchive, writesTheTextKerasWrote) {
  // Order of keys, spelling of numbers, escapes: parsing and printing gives the same bytes.
  ZipReader zip(readFile(golden), golden);
  Array text = zip.read("config.json");
  EXPECT_EQ(Json::parse(bytesOf(text)).dump(), bytesOf(text));
}

TEST(KerasArchive, tellsByContent) {
  TemporaryFolder folder;
  std::string path = folder / "m.keras";
  writeFast(path, formatWeights({}));
  EXPECT_EQ(environmentError([&] { readKerasArchive(path); }),
            path + ": is an HDF5 file, Keras's old format, which is not supported yet; load it in Keras and save it as .keras");
  writeFast(path, "PK no");
  EXPECT_EQ(environmentError([&] { readKerasArchive(path); }).substr(0, path.size() + 32), path + ": is not a readable zip archive:");
  writeFast(path, "hello");
  EXPECT_EQ(environmentError([&] { readKerasArchive(path); }), path + ": is not a Keras model: it is neither a zip archive nor HDF5");
  EXPECT_EQ(environmentError([&] { readKerasArchive(folder / "none"); }), folder / "none" + ": cannot open: No such file or directory");
  EXPECT_EQ(environmentError([&] { readKerasArchive(folder.path); }), folder.path + ": is not a Keras model: it has no config.json");
}

TEST(KerasArchive, writingFailsClearly) {
  EXPECT_EQ(environmentError([&] { writeKerasArchive("/no/such/m.keras", sample()); }), "/no/such/m.keras: cannot write: No such file or directory");
}

TEST(KerasArchive, truncatedFilesGiveOneError) {
  TemporaryFolder folder;
  Array good = readFile(golden);
  std::string path = folder / "m.keras";
  for (int64_t n = 0; n < good.size(); n += 97) {
    writeFast(path, bytesOf(good).substr(0, static_cast<size_t>(n)));
    EXPECT_THROW(readKerasArchive(path), EnvironmentError) << n;
  }
  // The weights alone: no checksum of the zip's stands before the HDF5 reader here.
  Array weights = ZipReader(good, golden).read("model.weights.h5");
  for (int64_t n = 0; n < weights.size(); n += 61)
    EXPECT_THROW(readWeights(weights.rows(0, n).clone(), "x"), EnvironmentError) << n;
}

TEST(KerasArchive, damagedFilesGiveOneError) {
  Array good = ZipReader(readFile(golden), golden).read("model.weights.h5");
  for (uint64_t n = 0; n < 3000; ++n) {
    Array bad = good.clone();
    uint64_t flips = 1 + n % 3;
    for (uint64_t k = 0; k < flips; ++k) {
      auto words = philox::element(n, k, 0);
      bad.data<uint8_t>()[words[0] % static_cast<uint64_t>(bad.size())] ^= static_cast<uint8_t>(1 << words[1] % 8);
    }
    onlyEnvironmentErrors([&] { readWeights(bad, "x"); });
  }
}
} // namespace
