#include "frontend/losses/losses.h"

#include "frontend/core/config.h"
#include "frontend/ops/ops.h"

namespace cornu {

namespace losses {

std::pair<Tensor, Tensor> alignRanks(const Tensor &y_true, const Tensor &y_pred) {
  Tensor t = y_true, p = y_pred;
  auto align = [](Tensor &longer, Tensor &shorter) {
    if (longer.rank() != shorter.rank() + 1 || longer.dim(-1) != 1) return;
    shorter.rank() == 1 ? void(shorter = expand_dims(shorter, -1)) : void(longer = squeeze(longer, -1));
  };
  align(t, p), align(p, t);
  return {t, p};
}

namespace {
template <class Options> Loss make(const char *className, const Options &options, Json config, std::function<Loss::Signature> function) {
  if (options.reduction != "sum_over_batch_size" && options.reduction != "sum")
    throw UserError(std::string(className) + ": reduction must be 'sum_over_batch_size' or 'sum'", "reduction='" + options.reduction + "'");
  Json full = Json::object({{"name", options.name}, {"reduction", options.reduction}});
  for (const auto &[key, entry] : config.asObject()) full[key] = entry;
  return Loss(className, full, std::move(function));
}
} // namespace

Loss CategoricalCrossentropy(CategoricalCrossentropyOptions o) {
  return make("CategoricalCrossentropy", o, Json::object({{"from_logits", o.from_logits}, {"label_smoothing", o.label_smoothing}, {"axis", o.axis}}),
              [o](const Tensor &t, const Tensor &p) { return categorical_crossentropy(t, p, o); });
}
Loss SparseCategoricalCrossentropy(SparseCategoricalCrossentropyOptions o) {
  return make("SparseCategoricalCrossentropy", o, Json::object({{"from_logits", o.from_logits}, {"ignore_class", nullptr}}),
              [o](const Tensor &t, const Tensor &p) { return sparse_categorical_crossentropy(t, p, o); });
}
Loss BinaryCrossentropy(BinaryCrossentropyOptions o) {
  return make("BinaryCrossentropy", o, Json::object({{"from_logits", o.from_logits}, {"label_smoothing", o.label_smoothing}, {"axis", -1}}),
              [o](const Tensor &t, const Tensor &p) { return binary_crossentropy(t, p, o); });
}
Loss MeanSquaredError(MeanSquaredErrorOptions o) {
  return make("MeanSquaredError", o, Json::object(), [](const Tensor &t, const Tensor &p) { return mean_squared_error(t, p); });
}

} // namespace losses

namespace {
const ComponentTable<Loss> &table() {
  static const ComponentTable<Loss> instance = [] {
    using namespace losses;
    using config::flag, config::integer, config::number, config::text;
    ComponentTable<Loss> t("loss");
    const std::string mean = "sum_over_batch_size";
    t.add("CategoricalCrossentropy", {"categorical_crossentropy"}, [=](const Json &c) {
      return CategoricalCrossentropy({flag(c, "from_logits", false), number(c, "label_smoothing", 0), integer(c, "axis", -1),
                                      text(c, "reduction", mean), text(c, "name", "categorical_crossentropy")});
    });
    t.add("SparseCategoricalCrossentropy", {"sparse_categorical_crossentropy"}, [=](const Json &c) {
      if (!c.get("ignore_class").isNull()) throw UserError("SparseCategoricalCrossentropy: ignore_class must be null", c.get("ignore_class").dump());
      return SparseCategoricalCrossentropy({flag(c, "from_logits", false), text(c, "reduction", mean), text(c, "name", "sparse_categorical_crossentropy")});
    });
    t.add("BinaryCrossentropy", {"binary_crossentropy", "bce", "BCE"}, [=](const Json &c) {
      if (integer(c, "axis", -1) != -1) throw UserError("BinaryCrossentropy: axis must be -1", c.get("axis").dump());
      return BinaryCrossentropy({flag(c, "from_logits", false), number(c, "label_smoothing", 0), text(c, "reduction", mean), text(c, "name", "binary_crossentropy")});
    });
    t.add("MeanSquaredError", {"mean_squared_error", "mse", "MSE"},
          [=](const Json &c) { return MeanSquaredError({text(c, "reduction", mean), text(c, "name", "mean_squared_error")}); });
    return t;
  }();
  return instance;
}
} // namespace

Loss::Loss(const std::string &name) : Loss(table().make(name, Json::object())) { given = name; }
Loss::Loss(std::string class_name, Json config, std::function<Signature> function)
    : state(std::make_shared<ComponentState<Signature>>(ComponentState<Signature>{std::move(class_name), std::move(config), std::move(function)})) {}
Loss Loss::from_config(const std::string &class_name, const Json &config) { return table().make(class_name, config); }

Tensor Loss::operator()(const Tensor &y_true, const Tensor &y_pred) const {
  auto [t, p] = losses::alignRanks(cast(y_true, y_pred.dtype()), y_pred);
  return state->function(t, p);
}

Tensor Loss::reduced(const Tensor &y_true, const Tensor &y_pred) const {
  Tensor values = (*this)(y_true, y_pred);
  return config::text(state->config, "reduction", "") == "sum" ? sum(values) : mean(values);
}

Json Loss::serialize() const {
  if (!given.empty()) return given;
  if (class_name().empty()) throw UserError("a config can name only losses that Keras knows", "a lambda");
  return config::envelope("keras.losses", class_name(), get_config());
}

} // namespace cornu
