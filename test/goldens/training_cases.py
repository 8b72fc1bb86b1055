"""Cases of compile and fit themselves: sample and class weights, weighted metrics, keys, losses that layers add."""
import keras
import numpy as np
from keras import layers, losses, optimizers


def ends(outputs, shape=(8,), **options):
    """One hidden layer and an output for each of {name: (units, activation)}; `options` go to compile."""
    def build():
        inputs = layers.Input(shape, name="x")
        x = layers.Dense(6, activation="tanh")(inputs)
        tensors = [layers.Dense(units, activation=activation, name=name)(x) for name, (units, activation) in outputs.items()]
        model = keras.Model(inputs, tensors if len(tensors) > 1 else tensors[0])
        made = {key: value() if callable(value) else value for key, value in options.items()}
        model.compile(optimizers.SGD(0.05), jit_compile=False, **made)
        return model
    return build


def weights_of(rows, seed, *more):
    """Weights of which some are 0, and all of the second batch of 16."""
    w = np.random.default_rng(seed).integers(0, 5, (rows, *more)).astype(np.float32) / 2
    w[16:32] = 0
    return w


def training_cases(Case, noise, one_hot, x, kinds, bits):
    m, rows = keras.metrics, len(x)
    hot, w = one_hot(kinds, 3), weights_of(len(x), 1)
    soft = {"y": (3, "softmax")}
    yield Case("sample_weight", "a weight a sample, a batch of zeros among them; metrics ignore them, weighted_metrics do not",
               ends(soft, loss="categorical_crossentropy", metrics=["accuracy", "mse"], weighted_metrics=lambda: [
                   "accuracy", "mae", m.F1Score(name="f1", average="macro"), m.TopKCategoricalAccuracy(k=2), m.RootMeanSquaredError(name="rmse"),
                   m.Precision(name="p1", class_id=1, thresholds=0.3), m.AUC(name="auc", num_thresholds=20), m.AUC(name="labels", multi_label=True, num_thresholds=20)]),
               {"x": x}, {"y": hot}, 16, 3, validation_split=0.25, weights={"y": w})
    yield Case("sample_weight_bits", "weights of shape (rows, 1); confusion counts and curves",
               ends({"y": (1, "sigmoid")}, loss="binary_crossentropy", metrics=["accuracy"], weighted_metrics=lambda: [
                   "accuracy", m.Precision(name="p"), m.Recall(name="r"), m.TruePositives(name="tp"), m.TrueNegatives(name="tn"), m.FalsePositives(name="fp"),
                   m.FalseNegatives(name="fn"), m.AUC(name="auc"), m.AUC(name="own", thresholds=[0.3, 0.5, 0.6], curve="PR"), "binary_crossentropy"]),
               {"x": x}, {"y": bits}, 16, 3, weights={"y": w[:, None]})
    reductions = ["sum", "sum_over_batch_size", "mean", "mean_with_sample_weight", "none"]
    yield Case("sample_weight_reductions", "each reduction on an output with weights of its own, and a loss that is one number for the batch",
               ends({name: (2, "sigmoid") for name in [*reductions, "dice"]}, loss=lambda: {name: losses.MeanSquaredError(reduction=name) for name in reductions}
                    | {"dice": "dice"}, weighted_metrics=[["mse"]] * 5 + [["mae"]]),
               {"x": x}, {name: np.abs(noise(40 + i, rows, 2)) for i, name in enumerate([*reductions, "dice"])}, 16, 3,
               weights={name: weights_of(rows, 2 + i) for i, name in enumerate([*reductions, "dice"])})
    grid, steps = noise(50, 36, 4, 5), noise(51, 36, 4, 2)
    labels = np.argmax(noise(52, 36, 4, 3), axis=-1).astype(np.int32)
    yield Case("sample_weight_of_steps", "a weight a time step, one a sample for all steps, a trailing axis of 1",
               ends({"kinds": (3, "softmax"), "numbers": (2, None), "bit": (1, "sigmoid")}, shape=(4, 5),
                    loss={"kinds": "sparse_categorical_crossentropy", "numbers": losses.MeanSquaredError(reduction="mean_with_sample_weight"), "bit": "binary_crossentropy"},
                    metrics={"kinds": "accuracy"}, weighted_metrics=lambda: {"kinds": ["accuracy", m.SparseTopKCategoricalAccuracy(k=2, name="top")], "numbers": "mse",
                                                                             "bit": [m.Recall(name="r"), "accuracy"]}),
               {"x": grid}, {"kinds": labels, "numbers": steps, "bit": (steps[:, :, :1] > 0).astype(np.float32)}, 16, 3,
               weights={"kinds": weights_of(36, 3, 4), "numbers": weights_of(36, 4, 1), "bit": weights_of(36, 5, 4, 1)})
    yield Case("class_weight", "weights by one-hot class; class 2 is not named", ends(soft, loss="categorical_crossentropy", weighted_metrics=["accuracy"]),
               {"x": x}, {"y": hot}, 16, 3, validation_split=0.25, fit={"class_weight": {0: 0.25, 1: 3.0}})
    yield Case("class_weight_labels", "weights by label, one of them 0", ends(soft, loss="sparse_categorical_crossentropy", weighted_metrics=["acc"]),
               {"x": x}, {"y": kinds.astype(np.int32)}, 16, 3, fit={"class_weight": {0: 2.0, 2: 0.0}})
    yield Case("class_weight_bits", "weights of targets of shape (rows, 1)", ends({"y": (1, "sigmoid")}, loss="binary_crossentropy", weighted_metrics=["accuracy"]),
               {"x": x}, {"y": bits}, 16, 3, fit={"class_weight": {0: 1.0, 1: 4.0}})
    three = {"a": (3, "softmax"), "b": (3, None), "c": (1, "sigmoid")}
    yield Case("output_without_loss", "outputs with and without loss, one weight of the loss, one array of weights for all",
               ends(three, loss={"a": "ce", "b": None, "c": None}, loss_weights={"a": 0.5, "b": 1.0, "c": 1.0}, metrics={"b": "mse"}, weighted_metrics={"c": ["accuracy"]}),
               {"x": x}, {"a": hot, "b": noise(60, rows, 3), "c": bits}, 16, 3, weights={name: w for name in three})
    yield Case("crossentropy_by_shape", "'crossentropy' is binary, sparse or categorical; one number weighs the one loss of all outputs",
               ends(three | {"b": (3, "softmax")}, loss="crossentropy", loss_weights=0.5, metrics=["acc", "accuracy", ["acc"]]),
               {"x": x}, {"a": hot, "b": kinds.astype(np.int32), "c": bits}, 16, 3)
    yield Case("numbered_metrics", "metrics of the same name", ends({"a": (2, None), "b": (2, None)}, loss="mse", metrics=[["mse", "mae"], ["mse", "mse"]],
                                                                    weighted_metrics=[["mse", "mape"], ["mse", "mse"]]),
               {"x": x}, {"a": noise(61, rows, 2), "b": noise(62, rows, 2)}, 16, 2, weights={"a": w, "b": weights_of(rows, 9)})
    plain = ends(soft, loss="categorical_crossentropy", metrics=["accuracy"], weighted_metrics=["accuracy"])
    yield Case("steps_per_epoch", "epochs shorter than a pass over the data, which goes on in the next and ends one early; validation in parts, after some epochs",
               plain, {"x": x}, {"y": hot}, 16, 6, weights={"y": w},
               fit={"steps_per_epoch": 3, "validation_rows": 22, "validation_batch_size": 5, "validation_steps": 3, "validation_freq": [2, 3, 6]})
    yield Case("steps_decide_batches", "the number of steps gives the size of batches; later epochs only, validation after every second", plain, {"x": x}, {"y": hot},
               None, 5, fit={"steps_per_epoch": 5, "initial_epoch": 1, "validation_rows": 20, "validation_freq": 2})
    yield Case("added_losses", "a layer of one's own, called twice, adds to the loss and reports a metric; regularizers", adding,
               {"x": x}, {"penalty": hot}, 16, 3, validation_split=0.25, weights={"penalty": w})
    yield Case("lists_of_one", "a list of one output and of one loss; metrics with a number for each threshold or class",
               listed, {"x": x}, {"y": hot}, 16, 3, weights={"y": w})  # no validation: it would write into the lists of counts that History holds
    hidden = kinds.astype(np.int32)
    hidden[::5] = hidden[32:48] = 0
    sparse = lambda **options: losses.SparseCategoricalCrossentropy(ignore_class=0, **options)
    yield Case("ignored_class", "targets of one class that do not count, in a whole batch none that do",
               ends({"probability": (3, "softmax"), "logits": (3, None), "sum": (3, None)},
                    loss=lambda: {"probability": sparse(), "logits": sparse(from_logits=True), "sum": sparse(from_logits=True, reduction="sum")},
                    metrics=lambda: {"logits": m.SparseCategoricalCrossentropy(from_logits=True, ignore_class=0, name="entropy")},
                    weighted_metrics=lambda: {"probability": m.SparseCategoricalCrossentropy(ignore_class=0, name="weighted")}),
               {"x": x}, {name: hidden for name in ("probability", "logits", "sum")}, 16, 3, weights={"probability": w, "logits": w, "sum": weights_of(rows, 11)})
    yield Case("labels_with_an_axis", "a generalized crossentropy of labels (batch, 1), of which Keras compares each with every row; binary crossentropy over another axis",
               labelled, {"x": grid}, {"mean": labels[:, :1], "sum": labels[:, 1:2], "bits": (steps > 0).astype(np.float32)}, 16, 3,
               weights={"mean": weights_of(36, 12), "sum": weights_of(36, 13), "bits": weights_of(36, 14, 2)})
    yield Case("shared_renormalization", "a layer whose state decides what it gives, called twice at the same distance from the output", renormalized, {"x": x}, {"y": hot}, 16, 3)
    yield Case("unreached_weights", "weights that no loss reaches are left alone, decay and moments too", unreached, {"x": x}, {"y": hot, "z": bits}, 16, 2)


