// cornu summary: Keras's table of layers.
#include <iostream>

#include "tools/cornu/Arguments.h"
#include "tools/cornu/Commands.h"

namespace cornu::driver {

void summary(const Words &words) {
  std::string path;
  SummaryOptions options;
  std::optional<int64_t> width;
  std::vector<std::string> shape;
  Arguments arguments("summary", "Prints a model's layers, shapes and numbers of weights as Keras does.", "");
  arguments.positional("MODEL", path, modelHelp);
  arguments.option("line-length", "N", width, 20, "columns of the table (default: what the terminal has)");
  arguments.flag("expand-nested", options.expand_nested, "shows the layers of models within the model");
  arguments.flag("show-trainable", options.show_trainable, "adds a column: whether training changes the layer");
  arguments.option("input-shape", "NAME=N,...", shape, shapeHelp);
  if (!arguments.parse(words)) return;
  if (width) options.line_length = static_cast<int>(*width);
  Model model = load_model(path);
  buildFor(model, shape, "summary");
  std::cout << model.summary_text(options);
}

} // namespace cornu::driver
