"""Compares thalweg's Keras with real Keras over argument combinations, family by family; run by hand.

The first run, with a Python that has Keras 3.15 on TensorFlow, draws the cases from Keras' own
signatures, runs them and writes what they give; the second, with thalweg's Python, runs the same cases
and prints what differs:

    python -m tests.keras.differential keras FOLDER FAMILY...
    python -m tests.keras.differential thalweg FOLDER FAMILY...

Families: the tables of `tests/keras/layers/rows` (``layers.core``, ...), ``losses``, ``metrics``,
``optimizers``, ``schedules``, ``initializers``, ``regularizers``, ``constraints``, ``activations``,
``ops.reduction`` and the other tables of `tests/keras/ops/tables`, and ``training``.

Base rows come from the tables that the ordinary tests use; `differences/domains.py` holds the values
that are tried for each parameter. ``--only TEXT`` runs the cases whose id holds a text, ``--extra N``
draws N more random combinations for each row (the same N in both runs), ``--every N`` runs each Nth case,
``--cases`` prints all differences of a kind instead of the first five.
"""

from __future__ import annotations

import argparse
import importlib
import inspect
import os
import sys
import types
import warnings
from collections import Counter
from pathlib import Path
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("TF_ENABLE_ONEDNN_OPTS", "0")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "")
os.environ.setdefault("KERAS_BACKEND", "tensorflow")

ROOT = Path(__file__).resolve().parents[2]


class Library:
    """Real Keras or ours, with the few things that have no common public name.

    Args:
        name: ``"keras"`` or ``"thalweg"``.
    """

    def __init__(self, name: str) -> None:
        self.real = name == "keras"
        if self.real:
            import keras
            import tensorflow

            # The rows name a module of the library, whose engine is not installed here.
            package = types.ModuleType("thalweg")
            package.__path__ = [str(ROOT / "thalweg")]
            sys.modules["thalweg"] = package
            self.keras, self.tf = keras, tensorflow
            self.compile_options = {"jit_compile": False}
        else:
            self.tf = importlib.import_module("thalweg")
            self.keras = importlib.import_module("thalweg.keras")
            self.compile_options = {}

    def mask_of(self, tensor: Any) -> Any:
        """Mask that a tensor carries, or None."""
        if self.real:
            return getattr(tensor, "_keras_mask", None)
        return importlib.import_module("thalweg._src.keras.base.notes").masks.get(tensor)

    def set_mask(self, tensor: Any, mask: Any) -> None:
        """Makes a tensor carry a mask."""
        if self.real:
            tensor._keras_mask = mask
        else:
            importlib.import_module("thalweg._src.keras.base.notes").masks.set(tensor, mask)

    def find(self, path: str) -> Any:
        """Object at a dotted name below Keras."""
        found = self.keras
        for part in path.split("."):
            found = getattr(found, part)
        return found


def parameters_of(thing: Any) -> list[str]:
    """Parameters of a function or constructor, and those that every layer takes as ``**kwargs``."""
    found = inspect.signature(thing.__init__ if isinstance(thing, type) else thing).parameters
    names = [
        n
        for n, p in found.items()
        if n != "self" and p.kind not in (p.VAR_POSITIONAL, p.VAR_KEYWORD)
    ]
    return names


def main() -> None:
    """Draws, runs, and compares or writes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("library", choices=("keras", "thalweg"))
    parser.add_argument("folder", type=Path)
    parser.add_argument("families", nargs="+")
    parser.add_argument("--only", default="")
    parser.add_argument("--extra", type=int, default=1)
    parser.add_argument("--every", type=int, default=1)
    parser.add_argument("--cases", action="store_true")
    given = parser.parse_args()
    warnings.simplefilter("ignore")
    library = Library(given.library)
    families = importlib.import_module("tests.keras.differences.families")
    findings = importlib.import_module("tests.keras.differences.findings")
    for name in given.families:
        path = given.folder / name.replace(".", "-")
        if library.real:
            family = families.load(name)
            wanted = dict.fromkeys(row.name for row in family.rows)
            parameters = {n: family.parameters(library, n) for n in wanted}
            results = dict(families.run_all(library, family, parameters, given))
            findings.write(path, results, parameters)
            print(f"{name}: {len(results)} cases")
            continue
        theirs, parameters = findings.read(path)
        family = families.load(name)
        results = families.run_all(library, family, parameters, given)
        report(name, theirs, results, findings.differences, given.cases)


def report(name: str, theirs: Any, ours: Any, compare: Any, whole: bool) -> None:
    """Prints the differences of a family as its cases run, five of a kind unless `whole`."""
    tried = differing = 0
    kinds: Counter[Any] = Counter()
    for case, values in ours:
        if case not in theirs:
            continue
        found = compare(theirs[case], values, _coarsest(case))
        tried, differing = tried + 1, differing + bool(found)
        if found:
            print(f"- {case}", flush=True)
        for label, message in found.items():
            kind = (case.split("#")[0], label.split(".")[0])
            kinds[kind] += 1
            if whole or kinds[kind] < 6:
                print(f"      {label}: {message}", flush=True)
    print(f"{name}: {tried} cases, {differing} differ")


def _coarsest(case: str) -> str:
    return next((name for name in ("bfloat16", "float16") if name in case), "")


if __name__ == "__main__":
    main()
