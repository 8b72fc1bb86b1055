// JSON as text. Written here rather than taken from LLVM because order of keys, Python's NaN and Infinity, ASCII escapes and a
// bounded depth are all needed, and LLVM's parser and printer have none of them.
#include <charconv>
#include <cmath>
#include <cstring>
#include <unordered_map>

#include "frontend/saving/json.h"
#include "runtime/errors.h"

namespace cornu {
namespace {
constexpr int maxDepth = 512;

/// Length of the well-formed UTF-8 sequence at the start of `text` (Unicode 15, table 3-7) and its code point; 0 if none.
int decodeUtf8(std::string_view text, uint32_t &code) {
  auto byte = [&](size_t i) { return i < text.size() ? static_cast<uint8_t>(text[i]) : uint8_t(0); };
  uint8_t lead = byte(0);
  if (lead < 0x80) return code = lead, 1;
  int length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4) return 0;
  code = lead & (0x7F >> length);
  for (int i = 1; i < length; ++i) {
    if ((byte(i) & 0xC0) != 0x80) return 0;
    code = code << 6 | (byte(i) & 0x3F);
  }
  if (length == 3 && (code < 0x800 || (code >= 0xD800 && code < 0xE000))) return 0;
  if (length == 4 && (code < 0x10000 || code > 0x10FFFF)) return 0;
  return length;
}

void appendUtf8(std::string &out, uint32_t code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | code >> 6);
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | code >> 12);
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | code >> 18);
    out += static_cast<char>(0x80 | (code >> 12 & 0x3F));
    out += static_cast<char>(0x80 | (code >> 6 & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

class Parser {
public:
  Parser(std::string_view text, std::string_view name) : text(text), name(name) {}

  Json document() {
    if (text.starts_with("\xEF\xBB\xBF")) position = 3;
    Json result = parseValue(0);
    skipSpace();
    if (position != text.size()) fail("nothing may follow the value");
    return result;
  }

private:
  [[noreturn]] void fail(std::string_view why) const {
    size_t line = 1, column = 1;
    for (size_t i = 0; i < position && i < text.size(); ++i) text[i] == '\n' ? (++line, column = 1) : ++column;
    throw EnvironmentError(name, "not valid JSON at line " + std::to_string(line) + ", column " + std::to_string(column) + ": " + std::string(why));
  }

  void skipSpace() {
    while (position < text.size() && std::strchr(" \t\r\n", text[position]) && text[position]) ++position;
  }

  bool take(std::string_view word) {
    if (!text.substr(position).starts_with(word)) return false;
    position += word.size();
    return true;
  }

  Json parseValue(int depth) {
    if (depth > maxDepth) fail("nested deeper than " + std::to_string(maxDepth) + " levels");
    skipSpace();
    if (position == text.size()) fail("the text ends where a value should be");
    switch (text[position]) {
    case '{': return parseObject(depth);
    case '[': return parseList(depth);
    case '"': return parseString();
    }
    if (take("null")) return nullptr;
    if (take("true")) return true;
    if (take("false")) return false;
    if (take("NaN")) return std::nan("");
    if (take("Infinity")) return HUGE_VAL;
    if (take("-Infinity")) return -HUGE_VAL;
    return parseNumber();
  }

  Json parseNumber() {
    size_t start = position;
    auto digits = [&] {
      size_t first = position;
      while (position < text.size() && text[position] >= '0' && text[position] <= '9') ++position;
      if (position == first) fail("expected a value");
    };
    take("-");
    if (!take("0")) digits();
    bool integer = true;
    if (take(".")) integer = false, digits();
    if (take("e") || take("E")) {
      integer = false;
      if (!take("+")) take("-");
      digits();
    }
    std::string_view token = text.substr(start, position - start);
    if (integer) {
      int64_t number;
      auto [end, error] = std::from_chars(token.begin(), token.end(), number);
      if (error == std::errc()) return number;
    }
    double number = 0;
    auto [end, error] = std::from_chars(token.begin(), token.end(), number);
    // Out of range: Python reads overflow as infinity and underflow as zero; a negative exponent tells which.
    if (error == std::errc::result_out_of_range) {
      bool tiny = token.find("e-") != token.npos || token.find("E-") != token.npos;
      number = std::copysign(tiny ? 0.0 : HUGE_VAL, token[0] == '-' ? -1.0 : 1.0);
    }
    return number;
  }

  uint32_t parseHex() {
    uint32_t code = 0;
    if (position + 4 > text.size()) fail("\\u needs four hexadecimal digits");
    auto [end, error] = std::from_chars(text.data() + position, text.data() + position + 4, code, 16);
    if (error != std::errc() || end != text.data() + position + 4) fail("\\u needs four hexadecimal digits");
    position += 4;
    return code;
  }

  std::string parseString() {
    std::string out;
    for (++position;;) {
      if (position >= text.size()) fail("the text ends inside a string");
      char c = text[position];
      if (c == '"') {
        ++position;
        return out;
      }
      if (static_cast<uint8_t>(c) < 0x20) fail("control characters in a string must be escaped");
      if (c != '\\') {
        uint32_t code;
        int length = decodeUtf8(text.substr(position), code);
        if (!length) fail("the string is not UTF-8");
        out.append(text, position, static_cast<size_t>(length));
        position += static_cast<size_t>(length);
        continue;
      }
      if (++position >= text.size()) fail("the text ends inside a string");
      static constexpr std::string_view escapes = "\"\\/bfnrt", meanings = "\"\\/\b\f\n\r\t";
      char escape = text[position++];
      if (size_t i = escapes.find(escape); i != escapes.npos) {
        out += meanings[i];
      } else if (escape == 'u') {
        uint32_t code = parseHex();
        if (code >= 0xD800 && code < 0xDC00) {
          if (!take("\\u")) fail("half of a surrogate pair");
          uint32_t low = parseHex();
          if (low < 0xDC00 || low > 0xDFFF) fail("half of a surrogate pair");
          code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
        } else if (code >= 0xDC00 && code < 0xE000) {
          fail("half of a surrogate pair");
        }
        appendUtf8(out, code);
      } else {
        --position;
        fail("unknown escape in a string");
      }
    }
  }

  Json parseList(int depth) {
    Json::List items;
    ++position;
    skipSpace();
    if (take("]")) return items;
    for (;;) {
      items.push_back(parseValue(depth + 1));
      skipSpace();
      if (take("]")) return items;
      if (!take(",")) fail("expected ',' or ']'");
    }
  }

  Json parseObject(int depth) {
    Json::Object members;
    std::unordered_map<std::string, size_t> seen; // a repeated key keeps its place and takes the last value, as in Python
    ++position;
    skipSpace();
    if (take("}")) return members;
    for (;;) {
      skipSpace();
      if (position >= text.size() || text[position] != '"') fail("expected a key in double quotes");
      std::string key = parseString();
      skipSpace();
      if (!take(":")) fail("expected ':'");
      Json value = parseValue(depth + 1);
      auto [place, fresh] = seen.try_emplace(key, members.size());
      if (fresh) members.emplace_back(std::move(key), std::move(value));
      else members[place->second].second = std::move(value);
      skipSpace();
      if (take("}")) return members;
      if (!take(",")) fail("expected ',' or '}'");
    }
  }

  std::string_view text, name;
  size_t position = 0;
};

void writeString(std::string &out, std::string_view text) {
  out += '"';
  for (size_t i = 0; i < text.size();) {
    uint32_t code;
    int length = decodeUtf8(text.substr(i), code);
    if (!length) throw UserError("names and other strings must be UTF-8", "byte " + std::to_string(static_cast<uint8_t>(text[i])));
    i += static_cast<size_t>(length);
    auto hex = [&](uint32_t unit) {
      static constexpr char digits[] = "0123456789abcdef";
      out += "\\u";
      for (int shift = 12; shift >= 0; shift -= 4) out += digits[unit >> shift & 15];
    };
    switch (code) {
    case '"': out += "\\\""; break;
    case '\\': out += "\\\\"; break;
    case '\n': out += "\\n"; break;
    case '\r': out += "\\r"; break;
    case '\t': out += "\\t"; break;
    case '\f': out += "\\f"; break;
    case '\b': out += "\\b"; break;
    default:
      if (code >= 0x20 && code < 0x7F) out += static_cast<char>(code);
      else if (code < 0x10000) hex(code);
      else hex(0xD800 + ((code - 0x10000) >> 10)), hex(0xDC00 + ((code - 0x10000) & 0x3FF));
    }
  }
  out += '"';
}

void write(std::string &out, const Json &json, int indent, int depth) {
  auto newline = [&](int level) {
    if (indent) out += '\n', out.append(static_cast<size_t>(indent * level), ' ');
  };
  std::string_view comma = indent ? "," : ", ";
  if (json.isNull()) {
    out += "null";
  } else if (json.isBool()) {
    out += json.asBool() ? "true" : "false";
  } else if (json.isInt()) {
    out += std::to_string(json.asInt());
  } else if (json.isNumber()) {
    double number = json.asDouble();
    out += std::isnan(number) ? "NaN" : std::isinf(number) ? (number < 0 ? "-Infinity" : "Infinity") : pythonRepr(number);
  } else if (json.isString()) {
    writeString(out, json.asString());
  } else if (json.isList()) {
    out += '[';
    bool first = true;
    for (const Json &item : json.asList()) {
      if (!first) out += comma;
      first = false;
      newline(depth + 1);
      write(out, item, indent, depth + 1);
    }
    if (!json.empty()) newline(depth);
    out += ']';
  } else {
    out += '{';
    bool first = true;
    for (const Json::Member &member : json.asObject()) {
      if (!first) out += comma;
      first = false;
      newline(depth + 1);
      writeString(out, member.first);
      out += ": ";
      write(out, member.second, indent, depth + 1);
    }
    if (!json.empty()) newline(depth);
    out += '}';
  }
}
} // namespace

std::string pythonRepr(double number) {
  if (std::isnan(number)) return "nan";
  if (std::isinf(number)) return number < 0 ? "-inf" : "inf";
  char buffer[40];
  auto [end, error] = std::to_chars(buffer, buffer + sizeof buffer, number, std::chars_format::scientific);
  std::string_view text(buffer, static_cast<size_t>(end - buffer));
  std::string sign;
  if (text.starts_with('-')) sign = "-", text.remove_prefix(1);
  size_t e = text.find('e');
  int exponent = std::atoi(std::string(text.substr(e + 1)).c_str());
  std::string digits(1, text[0]);
  if (e > 2) digits += text.substr(2, e - 2);
  auto count = static_cast<int>(digits.size());
  // Python changes to the exponent form below 1e-4 and from 1e16 on.
  if (exponent < -4 || exponent >= 16) {
    std::string mantissa = digits.substr(0, 1) + (count > 1 ? "." + digits.substr(1) : "");
    std::string power = std::to_string(std::abs(exponent));
    if (power.size() < 2) power.insert(0, "0");
    return sign + mantissa + (exponent < 0 ? "e-" : "e+") + power;
  }
  if (exponent < 0) return sign + "0." + std::string(static_cast<size_t>(-exponent - 1), '0') + digits;
  if (count <= exponent + 1) return sign + digits + std::string(static_cast<size_t>(exponent + 1 - count), '0') + ".0";
  return sign + digits.substr(0, static_cast<size_t>(exponent + 1)) + "." + digits.substr(static_cast<size_t>(exponent + 1));
}

std::string Json::dump(int indent) const {
  std::string out;
  write(out, *this, indent, 0);
  return out;
}

Json Json::parse(std::string_view text, std::string_view name) { return Parser(text, name).document(); }

} // namespace cornu
