// Projections applied to a weight after each update (keras.constraints).
#pragma once

#include "frontend/core/component.h"
#include "frontend/core/tensor.h"

namespace cornu {

/// From a name ("non_neg"), an object (`constraints::MaxNorm(3)`), or a lambda `Tensor(const Tensor &)`.
class Constraint : public Component<Tensor(const Tensor &w)> {
public:
  Constraint() = default;
  Constraint(const char *name) : Constraint(std::string(name)) {}
  Constraint(const std::string &name);
  template <class F> requires std::is_invocable_r_v<Tensor, F, const Tensor &> && (!std::is_same_v<F, Constraint>)
  Constraint(F function) : Constraint("", Json(), std::move(function)) {}
  using Component::Component;
  static Constraint from_config(const std::string &class_name, const Json &config) { return classes().find(class_name)(config); }
  static ComponentTable<Constraint> &classes();

  Tensor operator()(const Tensor &w) const { return state->function(w); }
};

/// Makes a function, or a class, of one's own known by name, so that files can name it and `from_config` finds it. A class is what its
/// maker returns for a config; the object's class_name is that name.
Constraint register_constraint(const std::string &name, std::function<Constraint::Signature> function, const RegisterOptions &options = {});
void register_constraint(const std::string &class_name, std::function<Constraint(const Json &config)> maker, const RegisterOptions &options = {});

/// n is the Euclidean norm over `axis`, eps is 1e-7.
namespace constraints {
struct AxisOption { int64_t axis = 0; };
Constraint MaxNorm(double max_value = 2, AxisOption options = {});   ///< w · clip(n, 0, max) / (eps + n)
Constraint NonNeg();                                                 ///< w where w ≥ 0, else 0
Constraint UnitNorm(AxisOption options = {});                        ///< w / (eps + n)
struct MinMaxNormOptions { double min_value = 0, max_value = 1, rate = 1; int64_t axis = 0; };
Constraint MinMaxNorm(MinMaxNormOptions options = {});               ///< w · (rate · clip(n, min, max) + (1 - rate) · n) / (eps + n)
} // namespace constraints

} // namespace cornu
