"""Every layer, drawn with any of its arguments to fit an input of a given shape (without the batch)."""
import math
from dataclasses import dataclass
from typing import Callable

import numpy as np
from keras import layers

from parts import activation, chance, constraint, initializer, layer_options, pick, regularizer, weight_options


@dataclass
class Family:
    """What models are made of."""
    unary: list             # (weight, draw of a layer for one tensor, or None where it does not fit)
    largest: int            # elements of one sample of a tensor
    input_shape: Callable   # of a generator


def axes_of(rng, shape, several=True):
    """An axis of the input, batch included, in either spelling; or several of them."""
    rank = len(shape) + 1
    if several and len(shape) > 1 and chance(rng, 0.4):
        return sorted(rng.sample(range(1, rank), rng.randint(1, len(shape))))
    axis = rng.randint(1, rank - 1)
    return axis if chance(rng, 0.5) else axis - rank


def factorization(rng, size):
    """A shape of one to three extents with this many elements."""
    shape = []
    for _ in range(rng.randint(0, 2)):
        extent = rng.choice([d for d in range(1, size + 1) if size % d == 0])
        shape.append(extent)
        size //= extent
    shape.append(size)
    rng.shuffle(shape)
    return shape


def dense(rng, shape):
    units = rng.randint(1, 6)
    return layers.Dense(units, activation=activation(rng), use_bias=chance(rng, 0.8), **weight_options(rng, ["kernel", "bias"], [2, 1]), **layer_options(rng))


def einsum_dense(rng, shape):
    """By rank: equation, output shape from the input's and new extents, axes that may have a bias."""
    m, n = rng.randint(1, 5), rng.randint(1, 4)
    equations = {
        1: [("ab,bc->ac", (m,), ["c"]), ("ab,bcd->acd", (m, n), ["c", "cd", "d"])],
        2: [("abc,cd->abd", (shape[0], m), ["d", "bd"]), ("abc,bcd->ad", (m,), ["d"]), ("abc,cde->abde", (shape[0], m, n), ["e", "de"]), ("abc,bd->acd", (shape[-1], m), ["d"]),
            ("ab...,bc->ac...", (m, shape[-1]), ["c"])],
        3: [("abcd,cde->abe", (shape[0], m), ["e", "be"]), ("abcd,de->abce", (*shape[:-1], m), ["e", "ce"]), ("abcd,bde->ace", (shape[1:2] + (m,)), ["e"])],
    }
    if len(shape) > 3:
        return None
    equation, output, biases = rng.choice(equations[len(shape)] + ([("...x,xy->...y", m, ["y"])] if len(shape) < 3 else []))
    ranks = [len(equation.split(",")[1].split("->")[0]), 1]
    bias_axes = rng.choice([None, *biases])
    return layers.EinsumDense(equation, output, activation=activation(rng), bias_axes=bias_axes,
                              **weight_options(rng, ["kernel", "bias"] if bias_axes else ["kernel"], ranks), **layer_options(rng))


def re_lu(rng, shape):
    return layers.ReLU(rng.choice([None, 1.5, 6.0]), rng.choice([0.0, 0.1]), rng.choice([0.0, 0.4]), **layer_options(rng))


def p_re_lu(rng, shape):
    shared = rng.choice([None, sorted(rng.sample(range(1, len(shape) + 1), rng.randint(1, len(shape))))])
    options = {"alpha_constraint": constraint(rng, 1)} if chance(rng, 0.15) else {}
    options |= {"alpha_regularizer": regularizer(rng)} if chance(rng, 0.15) else {}
    return layers.PReLU(initializer(rng, 1) if chance(rng, 0.7) else "zeros", shared_axes=shared, **options, **layer_options(rng))


def softmax(rng, shape):
    axis = axes_of(rng, shape)
    return layers.Softmax(tuple(axis) if isinstance(axis, list) else axis)


def reshape(rng, shape):
    target = factorization(rng, math.prod(shape))
    if chance(rng, 0.3):
        target[rng.randrange(len(target))] = -1
    return layers.Reshape(tuple(target))


def batch_normalization(rng, shape):
    names = ["gamma", "beta"]
    options = {"renorm": True, "renorm_momentum": 0.7} | rng.choice([{}, {"renorm_clipping": {"rmax": 2.0, "rmin": 0.5, "dmax": 1.0}}]) if chance(rng, 0.15) else {}
    return layers.BatchNormalization(axis=axes_of(rng, shape, several=False), momentum=rng.choice([0.99, 0.7]), epsilon=rng.choice([1e-3, 0.05]), center=chance(rng, 0.8),
                                     scale=chance(rng, 0.8), **options, **weight_options(rng, names, [1, 1]), **layer_options(rng))


def layer_normalization(rng, shape):
    return layers.LayerNormalization(axis=axes_of(rng, shape), epsilon=rng.choice([1e-3, 0.05]), center=chance(rng, 0.8), scale=chance(rng, 0.8),
                                     **weight_options(rng, ["gamma", "beta"], [1, 1]), **layer_options(rng))


def group_normalization(rng, shape):
    axis = axes_of(rng, shape, several=False)
    extent = (None, *shape)[axis]
    return layers.GroupNormalization(groups=rng.choice([-1] + [g for g in range(1, extent + 1) if extent % g == 0]), axis=axis, epsilon=rng.choice([1e-3, 0.05]),
                                     center=chance(rng, 0.8), scale=chance(rng, 0.8), **weight_options(rng, ["gamma", "beta"], [1, 1]), **layer_options(rng))


def rms_normalization(rng, shape):
    first = rng.randint(1, len(shape))  # Keras scales by the last axes only
    axis = rng.choice([-1, list(range(first, len(shape) + 1))])
    return layers.RMSNormalization(axis, epsilon=rng.choice([1e-6, 0.01]), **layer_options(rng))


