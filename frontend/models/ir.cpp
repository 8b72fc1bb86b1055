// Model::ir: the text of a stage.
#include "frontend/training/trainer.h"

namespace cornu {

std::vector<std::string> Model::ir_stages(const std::string &function) {
  std::vector<std::string> texts(6);
  run::compileNative(Trainer::trace(*this, function), [&](codegen::Stage reached, llvm::StringRef text) { texts[static_cast<size_t>(reached)] = text.str(); });
  return texts;
}

std::string Model::ir(Stage stage, const std::string &function) {
  if (stage != Stage::Graph) return ir_stages(function)[static_cast<size_t>(stage)];
  // No need to compile for it.
  std::string text;
  llvm::raw_string_ostream out(text);
  Trainer::trace(*this, function).module->print(out);
  return text;
}

} // namespace cornu
