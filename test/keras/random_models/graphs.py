"""Random graphs of layers. The first n steps of a seed's growth are the same however many follow, so that a failing model can be made smaller."""
import random

import keras
from keras import layers

from catalogue import fits, merged, unary
from parts import chance


class Growth:
    """A pool of tensors that grows by calls of layers and of nested models, some of which have been called before."""

    def __init__(self, rng, inputs, depth=0):
        self.rng, self.pool, self.depth = rng, list(inputs), depth
        self.callables = []  # (layer or model, shapes of its inputs)
        self.used = set()    # ids of the tensors that some layer has taken

    def grow(self, steps):
        for _ in range(steps):
            self.step()
        return self

    def step(self):
        # A generator for each step: what one draws does not depend on how much the others drew.
        rng = random.Random(self.rng.getrandbits(32))
        x = self.pool[-1] if chance(rng, 0.5) else rng.choice(self.pool)
        kind = rng.random()
        if kind < 0.2 and len(self.pool) > 1:
            y = merged(rng, x, [t for t in self.pool if t is not x])
            if y is not None and fits(y.shape[1:]):
                return self.add(y, [x])
        if kind < 0.3 and self.callables:
            function, shapes = rng.choice(self.callables)
            tensors = [[t for t in self.pool if tuple(t.shape[1:]) == shape] for shape in shapes]
            if all(tensors):
                return self.call(function, [rng.choice(fitting) for fitting in tensors])
        if 0.3 < kind < 0.42 and self.depth < 2:
            function, arity = nested(rng, tuple(x.shape[1:]), self.depth + 1)
            fitting = [t for t in self.pool if t.shape == x.shape]
            tensors = [x] + [rng.choice(fitting) for _ in range(arity - 1)]
        else:
            function, tensors = unary(rng, tuple(x.shape[1:])), [x]
        self.callables.append((function, [tuple(t.shape[1:]) for t in tensors]))
        self.call(function, tensors)

    def call(self, function, tensors):
        results = function(tensors if len(tensors) > 1 else tensors[0])
        for result in results if isinstance(results, list) else [results]:
            self.add(result, tensors)

    def add(self, result, sources):
        self.used |= {id(t) for t in sources}
        self.pool.append(result)

    def ends(self):
        """The tensors that nothing has taken."""
        return [t for t in self.pool if id(t) not in self.used]


def nested(rng, shape, depth):
    """A model to be called like a layer, and how many tensors it takes, all of this shape."""
    if chance(rng, 0.4):
        stack, model = [], keras.Sequential([layers.Input(shape)])
        for _ in range(rng.randint(1, 3)):
            stack.append(unary(rng, shape))
            model.add(stack[-1])
            shape = tuple(model.output_shape[1:])
        arity = 1
    else:
        arity = 2 if chance(rng, 0.3) else 1
        inputs = [layers.Input(shape) for _ in range(arity)]
        growth = Growth(rng, inputs, depth).grow(rng.randint(1, 4))
        outputs = [growth.pool[-1]]
        more = [t for t in growth.pool[arity:-1]]
        if more and chance(rng, 0.25):
            outputs.append(rng.choice(more))
        model = keras.Model(inputs if arity > 1 else inputs[0], outputs if len(outputs) > 1 else outputs[0])
    if chance(rng, 0.1):
        model.trainable = False
    return model, arity
