// Model::ir: the text of a stage.
#include "frontend/training/trainer.h"

namespace cornu {

std::string Model::ir(Stage stage, const std::string &function) {
  run::Program program = Trainer::trace(*this, function);
  std::string text;
  llvm::raw_string_ostream out(text);
  if (stage == Stage::Graph) {
    program.module->print(out);
    return text;
  }
  run::compileNative(std::move(program), [&](codegen::Stage reached, llvm::StringRef stageText) {
    if (static_cast<int>(reached) == static_cast<int>(stage)) out << stageText;
  });
  return text;
}

} // namespace cornu
