#include "codegen/AotInterface.h"

#include <cctype>
#include <set>

#include "llvm/Support/MathExtras.h"
#include "runtime/cornu_abi.h"

using namespace mlir;

namespace cornu::codegen {

std::string identifier(llvm::StringRef name) {
  static const std::set<std::string> reserved = {
      "auto", "break", "case", "char", "const", "continue", "default", "do", "double", "else", "enum", "extern", "float", "for", "goto", "if",
      "inline", "int", "long", "register", "restrict", "return", "short", "signed", "sizeof", "static", "struct", "switch", "typedef", "union",
      "unsigned", "void", "volatile", "while", "class", "new", "delete", "this", "template", "operator", "private", "public", "protected", "try",
      "catch", "throw", "bool", "true", "false", "namespace", "using", "virtual", "friend", "typename", "export", "and", "or", "not", "xor"};
  std::string text;
  for (char c : name)
    text += std::isalnum(static_cast<unsigned char>(c)) ? c : '_';
  if (text.empty() || std::isdigit(static_cast<unsigned char>(text[0])))
    text = "_" + text;
  return reserved.count(text) ? text + "_" : text;
}

std::string macroName(llvm::StringRef name) { return llvm::StringRef(identifier(name)).upper(); }

const char *cType(DType dtype) {
  switch (dtype) {
  case DType::Float32: return "float";
  case DType::Float64: return "double";
  case DType::Int8: return "int8_t";
  case DType::Int16: return "int16_t";
  case DType::Int32: return "int32_t";
  case DType::Int64: return "int64_t";
  case DType::Bool:
  case DType::UInt8: return "uint8_t";
  case DType::UInt32: return "uint32_t";
  case DType::UInt64: return "uint64_t";
  case DType::Float16:
  case DType::BFloat16: return "uint16_t";   // C99 has no type for them: the bits
  }
  return "unsigned char";
}

namespace {

constexpr llvm::StringLiteral readPrefix = "read_";

std::string unique(std::set<std::string> &taken, const std::string &wanted) {
  std::string name = wanted;
  for (int i = 1; !taken.insert(name).second; ++i)
    name = wanted + "_" + std::to_string(i);
  return name;
}

/// Offsets: large variables begin a cache line, small ones a word. What resets together lies together, at the end.
void layOut(AotInterface &interface) {
  auto place = [&](bool metrics) {
    for (Slot &slot : interface.slots)
      if (slot.used && (slot.role == ir::Role::metric) == metrics) {
        interface.bytes = llvm::alignTo(interface.bytes, slot.bytes >= CORNU_WORKSPACE_ALIGNMENT ? CORNU_WORKSPACE_ALIGNMENT : 8);
        slot.offset = interface.bytes;
        interface.bytes += slot.bytes;
      }
  };
  place(false);
  interface.bytes = interface.metricsOffset = llvm::alignTo(interface.bytes, 8);
  place(true);
  interface.bytes = llvm::alignTo(interface.bytes, CORNU_WORKSPACE_ALIGNMENT);
}

} // namespace

std::vector<CExport> AotInterface::exports() const {
  std::vector<CExport> list;
  for (const CFunction &f : functions) {
    if (f.assigns) {
      list.push_back({&f, f.symbol, Memory::State});
      continue;
    }
    bool stateless = !llvm::is_contained(f.uses, true);
    list.push_back({&f, f.symbol, weights == Weights::Embed || stateless ? Memory::None : Memory::Weights});
    if (training && weights == Weights::Embed && !stateless)
      list.push_back({&f, f.symbol + "_with_state", Memory::Weights});
  }
  return list;
}

AotInterface makeInterface(ModuleOp module, const std::string &name, Weights weights) {
  AotInterface interface{.name = identifier(name), .macro = macroName(name), .weights = weights};
  llvm::StringMap<unsigned> index;
  std::set<std::string> taken, readers;
  for (auto variable : module.getOps<ir::VariableOp>()) {
    index[variable.getSymName()] = interface.slots.size();
    Slot slot{.role = variable.getRole()};
    slot.spec = specOf(variable.getSymName(), variable.getType());
    slot.bytes = static_cast<int64_t>(sizeOf(slot.spec.dtype));
    for (int64_t extent : slot.spec.shape)
      slot.bytes *= extent;
    slot.macro = unique(taken, macroName(variable.getSymName()));
    interface.slots.push_back(slot);
  }
  for (auto function : module.getOps<func::FuncOp>()) {
    CFunction f{.name = function.getName().str()};
    f.symbol = interface.name + "_" + identifier(f.name);
    f.workspaceMacro = interface.macro + (f.name == "predict" ? "" : "_" + macroName(f.name)) + "_WORKSPACE_BYTES";
    f.uses.resize(interface.slots.size());
    auto use = [&](llvm::StringRef variable) { f.uses[index.lookup(variable)] = interface.slots[index.lookup(variable)].used = true; };
    function.walk([&](ir::ReadOp read) { use(read.getVariable()); });
    function.walk([&](ir::AssignOp assign) { use(assign.getVariable()), f.assigns = true; });
    interface.training |= f.assigns;
    if (llvm::StringRef key = f.name; key.consume_front(readPrefix))
      interface.metrics.push_back({key.str(), unique(readers, f.symbol), f});
    else
      interface.functions.push_back(f);
  }
  layOut(interface);
  return interface;
}

void completeInterface(AotInterface &interface, const ModuleSpec &spec) {
  auto workspace = [&](CFunction &f) {
    f.workspace = spec.find(f.name)->workspace;
    f.workspace.fixed += CORNU_WORKSPACE_ALIGNMENT;   // wrappers align the caller's memory
  };
  for (CMetric &metric : interface.metrics)
    workspace(metric.function);
  for (CFunction &f : interface.functions) {
    workspace(f);
    const FunctionSpec &from = *spec.find(f.name);
    std::set<std::string> taken = {"batch", "workspace", "state", "weights"};
    auto describe = [&](const std::vector<TensorSpec> &specs, std::vector<CTensor> &tensors) {
      for (const TensorSpec &tensor : specs) {
        CTensor c{unique(taken, identifier(tensor.name)), tensor, 1};
        for (int64_t extent : tensor.shape)
          c.perSample *= extent < 0 ? 1 : extent;
        tensors.push_back(c);
      }
    };
    describe(from.inputs, f.inputs);
    describe(from.outputs, f.outputs);
  }
}

} // namespace cornu::codegen
