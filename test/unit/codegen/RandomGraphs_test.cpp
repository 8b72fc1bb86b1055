// Random graphs of cornu ops, compiled and interpreted: whatever kernels form, the numbers stay.
#include <gtest/gtest.h>

#include <random>
#include <sstream>

#include "Compare.h"

namespace {

/// Writes one function @f with random ops over shapes that begin with the batch, or over weights.
class Generator {
public:
  explicit Generator(unsigned seed) : random(seed) {}

  std::string module() {
    std::string head, body;
    unsigned variables = pick(4);
    for (unsigned i = 0; i < variables; ++i) {
      Shape shape = randomShape(/*batched=*/false);
      std::string name = "v" + std::to_string(i);
      head += "cornu.variable state @" + name + " : " + type(shape) + "\n";
      emit("cornu.read @" + name + " : " + type(shape), shape);
      names.push_back({name, shape});
    }
    unsigned inputs = 1 + pick(3);
    std::string arguments;
    for (unsigned i = 0; i < inputs; ++i) {
      Shape shape = randomShape(true);
      std::string name = "%x" + std::to_string(i);
      arguments += (i ? ", " : "") + name + ": " + type(shape);
      values.push_back({name, shape});
    }
    unsigned ops = 4 + pick(16);
    for (unsigned i = 0; i < ops; ++i)
      randomOp();
    // Now and then a gradient, through everything.
    if (pick(3) == 0)
      gradient();
    for (auto &[name, shape] : names) {
      const Value *candidate = nullptr;
      for (const Value &v : values)
        if (v.shape == shape && pick(2))
          candidate = &v;
      if (candidate)
        text << "  cornu.assign @" << name << ", " << candidate->name << " : " << type(shape) << "\n";
    }
    std::string returned, types;
    unsigned results = 1 + pick(3);
    for (unsigned i = 0; i < results; ++i) {
      const Value &v = i == 0 ? values.back() : any();
      returned += (i ? ", " : "") + v.name;
      types += (i ? ", " : "") + type(v.shape);
    }
    return head + "func.func @f(" + arguments + ") -> (" + types + ") {\n" + text.str() + "  return " + returned + " : " + types + "\n}\n";
  }

private:
  using Shape = std::vector<int>;   // -1: the batch
  struct Value {
    std::string name;
    Shape shape;
  };
  std::mt19937 random;
  std::ostringstream text;
  std::vector<Value> values;
  std::vector<std::pair<std::string, Shape>> names;
  unsigned next = 0;

  unsigned pick(unsigned n) { return random() % n; }
  const Value &any() { return values[pick(values.size())]; }

  static std::string type(const Shape &shape, const std::string &element = "f32") {
    std::string s = "tensor<";
    for (int extent : shape)
      s += (extent < 0 ? "?" : std::to_string(extent)) + "x";
    return s + element + ">";
  }

  Shape randomShape(bool batched) {
    static const int extents[] = {1, 3, 4, 10, 16, 17, 33};
    Shape shape;
    if (batched)
      shape.push_back(-1);
    for (unsigned rank = pick(3) + !batched; rank > 0; --rank)
      shape.push_back(extents[pick(7)]);
    return shape;
  }

  const Value &emit(const std::string &op, Shape shape) {
    std::string name = "%" + std::to_string(next++) + "v";
    name = "%v" + name.substr(1, name.size() - 2);
    text << "  " << name << " = " << op << "\n";
    values.push_back({name, std::move(shape)});
    return values.back();
  }

  /// NumPy's rule; empty optional if the shapes do not fit.
  static bool broadcast(const Shape &a, const Shape &b, Shape &out) {
    size_t rank = std::max(a.size(), b.size());
    out.assign(rank, 1);
    for (size_t i = 0; i < rank; ++i) {
      int x = i < rank - a.size() ? 1 : a[i - (rank - a.size())], y = i < rank - b.size() ? 1 : b[i - (rank - b.size())];
      if (x != y && x != 1 && y != 1)
        return false;
      out[i] = x == 1 ? y : x;
      if (out[i] < 0 && i)
        return false;   // the batch leads
    }
    return true;
  }

  /// Keeps numbers small, so that comparisons stay meaningful.
  void tame() {
    Value v = values.back();
    emit("cornu.tanh " + v.name + " : " + type(v.shape), v.shape);
  }

