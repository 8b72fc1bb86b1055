"""The cases: models that between them use every layer, option, loss, metric and optimizer setting that is compared with Keras."""
import csv
import gzip
import pathlib
import sys

import keras
import numpy as np
from keras import constraints, layers, losses, optimizers, regularizers

from object_cases import object_cases
from sequence_cases import sequence_cases
from training_cases import training_cases

ROOT = pathlib.Path(__file__).resolve().parents[2]
DIGITS = ROOT / "examples" / "data" / "digits.csv.gz"
sys.path.append(str(ROOT / "test" / "keras" / "random_models"))
import models as random_models  # noqa: E402

RANDOM = [45, 72]  # seeds


output_names = random_models.output_names


def input_names(model):
    return [tensor.name for tensor in model.inputs]


def coarse(w):
    """Weights that compress to a fraction, and lose nothing as test input: on a grid, and those of the largest layers the same numbers again after 4099."""
    if w.size < 100_000:
        return np.round(w * 256) / 256
    w = np.round(w * 64) / 64
    return w if w.size < 1_000_000 else np.resize(w.reshape(-1)[:4099], w.shape)


class Case:
    """One folder. `build` returns a compiled model; x is keyed by input name, y and the sample weights by output name; `fit` are more of its options."""

    def __init__(self, name, about, build, x, y, batch_size, epochs, validation_split=0.0, pretrain=0, seed=1, weights=None, fit=None):
        self.name, self.about, self.x, self.y, self.weights, self.fit = name, about, x, y, weights or {}, fit or {}
        self.batch_size, self.epochs, self.validation_split, self.seed = batch_size, epochs, validation_split, seed
        self._build, self._pretrain = build, pretrain
        self.stepped = "steps_per_epoch" not in self.fit

    def build(self):
        model = self._build()
        model.set_weights([coarse(w) for w in model.get_weights()])
        if self._pretrain:
            rows = slice(0, self.batch_size)
            xs, ys = [self.x[n][rows] for n in input_names(model)], [self.y[n][rows] for n in output_names(model)]
            model.fit(xs if len(xs) > 1 else xs[0], ys if len(ys) > 1 else ys[0], epochs=self._pretrain, verbose=0, shuffle=False)
        return model


def digit_images(count, first=0):
    """Rows of the digits file, enlarged from 8x8 to 28x28 pixels in 0..1, and their labels."""
    with gzip.open(DIGITS, "rt") as file:
        rows = np.array([[int(v) for v in row] for row in csv.reader(file)])[first:first + count]
    index = np.arange(28) * 8 // 28
    images = rows[:, :64].reshape(-1, 8, 8)[:, index][:, :, index].reshape(-1, 784) / 16
    return images.astype(np.float32), rows[:, 64]


def noise(seed, *shape):
    """Normal numbers on a grid of 1/16: exact in every format."""
    return (np.round(np.random.default_rng(seed).normal(size=shape) * 16) / 16).astype(np.float32)


def one_hot(labels, classes):
    return np.eye(classes, dtype=np.float32)[labels]


def classes_of(x, count, seed=7):
    """Labels that can be learnt: the largest of `count` random projections."""
    return np.argmax(x.reshape(len(x), -1) @ noise(seed, int(np.prod(x.shape[1:])), count), axis=1)


def bits_of(x, seed=8):
    return (x.reshape(len(x), -1) @ noise(seed, int(np.prod(x.shape[1:])), 1) > 0).astype(np.float32)


