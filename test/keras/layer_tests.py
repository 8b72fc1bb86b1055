#!/usr/bin/env python3
"""The layers that Keras's own tests make, in Keras and in Cornu. Run by hand where Keras is installed:

  venv/bin/python test/keras/layer_tests.py [--cornu build/release/tools/cornu] [--keep FOLDER] [FILE-PATTERN ...]

Keras's wheel holds a test file beside each layer (keras/src/layers/**/*_test.py), nearly all of whose cases call `run_layer_test(layer class, arguments,
input shape)`. Here that call makes a model of the one layer instead, with random weights; Keras predicts and takes two training steps, and Cornu does so
from the file. Prints one line a case that is not the same, and how many were; exit status 1 if any deviates by more than 1e-4 or makes Cornu fail.
What Cornu declines with a message of the user's kind is listed as refused.
"""
import argparse
import collections
import fnmatch
import importlib
import inspect
import os
import pathlib
import subprocess
import sys
import tempfile
import unittest

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras  # noqa: E402
import numpy as np  # noqa: E402
from keras.src import tree  # noqa: E402
from keras.src.testing import test_case  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
TOLERANCE = 1e-4
BATCH = 4
REFUSED = 1   # exit status of the driver for what a user may mend; a crash has another


class Skipped(Exception):
    """A case that is no model of one layer."""


def example(shape, dtype, layer, rng):
    if np.issubdtype(np.dtype(dtype), np.integer):
        return rng.integers(0, getattr(layer, "input_dim", 3), (BATCH, *shape)).astype(dtype)
    return rng.uniform(-1, 1, (BATCH, *shape)).astype(dtype)


def build(cls, init, shape, dtype, data, call):
    """The model, and inputs for it."""
    if cls.__module__.endswith("_test"):
        raise Skipped("a class of the test's own")
    if any(keras.ops.is_tensor(v) or isinstance(v, np.ndarray) for v in tree.flatten(call or {})):
        raise Skipped("tensors among the arguments of the call")
    rng = np.random.default_rng(0)
    layer = cls(**init)
    shapes = shape if shape is not None else tree.map_structure(lambda x: tuple(np.shape(x)), data)
    many = isinstance(shapes, list) or (isinstance(shapes, tuple) and shapes and isinstance(shapes[0], tuple))
    if isinstance(shapes, dict):
        raise Skipped("a dict of inputs")
    shapes = list(shapes) if many else [shapes]
    if any(None in s[1:] for s in shapes) or any(len(s) == 0 for s in shapes):
        raise Skipped("an unknown extent")
    kinds = [keras.backend.standardize_dtype(getattr(x, "dtype", "float32")) for x in tree.flatten(data)] if data is not None else [dtype or "float32"] * len(shapes)
    if isinstance(kinds[0], (list, tuple)):
        kinds = list(kinds[0])
    inputs = [keras.Input(tuple(s[1:]), dtype=k, name=f"x{i}") for i, (s, k) in enumerate(zip(shapes, kinds))]
    outputs = layer(inputs if many else inputs[0], **(call or {}))
    model = keras.Model(inputs, outputs)
    for weight in model.weights:
        if weight.dtype == "float32" and "seed" not in weight.path:
            low, high = (0.5, 1.5) if "variance" in weight.path else (-0.7, 0.7)
            weight.assign(rng.uniform(low, high, weight.shape))
    if hasattr(layer, "finalize_state"):
        layer.finalize_state()  # computes with copies of its weights
    return model, [example(s[1:], k, layer, rng) for s, k in zip(shapes, kinds)]


def run(command):
    done = subprocess.run([str(c) for c in command], capture_output=True, text=True)
    return done.returncode, done.stderr.split("Known:")[0].strip()


def deviation(got, wanted):
    got, wanted = np.asarray(got, np.float64), np.asarray(wanted, np.float64)
    if got.shape != wanted.shape:
        return float("inf")
    if not np.array_equal(np.isnan(got), np.isnan(wanted)):
        return float("inf")
    return float(np.nanmax(np.abs(got - wanted), initial=0) / max(1.0, np.nanmax(np.abs(wanted), initial=0)))


