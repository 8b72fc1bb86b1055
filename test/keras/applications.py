#!/usr/bin/env python3
"""Networks that Keras publishes (keras.applications), with random weights, in Keras and in Cornu. Run by hand where Keras is installed:

  venv/bin/python test/keras/applications.py [--cornu build/release/tools/cornu] [NAME ...]

Keras makes each network, draws statistics for its BatchNormalization layers, predicts for one random image and saves; Cornu loads the file and predicts,
too. Prints one line a network; exit status 1 if any deviates by more than 1e-4 of the largest prediction.
"""
import argparse
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
NETWORKS = ["MobileNet", "MobileNetV2", "MobileNetV3Small", "MobileNetV3Large", "EfficientNetB0", "EfficientNetV2B0", "NASNetMobile", "DenseNet121", "ResNet50",
            "ResNet50V2", "InceptionV3", "Xception", "ConvNeXtTiny", "InceptionResNetV2", "VGG16"]
TOLERANCE = 1e-4


def randomize(model, rng):
    """Weights with which no layer is the identity."""
    for layer in model.layers:
        if isinstance(layer, keras.Model):
            randomize(layer, rng)
        elif isinstance(layer, keras.layers.BatchNormalization):
            near = {"gamma": 1, "moving_variance": 1}
            for weight in layer.weights:
                weight.assign(near.get(weight.name, 0) + rng.uniform(-0.1, 0.1, weight.shape))
        elif layer.__class__.__name__ == "LayerScale":
            layer.set_weights([rng.uniform(0.5, 1, w.shape) for w in layer.get_weights()])


def compare(name, cornu, folder):
    keras.utils.set_random_seed(1)
    keras.backend.clear_session()
    model = getattr(keras.applications, name)(weights=None)
    rng = np.random.default_rng(1)
    randomize(model, rng)
    x = rng.uniform(0, 255, (1, *(extent or 192 for extent in model.input_shape[1:]))).astype(np.float32)  # MobileNetV3 takes any size
    wanted = model.predict(x, verbose=0)
    model.save(folder / "model.keras")
    np.save(folder / "x.npy", x)
    done = subprocess.run([cornu, "run", folder / "model.keras", "--input", folder / "x.npy", "--output", folder / "y.npy"], capture_output=True, text=True)
    if done.returncode:
        return None, done.stderr.strip()
    got = np.load(folder / "y.npy")
    return np.abs(got - wanted).max() / np.abs(wanted).max(), f"{model.count_params():,} weights"


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cornu", default=ROOT / "build" / "release" / "tools" / "cornu")
    parser.add_argument("names", nargs="*", metavar="NAME", default=NETWORKS)
    options = parser.parse_args()
    failed = 0
    with tempfile.TemporaryDirectory() as folder:
        for name in options.names:
            error, remark = compare(name, options.cornu, pathlib.Path(folder))
            failed += error is None or not error <= TOLERANCE
            print(f"{name:20} {'failed' if error is None else f'{error:.1e}'}  {remark}", flush=True)
    sys.exit(1 if failed else 0)


main()
