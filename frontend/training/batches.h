// Batches from elsewhere than arrays: what fit, evaluate and predict take in place of x and y.
#pragma once

#include <functional>
#include <optional>

#include "frontend/training/data.h"

namespace cornu {

/// The data of one step: `{x, y}`, `{x, y, sample_weight}`, or `{x}` to predict.
struct Batch {
  Data x = {}, y = {}, sample_weight = {};
};

/// Where batches come from: a function, called on the thread that trains, once for each step.
///
///     model.fit([&]() -> std::optional<Batch> { return reader.next(); }, {.epochs = 5, .steps_per_epoch = 100});   // a generator
///     model.fit(Batches(count, [&](int64_t i) -> Batch { return load(i); }), {.epochs = 5});                       // by index
///
/// A generator gives the next batch, or nothing at the end of a pass over the data; the call after that begins the next pass. One that
/// never ends needs `steps_per_epoch`. By index (keras.utils.PyDataset) their number is known, and `shuffle` permutes them.
/// Batches may differ in size; every other extent stays what it is, or the step is compiled anew.
class Batches {
public:
  Batches() = default;
  template <class F> requires std::is_invocable_r_v<std::optional<Batch>, F &>
  Batches(F generator) : next(std::move(generator)) {}
  template <class F> requires std::is_invocable_r_v<Batch, F &, int64_t>
  Batches(int64_t count, F batch) : count(count), at(std::move(batch)) {}
  Batches(std::vector<Batch> all) : count(static_cast<int64_t>(all.size())), at([all = std::move(all)](int64_t i) { return all[static_cast<size_t>(i)]; }) {}

  explicit operator bool() const { return next || at; }

  std::function<std::optional<Batch>()> next;      ///< of a generator
  std::optional<int64_t> count;                    ///< by index
  std::function<Batch(int64_t)> at;
};

/// What fit's `.validation_data` takes: `{x, y}`, `{x, y, sample_weight}`, or batches.
struct Validation {
  Validation() = default;
  Validation(Data x, Data y = {}, Data sample_weight = {}) : x(std::move(x)), y(std::move(y)), sample_weight(std::move(sample_weight)) {}
  Validation(Batches source) : source(std::move(source)) {}
  bool given() const { return x.given() || source; }

  Data x, y, sample_weight;
  Batches source;
};

} // namespace cornu
