#include "frontend/ops/op_layer.h"

#include "frontend/core/names.h"
#include "frontend/core/tensor_impl.h"

namespace cornu::ops {

OpLayer::OpLayer(std::string className, Tensors operands, Emit emit, Json config, Json arguments, std::string name)
    : Layer({.name = name.empty() ? uniqueName(snakeCase(className)) : std::move(name)}), className(std::move(className)), given(std::move(operands)), emit(std::move(emit)),
      config(std::move(config)), further(std::move(arguments)) {
  for (Tensor &x : given)
    if (isSymbol(x)) x = Tensor();
}

Json OpLayer::get_config() const {
  Json full = Json::object({{"name", name()}});
  for (const auto &[key, entry] : config.asObject())
    if (key != "name") full[key] = entry;
  return full;
}

Tensor OpLayer::call(const Tensors &symbols) {
  Tensors all = given;
  size_t next = 0;
  for (Tensor &x : all)
    if (!x) x = symbols.at(next++);
  return emit(all);
}

} // namespace cornu::ops
