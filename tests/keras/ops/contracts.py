"""Contracts that every row of the `keras.ops` tables keeps; the test calls them row by row.

Those that hold for every op (NumPy twin, compiled, symbolic, gradient) are the library's own.
"""

from __future__ import annotations

import functools
import inspect
import json
from typing import Any

import numpy as np

import thalweg as tf
from tests.golden import support
from tests.keras.ops.rows import GOLDEN, Call, arguments
from thalweg._src.core.symbolic import KerasTensor, evaluate
from thalweg._src.testing import contracts
from thalweg._src.testing.contracts import flat, function_of, run, tensors


@functools.cache
def recorded(name: str) -> dict[str, Any]:
    """A file of recorded results."""
    found: dict[str, Any] = json.loads((GOLDEN / f"{name}.json").read_text(encoding="utf-8"))
    return found


def check_golden(table: str, row: Call) -> None:
    """Values, shapes and dtypes are those of real Keras, where it has the function on this engine."""
    want = recorded(table)["values"][row.id]
    if isinstance(want, dict) and "$e" in want and not row.differs:
        return
    got = support.attempt(lambda: function_of(row)(*tensors(row.make()), **row.kwargs))
    case = support.Case(row.id, lambda *_: None, row.rtol, row.rtol)
    found = [f"{p or '(result)'}: {m}" for p, m in support.compare(want, got, tf, case)]
    if row.differs:
        assert found, f"no difference any more, remove: {row.differs}"
    else:
        assert not found, "not what Keras gave:\n" + "\n".join(found)


def check_dtypes(table: str, row: Call) -> None:
    """Dtypes of results are those of real Keras, where it takes the dtypes at all."""
    want = recorded(table)["dtypes"][row.id]
    assert set(want) <= {" ".join(c) for c in row.dtypes}, "record again"
    excused = {combination for combination, _ in row.differs_in}
    wrong, stale = [], []
    for combination in row.dtypes:
        key = " ".join(combination)
        if key not in want:
            continue
        args = arguments(row, combination, lambda a, d: KerasTensor(a.shape, d))
        found = support.attempt(lambda args=args: function_of(row)(*args, **row.kwargs))
        if isinstance(found, support.Raised):
            got = f"{found.names[0]}: {found.error}"
        else:
            got = " ".join(tf.as_dtype(t.dtype).name for t in flat(found) if hasattr(t, "dtype"))
        if (got == want[key]) == (key in excused):
            (stale if got == want[key] else wrong).append(f"{key}: want {want[key]}, got {got}")
    assert not wrong, f"not the dtypes of Keras: {wrong}"
    assert not stale, f"no difference any more, remove from differs_in: {stale}"


def check_node(row: Call) -> None:
    """On symbolic tensors the call is one node; evaluating it gives the eager values."""
    given: list[KerasTensor] = []

    def symbol(one: Any, other: Any) -> Any:
        if isinstance(one, list):
            return [symbol(a, b) for a, b in zip(one, other, strict=True)]
        if not isinstance(one, np.ndarray):
            return one
        sizes = [a if a == b else None for a, b in zip(one.shape, other.shape, strict=True)]
        given.append(KerasTensor(sizes, str(one.dtype)))
        return given[-1]

    args = [symbol(a, b) for a, b in zip(row.make(3), row.make(7), strict=True)]
    if not given:
        return
    result = function_of(row)(*args, **row.kwargs)
    nodes = {id(s.node): s.node for s in flat(result) if isinstance(s, KerasTensor)}
    assert len(nodes) == 1, f"{len(nodes)} nodes"
    node = next(iter(nodes.values()))
    assert {id(p) for p in node.parents} == {id(s) for s in given}
    if row.via is None:
        assert node.operation is function_of(row)
    values = [t for a in tensors(row.make()) for t in flat(a) if tf.is_tensor(t)]
    got = evaluate(result, {s.ref(): v for s, v in zip(given, values, strict=True)})
    for one, other in zip(flat(got), run(row), strict=True):
        if hasattr(other, "numpy"):
            contracts.close(one.numpy(), other.numpy(), row.rtol)
        else:
            assert one == other


def check_signature(name: str, function: Any) -> None:
    """Parameters and defaults are those of the Keras function ``keras.ops.<name>``."""
    signature = inspect.signature(function)
    bare = [p.replace(annotation=inspect.Parameter.empty) for p in signature.parameters.values()]
    text = str(signature.replace(parameters=bare, return_annotation=inspect.Signature.empty))
    assert text == recorded("signatures")["signatures"][name]
