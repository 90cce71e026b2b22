"""What the recorders and the tests of golden values share: cases, attempts, encoding, comparison.

A case is a function ``body(tf, np)`` that uses only TensorFlow's public API and returns arrays,
strings, numbers, or lists and dicts of them. The recorder runs it with TensorFlow, the test with
thalweg; both encode the result to plain JSON values, and the test compares the two trees.
"""

from __future__ import annotations

import builtins
import fnmatch
import json
import math
import pathlib
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy

DATA = pathlib.Path(__file__).resolve().parent / "data"

#: (relative, absolute) tolerance by dtype where a case states none of its own.
TOLERANCES: dict[str, tuple[float, float]] = {
    "float16": (2e-3, 2e-3),
    "bfloat16": (1.6e-2, 1.6e-2),
    "float32": (1e-5, 1e-6),
    "float64": (1e-9, 1e-12),
    "complex64": (1e-5, 1e-6),
    "complex128": (1e-9, 1e-12),
}

#: Errors by which TensorFlow only says that it has no kernel for a dtype or a device. An
#: implementation that refuses says it in its own words (a `TypeError`, `ValueError` or any class of
#: `tf.errors`); one that has the kernel differs, and its test says so in `DELIBERATE`.
NO_KERNEL = ("NotFoundError", "UnimplementedError", "InternalError")


@dataclass(frozen=True)
class Case:
    """A named program with the tolerances its float results are compared under."""

    name: str
    body: Callable[[Any, Any], Any]
    rtol: float | None = None
    atol: float | None = None


class Cases:
    """An ordered collection of cases, filled by ``@cases`` and by ``cases.add``."""

    def __init__(self) -> None:
        self._cases: dict[str, Case] = {}

    def __iter__(self) -> Iterator[Case]:
        return iter(self._cases.values())

    def __len__(self) -> int:
        return len(self._cases)

    def __call__(
        self,
        body: Callable[[Any, Any], Any] | None = None,
        *,
        rtol: float | None = None,
        atol: float | None = None,
    ) -> Any:
        """Register the decorated function under its own name."""

        def register(function: Callable[[Any, Any], Any]) -> Callable[[Any, Any], Any]:
            self.add(function.__name__, function, rtol=rtol, atol=atol)
            return function

        return register if body is None else register(body)

    def add(
        self,
        name: str,
        body: Callable[[Any, Any], Any],
        *,
        rtol: float | None = None,
        atol: float | None = None,
    ) -> None:
        """Register `body` under `name`; names are unique."""
        if name in self._cases:
            raise ValueError(f"two cases are named {name!r}")
        self._cases[name] = Case(name, body, rtol, atol)


@dataclass(frozen=True)
class Raised:
    """The class names of an exception, most derived first."""

    names: tuple[str, ...]
    error: BaseException | None = None


def attempt(body: Callable[[], Any]) -> Any:
    """Return what `body` returns, or a `Raised` that stands for its exception."""
    try:
        return body()
    except Exception as error:
        names = tuple(
            c.__name__ for c in type(error).__mro__ if c not in (Exception, BaseException, object)
        )
        return Raised(names, error)


def _array(value: Any, dtype: str) -> dict[str, Any]:
    array = numpy.asarray(value)
    flat = array.reshape(-1)
    values: list[Any]
    if dtype == "string" or array.dtype.kind in "OSU":
        dtype = "string"
        values = [v.decode() if isinstance(v, bytes) else str(v) for v in flat.tolist()]
    elif array.dtype.kind == "c":
        values = [[_short(v.real), _short(v.imag)] for v in flat]
    elif array.dtype.kind == "b" or array.dtype.kind in "iu" or dtype in ("int4", "uint4"):
        values = [int(v) for v in flat]
    else:
        values = [_short(v) for v in flat]
    return {"$a": [dtype, list(array.shape), values]}


def _short(value: Any) -> float:
    """A float32 or float16 as the double with its shortest decimal form (small files)."""
    if value.dtype in (numpy.float32, numpy.float16):
        return float(str(value))
    return float(value)


