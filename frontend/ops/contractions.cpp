// Sums of products.
#include <cctype>

#include "frontend/ops/emit.h"

namespace cornu {
using namespace ops;

Tensor einsum(const std::string &equation, const Tensor &a, const Tensor &b) {
  return op("Einsum", {a, b}, [equation](const Tensors &xs) {
    size_t comma = equation.find(','), arrow = equation.find("->");
    if (comma == std::string::npos || arrow == std::string::npos || comma > arrow)
      throw UserError("einsum: the equation must have the form 'ab,bc->ac'", "'" + equation + "'");
    std::string terms[] = {equation.substr(0, comma), equation.substr(comma + 1, arrow - comma - 1)}, result = equation.substr(arrow + 2);
    auto broken = [&](const char *rule) { return UserError("einsum: " + std::string(rule), "'" + equation + "'"); };
    auto has = [](const std::string &term, char letter) { return term.find(letter) != std::string::npos; };
    for (const std::string &term : {terms[0], terms[1], result})
      for (size_t i = 0; i < term.size(); ++i) {
        if (!std::isalpha(static_cast<unsigned char>(term[i]))) throw broken("axes must be named by letters");
        if (has(term.substr(i + 1), term[i])) throw broken("a letter must not occur twice in a term");
      }
    for (char letter : result)
      if (!has(terms[0], letter) && !has(terms[1], letter)) throw broken("each letter of the result must occur in an operand");
    for (int i = 0; i < 2; ++i)
      for (char letter : terms[i])
        if (!has(terms[1 - i], letter) && !has(result, letter)) throw broken("each letter of an operand must occur in the other or in the result");
    std::map<char, int64_t> extents;
    for (int i = 0; i < 2; ++i) {
      const Shape &shape = xs[static_cast<size_t>(i)].shape();
      if (terms[i].size() != shape.size())
        throw UserError("einsum '" + equation + "': operand " + std::to_string(i) + " must have " + std::to_string(terms[i].size()) + " axes", shapeString(shape));
      for (size_t d = 0; d < shape.size(); ++d)
        if (auto [known, isNew] = extents.emplace(terms[i][d], shape[d]); !isNew && known->second != shape[d])
          throw UserError("einsum '" + equation + "': axis '" + std::string(1, terms[i][d]) + "' must have the same extent in both operands",
                          shapeString(xs[0].shape()) + " and " + shapeString(xs[1].shape()));
    }
    DType type = promote(xs[0], xs[1]);
    mlir::Value l = valueAs(xs[0], type), r = valueAs(xs[1], type);
    return wrap(ir::EinsumOp::create(trace::here().builder, trace::here().location(), equation, l, r));
  }, Json::object({{"subscripts", equation}}));
}

Tensor matmul(const Tensor &a, const Tensor &b) {
  return op("Matmul", {a, b}, [](const Tensors &xs) {
    const Shape &l = xs[0].shape(), &r = xs[1].shape();
    if (l.empty() || r.size() < 2 || l.back() != r[r.size() - 2])
      throw UserError("matmul: the last axis of a must have the extent of the last but one of b", shapeString(l) + " and " + shapeString(r));
    // Letters: b, c, … for the axes in front, then m, k, n.
    std::string batch = std::string("bcdefghij").substr(0, l.size() - 1);
    if (r.size() == 2) return einsum(batch + "k,kn->" + batch + "n", xs[0], xs[1]);
    if (l.size() != r.size()) throw UserError("matmul: with a third axis both tensors must have the same rank", shapeString(l) + " and " + shapeString(r));
    batch.pop_back();
    return einsum(batch + "mk," + batch + "kn->" + batch + "mn", xs[0], xs[1]);
  });
}

} // namespace cornu
