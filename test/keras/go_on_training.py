#!/usr/bin/env python3
"""Real Keras opens what Cornu saved and goes on training; Cornu opens what that wrote. Run by hand where Keras is installed:

  venv/bin/python test/keras/go_on_training.py [--cornu build/release/tools/cornu] [CASE ...]

For each case of test/goldens (all of them unless named): Cornu trains half of the epochs and saves, Keras loads and trains the rest; then the
other way round. Both must end where Keras alone ends. Prints one line a case; exit status 1 if any deviates by more than 1e-4.
"""
import argparse
import json
import os
import pathlib
import subprocess
import sys
import tempfile

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras  # noqa: E402
import numpy as np  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
GOLDENS = ROOT / "test" / "goldens"


def cornu_trains(cornu, model, folder, expected, epochs, out):
    command = [cornu, "train", model, "--x", folder / "x.npz", "--y", folder / "y.npz", "--batch-size", str(expected["batch_size"]),
               "--epochs", str(epochs), "--no-shuffle", "--save", out]
    if expected["validation_split"]:
        command += ["--validation-split", str(expected["validation_split"])]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stderr}")


def keras_trains(path, folder, expected, epochs, out=None):
    model = keras.saving.load_model(path)
    x, y = np.load(folder / "x.npz"), np.load(folder / "y.npz")
    single = lambda arrays: arrays[0] if len(arrays) == 1 else arrays
    xs, ys = single([x[n] for n in expected["inputs"]]), single([y[n] for n in expected["outputs"]])
    model.fit(xs, ys, batch_size=expected["batch_size"], epochs=epochs, validation_split=expected["validation_split"], shuffle=False, verbose=0)
    if out:
        model.save(out)
    return model


def deviation(model, folder, expected):
    final = np.load(folder / "final.npz")
    arrays = [(f"{i}", w, a) for i, (w, a) in enumerate(zip(model.get_weights(), expected["weights"]))]
    arrays += [(f"optimizer/{i}", np.asarray(v), a) for i, (v, a) in enumerate(zip(model.optimizer.variables, expected["optimizer"]))]
    assert len(arrays) == len(final.files), "the number of weights or of optimizer variables differs"
    return max(float(np.max(np.abs(w.reshape(-1)[::a["stride"]] - final[name].reshape(-1)), initial=0)) for name, w, a in arrays)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cornu", default=ROOT / "build" / "release" / "tools" / "cornu")
    parser.add_argument("cases", nargs="*")
    options = parser.parse_args()
    names = options.cases or sorted(f.parent.name for f in GOLDENS.glob("*/expected.json"))
    failed = 0
    for name in names:
        folder = GOLDENS / name
        expected = json.loads((folder / "expected.json").read_text())
        half = expected["epochs"] // 2
        rest = expected["epochs"] - half
        with tempfile.TemporaryDirectory() as scratch:
            ours, theirs, last = (f"{scratch}/{n}.keras" for n in ("ours", "theirs", "last"))
            cornu_trains(options.cornu, folder / "model.keras", folder, expected, half, ours)
            first = deviation(keras_trains(ours, folder, expected, rest), folder, expected)
            keras_trains(folder / "model.keras", folder, expected, half, theirs)
            cornu_trains(options.cornu, theirs, folder, expected, rest, last)
            second = deviation(keras.saving.load_model(last), folder, expected)
        good = max(first, second) <= 1e-4
        failed += not good
        print(f"{name:28} Cornu then Keras {first:.1e}   Keras then Cornu {second:.1e}   {'ok' if good else 'DEVIATES'}", flush=True)
    sys.exit(1 if failed else 0)


main()
