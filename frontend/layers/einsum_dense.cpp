#include "frontend/layers/einsum_dense.h"

#include <algorithm>
#include <map>

#include "frontend/layers/options.h"
#include "frontend/ops/ops.h"

namespace cornu {

EinsumDense::EinsumDense(std::string equation, OneOrMany<int64_t> output_shape, EinsumDenseOptions options)
    : Layer(baseOf(options)), equation(std::move(equation)), outputShape(std::move(output_shape)), given(std::move(options)) {
  for (int64_t extent : outputShape.list())
    if (extent < -1 || extent == 0) fail("every extent of output_shape must be positive or -1", "output_shape=" + shapeString(outputShape.list()));
}

EinsumDense::Terms EinsumDense::termsFor(int64_t rank) const {
  size_t comma = equation.find(','), arrow = equation.find("->");
  auto wrong = [&] { fail("the equation must have the form 'ab,bc->ac', '...b,bc->...c' or 'ab...,bc->ac...'", "equation='" + equation + "'"); };
  if (comma == equation.npos || arrow == equation.npos || comma > arrow) wrong();
  Terms terms{equation.substr(0, comma), equation.substr(comma + 1, arrow - comma - 1), equation.substr(arrow + 2)};
  size_t in = terms.input.find("..."), out = terms.output.find("...");
  bool elided = in != terms.input.npos;
  if (elided != (out != terms.output.npos)) wrong();
  auto letters = [](std::string term) {
    if (size_t dots = term.find("..."); dots != term.npos) term.erase(dots, 3);
    return term;
  };
  std::string plain = letters(terms.input), used = plain + letters(terms.kernel) + letters(terms.output);
  for (char c : used)
    if (!std::isalpha(static_cast<unsigned char>(c))) wrong();
  auto missing = rank - static_cast<int64_t>(plain.size());
  if (missing < 0 || (!elided && missing > 0))
    fail("the input must have the axes that the equation names", "rank " + std::to_string(rank) + " for '" + equation + "'");
  if (elided) {
    bool left = in == 0;
    if ((left != (out == 0)) || (!left && in + 3 != terms.input.size()) || (!left && out + 3 != terms.output.size())) wrong();
    std::string filling;
    for (char c = 'a'; c <= 'z' && static_cast<int64_t>(filling.size()) < missing; ++c)
      if (used.find(c) == used.npos) filling += c;
    terms.input.replace(in, 3, filling);
    terms.output.replace(out, 3, filling);
  }
  return terms;
}

void EinsumDense::build(const Shape &input) {
  Terms terms = termsFor(static_cast<int64_t>(input.size()));
  std::map<char, int64_t> extents;
  for (size_t i = 0; i < input.size(); ++i) extents[terms.input[i]] = input[i];
  // output_shape names the axes after the batch that have letters in the equation.
  size_t elided = equation.find("...") == equation.npos ? 0 : input.size() - (equation.find(',') - 3);
  bool left = equation.starts_with("...");
  size_t first = left ? std::max<size_t>(elided, 1) : 1, last = terms.output.size() - (left ? 0 : elided);
  // Keras does not look at extents beyond the letters.
  if (first + outputShape.list().size() < last)
    fail("output_shape must have an extent for each letter of the result but the batch", "output_shape=" + shapeString(outputShape.list()) + " for '" + equation + "'");
  for (size_t i = 0; first + i < last; ++i) {
    char letter = terms.output[first + i];
    int64_t extent = outputShape.list()[i];
    auto known = extents.find(letter);
    if (known == extents.end()) {
      if (extent < 0) fail("an extent of output_shape may be -1 only for an axis of the input", "axis '" + std::string(1, letter) + "' of '" + equation + "'");
      extents[letter] = extent;
    } else if (extent >= 0 && extent != known->second) {
      fail("output_shape must agree with the input in the axes they share",
           "axis '" + std::string(1, letter) + "': " + std::to_string(extent) + " and " + std::to_string(known->second));
    }
  }
  Shape shape;
  for (char letter : terms.kernel) {
    auto found = extents.find(letter);
    if (found == extents.end() || found->second < 0)
      fail("each axis of the kernel must be one of the input (not the batch) or of the result", "axis '" + std::string(1, letter) + "' of '" + equation + "'");
    shape.push_back(found->second);
  }
  for (char letter : terms.output)
    if (!extents.contains(letter)) fail("each axis of the result must be one of the input or of the kernel", "axis '" + std::string(1, letter) + "' of '" + equation + "'");
  kernel = add_weight("kernel", shape,
                      {.initializer = given.kernel_initializer, .regularizer = given.kernel_regularizer, .constraint = given.kernel_constraint});
  if (given.bias_axes.empty()) return;
  size_t from = terms.output.size();
  for (char letter : given.bias_axes) {
    size_t at = terms.output.find(letter);
    if (at == terms.output.npos) fail("bias_axes must be letters of the result", "bias_axes='" + given.bias_axes + "' for '" + equation + "'");
    from = std::min(from, at);
  }
  Shape biasShape;
  for (size_t i = from; i < terms.output.size(); ++i) biasShape.push_back(given.bias_axes.find(terms.output[i]) == std::string::npos ? 1 : extents[terms.output[i]]);
  bias = add_weight("bias", biasShape, {.initializer = given.bias_initializer, .regularizer = given.bias_regularizer, .constraint = given.bias_constraint});
}

Tensor EinsumDense::call(const Tensor &x) {
  Terms terms = termsFor(x.rank());
  Tensor input = x;
  // Axes of the input that occur nowhere else are summed by themselves.
  for (size_t i = terms.input.size(); i-- > 0;)
    if (terms.kernel.find(terms.input[i]) == std::string::npos && terms.output.find(terms.input[i]) == std::string::npos) {
      input = sum(input, static_cast<int>(i));
      terms.input.erase(i, 1);
    }
  Tensor y = einsum(terms.input + "," + terms.kernel + "->" + terms.output, input, kernel);
  if (!given.bias_axes.empty()) y = y + bias;
  return given.activation(y);
}

Json EinsumDense::get_config() const {
  Json c = Layer::get_config();
  Json extents = Json::list();
  for (int64_t extent : outputShape.list()) extents.push_back(extent < 0 ? Json() : Json(extent));
  c["output_shape"] = outputShape.isSingle() ? outputShape.json() : extents;
  c["equation"] = equation;
  c["activation"] = config::serialize(given.activation);
  c["bias_axes"] = given.bias_axes.empty() ? Json() : Json(given.bias_axes);
  c["kernel_initializer"] = config::serialize(given.kernel_initializer);
  c["bias_initializer"] = config::serialize(given.bias_initializer);
  c["kernel_regularizer"] = config::serialize(given.kernel_regularizer);
  c["bias_regularizer"] = config::serialize(given.bias_regularizer);
  c["activity_regularizer"] = config::serialize(given.activity_regularizer);
  c["kernel_constraint"] = config::serialize(given.kernel_constraint);
  c["bias_constraint"] = config::serialize(given.bias_constraint);
  c["quantization_config"] = nullptr;
  return c;
}

static const LayerRegistration registration("EinsumDense", [](const Json &c) {
  for (const char *unsupported : {"lora_rank", "quantization_config", "gptq_unpacked_column_size"})
    if (!c.get(unsupported).isNull()) throw UserError(std::string("EinsumDense: ") + unsupported + " must be null", c.get(unsupported).dump());
  const Json &shape = c.at("output_shape");
  return EinsumDense(c.at("equation").asString(), shape.isList() ? OneOrMany<int64_t>(shape.asShape()) : OneOrMany<int64_t>(shape.asInt()),
                     withBase(EinsumDenseOptions{.activation = config::activation(c, "activation"), .bias_axes = config::text(c, "bias_axes", ""),
                                                 .kernel_initializer = config::initializer(c, "kernel_initializer", "glorot_uniform"),
                                                 .bias_initializer = config::initializer(c, "bias_initializer", "zeros"),
                                                 .kernel_regularizer = config::regularizer(c, "kernel_regularizer"),
                                                 .bias_regularizer = config::regularizer(c, "bias_regularizer"),
                                                 .kernel_constraint = config::constraint(c, "kernel_constraint"),
                                                 .bias_constraint = config::constraint(c, "bias_constraint")}, c)).shared();
});

} // namespace cornu
