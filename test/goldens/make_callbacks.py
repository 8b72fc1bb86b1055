#!/usr/bin/env python3
"""Writes callbacks.json: what real Keras's EarlyStopping and ReduceLROnPlateau do when they are shown made-up logs, and how Python formats
the names of checkpoints. Run as make_goldens.py is."""
import json
import os
import pathlib
import random

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
import keras  # noqa: E402

CASES = 40
EPOCHS = 14


class Model:
    """As much of a model as a callback looks at. Its weights are the number of the epoch."""

    def __init__(self):
        self.optimizer = keras.optimizers.SGD(0.5)
        self.stop_training = False
        self.weights = 0

    def get_weights(self):
        return self.weights

    def set_weights(self, weights):
        self.weights = weights


def drive(callback, values, observe):
    model = Model()
    callback.set_model(model)
    callback.on_train_begin()
    seen = []
    for epoch, value in enumerate(values):
        model.weights = epoch
        callback.on_epoch_end(epoch, {"loss": value})
        seen.append(observe(callback, model))
    callback.on_train_end()
    return seen, model


def plateau_values(rng):
    """Few different numbers, so that there are ties, and differences of about min_delta."""
    return [round(1 + 0.25 * rng.randrange(-3, 4) + 0.01 * rng.randrange(-1, 2), 2) for _ in range(EPOCHS)]


def early_stopping(rng):
    options = {"monitor": "loss", "mode": rng.choice(["auto", "min", "max"]), "patience": rng.randrange(5), "min_delta": rng.choice([0, 0.01, 0.25, -0.25]),
               "baseline": rng.choice([None, None, 0.75, 1.25]), "restore_best_weights": rng.random() < 0.5, "start_from_epoch": rng.choice([0, 0, 3])}
    values = plateau_values(rng)
    seen, model = drive(keras.callbacks.EarlyStopping(**options), values, lambda c, m: [c.wait, c.best_epoch, c.stopped_epoch, m.stop_training])
    return {"options": options, "values": values, "seen": seen, "weights": model.weights}


def reduce_lr(rng):
    options = {"monitor": "loss", "mode": rng.choice(["auto", "min", "max"]), "patience": rng.randrange(4), "min_delta": rng.choice([0, 1e-4, 0.25]),
               "factor": rng.choice([0.1, 0.5]), "cooldown": rng.randrange(3), "min_lr": rng.choice([0, 0.01, 0.2])}
    values = plateau_values(rng)
    seen, _ = drive(keras.callbacks.ReduceLROnPlateau(**options), values,
                    lambda c, m: [c.wait, c.cooldown_counter, float(keras.ops.convert_to_numpy(m.optimizer.learning_rate))])
    return {"options": options, "values": values, "seen": seen}


FIELDS = {"epoch": 7, "batch": 12, "loss": 0.0123456, "val_loss": -2.5, "big": 1234567.891, "one": 1.0, "tiny": 1e-07}
PATTERNS = ["model-ep{epoch:03d}-loss{loss:.3f}-val_loss{val_loss:.3f}.keras", "{epoch}.keras", "{epoch:d}_{batch:>5}", "{loss}|{val_loss}|{big}|{one}|{tiny}",
            "{loss:g}|{big:g}|{tiny:e}|{one:g}", "{val_loss:+.1f}|{loss:+.2e}|{loss: .2f}", "{epoch:05.1f}|{epoch:e}|{epoch:g}", "{{x}}{epoch}",
            "{val_loss:08.2f}|{val_loss:*^12.1f}|{val_loss:<9.1f}|{val_loss:>9.1f}|{val_loss:=9.1f}", "{loss:.1%}|{loss:%}", "{one:.3}|{big:.3}|{loss:.2}|{big:.9}",
            "{big:.0f}|{big:E}|{big:G}|{loss:12}", "{epoch:x<4}|{epoch:^4}|{epoch:+}"]


def main():
    rng = random.Random(7)
    written = {"early_stopping": [early_stopping(rng) for _ in range(CASES)], "reduce_lr_on_plateau": [reduce_lr(rng) for _ in range(CASES)],
               "format": {"fields": FIELDS, "patterns": [[p, p.format(**FIELDS)] for p in PATTERNS]}}
    lines = ",\n".join(f' "{key}": ' + (json.dumps(value) if isinstance(value, dict) else "[\n  " + ",\n  ".join(map(json.dumps, value)) + "\n ]")
                       for key, value in written.items())
    (pathlib.Path(__file__).resolve().parent / "callbacks.json").write_text("{\n" + lines + "\n}\n")


if __name__ == "__main__":
    main()
