"""Windows over a timeseries as a dataset."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.data.blocks import Block
from thalweg._src.data.dataset import Dataset
from thalweg._src.data.node import AUTOTUNE
from thalweg._src.data.sources import Gather, Range
from thalweg._src.keras.base.policy import floatx


def timeseries_dataset_from_array(
    data: Any,
    targets: Any,
    sequence_length: int,
    sequence_stride: int = 1,
    sampling_rate: int = 1,
    batch_size: int | None = 128,
    shuffle: bool = False,
    seed: int | None = None,
    start_index: int | None = None,
    end_index: int | None = None,
    format: str = "tf",
) -> Any:
    """Windows that slide over a timeseries, with the target of each, in batches.

    Window ``i`` holds the time steps ``i, i + sampling_rate, ...``; its target is ``targets[i]``. To
    predict the value `k` steps after a window, pass the targets shifted by so much.

    Args:
        data: Array of shape ``(time, ...)``.
        targets: Array of shape ``(time, ...)``, or None for windows alone.
        sequence_length: Time steps in a window.
        sequence_stride: Time steps from the start of one window to that of the next.
        sampling_rate: Time steps from one step of a window to the next.
        batch_size: Windows in a batch; None for single windows.
        shuffle: Whether windows come in random order, another one each time.
        seed: Seed of the order; None for one from the global generator.
        start_index: Time steps before this one are not used.
        end_index: Nor are this one and those after it.
        format: ``"tf"``.

    Returns:
        `tf.data.Dataset` of ``(inputs, targets)``, or inputs alone. Inputs have the shape
        ``(batch, sequence_length, ...)``. Windows are cut out of the data batch by batch.

    Raises:
        ValueError: A number is out of range.

    Example:
        >>> import numpy as np
        >>> import thalweg as tf
        >>> numbers = np.arange(6)
        >>> windows = tf.keras.utils.timeseries_dataset_from_array(numbers[:-3], numbers[3:], 3)
        >>> for x, y in windows:
        ...     print(x.numpy().tolist(), y.numpy().tolist())
        [[0, 1, 2]] [3]

    Source: `keras.utils.timeseries_dataset_from_array`. Shuffled, each pass has an order of its own, of all
    windows; and targets that end early are counted from `start_index`.
    """
    series, count = _array(data), len(data)
    _check(count, sequence_length, sequence_stride, sampling_rate, start_index, end_index, format)
    start, end = start_index or 0, count if end_index is None else end_index
    windows = end - start - (sequence_length - 1) * sampling_rate
    goals = None if targets is None else _array(targets)
    if goals is not None:
        windows = min(windows, len(goals) - start)
    starts = Range(start, start + max(windows, 0), sequence_stride)
    made = Dataset(Gather(_Windows(series, goals, sequence_length, sampling_rate), starts))
    if shuffle:
        made = made.shuffle(max(starts.cardinality, 1), seed=seed)
    return (made if batch_size is None else made.batch(batch_size)).prefetch(AUTOTUNE)


class _Windows:
    """Windows, by the time step at which they start, and their targets.

    Args:
        series: Array ``(time, ...)``.
        goals: Array ``(time, ...)``, or None.
        length: Time steps in a window.
        rate: Time steps from one of them to the next.
    """

    def __init__(self, series: Any, goals: Any, length: int, rate: int) -> None:
        self._series = series
        self._goals = goals
        self._steps = np.arange(length) * rate
        self.length = len(series)
        inputs = TensorSpec((length, *series.shape[1:]), series.dtype)
        self.spec = inputs if goals is None else (inputs, TensorSpec(goals.shape[1:], goals.dtype))

    def take(self, indices: np.ndarray[Any, Any]) -> Block:
        """The windows that start at these time steps."""
        columns = [self._series[indices[:, None] + self._steps]]
        if self._goals is not None:
            columns.append(self._goals[indices])
        return Block(columns, len(indices))

    def __repr__(self) -> str:
        return f"<windows of {self.spec}>"


def _array(values: Any) -> np.ndarray[Any, Any]:
    """The values as an array; Python floats in the default float."""
    array = np.asarray(values)
    plain = isinstance(values, (list, tuple)) and array.dtype == np.float64
    return array.astype(floatx()) if plain else array


def _check(
    count: int, length: int, stride: int, rate: int, start: int | None, end: int | None, format: str
) -> None:
    def refuse(name: str, wanted: str, value: Any) -> None:
        raise InvalidArgumentError(
            f"[timeseries_dataset_from_array] expected {name} {wanted}, got {value!r} for data of length "
            f"{count}."
        )

    if format != "tf":
        refuse("format", "'tf', the one that there is,", format)
    if length < 1:
        refuse("sequence_length", "of 1 or more", length)
    for name, value in (("sequence_stride", stride), ("sampling_rate", rate)):
        if not 0 < value < count:
            refuse(name, "above 0 and below the length of the data", value)
    if start is not None and not 0 <= start < count:
        refuse("start_index", "of 0 or more and below the length of the data", start)
    if end is not None and not (start or 0) < end <= count:
        refuse("end_index", f"above start_index ({start or 0}) and at most the data's length", end)
