#include "frontend/utils/format_fields.h"

#include <algorithm>
#include <cctype>
#include <cmath>
#include <cstdio>

#include "runtime/errors.h"

namespace cornu {
namespace {

/// [[fill]align][sign][0][width][.precision][type]
struct Spec {
  char fill = ' ', align = '>', sign = '-', type = 0;
  size_t width = 0;
  int precision = -1;
};

Spec parseSpec(const std::string &text, const std::string &field) {
  Spec spec;
  size_t at = 0;
  auto fail = [&] { throw UserError("a field's format must be [[fill]align][sign][0][width][.precision][type] with the type d, e, f, g or %", "{" + field + "}"); };
  auto isOneOf = [&](size_t i, const char *choices) { return i < text.size() && std::string_view(choices).find(text[i]) != std::string_view::npos; };
  auto number = [&] {
    size_t begin = at;
    while (at < text.size() && std::isdigit(static_cast<unsigned char>(text[at]))) ++at;
    if (at == begin || at - begin > 3) fail();
    return std::stoi(text.substr(begin, at - begin));
  };
  if (isOneOf(1, "<>^=")) spec.fill = text[0], spec.align = text[1], at = 2;
  else if (isOneOf(0, "<>^=")) spec.align = text[0], at = 1;
  if (isOneOf(at, "+- ")) spec.sign = text[at++];
  if (isOneOf(at, "0")) {
    if (spec.fill == ' ' && spec.align == '>') spec.fill = '0', spec.align = '=';
    ++at;
  }
  if (isOneOf(at, "123456789")) spec.width = static_cast<size_t>(number());
  if (isOneOf(at, ".")) ++at, spec.precision = number();
  if (isOneOf(at, "deEfFgG%")) spec.type = text[at++];
  if (at != text.size()) fail();
  return spec;
}

std::string printed(const char *pattern, int precision, double value) {
  char text[400];
  std::snprintf(text, sizeof text, pattern, precision, value);
  return text;
}

/// Without sign and width.
std::string digitsOf(const Spec &spec, const Json &value, const std::string &field) {
  bool integral = value.isInt();
  if (spec.type == 'd' || (integral && !spec.type)) {
    if (!integral) throw UserError("a float has no format 'd'", "{" + field + "}");
    if (spec.precision >= 0) throw UserError("an integer's format has no precision", "{" + field + "}");
    return std::to_string(value.asInt() < 0 ? 0 - static_cast<uint64_t>(value.asInt()) : static_cast<uint64_t>(value.asInt()));
  }
  double number = std::abs(value.asDouble());
  int precision = spec.precision < 0 ? 6 : std::min(spec.precision, 300 /* a double of 1e308 is longer only by digits of no meaning */);
  switch (spec.type) {
  case 'e': return printed("%.*e", precision, number);
  case 'E': return printed("%.*E", precision, number);
  case 'f': case 'F': return printed("%.*f", std::min(precision, 60), number);
  case 'g': return printed("%.*g", precision, number);
  case 'G': return printed("%.*G", precision, number);
  case '%': return printed("%.*f", std::min(precision, 60), number * 100) + "%";
  default: {
    if (spec.precision < 0) return pythonRepr(number);
    std::string text = printed("%.*g", std::max(precision, 1), number);
    return text.find_first_not_of("0123456789") == std::string::npos ? text + ".0" : text;
  }
  }
}

std::string formatted(const Json &value, const std::string &specification, const std::string &field) {
  Spec spec = parseSpec(specification, field);
  bool negative = value.isInt() ? value.asInt() < 0 : std::signbit(value.asDouble());
  std::string sign = negative ? "-" : spec.sign == '-' ? "" : std::string(1, spec.sign), digits = digitsOf(spec, value, field);
  size_t missing = spec.width - std::min(spec.width, sign.size() + digits.size());
  size_t left = spec.align == '<' ? 0 : spec.align == '^' ? missing / 2 : missing;
  if (spec.align == '=') return sign + std::string(missing, spec.fill) + digits;
  return std::string(left, spec.fill) + sign + digits + std::string(missing - left, spec.fill);
}

} // namespace

std::string formatFields(const std::string &pattern, const Json::Object &values) {
  std::string text;
  for (size_t i = 0; i < pattern.size(); ++i) {
    char c = pattern[i];
    bool doubled = (c == '{' || c == '}') && i + 1 < pattern.size() && pattern[i + 1] == c;
    if (doubled) ++i;
    if (doubled || (c != '{' && c != '}')) {
      text += c;
      continue;
    }
    size_t end = c == '{' ? pattern.find('}', i) : std::string::npos;
    if (end == std::string::npos) throw UserError("braces must come in pairs; '{{' stands for one", "'" + pattern + "'");
    std::string field = pattern.substr(i + 1, end - i - 1), name = field.substr(0, field.find(':'));
    auto found = std::find_if(values.begin(), values.end(), [&](const Json::Member &member) { return member.first == name; });
    if (found == values.end()) {
      std::vector<std::string> known;
      for (const auto &[key, value] : values) known.push_back(key);
      std::string nearest = closestName(name, known);
      throw UserError("'" + pattern + "' names '" + name + "', of which nothing is known." + (nearest.empty() ? "" : " Did you mean '" + nearest + "'?") +
                      " Known: " + quotedList(known));
    }
    text += formatted(found->second, name.size() < field.size() ? field.substr(name.size() + 1) : "", field);
    i = end;
  }
  return text;
}

} // namespace cornu
