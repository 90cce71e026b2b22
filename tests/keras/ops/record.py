"""Record what real Keras gives for the tables: ``python tests/keras/ops/record.py [table ...]``.

Needs tensorflow-cpu 2.21 and keras 3.15; the tests need neither. Writes ``golden/<table>.json`` for each
table, ``golden/signatures.json`` and ``golden/promotion.json``.
"""

from __future__ import annotations

import datetime
import importlib
import inspect
import itertools
import json
import os
import pathlib
import sys
import types
from typing import Any

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["CUDA_VISIBLE_DEVICES"] = ""
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[3]))

import keras
import numpy
import tensorflow

from tests.golden import support

# The rows need only the file that describes them, not the library, whose engine is not installed here.
library = types.ModuleType("thalweg")
library.__path__ = [str(pathlib.Path(__file__).resolve().parents[3] / "thalweg")]
sys.modules["thalweg"] = library
rows = importlib.import_module("tests.keras.ops.rows")

PROMOTED = (
    "bool", "uint8", "uint16", "uint32", "uint64", "int8", "int16", "int32", "int64",
    "float16", "bfloat16", "float32", "float64", "complex64", "complex128",
)  # fmt: skip


def record_table(table: Any) -> dict[str, Any]:
    """Values, and dtypes of results, of every row."""
    values, dtypes = {}, {}
    for row in table.ROWS:
        values[row.id] = support.encode(support.attempt(lambda row=row: call(row, row.make())))
        if row.dtypes:
            found = {" ".join(c): dtypes_of(row, c) for c in row.dtypes}
            dtypes[row.id] = {c: name for c, name in found.items() if name}
    return {"values": values, "dtypes": dtypes}


def call(row: Any, args: tuple[Any, ...]) -> Any:
    """Result of a row; arrays become tensors."""
    function: Any = keras.ops
    for part in row.name.split(".")[2:]:
        function = getattr(function, part)
    tensors = [tensor(a) for a in args]
    if row.via is not None:
        return row.via(function, *tensors, **row.kwargs)
    return function(*tensors, **row.kwargs)


def tensor(value: Any) -> Any:
    """Arrays, also inside a list, as tensors."""
    if isinstance(value, list) and any(isinstance(v, numpy.ndarray) for v in value):
        return [tensor(v) for v in value]
    return tensorflow.constant(value) if isinstance(value, numpy.ndarray) else value


def dtypes_of(row: Any, combination: tuple[str, ...]) -> str:
    """Dtypes of the results; nothing where Keras refuses."""
    found = support.attempt(lambda: call(row, rows.arguments(row, combination, tensorflow.cast)))
    if isinstance(found, support.Raised):
        return ""
    return " ".join(keras.backend.standardize_dtype(t.dtype) for t in tensorflow.nest.flatten(found))


def signatures() -> dict[str, str]:
    """Parameters of every function of `keras.ops`, without annotations."""
    found = {}
    for prefix, room in (("", keras.ops), *((f"{n}.", getattr(keras.ops, n)) for n in ROOMS)):
        for name, value in sorted(vars(room).items()):
            if inspect.isfunction(value):
                found[prefix + name] = plain(inspect.signature(value))
    return found


ROOMS = ("image", "linalg", "nn", "numpy")


def plain(signature: inspect.Signature) -> str:
    """A signature as text, without annotations."""
    bare = [p.replace(annotation=inspect.Parameter.empty) for p in signature.parameters.values()]
    return str(signature.replace(parameters=bare, return_annotation=inspect.Signature.empty))


def promotion() -> dict[str, str]:
    """`keras.backend.result_type` of every pair of dtypes and Python types."""
    python = {"int": int, "float": float, "bool_": bool, "None": None}
    return {
        f"{one} {other}": keras.backend.result_type(python.get(one, one), python.get(other, other))
        for one, other in itertools.product((*PROMOTED, *python), repeat=2)
    }


def write(name: str, results: dict[str, Any]) -> None:
    """One JSON file, one line a row."""
    provenance = {
        "script": "tests/keras/ops/record.py",
        "date": datetime.date.today().isoformat(),
        "tensorflow": tensorflow.__version__,
        "keras": keras.__version__,
        "numpy": numpy.__version__,
        "device": "CPU, oneDNN off",
    }
    parts = []
    for key, found in results.items():
        body = ",\n".join(
            f"{json.dumps(k)}:{json.dumps(v, separators=(',', ':'))}" for k, v in found.items()
        )
        parts.append(f"{json.dumps(key)}:{{\n{body}\n}}")
    text = '{"provenance":' + json.dumps(provenance) + ",\n" + ",\n".join(parts) + "\n}\n"
    (rows.GOLDEN / f"{name}.json").write_text(text, encoding="utf-8")
    print(f"{name}: {len(text) / 1024:.0f} KiB")


def main() -> None:
    """Write the files of the tables named on the command line, or all."""
    for name, table in rows.load().items():
        if name in sys.argv[1:] or not sys.argv[1:]:
            write(name, record_table(table))
    if not sys.argv[1:]:
        write("signatures", {"signatures": signatures()})
        write("promotion", {"promotion": promotion()})


if __name__ == "__main__":
    main()
