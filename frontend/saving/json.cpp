#include "frontend/saving/json.h"

#include <cmath>
#include <ostream>

#include "runtime/errors.h"

namespace cornu {

Json Json::shape(std::span<const int64_t> shape) {
  List items;
  for (int64_t extent : shape) items.push_back(extent < 0 ? Json() : Json(extent));
  return items;
}

void Json::mismatch(std::string_view wanted) const {
  std::string text = dump();
  if (text.size() > 80) text = text.substr(0, 77) + "...";
  throw UserError("a config value must be " + std::string(wanted), text);
}

bool Json::asBool() const {
  if (const bool *flag = std::get_if<bool>(&value)) return *flag;
  if (const int64_t *number = std::get_if<int64_t>(&value); number && (*number == 0 || *number == 1)) return *number;
  mismatch("true or false");
}

int64_t Json::asInt() const {
  if (const int64_t *number = std::get_if<int64_t>(&value)) return *number;
  if (const double *number = std::get_if<double>(&value); number && std::trunc(*number) == *number && std::fabs(*number) < 0x1p53)
    return static_cast<int64_t>(*number);
  mismatch("an integer");
}

double Json::asDouble() const {
  if (const double *number = std::get_if<double>(&value)) return *number;
  if (const int64_t *number = std::get_if<int64_t>(&value)) return static_cast<double>(*number);
  mismatch("a number");
}

const std::string &Json::asString() const {
  if (const auto *text = std::get_if<std::string>(&value)) return *text;
  mismatch("a string");
}

const Json::List &Json::asList() const {
  if (const auto *items = std::get_if<List>(&value)) return *items;
  mismatch("a list");
}
Json::List &Json::asList() { return const_cast<List &>(std::as_const(*this).asList()); }

const Json::Object &Json::asObject() const {
  if (const auto *members = std::get_if<Object>(&value)) return *members;
  mismatch("an object");
}
Json::Object &Json::asObject() { return const_cast<Object &>(std::as_const(*this).asObject()); }

std::vector<int64_t> Json::asShape() const {
  std::vector<int64_t> shape;
  for (const Json &item : asList()) shape.push_back(item.isNull() ? -1 : item.asInt());
  return shape;
}

size_t Json::size() const {
  if (const auto *items = std::get_if<List>(&value)) return items->size();
  if (const auto *members = std::get_if<Object>(&value)) return members->size();
  return 0;
}

const Json *Json::find(std::string_view key) const {
  if (const auto *members = std::get_if<Object>(&value))
    for (const Member &member : *members)
      if (member.first == key) return &member.second;
  return nullptr;
}
Json *Json::find(std::string_view key) { return const_cast<Json *>(std::as_const(*this).find(key)); }

const Json &Json::at(std::string_view key) const {
  if (const Json *member = find(key)) return *member;
  mismatch("an object with the key '" + std::string(key) + "'");
}

const Json &Json::get(std::string_view key) const {
  static const Json null;
  const Json *member = find(key);
  return member ? *member : null;
}

Json &Json::operator[](std::string_view key) {
  if (isNull()) value = Object{};
  if (Json *member = find(key)) return *member;
  return asObject().emplace_back(std::string(key), Json()).second;
}

const Json &Json::at(size_t index) const {
  if (index < asList().size()) return asList()[index];
  mismatch("a list of more than " + std::to_string(index) + " items");
}

void Json::push_back(Json item) {
  if (isNull()) value = List{};
  asList().push_back(std::move(item));
}

void Json::erase(std::string_view key) {
  if (isObject()) std::erase_if(asObject(), [&](const Member &member) { return member.first == key; });
}

bool operator==(const Json &a, const Json &b) {
  if (a.isNumber() && b.isNumber() && a.isInt() != b.isInt()) return a.asDouble() == b.asDouble();
  if (!a.isObject() || !b.isObject()) return a.value == b.value;
  if (a.size() != b.size()) return false;
  for (const Json::Member &member : a.asObject()) {
    const Json *other = b.find(member.first);
    if (!other || !(*other == member.second)) return false;
  }
  return true;
}

std::ostream &operator<<(std::ostream &os, const Json &json) { return os << json.dump(); }

} // namespace cornu
