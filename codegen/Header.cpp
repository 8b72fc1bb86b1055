// The C header of a compiled model.
#include <set>

#include "codegen/AotInterface.h"
#include "llvm/Support/FormatVariadic.h"
#include "runtime/cornu_abi.h"

namespace cornu::codegen {
namespace {

class HeaderWriter {
public:
  explicit HeaderWriter(const AotInterface &interface) : interface(interface), name(interface.name), macro(interface.macro) {}

  std::string write() {
    overview();
    line("#ifndef {0}_H\n#define {0}_H\n\n#include <stdint.h>\n", macro);
    sizes();
    if (needsMemory())
      memory();
    line("#ifdef __cplusplus\nextern \"C\" {{\n#endif\n");
    if (interface.threads)
      threads();
    for (const CExport &function : interface.exports())
      declare(function);
    if (interface.training)
      stateFunctions();
    line("#ifdef __cplusplus\n}\n#endif\n\n#endif");
    return text;
  }

private:
  const AotInterface &interface;
  const std::string &name, &macro;
  std::string text;
  std::set<std::string> sizeMacros;

  template <class... T> void line(const char *format, T &&...values) { text += llvm::formatv(format, std::forward<T>(values)...).str() + "\n"; }

  bool needsMemory() const { return interface.bytes && (interface.weights == Weights::External || interface.training); }
  const char *memoryMacro() const { return interface.training ? "STATE_BYTES" : "WEIGHTS_BYTES"; }

  static std::string shape(const TensorSpec &spec) {
    std::string text = "(";
    for (auto [i, extent] : llvm::enumerate(spec.shape))
      text += (i ? ", " : "") + (extent < 0 ? std::string("batch") : std::to_string(extent));
    return text + (spec.shape.size() == 1 ? ",)" : ")");
  }

  void overview() {
    line("/* {0}: a neural network, compiled by Cornu. C99 and C++.", name);
    line(" *\n * Tensors are row-major and tightly packed, `batch` samples one after the other; pointers are aligned to their elements.");
    line(" * Every function is re-entrant: there are no globals, no allocation, no I/O, no locks. Two threads may call at once if what they\n"
         " * hand over to be written is not the same memory. `batch` is at least 1 and may differ from call to call.");
    line(" * `workspace` is scratch memory of any alignment, of the size that its macro gives; its contents mean nothing between calls.");
    if (interface.weights == Weights::Embed)
      line(" * The trained weights are constants inside the object file.");
    else if (interface.bytes)
      line(" * The trained weights are the file {0}.weights: load its {1} bytes into memory (or map it), aligned to 8 bytes, best to 64.", name,
           interface.bytes);
    if (interface.training)
      line(" *\n * The state holds weights, optimizer, random numbers and metrics as plain bytes without pointers: copy, save and restore it with\n"
           " * memcpy, fwrite and fread. It belongs to this build of {0}. Align it to 8 bytes (malloc does), best to 64.", name);
    line(" */");
  }

  void sizes() {
    const CFunction *seen = nullptr;
    line("/* Elements of one sample. */");
    for (const CFunction &f : interface.functions) {
      if (f.name != "predict" && seen && f.inputs.size() <= seen->inputs.size())
        continue;
      // A training step repeats the inputs of predict, then takes targets, then weights of samples.
      llvm::ArrayRef<CTensor> inputs = f.inputs;
      if (!seen)
        size("INPUT", inputs);
      inputs = inputs.drop_front(seen ? seen->inputs.size() : inputs.size());
      auto isWeight = [](const CTensor &tensor) { return llvm::StringRef(tensor.spec.name).ends_with("sample_weight"); };
      size_t targets = inputs.size() - static_cast<size_t>(llvm::count_if(inputs, isWeight));
      size("TARGET", inputs.take_front(targets));
      size("SAMPLE_WEIGHT", inputs.drop_front(targets));
      size("OUTPUT", f.outputs);
      seen = seen ? seen : &f;
    }
    line("\n/* Bytes of workspace for a batch. */");
    for (const CFunction &f : interface.functions) {
      std::string perRow = std::to_string(f.workspace.perRow);
      if (f.workspace.perPair)
        perRow = "(" + perRow + " + " + std::to_string(f.workspace.perPair) + " * (size_t)(batch))";
      line("#define {0}(batch) ({1} + {2} * (size_t)(batch))", f.workspaceMacro, f.workspace.fixed, perRow);
    }
    text.insert(text.find("#include <stdint.h>"), "#include <stddef.h>\n");
    line("");
  }

