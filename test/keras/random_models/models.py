"""The model of a seed, compiled, with its data."""
import random
from dataclasses import dataclass

import keras
import numpy as np
from keras import layers

import catalogue
import images
import sequences
from catalogue import unary
from graphs import Growth
from heads import compile_arguments, head
from parts import chance, optimizer

EPOCHS = 5


@dataclass
class Sample:
    model: keras.Model
    x: dict           # by input name
    y: dict           # by output name
    batch_size: int


def output_names(model):
    """The layers that give the outputs; a Sequential has no output_names of its own."""
    return [tensor._keras_history.operation.name for tensor in model.outputs]


def sequential(rng, draw, steps):
    shape = catalogue.family.input_shape(rng)
    model = keras.Sequential([layers.Input(shape)])
    for _ in range(max(steps, 1)):
        model.add(unary(random.Random(rng.getrandbits(32)), shape))
        shape = tuple(model.output_shape[1:])
    ending = head(draw, model.outputs[0], "y")
    for tensor in chain(model.outputs[0], ending.tensor):
        model.add(tensor._keras_history.operation)
    return model, [ending]


def chain(start, end):
    """The tensors between two of a chain of layers, the start left out."""
    tensors = []
    while end is not start:
        tensors.append(end)
        end = end._keras_history.operation._inbound_nodes[-1].input_tensors[0]
    return reversed(tensors)


def functional(rng, draw, steps):
    shapes = [catalogue.family.input_shape(rng)]
    for _ in range(rng.choice([0, 0, 1, 2])):
        shapes.append(shapes[0] if chance(rng, 0.5) else catalogue.family.input_shape(rng))
    names = rng.sample(["a", "b", "c", "left", "right"], len(shapes))
    inputs = [layers.Input(shape, name=name, dtype="int32" if chance(rng, 0.05) else None) for shape, name in zip(shapes, names)]
    starts = [layers.Rescaling(0.25)(t) if t.dtype == "int32" else t for t in inputs]
    growth = Growth(rng, starts).grow(steps)
    ends = growth.ends()
    if len(ends) > 1:  # so that every input and weight leads to an output
        ends = [layers.Concatenate()([layers.Flatten()(t) if len(t.shape) > 2 else t for t in ends])]
    rest = [t for t in growth.pool if t is not ends[0]]
    ends += draw.sample(rest, min(len(rest), draw.choice([0, 0, 1, 2])))
    heads = [head(draw, t, f"out_{i}") for i, t in enumerate(ends)]
    draw.shuffle(heads)
    outputs = [h.tensor for h in heads]
    single = len(outputs) == 1 and chance(draw, 0.7)
    return keras.Model(inputs if len(inputs) > 1 else inputs[0], outputs[0] if single else outputs), heads


def make(seed, steps=None):
    """The model that this seed gives; with `steps`, cut off after so many layers."""
    keras.backend.clear_session()
    keras.utils.set_random_seed(seed)
    rng, draw = random.Random(f"{seed} graph"), random.Random(f"{seed} heads")
    wanted = rng.randint(1, 6)
    wanted = wanted if steps is None else min(steps, wanted)
    catalogue.choose(images.FAMILY if seed >= images.FIRST_SEED else catalogue.ANY)
    if sequences.FIRST_SEED <= seed < images.FIRST_SEED:
        model, heads = sequences.functional(rng, draw, wanted, head)
    else:
        model, heads = (sequential if chance(rng, 0.15) else functional)(rng, draw, wanted)
    names = output_names(model)
    model.compile(optimizer(random.Random(f"{seed} optimizer")), **compile_arguments(draw, names, heads, named=not isinstance(model, keras.Sequential)), jit_compile=False)
    numbers = np.random.default_rng(seed)
    rows = draw.choice([7, 12, 13])
    value = lambda t: (numbers.integers(0, sequences.WORDS, size=(rows, *t.shape[1:])) if t.dtype == "int32" else numbers.normal(size=(rows, *t.shape[1:]))).astype(t.dtype)
    x = {t.name: value(t) for t in model.inputs}
    y = {name: h.targets(numbers, (rows, *t.shape[1:])) for name, t, h in zip(names, model.outputs, heads)}
    y = {name: v if v.dtype == np.int32 else v.astype("float32") for name, v in y.items()}
    return Sample(model, x, y, draw.choice([3, 4, 5]))
