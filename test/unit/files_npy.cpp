#include <filesystem>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include "frontend/saving/files.h"
#include "frontend/saving/npy.h"
#include "runtime/philox.h"
#include "test/unit/files_testing.h"

using namespace cornu;
using namespace cornu::testing;

namespace {
Array npy(std::string_view descr, bool fortran, std::string_view shape, std::string_view content, int version = 1) {
  std::string header = "{'descr': '" + std::string(descr) + "', 'fortran_order': " + (fortran ? "True" : "False") + ", 'shape': " + std::string(shape) + ", }";
  size_t prefix = version == 1 ? 10 : 12;
  header.append(63 - (prefix + header.size()) % 64, ' ');
  header += '\n';
  std::string bytes("\x93NUMPY");
  bytes += static_cast<char>(version), bytes += '\0', bytes += static_cast<char>(header.size()), bytes += static_cast<char>(header.size() >> 8);
  if (version > 1) bytes += std::string(2, '\0');
  return asBytes(bytes + header + std::string(content));
}

TEST(Npy, everyTypeComesBack) {
  for (DType type : {DType::Bool, DType::Int8, DType::UInt8, DType::Int16, DType::Int32, DType::Int64, DType::UInt32, DType::UInt64, DType::Float16,
                     DType::Float32, DType::Float64}) {
    Array array = Array({0, 1, 1, 0, 1, 1}, {2, 3}).astype(type);
    EXPECT_EQ(parseNpy(asBytes(formatNpy(array)), "x"), array) << nameOf(type);
  }
  EXPECT_EQ(parseNpy(asBytes(formatNpy(Array({1.5f}, {1}).astype(DType::BFloat16))), "x"), Array({1.5f}, {1}));
  EXPECT_EQ(parseNpy(asBytes(formatNpy(Array::scalar(3))), "x"), Array::scalar(3));
  EXPECT_EQ(parseNpy(asBytes(formatNpy(Array::zeros({0, 5}))), "x").shape(), (std::vector<int64_t>{0, 5}));
}

TEST(Npy, readsOrdersAndVersions) {
  std::string six("\0\1\2\3\4\5", 6);
  EXPECT_EQ(parseNpy(npy("|u1", true, "(2, 3)", six), "x").astype(DType::Int32), Array({0, 2, 4, 1, 3, 5}, {2, 3}));
  EXPECT_EQ(parseNpy(npy("|u1", true, "(1, 2, 3)", six), "x").astype(DType::Int32), Array({0, 2, 4, 1, 3, 5}, {1, 2, 3}));
  EXPECT_EQ(parseNpy(npy(">i4", false, "(1,)", std::string("\0\0\1\2", 4)), "x"), Array({258}, {1}));
  EXPECT_EQ(parseNpy(npy(">u2", false, "(1,)", std::string("\xff\xfe", 2)), "x"), Array({65534}, {1}));
  EXPECT_EQ(parseNpy(npy("<u2", false, "(1,)", std::string("\xff\xfe", 2), 2), "x"), Array({65279}, {1}));
  EXPECT_EQ(parseNpy(npy("|b1", false, "(3L,)", std::string("\0\7\1", 3), 3), "x").astype(DType::Int32), Array({0, 1, 1}, {3}));
}

TEST(Npy, saysWhatIsWrong) {
  auto error = [](const Array &bytes) { return environmentError([&] { parseNpy(bytes, "x.npy"); }); };
  EXPECT_EQ(error(asBytes("hello, this is text")), "x.npy: is not a .npy file: it does not begin with NumPy's signature");
  EXPECT_EQ(error(npy("<f4", false, "(2, 2)", "12345678")), "x.npy: is truncated: shape (2, 2) needs 4 elements, the file holds 2");
  EXPECT_EQ(error(npy("<f4", false, "(4611686018427387904, 4611686018427387904)", "")),
            "x.npy: is truncated: shape (4611686018427387904, 4611686018427387904) needs far more elements, the file holds 0");
  EXPECT_EQ(error(npy("|O", false, "(1,)", "")), "x.npy: holds pickled Python objects, which are not read");
  EXPECT_EQ(error(npy("<U5", false, "(1,)", "")), "x.npy: has elements of type '<U5'; known are booleans, integers and floats of 16, 32 and 64 bits");
  EXPECT_EQ(error(npy("<f4", false, "(-1,)", "")), "x.npy: is not a .npy file: its header cannot be read");
  EXPECT_EQ(environmentError([] { load_npy("/no/such/file.npy"); }), "/no/such/file.npy: cannot open: No such file or directory");
}

TEST(Npy, damagedFilesGiveOneError) {
  std::string good = formatNpy(Array({1.f, 2.f, 3.f, 4.f}, {2, 2}));
  for (size_t n = 0; n < good.size(); ++n) EXPECT_THROW(parseNpy(asBytes(good.substr(0, n)), "x"), EnvironmentError) << n;
  for (size_t n = 0; n < 128 * 8; ++n) {
    std::string bad = good;
    bad[n / 8] ^= static_cast<char>(1 << n % 8);
    onlyEnvironmentErrors([&] { parseNpy(asBytes(bad), "x"); });
  }
}

TEST(Npz, comesBackInOrder) {
  TemporaryFolder folder;
  NamedArrays arrays = {{"z", Array({1.f, 2.f}, {2})}, {"a", Array({7}, {1, 1})}, {"empty", Array::zeros({0})}};
  for (bool compressed : {false, true}) {
    save_npz(folder / "x.npz", arrays, compressed);
    EXPECT_EQ(load_npz(folder / "x.npz"), arrays);
  }
  EXPECT_THROW(save_npz(folder / "x.npz", {{"a", Array()}, {"a", Array()}}), UserError);
}

TEST(Npz, damagedFilesGiveOneError) {
  TemporaryFolder folder;
  std::string path = folder / "x.npz";
  save_npz(path, {{"a", Array::zeros({40})}, {"b", Array({1, 2}, {2})}}, true);
  std::string good(bytesOf(readFile(path)));
  for (size_t n = 0; n < good.size(); n += 3) EXPECT_THROW((writeFast(path, good.substr(0, n)), load_npz(path)), EnvironmentError) << n;
  for (size_t n = 0; n < good.size(); ++n) {
    std::string bad = good;
    bad[n] ^= static_cast<char>(1 << philox::element(1, 2, n)[0] % 8);
    writeFast(path, bad);
    onlyEnvironmentErrors([&] { load_npz(path); });
  }
}

TEST(Csv, readsTables) {
  TemporaryFolder folder;
  writeFast(folder / "t.csv", "a,b\r\n1,2.5\r\n\r\n -3 ,+4e1\n");
  EXPECT_EQ(load_csv(folder / "t.csv", {.skip_rows = 1}), Array({1.f, 2.5f, -3.f, 40.f}, {2, 2}));
  EXPECT_EQ(environmentError([&] { load_csv(folder / "t.csv"); }), folder / "t.csv" + ": line 1, column 1: 'a' is not a number");
  writeFast(folder / "t.csv", "1;2\n3\n");
  EXPECT_EQ(environmentError([&] { load_csv(folder / "t.csv", {.delimiter = ';'}); }), folder / "t.csv" + ": line 2 has 1 columns, the first has 2");
  writeFast(folder / "t.csv", "\n");
  EXPECT_EQ(environmentError([&] { load_csv(folder / "t.csv"); }), folder / "t.csv" + ": holds no rows");
  // printf '1,2\n3,4\n' | gzip -n
  const unsigned char gz[] = {0x1f, 0x8b, 0x08, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x03, 0x33, 0xd4, 0x31, 0xe2, 0x32, 0xd6, 0x31, 0xe1, 0x02, 0x00, 0x47, 0x93, 0x6c, 0xaf, 0x08, 0x00, 0x00, 0x00};
  std::string zipped(reinterpret_cast<const char *>(gz), sizeof gz);
  writeFast(folder / "t.csv.gz", zipped);
  EXPECT_EQ(load_csv(folder / "t.csv.gz", {.dtype = DType::Int32}), Array({1, 2, 3, 4}, {2, 2}));
  writeFast(folder / "t.csv.gz", zipped.substr(0, 20));
  EXPECT_THROW(load_csv(folder / "t.csv.gz"), EnvironmentError);
}

TEST(Files, writingReplacesInOneStep) {
  TemporaryFolder folder;
  std::string path = folder / "f";
  writeFile(path, "old");
  writeFile(path, "new");
  EXPECT_EQ(bytesOf(readFile(path)), "new");
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path), {}), 1);
  std::filesystem::create_symlink(path, folder / "link");
  writeFile(folder / "link", "through");
  EXPECT_TRUE(std::filesystem::is_symlink(folder / "link"));
  EXPECT_EQ(bytesOf(readFile(path)), "through");
  EXPECT_EQ(environmentError([&] { writeFile(folder / "no/such/dir", ""); }), folder / "no/such/dir" + ": cannot write: No such file or directory");
  EXPECT_EQ(environmentError([&] { writeFile(folder.path, ""); }), folder.path + ": cannot write: it is a directory");
  if (::geteuid() != 0) {
    ::chmod(path.c_str(), 0444);
    EXPECT_EQ(environmentError([&] { writeFile(path, ""); }), path + ": cannot write: Permission denied");
  }
  writeFile("/dev/null", "gone");
}
} // namespace
