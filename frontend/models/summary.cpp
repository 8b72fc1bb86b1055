// summary(): Keras 3's table.
#include <cmath>
#include <cstdio>
#include <functional>
#include <ostream>
#include <sys/ioctl.h>
#include <unistd.h>

#include "frontend/models/graph.h"
#include "frontend/models/model.h"

namespace cornu {

namespace {

using Row = std::vector<std::string>;

std::string grouped(int64_t number) {
  std::string text = std::to_string(number);
  for (auto at = static_cast<int64_t>(text.size()) - 3; at > 0; at -= 3) text.insert(static_cast<size_t>(at), ",");
  return text;
}

/// "4.82 KB"
std::string memory(double bytes) {
  static const char *const units[] = {"B", "KB", "MB", "GB", "TB", "PB"};
  size_t unit = 0;
  while (bytes >= 1024 && unit + 1 < std::size(units)) bytes /= 1024, ++unit;
  char text[64];
  std::snprintf(text, sizeof text, "%.2f %s", bytes, units[unit]);
  return text;
}

std::string counted(const char *label, const std::vector<Variable> &variables, const std::vector<Variable> &more = {}) {
  int64_t count = 0;
  double bytes = 0;
  for (const auto *list : {&variables, &more})
    for (const Variable &v : *list) count += v.value().size(), bytes += static_cast<double>(v.value().bytes());
  return std::string(" ") + label + ": " + grouped(count) + " (" + memory(bytes) + ")\n";
}

int terminalColumns() {
  if (const char *columns = std::getenv("COLUMNS"); columns && std::atoi(columns) > 0) return std::atoi(columns);
  winsize size{};
  if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0) return size.ws_col;
  return 80;
}

std::string shapeOrShapes(const std::vector<Shape> &shapes) {
  auto one = [](const Shape &shape) {
    std::string text;
    for (int64_t extent : shape) text += (text.empty() ? "" : ", ") + (extent < 0 ? std::string("None") : std::to_string(extent));
    return "(" + text + ")";
  };
  if (shapes.empty()) return "?";
  if (shapes.size() == 1) return one(shapes[0]);
  std::string text;
  for (const Shape &shape : shapes) text += (text.empty() ? "" : ", ") + one(shape);
  return "[" + text + "]";
}

// Text in cells: widths count code points.

std::vector<std::string> codePoints(const std::string &text) {
  std::vector<std::string> points;
  for (char c : text)
    if ((c & 0xC0) == 0x80 && !points.empty())
      points.back() += c;
    else
      points.emplace_back(1, c);
  return points;
}
size_t width(const std::string &text) { return codePoints(text).size(); }
std::string firstOf(const std::string &text, size_t count) {
  std::string first;
  for (const std::string &point : codePoints(text)) {
    if (count-- == 0) break;
    first += point;
  }
  return first;
}

/// Lines of at most `columns`, broken at spaces; a longer word is cut with an ellipsis.
std::vector<std::string> wrapped(const std::string &text, size_t columns) {
  std::vector<std::string> lines(1);
  size_t at = 0;
  while (at < text.size()) {
    size_t end = text.find_first_not_of(' ', at);
    end = end == std::string::npos ? text.size() : text.find(' ', end);
    if (end == std::string::npos) end = text.size();
    std::string word = text.substr(at, end - at); // with the spaces in front of it
    if (width(lines.back()) + width(word) > columns && !lines.back().empty()) {
      lines.emplace_back();
      word.erase(0, word.find_first_not_of(' ') == std::string::npos ? word.size() : word.find_first_not_of(' '));
    }
    lines.back() += word;
    at = end;
  }
  for (std::string &line : lines)
    if (width(line) > columns) line = firstOf(line, columns - 1) + "…";
  return lines;
}

enum class Align { Left, Right, Center };
std::string padded(const std::string &text, size_t columns, Align align) {
  size_t space = columns - std::min(columns, width(text));
  size_t left = align == Align::Left ? 0 : align == Align::Right ? space : space / 2;
  return std::string(left, ' ') + text + std::string(space - left, ' ');
}

/// Widths of the columns, borders left out: each takes its share of the line, then the surplus is taken back share by share, rounding
/// halves to even.
std::vector<size_t> columnWidths(const std::vector<double> &ends, int lineLength) {
  std::vector<int> widths;
  int current = 0;
  for (double end : ends) {
    int w = static_cast<int>(end * lineLength) - current;
    if (w < 4) throw UserError("summary: the line is too short for its columns", "line_length=" + std::to_string(lineLength));
    widths.push_back(w + 2);
    current += w;
  }
  int total = 0;
  for (int w : widths) total += w;
  int available = lineLength - static_cast<int>(widths.size()) - 1, surplus = total - available;
  auto columns = static_cast<int>(widths.size());
  for (int i = 0; i < columns && surplus > 0; ++i) {
    int share = static_cast<int>(std::nearbyint(static_cast<double>(surplus) / (columns - i)));
    widths[static_cast<size_t>(i)] -= share;
    surplus -= share;
  }
  return {widths.begin(), widths.end()};
}

std::string line(const std::vector<size_t> &widths, const char *left, const char *fill, const char *middle, const char *right) {
  std::string text = left;
  for (size_t i = 0; i < widths.size(); ++i) {
    for (size_t k = 0; k < widths[i]; ++k) text += fill;
    text += i + 1 < widths.size() ? middle : right;
  }
  return text + "\n";
}

std::string cells(const Row &row, const std::vector<size_t> &widths, const std::vector<Align> &aligns, const char *border) {
  std::vector<std::vector<std::string>> lines;
  size_t height = 1;
  for (size_t i = 0; i < row.size(); ++i) {
    lines.push_back(wrapped(row[i], widths[i] - 2));
    height = std::max(height, lines.back().size());
  }
  std::string text;
  for (size_t k = 0; k < height; ++k) {
    text += border;
    for (size_t i = 0; i < row.size(); ++i) text += " " + padded(k < lines[i].size() ? lines[i][k] : "", widths[i] - 2, aligns[i]) + " " + border;
    text += "\n";
  }
  return text;
}

} // namespace

