// Configs as values: JSON whose objects keep the order of their keys, read and written as Python's json module does.
#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace cornu {

/// A JSON value. What `Layer::get_config()` returns and `from_config` receives:
///
///     Json get_config() const override {
///       Json config = Layer::get_config();
///       config["units"] = units;
///       config["activation"] = "relu";
///       return config;
///     }
class Json {
public:
  using List = std::vector<Json>;
  using Member = std::pair<std::string, Json>;
  using Object = std::vector<Member>;

  Json() : value(nullptr) {}
  Json(std::nullptr_t) : value(nullptr) {}
  template <std::same_as<bool> T> Json(T flag) : value(flag) {}
  template <std::integral T> requires(!std::same_as<T, bool>) Json(T number) : value(static_cast<int64_t>(number)) {}
  template <std::floating_point T> Json(T number) : value(static_cast<double>(number)) {}
  Json(std::string text) : value(std::move(text)) {}
  Json(std::string_view text) : value(std::string(text)) {}
  Json(const char *text) : value(std::string(text)) {}
  Json(List items) : value(std::move(items)) {}
  Json(Object members) : value(std::move(members)) {}
  template <class T> requires(std::constructible_from<Json, const T &> && !std::same_as<T, Json> && !std::same_as<T, Member>)
  Json(const std::vector<T> &items) : value(List(items.begin(), items.end())) {}
  template <class T> requires std::constructible_from<Json, const T &>
  Json(const std::optional<T> &maybe) : Json(maybe ? Json(*maybe) : Json()) {}

  static Json list(std::initializer_list<Json> items = {}) { return List(items); }
  static Json object(std::initializer_list<Member> members = {}) { return Object(members); }
  /// A shape as Keras writes it: the batch (-1) is null.
  static Json shape(std::span<const int64_t> shape);

  bool isNull() const { return std::holds_alternative<std::nullptr_t>(value); }
  bool isBool() const { return std::holds_alternative<bool>(value); }
  bool isInt() const { return std::holds_alternative<int64_t>(value); }
  bool isNumber() const { return isInt() || std::holds_alternative<double>(value); }
  bool isString() const { return std::holds_alternative<std::string>(value); }
  bool isList() const { return std::holds_alternative<List>(value); }
  bool isObject() const { return std::holds_alternative<Object>(value); }

  /// The value as the named type; UserError ("must be an integer. Received: …") when it is another. asInt takes 3.0 too,
  /// asDouble any number, asBool also 0 and 1.
  bool asBool() const;
  int64_t asInt() const;
  double asDouble() const;
  const std::string &asString() const;
  const List &asList() const;
  List &asList();
  const Object &asObject() const;
  Object &asObject();
  /// A list of integers, with null read as -1.
  std::vector<int64_t> asShape() const;

  /// Number of items or members; 0 for anything else.
  size_t size() const;
  bool empty() const { return size() == 0; }

  /// The member `key`, or nullptr (also when this is not an object).
  const Json *find(std::string_view key) const;
  Json *find(std::string_view key);
  bool contains(std::string_view key) const { return find(key) != nullptr; }
  /// The member `key`; UserError when it is missing.
  const Json &at(std::string_view key) const;
  /// The member `key`, null when it is missing.
  const Json &get(std::string_view key) const;
  /// The member `key`, appended as null if it is missing. A null value becomes an object first.
  Json &operator[](std::string_view key);
  /// Item `index` of a list; UserError when there is none.
  const Json &at(size_t index) const;
  void push_back(Json item);
  /// Removes the member `key`, if there.
  void erase(std::string_view key);

  /// As Python's json.dumps(value): ", " and ": ", ASCII only, floats in their shortest form that reads back the same,
  /// NaN and Infinity as such. With `indent`, each member on a line of its own. UserError on a string that is not UTF-8.
  std::string dump(int indent = 0) const;
  /// Reads what Python's json.loads reads, but: strict UTF-8, no lone surrogates, at most 512 levels deep. `name` says
  /// in the EnvironmentError which text was wrong.
  static Json parse(std::string_view text, std::string_view name = "JSON");

  /// Python's equality: the order of an object's keys does not matter, 1 equals 1.0.
  friend bool operator==(const Json &, const Json &);

private:
  [[noreturn]] void mismatch(std::string_view wanted) const;
  std::variant<std::nullptr_t, bool, int64_t, double, std::string, List, Object> value;
};

/// The shortest decimal that reads back as `number`, in Python's spelling: "0.001", "1e-07", "1.0", "inf".
std::string pythonRepr(double number);

std::ostream &operator<<(std::ostream &, const Json &);

} // namespace cornu
