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
    parser.add_argument("--side", required=True, help="who runs")
    parser.add_argument("--package", required=True, help="module to import")
    parser.add_argument("--size", default="cpu", help="cpu, gpu or tiny")
    parser.add_argument("--cases", nargs="+", required=True, help="names of cases, in order")
    parser.add_argument("--repeats", type=int, default=15)
    parser.add_argument("--installed", action="store_true", help="do not import from the checkout")
    return parser.parse_args()


def hide_checkout() -> None:
    """Takes the working directory off the module path: the installed package is imported."""
    here = os.getcwd()
    sys.path[:] = [entry for entry in sys.path if entry not in ("", here)]


def frameworks(package: str) -> tuple[Any, Any, str]:
    """Loads a side; returns what its setups get as ``tf`` and ``keras``, and its version."""
    module = importlib.import_module(package)
    version = str(getattr(module, "__version__", "?"))
    if package == "keras":
        return None, module, version
    keras = getattr(module, "keras", None)
    if keras is not None:
        keras.layers.Dense  # noqa: B018  TensorFlow loads Keras at this point
    return module, keras, version


def run_case(case: Case, options: argparse.Namespace, tf: Any, keras: Any) -> dict[str, Any]:
    """Returns a case's timings, or its error: one broken case does not hide the others."""
    try:
        thunk = case.thunk(options.side, options.size, tf, keras)
        timings = measure(thunk, case.mode, options.repeats)
    except Exception as error:
        traceback.print_exc()
        return {"case": case.name, "error": f"{type(error).__name__}: {error}"[:300]}
    return {"case": case.name, "measures": {name: asdict(t) for name, t in timings.items()}}


def main() -> None:
    """Runs the cases named on the command line. What frameworks print goes to stderr."""
    options = arguments()
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    if options.installed:
        hide_checkout()
    by_name = {case.name: case for program in PROGRAMS for case in program.cases}
    tf, keras, version = frameworks(options.package)
    results = [run_case(by_name[name], options, tf, keras) for name in options.cases]
    json.dump({"framework": {"version": version}, "results": results}, answer)
    answer.close()


if __name__ == "__main__":
    main()
