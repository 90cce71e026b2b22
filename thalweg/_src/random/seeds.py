"""Seeds from seeds (`split`, `fold_in`), and orders too large to write down (`index_shuffle`)."""

from __future__ import annotations

from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.opdef import op
from thalweg._src.ops.arguments import host_value, int_of
from thalweg._src.random import keys
from thalweg._src.random.arguments import algorithm_of, operand, seed_of
from thalweg._src.random.draws import run
from thalweg._src.random.samplers import bijection


@op("random_split", inputs=("seed",), matched=())
def _split(seed: Any, num: int) -> Any:
    base = keys.HashSource(keys.seed_key(seed))
    low = lax.iota(np.uint32, num)
    words = keys.philox(_block(low, jnp.zeros_like(low)), base.fold(0).key)
    return _seeds_of(words, seed.dtype)


@op("random_fold_in", inputs=("seed", "data"), matched=())
def _fold_in(seed: Any, data: Any) -> Any:
    number = lax.convert_element_type(data, np.int64)
    low, high = lax.bitcast_convert_type(number, np.uint32)
    words = keys.philox(_block(low, high), keys.HashSource(keys.seed_key(seed)).fold(1).key)
    return _seeds_of(words, np.dtype(np.int64 if data.dtype == np.int64 else np.int32))


def _block(low: Any, high: Any) -> Any:
    zero = jnp.zeros_like(low)
    return low, high, zero, zero


def _seeds_of(words: Any, dtype: Any) -> Any:
    """Seeds of shape ``(..., 2)`` from Philox blocks."""
    if dtype == np.int64:
        parts = [keys.wide(words[:2]), keys.wide(words[2:])]
    else:
        parts = list(words[:2])
    return lax.bitcast_convert_type(jnp.stack(parts, axis=-1), dtype)


def split(seed: Any, num: Any = 2, alg: Any = "auto_select") -> Any:
    """Independent new seeds made of one.

    Args:
        seed: Two integers, as a tensor of shape ``(2,)``; do not draw from it as well.
        num: How many.
        alg: Checked, but without effect: seeds are always split by Philox.

    Returns:
        Tensor of shape ``(num, 2)`` and the dtype of `seed`.

    Example:
        >>> import thalweg as tf
        >>> one, other = tf.random.split([1, 2])
        >>> one.shape
        TensorShape([2])

    Source: `tf.random.split`.
    """
    where = "random.split"
    key = seed_of(where, seed)
    algorithm_of(where, alg)
    count = num if type(num) is int else int_of(where, "num", num)
    if count < 0:
        raise InvalidArgumentError(
            f"[{where}] expected num of 0 or more, got {count}; it is the number of seeds to make."
        )
    return run(_split, (key,), (count,))


def fold_in(seed: Any, data: Any, alg: Any = "auto_select") -> Any:
    """A new seed made of a seed and a number, such as a step or replica.

    Args:
        seed: Two integers, as a tensor of shape ``(2,)``.
        data: Integer scalar.
        alg: Checked, but without effect: numbers are always folded in by Philox.

    Returns:
        Tensor of shape ``(2,)``: int64 when `data` is, else int32.

    Example:
        >>> import thalweg as tf
        >>> a, b = tf.random.fold_in([1, 2], 0), tf.random.fold_in([1, 2], 1)
        >>> bool(tf.reduce_all(a == b))
        False

    Source: `tf.random.fold_in`.
    """
    where = "random.fold_in"
    key = seed_of(where, seed)
    algorithm_of(where, alg)
    number = operand(where, "data", data, None)
    if tuple(number.shape) or not dtypes.as_dtype(number.dtype).is_integer:
        raise InvalidArgumentError(
            f"[{where}] expected data as an integer scalar, got "
            f"{dtypes.as_dtype(number.dtype).name} of shape {tuple(number.shape)}; fold in one number "
            "at a time."
        )
    return run(_fold_in, (key, number), ())


@op("random_index_shuffle", inputs=("index", "seed", "max_index"), matched=())
def _index_shuffle(index: Any, seed: Any, max_index: Any) -> Any:
    """Place of each index in a random order of ``0 .. max_index``, without making the order.

    Results of the bijection above `max_index` are sent through it again until they fit.
    """
    most = lax.convert_element_type(max_index, np.uint64)
    bits = jnp.maximum(np.uint64(64) - lax.clz(most), np.uint64(2))
    wide_seed = lax.convert_element_type(seed, np.int64)
    key = keys.seed_key(wide_seed[:2])
    for word in range(2, seed.shape[0]):
        key = keys.HashSource(key).fold(wide_seed[word]).key
    result = lax.while_loop(
        lambda v: jnp.any(v > most),
        lambda v: jnp.where(v > most, bijection(v, bits, key), v),
        bijection(lax.convert_element_type(index, np.uint64), bits, key),
    )
    return lax.convert_element_type(result, index.dtype)


def index_shuffle(index: Any, seed: Any, max_index: Any) -> Any:
    """Where `index` goes in a random order of ``0 .. max_index`` that `seed` decides.

    Nothing of the size of the range is made, so that it may be huge.

    Args:
        index: Integers in ``[0, max_index]``, below 2**32; a scalar or vector.
        seed: Two or three integers.
        max_index: Largest index.

    Returns:
        Tensor of the shape and dtype of `index`; distinct for distinct indices.

    Raises:
        ValueError: An index is out of range.

    Example:
        >>> import thalweg as tf
        >>> sorted(tf.random.experimental.index_shuffle([0, 1, 2], [5, 9], 2).numpy().tolist())
        [0, 1, 2]

    Source: `tf.random.experimental.index_shuffle`; Black and Rogaway, "Ciphers with arbitrary finite
    domains" (2002). One seed for all indices.
    """
    where = "random.experimental.index_shuffle"
    places, most = (
        operand(where, "index", index, None),
        operand(where, "max_index", max_index, None),
    )
    key = operand(where, "seed", seed, None)
    if tuple(key.shape) not in ((2,), (3,)):
        raise InvalidArgumentError(
            f"[{where}] expected seed as two or three integers, got shape {tuple(key.shape)}; write "
            "seed=[1, 2]."
        )
    _check_indices(where, places, most)
    return run(_index_shuffle, (places, key, most), ())


def random_index_shuffle(
    index: Any, seed: Any, max_index: Any, rounds: int = 4, name: str | None = None
) -> Any:
    """Where `index` goes in a random order, as `tf.random.experimental.index_shuffle`.

    Args:
        index: Integers in ``[0, max_index]``.
        seed: Two or three integers.
        max_index: Largest index.
        rounds: Has no effect: eight rounds are always used.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of the shape and dtype of `index`.

    Source: `tf.random_index_shuffle`.
    """
    return index_shuffle(index, seed, max_index)


def _check_indices(where: str, index: Any, most: Any) -> None:
    values, limit = host_value(index), host_value(most)
    if values is None or limit is None or not values.size:
        return
    if values.min() < 0 or values.max() > limit.min():
        raise InvalidArgumentError(
            f"[{where}] expected indices from 0 to max_index {int(limit.min())}, got "
            f"{int(values.min())} to {int(values.max())}; raise max_index."
        )


stateless_split = split
stateless_fold_in = fold_in