def compare(model, xs, cornu, folder):
    """(verdict, remark)"""
    path = folder / "model.keras"
    model.save(path)
    np.savez(folder / "x.npz", **{f"x{i}": x for i, x in enumerate(xs)})
    wanted = tree.flatten(model.predict(xs, verbose=0))
    status, message = run([cornu, "run", path, "--input", folder / "x.npz", "--output", folder / "y.npz"])
    if status:
        return ("refused" if status == REFUSED else "failed"), message
    found = np.load(folder / "y.npz")
    worst = max(deviation(found[n], w) for n, w in zip(found.files, wanted))
    if worst > TOLERANCE:
        return "differs", f"prediction by {worst:.1e}"
    random = any("seed" in v.path for v in model.non_trainable_variables + sum((layer.variables for layer in model.layers), []))
    floats = all(np.issubdtype(np.asarray(w).dtype, np.floating) for w in wanted)
    if not model.trainable_weights or random or not floats or len(wanted) > 1:
        return "same", "prediction"
    rng = np.random.default_rng(1)
    target = rng.uniform(-1, 1, wanted[0].shape).astype(np.float32)
    model.compile(optimizer=keras.optimizers.SGD(0.05), loss="mse")
    model.save(path)
    np.save(folder / "t.npy", target)
    model.fit(xs if len(xs) > 1 else xs[0], target, batch_size=BATCH, epochs=2, shuffle=False, verbose=0)
    status, message = run([cornu, "train", path, "--x", folder / "x.npz", "--y", folder / "t.npy", "--batch-size", BATCH, "--epochs", 2, "--no-shuffle",
                           "--verbose", 0, "--save", folder / "trained.keras"])
    if status:
        return ("refused" if status == REFUSED else "failed"), "training: " + message
    trained = keras.saving.load_model(folder / "trained.keras", custom_objects=None)
    worst = max((deviation(g, w) for g, w in zip(trained.get_weights(), model.get_weights())), default=0)
    return ("differs", f"weights after training by {worst:.1e}") if worst > TOLERANCE else ("same", "training")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cornu", default=ROOT / "build" / "release" / "tools" / "cornu")
    parser.add_argument("--keep", type=pathlib.Path, help="keeps the models that are not the same here")
    parser.add_argument("patterns", nargs="*", default=["*"])
    options = parser.parse_args()
    layers = pathlib.Path(keras.__file__).parent / "src" / "layers"
    counts, seen = collections.Counter(), set()
    current = [""]

    def report(verdict, remark, cls, init):
        counts[verdict] += 1
        if verdict not in ("same", "skipped"):
            print(f"{verdict:8} {current[0]:34} {cls.__name__}({', '.join(f'{k}={v!r}' for k, v in init.items())}): {remark}"[:600], flush=True)

    def instead(self, layer_cls, init_kwargs, input_shape=None, input_dtype=None, input_sparse=False, input_ragged=False, input_data=None, call_kwargs=None, **_):
        key = repr((layer_cls, init_kwargs, input_shape, input_dtype, call_kwargs))
        if key in seen or input_sparse or input_ragged:
            return
        seen.add(key)
        keras.backend.clear_session()
        try:
            model, xs = build(layer_cls, init_kwargs, input_shape, input_dtype, input_data, call_kwargs)
            with tempfile.TemporaryDirectory() as name:
                folder = pathlib.Path(name)
                verdict, remark = compare(model, xs, options.cornu, folder)
                if options.keep and verdict not in ("same",):
                    options.keep.mkdir(parents=True, exist_ok=True)
                    kept = options.keep / f"{current[0]}-{len(seen)}"
                    for file in folder.iterdir():
                        (kept.parent / f"{kept.name}-{file.name}").write_bytes(file.read_bytes())
        except Skipped as reason:
            verdict, remark = "skipped", str(reason)
        except Exception as reason:  # Keras itself declines
            verdict, remark = "keras", f"{type(reason).__name__}: {reason}".splitlines()[0]
        report(verdict, remark, layer_cls, init_kwargs)

    test_case.TestCase.run_layer_test = instead
    for file in sorted(layers.rglob("*_test.py")):
        current[0] = file.stem
        if not any(fnmatch.fnmatch(file.stem, p) for p in options.patterns):
            continue
        try:
            module = importlib.import_module("keras.src.layers." + ".".join(file.relative_to(layers).with_suffix("").parts))
        except ImportError as reason:
            print(f"skipped  {file.stem}: {reason}")
            continue
        before = len(seen)
        with open(os.devnull, "w") as nowhere:
            suite = unittest.defaultTestLoader.loadTestsFromModule(module)
            wanted = unittest.TestSuite(t for group in suite for t in group if calls_layer_test(t))
            unittest.TextTestRunner(stream=nowhere).run(wanted)
        print(f"         {file.stem}: {len(seen) - before} cases", flush=True)
    print(", ".join(f"{n} {verdict}" for verdict, n in sorted(counts.items())))
    sys.exit(1 if counts["differs"] or counts["failed"] else 0)


def calls_layer_test(test):
    try:
        return "run_layer_test" in inspect.getsource(getattr(test, test._testMethodName))
    except (OSError, TypeError):
        return True


main()