def encode(value: Any) -> Any:
    """`value` as plain JSON values; arrays become ``{"$a": [dtype, shape, flat values]}``."""
    if (
        value is None
        or isinstance(value, (bool, int, float, str))
        and not isinstance(value, numpy.generic)
    ):
        return value
    if isinstance(value, bytes):
        return {"$b": value.decode("latin-1")}
    if isinstance(value, Raised):
        return {"$e": " ".join(value.names)}
    if isinstance(value, dict):
        return {str(k): encode(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)) and not hasattr(value, "numpy"):
        return [encode(v) for v in value]
    if isinstance(value, (numpy.ndarray, numpy.generic)):
        return _array(value, value.dtype.name)
    if type(value).__name__ == "IndexedSlices":
        dense = numpy.zeros([int(n) for n in value.dense_shape], value.values.dtype.as_numpy_dtype)
        numpy.add.at(dense, value.indices.numpy(), value.values.numpy())
        return _array(dense, value.dtype.name)
    if hasattr(value, "numpy") and hasattr(value, "dtype"):
        dtype = value.dtype
        return _array(value.numpy(), dtype if isinstance(dtype, str) else dtype.name)
    raise TypeError(
        f"a case returned {value!r}: return tensors, arrays, strings, numbers, lists or dicts"
    )


def _encode_ours(value: Any) -> Any:
    """`encode`, but a value that no record can hold becomes its own text, to be reported."""
    try:
        return encode(value)
    except TypeError:
        return f"{type(value).__name__}: {value!r}"


def load(family: str) -> dict[str, Any]:
    """The recorded results of a family by case name."""
    with open(DATA / f"{family}.json", encoding="utf-8") as file:
        cases: dict[str, Any] = json.load(file)["cases"]
    return cases


def check(case: Case, record: dict[str, Any], deliberate: dict[str, str], tf: Any) -> None:
    """Run `case` with thalweg and assert that it gives what TensorFlow gave.

    `deliberate` maps ``case`` or ``case/path`` patterns to the reason why we differ there. An entry
    that names its case in full must go when the case no longer differs, so that the table stays true.
    """
    assert case.name in record, f"{case.name} is not recorded: run tests/golden/record again"
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # advice to the user is not what is compared
        got = case.body(tf, numpy)
    differences = list(compare(record[case.name], got, tf, case))
    patterns = {p for p in deliberate if fnmatch.fnmatchcase(case.name, p.partition("/")[0])}
    stale = {p for p in patterns if p.partition("/")[0] == case.name}
    remaining = []
    for path, message in differences:
        full = f"{case.name}/{path}"
        excused = {p for p in patterns if fnmatch.fnmatchcase(full, p if "/" in p else p + "/*")}
        stale -= excused
        if not excused:
            remaining.append(f"{path or '(result)'}: {message}")
    assert not remaining, f"{len(remaining)} difference(s) from TensorFlow:\n" + "\n".join(
        remaining[:40]
    )
    assert not stale, f"no difference any more, remove from DELIBERATE: {sorted(stale)}"


def compare(want: Any, got: Any, tf: Any, case: Case, path: str = "") -> Iterator[tuple[str, str]]:
    """Yield (path, message) for each place where `got` differs from the recorded `want`."""
    if isinstance(want, dict) and "$e" in want:
        yield from _compare_error(want["$e"].split(), got, tf, path)
        return
    if isinstance(got, Raised):
        yield path, f"raised {got.names[0]}: {_first_line(got.error)}; want {_brief(want)}"
        return
    if isinstance(want, dict) and not any(k in want for k in ("$a", "$b")):
        if not isinstance(got, dict) or set(want) != {str(k) for k in got}:
            yield path, f"want a dict of {sorted(want)}, got {got!r}"
            return
        for key, value in got.items():
            yield from compare(
                want[str(key)], value, tf, case, f"{path}.{key}" if path else str(key)
            )
        return
    if isinstance(want, list):
        if not isinstance(got, (list, tuple)) or len(want) != len(got):
            yield path, f"want a list of {len(want)}, got {got!r}"
            return
        for index, (one, other) in enumerate(zip(want, got, strict=True)):
            yield from compare(one, other, tf, case, f"{path}[{index}]")
        return
    yield from _compare_leaf(want, _encode_ours(got), case, path)


