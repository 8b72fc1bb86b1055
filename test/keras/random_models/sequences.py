"""Random models of sequences: Embedding, Masking, recurrent layers and their cells, Bidirectional, TimeDistributed, what masks do on the way."""
import random

import keras
from keras import layers

from parts import activation, chance, initializer, layer_options, pick, regularizer, weight_options

FIRST_SEED = 100_000  # from here on seeds are of this family
WORDS = 9             # numbers in a text are below
ACTIVATIONS = ["tanh", "tanh", "sigmoid", "relu", "softsign", "linear", "elu"]
GATES = ["sigmoid", "sigmoid", "hard_sigmoid", "tanh"]


def gate_options(rng, kind, units):
    """Of a recurrent layer or of its cell."""
    options = {"units": units, "use_bias": chance(rng, 0.8)} | weight_options(rng, ["kernel", "recurrent", "bias"], [2, 2, 1], often=0.07)
    if chance(rng, 0.4):
        options["activation"] = rng.choice(ACTIVATIONS)
    if kind != "SimpleRNN" and chance(rng, 0.3):
        options["recurrent_activation"] = rng.choice(GATES)
    if kind == "LSTM":
        options["unit_forget_bias"] = chance(rng, 0.7)
    if kind == "GRU":
        options["reset_after"] = chance(rng, 0.5)
    return options


def loop_options(rng, **more):
    flags = {"go_backwards": 0.25, "unroll": 0.2, "zero_output_for_mask": 0.2}
    return {name: True for name, often in flags.items() if chance(rng, often)} | more


def cell(rng):
    kind = rng.choice(["SimpleRNN", "GRU", "LSTM"])
    return getattr(layers, f"{kind}Cell")(**gate_options(rng, kind, rng.randint(1, 3)))


def recurrent(rng, **loop):
    """A layer that keeps the states of one cell or of several."""
    if chance(rng, 0.2):
        inner = pick(rng, lambda: cell(rng), lambda: [cell(rng) for _ in range(rng.randint(1, 3))], lambda: layers.StackedRNNCells([cell(rng), cell(rng)]))
        return layers.RNN(inner, **loop_options(rng, **loop), **layer_options(rng))
    kind = rng.choice(["SimpleRNN", "GRU", "LSTM", "LSTM"])
    return getattr(layers, kind)(**gate_options(rng, kind, rng.randint(1, 4)), **loop_options(rng, **loop), **layer_options(rng))


def both_ways(rng, **loop):
    kind = rng.choice(["SimpleRNN", "GRU", "LSTM"])
    make = lambda kind, units, **more: getattr(layers, kind)(**gate_options(rng, kind, units), **more, **loop)
    units = rng.randint(1, 3)
    backward = {"backward_layer": make(rng.choice(["SimpleRNN", "GRU"]), units, go_backwards=True)} if chance(rng, 0.3) else {}
    return layers.Bidirectional(make(kind, units), merge_mode=rng.choice(["concat", "concat", "sum", "mul", "ave"]), **backward)


def of_each_step(rng, features):
    """A layer or a model on every step."""
    def model():
        return keras.Sequential([layers.Input((features,)), layers.Dense(rng.randint(1, 4), activation="tanh"), layers.LayerNormalization()])
    return layers.TimeDistributed(pick(rng, lambda: layers.Dense(rng.randint(1, 4), activation=activation(rng)), model, lambda: layers.BatchNormalization(momentum=0.7),
                                       lambda: layers.Dropout(0.0)))


def plain(rng):
    """Layers that leave steps where they are."""
    return pick(rng, lambda: layers.Dense(rng.randint(1, 4), activation=activation(rng), **layer_options(rng)), lambda: layers.Activation("tanh"), lambda: layers.Dropout(0.0),
                lambda: layers.LayerNormalization(), lambda: layers.BatchNormalization(momentum=0.7), lambda: layers.Identity(), lambda: layers.UnitNormalization())


