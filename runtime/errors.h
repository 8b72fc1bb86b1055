// The three kinds of error Cornu throws. Their messages are one sentence and never mix: what the user can mend in the
// program, what is wrong with a file or the machine, and what is wrong with Cornu.
#pragma once

#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>

namespace cornu {

/// Base of every exception that Cornu throws.
class Error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// A rule of the API was broken. The message says the rule, then what came: "Dense 'fc1': units must be positive. Received: units=-3".
class UserError : public Error {
public:
  explicit UserError(const std::string &message);
  UserError(std::string_view rule, std::string_view received);
};

/// A file or the machine does not allow it. The message says which file and why: "digits.keras: cannot open: No such file or directory".
class EnvironmentError : public Error {
public:
  explicit EnvironmentError(const std::string &message);
  EnvironmentError(std::string_view path, std::string_view reason);
};

/// A bug in Cornu itself; the message says how to report it.
class InternalError : public Error {
public:
  explicit InternalError(std::string_view what);
};

/// "(None, 784)", "(64,)", "()": a shape as Keras prints it; -1 stands for the batch.
std::string shapeString(std::span<const int64_t> shape);

/// "'relu', 'tanh', 'softmax'": names for a message's "Known: …".
std::string quotedList(std::span<const std::string> names);

/// The candidate nearest to `name` by edit distance, or "" when none is near enough to be a likely typing mistake.
std::string closestName(std::string_view name, std::span<const std::string> candidates);

} // namespace cornu
