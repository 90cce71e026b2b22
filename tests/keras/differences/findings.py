"""What a run gives: a labelled array, text or refusal; kept as one npz and one JSON file a family."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np

#: tolerance (relative, and absolute as a share of the largest value) by the coarser dtype
TOLERANCES = {"float16": 4e-3, "bfloat16": 4e-2, "float32": 3e-5, "float64": 3e-5}

_STAGES = {"make", "config", "eager"}


class Findings:
    """Results of one case, by label."""

    def __init__(self) -> None:
        self.values: dict[str, Any] = {}

    def attempt(self, label: str, run: Callable[[], Any]) -> Any:
        """What `run` returns, kept as arrays below `label`; None, and a note, where it raises."""
        try:
            result = run()
        except Exception as error:
            self.values[label] = f"raised {type(error).__name__}: {str(error)[:200]}"
            return None
        self.keep(label, result)
        return result

    def keep(self, label: str, result: Any) -> None:
        """Keeps a structure of tensors, texts and numbers."""
        if isinstance(result, dict):
            for key, value in result.items():
                self.keep(f"{label}.{key}", value)
        elif isinstance(result, (list, tuple)):
            for index, value in enumerate(result):
                self.keep(f"{label}.{index}", value)
            if not result:
                self.values[label] = "nothing"
        elif result is None or isinstance(result, str):
            self.values[label] = str(result)
        else:
            self.values[label] = plain_array(result)


def plain_array(value: Any) -> tuple[str, Any]:
    """Name of the dtype, and the values as a NumPy array of a standard dtype."""
    dtype = getattr(value, "dtype", None)
    name = getattr(dtype, "name", None) or (
        str(dtype) if dtype is not None else type(value).__name__
    )
    array = np.asarray(value.numpy() if hasattr(value, "numpy") else value)
    if array.dtype.name not in np.sctypeDict or array.dtype.kind == "V":
        array = array.astype("float32")
    return name, array


def write(path: Path, results: dict[str, dict[str, Any]], parameters: dict[str, list[str]]) -> None:
    """Writes ``path.json`` (texts, dtypes, signatures) and ``path.npz`` (arrays)."""
    arrays: dict[str, Any] = {}
    texts: dict[str, dict[str, Any]] = {}
    for case, values in results.items():
        texts[case] = {}
        for label, value in values.items():
            if isinstance(value, str):
                texts[case][label] = value
            else:
                texts[case][label] = [value[0], len(arrays)]
                arrays[str(len(arrays))] = value[1]
    np.savez_compressed(path.with_suffix(".npz"), **arrays)
    path.with_suffix(".json").write_text(json.dumps({"parameters": parameters, "results": texts}))


def read(path: Path) -> tuple[dict[str, dict[str, Any]], dict[str, list[str]]]:
    """Results and signatures that `write` wrote."""
    kept = json.loads(path.with_suffix(".json").read_text())
    with np.load(path.with_suffix(".npz")) as arrays:
        loaded = {key: arrays[key] for key in arrays.files}
    results = {
        case: {
            label: v if isinstance(v, str) else (v[0], loaded[str(v[1])])
            for label, v in values.items()
        }
        for case, values in kept["results"].items()
    }
    return results, kept["parameters"]


def differences(theirs: dict[str, Any], ours: dict[str, Any], coarse: str = "") -> dict[str, str]:
    """What differs between the results of one case, by label.

    Args:
        theirs: Results of real Keras.
        ours: Results of thalweg.
        coarse: Name of the coarsest dtype in which the case computes, where its results do not say.
    """
    found: dict[str, str] = {}
    refused = {label for label, v in theirs.items() if _raised(v)}
    refused_here = {label for label, v in ours.items() if _raised(v)}
    if refused & _STAGES and refused_here & _STAGES:
        return {}  # whether the constructor or the first call refuses is a matter of taste
    for label in sorted(refused ^ refused_here):
        where, message = ("there", theirs) if label in refused else ("here", ours)
        found[label] = f"refused {where} only: {_short(message[label])}"
    if (refused ^ refused_here) & _STAGES:
        return {label: found[label] for label in found if label in _STAGES}
    skipped = refused | refused_here
    for label in dict.fromkeys((*theirs, *ours)):
        parts = label.split(".")
        if any(".".join(parts[:n]) in skipped for n in range(1, len(parts) + 1)):
            continue
        one, other = theirs.get(label), ours.get(label)
        if one is None or other is None:
            where = "there" if one is None else "here"
            found[label] = f"missing {where}: {_short(one if other is None else other)}"
            continue
        message = _compare(one, other, coarse)
        if message:
            found[label] = message
    return found


def _raised(value: Any) -> bool:
    return isinstance(value, str) and value.startswith("raised")


def _same_text(one: str, other: str) -> bool:
    try:
        return one == other or math.isclose(float(one), float(other), rel_tol=1e-6)
    except ValueError:
        return False


def _compare(one: Any, other: Any, coarse: str) -> str:
    if isinstance(one, str) and isinstance(other, str):
        return "" if _same_text(one, other) else f"{one[:300]} | {other[:300]}"
    if isinstance(one, str) or isinstance(other, str):
        return f"{_short(one)} | {_short(other)}"
    (dtype, x), (own, y) = one, other
    if x.shape != y.shape:
        return f"shape {x.shape} | {y.shape}"
    if dtype != own:
        return f"dtype {dtype} | {own}"
    if x.dtype.kind not in "fc":
        return "" if np.array_equal(x, y) else f"values {_short(one)} | {_short(other)}"
    limit = max(TOLERANCES.get(dtype, 3e-5), TOLERANCES.get(coarse, 0))
    with np.errstate(all="ignore"):
        size = np.max(np.abs(x[np.isfinite(x)]), initial=0.0)
        if np.allclose(y, x, rtol=limit * 3, atol=limit * max(size, 1e-2), equal_nan=True):
            return ""
        worst = np.nanmax(np.abs(np.asarray(y, "complex128") - x))
    return f"values {_short(one)} | {_short(other)} worst {worst:.2g}"


def _short(value: Any) -> str:
    if isinstance(value, str):
        return value[:110]
    dtype, array = value
    text = np.array2string(array.ravel()[:4], precision=5, separator=",")
    return f"{dtype}{list(array.shape)} {text}"[:110]