@keras.saving.register_keras_serializable("goldens")
class Penalty(layers.Layer):
    """Adds a multiple of its input's squares to the loss, and reports the input's mean."""

    def __init__(self, factor=0.01, **kwargs):
        super().__init__(**kwargs)
        self.factor = factor
        self.activity = keras.metrics.Mean(name="activity")

    def call(self, x):
        self.add_loss(self.factor * keras.ops.square(x))
        self.activity.update_state(x)
        return x

    def get_config(self):
        return super().get_config() | {"factor": self.factor}


def adding():
    inputs = layers.Input((8,), name="x")
    penalty = Penalty(0.004, name="penalty")
    x = penalty(layers.Dense(6, activation="tanh", kernel_regularizer="l2", activity_regularizer="l2")(inputs))
    model = keras.Model(inputs, penalty(layers.Dense(3, activation="softmax", name="y")(x)))
    model.compile(optimizers.SGD(0.05), "categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def listed():
    inputs = layers.Input((8,), name="x")
    model = keras.Model(inputs, [layers.Dense(3, activation="softmax", name="y")(layers.Dense(6, activation="tanh")(inputs))])
    m, even, some = keras.metrics, [0.0, 0.25, 0.5, 0.75, 1.0], [0.2, 0.35, 0.6]
    model.compile(optimizers.AdamW(0.02, loss_scale_factor=8.0), ["categorical_crossentropy"], jit_compile=False,
                  metrics=[m.F1Score(name="f1"), m.FBetaScore(name="f2", beta=2.0, threshold=0.4), m.Precision(name="precision", thresholds=some),
                           m.Recall(name="even", thresholds=even), m.Recall(name="top", thresholds=some, top_k=2, class_id=1), m.TruePositives(name="one", thresholds=[0.4])],
                  weighted_metrics=[m.TruePositives(name="tp", thresholds=some), m.TrueNegatives(name="tn", thresholds=even), m.FalsePositives(name="fp", thresholds=some),
                                    m.FalseNegatives(name="fn", thresholds=some), m.Precision(name="weighted", thresholds=even), m.F1Score(name="f1_weighted")])
    return model


def labelled():
    inputs = layers.Input((4, 5), name="x")
    x = layers.Dense(6, activation="tanh")(layers.Flatten()(inputs))
    bits = layers.Dense(2, activation="sigmoid", name="bits")(inputs)
    model = keras.Model(inputs, [layers.Dense(3, activation="softmax", name="mean")(x), layers.Dense(3, activation="softmax", name="sum")(x), bits])
    generalized = losses.CategoricalGeneralizedCrossEntropy
    model.compile(optimizers.SGD(0.05), {"mean": generalized(0.7), "sum": generalized(0.4, reduction="sum"), "bits": losses.BinaryCrossentropy(axis=1)},
                  loss_weights={"mean": 1.0, "sum": 0.01, "bits": 1.0}, jit_compile=False)
    return model


def renormalized():
    inputs = layers.Input((8,), name="x")
    shared = layers.BatchNormalization(renorm=True, renorm_momentum=0.7, momentum=0.7)
    first, second = shared(inputs), shared(layers.Rescaling(0.5, offset=1.0)(inputs))
    x = layers.Concatenate()([layers.Dense(4, activation="tanh")(second), layers.LayerNormalization()(first)])
    model = keras.Model(inputs, layers.Dense(3, activation="softmax", name="y")(x))
    model.compile(optimizers.SGD(0.05), "categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def unreached():
    inputs = layers.Input((8,), name="x")
    side = layers.Dense(1, name="z")(layers.Dense(4)(inputs))
    model = keras.Model(inputs, [layers.Dense(3, activation="softmax", name="y")(inputs), side])
    model.compile(optimizers.AdamW(0.05, weight_decay=0.1, clipnorm=0.5), {"y": "categorical_crossentropy", "z": None}, metrics={"z": ["mse"]}, jit_compile=False)
    return model
