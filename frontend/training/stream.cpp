#include "frontend/training/stream.h"

#include "runtime/random.h"

namespace cornu {

void ArrayStream::begin(uint64_t number) {
  at = 0;
  if (seed) feed.order(permutation(feed.rows(), *seed, number));
}

bool ArrayStream::next(Step &step) {
  if (at == feed.batches()) return false;
  step = {&code, feed.batch(at), feed.rowsOf(at)};
  ++at;
  return true;
}

void SourceStream::begin(uint64_t number) {
  at = 0, whole = !midPass;
  if (source.count && seed) order = permutation(*source.count, *seed, number);
}

std::optional<Batch> SourceStream::draw() {
  if (!source.count) return source.next();
  if (at == *source.count) return {};
  return source.at(order.empty() ? at : order[static_cast<size_t>(at)]);
}

bool SourceStream::next(Step &step) {
  std::optional<Batch> batch = draw();
  midPass = batch.has_value();
  if (!batch) {
    if (whole && at > 0) known = at;
    return false;
  }
  step = prepare(*batch);
  ++at;
  return true;
}

void Epochs::begin() {
  if (!inPass || !steps) stream.begin(pass++), seen = 0;
  inPass = true, ranOut = false, done = 0;
}

bool Epochs::next(Step &step) {
  if (!inPass) return false;
  if (steps && done == *steps) {
    // A pass that ends with the epoch is over.
    inPass = seen != stream.batches();
    return false;
  }
  bool more = stream.next(step);
  // A pass of unknown length had ended with the epoch before.
  if (!more && done == 0 && seen > 0) stream.begin(pass++), seen = 0, more = stream.next(step);
  inPass = more, ranOut = !more && (steps || done == 0);
  done += more, seen += more;
  return more;
}

} // namespace cornu
