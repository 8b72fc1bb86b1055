#include "frontend/saving/h5_handle.h"

namespace cornu::h5 {

static std::recursive_mutex &libraryLock() {
  static std::recursive_mutex mutex;
  return mutex;
}

Session::Session() : lock(libraryLock()) {
  // Nothing of ours needs closing at exit, and after a damaged file the library's own clean-up may complain aloud.
  [[maybe_unused]] static const herr_t once = H5dont_atexit();
  H5Eget_auto2(H5E_DEFAULT, &printer, &client);
  H5Eset_auto2(H5E_DEFAULT, nullptr, nullptr);
  H5PLset_loading_state(0);
}
Session::~Session() { H5Eset_auto2(H5E_DEFAULT, printer, client); }

std::string lastError() {
  std::string reason;
  H5Ewalk2(
      H5E_DEFAULT, H5E_WALK_UPWARD,
      [](unsigned depth, const H5E_error2_t *error, void *out) -> herr_t {
        if (depth == 0 && error->desc) *static_cast<std::string *>(out) = error->desc;
        return 0;
      },
      &reason);
  for (char &c : reason)
    if (c == '\n') c = ' ';
  return reason.empty() ? "unknown reason" : reason;
}

Handle halfType() {
  Handle type(H5Tcopy(H5T_IEEE_F32LE), H5Tclose);
  H5Tset_fields(type, 15, 10, 5, 0, 10);
  H5Tset_size(type, 2);
  H5Tset_ebias(type, 15);
  return type;
}

Handle boolType() {
  Handle type(H5Tenum_create(H5T_STD_I8LE), H5Tclose);
  int8_t no = 0, yes = 1;
  H5Tenum_insert(type, "FALSE", &no);
  H5Tenum_insert(type, "TRUE", &yes);
  return type;
}

} // namespace cornu::h5
