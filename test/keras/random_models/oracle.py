"""What Keras makes of a model, and how far its own rounding takes it from there.

A folder holds one seed: model.keras, x.npz, y.npz, expected.npz, spread.npz, about.json. The keys of the last two archives are `start/NAME` and `end/NAME` (predictions of
an output before and after training), `history/KEY` (one value an epoch), `weight/I` and `optimizer/I` (as get_weights and optimizer.variables order them).

`spread` is the largest difference, element by element, between the training and three others that mathematics cannot tell from it: weights and data are
multiplied by 1 ± 2^-23, the size of one rounding error. What that moves far is not determined in float32 (a bias in front of a BatchNormalization, whose gradient is
zero but for rounding), and no two implementations agree on it.
"""
import json

import keras
import numpy as np
import tensorflow

from compare import difference
from models import EPOCHS, make, output_names

TWINS = 3


def single(values):
    return values[0] if len(values) == 1 else values


def predictions(model, x):
    y = model(single([x[t.name] for t in model.inputs]), training=False)
    return dict(zip(output_names(model), map(np.asarray, y if isinstance(y, list) else [y])))


def prepare(model, x, y):
    """Makes the variables of optimizer, losses and metrics, so that TensorFlow need not trace the training step twice."""
    if not model.optimizer.built:
        model.optimizer.build(model.trainable_variables)
    xs, ys = single([x[t.name] for t in model.inputs]), single([y[n] for n in output_names(model)])
    outputs = model(xs, training=False)
    model.compute_loss(xs, ys, outputs)
    model.compute_metrics(xs, ys, outputs)


def fit(model, x, y, batch_size, epochs=EPOCHS):
    xs, ys = tuple(x[t.name] for t in model.inputs), tuple(y[n] for n in output_names(model))
    data = tensorflow.data.Dataset.from_tensor_slices((single(xs), single(ys))).batch(batch_size)  # five times as fast as arrays
    return model.fit(data, epochs=epochs, shuffle=False, verbose=0).history


def numbers_of(model, x):
    """All numbers that a trained model has."""
    found = {f"end/{n}": p for n, p in predictions(model, x).items()}
    found |= {f"weight/{i}": w for i, w in enumerate(model.get_weights())}
    return found | {f"optimizer/{i}": np.asarray(v) for i, v in enumerate(model.optimizer.variables)}


def reopened(path, x):
    """All numbers of a trained model in a file."""
    return numbers_of(keras.saving.load_model(path), x)


def train(model, x, y, batch_size):
    history = fit(model, x, y, batch_size)
    return {f"history/{k}": np.asarray(v) for k, v in history.items()} | numbers_of(model, x), list(history)


def jitter(draw, array):
    """One rounding error up or down."""
    array = np.asarray(array)
    return array if array.dtype.kind != "f" else (array * (1 + draw.choice([-1.0, 1.0], size=array.shape) * 2.0**-23)).astype(array.dtype)


def rouse(model):
    """Gives the layers that are random in training a rate: predictions must not notice."""
    for layer in model._flatten_layers():
        for name in ("rate", "stddev"):
            if getattr(layer, name, None) == 0.0:
                setattr(layer, name, 0.3)


def describe(model, indent=""):
    """One line a layer, those of nested models indented: class, name, arguments that are not the default, what it is called on, shapes of its results."""
    hidden = {"name", "dtype", "layers", "input_layers", "output_layers", "build_input_shape", "batch_shape"}
    defaults = {"trainable": True, "use_bias": True, "activation": "linear", "center": True, "scale": True}
    simple = lambda value: value["class_name"] if isinstance(value, dict) and "class_name" in value else value
    lines = []
    for layer in model.layers:
        given = {k: simple(v) for k, v in layer.get_config().items() if k not in hidden and v is not None and v != defaults.get(k)}
        arguments = ", ".join(f"{k}={v}" for k, v in given.items() if v not in ("GlorotUniform", "Zeros", "Ones"))
        sources = [t._keras_history.operation.name for node in layer._inbound_nodes for t in node.input_tensors]
        shapes = [t.shape for node in layer._inbound_nodes for t in node.output_tensors]
        lines.append(f"{indent}{type(layer).__name__} {layer.name}({arguments}) of {sources} -> {shapes}")
        if isinstance(layer, keras.Model):
            lines += describe(layer, indent + "  ")
    return lines


def write(seed, folder, steps=None):
    """Makes the folder of a seed; what describes it."""
    sample = make(seed, steps)
    model, x, y, batch_size = sample.model, sample.x, sample.y, sample.batch_size
    if seed % 4 == 0:  # a file whose optimizer is under way
        prepare(model, x, y)
        fit(model, x, y, batch_size, epochs=1)
    folder.mkdir(parents=True, exist_ok=True)
    predict_only = seed % 10 == 9
    if predict_only:
        rouse(model)
    model.save(folder / "model.keras")
    about = {"seed": seed, "batch_size": batch_size, "layers": describe(model), "compile": json.loads(json.dumps(model.get_compile_config(), default=str)),
             "weights": [v.path for v in model.weights], "predict_only": predict_only}
    # The file is what both sides go by: Keras's configs leave some arguments out (a Huber loss's delta).
    model = keras.saving.load_model(folder / "model.keras")
    x = dict(zip([t.name for t in model.inputs], x.values()))  # a Sequential's input is called otherwise now
    np.savez(folder / "x.npz", **x)
    np.savez(folder / "y.npz", **y)
    prepare(model, x, y)
    about["optimizer"] = [v.path for v in model.optimizer.variables]
    state = model.variables + model.optimizer.variables
    begin = [np.asarray(v) for v in state]
    start = lambda data: {f"start/{n}": p for n, p in predictions(model, data).items()}
    expected, spread = start(x), {}
    if not predict_only:
        trained, about["history"] = train(model, x, y, batch_size)
        expected |= trained
    for twin in range(TWINS):
        draw = np.random.default_rng((seed, twin))
        for variable, value in zip(state, begin):
            variable.assign(jitter(draw, value))
        data = {name: jitter(draw, value) for name, value in x.items()}
        other = start(data)
        if not predict_only:
            other |= train(model, data, y, batch_size)[0]
        for key, value in other.items():
            spread[key] = np.maximum(spread.get(key, 0), difference(value, expected[key]))
    np.savez(folder / "expected.npz", **expected)
    np.savez(folder / "spread.npz", **spread)
    (folder / "about.json").write_text(json.dumps(about, indent=1))
    return about