std::string Model::summary_text(const SummaryOptions &options) const {
  bool hasGraph = isSequential() ? false : true;
  bool connected = hasGraph && !graph().chain;
  std::vector<double> ends = !options.positions.empty() ? options.positions
                             : connected                ? std::vector<double>{0.3, 0.56, 0.74, 1.0}
                                                        : std::vector<double>{0.45, 0.80, 1.0};
  Row header = {"Layer (type)", "Output Shape", "Param #"};
  std::vector<Align> aligns = {Align::Left, Align::Left, Align::Right};
  if (connected) header.push_back("Connected to"), aligns.push_back(Align::Left);
  int longest = connected ? 108 : 88;
  if (options.show_trainable) {
    for (double &end : ends) end *= 0.9;
    ends.push_back(1);
    header.push_back("Trainable"), aligns.push_back(Align::Center);
    longest += 12;
  }
  int lineLength = options.line_length.value_or(std::min(longest, terminalColumns() - 4));
  std::vector<size_t> widths = columnWidths(ends, lineLength);

  std::vector<Row> rows;
  std::function<void(const BaseLayer &, int)> addRow = [&](const BaseLayer &layer, int level) {
    std::string prefix;
    for (int i = 0; i < level; ++i) prefix += "   ";
    if (level) prefix += "└ ";
    auto calls = layer.nodes();
    Row row = {prefix + layer.name() + " (" + layer.class_name() + ")", shapeOrShapes(calls.empty() ? std::vector<Shape>{} : calls.back()->output_shapes)};
    row.push_back(layer.built() ? grouped(layer.count_params()) : "0 (unbuilt)");
    if (connected) {
      std::string from;
      if (level == 0)
        for (const auto &node : graph().nodesOf(layer))
          for (const Tensor &x : node->inputs)
            from += (from.empty() ? "" : ", ") + x.name() + "[" + std::to_string(graph().indexOf(*x.node())) + "][" + std::to_string(x.index()) + "]";
      row.push_back(from.empty() ? "-" : from);
    }
    if (options.show_trainable) row.push_back(layer.weights().empty() ? "-" : layer.trainable() ? "Y" : "N");
    rows.push_back(std::move(row));
    if (options.expand_nested)
      for (const auto &child : layer.sublayers()) addRow(*child, level + 1);
  };
  for (const auto &layer : sublayers()) addRow(*layer, 0);

  std::string text = "Model: \"" + name() + "\"\n";
  text += line(widths, "┏", "━", "┳", "┓") + cells(header, widths, aligns, "┃") + line(widths, "┡", "━", "╇", "┩");
  for (size_t i = 0; i < rows.size(); ++i) {
    if (i) text += line(widths, "├", "─", "┼", "┤");
    text += cells(rows[i], widths, aligns, "│");
  }
  text += line(widths, "└", "─", "┴", "┘");

  std::vector<Variable> optimizerVariables;
  bool optimizerBuilt = compiled() && optimizer().built();
  if (optimizerBuilt) optimizerVariables = optimizer().variables();
  text += counted("Total params", weights(), optimizerVariables);
  text += counted("Trainable params", trainable_weights());
  text += counted("Non-trainable params", non_trainable_weights());
  if (optimizerBuilt) text += counted("Optimizer params", optimizerVariables);
  return text;
}

std::ostream &operator<<(std::ostream &out, const Model &model) {
  out << "<" << model.class_name() << " name=" << model.name();
  auto shapes = [&](const char *label, const Tensors &tensors) {
    std::vector<Shape> all;
    for (const Tensor &t : tensors) all.push_back(t.shape());
    out << ", " << label << "=" << shapeOrShapes(all);
  };
  if (model.built()) shapes("inputs", model.inputs()), shapes("outputs", model.outputs());
  return out << ", " << grouped(model.count_params()) << " params>";
}

void Model::summary(const SummaryOptions &options) const { std::fputs(summary_text(options).c_str(), stdout); }

} // namespace cornu
