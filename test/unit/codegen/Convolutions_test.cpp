// Convolutions and pooling of random shapes, their gradients with them, compiled against interpreted.
#include <gtest/gtest.h>

#include <numeric>
#include <random>

#include "Compare.h"

using cornu::test::expectSameAsInterpreter;

namespace {

struct Random {
  std::mt19937 engine;
  int upTo(int n) { return static_cast<int>(engine() % static_cast<unsigned>(n)) + 1; }
  int of(std::initializer_list<int> choices) { return *(choices.begin() + upTo(static_cast<int>(choices.size())) - 1); }
};

std::string tensor(const std::vector<int> &extents) {
  std::string text = "tensor<?x";
  for (int extent : extents)
    text += std::to_string(extent) + "x";
  return text + "f32>";
}

std::string list(const std::vector<int> &numbers) {
  std::string text = "[";
  for (size_t i = 0; i < numbers.size(); ++i)
    text += (i ? ", " : "") + std::to_string(numbers[i]);
  return text + "]";
}

/// y = op(%x, %w) and the gradients of sum(tanh(y)).
std::string withGradients(const std::string &op, const std::string &x, const std::string &w, const std::string &y, size_t rank) {
  std::vector<int> dims(rank);
  std::iota(dims.begin(), dims.end(), 0);
  bool hasKernel = !w.empty();
  std::string operands = hasKernel ? "%x, %w" : "%x", types = hasKernel ? x + ", " + w : x;
  return "func.func @f(%x: " + x + (hasKernel ? ", %w: " + w : "") + ") -> (" + y + ", " + types + ") {\n %y = " + op + "\n %t = cornu.tanh %y : " + y +
         "\n %l = cornu.reduce_sum %t dims " + list(dims) + " : " + y + "\n %d:" + (hasKernel ? "2" : "1") + " = cornu.gradient %l wrt " + operands +
         " : tensor<f32>, (" + types + ")\n return %t, %d#0" + (hasKernel ? ", %d#1" : "") + " : " + y + ", " + types + "\n}";
}

enum class Kind { Plain, Grouped, Depthwise, Transposed };

/// A convolution over one or two windows in either layout, with padding on both sides, or cropping.
std::string randomConvolution(Random &r, Kind kind) {
  bool channelsFirst = r.of({0, 0, 1});
  int rank = r.upTo(2), groups = kind == Kind::Grouped ? r.of({2, 3}) : 1;
  int in = r.of({1, 2, 3, 8, 17, 32}), out = r.of({1, 3, 5, 16, 20, 33});
  std::vector<int> extents, sizes, results, strides, dilations, offsets, bases;
  for (int i = 0; i < rank; ++i) {
    int size = r.upTo(4), extent = r.upTo(9) + size, stride = r.of({1, 1, 2, 3}), dilation = r.of({1, 1, 2}), before = r.upTo(3) - 2;
    extents.push_back(extent);
    sizes.push_back(size);
    if (kind == Kind::Transposed) {
      strides.push_back(1);
      dilations.push_back(-dilation);
      bases.push_back(stride);
      offsets.push_back(before);
      results.push_back((extent - 1) * stride + (size - 1) * dilation + r.upTo(3) - before);
    } else {
      strides.push_back(stride);
      dilations.push_back(dilation);
      bases.push_back(1);
      offsets.push_back(-before);
      results.push_back(std::max(1, (extent + before + r.upTo(3) - 2 - (size - 1) * dilation - 1) / stride + 1));
    }
  }
  std::string spatial = std::string("01").substr(0, static_cast<size_t>(rank));
  auto image = [&](const std::string &channels) { return channelsFirst ? "b" + channels + spatial : "b" + spatial + channels; };
  auto shape = [&](const std::vector<int> &spatialExtents, const std::vector<int> &channels) {
    std::vector<int> all = channelsFirst ? channels : spatialExtents;
    const std::vector<int> &rest = channelsFirst ? spatialExtents : channels;
    all.insert(all.end(), rest.begin(), rest.end());
    return tensor(all);
  };
  std::string equation, x, y;
  std::vector<int> kernel = sizes;
  auto append = [&](std::initializer_list<int> more) { kernel.insert(kernel.end(), more); };
  size_t resultRank = static_cast<size_t>(rank) + 2;
  switch (kind) {
  case Kind::Plain:
    equation = image("i") + "," + spatial + "io->" + image("o");
    x = shape(extents, {in}), y = shape(results, {out});
    append({in, out});
    break;
  case Kind::Transposed:
    equation = image("i") + "," + spatial + "oi->" + image("o");
    x = shape(extents, {in}), y = shape(results, {out});
    append({out, in});
    break;
  case Kind::Grouped:
    equation = image("gi") + "," + spatial + "igo->" + image("go");
    x = shape(extents, {groups, in}), y = shape(results, {groups, out});
    append({in, groups, out});
    ++resultRank;
    break;
  case Kind::Depthwise: {
    int multiplier = r.of({1, 1, 2});
    equation = image("c") + "," + spatial + "cm->" + image("cm");
    x = shape(extents, {in}), y = shape(results, {in, multiplier});
    append({in, multiplier});
    ++resultRank;
    break;
  }
  }
  std::string w = tensor(kernel);
  w.erase(7, 2);   // a kernel has no batch
  return withGradients("cornu.convolution \"" + equation + "\" %x, %w strides " + list(strides) + " dilations " + list(dilations) + " offsets " + list(offsets) +
                           " bases " + list(bases) + " : " + x + ", " + w + " to " + y,
                       x, w, y, resultRank);
}

class RandomConvolutions : public ::testing::TestWithParam<int> {};

TEST_P(RandomConvolutions, asInterpreted) {
  for (Kind kind : {Kind::Plain, Kind::Grouped, Kind::Depthwise, Kind::Transposed}) {
    Random r{std::mt19937(static_cast<unsigned>(GetParam() * 4 + static_cast<int>(kind)))};
    std::string text = randomConvolution(r, kind);
    SCOPED_TRACE(text);
    expectSameAsInterpreter(text, {1, 5}, {1e-4, 2e-5});
  }
}

INSTANTIATE_TEST_SUITE_P(Convolutions, RandomConvolutions, ::testing::Range(0, 12));

TEST(Convolutions, windowsOfEachChannelEndAtTheEdge) {
  struct Shape {
    int height, width, channels, multiplier, size, stride, dilation, before;
  };
  // Tiles that come to no edge, to one, to both; windows that lie outside altogether; strides, dilations, and rows of kernels of even size.
  for (Shape s : {Shape{20, 20, 64, 1, 3, 1, 1, 1}, {9, 37, 16, 1, 3, 1, 1, 1}, {5, 4, 40, 1, 5, 1, 1, 2}, {14, 15, 24, 1, 3, 2, 1, 1}, {12, 12, 8, 1, 3, 1, 2, 2}, {7, 7, 3, 4, 3, 1, 1, 1},
                  {10, 10, 33, 1, 4, 1, 1, 3}, {6, 6, 17, 2, 2, 1, 1, 4}, {30, 3, 130, 1, 7, 1, 1, 3}})
    for (const char *cpu : {"native", "x86-64", "x86-64-v3"}) {
      if (!cornu::test::machineRuns(cpu))
        continue;
      auto results = [&](int extent) { return (extent + 2 * s.before - (s.size - 1) * s.dilation - 1) / s.stride + 1; };
      std::string x = tensor({s.height, s.width, s.channels}), y = tensor({results(s.height), results(s.width), s.channels, s.multiplier}), w = tensor({s.size, s.size, s.channels, s.multiplier});
      w.erase(7, 2);
      std::string both = "[" + std::to_string(s.stride) + ", " + std::to_string(s.stride) + "] dilations [" + std::to_string(s.dilation) + ", " + std::to_string(s.dilation) + "] offsets [-" +
                         std::to_string(s.before) + ", -" + std::to_string(s.before) + "] bases [1, 1] : ";
      SCOPED_TRACE(cpu + (" " + x));
      expectSameAsInterpreter(withGradients("cornu.convolution \"b01c,01cm->b01cm\" %x, %w strides " + both + x + ", " + w + " to " + y, x, w, y, 5), {1, 3}, {1e-4, 5e-5}, cpu);
    }
}

TEST(Convolutions, windowsOfManyChannelsEndAtTheEdge) {
  struct Shape {
    int height, width, in, out, size, stride, dilation, before;
  };
  // Tiles that come to one edge, to both, to none; rows that enter and leave one by one, and in one step; windows as wide as the image and wider.
  for (Shape s : {Shape{14, 14, 32, 40, 3, 2, 1, 1}, {9, 34, 16, 17, 5, 1, 1, 2}, {7, 6, 24, 16, 3, 1, 2, 2}, {5, 3, 16, 33, 7, 1, 1, 3}, {11, 10, 20, 8, 3, 3, 1, 2}, {4, 2, 17, 6, 2, 1, 1, 3}})
    for (const char *cpu : {"native", "x86-64", "x86-64-v3"}) {
      if (!cornu::test::machineRuns(cpu))
        continue;
      auto results = [&](int extent) { return (extent + 2 * s.before - (s.size - 1) * s.dilation - 1) / s.stride + 1; };
      std::string x = tensor({s.height, s.width, s.in}), y = tensor({results(s.height), results(s.width), s.out}), w = tensor({s.size, s.size, s.in, s.out});
      w.erase(7, 2);
      std::string stride = std::to_string(s.stride), dilation = std::to_string(s.dilation), before = std::to_string(-s.before);
      SCOPED_TRACE(cpu + (" " + x));
      expectSameAsInterpreter(withGradients("cornu.convolution \"b01i,01io->b01o\" %x, %w strides [" + stride + ", " + stride + "] dilations [" + dilation + ", " + dilation + "] offsets [" +
                                                before + ", " + before + "] bases [1, 1] : " + x + ", " + w + " to " + y,
                                            x, w, y, 4),
                              {1, 3}, {1e-4, 5e-5}, cpu);
    }
}

TEST(Convolutions, fewChannelsOfTheResultOrTheImage) {
  struct Shape {
    int height, width, in, out, size, stride, before;
  };
  // Sums by vectors: whole ones, a part of one, more than are unrolled; one column to four; of edges, strides, one line, a single result.
  for (Shape s : {Shape{12, 13, 64, 3, 3, 1, 1}, {9, 17, 32, 1, 3, 1, 1}, {8, 9, 23, 2, 5, 2, 2}, {6, 7, 96, 4, 1, 1, 0}, {11, 9, 3, 16, 5, 1, 0}, {10, 10, 1, 40, 3, 2, 1}, {1, 14, 80, 1, 3, 1, 1},
                  {5, 5, 16, 1, 5, 1, 0}, {3, 3, 16, 1, 3, 3, 0}})
    for (const char *cpu : {"native", "x86-64", "x86-64-v3"}) {
      if (!cornu::test::machineRuns(cpu))
        continue;
      auto results = [&](int extent) { return (extent + 2 * s.before - s.size) / s.stride + 1; };
      std::string x = tensor({s.height, s.width, s.in}), y = tensor({results(s.height), results(s.width), s.out}), w = tensor({s.size, s.size, s.in, s.out});
      w.erase(7, 2);
      std::string stride = std::to_string(s.stride), before = std::to_string(-s.before);
      SCOPED_TRACE(cpu + (" " + x));
      expectSameAsInterpreter(withGradients("cornu.convolution \"b01i,01io->b01o\" %x, %w strides [" + stride + ", " + stride + "] dilations [1, 1] offsets [" + before + ", " + before +
                                                "] bases [1, 1] : " + x + ", " + w + " to " + y,
                                            x, w, y, 4),
                              {1, 3}, {1e-4, 5e-5}, cpu);
    }
}

TEST(Convolutions, largeKernelsOfSingleTaps) {
  // The elements between windows are left out of a copy.
  for (auto [stride, before] : {std::pair{2, 0}, {3, 0}, {2, 1}}) {
    int results = (7 + 2 * before - 1) / stride + 1;
    std::string x = tensor({7, 7, 300}), y = tensor({results, results, 450}), w = "tensor<1x1x300x450xf32>";
    std::string both = "[" + std::to_string(stride) + ", " + std::to_string(stride) + "] dilations [1, 1] offsets [" + std::to_string(-before) + ", " + std::to_string(-before) + "] bases [1, 1] : ";
    std::string text = withGradients("cornu.convolution \"b01i,01io->b01o\" %x, %w strides " + both + x + ", " + w + " to " + y, x, w, y, 4);
    SCOPED_TRACE(text);
    expectSameAsInterpreter(text, {1, 3}, {1e-4, 5e-5});
  }
}

TEST(Pooling, randomWindows) {
  for (unsigned seed = 0; seed < 20; ++seed) {
    Random r{std::mt19937(seed)};
    int rank = r.upTo(2), channels = r.of({1, 3, 16, 33});
    bool channelsFirst = r.of({0, 1});
    std::vector<int> extents, results, dims, sizes, strides, offsets;
    for (int i = 0; i < rank; ++i) {
      int size = r.upTo(4), extent = size + r.upTo(8), stride = r.upTo(3), before = r.upTo(size) - 1;
      extents.push_back(extent);
      sizes.push_back(size);
      strides.push_back(stride);
      offsets.push_back(-before);
      results.push_back((extent + before - 1) / stride + 1 - (r.upTo(2) - 1));
      results.back() = std::max(results.back(), 1);
      dims.push_back(i + (channelsFirst ? 2 : 1));
    }
    auto shape = [&](std::vector<int> spatial) {
      spatial.insert(channelsFirst ? spatial.begin() : spatial.end(), channels);
      return tensor(spatial);
    };
    std::string x = shape(extents), y = shape(results);
    std::string text = withGradients("cornu.max_pool %x dims " + list(dims) + " sizes " + list(sizes) + " strides " + list(strides) + " offsets " + list(offsets) +
                                         " : " + x + " to " + y,
                                     x, "", y, static_cast<size_t>(rank) + 2);
    SCOPED_TRACE(text);
    expectSameAsInterpreter(text, {1, 5});
  }
}

TEST(Convolutions, manyShapesOfTiles) {
  // Row extents around the tile, channels around the vector, the batch in a grain of its own.
  for (int columns : {1, 2, 7, 13, 14, 15, 28})
    for (int channels : {1, 16, 40}) {
      std::string c = std::to_string(channels), n = std::to_string(columns);
      std::string x = "tensor<?x3x" + n + "x" + c + "xf32>", w = "tensor<3x3x" + c + "x24xf32>", y = "tensor<?x3x" + n + "x24xf32>";
      expectSameAsInterpreter("func.func @f(%x: " + x + ", %w: " + w + ", %b: tensor<24xf32>) -> " + y +
                                  " {\n %c = cornu.convolution \"b01i,01io->b01o\" %x, %w strides [1, 1] dilations [1, 1] offsets [-1, -1] bases [1, 1] : " + x +
                                  ", " + w + " to " + y + "\n %s = cornu.add %c, %b : " + y + ", tensor<24xf32>\n %r = cornu.relu %s : " + y +
                                  "\n return %r : " + y + "\n}",
                              {1, 3}, {1e-4, 2e-5});
    }
}

TEST(Convolutions, longSums) {
  // Gradients of kernels whose sums go through K in parts: several rows of an image, several images, more sums than wait at once; one row.
  struct Shape {
    int height, width, in, out, kernel;
    const char *epilogue;
  };
  for (Shape s : {Shape{40, 41, 7, 20, 3, ""}, {8, 7, 70, 33, 3, ""}, {9, 10, 130, 130, 3, ""}, {34, 50, 1, 17, 1, ""}, {30, 30, 9, 16, 5, "cornu.tanh"}}) {
    std::string size = std::to_string(s.height) + "x" + std::to_string(s.width) + "x", k = std::to_string(s.kernel);
    std::string x = "tensor<?x" + size + std::to_string(s.in) + "xf32>", y = "tensor<?x" + size + std::to_string(s.out) + "xf32>";
    std::string w = "tensor<" + k + "x" + k + "x" + std::to_string(s.in) + "x" + std::to_string(s.out) + "xf32>", before = std::to_string(-(s.kernel / 2));
    std::string last = *s.epilogue ? " %r = " + std::string(s.epilogue) + " %d : " + w + "\n return %r : " : " return %d : ";
    // Scaled, lest a sum of thousands of products be far from 1.
    std::string text = "func.func @f(%x: " + x + ", %w: " + w + ", %c: " + y + ") -> " + w + " {\n %y = cornu.convolution \"b01i,01io->b01o\" %x, %w strides [1, 1] "
                       "dilations [1, 1] offsets [" + before + ", " + before + "] bases [1, 1] : " + x + ", " + w + " to " + y + "\n %s = cornu.constant dense<0.01> : tensor<f32>\n"
                       " %cs = cornu.multiply %c, %s : " + y + ", tensor<f32>\n %cy = cornu.multiply %cs, %y : " + y + ", " + y + "\n %l = cornu.reduce_sum %cy dims [0, 1, 2, 3] : " + y +
                       "\n %d = cornu.gradient %l wrt %w : tensor<f32>, (" + w + ")\n" + last + w + "\n}";
    SCOPED_TRACE(text);
    expectSameAsInterpreter(text, {1, 3}, {1e-4, 2e-5});
  }
}

/// A 3x3 convolution of channels and filters enough for Winograd's algorithm, with bias and relu, and its gradients.
std::string winograd(int height, int width, int in, int out, int edge, const std::string &type) {
  auto shape = [&](const std::string &rest) { return "tensor<" + rest + "x" + type + ">"; };
  auto image = [&](int less, int channels) { return shape("?x" + std::to_string(height - less) + "x" + std::to_string(width - less) + "x" + std::to_string(channels)); };
  std::string x = image(0, in), w = shape("3x3x" + std::to_string(in) + "x" + std::to_string(out)), b = shape(std::to_string(out)), y = image(2 - 2 * edge, out);
  std::string offset = std::to_string(-edge), scalar = "tensor<" + type + ">";
  // Scaled, lest a sum of thousands of products be far from 1.
  return "func.func @f(%x: " + x + ", %w: " + w + ", %b: " + b + ") -> (" + y + ", " + x + ", " + w + ") {\n %scale = cornu.constant dense<0.01> : " + scalar +
         "\n %u = cornu.multiply %w, %scale : " + w + ", " + scalar + "\n %c = cornu.convolution \"b01i,01io->b01o\" %x, %u strides [1, 1] dilations [1, 1] offsets [" +
         offset + ", " + offset + "] bases [1, 1] : " + x + ", " + w + " to " + y + "\n %s = cornu.add %c, %b : " + y + ", " + b + "\n %r = cornu.relu %s : " + y +
         "\n %q = cornu.multiply %r, %scale : " + y + ", " + scalar + "\n %l = cornu.reduce_sum %q dims [0, 1, 2, 3] : " + y +
         "\n %d:2 = cornu.gradient %l wrt %x, %w : " + scalar + ", (" + x + ", " + w + ")\n return %r, %d#0, %d#1 : " + y + ", " + x + ", " + w + "\n}";
}

TEST(Winograd, everyKindOfShape) {
  struct Shape {
    int height, width, in, out, edge;
  };
  for (Shape s : {Shape{8, 8, 16, 16, 1}, {9, 8, 32, 48, 1}, {8, 11, 48, 32, 1}, {13, 13, 16, 64, 1}, {14, 15, 64, 80, 0}, {10, 10, 32, 128, 0}, {33, 30, 16, 32, 1}, {8, 8, 256, 16, 1},
                  // few tiles; kernels transformed in parts, for one block of tiles and for several
                  {4, 4, 32, 32, 1}, {5, 7, 64, 16, 1}, {4, 5, 272, 80, 1}, {8, 10, 272, 64, 1}}) {
    std::string text = winograd(s.height, s.width, s.in, s.out, s.edge, "f32");
    SCOPED_TRACE(text);
    expectSameAsInterpreter(text, {1, 3}, {1e-4, 2e-5});
  }
  expectSameAsInterpreter(winograd(9, 10, 32, 32, 1, "f64"), {1, 2}, {1e-11, 1e-12});
}

TEST(Winograd, everyTarget) {
  for (const char *cpu : {"x86-64", "x86-64-v3", "x86-64-v4"})
    if (cornu::test::machineRuns(cpu))
      expectSameAsInterpreter(winograd(11, 12, 32, 48, 1, "f32"), {1, 3}, {1e-4, 2e-5}, cpu);
}

} // namespace
