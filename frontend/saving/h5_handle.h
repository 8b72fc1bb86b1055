// HDF5's C handles as owned values. Private to saving.
#pragma once

#include <hdf5.h>
#include <mutex>
#include <string>
#include <utility>

namespace cornu::h5 {

/// A handle that closes itself. Negative: the call that made it failed.
class Handle {
public:
  Handle(hid_t id, herr_t (*close)(hid_t)) : id(id), close(close) {}
  Handle(Handle &&other) noexcept : id(std::exchange(other.id, -1)), close(other.close) {}
  Handle(const Handle &) = delete;
  ~Handle() {
    if (id >= 0) close(id);
  }
  operator hid_t() const { return id; }
  bool valid() const { return id >= 0; }

private:
  hid_t id;
  herr_t (*close)(hid_t);
};

/// For as long as it lives: the library is ours alone (Debian's is built without locks), prints nothing on errors, and
/// loads no plugins, whatever a file asks for.
class Session {
public:
  Session();
  ~Session();

private:
  std::unique_lock<std::recursive_mutex> lock;
  H5E_auto2_t printer = nullptr;
  void *client = nullptr;
};

/// The innermost reason on HDF5's error stack.
std::string lastError();

/// IEEE half precision, which HDF5 1.10 has no name for.
Handle halfType();
/// h5py's boolean: an enum FALSE, TRUE over int8.
Handle boolType();

} // namespace cornu::h5