  void randomOp() {
    Value a = any(), b = any();
    switch (pick(12)) {
    case 0:
    case 1: {
      static const char *ops[] = {"tanh", "sigmoid", "relu", "negate", "square", "abs", "softplus"};
      emit(std::string("cornu.") + ops[pick(7)] + " " + a.name + " : " + type(a.shape), a.shape);
      break;
    }
    case 2:
    case 3:
    case 4: {
      static const char *ops[] = {"add", "subtract", "multiply", "maximum", "minimum"};
      Shape out;
      if (broadcast(a.shape, b.shape, out))
        emit(std::string("cornu.") + ops[pick(5)] + " " + a.name + ", " + b.name + " : " + type(a.shape) + ", " + type(b.shape), out);
      break;
    }
    case 5: {
      if (a.shape.empty())
        break;
      static const char *ops[] = {"reduce_sum", "reduce_max", "reduce_min"};
      std::string dims;
      Shape out;
      bool keep = pick(2), some = false;
      for (size_t d = 0; d < a.shape.size(); ++d) {
        if (pick(2)) {
          dims += (some ? ", " : "") + std::to_string(d);
          some = true;
          if (keep)
            out.push_back(1);
        } else {
          out.push_back(a.shape[d]);
        }
      }
      if (!some || (out.size() > 1 && std::find(out.begin() + 1, out.end(), -1) != out.end()))
        break;
      emit(std::string("cornu.") + ops[pick(3)] + " " + a.name + " dims [" + dims + "]" + (keep ? " keepdims" : "") + " : " + type(a.shape), out);
      tame();
      break;
    }
    case 6: {   // matmul with a weight, or of two batched values
      if (a.shape.size() < 2 || a.shape[0] != -1)
        break;
      int k = a.shape.back(), n = 1 + static_cast<int>(pick(40));
      std::string letters = std::string("bijc").substr(0, a.shape.size() - 1) + "k";
      Shape w = pick(2) ? Shape{k, n} : Shape{n, k};
      std::string wl = w[0] == k && w[1] == n ? "kn" : "nk";
      std::string weight = emit("cornu.constant dense<0.125> : " + type(w), w).name;
      Shape out = a.shape;
      out.back() = n;
      std::string y = letters;
      y.back() = 'n';
      emit("cornu.einsum \"" + letters + "," + wl + "->" + y + "\" " + a.name + ", " + weight + " : " + type(a.shape) + ", " + type(w), out);
      tame();
      break;
    }
    case 7: {   // weight gradient: the batch is summed
      if (a.shape.size() != 2 || b.shape.size() != 2 || a.shape[0] != -1 || b.shape[0] != -1)
        break;
      emit("cornu.einsum \"bk,bn->kn\" " + a.name + ", " + b.name + " : " + type(a.shape) + ", " + type(b.shape), {a.shape[1], b.shape[1]});
      tame();
      break;
    }
    case 8: {
      if (a.shape.size() != 3)
        break;
      bool batched = a.shape[0] < 0;
      Shape out{a.shape[0], a.shape[2], a.shape[1]};
      if (pick(2) || !batched)
        emit("cornu.transpose " + a.name + " perm [0, 2, 1] : " + type(a.shape), out);
      else
        emit("cornu.reshape " + a.name + " : " + type(a.shape) + " to " + type({-1, a.shape[1] * a.shape[2]}), {-1, a.shape[1] * a.shape[2]});
      break;
    }
    case 9: {
      if (a.shape.size() != 2 || b.shape.size() != 2 || a.shape[0] != b.shape[0])
        break;
      emit("cornu.concatenate " + a.name + ", " + b.name + " dim 1 : " + type(a.shape) + ", " + type(b.shape), {a.shape[0], a.shape[1] + b.shape[1]});
      break;
    }
    case 10: {
      if (a.shape.size() < 2 || a.shape.back() < 3)
        break;
      Shape out = a.shape;
      out.back() = a.shape.back() - 2;
      emit("cornu.slice " + a.name + " dim " + std::to_string(a.shape.size() - 1) + " [1 : " + std::to_string(a.shape.back() - 1) + "] : " + type(a.shape), out);
      break;
    }
    default: {
      if (a.shape.size() < 2)
        break;
      emit(std::string("cornu.") + (pick(2) ? "softmax " : "log_softmax ") + a.name + " dims [" + std::to_string(a.shape.size() - 1) + "] : " + type(a.shape), a.shape);
      break;
    }
    }
  }

  void gradient() {
    Value y = values.back(), x = any();
    if (y.shape.empty() || x.name == y.name)
      return;
    std::string dims;
    for (size_t d = 0; d < y.shape.size(); ++d)
      dims += (d ? ", " : "") + std::to_string(d);
    Value loss = emit("cornu.reduce_sum " + y.name + " dims [" + dims + "] : " + type(y.shape), {});
    emit("cornu.gradient " + loss.name + " wrt " + x.name + " : tensor<f32>, (" + type(x.shape) + ")", x.shape);
  }
};

TEST(RandomGraphs, compiledAsInterpreted) {
  unsigned first = 0, count = 60;
  if (const char *range = getenv("CORNU_RANDOM_GRAPHS"))   // "first,count", for longer runs
    sscanf(range, "%u,%u", &first, &count);
  for (unsigned seed = first; seed < first + count && !HasFatalFailure(); ++seed) {
    SCOPED_TRACE("seed " + std::to_string(seed));
    cornu::test::expectSameAsInterpreter(Generator(seed).module(), {1, 5, 18}, {2e-4, 2e-5});
  }
}

} // namespace
