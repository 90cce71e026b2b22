"""`rearrange`: axes reordered, split and merged as a pattern says."""

from __future__ import annotations

import math
import re
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.ops.shaping import reshape, transpose

_TOKEN = re.compile(r"\s*(\(|\)|\.\.\.|[A-Za-z_][A-Za-z_0-9]*|1)")
Groups = list[list[str]]


def _parse(pattern: str, side: str) -> Groups:
    """Names of the axes of one side, one list for each dimension."""
    groups: Groups = []
    inside: list[str] | None = None
    at = 0
    while at < len(side.rstrip()):
        found = _TOKEN.match(side, at)
        token = found.group(1) if found else side[at:]
        misplaced = token == ")" if inside is None else token in ("(", "...")
        if found is None or misplaced:
            raise _wrong(pattern, f"cannot read {token!r}")
        at = found.end()
        if token == "(":
            inside = []
        elif token == ")":
            groups.append(inside or [])
            inside = None
        elif inside is not None:
            inside.append(token)
        else:
            groups.append([] if token == "1" else [token])
    if inside is not None:
        raise _wrong(pattern, "a bracket is open")
    return groups


def _wrong(pattern: str, why: str) -> InvalidArgumentError:
    return InvalidArgumentError(
        f"[rearrange] expected a pattern like 'b (h w) c -> b h w c', got {pattern!r}: {why}."
    )


def _spelled_out(groups: Groups, missing: int) -> Groups:
    """The dimensions with names in place of the dots."""
    dots = [[f"...{i}"] for i in range(missing)]
    return [g for group in groups for g in (dots if group == ["..."] else [group])]


def _sizes(shape: tuple[int, ...], groups: Groups, known: dict[str, int]) -> dict[str, int]:
    """Size of every axis; one of each dimension may be found by division.

    Raises:
        ShapeError: The sizes do not fit the shape.
    """
    sizes = dict(known)
    for size, names in zip(shape, groups, strict=True):
        parts = [n for n in names if n != "1"]
        open_names = [n for n in parts if n not in sizes]
        product = math.prod(sizes[n] for n in parts if n in sizes)
        if len(open_names) > 1:
            raise InvalidArgumentError(
                f"[rearrange] expected the sizes of all but one of ({' '.join(names)}), got none for "
                f"{' and '.join(open_names)}; give {open_names[0]}=..."
            )
        fits = product and not size % product if open_names else size == product
        if not fits:
            raise ShapeError(
                f"[rearrange] expected a dimension that ({' '.join(names)}) with sizes {known} divides, got "
                f"size {size} in shape {shape}."
            )
        if open_names:
            sizes[open_names[0]] = size // product
    return sizes


@operation
def rearrange(tensor: Any, pattern: str, **axes_lengths: int) -> Any:
    """The tensor with its axes reordered, split and merged.

    Args:
        tensor: Tensor.
        pattern: Names of the axes before and after ``->``. Brackets hold axes that share a dimension,
            ``1`` or ``()`` stands for a dimension of size 1, ``...`` for all dimensions not named.
        **axes_lengths: Sizes of axes; in each bracket one may be left out.

    Returns:
        Tensor.

    Raises:
        InvalidArgumentError: The pattern cannot be read, or names differ between its sides.
        ShapeError: Sizes do not fit.

    Example:
        >>> import thalweg as tf
        >>> x = tf.reshape(tf.range(12), (2, 6))
        >>> tf.keras.ops.rearrange(x, "b (c d) -> b d c", c=2).shape
        TensorShape([2, 3, 2])

    Source: Rogozhnikov, "Einops" (2022); `keras.ops.rearrange`, here with ``1`` and ``...`` too.
    """
    tensor = tensor_of(tensor)
    shape = tuple(tensor.shape)
    sides = pattern.split("->")
    if len(sides) != 2:
        raise _wrong(pattern, f"it has {len(sides) - 1} arrows")
    before, after = (_parse(pattern, side) for side in sides)
    dots = before.count(["..."])
    missing = len(shape) - len(before) + dots
    if dots > 1 or missing < 0 or (not dots and missing):
        raise _wrong(pattern, f"the tensor has shape {shape}")
    before, after = _spelled_out(before, missing), _spelled_out(after, missing)
    source, wanted = ([n for g in groups for n in g if n != "1"] for groups in (before, after))
    if len(set(source)) != len(source) or sorted(source) != sorted(wanted):
        raise _wrong(pattern, "each name must stand once on both sides")
    sizes = _sizes(shape, before, {n: int(v) for n, v in axes_lengths.items()})
    split = reshape(tensor, [sizes[n] for n in source])
    turned = transpose(split, [source.index(n) for n in wanted])
    return reshape(turned, [math.prod(sizes[n] for n in group if n != "1") for group in after])
