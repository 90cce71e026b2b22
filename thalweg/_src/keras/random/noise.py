"""What random numbers do to a tensor: `dropout` zeroes values, `shuffle` reorders slices."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.core.convert import as_tensor, convert_to_tensor
from thalweg._src.keras.base.drawing import operation
from thalweg._src.keras.random.seed_generator import words_of
from thalweg._src.ops.casting import cast
from thalweg._src.ops.creation import zeros_like
from thalweg._src.ops.gather import gather
from thalweg._src.random.dropout import stateless_dropout
from thalweg._src.random.stateless import stateless_shuffle


@operation
def dropout(inputs: Any, rate: Any, noise_shape: Any = None, seed: Any = None) -> Any:
    """`inputs` with values set to 0 with probability `rate`, the others scaled by ``1 / (1 - rate)``.

    Args:
        inputs: Floating tensor of any shape.
        rate: Fraction to drop, in [0, 1]; a number or a scalar tensor. 1 drops everything.
        noise_shape: Shape of the random mask, which broadcasts to that of `inputs`:
            ``(None, 1, features)`` drops the same features at all times. None in it takes the size of
            `inputs`.
        seed: An integer (the same values each call), a `SeedGenerator` (its next seed), or None (the
            global generator).

    Returns:
        Tensor of the shape and dtype of `inputs`. The gradient passes where values were kept.

    Raises:
        ValueError: `rate` is out of range, or `inputs` are not floating.

    Example:
        >>> import thalweg as tf
        >>> y = tf.keras.random.dropout(tf.ones((8,)), 0.5)
        >>> sorted(set(y.numpy().tolist()) | {0.0, 2.0})
        [0.0, 2.0]

    Source: `keras.random.dropout`.
    """
    values = convert_to_tensor(inputs)
    if isinstance(rate, (int, float)) and rate == 1:
        return zeros_like(values)
    held = as_tensor(rate)
    chance = rate if held is None else cast(held, values.dtype)
    words = words_of("random.dropout", seed)
    return stateless_dropout(values, chance, words, noise_shape=noise_shape)


@operation
def shuffle(x: Any, axis: int = 0, seed: Any = None) -> Any:
    """The slices along one axis in random order.

    Args:
        x: Tensor of any dtype, with one dimension or more.
        axis: The axis along which slices change places; negative counts from the end.
        seed: As for `dropout`.

    Returns:
        Tensor of the same shape and dtype; all slices stay whole.

    Example:
        >>> import thalweg as tf
        >>> sorted(tf.keras.random.shuffle([1, 2, 3]).numpy().tolist())
        [1, 2, 3]

    Source: `keras.random.shuffle`.
    """
    values = convert_to_tensor(x)
    words = words_of("random.shuffle", seed)
    if axis == 0:
        return stateless_shuffle(values, words)
    order = stateless_shuffle(np.arange(values.shape[axis], dtype=np.int32), words)
    return gather(values, order, axis=axis)
