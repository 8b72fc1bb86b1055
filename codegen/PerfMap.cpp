#include "codegen/PerfMap.h"

#include <cstdlib>

#include "llvm/ADT/DenseMap.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/raw_ostream.h"

using namespace llvm;

namespace cornu::codegen {

bool wantsPerfMap() {
  const char *value = std::getenv("CORNU_PERF_MAP");
  return value && *value && StringRef(value) != "0";
}

Error writePerfMap(StringRef object, function_ref<uint64_t(StringRef)> addressOf) {
  auto file = object::ObjectFile::createELFObjectFile(MemoryBufferRef(object, "cornu"));
  if (!file)
    return file.takeError();
  struct Function {
    std::string name;
    uint64_t section, offset, size;
  };
  std::vector<Function> functions;
  DenseMap<uint64_t, uint64_t> sections; // where they lie
  for (object::ELFSymbolRef symbol : cast<object::ELFObjectFileBase>(**file).symbols()) {
    if (symbol.getELFType() != ELF::STT_FUNC)
      continue;
    auto name = symbol.getName();
    auto section = symbol.getSection();
    auto offset = symbol.getValue();
    if (!name || !section || !offset)
      return joinErrors(joinErrors(name.takeError(), section.takeError()), offset.takeError());
    if (*section == (*file)->section_end())
      continue; // of another object
    functions.push_back({name->str(), (*section)->getIndex(), *offset, symbol.getSize()});
    if (uint64_t address = symbol.getBinding() == ELF::STB_GLOBAL ? addressOf(*name) : 0)
      sections[functions.back().section] = address - *offset;
  }
  std::string text;
  for (const Function &function : functions)
    if (auto section = sections.find(function.section); section != sections.end())
      text += formatv("{0:x-} {1:x-} {2}\n", section->second + function.offset, function.size, function.name);
  std::string path = formatv("/tmp/perf-{0}.map", sys::Process::getProcessId());
  std::error_code failed;
  raw_fd_ostream out(path, failed, sys::fs::OF_Append | sys::fs::OF_Text);
  if (!failed) {
    out << text;
    out.close();
    failed = out.error();
    out.clear_error();
  }
  return failed ? createStringError(failed, "cannot write %s: %s", path.c_str(), failed.message().c_str()) : Error::success();
}

} // namespace cornu::codegen
