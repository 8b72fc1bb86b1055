// The subcommands, one file each.
#pragma once

#include <string>
#include <vector>

#include <cornu/cornu.h>

namespace cornu::driver {

using Words = std::vector<std::string>;

void bench(const Words &words);
void compile(const Words &words);
void inspect(const Words &words);
void run(const Words &words);
void summary(const Words &words);
void train(const Words &words);

/// What every command says of MODEL.
inline constexpr const char *modelHelp = "a model saved by Keras or Cornu (.keras)";

/// "digits" of "some/where/digits.keras".
std::string stemOf(const std::string &path);

/// What commands without data say of --input-shape.
inline constexpr const char *shapeHelp = "for what extents, without the batch, where the file leaves them open; the name may be left out if there is one input";
/// Builds a model whose file leaves extents open for those of --input-shape, whose words are "NAME=100", "128" or "100", "128". UserError if some are missing or do not fit.
void buildFor(Model &model, const std::vector<std::string> &words, const std::string &command);

/// The arrays of a .npy file (one, without a name) or a .npz archive.
NamedArrays loadArrays(const std::string &path);
/// They as data for `names` (a model's inputs or outputs): by name, or, for a single one, whatever its name. `option` names the
/// argument in messages.
Data asData(const NamedArrays &arrays, const std::vector<std::string> &names, const std::string &command, const std::string &path);
/// Writes arrays with their names: .npz if the path ends so, else .npy, which holds one array.
void saveArrays(const std::string &path, const NamedArrays &arrays, const std::string &command);

} // namespace cornu::driver
