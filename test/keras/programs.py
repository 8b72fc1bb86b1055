#!/usr/bin/env python3
"""Whole programs at their true sizes: ten training steps in Keras and in Cornu. Run by hand where Keras is installed:

  venv/bin/python test/keras/programs.py [--cornu build/release/tools/cornu] [--steps N] [--folder DIR] [PROGRAM ...]

Keras makes each program with its own optimizer (dropout at rate 0), saves it, predicts and trains on a batch of its own in each step. Cornu opens the file, predicts,
trains on the same data and saves; its executable predicts with what was trained. Compared are predictions, the loss of every step, weights, and the executable's bits with
those of cornu run. Where they are further apart than the bars, Keras trains three more times with weights moved by one rounding error each: what that moves by more than a
bar float32 does not determine, and Cornu may be off by three times as much. Prints one line a program; exit status 1 if any deviates by more.
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
from keras import layers, optimizers  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[2]
# What is compared, and how far it may be off: losses and predictions relative, weights absolute.
BARS = {"predictions": 1e-5, "losses": 1e-5, "weights": 1e-4}
RECURRENT = {"p2", "p3", "p6", "p7", "p11", "p20"}
RECURRENT_LOSS = 1e-4


def decaying(rate):
    """What Keras 2 called decay=1e-6."""
    return optimizers.SGD(optimizers.schedules.InverseTimeDecay(rate, 1, 1e-6), momentum=0.9, nesterov=True)


def p1():
    x = layers.Input((784,))
    h = layers.Dense(64, activation="relu")(layers.Dense(64, activation="relu")(x))
    return keras.Model(x, layers.Dense(10, activation="softmax")(h)), "rmsprop", "categorical_crossentropy"


def p2():
    words, extra = layers.Input((100,), name="main_input", dtype="int32"), layers.Input((5,), name="aux_input")
    h = layers.LSTM(32)(layers.Embedding(10000, 512)(words))
    side = layers.Dense(1, activation="sigmoid", name="aux_output")(h)
    h = layers.Concatenate()([h, extra])
    for _ in range(3):
        h = layers.Dense(64, activation="relu")(h)
    return keras.Model([words, extra], [layers.Dense(1, activation="sigmoid", name="main_output")(h), side]), "rmsprop", ["binary_crossentropy"] * 2


def p3():
    tweets, encoder = [layers.Input((280, 256), name=name) for name in ("tweet_a", "tweet_b")], layers.LSTM(64)
    return keras.Model(tweets, layers.Dense(1, activation="sigmoid")(layers.Concatenate()([encoder(x) for x in tweets]))), "rmsprop", "binary_crossentropy"


def p5():
    x = layers.Input((64, 64, 3))
    h = layers.MaxPooling2D()(layers.Conv2D(16, 5, activation="relu")(x))
    for _ in range(2):
        h = layers.MaxPooling2D()(layers.Conv2D(32, 3, activation="relu")(h))
    h = layers.Dense(512, activation="relu")(layers.Flatten()(h))
    return keras.Model(x, layers.Dense(10, activation="softmax")(h)), "sgd", "categorical_crossentropy"


def p6():
    x = layers.Input((100,), dtype="int32")
    h = layers.Dense(32, activation="relu")(layers.LSTM(64)(layers.Embedding(10000, 128, mask_zero=True)(x)))
    return keras.Model(x, layers.Dense(1, activation="sigmoid")(h)), "rmsprop", "binary_crossentropy"


def p7():
    x = layers.Input((100,), dtype="int32")
    h = layers.Bidirectional(layers.LSTM(64, return_sequences=True))(layers.Embedding(10000, 128, mask_zero=True)(x))
    return keras.Model(x, layers.Dense(10, activation="softmax")(h)), "adam", "sparse_categorical_crossentropy"


def p11():
    x = layers.Input((100, 1))
    h = layers.LSTM(10, return_sequences=True)(x)
    one = layers.Dense(1, activation="sigmoid", name="one")(layers.Dense(10, activation="relu")(layers.LSTM(10)(h)))
    return keras.Model(x, [one, layers.TimeDistributed(layers.Dense(1), name="tags")(h)]), "rmsprop", ["binary_crossentropy", "mse"]


def p15():
    stack = [layers.Input((784,))]
    for _ in range(2):
        stack += [layers.Dense(500), layers.Activation("tanh"), layers.Dropout(0.0)]
    return keras.Sequential(stack + [layers.Dense(10), layers.Activation("softmax")]), decaying(0.01), "categorical_crossentropy"


def p17():
    stack = [layers.Input((100, 100, 3))]
    for filters in (32, 64):
        stack += [layers.Conv2D(filters, 3, activation="relu"), layers.Conv2D(filters, 3, activation="relu"), layers.MaxPooling2D(), layers.Dropout(0.0)]
    stack += [layers.Flatten(), layers.Dense(256, activation="relu"), layers.Dropout(0.0), layers.Dense(10, activation="softmax")]
    return keras.Sequential(stack), decaying(0.01), "categorical_crossentropy"


def p20():
    """With images of 64x64: at 224x224 the last layer alone has 160 million weights."""
    conv = lambda filters, padding="valid": layers.Conv2D(filters, 3, activation="relu", padding=padding)
    vision = keras.Sequential([layers.Input((64, 64, 3)), conv(64, "same"), conv(64), layers.MaxPooling2D(), conv(128, "same"), conv(128), layers.MaxPooling2D(),
                               conv(256, "same"), conv(256), conv(256), layers.MaxPooling2D(), layers.Flatten()])
    image, question = layers.Input((64, 64, 3), name="image"), layers.Input((100,), name="question", dtype="int32")
    h = layers.Concatenate()([layers.LSTM(256)(layers.Embedding(10000, 256)(question)), vision(image)])
    return keras.Model([image, question], layers.Dense(1000, activation="softmax")(h)), "rmsprop", "sparse_categorical_crossentropy"


PROGRAMS = {"p1": p1, "p2": p2, "p3": p3, "p5": p5, "p6": p6, "p7": p7, "p11": p11, "p15": p15, "p17": p17, "p20": p20}
BATCH = {"p15": 200}  # else 32


def inputs_of(model, rows, draw):
    """Pixels and features in 0..1; words, a sentence of any length and zeros after it."""
    def words(steps):
        ids = draw.integers(1, 10000, (rows, steps))
        return np.where(np.arange(steps) < draw.integers(1, steps + 1, (rows, 1)), ids, 0).astype(np.int32)
    return [words(x.shape[1]) if x.dtype == "int32" else draw.random((rows, *x.shape[1:]), dtype=np.float32) for x in model.inputs]


def targets_of(model, losses, rows, draw):
    def target(shape, loss):
        if loss == "categorical_crossentropy":
            return np.eye(shape[-1], dtype=np.float32)[draw.integers(0, shape[-1], rows)]
        if loss == "sparse_categorical_crossentropy":
            return draw.integers(0, shape[-1], (rows, *shape[1:-1], *([1] if len(shape) == 2 else []))).astype(np.int32)
        values = draw.random((rows, *shape[1:]), dtype=np.float32)
        return np.round(values) if loss == "binary_crossentropy" else values
    losses = losses if isinstance(losses, list) else [losses]
    return [target(output.shape, loss) for output, loss in zip(model.outputs, losses)]


def single(arrays):
    return arrays[0] if len(arrays) == 1 else arrays


def output_names(model):
    return [output._keras_history.operation.name for output in model.outputs]


def predicted(model, xs):
    y = model.predict(single(xs), batch_size=len(xs[0]), verbose=0)
    return y if isinstance(y, list) else [y]


def keras_trains(path, xs, ys, batch, moved=None):
    """Predictions for the first batch, losses of the steps, weights at the end; with a seed, of weights moved by rounding errors."""
    model = keras.saving.load_model(path)
    if moved is not None:
        draw = np.random.default_rng(moved)
        model.set_weights([w * (1 + draw.choice([-6e-8, 6e-8], w.shape)).astype(w.dtype) for w in model.get_weights()])
    start, losses = predicted(model, [x[:batch] for x in xs]), []
    for begin in range(0, len(xs[0]), batch):
        part = slice(begin, begin + batch)
        model.reset_metrics()
        losses.append(model.train_on_batch(single([x[part] for x in xs]), single([y[part] for y in ys]), return_dict=True)["loss"])
    return start, np.array(losses), model.get_weights()


def run(*command):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{' '.join(map(str, command))}\n{done.stderr}")


def arrays_of(path, names):
    data = np.load(path)
    return [data[name] for name in names] if path.suffix == ".npz" else [data]


def cornu_trains(cornu, folder, model, batch, steps):
    """The same of Cornu, and whether its executable predicts the same bits as cornu run once the model is trained."""
    names = output_names(model)
    ending = "npy" if len(names) == 1 else "npz"
    first, trained = folder / "first.npz", folder / "trained.keras"
    run(cornu, "run", folder / "model.keras", "--input", first, "--output", folder / f"start.{ending}")
    run(cornu, "train", folder / "model.keras", "--x", folder / "x.npz", "--y", folder / "y.npz", "--batch-size", batch, "--epochs", steps, "--steps-per-epoch", 1,
        "--no-shuffle", "--verbose", 0, "--history", folder / "history.json", "--save", trained)
    run(cornu, "run", trained, "--input", first, "--output", folder / f"jit.{ending}")
    run(cornu, "compile", trained, "-o", folder / "native", "--emit=exe")
    run(folder / "native", "--input", first, "--output", folder / f"aot.{ending}")
    read = lambda stem: arrays_of(folder / f"{stem}.{ending}", names)
    same = all(one.tobytes() == other.tobytes() for one, other in zip(read("jit"), read("aot")))
    losses = np.array(json.loads((folder / "history.json").read_text())["loss"])
    return (read("start"), losses, keras.saving.load_model(trained).get_weights()), same


def deviations(one, other):
    relative = lambda a, b: float(np.max(np.abs(a - b) / np.maximum(np.abs(b), 1)))
    return {"predictions": max(relative(a, b) for a, b in zip(one[0], other[0])), "losses": float(np.max(np.abs(one[1] - other[1]) / np.abs(other[1]))),
            "weights": max(float(np.max(np.abs(a - b))) for a, b in zip(one[2], other[2]))}


def check(name, cornu, folder, steps):
    keras.backend.clear_session()
    keras.utils.set_random_seed(1)
    model, optimizer, losses = PROGRAMS[name]()
    weighted = {"loss_weights": [1.0, 0.2]} if name == "p2" else {}
    model.compile(optimizer, losses, jit_compile=False, **weighted)
    model.save(folder / "model.keras")
    batch, draw = BATCH.get(name, 32), np.random.default_rng(2)
    xs = inputs_of(model, batch * steps, draw)
    ys = targets_of(model, losses, batch * steps, draw)
    np.savez(folder / "x.npz", **{x.name: array for x, array in zip(model.inputs, xs)})
    np.savez(folder / "first.npz", **{x.name: array[:batch] for x, array in zip(model.inputs, xs)})
    np.savez(folder / "y.npz", **dict(zip(output_names(model), ys)))
    train = lambda moved=None: keras_trains(folder / "model.keras", xs, ys, batch, moved)
    wanted = train()
    got, same = cornu_trains(cornu, folder, model, batch, steps)
    off = deviations(got, wanted)
    bars = BARS | ({"losses": RECURRENT_LOSS} if name in RECURRENT else {})
    good, remark = all(off[what] <= bars[what] for what in bars), ""
    if not good:
        rounding = [deviations(train(seed), wanted) for seed in range(3)]
        largest = {what: max(one[what] for one in rounding) for what in bars}
        good = all(off[what] <= max(bars[what], 3 * largest[what]) for what in bars)
        remark = "   rounding: " + "   ".join(f"{what} {largest[what]:.1e}" for what in bars)
    numbers = "   ".join(f"{what} {off[what]:.1e}" for what in bars)
    print(f"{name:4} {numbers}   executable {'the same bits' if same else 'OTHER BITS'}   {'ok' if good and same else 'DEVIATES'}{remark}", flush=True)
    return good and same


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cornu", default=ROOT / "build" / "release" / "tools" / "cornu")
    parser.add_argument("--steps", type=int, default=10)
    parser.add_argument("--folder", type=pathlib.Path, help="keeps the last program's files here")
    parser.add_argument("programs", nargs="*", metavar="PROGRAM", choices=[*PROGRAMS, []], default=list(PROGRAMS))
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        folder = options.folder or pathlib.Path(scratch)
        folder.mkdir(parents=True, exist_ok=True)
        good = [check(name, options.cornu, folder, options.steps) for name in options.programs]
    sys.exit(not all(good))


main()
