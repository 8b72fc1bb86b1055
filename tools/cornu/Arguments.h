// Command-line arguments of one subcommand: declared once, parsed and explained from that.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace cornu::driver {

/// Options are given as `--name value` or `--name=value`; a name that begins with a dash is spelled as it is. Mistakes are UserErrors that begin with the command's name.
class Arguments {
public:
  /// `description` and `examples` stand above and below the options in the help.
  Arguments(std::string command, std::string description, std::string examples)
      : command(std::move(command)), description(std::move(description)), examples(std::move(examples)) {}

  /// A word without a dash, required.
  void positional(const std::string &name, std::string &target, const std::string &help);
  void flag(const std::string &name, bool &target, const std::string &help);
  void option(const std::string &name, const std::string &value, std::string &target, const std::string &help, bool required = false);
  void option(const std::string &name, const std::string &value, std::optional<std::string> &target, const std::string &help);
  /// A whole number of at least `least`.
  void option(const std::string &name, const std::string &value, int64_t &target, int64_t least, const std::string &help);
  void option(const std::string &name, const std::string &value, std::optional<int64_t> &target, int64_t least, const std::string &help);
  void option(const std::string &name, const std::string &value, std::optional<double> &target, const std::string &help);
  /// Words separated by commas; the option may be repeated.
  void option(const std::string &name, const std::string &value, std::vector<std::string> &target, const std::string &help);
  /// One of `choices`.
  void choice(const std::string &name, const std::vector<std::string> &choices, std::string &target, const std::string &help);

  /// False if help was asked for, and printed.
  bool parse(const std::vector<std::string> &words);
  /// UserError: the rule and what was received, after the command's name.
  [[noreturn]] void fail(const std::string &rule, const std::string &received = "") const;
  std::string help() const;

private:
  struct Option {
    std::string name, value, help;               ///< value "": a flag
    std::function<void(const std::string &)> set;
    bool required = false, given = false;
  };
  int64_t integer(const std::string &name, const std::string &text, int64_t least) const;
  static std::string spelled(const std::string &name);
  Option &find(const std::string &name);

  std::string command, description, examples;
  std::vector<Option> positionals, options;
};

} // namespace cornu::driver
