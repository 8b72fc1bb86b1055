#include "frontend/losses/losses.h"

#include "frontend/losses/make.h"
#include "frontend/losses/reduction.h"

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

Loss CategoricalCrossentropy(CategoricalCrossentropyOptions o) {
  return make("CategoricalCrossentropy", o, Json::object({{"from_logits", o.from_logits}, {"label_smoothing", o.label_smoothing}, {"axis", o.axis}}),
              [o](const Tensor &t, const Tensor &p) { return categorical_crossentropy(t, p, o); });
}
Loss SparseCategoricalCrossentropy(SparseCategoricalCrossentropyOptions o) {
  return make("SparseCategoricalCrossentropy", o, Json::object({{"from_logits", o.from_logits}, {"ignore_class", o.ignore_class}}),
              [o](const Tensor &t, const Tensor &p) { return sparse_categorical_crossentropy(t, p, o); });
}
Loss BinaryCrossentropy(BinaryCrossentropyOptions o) {
  return make("BinaryCrossentropy", o, Json::object({{"from_logits", o.from_logits}, {"label_smoothing", o.label_smoothing}, {"axis", o.axis}}),
              [o](const Tensor &t, const Tensor &p) { return binary_crossentropy(t, p, o); });
}
Loss MeanSquaredError(MeanSquaredErrorOptions o) {
  return make("MeanSquaredError", o, Json::object(), [](const Tensor &t, const Tensor &p) { return mean_squared_error(t, p); });
}

} // namespace losses

namespace {
constexpr const char *crossentropyByShape = "crossentropy";
} // namespace

ComponentTable<Loss> &Loss::classes() {
  static ComponentTable<Loss> instance = [] {
    using namespace losses;
    using config::flag, config::integer, config::number, config::optionalInteger;
    ComponentTable<Loss> t("loss");
    t.add("CategoricalCrossentropy", {"categorical_crossentropy"}, [](const Json &c) {
      auto o = read<CategoricalCrossentropyOptions>(c);
      o.from_logits = flag(c, "from_logits", false), o.label_smoothing = number(c, "label_smoothing", 0), o.axis = integer(c, "axis", -1);
      return CategoricalCrossentropy(o);
    });
    t.add("SparseCategoricalCrossentropy", {"sparse_categorical_crossentropy"}, [](const Json &c) {
      auto o = read<SparseCategoricalCrossentropyOptions>(c);
      o.from_logits = flag(c, "from_logits", false), o.ignore_class = optionalInteger(c, "ignore_class");
      return SparseCategoricalCrossentropy(o);
    });
    t.add("BinaryCrossentropy", {"binary_crossentropy", "bce", "BCE"}, [](const Json &c) {
      auto o = read<BinaryCrossentropyOptions>(c);
      o.from_logits = flag(c, "from_logits", false), o.label_smoothing = number(c, "label_smoothing", 0), o.axis = integer(c, "axis", -1);
      return BinaryCrossentropy(o);
    });
    t.add("MeanSquaredError", {"mean_squared_error", "mse", "MSE"}, [](const Json &c) { return MeanSquaredError(read<MeanSquaredErrorOptions>(c)); });
    // Which one it is follows from the shapes: see Loss::operator().
    t.add(crossentropyByShape, {crossentropyByShape, "ce", "CE"}, [](const Json &) { return Loss(crossentropyByShape, Json(), {}); });
    addRegression(t), addHinges(t), addProbabilistic(t), addOverlap(t), addMetricLearning(t);
    return t;
  }();
  return instance;
}

Loss::Loss(const std::string &name) : Loss(classes().find(name)(Json::object())) {
  if (!classes().isOwn(name)) given = name;
}

Loss register_loss(const std::string &name, std::function<Loss::Signature> function, const RegisterOptions &options) {
  return registerFunction<Loss>(name, std::move(function), options);
}
void register_loss(const std::string &class_name, std::function<Loss(const Json &)> maker, const RegisterOptions &options) {
  Loss::classes().addOwn(class_name, options, std::move(maker));
}

Tensor Loss::operator()(const Tensor &y_true, const Tensor &y_pred) const {
  if (class_name() == crossentropyByShape) {
    if (y_pred.dim(-1) == 1) return losses::BinaryCrossentropy()(y_true, y_pred);
    bool labels = y_true.rank() < y_pred.rank() || y_true.dim(-1) == 1;
    return labels ? losses::SparseCategoricalCrossentropy()(y_true, y_pred) : losses::CategoricalCrossentropy()(y_true, y_pred);
  }
  auto [t, p] = losses::alignRanks(cast(y_true, y_pred.dtype()), y_pred);
  return state->function(t, p);
}

Tensor Loss::reduced(const Tensor &y_true, const Tensor &y_pred, const Tensor &sample_weight) const {
  std::string reduction = config::text(state->config, "reduction", "sum_over_batch_size");
  Tensor values = (*this)(y_true, y_pred), mask = y_pred.mask();
  if (Tensor own = values.mask()) mask = mask ? logical_and(mask, own) : own;
  return losses::reduce(values, losses::maskedWeight(sample_weight, mask, y_pred.dtype(), reduction), reduction);
}

Json Loss::serialize() const { return given.empty() ? config::serialize(*this) : Json(given); }

} // namespace cornu
