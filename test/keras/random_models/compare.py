"""What Cornu makes of the folder of a seed, beside what Keras did."""
import json
import pathlib
import re
import subprocess
import tempfile
from dataclasses import dataclass, field

import numpy as np

FACTOR = 10         # times the effect of rounding errors in the weights and data alone: each operation adds its own
FLOOR = 2e-6       # of the largest number in an array: sixteen roundings
RECURRENT = 10     # times both where a tanh or a sigmoid is taken again and again: TensorFlow's are several roundings off
DETERMINED = 1e-3  # a model whose loss or predictions move further by rounding is not counted


@dataclass
class Outcome:
    about: dict
    kind: str = "passed"
    failures: list = field(default_factory=list)
    ratios: list = field(default_factory=list)  # of arrays: largest difference / largest effect of rounding

    @property
    def classes(self):
        return [re.match(r" *(\w+)", line)[1] for line in self.about["layers"]]


def difference(a, b):
    """Element by element; infinite where one is not a number or not finite and the other is something else."""
    a, b = np.asarray(a, np.float64), np.asarray(b, np.float64)
    with np.errstate(invalid="ignore"):
        return np.where((a == b) | (np.isnan(a) & np.isnan(b)), 0, np.nan_to_num(np.abs(a - b), nan=np.inf, posinf=np.inf))


def scale(array):
    finite = np.abs(array[np.isfinite(array)])
    return max(1e-3, float(np.max(finite, initial=0)))


class Check:
    def __init__(self, folder, cornu, reopened, others={}):
        self.reopened = reopened
        self.folder, self.cornu = folder, str(pathlib.Path(cornu).resolve())
        self.outcome = Outcome(json.loads((folder / "about.json").read_text()))
        recurrent = {"SimpleRNN", "LSTM", "GRU", "RNN", "Bidirectional"} & set(self.outcome.classes)
        self.leniency = RECURRENT if recurrent else 1
        self.expected, self.spread = dict(np.load(folder / "expected.npz")), dict(np.load(folder / "spread.npz"))
        for key, other in others.items():
            self.spread[key] = np.maximum(self.spread[key], difference(other, self.expected[key]))

    def determined(self):
        return all(np.max(spread, initial=0) <= DETERMINED * scale(self.expected[key]) and np.all(np.isfinite(self.expected[key]))
                   for key, spread in self.spread.items() if key.startswith(("start/", "end/", "history/loss")))

    def run(self, *command):
        done = subprocess.run([str(c) for c in command], capture_output=True, text=True, timeout=300)
        if done.returncode:
            self.outcome.failures.append(f"{' '.join(str(c) for c in command[:2])}: status {done.returncode}: {done.stderr.strip()[-600:]}")
        return done.returncode == 0

    def same(self, key, got):
        wanted, spread = self.expected[key], self.spread[key]
        got = np.asarray(got)
        if got.shape != wanted.shape:
            self.outcome.failures.append(f"{key}: shape {got.shape}, by Keras {wanted.shape}")
            return
        apart, allowed = difference(got, wanted), FLOOR * scale(wanted)
        limit = self.leniency * (allowed + FACTOR * np.max(spread, initial=0))
        worst = float(np.max(apart, initial=0))
        self.outcome.ratios.append(worst / (float(np.max(spread, initial=0)) + allowed))
        if not worst <= limit:
            at = np.unravel_index(np.argmax(apart), apart.shape)
            self.outcome.failures.append(f"{key}{list(map(int, at))}: {got[at]:.9g}, by Keras {wanted[at]:.9g}; apart {worst:.1e}, allowed {limit:.1e}")

    def same_all(self, prefix, got):
        wanted = [key for key in self.expected if key.startswith(prefix)]
        if sorted(got) != sorted(wanted):
            self.outcome.failures.append(f"{prefix}: {sorted(set(got) ^ set(wanted))} on one side only")
        for key in wanted:
            if key in got:
                self.same(key, got[key])

    def predicts(self, command, what, scratch):
        """The predictions of a command that takes --input and --output, keyed by output."""
        path = scratch / f"{what}.npz"
        return dict(np.load(path)) if self.run(*command, "--input", self.folder / "x.npz", "--output", path) else None

    def all(self, aot):
        with tempfile.TemporaryDirectory() as temporary:
            scratch = pathlib.Path(temporary)
            model = self.folder / "model.keras"
            start = self.predicts([self.cornu, "run", model], "start", scratch)
            if start is not None:
                self.same_all("start/", {f"start/{k}": v for k, v in start.items()})
            if aot and start is not None and self.run(self.cornu, "compile", model, "-o", scratch / "model", "--emit=exe"):
                compiled = self.predicts([scratch / "model"], "compiled", scratch)
                if compiled is not None and not all(np.array_equal(compiled.get(k), v, equal_nan=True) for k, v in start.items()):
                    self.outcome.failures.append("the executable predicts other bits than cornu run")
            if not self.outcome.about["predict_only"]:
                self.trains(model, scratch)

    def trains(self, model, scratch):
        about, trained = self.outcome.about, scratch / "trained.keras"
        if not self.run(self.cornu, "train", model, "--x", self.folder / "x.npz", "--y", self.folder / "y.npz", "--batch-size", about["batch_size"], "--epochs", 5,
                        "--no-shuffle", "--verbose", 0, "--history", scratch / "history.json", "--save", trained):
            return
        history = json.loads((scratch / "history.json").read_text())
        if list(history) != about["history"]:
            self.outcome.failures.append(f"history has {list(history)}, by Keras {about['history']}")
        self.same_all("history/", {f"history/{k}": v for k, v in history.items()})
        try:
            numbers = self.reopened(trained, dict(np.load(self.folder / "x.npz")))
        except Exception as error:
            self.outcome.failures.append(f"Keras cannot open what was saved: {error}")
            return
        for prefix in ("weight/", "optimizer/", "end/"):
            self.same_all(prefix, {k: v for k, v in numbers.items() if k.startswith(prefix)})
        ours = self.predicts([self.cornu, "run", trained], "end", scratch)
        if ours is not None:
            self.same_all("end/", {f"end/{k}": v for k, v in ours.items()})


def check(folder, cornu, reopened, aot=False, elsewhere=None):
    """All that is compared of one model; with `aot`, an executable too. `reopened(path, x)` gives the numbers of a model in a file, by Keras. Where they differ,
    `elsewhere(folder)` is asked for those of another backend: a distance that Keras's own backends have is no failure, but counted apart."""
    test = Check(folder, cornu, reopened)
    if not test.determined():
        test.outcome.kind = "not determined by float32"
        return test.outcome
    test.all(aot)
    if test.outcome.failures:
        test.outcome.kind = "failed"
        if elsewhere:
            wider = Check(folder, cornu, reopened, elsewhere(folder))
            wider.all(aot)
            if not wider.outcome.failures:
                test.outcome.kind = "as far apart as Keras's backends"
    return test.outcome
