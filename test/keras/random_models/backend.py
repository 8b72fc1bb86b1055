#!/usr/bin/env python3
"""The numbers of a seed's folder by another backend of Keras, as `oracle.py` names them:

  KERAS_BACKEND=jax venv/bin/python backend.py FOLDER NUMBERS.npz
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

import numpy as np


def numbers(folder, backend="jax"):
    """What another process with that backend finds; nothing where it cannot."""
    with tempfile.TemporaryDirectory() as scratch:
        path = pathlib.Path(scratch) / "numbers.npz"
        done = subprocess.run([sys.executable, __file__, folder, path], capture_output=True, text=True, env=os.environ | {"KERAS_BACKEND": backend, "JAX_PLATFORMS": "cpu"})
        return {} if done.returncode else dict(np.load(path))


def main():
    import keras
    import oracle
    folder, path = map(pathlib.Path, sys.argv[1:])
    about, x, y = json.loads((folder / "about.json").read_text()), dict(np.load(folder / "x.npz")), dict(np.load(folder / "y.npz"))
    model = keras.saving.load_model(folder / "model.keras")
    found = {f"start/{name}": p for name, p in oracle.predictions(model, x).items()}
    if not about["predict_only"]:
        found |= oracle.train(model, x, y, about["batch_size"])[0]
    np.savez(path, **found)


if __name__ == "__main__":
    main()
