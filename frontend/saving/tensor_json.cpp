#include "frontend/saving/tensor_json.h"

#include "frontend/core/tensor.h"

namespace cornu::saving {
namespace {

/// Appends the numbers of nested lists of `shape`, from the axis on.
void collect(const Json &value, const Shape &shape, size_t axis, std::vector<double> &numbers) {
  if (axis == shape.size()) {
    if (!value.isBool() && !value.isNumber()) throw UserError("a constant must hold numbers", value.dump());
    numbers.push_back(value.isBool() ? value.asBool() : value.asDouble());
    return;
  }
  if (!value.isList() || static_cast<int64_t>(value.size()) != shape[axis])
    throw UserError("the rows of a constant must have the same length", "one of " + std::to_string(value.size()) + " beside one of " + std::to_string(shape[axis]));
  for (const Json &item : value.asList()) collect(item, shape, axis + 1, numbers);
}

Json nested(const Array &array, size_t axis, int64_t &next) {
  if (axis == array.shape().size()) {
    double number = array.at(next++);
    if (array.dtype() == DType::Bool) return number != 0;
    return isFloating(array.dtype()) ? Json(number) : Json(static_cast<int64_t>(number));
  }
  Json list = Json::list();
  for (int64_t i = 0; i < array.shape()[axis]; ++i) list.push_back(nested(array, axis + 1, next));
  return list;
}

} // namespace

std::optional<Array> arrayFromJson(const Json &json) {
  if (!json.isObject() || (json.get("class_name") != Json("__tensor__") && json.get("class_name") != Json("__numpy__"))) return {};
  const Json &config = json.at("config"), &value = config.at("value");
  std::optional<DType> dtype = dtypeFromName(config.at("dtype").asString());
  if (!dtype) throw UserError("dtype must be the name of an element type", config.at("dtype").dump());
  Shape shape;
  for (const Json *row = &value; row->isList(); row = &row->at(size_t(0))) {
    shape.push_back(static_cast<int64_t>(row->size()));
    if (row->size() == 0) break;
  }
  std::vector<double> numbers;
  collect(value, shape, 0, numbers);
  return Array(numbers, shape).astype(*dtype);
}

Json arrayToJson(const Array &array) {
  int64_t next = 0;
  Json value = nested(array, 0, next);
  return Json::object({{"class_name", "__tensor__"}, {"config", Json::object({{"value", value}, {"dtype", nameOf(array.dtype())}})}});
}

} // namespace cornu::saving