def _compare_error(names: list[str], got: Any, tf: Any, path: str) -> Iterator[tuple[str, str]]:
    name, expected = "Exception", Exception
    for candidate in names:
        found = getattr(builtins, candidate, None) or getattr(tf.errors, candidate, None)
        if found is not None:
            name, expected = candidate, found
            break
    if name in NO_KERNEL:
        expected = (TypeError, ValueError, tf.errors.OpError)
    if not isinstance(got, Raised):
        yield path, f"want {name}, got the result {_brief(_encode_ours(got))}"
    elif not isinstance(got.error, expected):
        yield path, f"want {name}, got {got.names[0]}: {_first_line(got.error)}"


def _compare_leaf(want: Any, got: Any, case: Case, path: str) -> Iterator[tuple[str, str]]:
    if isinstance(want, dict) and "$a" in want:
        if not (isinstance(got, dict) and "$a" in got):
            yield path, f"want {_brief(want)}, got {_brief(got)}"
            return
        (dtype, shape, values), (our_dtype, our_shape, our_values) = want["$a"], got["$a"]
        if dtype != our_dtype:
            yield path, f"want dtype {dtype}, got {our_dtype}"
        if shape != our_shape:
            yield path, f"want shape {shape}, got {our_shape}"
        elif values != our_values:
            yield from _compare_values(dtype, values, our_values, case, path)
    elif isinstance(want, float) and isinstance(got, float):
        yield from _compare_values("float32", [want], [got], case, path)
    elif type(want) is not type(got) or want != got:
        yield path, f"want {want!r}\n     got {got!r}"


def _compare_values(
    dtype: str, want: list[Any], got: list[Any], case: Case, path: str
) -> Iterator[tuple[str, str]]:
    if dtype not in TOLERANCES:
        if want != got:
            yield path, f"want {dtype} {_some(want)}, got {_some(got)}"
        return
    rtol, atol = TOLERANCES[dtype]
    rtol = (
        rtol
        if case.rtol is None
        else max(case.rtol, rtol if dtype in ("float16", "bfloat16") else 0.0)
    )
    atol = atol if case.atol is None else case.atol
    one, other = numpy.asarray(want, float), numpy.asarray(got, float)
    close = numpy.isclose(other, one, rtol=rtol, atol=atol, equal_nan=True)
    if not close.all():
        bad = numpy.argwhere(~close)[0]
        yield (
            path,
            (
                f"{int((~close).sum())} of {close.size} {dtype} values differ (rtol {rtol}, atol {atol}); "
                f"first at flat index {[int(i) for i in bad]}: "
                f"want {one[tuple(bad)]}, got {other[tuple(bad)]}; "
                f"want {_some(want)}, got {_some(got)}"
            ),
        )


def _some(values: list[Any]) -> str:
    return str(values) if len(values) <= 24 else f"{values[:24]}..."


def _brief(value: Any) -> str:
    if isinstance(value, dict) and "$a" in value:
        dtype, shape, values = value["$a"]
        return f"{dtype}{shape} {_some(values)}"
    text = repr(value)
    return text if len(text) < 300 else text[:300] + "..."


def _first_line(error: BaseException | None) -> str:
    return (str(error).splitlines() or [""])[0][:200]


def count_nonfinite(tree: Any) -> int:
    """How many recorded numbers are NaN or infinite (for the recorder's summary)."""
    if isinstance(tree, dict):
        return sum(count_nonfinite(v) for v in tree.values())
    if isinstance(tree, list):
        return sum(count_nonfinite(v) for v in tree)
    return int(isinstance(tree, float) and not math.isfinite(tree))
