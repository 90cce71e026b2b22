"""Structures of specs as JSON values, and back."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import DTypeError, InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.shapes import TensorShape, TensorSpec
from thalweg._src.data.specs import compatible
from thalweg._src.ops.ragged.spec import RaggedTensorSpec
from thalweg._src.ops.sparse.spec import SparseTensorSpec

_MAX_RANK = 64  # NumPy's


def spec_to_json(spec: Any, where: str) -> Any:
    """JSON value of a structure of specs.

    Raises:
        TypeError: Elements that no file holds, such as data sets.
    """
    if isinstance(spec, TensorSpec):
        return {"kind": "tensor", **_shared(spec)}
    if isinstance(spec, RaggedTensorSpec):
        splits = spec.row_splits_dtype.name
        return {"kind": "ragged", **_shared(spec), "rank": spec.ragged_rank, "splits": splits}
    if isinstance(spec, SparseTensorSpec):
        return {"kind": "sparse", **_shared(spec)}
    if isinstance(spec, dict) and all(isinstance(key, str) for key in spec):
        return {"kind": "dict", "parts": {key: spec_to_json(spec[key], where) for key in spec}}
    if isinstance(spec, tuple):
        return {"kind": "tuple", "parts": [spec_to_json(part, where) for part in spec]}
    raise DTypeError(
        f"[{where}] expected elements of tensors in tuples and dicts of named parts, got {spec}; they cannot "
        "be stored."
    )


def _shared(spec: Any) -> dict[str, Any]:
    shape: TensorShape = spec.shape
    return {"shape": None if shape.rank is None else shape.as_list(), "dtype": spec.dtype.name}


def spec_of_json(value: Any, depth: int = 0) -> Any:
    """Structure of specs of a JSON value that nobody vouches for.

    Raises:
        ValueError: It is none.
    """
    if not isinstance(value, dict) or depth > _MAX_RANK:
        raise ValueError(f"{value!r} is no spec")
    kind, parts = value.get("kind"), value.get("parts")
    if kind == "dict" and isinstance(parts, dict):
        return {key: spec_of_json(part, depth + 1) for key, part in parts.items()}
    if kind == "tuple" and isinstance(parts, list):
        return tuple(spec_of_json(part, depth + 1) for part in parts)
    shape, dtype = value.get("shape"), dtypes.as_dtype(value.get("dtype"))
    if shape is not None and not _is_shape(shape):
        raise ValueError(f"{shape!r} is no shape")
    if kind == "tensor":
        return TensorSpec(shape, dtype)
    if kind == "sparse":
        return SparseTensorSpec(shape, dtype)
    rank = value.get("rank")
    if kind == "ragged" and type(rank) is int and 0 <= rank < _MAX_RANK:
        return RaggedTensorSpec(shape, dtype, rank, dtypes.as_dtype(value.get("splits")))
    raise ValueError(f"{kind!r} is no kind of spec")


def _is_shape(value: Any) -> bool:
    return (
        isinstance(value, list)
        and len(value) <= _MAX_RANK
        and all(size is None or type(size) is int and 0 <= size < 1 << 63 for size in value)
    )


def check_stored_spec(stored: Any, wanted: Any, where: str) -> None:
    """Raises unless elements of one spec can stand for those of another.

    Args:
        stored: Spec of what a file holds.
        wanted: Spec of the elements that are expected.
        where: Name for messages.

    Raises:
        InvalidArgumentError: They cannot.
    """
    if not compatible(stored, wanted):
        raise InvalidArgumentError(
            f"[{where}] expected elements of {wanted}, got stored ones of {stored}; delete the file, or take "
            "another name."
        )
