#include "frontend/callbacks/progress_bar.h"

#include <cmath>
#include <cstdio>

namespace cornu {

namespace {

constexpr int barWidth = 20;
constexpr double refreshSeconds = 0.05;
constexpr const char *bold = "\x1b[1m", *green = "\x1b[32m", *grey = "\x1b[37m", *plain = "\x1b[0m";

template <class... T> std::string format(const char *pattern, T... arguments) {
  char text[128];
  int length = std::snprintf(text, sizeof text, pattern, arguments...);
  return std::string(text, static_cast<size_t>(std::min<int>(length, sizeof text - 1)));
}

/// "3ms/step"
std::string perStep(double seconds) {
  if (seconds >= 1 || seconds == 0) return format("%.0fs/step", seconds);
  return seconds >= 1e-3 ? format("%.0fms/step", seconds * 1e3) : format("%.0fus/step", seconds * 1e6);
}

/// Time left: "5s", "1:05", "1:02:03".
std::string timeLeft(double seconds) {
  auto whole = static_cast<long>(seconds);
  if (seconds > 3600) return format("%ld:%02ld:%02ld", whole / 3600, whole % 3600 / 60, whole % 60);
  if (seconds > 60) return format("%ld:%02ld", whole / 60, whole % 60);
  return format("%lds", whole);
}

std::string number(double value, bool byMagnitude) {
  return (byMagnitude ? std::fabs(value) : value) > 1e-3 ? format(" %.4f", value) : format(" %.4e", value);
}

double secondsBetween(std::chrono::steady_clock::time_point from, std::chrono::steady_clock::time_point to) {
  return std::chrono::duration<double>(to - from).count();
}

/// Characters on the screen: UTF-8 sequences count once.
int64_t width(const std::string &text) {
  int64_t count = 0;
  for (char c : text) count += (c & 0xC0) != 0x80;
  return count;
}

} // namespace

void ProgressBar::set(const Logs &logs) {
  for (const auto &[key, value] : logs) values.set(key, value);
}

void ProgressBar::update(int64_t done, const Logs &logs) {
  seen = done;
  if (verbose != 1) return;
  set(logs);
  print(done, false);
  if (!started) firstStep = Clock::now(), started = true;
}

void ProgressBar::finish(const Logs &logs) {
  if (!verbose) return;
  if (!steps) steps = seen;
  set(logs);
  print(*steps, true);
  std::fflush(stdout);
}

void ProgressBar::print(int64_t done, bool last) {
  Clock::time_point now = Clock::now();
  if (!last && secondsBetween(lastPrint, now) < refreshSeconds) return;
  double elapsed = secondsBetween(start, now);
  // The first step, which includes compilation, does not count towards the others.
  double each = started && done > 1 ? secondsBetween(firstStep, now) / static_cast<double>(done - 1) : elapsed / static_cast<double>(std::max<int64_t>(done, 1));
  std::string counter = std::to_string(done), total = steps ? std::to_string(*steps) : "Unknown";
  size_t digits = steps ? total.size() : 7;
  counter = std::string(digits - std::min(digits, counter.size()), ' ') + counter + "/" + total;

  if (verbose == 2) {
    std::string line = counter + format(" - %.0fs - ", elapsed) + perStep(each);
    for (const auto &[key, value] : values) line += " - " + key + ":" + number(value.mean(), false);
    std::puts(line.c_str());
    return;
  }

  auto stripes = [](int count) {
    std::string text;
    for (int i = 0; i < count; ++i) text += "━";
    return text;
  };
  std::string time = last || !steps ? format("%.0fs", elapsed) : timeLeft(each * static_cast<double>(*steps - done));
  std::string tail = " " + perStep(each);
  for (const auto &[key, value] : values) tail += " - " + key + ":" + number(value.mean(), true);

  std::string line(static_cast<size_t>(previousWidth), '\b');
  line += '\r';
  if (steps) {
    auto filled = static_cast<int>(barWidth * static_cast<double>(done) / static_cast<double>(*steps));
    line += bold + counter + plain + " ";
    if (filled) line += green + stripes(filled) + plain;
    line += grey + stripes(barWidth - filled) + plain;
  } else {
    line += counter;
  }
  line += std::string(" ") + bold + time + plain + tail;
  int64_t shown = width(counter) + (steps ? 1 + barWidth : 0) + 1 + width(time) + width(tail);
  if (shown < previousWidth) line += std::string(static_cast<size_t>(previousWidth - shown), ' ');
  if (last) line += '\n';
  previousWidth = shown;
  std::fputs(line.c_str(), stdout);
  std::fflush(stdout);
  lastPrint = now;
}

} // namespace cornu
