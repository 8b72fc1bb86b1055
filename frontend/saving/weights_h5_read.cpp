#include <charconv>
#include <cstring>
#include <optional>
#include <stdexcept>

#include "frontend/saving/h5_attribute.h"
#include "frontend/saving/h5_handle.h"
#include "frontend/saving/weights_h5.h"

namespace cornu {
namespace {
using h5::Handle;
constexpr int maxDepth = 64;
constexpr size_t maxObjects = 200000;
constexpr hsize_t maxRatio = 1040; // of the deflate filter

class Reader {
public:
  Reader(const Array &image, const std::string &name) : image(image), name(name) {}

  WeightStore read() {
    if (image.size() < 8 || std::memcmp(image.raw(), "\x89HDF\r\n\x1a\n", 8) != 0) throw EnvironmentError(name, "is not an HDF5 file");
    Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
    // Held in memory by the core driver, never written anywhere.
    check(H5Pset_fapl_core(access, 1 << 16, false) >= 0 && H5Pset_file_image(access, const_cast<void *>(image.raw()), image.bytes()) >= 0);
    Handle file(H5Fopen("weights", H5F_ACC_RDONLY, access), H5Fclose);
    check(file.valid());
    Handle root(H5Gopen2(file, "/", H5P_DEFAULT), H5Gclose);
    check(root.valid());
    group(root, "", 0);
    return std::move(store);
  }

private:
  void check(bool good) const {
    if (!good) throw EnvironmentError(name, "is damaged: " + h5::lastError());
  }
  [[noreturn]] void refuse(const std::string &path, const std::string &why) const { throw EnvironmentError(name, path + " " + why); }

  void group(hid_t parent, const std::string &path, int depth) {
    if (depth > maxDepth) refuse(path, "is nested deeper than " + std::to_string(maxDepth) + " groups");
    bool isVars = path == "vars" || path.ends_with("/vars");
    if (isVars) store[path].name = textAttribute(parent, "name").value_or("");
    // Names first: nothing may throw through HDF5's own iteration.
    std::vector<std::string> children;
    hsize_t position = 0;
    check(H5Literate(parent, H5_INDEX_NAME, H5_ITER_INC, &position,
                     [](hid_t, const char *child, const H5L_info_t *, void *out) -> herr_t {
                       auto &names = *static_cast<std::vector<std::string> *>(out);
                       if (names.size() >= maxObjects) return -1;
                       names.push_back(child);
                       return 0;
                     },
                     &children) >= 0);
    for (const std::string &child : children) {
      std::string childPath = path.empty() ? child : path + "/" + child;
      if (++objects > maxObjects) refuse(childPath, "is one object too many: no model has more than " + std::to_string(maxObjects));
      H5L_info_t link;
      check(H5Lget_info(parent, child.c_str(), &link, H5P_DEFAULT) >= 0);
      if (link.type != H5L_TYPE_HARD) refuse(childPath, "is a link to somewhere else, which is not followed");
      H5O_info_t info;
      check(H5Oget_info_by_name2(parent, child.c_str(), &info, H5O_INFO_BASIC, H5P_DEFAULT) >= 0);
      if (info.type == H5O_TYPE_GROUP) {
        Handle inner(H5Gopen2(parent, child.c_str(), H5P_DEFAULT), H5Gclose);
        check(inner.valid());
        group(inner, childPath, depth + 1);
      } else if (info.type == H5O_TYPE_DATASET) {
        if (!isVars) continue; // only groups named "vars" hold variables
        Handle data(H5Dopen2(parent, child.c_str(), H5P_DEFAULT), H5Dclose);
        check(data.valid());
        dataset(store[path], child, data, childPath);
      }
    }
    if (isVars) arrange(store[path], path);
  }

