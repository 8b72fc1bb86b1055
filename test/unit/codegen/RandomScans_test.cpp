// Random loops, with their gradients, compiled and interpreted: whatever passes and kernels make of them, the numbers stay.
#include <gtest/gtest.h>

#include <random>
#include <sstream>

#include "Compare.h"

namespace {

/// Writes one function @f with one loop: up to three states, two sequences, captured weights and batches.
class Generator {
public:
  explicit Generator(unsigned seed) : random(seed) {}

  std::string module() {
    steps = 1 + pick(6);
    for (unsigned i = pick(3); i-- > 0;) sequences.push_back(argument({steps, width()}));
    for (unsigned i = pick(sequences.empty() ? 3 : 4) + sequences.empty(); i-- > 0;) inits.push_back(argument({width()}));
    std::string captured = argument({width()}).name;
    known.push_back({captured, arguments.back().shape});
    for (unsigned i = 0; i < inits.size(); ++i) known.push_back({"%h" + std::to_string(i), inits[i].shape}), states.push_back(known.back());
    for (unsigned i = 0; i < sequences.size(); ++i) known.push_back({"%x" + std::to_string(i), {sequences[i].shape.back()}}), slices.push_back(known.back());
    for (unsigned i = 3 + pick(8); i-- > 0;) randomOp();
    std::vector<Value> yielded, results;
    for (const Value &init : inits) yielded.push_back(oneOf(init.shape)), results.push_back({"", init.shape});
    for (unsigned i = pick(3) + inits.empty(); i-- > 0;) {
      yielded.push_back(known[pick(static_cast<unsigned>(known.size()))]);
      results.push_back({"", {steps, yielded.back().shape[0]}});
    }
    for (unsigned i = 0; i < results.size(); ++i) results[i].name = "%r" + std::to_string(i);
    return text(yielded, results);
  }

private:
  struct Value {
    std::string name;
    std::vector<int> shape; // behind the batch
  };
  std::mt19937 random;
  int steps = 0, made = 0;
  std::vector<Value> arguments, sequences, inits, states, slices, known, weights;
  std::ostringstream body;

  unsigned pick(unsigned n) { return static_cast<unsigned>(random() % n); }
  int width() { return std::vector<int>{1, 3, 4, 8, 17}[pick(5)]; }
  static std::string type(const std::vector<int> &shape) {
    std::string text = "tensor<?x";
    for (int extent : shape) text += std::to_string(extent) + "x";
    return text + "f32>";
  }
  static std::string matrix(const Value &w) { return "tensor<" + std::to_string(w.shape[0]) + "x" + std::to_string(w.shape[1]) + "xf32>"; }
  template <class F> static std::string list(const std::vector<Value> &values, F f) {
    std::string text;
    for (const Value &v : values) text += (text.empty() ? "" : ", ") + f(v);
    return text;
  }
  static std::string names(const std::vector<Value> &values) { return list(values, [](const Value &v) { return v.name; }); }
  static std::string types(const std::vector<Value> &values) { return list(values, [](const Value &v) { return type(v.shape); }); }
  static std::string declared(const std::vector<Value> &values) { return list(values, [](const Value &v) { return v.name + ": " + type(v.shape); }); }

  Value argument(std::vector<int> shape) { return arguments.emplace_back("%a" + std::to_string(arguments.size()), std::move(shape)); }
  Value any() { return known[pick(static_cast<unsigned>(known.size()))]; }
  Value oneOf(const std::vector<int> &shape) {
    std::vector<Value> fitting;
    for (const Value &v : known)
      if (v.shape == shape) fitting.push_back(v);
    return fitting[pick(static_cast<unsigned>(fitting.size()))];
  }
  Value emit(const std::string &op, std::vector<int> shape) {
    Value v{"%v" + std::to_string(made++), std::move(shape)};
    body << "      " << v.name << " = cornu." << op << "\n";
    known.push_back(v);
    return v;
  }

