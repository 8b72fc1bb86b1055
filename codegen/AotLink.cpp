// Shared libraries and executables, through the system's C compiler as linker.
#include "codegen/Aot.h"
#include "codegen/LowerToLLVM.h"
#include "llvm/IR/IRBuilder.h"
#include "llvm/IR/Module.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Program.h"
#include "llvm/Target/TargetMachine.h"

/// The main function of executables, compiled when Cornu is built (runtime/aot) and carried along as bytes: making an executable needs a
/// linker but no source, header or library of Cornu.
__asm__(".section .rodata.cornu_aot_main,\"a\",@progbits\n"
        ".hidden cornu_aot_main_begin\n.hidden cornu_aot_main_end\n.globl cornu_aot_main_begin\n.globl cornu_aot_main_end\n"
        "cornu_aot_main_begin:\n.incbin \"" CORNU_AOT_MAIN "\"\ncornu_aot_main_end:\n.byte 0\n.previous\n");
extern "C" __attribute__((visibility("hidden"))) const char cornu_aot_main_begin[], cornu_aot_main_end[];

namespace cornu::codegen {
namespace {

/// A file that lives as long as this object.
class TemporaryFile {
public:
  TemporaryFile(const char *suffix, llvm::StringRef bytes) {
    int descriptor;
    if (std::error_code error = llvm::sys::fs::createTemporaryFile("cornu", suffix, descriptor, path))
      throw EnvironmentError("temporary file", error.message());
    llvm::raw_fd_ostream stream(descriptor, /*shouldClose=*/true);
    stream << bytes;
    stream.close();
    if (stream.has_error()) {
      std::string reason = stream.error().message();
      stream.clear_error();
      throw EnvironmentError(path.str().str(), "cannot write: " + reason);
    }
  }
  ~TemporaryFile() { llvm::sys::fs::remove(path); }
  TemporaryFile(const TemporaryFile &) = delete;
  llvm::StringRef name() const { return path; }

private:
  llvm::SmallString<128> path;
};

std::string firstLine(llvm::StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  return buffer ? (*buffer)->getBuffer().ltrim().split('\n').first.str() : "";
}

/// Runs the C compiler as a linker, whichever is installed.
void link(llvm::ArrayRef<llvm::StringRef> arguments, const std::string &path, const char *what) {
  std::string program;
  for (const char *candidate : {"cc", "clang-22", "clang", "gcc"})
    if (auto found = llvm::sys::findProgramByName(candidate)) {
      program = *found;
      break;
    }
  if (program.empty())
    throw EnvironmentError(path, std::string("linking ") + what + " needs a C compiler (cc, clang or gcc) on the PATH, and there is none");
  llvm::SmallVector<llvm::StringRef> command = {program};
  llvm::append_range(command, arguments);
  command.append({"-o", path});
  TemporaryFile messages("txt", "");
  std::optional<llvm::StringRef> redirects[] = {std::nullopt, messages.name(), messages.name()};
  std::string error;
  if (int status = llvm::sys::ExecuteAndWait(program, command, std::nullopt, redirects, 0, 0, &error))
    throw EnvironmentError(path, std::string("cannot link ") + what + ": " + program + " ended with status " + std::to_string(status) + ": " +
                                     (error.empty() ? firstLine(messages.name()) : error));
}

/// NumPy's letter for a type.
char kindOf(DType dtype) {
  if (dtype == DType::Bool)
    return 'b';
  if (isFloating(dtype))
    return 'f';
  return nameOf(dtype)[0] == 'u' ? 'u' : 'i';
}

std::string description(const AotInterface &interface, const CFunction &predict) {
  std::string text;
  llvm::raw_string_ostream out(text);
  out << "threads " << interface.threads << "\nname " << interface.name << "\nweights " << (interface.weights == Weights::External ? interface.bytes : 0) << "\nworkspace "
      << predict.workspace.fixed << ' ' << predict.workspace.perRow << ' ' << predict.workspace.perPair << '\n';
  auto ports = [&](const char *what, const std::vector<CTensor> &tensors) {
    for (const CTensor &tensor : tensors) {
      llvm::StringRef name = tensor.spec.name;
      out << what << ' ' << (name.contains_insensitive(' ') ? tensor.name : name.str()) << ' ' << kindOf(tensor.spec.dtype) << ' '
          << sizeOf(tensor.spec.dtype);
      for (int64_t extent : tensor.spec.shape)
        out << ' ' << extent;
      out << '\n';
    }
  };
  ports("input", predict.inputs);
  ports("output", predict.outputs);
  return text;
}

/// What main.c expects of a model: its description, and `predict` with tables of pointers.
std::string glueObject(const AotInterface &interface, const CExport &predict, const Target &target) {
  llvm::LLVMContext context;
  llvm::Module module("cornu-main", context);
  auto machine = makeTargetMachine(target);
  module.setTargetTriple(machine->getTargetTriple());
  module.setDataLayout(machine->createDataLayout());
  llvm::IRBuilder<> b(context);
  auto *text = llvm::ConstantDataArray::getString(context, description(interface, *predict.function));
  new llvm::GlobalVariable(module, text->getType(), true, llvm::GlobalValue::ExternalLinkage, text, "cornu_main_description");

  llvm::Type *ptr = b.getPtrTy(), *i64 = b.getInt64Ty();
  auto define = [&](const std::string &name, llvm::ArrayRef<llvm::Type *> types) {
    return llvm::Function::Create(llvm::FunctionType::get(b.getVoidTy(), types, false), llvm::GlobalValue::ExternalLinkage, name, module);
  };
  llvm::Function *glue = define("cornu_main_predict", {ptr, ptr, i64, ptr, ptr, ptr});
  b.SetInsertPoint(llvm::BasicBlock::Create(context, "", glue));
  llvm::SmallVector<llvm::Value *> arguments;
  llvm::SmallVector<llvm::Type *> types;
  auto pass = [&](llvm::Value *value) { arguments.push_back(value), types.push_back(value->getType()); };
  for (size_t i = 0; i < predict.function->inputs.size(); ++i)
    pass(b.CreateLoad(ptr, b.CreateConstGEP1_64(ptr, glue->getArg(0), i)));
  for (size_t i = 0; i < predict.function->outputs.size(); ++i)
    pass(b.CreateLoad(ptr, b.CreateConstGEP1_64(ptr, glue->getArg(1), i)));
  pass(glue->getArg(2));
  if (predict.memory != Memory::None)
    pass(glue->getArg(3));
  pass(glue->getArg(4));
  if (interface.threads)
    pass(glue->getArg(5));
  b.CreateCall(define(predict.symbol, types), arguments);
  b.CreateRetVoid();
  return emitMachineCode(module, target, MachineCode::Object);
}

} // namespace

void linkSharedLibrary(const AotObject &object, const std::string &path) {
  TemporaryFile file("o", object.object);
  link({"-shared", file.name()}, path, "a shared library");
}

void linkExecutable(const AotObject &object, const std::string &cpu, const std::string &path) {
  for (const CExport &candidate : object.interface.exports()) {
    if (candidate.function->name != "predict")
      continue;
    for (const auto *tensors : {&candidate.function->inputs, &candidate.function->outputs})
      for (const CTensor &tensor : *tensors)
        if (tensor.spec.dtype == DType::Float16 || tensor.spec.dtype == DType::BFloat16)
          throw UserError("executables read and write float32, float64, integers and bool", tensor.name + " of " + std::string(nameOf(tensor.spec.dtype)));
    TemporaryFile model("o", object.object), glue("o", glueObject(object.interface, candidate, Target::forCpu(cpu)));
    TemporaryFile main("o", llvm::StringRef(cornu_aot_main_begin, static_cast<size_t>(cornu_aot_main_end - cornu_aot_main_begin)));
    return link({main.name(), glue.name(), model.name(), "-Wl,--gc-sections"}, path, "an executable");
  }
  throw InternalError("an executable needs a function predict");
}

} // namespace cornu::codegen
