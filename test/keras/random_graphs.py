#!/usr/bin/env python3
"""Random models, saved by real Keras, trained by Cornu and by Keras: both must end alike. Run by hand where Keras is installed:

  venv/bin/python test/keras/random_graphs.py [--cornu build/release/tools/cornu] [--count N] [--seed N]

The graphs have several inputs and outputs, shared layers, nested models called more than once, frozen layers: what decides the order in which weights and optimizer
slots are stored. What Cornu saved is opened by Keras, whose weights and optimizer variables are compared one by one. Exit status 1 on any difference.
"""
import argparse
import os
import pathlib
import random
import subprocess
import sys
import tempfile

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras import layers  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]


def dense(rng, units):
    return layers.Dense(units, activation=rng.choice(["relu", "tanh", "sigmoid", None]), use_bias=rng.random() < 0.8, trainable=rng.random() < 0.85)


def submodel(rng, width, depth):
    start = keras.Input((width,))
    if rng.random() < 0.5:
        model = keras.Sequential([start] + [dense(rng, width) for _ in range(rng.randint(1, 3))])
    else:
        model = keras.Model(start, grow(rng, [start], width, rng.randint(1, 4), depth + 1)[-1])
    if rng.random() < 0.15:
        model.trainable = False
    return model


def grow(rng, tensors, width, steps, depth=0):
    """Adds `steps` calls to the pool of tensors, which all have shape (batch, width)."""
    tensors, callables = list(tensors), []
    for _ in range(steps):
        kind, x = rng.random(), rng.choice(tensors)
        if kind < 0.35:
            callables.append(dense(rng, width))
            tensors.append(callables[-1](x))
        elif kind < 0.5 and callables:
            tensors.append(rng.choice(callables)(x))
        elif kind < 0.62 and depth < 2:
            callables.append(submodel(rng, width, depth))
            tensors.append(callables[-1](x))
        elif kind < 0.75:
            tensors.append(layers.Add()([x] + [rng.choice(tensors) for _ in range(rng.randint(1, 2))]))
        elif kind < 0.88:
            tensors.append(dense(rng, width)(layers.Concatenate()([x, rng.choice(tensors)])))
        else:
            tensors.append(layers.Activation(rng.choice(["relu", "tanh"]))(layers.Flatten()(layers.Reshape((1, width))(x))))
    return tensors


def random_model(rng):
    keras.backend.clear_session()
    width = rng.choice([2, 3, 5])
    inputs = [keras.Input((width,), name=name) for name in rng.sample(["a", "b", "c"], rng.randint(1, 3))]
    tensors = grow(rng, inputs, width, rng.randint(3, 9))
    # Every input must lead to an output, every weight to the loss.
    rest = tensors[len(inputs):]
    outputs = [layers.Dense(1, name="all")(layers.Concatenate()(tensors))]
    outputs += [layers.Dense(2, name=f"out{i}")(t) for i, t in enumerate(rng.sample(rest, min(len(rest), rng.randint(0, 2))))]
    rng.shuffle(outputs)
    model = keras.Model(inputs, outputs)
    optimizer = rng.choice([lambda: keras.optimizers.SGD(0.002, momentum=0.9), lambda: keras.optimizers.RMSprop(0.001, momentum=0.5, centered=True),
                            lambda: keras.optimizers.SGD(keras.optimizers.schedules.InverseTimeDecay(0.01, 10.0, 0.5))])()
    model.compile(optimizer, "mse")
    return model


def predictions(model, x):
    y = model.predict(x, verbose=0)
    return y if isinstance(y, list) else [y]


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cornu", default=ROOT / "build" / "release" / "tools" / "cornu")
    parser.add_argument("--count", type=int, default=20)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    failed = 0
    for seed in range(options.seed, options.seed + options.count):
        rng = random.Random(seed)
        keras.utils.set_random_seed(seed)
        model = random_model(rng)
        draw = np.random.default_rng(seed)
        x = [draw.normal(size=(12,) + t.shape[1:]).astype("float32") for t in model.inputs]
        y = [draw.normal(size=(12,) + t.shape[1:]).astype("float32") for t in model.outputs]
        fit = lambda: model.fit(x, y, batch_size=5, epochs=2, shuffle=False, verbose=0)
        with tempfile.TemporaryDirectory() as scratch:
            fit()  # so that the file holds slots that are not zero
            model.save(f"{scratch}/start.keras")
            np.savez(f"{scratch}/x.npz", **{t.name: v for t, v in zip(model.inputs, x)})
            np.savez(f"{scratch}/y.npz", **{name: v for name, v in zip(model.output_names, y)})
            done = subprocess.run([options.cornu, "train", f"{scratch}/start.keras", "--x", f"{scratch}/x.npz", "--y", f"{scratch}/y.npz",
                                   "--batch-size", "5", "--epochs", "2", "--no-shuffle", "--save", f"{scratch}/end.keras"], capture_output=True, text=True)
            if done.returncode:
                failed += 1
                print(f"seed {seed}: {done.stderr.strip()}", flush=True)
                continue
            ours = keras.saving.load_model(f"{scratch}/end.keras")
        fit()
        pairs = list(zip(model.get_weights(), ours.get_weights())) + [(np.asarray(a), np.asarray(b)) for a, b in zip(model.optimizer.variables, ours.optimizer.variables)]
        same = len(model.optimizer.variables) == len(ours.optimizer.variables) and all(a.shape == b.shape for a, b in pairs)
        worst = max((float(np.max(np.abs(a - b) / np.maximum(1, np.abs(a)), initial=0)) for a, b in pairs), default=0) if same else float("inf")
        worst = max([worst] + [float(np.max(np.abs(p - q) / np.maximum(1, np.abs(p)))) for p, q in zip(predictions(model, x), predictions(ours, x))]) \
            if same else worst
        failed += not worst <= 1e-4
        print(f"seed {seed}: {len(model.layers)} layers, {len(pairs)} arrays, deviation {worst:.1e}{'' if worst <= 1e-4 else '   DEVIATES'}", flush=True)
    sys.exit(1 if failed else 0)


main()
