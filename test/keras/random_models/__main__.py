#!/usr/bin/env python3
"""Random models of real Keras: the same predictions, history and trained weights by Cornu. Run by hand where Keras is installed:

  venv/bin/python test/keras/random_models [--cornu build/release/tools/cornu] [--seeds 1:101] [--folder DIR] [--aot-every N] [--shrink]

Each seed is one model, made by `models.py` of layers, losses, metrics and optimizers of `catalogue.py`, `heads.py` and `parts.py`; from 100000 on, of recurrent layers, Embedding and
masks (`sequences.py`), and from 200000 on of images and series (`images.py`). `oracle.py` trains it with Keras and writes
DIR/SEED; `cornu run`, `cornu train` and, for every N-th, `cornu compile --emit=exe` do the same with what lies there; Keras opens what Cornu saved. Folders that
exist are used again, so a second run costs no training by Keras. `--seeds 17:18` repeats a single model, `--shrink` cuts a failing one to the first layers that still fail.

A difference is allowed up to FACTOR times what rounding alone makes of the model in Keras (see `oracle.py`), at least FLOOR times the largest number of the array. Where
it is larger, Keras on JAX is asked (`backend.py`): a model that differs no more than FACTOR times what the two backends do is counted apart.
A model whose loss or predictions rounding moves by more than DETERMINED is not counted. Exit status 1 if any of the others differs.
"""
import argparse
import collections
import os
import pathlib
import sys
import tempfile
import time

os.environ.setdefault("KERAS_BACKEND", "tensorflow")
os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
import backend  # noqa: E402
import compare  # noqa: E402
import oracle  # noqa: E402

ROOT = pathlib.Path(__file__).resolve().parents[3]


def shrink(seed, folder, cornu):
    """The fewest layers with which the seed still fails, and how."""
    for steps in range(11):
        part = folder / f"{seed}-first-{steps}"
        try:
            oracle.write(seed, part, steps)
        except Exception as error:  # Keras itself cannot: more layers may
            print(f"  with {steps} layers: Keras: {error}")
            continue
        outcome = compare.check(part, cornu, oracle.reopened)
        if outcome.failures:
            return part, outcome
    return None, None


def report(seed, outcome, about):
    print(f"seed {seed}: {outcome.kind}", *(f"  {text}" for text in outcome.failures), sep="\n")
    print("  layers:", *(f"    {line}" for line in about["layers"]), f"  optimizer: {about['compile']['optimizer']}", f"  loss: {about['compile']['loss']}", sep="\n", flush=True)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--cornu", default=str(ROOT / "build" / "release" / "tools" / "cornu"))
    parser.add_argument("--seeds", default="1:21", help="FIRST:END, END left out")
    parser.add_argument("--folder", help="where the models go and stay (default: a temporary folder)")
    parser.add_argument("--aot-every", type=int, default=10, help="every how many models an executable is built (default 10; 0: never)")
    parser.add_argument("--shrink", action="store_true")
    options = parser.parse_args()
    first, end = map(int, options.seeds.split(":"))
    compared = ("passed", "as far apart as Keras's backends", "failed")
    with tempfile.TemporaryDirectory() as scratch:
        folder = pathlib.Path(options.folder or scratch)
        counts, ratios, seconds, layers = collections.Counter(), [], 0.0, collections.Counter()
        for seed in range(first, end):
            place = folder / str(seed)
            try:
                if not (place / "about.json").exists():
                    oracle.write(seed, place)
            except Exception as error:
                counts["Keras refuses"] += 1
                print(f"seed {seed}: Keras: {type(error).__name__}: {str(error)[:300]}", flush=True)
                continue
            begin = time.monotonic()
            outcome = compare.check(place, options.cornu, oracle.reopened, aot=options.aot_every and seed % options.aot_every == 0, elsewhere=backend.numbers)
            seconds += time.monotonic() - begin
            counts[outcome.kind] += 1
            layers.update(outcome.classes)
            ratios += outcome.ratios
            if outcome.failures:
                report(seed, outcome, outcome.about)
                if options.shrink and outcome.kind == "failed":
                    part, smaller = shrink(seed, folder, options.cornu)
                    if part:
                        print(f"  the same with less: {part}")
                        report(seed, smaller, smaller.about)
        done = sum(counts[k] for k in compared)
        print(f"layers: {', '.join(f'{name} {count}' for name, count in sorted(layers.items()))}")
        if ratios:
            ratios.sort()
            print(f"difference / rounding of Keras: median {ratios[len(ratios) // 2]:.2f}, 99% {ratios[len(ratios) * 99 // 100]:.1f}, largest {ratios[-1]:.1f}")
        print(f"{seconds / max(done, 1):.2f} s a model, without Keras's training\n" + ", ".join(f"{counts[k]} {k}" for k in
              (*compared, "not determined by float32", "Keras refuses")))
        sys.exit(1 if counts["failed"] or not counts["passed"] else 0)


main()
