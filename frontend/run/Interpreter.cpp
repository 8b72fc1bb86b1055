// The reference interpreter behind the same interface.
#include <cstring>

#include "frontend/run/Executable.h"
#include "frontend/trace/Trace.h"
#include "ir/interpreter/Interpreter.h"
#include "mlir/Pass/PassManager.h"
#include "passes/Passes.h"

namespace cornu::run {

namespace {

class Interpreted : public Executable {
public:
  explicit Interpreted(Program p) : program(std::move(p)) {
    Diagnostics diagnostics;
    mlir::PassManager manager(&trace::context());
    manager.addPass(passes::createGradientPass());
    if (mlir::failed(manager.run(*program.module))) throw InternalError("cannot differentiate " + program.function + ": " + diagnostics.text());
    for (auto [op, variable] : llvm::zip_equal(program.module->getOps<ir::VariableOp>(), program.variables))
      state.emplace(op.getSymName().str(), variable.value());
    function = program.module->lookupSymbol<mlir::func::FuncOp>(program.function);
  }

  void run(void *const *inputs, void *const *outputs, int64_t batch) override {
    std::vector<Array> arguments;
    for (auto [i, type] : llvm::enumerate(function.getArgumentTypes())) {
      Shape shape = trace::shapeOf(type);
      for (int64_t &extent : shape) extent = extent < 0 ? batch : extent;
      arguments.push_back(Array::borrow(inputs[i], shape, trace::dtypeOf(llvm::cast<mlir::RankedTensorType>(type).getElementType())));
    }
    std::vector<Array> results = interpreter::run(function, arguments, state, batch);
    for (size_t i = 0; i < results.size(); ++i) std::memcpy(outputs[i], results[i].raw(), results[i].bytes());
    size_t i = 0;
    for (auto op : program.module->getOps<ir::VariableOp>()) {
      Array &value = state.find(op.getSymName())->second, &home = program.variables[i++].value();
      if (value.raw() != home.raw()) std::memcpy(home.raw(), value.raw(), home.bytes()), value = home;
    }
  }

private:
  Program program;
  interpreter::State state;
  mlir::func::FuncOp function;
};

} // namespace

std::unique_ptr<Executable> interpret(Program program) { return std::make_unique<Interpreted>(std::move(program)); }

} // namespace cornu::run