def p1():
    inputs = layers.Input((784,), name="image")
    x = layers.Dense(64, activation="relu")(inputs)
    x = layers.Dense(64, activation="relu")(x)
    model = keras.Model(inputs, layers.Dense(10, activation="softmax", name="digit")(x))
    model.compile("rmsprop", "categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def p4():
    inputs = layers.Input((32,), name="features")
    x = layers.Dense(10, activation="relu")(inputs)
    x = layers.Dense(20, activation="relu")(x)
    x = layers.Dense(10, activation="relu")(x)
    model = keras.Model(inputs, layers.Dense(1, activation="sigmoid")(x))
    model.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def p15():
    model = keras.Sequential([
        layers.Input((784,)), layers.Dense(500), layers.Activation("tanh"), layers.Dropout(0.0), layers.Dense(500),
        layers.Activation("tanh"), layers.Dropout(0.0), layers.Dense(10), layers.Activation("softmax")])
    rate = optimizers.schedules.InverseTimeDecay(0.01, 1, 1e-6)  # what Keras 2 called decay=1e-6
    model.compile(optimizers.SGD(rate, momentum=0.9, nesterov=True), "categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def p16():
    model = keras.Sequential([layers.Input((100,)), layers.Dense(32, activation="relu"), layers.Dense(1, activation="sigmoid")])
    model.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def perceptron(optimizer, loss, outputs=3, activation="softmax", metrics=("accuracy",), **hidden):
    """8 inputs, a hidden layer, an output layer: the ground for one option at a time."""
    def build():
        inputs = layers.Input((8,), name="x")
        x = layers.Dense(12, **({"activation": "tanh", "name": "hidden"} | hidden))(inputs)
        model = keras.Model(inputs, layers.Dense(outputs, activation=activation, name="y")(x))
        model.compile(optimizer() if callable(optimizer) else optimizer, loss, metrics=list(metrics), jit_compile=False)
        return model
    return build


def two_inputs_two_outputs():
    main, extra = layers.Input((6,), name="main_input"), layers.Input((4,), name="extra_input")
    x = layers.Dense(8, activation="relu")(main)
    side = layers.Dense(1, activation="sigmoid", name="side")(x)
    x = layers.Dense(7, activation="relu")(layers.Concatenate()([x, extra]))
    model = keras.Model([main, extra], [layers.Dense(3, activation="softmax", name="kind")(x), side])
    model.compile("rmsprop", {"kind": "categorical_crossentropy", "side": "binary_crossentropy"}, loss_weights={"kind": 1.0, "side": 0.2},
                  metrics={"kind": ["accuracy"], "side": ["accuracy"]}, jit_compile=False)
    return model


def two_outputs(loss, loss_weights=None):
    def build():
        inputs = layers.Input((8,), name="x")
        x = layers.Dense(6, activation="tanh")(inputs)
        model = keras.Model(inputs, [layers.Dense(1, activation="sigmoid", name="first")(x), layers.Dense(1, activation="sigmoid", name="second")(x)])
        model.compile("sgd", loss, loss_weights=loss_weights, jit_compile=False)
        return model
    return build


def shapes():
    """Dense on the last axis of three, Reshape both ways, Flatten, Add of three, Concatenate along axis 1."""
    grid, flat = layers.Input((4, 3), name="grid"), layers.Input((12,), name="flat")
    a = layers.Dense(5, activation="relu")(grid)
    b = layers.Dense(5, use_bias=False)(layers.Reshape((4, 3))(flat))
    both = layers.Concatenate(axis=1)([layers.Add()([a, b, a]), layers.Reshape((-1, 5))(layers.Dense(10, activation="sigmoid")(flat))])
    model = keras.Model([grid, flat], layers.Dense(2, name="y")(layers.Flatten()(both)))
    model.compile(optimizers.SGD(0.05), "mean_squared_error", jit_compile=False)
    return model


def shared_layer():
    a, b = layers.Input((8,), name="a"), layers.Input((8,), name="b")
    encoder = layers.Dense(6, activation="tanh", name="encoder")
    x = layers.Concatenate()([encoder(a), encoder(b)])
    model = keras.Model([a, b], layers.Dense(1, activation="sigmoid", name="same")(x))
    model.compile("rmsprop", "binary_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def activations():
    """Every activation, as argument and as layer; softmax inside the network; Dropout(0)."""
    inputs = layers.Input((8,), name="x")
    x = layers.Dense(9, activation="sigmoid")(inputs)
    x = layers.Activation("relu")(layers.Dense(9, activation="linear")(x))
    x = layers.Dropout(0.0)(layers.Dense(9, activation="softmax")(x))
    x = layers.Activation("softmax")(layers.Reshape((3, 3))(x))
    x = layers.Activation("linear")(layers.Dense(4, activation="tanh")(layers.Flatten()(x)))
    model = keras.Model(inputs, layers.Activation("sigmoid", name="y")(layers.Dense(2)(x)))
    model.compile(optimizers.RMSprop(0.01), "mse", jit_compile=False)
    return model


def regularised():
    inputs = layers.Input((8,), name="x")
    x = layers.Dense(12, activation="relu", kernel_regularizer=regularizers.L1(0.01), bias_regularizer=regularizers.L2(0.1),
                     activity_regularizer=regularizers.L1L2(0.003, 0.002))(inputs)
    x = layers.Activation("tanh", activity_regularizer=regularizers.L2(0.01))(x)
    model = keras.Model(inputs, layers.Dense(3, activation="softmax", kernel_regularizer="l2", name="y")(x))
    model.compile("sgd", "categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def constrained():
    inputs = layers.Input((8,), name="x")
    x = layers.Dense(12, activation="relu", kernel_constraint=constraints.MaxNorm(0.6), bias_constraint=constraints.NonNeg())(inputs)
    x = layers.Dense(6, activation="tanh", kernel_constraint=constraints.UnitNorm())(x)
    model = keras.Model(inputs, layers.Dense(3, activation="softmax", name="y", kernel_constraint=constraints.MinMaxNorm(0.4, 0.8, rate=0.7, axis=1))(x))
    model.compile(optimizers.SGD(0.2), "categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def frozen():
    model = perceptron("rmsprop", "categorical_crossentropy")()
    model.get_layer("hidden").trainable = False
    model.compile("rmsprop", "categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def side_by_side(branches, rate=0.05, shape=(8,)):
    """One input; each branch is a function of it that gives a matrix; all go into one Dense."""
    def build():
        inputs = layers.Input(shape, name="x")
        x = layers.Concatenate()([branch(inputs) for branch in branches])
        model = keras.Model(inputs, layers.Dense(3, activation="softmax", name="y")(x))
        model.compile(optimizers.SGD(rate), "categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
        return model
    return build


def each_activation(names):
    return side_by_side([lambda x, name=name: layers.Dense(4, activation=name)(x) for name in names])


def after_dense(*made, units=6):
    """A branch: Dense, then these layers."""
    def branch(x):
        x = layers.Dense(units)(x)
        for layer in made:
            x = layer()(x)
        return x
    return branch


def merged():
    """All merging layers, on tensors of the same and of different rank."""
    a, b = layers.Input((4, 3), name="a"), layers.Input((3,), name="b")
    x, row = layers.Dense(5)(a), layers.Dense(5)(b)
    tensors = [layer([x, row]) for layer in (layers.Subtract(), layers.Multiply(), layers.Average(), layers.Maximum(), layers.Minimum(), layers.Add())]
    tensors.append(layers.Maximum()([tensors[0], tensors[1], x]))
    vectors = [layers.Dot((2, 1))([x, row]), layers.Dot(-1, normalize=True)([row, layers.Dense(5)(b)]), layers.Flatten()(layers.Dot(2)([x, tensors[0]]))]
    joined = layers.Concatenate()([layers.Flatten()(t) for t in tensors] + vectors)
    model = keras.Model([a, b], layers.Dense(2, name="y")(joined))
    model.compile(optimizers.SGD(0.002), "mean_squared_error", jit_compile=False)
    return model


def frozen_normalization():
    """A layer that trains, one that is frozen, one that is called twice, another axis, other arguments."""
    inputs = layers.Input((8,), name="x")
    x = layers.BatchNormalization()(layers.Dense(6)(inputs))
    x = layers.Dense(6)(layers.BatchNormalization(trainable=False, name="fixed")(x))
    twice = layers.BatchNormalization(momentum=0.6, epsilon=0.01, name="twice")
    x = layers.Concatenate()([twice(x), twice(layers.Dense(6)(inputs))])
    x = layers.BatchNormalization(axis=1, scale=False, momentum=0.5)(layers.Reshape((3, 4))(x))
    x = layers.Flatten()(layers.BatchNormalization(center=False, gamma_regularizer=regularizers.L2(0.01), gamma_initializer="glorot_uniform")(x))
    model = keras.Model(inputs, layers.Dense(3, activation="softmax", name="y")(x))
    model.compile(optimizers.SGD(0.05), "categorical_crossentropy", metrics=["accuracy"], jit_compile=False)
    return model


def all_cases():
    images, labels = digit_images(144)
    many, many_labels = digit_images(900)
    x32, x100, x8 = noise(1, 144, 32), noise(2, 144, 100), noise(3, 52, 8)
    kinds, bits = classes_of(x8, 3), bits_of(x8)
    main, extra = noise(4, 20, 6), noise(5, 20, 4)
    grid, flat = noise(6, 20, 4, 3), noise(7, 20, 12)
    decay = optimizers.schedules.InverseTimeDecay
    soft = {"x": x8}, {"y": one_hot(kinds, 3)}
    yield Case("p1", "784-64-64-10, RMSprop; last batch smaller", p1, {"image": images}, {"digit": one_hot(labels, 10)}, 32, 4)
    yield Case("p4", "32-10-20-10-1, RMSprop", p4, {"features": x32}, {"dense_3": bits_of(x32)}, 32, 4)
    yield Case("p15", "784-500-500-10, tanh, SGD with momentum, Nesterov and decay", p15, {"input_layer": many}, {"activation_2": one_hot(many_labels, 10)}, 200, 4)
    yield Case("p16", "100-32-1, RMSprop", p16, {"input_layer": x100}, {"dense_1": bits_of(x100)}, 32, 4)
    yield Case("two_inputs_two_outputs", "losses, loss_weights and metrics by output name", two_inputs_two_outputs,
               {"main_input": main, "extra_input": extra}, {"kind": one_hot(classes_of(main, 3), 3), "side": bits_of(extra)}, 8, 7)
    both = {"x": x8}, {"first": bits, "second": bits_of(x8, 9)}
    yield Case("one_loss_two_outputs", "one loss for all outputs", two_outputs("binary_crossentropy"), *both, 16, 5)
    yield Case("losses_by_position", "losses and loss_weights as lists", two_outputs(["binary_crossentropy", "mse"], [1.0, 0.3]), *both, 16, 5)
    yield Case("shapes", shapes.__doc__, shapes, {"grid": grid, "flat": flat}, {"y": noise(10, 20, 2)}, 8, 7)
    yield Case("shared_layer", "one layer called twice", shared_layer, {"a": x8, "b": noise(11, 52, 8)}, {"same": bits}, 16, 5)
    yield Case("activations", activations.__doc__, activations, {"x": x8}, {"y": np.abs(noise(12, 52, 2)) / 4}, 16, 5)
    yield Case("regularizers", "kernel, bias and activity regularizers", regularised, *soft, 16, 5)
    yield Case("constraints", "MaxNorm, NonNeg, UnitNorm, MinMaxNorm", constrained, *soft, 16, 5)
    yield Case("frozen", "a layer that is not trainable", frozen, *soft, 16, 5)
    yield Case("validation_split", "the last quarter held out", perceptron("rmsprop", "categorical_crossentropy"), *soft, 16, 6, validation_split=0.25)
    yield Case("sgd_momentum_decay", "SGD with momentum and a rate that falls", perceptron(lambda: optimizers.SGD(decay(0.1, 1, 0.05), momentum=0.8),
               "categorical_crossentropy"), *soft, 16, 5)
    yield Case("sgd_nesterov", "SGD with Nesterov momentum", perceptron(lambda: optimizers.SGD(0.05, momentum=0.9, nesterov=True), "categorical_crossentropy"),
               *soft, 16, 5)
    yield Case("rmsprop_centered", "RMSprop, centered, with momentum", perceptron(
        lambda: optimizers.RMSprop(0.002, rho=0.8, momentum=0.7, centered=True, epsilon=1e-5), "categorical_crossentropy"), *soft, 16, 5)
    yield Case("resume_sgd", "goes on with momentum and iteration from the file", perceptron(
        lambda: optimizers.SGD(decay(0.05, 1, 0.1), momentum=0.9, nesterov=True), "categorical_crossentropy"), *soft, 16, 5, pretrain=7)
    yield Case("resume_rmsprop", "goes on with RMSprop's state from the file", perceptron(lambda: optimizers.RMSprop(0.01, momentum=0.5),
               "categorical_crossentropy"), *soft, 16, 5, pretrain=7)
    yield Case("label_smoothing", "categorical crossentropy, label_smoothing 0.1", perceptron(
        "sgd", losses.CategoricalCrossentropy(label_smoothing=0.1), metrics=["categorical_accuracy"]), *soft, 16, 5)
    yield Case("categorical_logits", "categorical crossentropy from logits", perceptron(
        "sgd", losses.CategoricalCrossentropy(from_logits=True), activation=None), *soft, 16, 5)
    yield Case("binary_logits", "binary crossentropy from logits with label smoothing", perceptron(
        "sgd", losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.2), outputs=1, activation=None, metrics=["binary_accuracy"]),
        {"x": x8}, {"y": bits}, 16, 5)
    yield Case("sparse_labels", "sparse categorical crossentropy, integer labels", perceptron("sgd", "sparse_categorical_crossentropy"),
               {"x": x8}, {"y": kinds.astype(np.int32)}, 16, 5)
    yield Case("sum_reduction", "mean_squared_error summed over the batch", perceptron(
        lambda: optimizers.SGD(0.005), losses.MeanSquaredError(reduction="sum"), outputs=2, activation="linear", metrics=[]),
        {"x": x8}, {"y": noise(13, 52, 2)}, 16, 5)
    yield Case("integer_input", "images as uint8, taken as float32", perceptron("sgd", "categorical_crossentropy"),
               {"x": np.abs(x8 * 2).astype(np.uint8)}, {"y": one_hot(kinds, 3)}, 16, 5)
    yield Case("activations_rectifiers", "activations that are linear on one side", each_activation(
        ["relu6", "leaky_relu", "elu", "selu", "celu", "hard_shrink", "soft_shrink", "sparse_plus"]), *soft, 16, 4)
    yield Case("activations_sigmoids", "activations that level off on both sides", each_activation(
        ["hard_sigmoid", "hard_tanh", "sparse_sigmoid", "log_sigmoid", "softsign", "tanh_shrink"]), *soft, 16, 4)
    yield Case("activations_smooth", "smooth activations", each_activation(
        ["gelu", "silu", "hard_silu", "mish", "softplus", "squareplus", "exponential"]), *soft, 16, 4)
    yield Case("activations_along_axis", "activations over an axis", each_activation(["log_softmax", "sparsemax"]), *soft, 16, 4)
    yield Case("activation_layers", "activations as layers with their arguments", side_by_side([
        after_dense(lambda: layers.ReLU(max_value=1.25, negative_slope=0.1, threshold=0.25)), after_dense(lambda: layers.ReLU(max_value=6)),
        after_dense(lambda: layers.LeakyReLU()), after_dense(lambda: layers.LeakyReLU(negative_slope=0.1)), after_dense(lambda: layers.ELU(alpha=0.5)),
        after_dense(lambda: layers.PReLU(alpha_initializer=keras.initializers.Constant(0.25), alpha_regularizer="l2")),
        after_dense(lambda: layers.Reshape((2, 3)), lambda: layers.PReLU(shared_axes=[1]), lambda: layers.Softmax(axis=1), lambda: layers.Flatten()),
        after_dense(lambda: layers.Reshape((2, 3)), lambda: layers.Softmax(axis=(1, 2)), lambda: layers.Flatten())]), *soft, 16, 4)
    yield Case("merge_layers", "all merging layers", merged, {"a": noise(21, 30, 4, 3), "b": noise(22, 30, 3)}, {"y": noise(23, 30, 2)}, 8, 4)
    yield Case("batch_normalization", "statistics of batches, moving and frozen ones", frozen_normalization, *soft, 16, 4)
    yield Case("batch_renormalization", "corrections with and without bounds", side_by_side([
        after_dense(lambda: layers.BatchNormalization(renorm=True, renorm_clipping={"rmax": 1.5, "rmin": 0.5, "dmax": 0.25}, renorm_momentum=0.8)),
        after_dense(lambda: layers.BatchNormalization(renorm=True, momentum=0.9, scale=False))]), *soft, 16, 4)
    yield Case("normalizations", "layer, group, unit and root mean square normalization", side_by_side([
        after_dense(lambda: layers.LayerNormalization()), after_dense(lambda: layers.RMSNormalization()), after_dense(lambda: layers.UnitNormalization()),
        after_dense(lambda: layers.GroupNormalization(groups=2)),
        after_dense(lambda: layers.Reshape((2, 3)), lambda: layers.LayerNormalization(axis=[1, 2], epsilon=0.01, center=False), lambda: layers.Flatten()),
        after_dense(lambda: layers.Reshape((2, 3)), lambda: layers.LayerNormalization(axis=1), lambda: layers.Flatten()),
        after_dense(lambda: layers.Reshape((2, 3)), lambda: layers.GroupNormalization(groups=-1, axis=1, scale=False), lambda: layers.Flatten())]), *soft, 16, 4)
    yield Case("passing_layers", "layers that move, scale or pass elements; noise of strength 0", side_by_side([
        after_dense(lambda: layers.RepeatVector(2), lambda: layers.Permute((2, 1)), lambda: layers.Flatten()),
        after_dense(lambda: layers.Rescaling(0.5, offset=-0.25), lambda: layers.Identity(), lambda: layers.GaussianNoise(0.0)),
        after_dense(lambda: layers.ActivityRegularization(l1=0.001, l2=0.002), lambda: layers.GaussianDropout(0.0), lambda: layers.AlphaDropout(0.0)),
        after_dense(lambda: layers.Normalization(mean=[0.5, -0.5, 0.0, 1.0, -1.0, 0.25], variance=[1.0, 2.0, 4.0, 0.5, 0.25, 1.5])),
        after_dense(lambda: layers.Normalization(axis=None, mean=0.5, variance=4.0, invert=True)),
        after_dense(lambda: layers.Reshape((2, 3)), lambda: layers.EinsumDense("abc,cde->abde", (2, 2, 3), bias_axes="e", activation="tanh"), lambda: layers.Flatten()),
        after_dense(lambda: layers.Reshape((2, 3)), lambda: layers.EinsumDense("...x,xy->...y", 4, bias_axes="y"), lambda: layers.Flatten())]), *soft, 16, 4)
    yield from optimizer_cases(*soft)
    yield from schedule_cases(*soft)
    yield from loss_cases(x8, kinds)
    yield Case("no_reduction", "a loss without reduction: the sum is minimised, the mean logged", perceptron(
        lambda: optimizers.SGD(0.005), losses.MeanSquaredError(reduction="none"), outputs=2, activation="linear", metrics=[]),
        {"x": x8}, {"y": noise(13, 52, 2)}, 16, 4)
    yield from metric_cases(x8, kinds, bits)
    yield from object_cases(Case, noise, x8, kinds)
    for seed in RANDOM:
        sample = random_models.make(seed)
        yield Case(f"random_{seed}", f"model {seed} of test/keras/random_models", lambda seed=seed: random_models.make(seed).model, sample.x, sample.y,
                   sample.batch_size, random_models.EPOCHS, seed=seed)
    yield from training_cases(Case, noise, one_hot, x8, kinds, bits)
    yield from sequence_cases(Case)
    import convolution_cases  # which builds on this file
    yield from convolution_cases.all_cases()


def optimizer_cases(x, y):
    """One step rule, or one option of all of them, at a time: two epochs of four steps, the last on a smaller batch."""
    rules = {
        "adam": lambda: optimizers.Adam(0.01),
        "adam_amsgrad_weight_decay": lambda: optimizers.Adam(0.02, beta_1=0.8, beta_2=0.9, epsilon=1e-4, amsgrad=True, weight_decay=0.1),
        "adamw_clipnorm": lambda: optimizers.AdamW(0.01, weight_decay=0.2, clipnorm=0.05),
        "adagrad": lambda: optimizers.Adagrad(0.05, initial_accumulator_value=0.2),
        "adadelta": lambda: optimizers.Adadelta(1.0, rho=0.9, epsilon=1e-6),
        "adamax_clipvalue": lambda: optimizers.Adamax(0.01, clipvalue=0.01),
        "nadam": lambda: optimizers.Nadam(0.01),
        "ftrl": lambda: optimizers.Ftrl(0.05),
        "ftrl_all_options": lambda: optimizers.Ftrl(0.1, learning_rate_power=-0.6, initial_accumulator_value=0.3, l1_regularization_strength=0.01,
                                                    l2_regularization_strength=0.02, l2_shrinkage_regularization_strength=0.03, beta=0.1),
        "lion_global_clipnorm": lambda: optimizers.Lion(0.003, weight_decay=0.1, global_clipnorm=0.1),
        "ema": lambda: optimizers.Adam(0.02, use_ema=True, ema_momentum=0.8, ema_overwrite_frequency=1),
        "gradient_accumulation": lambda: optimizers.Adam(0.02, gradient_accumulation_steps=3, clipnorm=0.1, weight_decay=0.05, amsgrad=True),
        "nadam_accumulation_schedule": lambda: optimizers.Nadam(optimizers.schedules.ExponentialDecay(0.05, 2, 0.8), gradient_accumulation_steps=2),
    }
    for name, rule in rules.items():
        yield Case(name, name.replace("_", " "), perceptron(rule, "categorical_crossentropy"), x, y, 16, 2)
    yield Case("resume_adam", "goes on with Adam's state from the file", perceptron(lambda: optimizers.Adam(0.01, amsgrad=True), "categorical_crossentropy"),
               x, y, 16, 2, pretrain=5)
    yield Case("resume_nadam", "goes on with Nadam's product from the file", perceptron(lambda: optimizers.Nadam(0.01), "categorical_crossentropy"),
               x, y, 16, 2, pretrain=5)


def schedule_cases(x, y):
    """SGD at a rate that changes: sixteen steps, over every boundary that the schedule has."""
    s = optimizers.schedules
    rates = {
        "exponential_decay": s.ExponentialDecay(0.2, 3, 0.7),
        "exponential_decay_staircase": s.ExponentialDecay(0.2, 3, 0.7, staircase=True),
        "inverse_time_decay_staircase": s.InverseTimeDecay(0.2, 3, 0.7, staircase=True),
        "polynomial_decay": s.PolynomialDecay(0.2, 10, 0.01, power=2.0),
        "polynomial_decay_cycle": s.PolynomialDecay(0.2, 5, 0.01, power=0.5, cycle=True),
        "piecewise_constant_decay": s.PiecewiseConstantDecay([2, 5, 11], [0.2, 0.1, 0.3, 0.05]),
        "cosine_decay": s.CosineDecay(0.2, 10, alpha=0.1),
        "cosine_decay_warmup": s.CosineDecay(0.0, 9, alpha=0.1, warmup_target=0.3, warmup_steps=4),
        "cosine_decay_restarts": s.CosineDecayRestarts(0.2, 2, t_mul=2.0, m_mul=0.8, alpha=0.05),
        "cosine_decay_restarts_same": s.CosineDecayRestarts(0.2, 4, t_mul=1.0, m_mul=0.9),
    }
    for name, rate in rates.items():
        yield Case(name, name.replace("_", " "), perceptron(lambda rate=rate: optimizers.SGD(rate), "categorical_crossentropy"), x, y, 16, 4)


def heads(outputs, optimizer, scale=1.0):
    """One hidden layer and an output for each of {name: (units, activation, loss, metrics)}."""
    def build():
        inputs = layers.Input((8,), name="x")
        x = layers.Dense(10, activation="tanh")(inputs) if scale == 1.0 else inputs
        ends = [layers.Dense(units, activation=activation, name=name)(x) for name, (units, activation, _, _) in outputs.items()]
        model = keras.Model(inputs, ends if len(ends) > 1 else ends[0])
        single = len(ends) == 1
        loss = {name: loss for name, (_, _, loss, _) in outputs.items()}
        metrics = {name: metrics for name, (_, _, _, metrics) in outputs.items()}
        model.compile(optimizer(), next(iter(loss.values())) if single else loss, metrics=metrics, jit_compile=False)
        return model
    return build


def embedded(outputs):
    """Vectors of length 1 for each of {name: loss}."""
    def build():
        inputs = layers.Input((8,), name="x")
        x = layers.Dense(10, activation="tanh")(inputs)
        ends = [layers.UnitNormalization(name=name)(layers.Dense(4)(x)) for name in outputs]
        model = keras.Model(inputs, ends)
        model.compile(optimizers.SGD(0.01), loss=dict(outputs), jit_compile=False)
        return model
    return build


def label_weighted(weights, **arguments):
    """Keras writes the weights as a tensor, which it does not read; a list it does."""
    metric = keras.metrics.AUC(label_weights=weights, **arguments)
    metric.label_weights = weights
    return metric


def loss_cases(x, kinds):
    """Every loss, each on an output of its own; the history has its values."""
    rate = lambda: optimizers.SGD(0.01)
    numbers = noise(20, 52, 3)
    regression = {name: (3, None, name, []) for name in ["mean_absolute_error", "huber", "log_cosh", "cosine_similarity"]}
    targets = {name: numbers for name in regression}
    regression |= {name: (3, "sigmoid", name, []) for name in ["mean_absolute_percentage_error", "mean_squared_logarithmic_error", "poisson"]}
    targets |= {name: np.abs(numbers) for name in ["mean_squared_logarithmic_error", "poisson"]}
    targets["mean_absolute_percentage_error"] = np.abs(numbers) + 1  # of a target of 0 it would be any size
    targets["cosine_similarity"] = np.where(np.arange(52)[:, None] % 7 == 0, 0, numbers).astype(np.float32)  # vectors of zeros among them
    yield Case("losses_regression", "the losses between numbers", heads(regression, rate), {"x": x}, targets, 16, 4)

    hot, signs = one_hot(kinds, 3), np.where(one_hot(kinds, 3) > 0, 1, -1).astype(np.float32)
    several = {
        "hinge_of_bits": (3, None, "hinge", []), "hinge_of_signs": (3, None, "hinge", []), "squared_hinge": (3, "tanh", "squared_hinge", []),
        "categorical_hinge": (3, None, "categorical_hinge", []), "kl_divergence": (3, "softmax", "kl_divergence", []),
        "binary_focal": (3, "sigmoid", losses.BinaryFocalCrossentropy(apply_class_balancing=True, alpha=0.3, gamma=1.5, label_smoothing=0.1), []),
        "binary_focal_logits": (3, None, losses.BinaryFocalCrossentropy(from_logits=True), []),
        "focal": (3, "softmax", losses.CategoricalFocalCrossentropy(alpha=0.4, gamma=2.5, label_smoothing=0.1), []),
        "focal_logits": (3, None, losses.CategoricalFocalCrossentropy(from_logits=True), []),
        "dice": (3, "sigmoid", "dice", []), "dice_by_sample": (3, "sigmoid", losses.Dice(axis=-1), []),
        "tversky": (3, "sigmoid", losses.Tversky(alpha=0.3, beta=0.8, axis=-1), []),
        "generalized": (3, "softmax", losses.CategoricalGeneralizedCrossEntropy(q=0.6), []),
    }
    targets = {name: hot for name in several} | {"hinge_of_signs": signs, "generalized": kinds.astype(np.int32)}
    yield Case("losses_of_classes", "hinges, divergences, focal and overlap losses", heads(several, rate), {"x": x}, targets, 16, 4)

    # Of 49 samples the last batch has one, which has nobody to be compared with.
    embeddings = {"circle": "circle", "wide": losses.Circle(gamma=16, margin=0.25, remove_diagonal=False, reduction="sum"),
                  "weighted": losses.Circle(gamma=32.0, reduction="mean_with_sample_weight")}
    yield Case("losses_of_pairs", "Circle, which compares the samples of a batch with each other", embedded(embeddings), {"x": x[:49]},
               {name: kinds[:49].astype(np.int32) for name in embeddings}, 16, 4,
               weights={name: np.ones(49, np.float32) if name != "weighted" else np.arange(49, dtype=np.float32) % 3 for name in embeddings})

    extreme = {
        "binary": (1, None, losses.BinaryCrossentropy(from_logits=True, label_smoothing=0.1), []),
        "categorical": (3, None, losses.CategoricalCrossentropy(from_logits=True, label_smoothing=0.1), []),
        "sparse": (3, None, losses.SparseCategoricalCrossentropy(from_logits=True), []),
        "saturated": (3, "softmax", "categorical_crossentropy", []), "saturated_bits": (1, "sigmoid", "binary_crossentropy", []),
    }
    targets = {"binary": bits_of(x), "categorical": hot, "sparse": kinds.astype(np.int32), "saturated": hot, "saturated_bits": bits_of(x, 9)}
    yield Case("losses_of_large_logits", "crossentropies of logits around 1000 and of saturated probabilities",
               heads(extreme, lambda: optimizers.SGD(1e-5), scale=512), {"x": x * 512}, targets, 16, 2)


def metric_cases(x, kinds, bits):
    """Every metric; untrained models, so that predictions are a mixture of right and wrong."""
    m = keras.metrics
    rate = lambda: optimizers.SGD(0.02)
    numbers = noise(21, 52, 3)
    yield Case("metrics_of_numbers", "metrics between numbers", heads({"y": (3, "sigmoid", "mse", [
        "mse", "mae", "mape", "msle", "cosine_similarity", m.RootMeanSquaredError(), m.LogCoshError(), "poisson", "kl_divergence", "hinge", "squared_hinge",
        "categorical_hinge"])}, rate), {"x": x}, {"y": np.abs(numbers) + 0.125}, 16, 4)
    yield Case("metrics_of_bits", "precision, recall, areas under curves", heads({"y": (1, "sigmoid", "binary_crossentropy", [
        "accuracy", m.BinaryAccuracy(name="strict", threshold=0.7), m.Precision(name="precision"), m.Recall(name="recall", thresholds=0.4),
        m.TruePositives(name="tp"), m.TrueNegatives(name="tn"), m.FalsePositives(name="fp"), m.FalseNegatives(name="fn", thresholds=[0.6]),
        m.AUC(name="auc"), m.AUC(name="auc_pr", curve="PR"), m.AUC(name="auc_low", num_thresholds=20, summation_method="minoring"),
        m.AUC(name="auc_high", num_thresholds=20, curve="PR", summation_method="majoring"), m.AUC(name="auc_own", thresholds=[0.2, 0.45, 0.5, 0.8]),
        m.BinaryCrossentropy(name="smoothed", label_smoothing=0.2)])}, rate), {"x": x}, {"y": bits}, 16, 4)
    yield Case("metrics_of_classes", "top-k, F scores, metrics of one class", heads({"y": (3, "softmax", "categorical_crossentropy", [
        "accuracy", m.TopKCategoricalAccuracy(k=2), m.F1Score(name="f1_macro", average="macro"), m.F1Score(name="f1_micro", average="micro", threshold=0.35),
        m.FBetaScore(name="f2_weighted", average="weighted", beta=2.0), m.Precision(name="precision_1", class_id=1, thresholds=0.3),
        m.Recall(name="recall_2", class_id=2, thresholds=0.3), m.AUC(name="auc_labels", multi_label=True), "categorical_crossentropy"])}, rate),
        {"x": x}, {"y": one_hot(kinds, 3)}, 16, 4)
    yield Case("metrics_of_weighted_labels", "areas of labels that count more or less", heads({"y": (3, "sigmoid", "binary_crossentropy", [
        label_weighted([0.5, 0.0, 2.0], name="apart", multi_label=True, num_labels=3), label_weighted([0.5, 1.0, 2.0], name="together"),
        label_weighted([0.5, 1.0, 2.0], name="apart_pr", multi_label=True, curve="PR", num_thresholds=20),
        label_weighted([3.0, 1.0, 0.25], name="own", thresholds=[0.3, 0.5, 0.6], curve="PR", summation_method="minoring")])}, rate),
        {"x": x}, {"y": one_hot(kinds, 3)}, 16, 4)
    at = {"num_thresholds": 20}
    yield Case("metrics_of_thresholds", "the best of one measure where another reaches a value", heads({"y": (1, "sigmoid", "binary_crossentropy", [
        m.SensitivityAtSpecificity(0.4, name="sens"), m.SpecificityAtSensitivity(0.6, name="spec", **at), m.PrecisionAtRecall(0.7, name="prec", **at),
        m.RecallAtPrecision(0.5, name="rec"), m.PrecisionAtRecall(0.3, name="one", num_thresholds=1), m.RecallAtPrecision(1.0, name="never", **at),
        m.BinaryIoU(name="iou"), m.BinaryIoU(name="iou_1", target_class_ids=[1], threshold=0.4)])}, rate), {"x": x}, {"y": bits}, 16, 4)
    yield Case("metrics_of_regions", "intersection over union, top_k", heads({"y": (4, "softmax", "categorical_crossentropy", [
        m.OneHotIoU(4, [0, 2], name="iou"), m.OneHotMeanIoU(4, name="mean_iou"), m.OneHotMeanIoU(4, name="without_1", ignore_class=1),
        m.Precision(name="precision_top", top_k=2), m.Recall(name="recall_top", top_k=2), m.Recall(name="recall_top_1", top_k=2, class_id=1),
        m.Precision(name="precision_top_above", top_k=2, thresholds=0.3), m.PrecisionAtRecall(0.5, name="of_one", class_id=2)])}, rate),
        {"x": x}, {"y": one_hot((kinds + 1) % 4, 4)}, 16, 4)
    yield Case("metrics_of_correlation", "explained variance and correlation", heads({"y": (3, "linear", "mse", [
        m.R2Score(name="r2"), m.R2Score(name="r2_weighted", class_aggregation="variance_weighted_average"),
        m.PearsonCorrelation(name="pearson"), m.ConcordanceCorrelation(name="concordance"),
        m.PearsonCorrelation(name="over_batch", axis=0)])}, rate), {"x": x}, {"y": numbers}, 16, 4)
    ties = np.round(x)  # many equal scores
    yield Case("metrics_of_labels", "metrics of integer labels, with ties", heads({"y": (3, "relu", losses.SparseCategoricalCrossentropy(from_logits=True), [
        "accuracy", m.SparseTopKCategoricalAccuracy(k=2), m.SparseCategoricalCrossentropy(name="entropy", from_logits=True),
        m.MeanIoU(3, name="mean_iou", sparse_y_pred=False), m.IoU(3, [0, 2], name="iou", sparse_y_pred=False, ignore_class=2)])}, rate),
        {"x": ties}, {"y": kinds.astype(np.int32)}, 16, 4)
