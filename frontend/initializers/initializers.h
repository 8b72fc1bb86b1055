// Initial values of variables (keras.initializers).
#pragma once

#include <optional>

#include "frontend/core/component.h"
#include "runtime/array.h"

namespace cornu {

/// Makes the initial value of a variable. From a name ("he_normal"), an object (`initializers::HeNormal()`), or a lambda
/// `Array(const Shape &, DType)`. Without a seed every call draws other numbers from the global seed (`set_random_seed`); with one,
/// every call gives the same.
class Initializer : public Component<Array(const std::vector<int64_t> &shape, DType dtype)> {
public:
  Initializer() = default;
  Initializer(const char *name) : Initializer(std::string(name)) {}
  Initializer(const std::string &name);
  template <class F> requires std::is_invocable_r_v<Array, F, const std::vector<int64_t> &, DType> && (!std::is_same_v<F, Initializer>)
  Initializer(F function) : Initializer("", Json(), std::move(function)) {}
  using Component::Component;
  static Initializer from_config(const std::string &class_name, const Json &config) { return classes().find(class_name)(config); }
  static ComponentTable<Initializer> &classes();

  Array operator()(const std::vector<int64_t> &shape, DType dtype = DType::Float32) const;
};

/// Makes a function, or a class, of one's own known by name, so that files can name it and `from_config` finds it. A class is what its
/// maker returns for a config; the object's class_name is that name.
Initializer register_initializer(const std::string &name, std::function<Initializer::Signature> function, const RegisterOptions &options = {});
void register_initializer(const std::string &class_name, std::function<Initializer(const Json &config)> maker, const RegisterOptions &options = {});

namespace initializers {
using Seed = std::optional<uint64_t>;

Initializer Zeros();
Initializer Ones();
Initializer Constant(double value = 0);

struct NormalOptions { double mean = 0, stddev = 0.05; Seed seed = {}; };
Initializer RandomNormal(NormalOptions options = {});
/// A normal redrawn beyond two standard deviations.
Initializer TruncatedNormal(NormalOptions options = {});

struct UniformOptions { double minval = -0.05, maxval = 0.05; Seed seed = {}; };
Initializer RandomUniform(UniformOptions options = {});

/// n = fan_in, fan_out or their mean ("fan_avg"), at least 1. "truncated_normal": stddev sqrt(scale/n) after truncation;
/// "untruncated_normal": stddev sqrt(scale/n); "uniform": ± sqrt(3 scale/n).
struct VarianceScalingOptions { double scale = 1; std::string mode = "fan_in", distribution = "truncated_normal"; Seed seed = {}; };
Initializer VarianceScaling(VarianceScalingOptions options = {});

struct SeedOption { Seed seed = {}; };
Initializer GlorotUniform(SeedOption options = {});   ///< scale 1, fan_avg, uniform
Initializer GlorotNormal(SeedOption options = {});    ///< scale 1, fan_avg, truncated normal
Initializer HeUniform(SeedOption options = {});       ///< scale 2, fan_in, uniform
Initializer HeNormal(SeedOption options = {});        ///< scale 2, fan_in, truncated normal
Initializer LecunUniform(SeedOption options = {});    ///< scale 1, fan_in, uniform
Initializer LecunNormal(SeedOption options = {});     ///< scale 1, fan_in, truncated normal
} // namespace initializers

/// Fixes what initializers without a seed, dropout and shuffling draw from here on.
void set_random_seed(uint64_t seed);

} // namespace cornu
