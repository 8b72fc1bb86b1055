#include "frontend/initializers/initializers.h"

#include <cmath>

#include "frontend/core/config.h"
#include "frontend/core/seed.h"
#include "frontend/initializers/matrices.h"
#include "runtime/random.h"

namespace cornu {

namespace {

using initializers::Seed;
using Fill = std::function<void(std::span<float> out, uint64_t seed)>;

/// Draws in float32 and converts: the same numbers in every dtype.
Initializer random(std::string className, Json config, Seed seed, std::function<Fill(const std::vector<int64_t> &shape)> fillFor) {
  return Initializer(std::move(className), std::move(config), [seed, fillFor](const std::vector<int64_t> &shape, DType dtype) {
    Array drawn = Array::uninitialized(shape, DType::Float32);
    fillFor(shape)(drawn.span<float>(), seed ? *seed : nextSeed());
    return drawn.astype(dtype);
  });
}

struct Fans { double in, out; };
Fans fansOf(const std::vector<int64_t> &shape) {
  if (shape.empty()) return {1, 1};
  if (shape.size() == 1) return {double(shape[0]), double(shape[0])};
  double receptive = 1;
  for (size_t i = 0; i + 2 < shape.size(); ++i) receptive *= static_cast<double>(shape[i]);
  return {receptive * static_cast<double>(shape[shape.size() - 2]), receptive * static_cast<double>(shape.back())};
}

Initializer scaled(std::string className, Json config, double scale, std::string mode, std::string distribution, Seed seed) {
  return random(std::move(className), std::move(config), seed, [=](const std::vector<int64_t> &shape) -> Fill {
    Fans fans = fansOf(shape);
    double n = std::max(1.0, mode == "fan_in" ? fans.in : mode == "fan_out" ? fans.out : (fans.in + fans.out) / 2);
    return [=](std::span<float> out, uint64_t s) {
      if (distribution == "uniform") {
        auto limit = static_cast<float>(std::sqrt(3 * scale / n));
        fillUniform(out, s, 0, -limit, limit);
      } else if (distribution == "untruncated_normal") {
        fillNormal(out, s, 0, 0, std::sqrt(scale / n));
      } else {
        // The constant is the standard deviation of a unit normal cut off at ±2.
        fillTruncatedNormal(out, s, 0, 0, std::sqrt(scale / n) / 0.87962566103423978);
      }
    };
  });
}

Initializer family(const char *className, double scale, const char *mode, const char *distribution, Seed seed) {
  Json config = Json::object({{"seed", seed}, {"input_axes", nullptr}, {"output_axes", nullptr}});
  return scaled(className, config, scale, mode, distribution, seed);
}

Initializer constant(std::string className, Json config, double value) {
  return Initializer(std::move(className), std::move(config),
                     [value](const std::vector<int64_t> &shape, DType dtype) { return Array::full(shape, value, dtype); });
}

} // namespace

namespace initializers {

Initializer Zeros() { return constant("Zeros", Json::object(), 0); }
Initializer Ones() { return constant("Ones", Json::object(), 1); }
Initializer Constant(double value) { return constant("Constant", Json::object({{"value", value}}), value); }

Initializer RandomNormal(NormalOptions o) {
  return random("RandomNormal", Json::object({{"seed", o.seed}, {"mean", o.mean}, {"stddev", o.stddev}}), o.seed,
                [o](const auto &) -> Fill { return [o](std::span<float> out, uint64_t s) { fillNormal(out, s, 0, o.mean, o.stddev); }; });
}
Initializer TruncatedNormal(NormalOptions o) {
  return random("TruncatedNormal", Json::object({{"seed", o.seed}, {"mean", o.mean}, {"stddev", o.stddev}}), o.seed,
                [o](const auto &) -> Fill { return [o](std::span<float> out, uint64_t s) { fillTruncatedNormal(out, s, 0, o.mean, o.stddev); }; });
}
Initializer RandomUniform(UniformOptions o) {
  return random("RandomUniform", Json::object({{"seed", o.seed}, {"minval", o.minval}, {"maxval", o.maxval}}), o.seed, [o](const auto &) -> Fill {
    return [o](std::span<float> out, uint64_t s) { fillUniform(out, s, 0, static_cast<float>(o.minval), static_cast<float>(o.maxval)); };
  });
}
Initializer VarianceScaling(VarianceScalingOptions o) {
  if (o.scale <= 0) throw UserError("VarianceScaling: scale must be positive", "scale=" + pythonRepr(o.scale));
  if (o.mode != "fan_in" && o.mode != "fan_out" && o.mode != "fan_avg")
    throw UserError("VarianceScaling: mode must be 'fan_in', 'fan_out' or 'fan_avg'", "mode='" + o.mode + "'");
  if (o.distribution == "normal") o.distribution = "truncated_normal";
  if (o.distribution != "truncated_normal" && o.distribution != "untruncated_normal" && o.distribution != "uniform")
    throw UserError("VarianceScaling: distribution must be 'uniform', 'truncated_normal' or 'untruncated_normal'", "distribution='" + o.distribution + "'");
  Json config = Json::object({{"seed", o.seed}, {"scale", o.scale}, {"mode", o.mode}, {"distribution", o.distribution},
                              {"input_axes", nullptr}, {"output_axes", nullptr}});
  return scaled("VarianceScaling", config, o.scale, o.mode, o.distribution, o.seed);
}

Initializer GlorotUniform(SeedOption o) { return family("GlorotUniform", 1, "fan_avg", "uniform", o.seed); }
Initializer GlorotNormal(SeedOption o) { return family("GlorotNormal", 1, "fan_avg", "truncated_normal", o.seed); }
Initializer HeUniform(SeedOption o) { return family("HeUniform", 2, "fan_in", "uniform", o.seed); }
Initializer HeNormal(SeedOption o) { return family("HeNormal", 2, "fan_in", "truncated_normal", o.seed); }
Initializer LecunUniform(SeedOption o) { return family("LecunUniform", 1, "fan_in", "uniform", o.seed); }
Initializer LecunNormal(SeedOption o) { return family("LecunNormal", 1, "fan_in", "truncated_normal", o.seed); }

} // namespace initializers

ComponentTable<Initializer> &Initializer::classes() {
  static ComponentTable<Initializer> instance = [] {
    using namespace initializers;
    using config::number, config::seed, config::text;
    ComponentTable<Initializer> t("initializer");
    t.add("Zeros", {"zeros", "zero"}, [](const Json &) { return Zeros(); });
    t.add("Ones", {"ones", "one"}, [](const Json &) { return Ones(); });
    t.add("Constant", {"constant"}, [](const Json &c) { return Constant(number(c, "value", 0)); });
    t.add("RandomNormal", {"random_normal", "normal"},
          [](const Json &c) { return RandomNormal({number(c, "mean", 0), number(c, "stddev", 0.05), seed(c)}); });
    t.add("TruncatedNormal", {"truncated_normal"},
          [](const Json &c) { return TruncatedNormal({number(c, "mean", 0), number(c, "stddev", 0.05), seed(c)}); });
    t.add("RandomUniform", {"random_uniform", "uniform"},
          [](const Json &c) { return RandomUniform({number(c, "minval", -0.05), number(c, "maxval", 0.05), seed(c)}); });
    t.add("VarianceScaling", {"variance_scaling"}, [](const Json &c) {
      return VarianceScaling({number(c, "scale", 1), text(c, "mode", "fan_in"), text(c, "distribution", "truncated_normal"), seed(c)});
    });
    t.add("GlorotUniform", {"glorot_uniform"}, [](const Json &c) { return GlorotUniform({seed(c)}); });
    t.add("GlorotNormal", {"glorot_normal"}, [](const Json &c) { return GlorotNormal({seed(c)}); });
    t.add("HeUniform", {"he_uniform"}, [](const Json &c) { return HeUniform({seed(c)}); });
    t.add("HeNormal", {"he_normal"}, [](const Json &c) { return HeNormal({seed(c)}); });
    t.add("LecunUniform", {"lecun_uniform"}, [](const Json &c) { return LecunUniform({seed(c)}); });
    t.add("LecunNormal", {"lecun_normal"}, [](const Json &c) { return LecunNormal({seed(c)}); });
    t.add("Orthogonal", {"orthogonal"}, [](const Json &c) { return Orthogonal({number(c, "gain", 1), seed(c)}); });
    t.add("Identity", {"identity"}, [](const Json &c) { return Identity(number(c, "gain", 1)); });
    return t;
  }();
  return instance;
}

Initializer::Initializer(const std::string &name) : Initializer(classes().find(name)(Json::object())) {}

Initializer register_initializer(const std::string &name, std::function<Initializer::Signature> function, const RegisterOptions &options) {
  return registerFunction<Initializer>(name, std::move(function), options);
}
void register_initializer(const std::string &class_name, std::function<Initializer(const Json &)> maker, const RegisterOptions &options) {
  Initializer::classes().addOwn(class_name, options, std::move(maker));
}

Array Initializer::operator()(const std::vector<int64_t> &shape, DType dtype) const {
  Array value = state->function(shape, dtype);
  if (value.shape() != shape)
    throw UserError("an initializer must give an Array of the shape it is asked for, " + shapeString(shape), "shape=" + shapeString(value.shape()));
  return value.astype(dtype);
}

} // namespace cornu
