#!/usr/bin/env python3
"""Trains small models with real Keras and writes down what came out: one folder here for each case.

  python3 -m venv venv && venv/bin/pip install keras tensorflow-cpu
  venv/bin/python test/goldens/make_goldens.py [CASE ...]           write all cases, or those named
  venv/bin/python test/goldens/make_goldens.py --verify [CASE ...]  train again and print the largest deviation from what is written;
                                                                    KERAS_BACKEND=jax shows what another implementation of Keras deviates

A case holds
  model.keras      compiled model as Keras saved it, archive recompressed; cases named resume_* have trained already
  x.npz, y.npz     data, keyed by input and by output name
  weights.npz      sample weights, keyed by output name; only if there are any
  start.npz        predictions of model.keras on all of x, keyed by output name
  final.npz        after training: "0", "1", … the model's weights in the order of get_weights, "optimizer/0", … the optimizer's variables.
                   A large array is stored flat, every stride-th element; expected.json has stride, sum and sum of squares of the whole
  expected.json    batch_size, epochs, validation_split (no shuffling), history of fit (a number an epoch, or a list of numbers), losses step by step ("step_loss", none where epochs are not passes over the data),
                   further options of fit ("fit"; validation_rows: validation_data are these first rows)
"""
import json
import os
import pathlib
import shutil
import sys
import tempfile
import zipfile

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras  # noqa: E402
import numpy as np  # noqa: E402

import cases  # noqa: E402

HERE = pathlib.Path(__file__).resolve().parent
LARGE = 8192  # elements; a larger array is stored thinned out
STRIDE = 61   # prime, so that no column of a matrix is left out
HUGE, SPARSE = 4_000_000, 509  # the same of the largest


def recompress(source, target):
    """Keras stores the members of its archive as they are. Deflate makes the small numbers of our weights small on disk."""
    with zipfile.ZipFile(source) as old, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new:
        for name in old.namelist():
            new.writestr(zipfile.ZipInfo(name), old.read(name), zipfile.ZIP_DEFLATED, 9)


def pick(arrays, names, rows):
    return {name: arrays[name][rows] for name in names}


def outputs_of(model, x):
    y = model.predict(x, verbose=0, batch_size=len(next(iter(x.values()))))
    return dict(zip(cases.output_names(model), y if isinstance(y, list) else [y]))


def optimizer_variables(model):
    return [np.asarray(v) for v in model.optimizer.variables]


def fit(model, case, x, y, weights, **options):
    # A list in the model's order: dictionaries and lists mean the same, and one array stands for a list of one.
    ordered = lambda arrays, names: [arrays[n] for n in names]
    single = lambda arrays: arrays[0] if len(arrays) == 1 else arrays
    xs, ys = ordered(x, cases.input_names(model)), ordered(y, cases.output_names(model))
    ws = single(ordered(weights, cases.output_names(model))) if weights else None
    if rows := options.pop("validation_rows", None):
        head = lambda data: [array[:rows] for array in data] if isinstance(data, list) else data[:rows]
        options["validation_data"] = (head(single(xs)), head(single(ys))) + ((head(ws),) if weights else ())
    return model.fit(single(xs), single(ys), sample_weight=ws, shuffle=False, verbose=0, **options).history


def train(case, path):
    """The history of one fit, and the loss of each of its steps from a second run that is fed one batch at a time."""
    model = keras.saving.load_model(path)
    x, y, w = case.x, case.y, case.weights
    start = outputs_of(model, x)
    history = fit(model, case, x, y, w, batch_size=case.batch_size, epochs=case.epochs, validation_split=case.validation_split, **case.fit)
    weights, state = model.get_weights(), optimizer_variables(model)

    if not case.stepped:
        return start, history, [], weights, state
    stepped = keras.saving.load_model(path)
    rows = len(next(iter(x.values())))
    rows = int(rows * (1 - case.validation_split)) if case.validation_split else rows
    losses, counts = [], []
    for _ in range(case.epochs):
        for begin in range(0, rows, case.batch_size):
            part = slice(begin, min(begin + case.batch_size, rows))
            log = fit(stepped, case, pick(x, x, part), pick(y, y, part), pick(w, w, part), batch_size=case.batch_size, epochs=1, **case.fit)
            losses.append(log["loss"][0])
            counts.append(part.stop - part.start)
    per_epoch = len(losses) // case.epochs
    for epoch, loss in enumerate(history["loss"]):
        steps = slice(epoch * per_epoch, (epoch + 1) * per_epoch)
        mean = np.average(losses[steps], weights=counts[steps])
        assert abs(mean - loss) <= 2e-6 * abs(loss), (case.name, epoch, mean, loss)
    for one, other in zip(weights, stepped.get_weights()):
        np.testing.assert_allclose(one, other, rtol=1e-6, atol=1e-6)
    return start, history, losses, weights, state


