"""Rows of ops/shaping.py, joining.py, tiling.py, reordering.py and blocks.py."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.testing.rows import Row

_LINEAR = {"second_order": False, "note": "linear"}


def _pad(x: Any, paddings: Any, mode: str = "CONSTANT", constant_values: Any = 0) -> Any:
    settings = {"constant_values": constant_values} if mode == "CONSTANT" else {}
    return np.pad(x, paddings, mode.lower(), **settings)


def _reverse_sequence(x: Any, lengths: Any, seq_axis: int, batch_axis: int = 0) -> Any:
    front = np.moveaxis(x, (batch_axis, seq_axis), (0, 1)).copy()
    for row, length in zip(front, lengths, strict=True):
        row[:length] = row[:length][::-1].copy()
    return np.moveaxis(front, (0, 1), (batch_axis, seq_axis))


def _space_to_batch(x: Any, block: Any, paddings: Any) -> Any:
    (a, b), ((top, bottom), (left, right)) = block, paddings
    x = np.pad(x, [(0, 0), (top, bottom), (left, right), (0, 0)])
    return np.concatenate([x[:, i::a, j::b] for i in range(a) for j in range(b)])


def _batch_to_space(x: Any, block: Any, crops: Any) -> Any:
    (a, b), ((top, bottom), (left, right)) = block, crops
    n, h, w, c = x.shape[0] // (a * b), x.shape[1] * a, x.shape[2] * b, x.shape[3]
    out = np.zeros((n, h, w, c), x.dtype)
    for k in range(a * b):
        out[:, k // b :: a, k % b :: b] = x[k * n : (k + 1) * n]
    return out[:, top : h - bottom, left : w - right]


def _space_to_depth(x: Any, b: int, data_format: str = "NHWC") -> Any:
    if data_format == "NCHW":
        return np.moveaxis(_space_to_depth(np.moveaxis(x, 1, -1), b), -1, 1)
    return np.concatenate([x[:, i::b, j::b] for i in range(b) for j in range(b)], -1)


def _depth_to_space(x: Any, b: int, data_format: str = "NHWC") -> Any:
    if data_format == "NCHW":
        return np.moveaxis(_depth_to_space(np.moveaxis(x, 1, -1), b), -1, 1)
    n, h, w, c = x.shape
    out = np.zeros((n, h * b, w * b, c // (b * b)), x.dtype)
    for k in range(b * b):
        out[:, k // b :: b, k % b :: b] = x[..., k * (c // (b * b)) : (k + 1) * (c // (b * b))]
    return out


ROWS = [
    Row("reshape", lambda m: (m(m.n, 4), [-1, 2]), reference=np.reshape, gradient=(0,), **_LINEAR),
    Row("reshape", lambda m: (m(2, 6), (3, 4)), reference=np.reshape, label="known"),
    Row(
        "expand_dims", lambda m: (m(m.n, 4), 1), reference=np.expand_dims, gradient=(0,), **_LINEAR
    ),
    Row("expand_dims", lambda m: (m(m.n), -1), reference=np.expand_dims, label="end"),
    Row("squeeze", lambda m: (m(3, 1, 2, 1),), reference=np.squeeze, gradient=(0,), **_LINEAR),
    Row(
        "squeeze",
        lambda m: (m(1, 2, 1), [-1]),
        reference=lambda x, a: np.squeeze(x, -1),
        label="axis",
    ),
    Row("transpose", lambda m: (m(m.n, 4, 2),), reference=np.transpose, gradient=(0,), **_LINEAR),
    Row(
        "transpose",
        lambda m: (m(m.n, 4, 2), [2, 0, 1]),
        reference=np.transpose,
        gradient=(0,),
        label="perm",
        **_LINEAR,
    ),
    Row(
        "transpose",
        lambda m: (m.complex(m.n, 2), None, True),
        reference=lambda x, p, c: np.conj(x.T),
        gradient=(0,),
        label="conjugate",
        **_LINEAR,
    ),
    Row(
        "broadcast_to",
        lambda m: (m(1, 4), [2, 3, 4]),
        reference=np.broadcast_to,
        gradient=(0,),
        **_LINEAR,
    ),
    Row(
        "_src.ops.joining._concat",
        lambda m: (m(m.n, 2), m(m.n, 3)),
        {"axis": 1},
        reference=lambda a, b, axis: np.concatenate([a, b], axis),
        gradient=(0, 1),
        label="two",
    ),
    Row("concat", lambda m: ([m(m.n, 2), m(m.n, 3)], -1), reference=np.concatenate),
    Row(
        "_src.ops.joining._stack",
        lambda m: (m(m.n, 2), m(m.n, 2)),
        {"axis": -1},
        reference=lambda a, b, axis: np.stack([a, b], axis),
        gradient=(0, 1),
        label="two",
        **_LINEAR,
    ),
    Row("stack", lambda m: ([m(m.n, 2), m(m.n, 2)],), reference=np.stack),
    Row(
        "stack",
        lambda m: (m(m.n, 2, 4), 1),
        reference=lambda x, a: np.swapaxes(x, 0, 1),
        label="tensor",
    ),
    Row("parallel_stack", lambda m: ([m(m.n), m(m.n)],), reference=np.stack),
    Row(
        "unstack",
        lambda m: (m(m.n, 2),),
        {"axis": -1},
        reference=lambda x, axis: list(x.T),
        gradient=(0,),
    ),
    Row(
        "split",
        lambda m: (m(m.n, 6), 3),
        {"axis": 1},
        reference=lambda x, n, axis: np.split(x, n, axis),
        gradient=(0,),
        **_LINEAR,
    ),
    Row("split", lambda m: (m(2 * m.n, 3), 2), reference=np.split, label="unknown"),
    Row(
        "split",
        lambda m: (m(m.n, 6), [1, -1, 2]),
        {"axis": -1},
        reference=lambda x, s, axis: np.split(x, [1, 4], axis),
        gradient=(0,),
        label="sizes",
        **_LINEAR,
    ),
    Row("tile", lambda m: (m(m.n, 2), [2, 3]), reference=np.tile, gradient=(0,), **_LINEAR),
    Row(
        "repeat",
        lambda m: (m(m.n, 2), 3),
        {"axis": 1},
        reference=np.repeat,
        gradient=(0,),
        **_LINEAR,
    ),
    Row("repeat", lambda m: (m(m.n, 2), 2), reference=np.repeat, label="flat"),
    Row(
        "repeat",
        lambda m: (m(m.n, 3), [2, 0, 1]),
        {"axis": -1},
        reference=np.repeat,
        gradient=(0,),
        label="each",
        **_LINEAR,
    ),
    Row("pad", lambda m: (m(m.n, 3), [[0, 1], [2, 0]]), reference=_pad, gradient=(0,)),
    Row(
        "pad",
        lambda m: (m(m.n, 3), [[1, 1], [2, 1]]),
        {"constant_values": 1.5},
        reference=_pad,
        label="value",
    ),
    Row(
        "_src.ops.reordering._pad_with",
        lambda m: (m(m.n, 3), m()),
        {"paddings": [[0, 1], [1, 0]]},
        reference=lambda x, v, paddings: _pad(x, paddings, constant_values=v),
        gradient=(0, 1),
        **_LINEAR,
    ),
    *[
        Row(
            "pad",
            lambda m, mode=mode: (m(3, m.n, 3), [[2, 1], [0, 0], [1, 2]], mode),
            reference=_pad,
            gradient=(0,),
            label=mode.lower(),
            **_LINEAR,
        )
        for mode in ("REFLECT", "SYMMETRIC")
    ],
    Row("roll", lambda m: (m(m.n, 4), 3, 1), reference=np.roll, gradient=(0,), **_LINEAR),
    Row("roll", lambda m: (m(m.n, 4), [-1, 6], [0, -1]), reference=np.roll, label="two"),
    Row(
        "roll",
        lambda m: (m(m.n, 4), np.int32([2, 1]), [1, 1]),
        reference=np.roll,
        label="computed",
    ),
    Row("reverse", lambda m: (m(m.n, 4), [0, -1]), reference=np.flip, gradient=(0,), **_LINEAR),
    Row(
        "reverse_sequence",
        lambda m: (m(3, 4, m.n), np.int32([1, 4, 0])),
        {"seq_axis": 1},
        reference=_reverse_sequence,
        gradient=(0,),
        **_LINEAR,
    ),
    Row(
        "reverse_sequence",
        lambda m: (m(4, 3), np.int64([1, 4, 2])),
        {"seq_axis": 0, "batch_axis": 1},
        reference=_reverse_sequence,
        label="axes",
    ),
    Row(
        "space_to_batch",
        lambda m: (m(m.n, 3, 4, 2), [2, 2], [[1, 0], [0, 0]]),
        reference=_space_to_batch,
        gradient=(0,),
        **_LINEAR,
    ),
    Row(
        "batch_to_space",
        lambda m: (m(4 * m.n, 2, 2, 1), [2, 2], [[1, 0], [0, 1]]),
        reference=_batch_to_space,
        gradient=(0,),
        **_LINEAR,
    ),
    Row(
        "nn.space_to_depth",
        lambda m: (m(m.n, 4, 2, 3), 2),
        reference=_space_to_depth,
        gradient=(0,),
        **_LINEAR,
    ),
    Row(
        "nn.space_to_depth",
        lambda m: (m(m.n, 3, 4, 2), 2, "NCHW"),
        reference=_space_to_depth,
        label="NCHW",
    ),
    Row(
        "nn.depth_to_space",
        lambda m: (m(m.n, 2, 1, 8), 2),
        reference=_depth_to_space,
        gradient=(0,),
        **_LINEAR,
    ),
    Row(
        "nn.depth_to_space",
        lambda m: (m(m.n, 8, 2, 1), 2, "NCHW"),
        reference=_depth_to_space,
        label="NCHW",
    ),
]
