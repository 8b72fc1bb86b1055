// --input-shape: the extents that a file leaves open.
#include <algorithm>
#include <charconv>
#include <map>

#include "tools/cornu/Commands.h"

namespace cornu::driver {

namespace {

/// Shapes by input, as they were given: "x=100", "128", "y=5" are those of x and y.
std::map<std::string, Shape> parsed(const std::vector<std::string> &words, const std::vector<std::string> &inputs, const std::string &command) {
  std::map<std::string, Shape> shapes;
  std::string name = inputs.size() == 1 ? inputs[0] : "";
  for (const std::string &word : words) {
    size_t equals = word.find('=');
    if (equals != word.npos) name = word.substr(0, equals);
    if (std::find(inputs.begin(), inputs.end(), name) == inputs.end())
      throw UserError(command + ": --input-shape must be NAME=EXTENT,... of inputs of the model. Known: " + quotedList(inputs), "'" + word + "'");
    std::string number = equals == word.npos ? word : word.substr(equals + 1);
    int64_t extent = 0;
    auto [end, error] = std::from_chars(number.data(), number.data() + number.size(), extent);
    if (error != std::errc() || end != number.data() + number.size() || extent < 1)
      throw UserError(command + ": the extents of --input-shape must be positive whole numbers", "'" + word + "'");
    shapes[name].push_back(extent);
  }
  return shapes;
}

} // namespace

void buildFor(Model &model, const std::vector<std::string> &words, const std::string &command) {
  if (words.empty() && model.built()) return;
  std::vector<std::string> inputs = model.input_names();
  std::vector<Shape> shapes = model.input_shapes();
  std::map<std::string, Shape> given = parsed(words, inputs, command);
  for (size_t i = 0; i < shapes.size(); ++i) {
    auto own = given.find(inputs[i]);
    Shape wanted = own == given.end() ? shapes[i] : own->second;
    if (own != given.end()) wanted.insert(wanted.begin(), -1);
    bool fits = wanted.size() == shapes[i].size();
    for (size_t k = 1; fits && k < wanted.size(); ++k) fits = wanted[k] > 0 && (shapes[i][k] < 0 || wanted[k] == shapes[i][k]);
    if (!fits)
      throw UserError(command + ": --input-shape must give the extents of input '" + inputs[i] + "', which has the shape " + shapeString(shapes[i]) + " with the batch in front",
                      own == given.end() ? "none" : shapeString(own->second));
    shapes[i] = wanted;
  }
  model.build(shapes);
}

} // namespace cornu::driver
