// Convolutions with channels last, and their gradients.
#include "benchmarks/Kernels.h"
#include "benchmarks/Program.h"

namespace cornu::benchmarks {

namespace {
using onednn::Of;

struct Case {
  int64_t batch, size, in, out, kernel;
  int64_t stride = 1;
  bool same = true, depthwise = false;

  int64_t results() const { return same ? (size + stride - 1) / stride : (size - kernel) / stride + 1; }
  /// As TensorFlow pads.
  int64_t before() const { return same ? std::max<int64_t>((results() - 1) * stride + kernel - size, 0) / 2 : 0; }
  double flops() const {
    return 2.0 * static_cast<double>(batch * results() * results() * kernel * kernel) * static_cast<double>(out) * static_cast<double>(depthwise ? 1 : in);
  }
  std::string name() const {
    auto text = [](int64_t n) { return std::to_string(n); };
    return (depthwise ? "depthwise " : "conv ") + text(batch) + "x" + text(size) + "x" + text(size) + "x" + text(in) + (depthwise ? "" : "->" + text(out)) + " " +
           text(kernel) + "x" + text(kernel) + (stride > 1 ? " stride " + text(stride) : "") + (same ? "" : " valid");
  }
};

constexpr Case cases[] = {{1, 56, 64, 64, 3}, {32, 64, 3, 16, 5, 1, false}, {1, 224, 3, 64, 3}, {32, 28, 1, 32, 3}, {32, 28, 32, 32, 3}, {32, 14, 128, 128, 3},
                          {1, 56, 64, 64, 1}, {32, 28, 32, 64, 3, 2}, {32, 56, 64, 64, 3, 1, true, true}};

std::string textOf(const Case &c, Of what) {
  std::string x = tensorType({-1, c.size, c.size, c.in}), y = tensorType({-1, c.results(), c.results(), c.out});
  std::string w = tensorType(c.depthwise ? std::vector<int64_t>{c.kernel, c.kernel, c.in} : std::vector<int64_t>{c.kernel, c.kernel, c.in, c.out});
  std::string stride = std::to_string(c.stride), offset = std::to_string(-c.before());
  std::string forward = std::string("  %w = cornu.read @w : ") + w + "\n  %y = cornu.convolution " + (c.depthwise ? "\"b01c,01c->b01c\"" : "\"b01i,01io->b01o\"") +
                        " %x, %w strides [" + stride + ", " + stride + "] dilations [1, 1] offsets [" + offset + ", " + offset + "] bases [1, 1] : " + x + ", " + w +
                        " to " + y + "\n";
  std::string weight = "cornu.variable weight @w : " + w + "\n";
  if (what == Of::Result) return weight + "func.func @f(%x: " + x + ") -> " + y + " {\n" + forward + "  return %y : " + y + "\n}\n";
  const std::string &result = what == Of::Input ? x : w;
  return weight + "func.func @f(%x: " + x + ", %c: " + y + ") -> " + result + " {\n" + forward + "  %cy = cornu.multiply %c, %y : " + y + ", " + y +
         "\n  %l = cornu.reduce_sum %cy dims [0, 1, 2, 3] : " + y + "\n  %g = cornu.gradient %l wrt " + (what == Of::Input ? "%x" : "%w") + " : tensor<f32>, (" +
         result + ")\n  return %g : " + result + "\n}\n";
}
} // namespace

void addConvolutions() {
  for (const Case &c : cases)
    for (auto [what, suffix] : {std::pair{Of::Result, ""}, {Of::Input, " dX"}, {Of::Kernel, " dW"}}) {
      std::string name = c.name() + suffix;
      Work work{"GFLOP/s", c.flops()};
      if (c.depthwise) {   // nine multiply-adds an element: memory is the limit
        auto bytes = [&](int64_t size) { return c.batch * size * size * c.in * static_cast<int64_t>(sizeof(float)); };
        int64_t x = bytes(c.size), y = bytes(c.results());
        if (what == Of::Kernel) addReadLimit(name, x + y);
        else addCopyLimit(name, what == Of::Result ? x : y, what == Of::Result ? y : x);
        work = {"GB/s", static_cast<double>(x + y)};
      }
      addProgram(name, work, textOf(c, what), c.batch);
      add("oneDNN", name, work, onednn::convolution({c.batch, c.size, c.in, c.out, c.kernel, c.stride, c.results(), c.before(), c.depthwise ? c.in : 1}, what));
    }
}

} // namespace cornu::benchmarks
