"""Tensors put together and taken apart."""

from __future__ import annotations

from typing import Any

import numpy as np

from tests.keras.ops.rows import EACH, PAIRS, Call, call


def joined(name: str, label: str = "", shape: tuple[int, ...] = (4,), **options: Any) -> Call:
    """Row of a function of a list of two tensors of one shape."""
    options.setdefault("reference", getattr(np, name))
    return call(name, lambda m: ([m(m.n, *shape), m(m.n, *shape)],), label=label, **options)


def parted(
    name: str, parts: Any, label: str = "", shape: tuple[int, ...] = (6,), **options: Any
) -> Call:
    """Row of a function that cuts one tensor."""
    options.setdefault("reference", getattr(np, name))
    return call(name, lambda m: (m(m.n, *shape), parts), label=label, **options)


TOGETHER = [
    joined("concatenate", dtypes=PAIRS),
    joined("concatenate", "axis", kwargs={"axis": -1}),
    joined("concatenate", "flat", kwargs={"axis": None}),
    call("concatenate", lambda m: ([m(m.n, 2), m.ints(m.n, 3)],), kwargs={"axis": 1}, label="dtypes",
         reference=lambda xs, axis: np.concatenate(xs, axis).astype("float32")),
    call("append", lambda m: (m(m.n, 2), m(m.n, 4)), kwargs={"axis": 1}, dtypes=PAIRS, reference=np.append,
         gradient=(0, 1)),
    call("append", lambda m: (m(m.n, 2), m(4)), label="flat", reference=np.append),
    joined("stack", dtypes=PAIRS),
    joined("stack", "axis", kwargs={"axis": -1}),
    call("stack", lambda m: (m(3, m.n, 2),), label="tensor", kwargs={"axis": 1}, reference=np.stack,
         gradient=(0,)),
    joined("hstack", dtypes=PAIRS),
    joined("hstack", "vectors", shape=()),
    joined("vstack", dtypes=PAIRS),
    joined("vstack", "vectors", shape=(), differs="Keras on TensorFlow joins vectors to a longer vector"),
    joined("dstack", dtypes=PAIRS),
    joined("dstack", "vectors", shape=()),
]  # fmt: skip

APART = [
    parted("split", 3, kwargs={"axis": 1}, dtypes=EACH, gradient=(0,)),
    parted("split", [1, 4], "cuts", kwargs={"axis": -1}, gradient=(0,)),
    parted("split", [4, 9], "beyond", kwargs={"axis": 1}),
    call("split", lambda m: (m(2 * m.n, 3), 2), label="batch", reference=np.split),
    parted("array_split", 4, kwargs={"axis": 1}, dtypes=EACH, gradient=(0,)),
    parted("array_split", [2], "cuts", kwargs={"axis": 1}),
    parted("hsplit", 2, dtypes=EACH, gradient=(0,)),
    call("hsplit", lambda m: (m(6), [2]), label="vector", reference=np.hsplit),
    call("vsplit", lambda m: (m(4, m.n), 2), dtypes=EACH, reference=np.vsplit, gradient=(0,)),
    parted("dsplit", [1, 3], shape=(2, 6), dtypes=EACH, gradient=(0,)),
]

ROWS = [*TOGETHER, *APART]