  void size(const char *kind, llvm::ArrayRef<CTensor> tensors) {
    for (const CTensor &tensor : tensors) {
      std::string wanted = macro + "_" + kind + (tensors.size() == 1 ? "" : "_" + macroName(tensor.name)), name = wanted;
      for (int n = 1; !sizeMacros.insert(name).second; ++n)   // "a" and "A" are one name in capitals
        name = wanted + "_" + std::to_string(n);
      line("#define {0}_SIZE {1}", name, tensor.perSample);
    }
  }

  void memory() {
    const char *what = interface.training ? "state" : "weights";
    line("/* Bytes of the {0}, and where each variable begins in them. */\n#define {1}_{2} {3}", what, macro, memoryMacro(), interface.bytes);
    for (const Slot &slot : interface.slots)
      if (slot.used)
        line("#define {0}_OFFSET_{1} {2}  /* {3} {4}: {5} */", macro, slot.macro, slot.offset, cType(slot.spec.dtype), shape(slot.spec), slot.spec.name);
    line("");
  }

  void threads() {
    line("#ifndef CORNU_THREADS\n#define CORNU_THREADS\n"
         "/* One share of a large kernel: `part` of `parts`. Shares touch different memory and may run at once, in any order. */\n"
         "typedef void (*cornu_task)(void *context, int64_t part, int64_t parts);\n\n"
         "/* Threads that the program lends; null instead of one: none. Results are the same to the last bit for any number. */\n"
         "typedef struct cornu_threads {{\n"
         "  int64_t count; /* that may work at once, the caller's own included; at least 1 */\n"
         "  /* Calls task(context, part, parts) once for each part from 0 to parts - 1 (parts <= count), on any threads, and returns when all calls\n"
         "   * have. May be called by several threads at once. */\n"
         "  void (*run)(const struct cornu_threads *threads, cornu_task task, void *context, int64_t parts);\n"
         "} cornu_threads;\n#endif\n");
  }

  static std::string types(const CTensor &tensor) {
    std::string extra = tensor.spec.dtype == DType::Float16 || tensor.spec.dtype == DType::BFloat16 ? " (bits)" : "";
    return std::string(nameOf(tensor.spec.dtype)) + extra + " " + shape(tensor.spec);
  }

  void declare(const CExport &e) {
    const CFunction &f = *e.function;
    std::string title = f.name == "predict"      ? "Predictions for a batch"
                        : f.name == "train_step" ? "One step of training on a batch: loss, gradients, optimizer and metrics, all in the state"
                        : f.name == "test_step"  ? "Loss and metrics of a batch, added to the state"
                                                 : "The model's " + f.name;
    if (e.symbol != f.symbol)
      title += ", with the weights of a training state";
    line("/* {0}.", title);
    std::string arguments;
    for (const CTensor &tensor : f.inputs) {
      line(" *   {0}  in: {1}", tensor.name, types(tensor));
      arguments += std::string("const ") + cType(tensor.spec.dtype) + " *" + tensor.name + ", ";
    }
    for (const CTensor &tensor : f.outputs) {
      line(" *   {0}  out: {1}", tensor.name, types(tensor));
      arguments += std::string(cType(tensor.spec.dtype)) + " *" + tensor.name + ", ";
    }
    if (e.memory != Memory::None)
      line(" *   {0}  {1}_{2} bytes{3}", memoryName(e), macro, memoryMacro(), e.memory == Memory::State ? ", updated" : "");
    line(" *   workspace  {0}(batch) bytes{1}", f.workspaceMacro, interface.threads ? "\n *   threads  who helps, or null */" : " */");
    arguments += "int64_t batch, ";
    if (e.memory != Memory::None)
      arguments += (e.memory == Memory::State ? "void *" : "const void *") + memoryName(e) + ", ";
    line("void {0}({1}void *workspace{2});\n", e.symbol, arguments, interface.threads ? ", const cornu_threads *threads" : "");
  }

  std::string memoryName(const CExport &e) const { return interface.training ? "state" : e.memory == Memory::State ? "state" : "weights"; }

  void stateFunctions() {
    if (interface.weights == Weights::Embed)
      line("/* Fills {0}_STATE_BYTES bytes with the state the model was compiled with: its weights and optimizer, metrics at zero. */\n"
           "void {1}_init_state(void *state);\n", macro, name);
    line("/* Starts loss and metrics anew. */\nvoid {0}_reset_metrics(void *state);\n", name);
    for (const CMetric &metric : interface.metrics)
      line("/* {0} over the steps since the last reset. */\nfloat {1}(const void *state);\n", metric.key, metric.symbol);
  }
};

} // namespace

std::string writeHeader(const AotInterface &interface) { return HeaderWriter(interface).write(); }

} // namespace cornu::codegen