def normalization(rng, shape):
    options = {"invert": chance(rng, 0.2)}
    kind = rng.randrange(3)
    if kind == 0:
        return layers.Normalization(axis=None, mean=0.3, variance=1.7, **options)
    axis = rng.choice([-1, axes_of(rng, shape)])
    if kind == 1 and axis == -1:
        width = shape[-1]
        return layers.Normalization(mean=[0.1 * i for i in range(width)], variance=[1 + 0.5 * i for i in range(width)], **options)
    layer = layers.Normalization(axis=tuple(axis) if isinstance(axis, list) else axis, **options)
    layer.adapt(np.random.default_rng(rng.randrange(1000)).normal(0.2, 1.3, size=(16, *shape)).astype("float32"))
    return layer


def rescaling(rng, shape):
    if chance(rng, 0.3):
        return layers.Rescaling([0.5 + 0.25 * i for i in range(shape[-1])], offset=[0.1 * i for i in range(shape[-1])])
    return layers.Rescaling(rng.choice([0.5, -1.25, 2]), offset=rng.choice([0.0, 0.3]))


def repeat_vector(rng, shape):
    return layers.RepeatVector(rng.randint(1, 3)) if len(shape) == 1 else None


def noise(rng, shape):
    """Layers that are random in training, at a rate that leaves the numbers alone."""
    return pick(rng, lambda: layers.Dropout(0.0, noise_shape=rng.choice([None, (None, *[1] * len(shape))])), lambda: layers.GaussianNoise(0.0),
                lambda: layers.GaussianDropout(0.0), lambda: layers.AlphaDropout(0.0))


UNARY = [
    (8, dense), (3, einsum_dense), (2, lambda rng, shape: layers.Activation(activation(rng) or "relu", **layer_options(rng))), (1, re_lu),
    (1, lambda rng, shape: layers.LeakyReLU(rng.choice([0.3, 0.05]), **layer_options(rng))), (1, p_re_lu),
    (1, lambda rng, shape: layers.ELU(rng.choice([1.0, 0.4]), **layer_options(rng))), (1, softmax),
    (1, lambda rng, shape: layers.Permute(rng.sample(range(1, len(shape) + 1), len(shape)))), (2, reshape), (1, lambda rng, shape: layers.Flatten()),
    (1, repeat_vector), (2, batch_normalization), (2, layer_normalization), (1, group_normalization),
    (1, lambda rng, shape: layers.UnitNormalization(axes_of(rng, shape))),
    (1, rms_normalization), (1, normalization),
    (1, rescaling), (1, lambda rng, shape: layers.Identity(**layer_options(rng))), (1, noise),
    (1, lambda rng, shape: layers.ActivityRegularization(rng.choice([0.0, 0.002]), rng.choice([0.0, 0.004]))),
]

ELEMENTWISE = [layers.Add, layers.Subtract, layers.Multiply, layers.Average, layers.Maximum, layers.Minimum]


def input_shape(rng):
    while True:
        shape = tuple(rng.randint(1, 6) if rng.random() < 0.85 else 1 for _ in range(rng.choice([1, 1, 1, 2, 2, 3, 4])))
        if fits(shape):
            return shape


family = ANY = Family(UNARY, 48, input_shape)


def choose(chosen):
    global family
    family = chosen


def fits(shape):
    return math.prod(shape) <= family.largest


def unary(rng, shape):
    """A layer for one tensor of this shape."""
    weights = [w for w, _ in family.unary]
    while True:
        layer = rng.choices(family.unary, weights)[0][1](rng, shape)
        if layer is not None and fits(layer.compute_output_shape((1, *shape))[1:]):
            return layer


def broadcasts(a, b):
    """As the merging layers do it: the shorter shape gets ones behind the batch, then NumPy's rule."""
    short, long = sorted((tuple(a), tuple(b)), key=len)
    short = (1,) * (len(long) - len(short)) + short
    return all(p == q or 1 in (p, q) for p, q in zip(short, long))


def merged(rng, x, others):
    """The result of a merging layer of x and what fits it, or None."""
    shape = x.shape[1:]
    kind = rng.random()
    if kind < 0.55:
        fitting = [t for t in others if broadcasts(shape, t.shape[1:])]
        layer = rng.choice(ELEMENTWISE)(**layer_options(rng))
        count = 1 if isinstance(layer, layers.Subtract) else rng.randint(1, 3)
        tensors = [x]
        for t in rng.sample(fitting, min(count, len(fitting))):
            if all(broadcasts(t.shape[1:], u.shape[1:]) for u in tensors):
                tensors.append(t)
        rng.shuffle(tensors)
        return layer(tensors) if len(tensors) == 2 or (len(tensors) > 2 and not isinstance(layer, layers.Subtract)) else None
    if kind < 0.8:
        axis = rng.randrange(len(shape))
        same = lambda t: len(t.shape) == len(x.shape) and all(i == axis or p == q for i, (p, q) in enumerate(zip(shape, t.shape[1:])))
        fitting = [t for t in others if same(t)]
        tensors = [x] + rng.sample(fitting, min(rng.randint(1, 2), len(fitting)))
        return layers.Concatenate(axis=axis + 1 if chance(rng, 0.5) else axis - len(shape))(tensors) if len(tensors) > 1 else None
    pairs = [(t, i, j) for t in others if len(t.shape) <= 4 and len(x.shape) <= 4 for i, p in enumerate(shape) for j, q in enumerate(t.shape[1:]) if p == q]
    if not pairs:
        return None
    t, i, j = rng.choice(pairs)
    return layers.Dot((i + 1, j + 1) if i != j or chance(rng, 0.5) else i + 1, normalize=chance(rng, 0.4))([x, t])