  void randomOp() {
    Value a = any(), b = oneOf(a.shape);
    std::string both = a.name + ", " + b.name + " : " + type(a.shape) + ", " + type(b.shape);
    switch (pick(8)) {
    case 0:
    case 1: { // the values stay small
      Value w{"%w" + std::to_string(weights.size()), {a.shape[0], width()}};
      weights.push_back(w);
      Value y = emit("einsum \"bk,kn->bn\" " + a.name + ", " + w.name + " : " + type(a.shape) + ", " + matrix(w), {w.shape[1]});
      emit("tanh " + y.name + " : " + type(y.shape), y.shape);
      break;
    }
    case 2: emit("sigmoid " + a.name + " : " + type(a.shape), a.shape); break;
    case 3: emit("multiply " + both, a.shape); break;
    case 4: {
      Value y = emit("add " + both, a.shape);
      emit("sin " + y.name + " : " + type(y.shape), y.shape);
      break;
    }
    case 5: {
      int from = static_cast<int>(pick(static_cast<unsigned>(a.shape[0])));
      emit("slice " + a.name + " dim 1 [" + std::to_string(from) + " : " + std::to_string(a.shape[0]) + "] : " + type(a.shape), {a.shape[0] - from});
      break;
    }
    case 6: {
      Value c = any();
      if (a.shape[0] + c.shape[0] < 40)
        emit("concatenate " + a.name + ", " + c.name + " dim 1 : " + type(a.shape) + ", " + type(c.shape), {a.shape[0] + c.shape[0]});
      break;
    }
    case 7:
      body << "      %m" << made << " = cornu.compare lt " << both << "\n";
      emit("select %m" + std::to_string(made) + ", " + both.substr(0, both.find(" : ")) + " : tensor<?x" + std::to_string(a.shape[0]) + "xi1>, " + type(a.shape) + ", " + type(a.shape), a.shape);
      break;
    }
  }

  std::string text(const std::vector<Value> &yielded, const std::vector<Value> &results) {
    std::ostringstream out, reads;
    for (unsigned i = 0; i < weights.size(); ++i) {
      out << "cornu.variable weight @w" << i << " : " << matrix(weights[i]) << "\n";
      reads << "  %w" << i << " = cornu.read @w" << i << " : " << matrix(weights[i]) << "\n";
    }
    std::vector<Value> operands = inits, blockArguments = states;
    operands.insert(operands.end(), sequences.begin(), sequences.end());
    blockArguments.insert(blockArguments.end(), slices.begin(), slices.end());
    bool gradient = !weights.empty() && pick(2);
    std::string weightTypes = list(weights, matrix), returned = names(results), returnedTypes = types(results);
    if (gradient) {
      for (unsigned i = 0; i < weights.size(); ++i) returned += ", %g" + std::to_string(i);
      returnedTypes += ", " + weightTypes;
    }
    out << "func.func @f(" << declared(arguments) << ") -> (" << returnedTypes << ") {\n" << reads.str();
    out << "  " << names(results) << " = cornu.scan init(" << names(inits) << ") over(" << names(sequences) << ") axis 1 length " << steps
        << (pick(2) ? " reverse" : "") << " : (" << types(operands) << ") -> (" << types(results) << ") {\n    ^bb0(" << declared(blockArguments) << "):\n"
        << body.str() << "      cornu.yield " << names(yielded) << " : " << types(yielded) << "\n  }\n";
    if (gradient) {
      out << "  %l = cornu.constant dense<0.0> : tensor<f32>\n";
      std::string loss = "%l";
      for (unsigned i = 0; i < results.size(); ++i) {
        std::string t = type(results[i].shape), n = std::to_string(i);
        out << "  %q" << n << " = cornu.square " << results[i].name << " : " << t << "\n  %s" << n << " = cornu.reduce_sum %q" << n << " dims "
            << (results[i].shape.size() == 1 ? "[0, 1]" : "[0, 1, 2]") << " : " << t << "\n  %l" << n << " = cornu.add " << loss << ", %s" << n
            << " : tensor<f32>, tensor<f32>\n";
        loss = "%l" + n;
      }
      std::vector<Value> gradients;
      for (unsigned i = 0; i < weights.size(); ++i) gradients.push_back({"%g" + std::to_string(i), {}});
      out << "  " << names(gradients) << " = cornu.gradient " << loss << " wrt " << names(weights) << " : tensor<f32>, (" << weightTypes << ")\n";
    }
    out << "  return " << returned << " : " << returnedTypes << "\n}\n";
    return out.str();
  }
};

class RandomScans : public testing::TestWithParam<unsigned> {};

} // namespace

TEST_P(RandomScans, SameAsInterpreter) {
  cornu::test::expectSameAsInterpreter(Generator(GetParam()).module(), {1, 3, 16, 21}, {.relative = 2e-3, .absolute = 2e-4});
}
INSTANTIATE_TEST_SUITE_P(Seeds, RandomScans, testing::Range(0u, 12u));
