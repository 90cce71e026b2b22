"""Run a family's cases with TensorFlow and write what they give to tests/golden/data."""

from __future__ import annotations

import datetime
import importlib
import json
import os
import pathlib
import sys
import traceback

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
# At the end: tests/keras must not hide Keras.
sys.path.append(str(pathlib.Path(__file__).resolve().parents[2]))

import keras
import numpy
import tensorflow
from golden import support


def record(family: str) -> None:
    """Write ``data/<family>.json``; a case that fails as a whole is reported and the run fails."""
    cases = importlib.import_module(f"golden.cases.{family}").cases
    results, failures = {}, 0
    for case in cases:
        try:
            results[case.name] = support.encode(case.body(tensorflow, numpy))
        except Exception:
            failures += 1
            print(f"--- {case.name}", file=sys.stderr)
            traceback.print_exc(limit=-4)
    provenance = {
        "script": f"tests/golden/record/{family}.py",
        "date": datetime.date.today().isoformat(),
        "tensorflow": tensorflow.__version__,
        "keras": keras.__version__,
        "numpy": numpy.__version__,
        "python": sys.version.split()[0],
        "device": "CPU, oneDNN off",
    }
    path = support.DATA / f"{family}.json"
    with open(path, "w", encoding="utf-8") as file:
        file.write('{"provenance":' + json.dumps(provenance) + ',\n"cases":{\n')
        lines = (
            json.dumps(name) + ":" + json.dumps(value, separators=(",", ":"), ensure_ascii=False)
            for name, value in results.items()
        )
        file.write(",\n".join(lines) + "\n}}\n")
    print(
        f"{family}: {len(results)} cases, {failures} failed, "
        f"{support.count_nonfinite(results)} non-finite numbers, "
        f"{path.stat().st_size / 1024:.0f} KiB"
    )
    if failures:
        raise SystemExit(1)
