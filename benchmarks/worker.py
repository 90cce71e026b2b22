"""The measured process: loads one framework, times cases, prints one JSON object on stdout.

Started by ``benchmarks.process`` as ``python -m benchmarks.worker`` in the checkout's root.
"""

import argparse
import importlib
import json
import os
import sys
import traceback
from dataclasses import asdict
from typing import Any

from benchmarks.case import Case
from benchmarks.programs import PROGRAMS
from benchmarks.timing import measure


def arguments() -> argparse.Namespace:
    """Reads the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--package", required=True, help="module to import as tf")
    parser.add_argument("--cases", nargs="+", required=True, help="names of cases, in order")
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--installed", action="store_true", help="do not import from the checkout")
    return parser.parse_args()


def hide_checkout() -> None:
    """Takes the working directory off the module path: the installed package is imported."""
    here = os.getcwd()
    sys.path[:] = [entry for entry in sys.path if entry not in ("", here)]


def run_case(case: Case, tf: Any, keras: Any, repeats: int) -> dict[str, Any]:
    """Returns a case's timing, or its error: one broken case does not hide the others."""
    try:
        timing = measure(case.setup(tf, keras), case.mode, repeats)
    except Exception as error:
        traceback.print_exc()
        return {"case": case.name, "error": f"{type(error).__name__}: {error}"[:300]}
    return {"case": case.name, **asdict(timing)}


def main() -> None:
    """Runs the cases named on the command line. What frameworks print goes to stderr."""
    options = arguments()
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    if options.installed:
        hide_checkout()
    by_name = {case.name: case for program in PROGRAMS for case in program.cases}
    tf = importlib.import_module(options.package)
    keras = tf.keras
    keras.layers.Dense  # noqa: B018  TensorFlow loads Keras at this point
    results = [run_case(by_name[name], tf, keras, options.repeats) for name in options.cases]
    framework = {"version": getattr(tf, "__version__", "?")}
    json.dump({"framework": framework, "results": results}, answer)
    answer.close()


if __name__ == "__main__":
    main()
