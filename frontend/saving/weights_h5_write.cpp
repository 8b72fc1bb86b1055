#include "frontend/saving/h5_handle.h"
#include "frontend/saving/weights_h5.h"

namespace cornu {
namespace {
using h5::Handle;

void check(bool good) {
  // Everything happens in memory with names of our own: a failure is a bug or the end of memory.
  if (!good) throw InternalError("HDF5 cannot write weights: " + h5::lastError());
}

Handle fileType(DType dtype) {
  switch (dtype) {
  case DType::Bool: return h5::boolType();
  case DType::Float16: return h5::halfType();
  case DType::BFloat16: return Handle(H5Tcreate(H5T_OPAQUE, 2), H5Tclose);
  case DType::Int8: return Handle(H5Tcopy(H5T_STD_I8LE), H5Tclose);
  case DType::UInt8: return Handle(H5Tcopy(H5T_STD_U8LE), H5Tclose);
  case DType::Int16: return Handle(H5Tcopy(H5T_STD_I16LE), H5Tclose);
  case DType::Int32: return Handle(H5Tcopy(H5T_STD_I32LE), H5Tclose);
  case DType::Int64: return Handle(H5Tcopy(H5T_STD_I64LE), H5Tclose);
  case DType::UInt32: return Handle(H5Tcopy(H5T_STD_U32LE), H5Tclose);
  case DType::UInt64: return Handle(H5Tcopy(H5T_STD_U64LE), H5Tclose);
  case DType::Float32: return Handle(H5Tcopy(H5T_IEEE_F32LE), H5Tclose);
  case DType::Float64: return Handle(H5Tcopy(H5T_IEEE_F64LE), H5Tclose);
  }
  throw InternalError("unknown element type");
}

void writeText(hid_t object, const char *key, const std::string &text) {
  Handle type(H5Tcopy(H5T_C_S1), H5Tclose), space(H5Screate(H5S_SCALAR), H5Sclose);
  check(H5Tset_size(type, H5T_VARIABLE) >= 0 && H5Tset_cset(type, H5T_CSET_UTF8) >= 0);
  Handle attribute(H5Acreate2(object, key, type, space, H5P_DEFAULT, H5P_DEFAULT), H5Aclose);
  const char *data = text.c_str();
  check(attribute.valid() && H5Awrite(attribute, type, &data) >= 0);
}

void writeArray(hid_t group, const std::string &key, const Array &array, hid_t plan) {
  std::vector<hsize_t> extents(array.shape().begin(), array.shape().end());
  Handle space(extents.empty() ? H5Screate(H5S_SCALAR) : H5Screate_simple(static_cast<int>(extents.size()), extents.data(), nullptr), H5Sclose);
  Handle type = fileType(array.dtype());
  Handle data(H5Dcreate2(group, key.c_str(), type, space, H5P_DEFAULT, plan, H5P_DEFAULT), H5Dclose);
  check(data.valid());
  if (!array.empty()) check(H5Dwrite(data, type, H5S_ALL, H5S_ALL, H5P_DEFAULT, array.raw()) >= 0);
  if (array.dtype() == DType::BFloat16) writeText(data, "dtype", "bfloat16");
}
} // namespace

std::string formatWeights(const WeightStore &weights) {
  h5::Session session;
  Handle access(H5Pcreate(H5P_FILE_ACCESS), H5Pclose);
  check(H5Pset_fapl_core(access, 1 << 16, false) >= 0);
  Handle file(H5Fcreate("weights", H5F_ACC_TRUNC, H5P_DEFAULT, access), H5Fclose);
  check(file.valid());
  Handle links(H5Pcreate(H5P_LINK_CREATE), H5Pclose), plan(H5Pcreate(H5P_DATASET_CREATE), H5Pclose);
  check(H5Pset_create_intermediate_group(links, 1) >= 0 && H5Pset_obj_track_times(plan, false) >= 0);
  for (const auto &[path, content] : weights) {
    Handle group(H5Gcreate2(file, path.c_str(), links, H5P_DEFAULT, H5P_DEFAULT), H5Gclose);
    check(group.valid());
    if (!content.name.empty()) writeText(group, "name", content.name);
    for (size_t i = 0; i < content.arrays.size(); ++i) writeArray(group, std::to_string(i), content.arrays[i], plan);
    for (const auto &[key, array] : content.named) writeArray(group, key, array, plan);
  }
  check(H5Fflush(file, H5F_SCOPE_GLOBAL) >= 0);
  ssize_t size = H5Fget_file_image(file, nullptr, 0);
  check(size > 0);
  std::string image(static_cast<size_t>(size), '\0');
  check(H5Fget_file_image(file, image.data(), image.size()) == size);
  return image;
}

} // namespace cornu