def numbers(values):
    """A value an epoch, each a number or, of a metric that has several, a list."""
    return np.asarray(values, np.float64).tolist()


def stride_of(array):
    return SPARSE if array.size > HUGE else STRIDE if array.size > LARGE else 1


def thin(array):
    return array.reshape(-1)[::stride_of(array)] if array.size > LARGE else array


def describe(array, name):
    wide = array.astype(np.float64)
    return {"name": name, "shape": list(array.shape), "stride": stride_of(array), "sum": float(wide.sum()),
            "sum_of_squares": float((wide * wide).sum())}


def write(case):
    folder = HERE / case.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    keras.utils.clear_session()
    keras.utils.set_random_seed(case.seed)
    with tempfile.TemporaryDirectory() as scratch:
        path = f"{scratch}/model.keras"
        case.build().save(path)
        recompress(path, folder / "model.keras")
    start, history, losses, weights, state = train(case, folder / "model.keras")
    model = keras.saving.load_model(folder / "model.keras")
    np.savez_compressed(folder / "x.npz", **case.x)
    np.savez_compressed(folder / "y.npz", **case.y)
    if case.weights:
        np.savez_compressed(folder / "weights.npz", **case.weights)
    np.savez_compressed(folder / "start.npz", **start)
    finals = {str(i): thin(w) for i, w in enumerate(weights)} | {f"optimizer/{i}": thin(v) for i, v in enumerate(state)}
    np.savez_compressed(folder / "final.npz", **finals)
    expected = {
        "keras": keras.__version__, "about": case.about, "batch_size": case.batch_size, "epochs": case.epochs,
        "validation_split": case.validation_split, "fit": case.fit, "inputs": cases.input_names(model), "outputs": cases.output_names(model),
        "history": {key: numbers(values) for key, values in history.items()}, "step_loss": losses,
        "weights": [describe(w, v.path) for w, v in zip(weights, model.weights)],
        "optimizer": [describe(w, v.path) for w, v in zip(state, model.optimizer.variables)],
    }
    (folder / "expected.json").write_text(json.dumps(expected, indent=1) + "\n")
    size = sum(f.stat().st_size for f in folder.iterdir())
    print(f"{case.name:32} {size / 1024:7.1f} KB   loss {history['loss'][0]:.6f} -> {history['loss'][-1]:.6f}", flush=True)


def verify(case):
    folder = HERE / case.name
    _, history, losses, weights, state = train(case, folder / "model.keras")
    expected = json.loads((folder / "expected.json").read_text())
    final = np.load(folder / "final.npz")
    relative = lambda new, old: float(np.max(np.abs(np.asarray(new) - old) / np.maximum(np.abs(old), 1e-9), initial=0))
    spread = lambda arrays, prefix: max([float(np.max(np.abs(thin(a) - final[f"{prefix}{i}"]), initial=0)) for i, a in enumerate(arrays)], default=0)
    metrics = max(relative(history[k], v) for k, v in expected["history"].items())
    print(f"{case.name:32} step loss {relative(losses, expected['step_loss']):.1e}   history {metrics:.1e}   weights {spread(weights, ''):.1e}"
          f"   optimizer {spread(state, 'optimizer/'):.1e}", flush=True)


def main():
    names = [a for a in sys.argv[1:] if a != "--verify"]
    known = {case.name: case for case in cases.all_cases()}
    for name in names:
        if name not in known:
            sys.exit(f"make_goldens: unknown case '{name}'. Known: {', '.join(known)}")
    for name in names or known:
        (verify if "--verify" in sys.argv else write)(known[name])


main()