  void dataset(WeightGroup &into, const std::string &key, hid_t data, const std::string &path) {
    Handle plan(H5Dget_create_plist(data), H5Pclose);
    check(plan.valid());
    if (H5Pget_layout(plan) == H5D_VIRTUAL) refuse(path, "is a virtual dataset, which is not followed");
    if (H5Pget_external_count(plan) != 0) refuse(path, "keeps its data in another file, which is not followed");

    Handle space(H5Dget_space(data), H5Sclose);
    check(space.valid());
    H5S_class_t kind = H5Sget_simple_extent_type(space);
    if (kind != H5S_SIMPLE && kind != H5S_SCALAR) refuse(path, "has no shape");
    int rank = H5Sget_simple_extent_ndims(space);
    check(rank >= 0 && rank <= H5S_MAX_RANK);
    std::vector<hsize_t> extents(static_cast<size_t>(rank));
    check(rank == 0 || H5Sget_simple_extent_dims(space, extents.data(), nullptr) >= 0);

    Handle fileType(H5Dget_type(data), H5Tclose);
    check(fileType.valid());
    Handle memoryType(H5Tcopy(fileType), H5Tclose);
    DType dtype = elementType(data, memoryType, path);

    hsize_t bytes = sizeOf(dtype), stored = H5Dget_storage_size(data);
    bool zero = false;
    for (hsize_t extent : extents) {
      zero |= extent == 0;
      if (extent > (hsize_t(1) << 56) || (extent != 0 && __builtin_mul_overflow(bytes, extent, &bytes))) refuse(path, "has an impossible shape");
    }
    if (zero) bytes = 0;
    bool filtered = H5Pget_nfilters(plan) > 0;
    if (stored > image.bytes() || bytes > (filtered ? stored * maxRatio : stored) || bytes > image.bytes() * maxRatio)
      refuse(path, "declares " + std::to_string(bytes) + " bytes, but the file holds " + std::to_string(stored));
    if ((total += bytes) > image.bytes() * maxRatio) refuse(path, "makes the weights far larger than the file");

    Array array = Array::uninitialized(std::vector<int64_t>(extents.begin(), extents.end()), dtype);
    if (bytes) check(H5Dread(data, memoryType, H5S_ALL, H5S_ALL, H5P_DEFAULT, array.raw()) >= 0);
    if (dtype == DType::Bool)
      for (auto *p = static_cast<uint8_t *>(array.raw()), *end = p + bytes; p != end; ++p) *p = *p != 0;
    if (!into.named.emplace(key, std::move(array)).second) refuse(path, "occurs twice");
  }

  /// The element type; makes `type` its native form.
  DType elementType(hid_t data, hid_t type, const std::string &path) {
    H5T_class_t kind = H5Tget_class(type);
    size_t size = H5Tget_size(type);
    if (kind == H5T_FLOAT) {
      check(H5Tset_order(type, H5T_ORDER_LE) >= 0);
      if (H5Tequal(type, H5T_IEEE_F32LE) > 0) return DType::Float32;
      if (H5Tequal(type, H5T_IEEE_F64LE) > 0) return DType::Float64;
      if (size == 2 && H5Tequal(type, h5::halfType()) > 0) return DType::Float16;
    } else if (kind == H5T_INTEGER) {
      check(H5Tset_order(type, H5T_ORDER_LE) >= 0);
      const std::pair<hid_t, DType> known[] = {{H5T_STD_I8LE, DType::Int8},   {H5T_STD_I16LE, DType::Int16},  {H5T_STD_I32LE, DType::Int32},
                                               {H5T_STD_I64LE, DType::Int64}, {H5T_STD_U8LE, DType::UInt8},   {H5T_STD_U32LE, DType::UInt32},
                                               {H5T_STD_U64LE, DType::UInt64}};
      for (auto [candidate, dtype] : known)
        if (H5Tequal(type, candidate) > 0) return dtype;
    } else if (kind == H5T_ENUM && size == 1) {
      return DType::Bool;
    } else if (kind == H5T_OPAQUE && size == 2) {
      // Keras stores bfloat16 as two opaque bytes and says so in an attribute.
      if (textAttribute(data, "dtype").value_or("bfloat16") == "bfloat16") return DType::BFloat16;
    }
    refuse(path, "has an element type that no Keras weight has");
  }

  std::optional<std::string> textAttribute(hid_t object, const char *key) {
    H5O_info_t info;
    check(H5Oget_info2(object, &info, H5O_INFO_BASIC) >= 0);
    try {
      return h5::textAttribute(image.span<uint8_t>(), info.addr, key);
    } catch (const std::out_of_range &) {
      throw EnvironmentError(name, "is damaged: an attribute lies outside the file");
    }
  }

  /// Links come in the order of their names ("10" before "2"): datasets "0", "1", … move to `arrays` by number.
  void arrange(WeightGroup &group, const std::string &path) {
    for (size_t i = 0;; ++i) {
      auto place = group.named.find(std::to_string(i));
      if (place == group.named.end()) break;
      group.arrays.push_back(std::move(place->second));
      group.named.erase(place);
    }
    for (auto &[key, array] : group.named)
      if (key.find_first_not_of("0123456789") == key.npos) refuse(path + "/" + key, "has no predecessor: the arrays must be numbered from 0");
  }

  const Array &image;
  const std::string &name;
  WeightStore store;
  size_t objects = 0;
  hsize_t total = 0;
};
} // namespace

WeightStore readWeights(const Array &image, const std::string &name) {
  h5::Session session;
  return Reader(image, name).read();
}

} // namespace cornu
