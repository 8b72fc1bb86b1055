// cornu inspect: the program at every stage.
#include <algorithm>
#include <filesystem>
#include <iostream>

#include "tools/cornu/Arguments.h"
#include "tools/cornu/Commands.h"

namespace cornu::driver {

void inspect(const Words &words) {
  std::string path, folder, stage;
  std::vector<std::string> shape;
  bool training = false;
  const std::vector<std::string> stages = {"graph", "cornu", "linalg", "vector", "llvm", "asm"};
  const std::vector<std::string> endings = {".graph.mlir", ".cornu.mlir", ".linalg.mlir", ".vector.mlir", ".llvm.ll", ".asm.s"};
  Arguments arguments("inspect",
                      "Shows what the compiler makes of a model, stage by stage:\n"
                      "  graph   as traced from the layers        vector  loops over vectors\n"
                      "  cornu   differentiated, simplified       llvm    LLVM IR, optimised\n"
                      "  linalg  kernels formed, memory planned   asm     assembly for this machine",
                      "examples:\n  cornu inspect digits.keras --dump-dir dump --train\n  cornu inspect digits.keras --stage cornu");
  arguments.positional("MODEL", path, modelHelp);
  arguments.option("dump-dir", "DIR", folder, "writes every stage to a file in this folder, which is made if need be");
  arguments.choice("stage", stages, stage, "prints one stage");
  arguments.option("input-shape", "NAME=N,...", shape, shapeHelp);
  arguments.flag("train", training, "the training step too (with --stage: instead of prediction)");
  if (!arguments.parse(words)) return;
  if (folder.empty() && stage.empty()) arguments.fail("give --dump-dir DIR, or --stage NAME to print one stage");

  Model model = load_model(path);
  buildFor(model, shape, "inspect");
  if (!stage.empty()) {
    auto at = std::find(stages.begin(), stages.end(), stage) - stages.begin();
    std::cout << model.ir(static_cast<Stage>(at), training ? "train_step" : "predict");
  }
  if (folder.empty()) return;
  std::error_code error;
  std::filesystem::create_directories(folder, error);
  if (error) throw EnvironmentError(folder, "cannot make the folder: " + error.message());
  std::vector<std::string> functions = {"predict"};
  if (training) functions.push_back("train_step");
  for (const std::string &function : functions) {
    std::vector<std::string> texts = model.ir_stages(function);
    for (size_t i = 0; i < stages.size(); ++i) {
      std::string file = (std::filesystem::path(folder) / (function + endings[i])).string();
      writeFile(file, texts[i]);
      std::cout << file << "\n";
    }
  }
}

} // namespace cornu::driver
