#include "frontend/saving/files.h"

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <fcntl.h>
#include <random>
#include <sys/stat.h>
#include <unistd.h>
#include <utility>
#include <vector>

namespace cornu {
namespace {
[[noreturn]] void fail(const std::string &path, const char *what) { throw EnvironmentError(path, std::string(what) + ": " + std::strerror(errno)); }

struct File {
  int fd;
  ~File() {
    if (fd >= 0) ::close(fd);
  }
};

bool writeAll(int fd, std::string_view bytes) {
  while (!bytes.empty()) {
    ssize_t written = ::write(fd, bytes.data(), std::min<size_t>(bytes.size(), size_t(1) << 30));
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes.remove_prefix(static_cast<size_t>(written));
  }
  return true;
}

/// Where a chain of symbolic links ends, so that the rename replaces the file and not the link.
std::string resolved(const std::string &path) {
  char *real = ::realpath(path.c_str(), nullptr);
  if (!real) return path;
  std::string result = real;
  ::free(real);
  return result;
}
} // namespace

Array readFile(const std::string &path) {
  File file{::open(path.c_str(), O_RDONLY | O_CLOEXEC)};
  if (file.fd < 0) fail(path, "cannot open");
  struct stat info;
  if (::fstat(file.fd, &info) != 0) fail(path, "cannot read");
  if (S_ISDIR(info.st_mode)) throw EnvironmentError(path, "cannot read: it is a directory");
  // The size is only a first guess: a pipe has none, and a file may grow.
  Array buffer = Array::uninitialized({std::max<int64_t>(info.st_size + 1, 4096)}, DType::UInt8);
  int64_t length = 0;
  for (;;) {
    if (length == buffer.size()) {
      Array larger = Array::uninitialized({buffer.size() * 2}, DType::UInt8);
      std::memcpy(larger.raw(), buffer.raw(), static_cast<size_t>(length));
      buffer = larger;
    }
    ssize_t got = ::read(file.fd, buffer.data<uint8_t>() + length, static_cast<size_t>(std::min<int64_t>(buffer.size() - length, 1 << 30)));
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) fail(path, "cannot read");
    if (got == 0) break;
    length += got;
  }
  return buffer.rows(0, length);
}

void writeFile(const std::string &path, std::string_view bytes) {
  std::string target = resolved(path);
  struct stat info;
  bool exists = ::stat(target.c_str(), &info) == 0;
  if (exists && S_ISDIR(info.st_mode)) throw EnvironmentError(path, "cannot write: it is a directory");
  if (exists && !S_ISREG(info.st_mode)) {
    File file{::open(target.c_str(), O_WRONLY | O_CLOEXEC)};
    if (file.fd < 0 || !writeAll(file.fd, bytes)) fail(path, "cannot write");
    return;
  }
  if (exists && ::access(target.c_str(), W_OK) != 0) fail(path, "cannot write");

  std::string temporary;
  File file{-1};
  std::random_device random;
  for (int attempt = 0; attempt < 100 && file.fd < 0; ++attempt) {
    temporary = target + ".tmp" + std::to_string(random());
    file.fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, exists ? info.st_mode & 0777 : 0666);
    if (file.fd < 0 && errno != EEXIST) fail(path, "cannot write");
  }
  if (file.fd < 0) fail(path, "cannot write");
  bool done = writeAll(file.fd, bytes) && ::fsync(file.fd) == 0;
  if (done) {
    int fd = std::exchange(file.fd, -1);
    done = ::close(fd) == 0 && ::rename(temporary.c_str(), target.c_str()) == 0;
  }
  if (!done) {
    int reason = errno;
    ::unlink(temporary.c_str());
    errno = reason;
    fail(path, "cannot write");
  }
}

} // namespace cornu
