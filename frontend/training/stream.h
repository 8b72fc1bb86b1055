// The steps of an epoch: batches of arrays, or of a source, with the code to run on each. Internal.
#pragma once

#include <functional>

#include "frontend/run/Executable.h"
#include "frontend/training/batches.h"
#include "frontend/training/feed.h"

namespace cornu {

/// What one step runs. Pointers are valid until the next step.
struct Step {
  run::Executable *code = nullptr;
  void *const *inputs = nullptr;
  int64_t rows = 0;
};

/// Passes over data.
class Stream {
public:
  virtual ~Stream() = default;
  /// Batches of a pass; nothing while it is not known.
  virtual std::optional<int64_t> batches() const = 0;
  /// Starts the next pass; `number` decides the order of one that is shuffled.
  virtual void begin(uint64_t number) = 0;
  /// False at the end of the pass.
  virtual bool next(Step &step) = 0;
};

/// Arrays cut into batches. Its steps allocate nothing.
class ArrayStream : public Stream {
public:
  ArrayStream(run::Executable &code, Feed feed, std::optional<uint64_t> shuffleSeed) : code(code), feed(std::move(feed)), seed(shuffleSeed) {}
  std::optional<int64_t> batches() const override { return feed.batches(); }
  void begin(uint64_t number) override;
  bool next(Step &step) override;

private:
  run::Executable &code;
  Feed feed;
  std::optional<uint64_t> seed;
  int64_t at = 0;
};

/// Batches as the user's function gives them; `prepare` makes a step of each.
class SourceStream : public Stream {
public:
  using Prepare = std::function<Step(const Batch &)>;
  SourceStream(Batches source, Prepare prepare, std::optional<uint64_t> shuffleSeed)
      : source(std::move(source)), prepare(std::move(prepare)), seed(shuffleSeed), known(this->source.count) {}
  std::optional<int64_t> batches() const override { return known; }
  void begin(uint64_t number) override;
  bool next(Step &step) override;

private:
  std::optional<Batch> draw();

  Batches source;
  Prepare prepare;
  std::optional<uint64_t> seed;
  std::optional<int64_t> known;          ///< of a generator after its first pass
  std::vector<int64_t> order;
  int64_t at = 0;
  bool midPass = false, whole = true;    ///< a generator goes on where it was: only a pass from its start tells how many batches there are
};

/// Cuts passes into epochs as Keras does: an epoch is a pass, or a number of steps, over which a pass goes on from epoch to epoch.
class Epochs {
public:
  Epochs(Stream &stream, std::optional<int64_t> steps, uint64_t firstPass = 0) : stream(stream), steps(steps), pass(firstPass) {}
  /// Steps of an epoch; nothing while it is not known.
  std::optional<int64_t> length() const { return steps ? steps : stream.batches(); }
  void begin();
  /// The next epoch starts a new pass.
  void restart() { inPass = false; }
  /// False at the end of the epoch.
  bool next(Step &step);
  /// Steps done in this epoch.
  int64_t count() const { return done; }
  /// The epoch ended before its steps were done, because data had run out.
  bool interrupted() const { return ranOut; }

private:
  Stream &stream;
  std::optional<int64_t> steps;
  uint64_t pass;
  int64_t done = 0, seen = 0;            ///< steps of this epoch, of this pass
  bool inPass = false, ranOut = false;
};

} // namespace cornu
