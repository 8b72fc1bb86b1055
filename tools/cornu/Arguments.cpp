#include "tools/cornu/Arguments.h"

#include <algorithm>
#include <cerrno>
#include <cstdlib>
#include <iostream>
#include <sstream>

#include "runtime/errors.h"

namespace cornu::driver {

void Arguments::positional(const std::string &name, std::string &target, const std::string &help) {
  positionals.push_back({name, "", help, [&target](const std::string &text) { target = text; }});
}
void Arguments::flag(const std::string &name, bool &target, const std::string &help) {
  options.push_back({name, "", help, [&target](const std::string &) { target = true; }});
}
void Arguments::option(const std::string &name, const std::string &value, std::string &target, const std::string &help, bool required) {
  options.push_back({name, value, help, [&target](const std::string &text) { target = text; }, required});
}
void Arguments::option(const std::string &name, const std::string &value, std::optional<std::string> &target, const std::string &help) {
  options.push_back({name, value, help, [&target](const std::string &text) { target = text; }});
}
void Arguments::option(const std::string &name, const std::string &value, int64_t &target, int64_t least, const std::string &help) {
  options.push_back({name, value, help, [this, name, least, &target](const std::string &text) { target = integer(name, text, least); }});
}
void Arguments::option(const std::string &name, const std::string &value, std::optional<int64_t> &target, int64_t least, const std::string &help) {
  options.push_back({name, value, help, [this, name, least, &target](const std::string &text) { target = integer(name, text, least); }});
}
void Arguments::option(const std::string &name, const std::string &value, std::optional<double> &target, const std::string &help) {
  options.push_back({name, value, help, [this, name, &target](const std::string &text) {
                       char *end;
                       target = std::strtod(text.c_str(), &end);
                       if (text.empty() || *end) fail(spelled(name) + " must be a number", "'" + text + "'");
                     }});
}
void Arguments::option(const std::string &name, const std::string &value, std::vector<std::string> &target, const std::string &help) {
  options.push_back({name, value, help, [this, name, &target](const std::string &text) {
                       std::stringstream words(text);
                       for (std::string word; std::getline(words, word, ',');) {
                         if (word.empty()) fail(spelled(name) + " takes names separated by commas", "'" + text + "'");
                         target.push_back(word);
                       }
                     }});
}
void Arguments::choice(const std::string &name, const std::vector<std::string> &choices, std::string &target, const std::string &help) {
  std::string all;
  for (const std::string &one : choices) all += (all.empty() ? "" : "|") + one;
  options.push_back({name, all, help, [this, name, choices, &target](const std::string &text) {
                       if (std::find(choices.begin(), choices.end(), text) == choices.end()) fail(spelled(name) + " must be one of " + quotedList(choices), "'" + text + "'");
                       target = text;
                     }});
}

int64_t Arguments::integer(const std::string &name, const std::string &text, int64_t least) const {
  char *end;
  errno = 0;
  long long value = std::strtoll(text.c_str(), &end, 10);
  if (text.empty() || *end || errno || value < least)
    fail(spelled(name) + " must be a whole number of at least " + std::to_string(least), "'" + text + "'");
  return value;
}

void Arguments::fail(const std::string &rule, const std::string &received) const {
  if (received.empty()) throw UserError(command + ": " + rule);
  throw UserError(command + ": " + rule, received);
}

std::string Arguments::spelled(const std::string &name) { return name[0] == '-' ? name : "--" + name; }

Arguments::Option &Arguments::find(const std::string &name) {
  std::vector<std::string> known;
  for (Option &option : options) {
    if (spelled(option.name) == name) return option;
    known.push_back(spelled(option.name));
  }
  std::string nearest = closestName(name, known);
  fail("unknown option '" + name + "'" + (nearest.empty() ? "; see cornu " + command + " --help" : ". Did you mean '" + nearest + "'?"));
}

bool Arguments::parse(const std::vector<std::string> &words) {
  size_t position = 0;
  bool onlyPositionals = false;
  for (size_t i = 0; i < words.size(); ++i) {
    const std::string &word = words[i];
    if (!onlyPositionals && (word == "--help" || word == "-h")) {
      std::cout << help();
      return false;
    }
    if (!onlyPositionals && word == "--") {
      onlyPositionals = true;
    } else if (!onlyPositionals && word.size() > 1 && word[0] == '-') {
      size_t equals = word.find('=');
      Option &option = find(word.substr(0, equals));
      option.given = true;
      if (option.value.empty()) {
        if (equals != std::string::npos) fail(spelled(option.name) + " takes no value", "'" + word + "'");
        option.set("");
      } else if (equals != std::string::npos) {
        option.set(word.substr(equals + 1));
      } else {
        if (++i == words.size()) fail(spelled(option.name) + " needs a value: " + option.value);
        option.set(words[i]);
      }
    } else if (position < positionals.size()) {
      positionals[position++].set(word);
    } else {
      fail("unexpected argument '" + word + "'; see cornu " + command + " --help");
    }
  }
  if (position < positionals.size()) fail(positionals[position].name + " is missing; see cornu " + command + " --help");
  for (const Option &option : options)
    if (option.required && !option.given) fail(spelled(option.name) + " " + option.value + " is missing; see cornu " + command + " --help");
  return true;
}

std::string Arguments::help() const {
  std::ostringstream out;
  auto withValue = [](const Option &option) { return spelled(option.name) + (option.value.empty() ? "" : " " + option.value); };
  out << "usage: cornu " << command;
  for (const Option &p : positionals) out << " " << p.name;
  for (const Option &o : options)
    if (o.required) out << " " << withValue(o);
  out << " [options]\n\n" << description << "\n\n";
  constexpr size_t column = 26;
  auto row = [&](const std::string &name, const std::string &text) {
    out << "  " << name;
    size_t at = 2 + name.size();
    if (at + 2 > column) out << "\n", at = 0;
    out << std::string(column - at, ' ');
    for (char c : text) {
      out << c;
      if (c == '\n') out << std::string(column, ' ');
    }
    out << "\n";
  };
  for (const Option &p : positionals) row(p.name, p.help);
  for (const Option &o : options) row(withValue(o), o.help);
  row("--help", "this text");
  if (!examples.empty()) out << "\n" << examples << "\n";
  return out.str();
}

} // namespace cornu::driver