class Growth:
    """A pool of sequences (batch, steps, features) that grows layer by layer, and the states that recurrent layers return."""

    def __init__(self, rng, sequences):
        self.rng, self.pool, self.states = rng, list(sequences), []

    def grow(self, steps):
        for _ in range(steps):
            self.step(random.Random(self.rng.getrandbits(32)))
        return self.pool

    def step(self, rng):
        x = self.pool[-1] if chance(rng, 0.6) else rng.choice(self.pool)
        kind = rng.random()
        if kind < 0.15 and len(self.pool) > 1:
            fitting = [t for t in self.pool if t is not x and t.shape[1] == x.shape[1]]
            if fitting:
                y = rng.choice(fitting)
                same = [layers.Add, layers.Multiply, layers.Average, layers.Maximum, layers.Minimum, layers.Subtract] if y.shape == x.shape else []
                return self.pool.append(rng.choice(same + [layers.Concatenate])()([x, y]))
        if kind < 0.2:
            return self.pool.append(layers.Masking()(layers.ReLU()(x)))
        if kind < 0.55:
            return self.pool.append(self.run(rng, recurrent(rng, return_sequences=True), x))
        if kind < 0.65:
            return self.remember(rng, x)
        if kind < 0.75:
            return self.pool.append(both_ways(rng, return_sequences=True)(x))
        self.pool.append((of_each_step(rng, x.shape[-1]) if kind < 0.87 else plain(rng))(x))

    def run(self, rng, layer, x):
        """The layer, perhaps from the state that another has left."""
        if isinstance(layer, (layers.SimpleRNN, layers.GRU)) and chance(rng, 0.3):
            fitting = [s for s in self.states if s.shape[-1] == layer.units]
            if fitting:
                return layer(x, initial_state=rng.choice(fitting))
        return layer(x)

    def remember(self, rng, x):
        kind = rng.choice(["SimpleRNN", "GRU", "LSTM"])
        y, *states = getattr(layers, kind)(**gate_options(rng, kind, rng.randint(1, 4)), return_sequences=True, return_state=True)(x)
        self.pool.append(y)
        self.states += states


def source(rng, name, steps):
    """An input and the sequence made of it."""
    if chance(rng, 0.6):
        x = layers.Input((steps,), name=name, dtype="int32")
        options = {"embeddings_regularizer": regularizer(rng)} if chance(rng, 0.1) else {}
        return x, layers.Embedding(WORDS, rng.randint(1, 5), initializer(rng, 2), mask_zero=chance(rng, 0.6), **options)
    x = layers.Input((steps, rng.randint(1, 4)), name=name)
    return x, layers.Masking() if chance(rng, 0.2) else None


def ending(rng, x):
    """What the last layers take: the whole sequence, or something made of all its steps."""
    masked = getattr(x, "_keras_mask", None) is not None  # the mean of a sample without a step left would be NaN
    return pick(rng, lambda: x, lambda: recurrent(rng)(x), lambda: recurrent(rng)(x), lambda: both_ways(rng)(x), lambda: x if masked else layers.GlobalAveragePooling1D()(x),
                lambda: layers.Flatten()(x))


def functional(rng, draw, steps, head):
    """A model and its heads, as models.functional makes them."""
    length = rng.randint(1, 6)
    names = rng.sample(["a", "b", "text", "title"], rng.choice([1, 1, 2]))
    inputs, sequences, shared = [], [], None
    for name in names:
        x, layer = source(rng, name, length if chance(rng, 0.8) else length + 1)
        if x.dtype == "int32":
            shared = layer = shared if shared and chance(rng, 0.6) else layer  # one table for all texts
        inputs.append(x)
        sequences.append(layer(x) if layer else x)
    pool = Growth(rng, sequences).grow(steps)
    ends = [ending(draw, pool[-1])]
    unused = [s for s in sequences[:-1] if s is not pool[-1]]
    flat = lambda t: layers.Flatten()(t) if len(t.shape) > 2 else t
    if unused:  # so that every input leads to an output
        ends = [layers.Concatenate()([flat(t) for t in [ends[0], *(recurrent(draw)(s) for s in unused)]])]
    if chance(draw, 0.25):
        ends.append(draw.choice(pool))
    heads = [head(draw, t, f"out_{i}") for i, t in enumerate(ends)]
    outputs = [h.tensor for h in heads]
    return keras.Model(inputs if len(inputs) > 1 else inputs[0], outputs if len(outputs) > 1 else outputs[0]), heads
