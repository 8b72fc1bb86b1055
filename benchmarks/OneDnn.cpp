// oneDNN's part. Its primitives choose the layout of weights; putting them there is not timed.
#include <oneapi/dnnl/dnnl.hpp>

#include "benchmarks/Kernels.h"
#include "benchmarks/Program.h"

namespace cornu::benchmarks::onednn {

namespace {
using dnnl::memory;
using Tag = memory::format_tag;

dnnl::engine &cpu() {
  static dnnl::engine engine(dnnl::engine::kind::cpu, 0);
  return engine;
}

memory::desc tensor(const memory::dims &shape, Tag tag) { return {shape, memory::data_type::f32, tag}; }


std::function<void()> call(const dnnl::primitive &primitive, const std::vector<std::pair<int, memory::desc>> &arguments) {
  std::unordered_map<int, memory> operands;
  std::vector<Array> arrays;
  for (const auto &[name, desc] : arguments) {
    arrays.push_back(numbers(static_cast<int64_t>(desc.get_size() / sizeof(float))));
    operands.emplace(name, memory(desc, cpu(), arrays.back().raw()));
  }
  return [primitive, operands, arrays, stream = dnnl::stream(cpu())]() mutable {
    primitive.execute(stream, operands);
    stream.wait();
  };
}

Setup eltwise(dnnl::algorithm algorithm, int64_t count) {
  return [=] {
    dnnl::eltwise_forward::primitive_desc desc({dnnl::prop_kind::forward_inference, algorithm, tensor({count}, Tag::a), 0, 0}, cpu());
    return call(dnnl::eltwise_forward(desc), {{DNNL_ARG_SRC, desc.src_desc()}, {DNNL_ARG_DST, desc.dst_desc()}});
  };
}
} // namespace

Setup matmul(int64_t m, int64_t k, int64_t n, bool xTransposed) {
  return [=] {
    // The second factor of dW is no weight: it lies as the layer above left it.
    Tag wLies = xTransposed ? Tag::ab : Tag::any;
    dnnl::matmul::primitive_desc desc({tensor({m, k}, xTransposed ? Tag::ba : Tag::ab), tensor({k, n}, wLies), tensor({m, n}, Tag::ab)}, cpu());
    return call(dnnl::matmul(desc), {{DNNL_ARG_SRC, desc.src_desc()}, {DNNL_ARG_WEIGHTS, desc.weights_desc()}, {DNNL_ARG_DST, desc.dst_desc()}});
  };
}

Setup convolution(Convolution c, Of what) {
  return [=] {
    using namespace dnnl;
    memory::dims strides{c.stride, c.stride};
    int64_t behind = (c.results - 1) * c.stride + c.kernel - c.size - c.before;
    memory::dims low{c.before, c.before}, high{behind, behind};
    auto x = tensor({c.batch, c.in, c.size, c.size}, Tag::nhwc), y = tensor({c.batch, c.out, c.results, c.results}, Tag::nhwc);
    auto w = c.groups == 1 ? tensor({c.out, c.in, c.kernel, c.kernel}, Tag::any)
                           : tensor({c.groups, c.out / c.groups, c.in / c.groups, c.kernel, c.kernel}, Tag::any);
    auto algorithm = algorithm::convolution_direct;
    convolution_forward::primitive_desc forward({prop_kind::forward_training, algorithm, x, w, y, strides, low, high}, cpu());
    if (what == Of::Result)
      return call(convolution_forward(forward), {{DNNL_ARG_SRC, forward.src_desc()}, {DNNL_ARG_WEIGHTS, forward.weights_desc()}, {DNNL_ARG_DST, forward.dst_desc()}});
    if (what == Of::Input) {
      convolution_backward_data::primitive_desc desc({algorithm, x, w, y, strides, low, high}, cpu(), forward);
      return call(convolution_backward_data(desc),
                  {{DNNL_ARG_DIFF_DST, desc.diff_dst_desc()}, {DNNL_ARG_WEIGHTS, desc.weights_desc()}, {DNNL_ARG_DIFF_SRC, desc.diff_src_desc()}});
    }
    convolution_backward_weights::primitive_desc desc({algorithm, x, w, y, strides, low, high}, cpu(), forward);
    return call(convolution_backward_weights(desc),
                {{DNNL_ARG_SRC, desc.src_desc()}, {DNNL_ARG_DIFF_DST, desc.diff_dst_desc()}, {DNNL_ARG_DIFF_WEIGHTS, desc.diff_weights_desc()}});
  };
}

Setup exp(int64_t count) { return eltwise(dnnl::algorithm::eltwise_exp, count); }
Setup tanh(int64_t count) { return eltwise(dnnl::algorithm::eltwise_tanh, count); }

Setup softmax(int64_t rows, int64_t columns) {
  return [=] {
    dnnl::softmax_forward::primitive_desc desc({dnnl::prop_kind::forward_inference, tensor({rows, columns}, Tag::ab), 1}, cpu());
    return call(dnnl::softmax_forward(desc), {{DNNL_ARG_SRC, desc.src_desc()}, {DNNL_ARG_DST, desc.dst_desc()}});
  };
}

Setup layerNorm(int64_t rows, int64_t columns) {
  return [=] {
    auto flags = dnnl::normalization_flags::use_scale | dnnl::normalization_flags::use_shift;
    dnnl::layer_normalization_forward::primitive_desc desc({dnnl::prop_kind::forward_inference, tensor({rows, columns}, Tag::ab), 1e-3f, flags}, cpu());
    return call(dnnl::layer_normalization_forward(desc), {{DNNL_ARG_SRC, desc.src_desc()},
                                                          {DNNL_ARG_SCALE, desc.weights_desc()},
                                                          {DNNL_ARG_SHIFT, desc.weights_desc()},
                                                          {DNNL_ARG_DST, desc.dst_desc()}});
  };
}

} // namespace cornu::benchmarks::onednn
