// cornu: Keras models as native code, on the command line.
#include <iostream>
#include <new>

#include "tools/cornu/Commands.h"

using namespace cornu;

namespace {

struct Command {
  const char *name;
  void (*run)(const driver::Words &);
  const char *summary;
};

constexpr Command commands[] = {
    {"run", driver::run, "predict with a model"},
    {"train", driver::train, "train a model"},
    {"compile", driver::compile, "make an executable, object, library or header of a model"},
    {"summary", driver::summary, "print a model's layers"},
    {"inspect", driver::inspect, "show what the compiler makes of a model, stage by stage"},
    {"bench", driver::bench, "measure prediction or training"},
};

void printHelp() {
  std::cout << "usage: cornu COMMAND MODEL [options]\n\n"
               "Compiles Keras models (.keras) to native code, and runs, trains, ships and explains them.\n\n";
  for (const Command &command : commands) std::cout << "  " << command.name << std::string(10 - std::string(command.name).size(), ' ') << command.summary << "\n";
  std::cout << "\ncornu COMMAND --help explains a command; cornu --version prints the version.\n";
}

void dispatch(const driver::Words &words) {
  if (words.empty()) throw UserError("a command is missing; see cornu --help");
  const std::string &name = words[0];
  if (name == "--help" || name == "-h" || (name == "help" && words.size() == 1)) return printHelp();
  if (name == "--version") {
    std::cout << "cornu " CORNU_VERSION "\n";
    return;
  }
  // `cornu help run` is `cornu run --help`.
  driver::Words rest(words.begin() + 1, words.end());
  std::string wanted = name;
  if (name == "help") wanted = words[1], rest = {"--help"};
  std::vector<std::string> known;
  for (const Command &command : commands) {
    if (wanted == command.name) return command.run(rest);
    known.push_back(command.name);
  }
  std::string nearest = closestName(wanted, known);
  throw UserError("unknown command '" + wanted + "'. " + (nearest.empty() ? "Known: " + quotedList(known) : "Did you mean '" + nearest + "'?"));
}

} // namespace

int main(int argc, char **argv) {
  try {
    dispatch(driver::Words(argv + 1, argv + argc));
    std::cout.flush();
    if (!std::cout || std::fflush(stdout) != 0) throw EnvironmentError("standard output", "cannot write");
    return 0;
  } catch (const Error &error) {
    std::cerr << "cornu: " << error.what() << "\n";
  } catch (const std::bad_alloc &) {
    std::cerr << "cornu: not enough memory\n";
  } catch (const std::exception &error) {
    std::cerr << "cornu: " << InternalError(error.what()).what() << "\n";
  }
  return 1;
}
