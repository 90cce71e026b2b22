"""Records how real Keras draws every network and what it computes, with weights by the same formula.

Run with a Python that has Keras 3.15 on TensorFlow, from the checkout's root, for all rows or some:
    python -m tests.keras.applications.record ROW...
"""

from __future__ import annotations

import contextlib
import json
import os
import sys
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any
from unittest.mock import patch

import numpy as np

from tests.keras.applications.rows import (
    MODULES,
    ROWS,
    VARIANTS,
    Row,
    fill,
    outline,
    pixels,
    public_names,
)

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ["KERAS_BACKEND"] = "tensorflow"

GOLDEN = Path(__file__).parent / "golden.json"


class _Asked(Exception):
    """Instead of a download."""


def _published(build: Callable[..., Any], include_top: bool) -> list[str | None]:
    """Name in the cache, address and digest of the file of weights that Keras would download."""
    with patch("keras.src.utils.file_utils.get_file", side_effect=_Asked) as get_file:
        with contextlib.suppress(_Asked):
            build(include_top=include_top)
        (name, origin), options = get_file.call_args
    assert options.pop("cache_subdir") == "models"
    digest = options.pop("file_hash", None)
    assert not options
    return [name, origin, digest]


def record(row: Row) -> dict[str, Any]:
    """Outlines of all variants, outputs of the first, and what is published."""
    import keras

    def drawn(variant: str) -> Any:
        keras.utils.clear_session()
        return row.make(keras.applications, variant)

    outlines = {variant: outline(drawn(variant)) for variant in VARIANTS}
    keras.config.set_image_data_format("channels_first")
    with contextlib.suppress(ValueError):  # some networks of Keras refuse this layout
        outlines["channels_first"] = outline(drawn("maps"))
    keras.config.set_image_data_format("channels_last")
    model = drawn("top")
    digest = fill(model, row.variance)
    outputs = np.asarray(model(row.image()))[0]
    others = np.asarray(model(0.9 * row.image()[:, ::-1]))[0]
    assert np.abs(others - outputs).max() > 0.01 * np.abs(outputs).max(), "the image is hardly seen"
    build = partial(getattr(keras.applications, row.name), **row.arguments)
    whole = build(weights=None)
    return {
        "outlines": outlines,
        "weights": digest,
        "outputs": [round(float(value), 6) for value in outputs],
        "input_shape": whole.input_shape,
        "parameters": [whole.count_params(), outlines["maps"]["parameters"]],
        "files": [_published(build, True), _published(build, False)],
    }


def record_module(name: str) -> dict[str, Any]:
    """What a module of `keras.applications` offers, and how it prepares images."""
    import keras

    module = getattr(keras.applications, name)
    prepared = np.asarray(module.preprocess_input(pixels()), "float64").round(5)
    return {"names": public_names(module), "prepared": prepared.tolist()}


def main(names: list[str]) -> None:
    """Renews the golden values of the rows with these ids, or of all, and of all modules."""
    import keras

    found = json.loads(GOLDEN.read_text()) if GOLDEN.exists() else {"rows": {}}
    golden = {
        "source": f"keras {keras.__version__} on {keras.config.backend()}",
        "modules": {name: record_module(name) for name in MODULES},
    }
    for row in ROWS:
        if not names or row.id in names:
            found["rows"][row.id] = record(row)
            print(row.id, found["rows"][row.id]["outputs"], flush=True)
            rows = {r.id: found["rows"][r.id] for r in ROWS if r.id in found["rows"]}
            GOLDEN.write_text(_lines(golden | {"rows": rows}) + "\n")


def _lines(golden: dict[str, Any]) -> str:
    """JSON with one line for each row and module."""
    parts = [f'"source": {json.dumps(golden["source"])}']
    for table in ("modules", "rows"):
        lines = [f"{json.dumps(key)}: {json.dumps(value)}" for key, value in golden[table].items()]
        parts.append(f'"{table}": {{\n' + ",\n".join(lines) + "\n}")
    return "{\n" + ",\n".join(parts) + "\n}"


if __name__ == "__main__":
    main(sys.argv[1:])
