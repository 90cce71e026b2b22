"""`Normalization`: features of mean 0 and variance 1, by statistics of data or given ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import as_tensor
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.data.dataset import Dataset
from thalweg._src.keras.base.settings import epsilon
from thalweg._src.keras.layers.normalization.base_normalization import (
    axis_argument,
    places_of,
    sizes_at,
)
from thalweg._src.keras.layers.preprocessing.data_layer import DataLayer
from thalweg._src.ops.casting import cast
from thalweg._src.ops.clipping import maximum
from thalweg._src.ops.elementwise import add, divide, multiply, subtract
from thalweg._src.ops.exponential import sqrt
from thalweg._src.ops.shaping import reshape

# Rows of a batch where a data set has none: its elements are samples of one axis.
_ROWS = 128


class Normalization(DataLayer):
    """``(inputs - mean) / sqrt(variance)``, with statistics that `adapt` measures or that are given.

    Args:
        axis: Axis or axes whose positions have statistics of their own, such as that of the features;
            None for one mean and variance of all.
        mean: Mean, a number or an array that broadcasts to the sizes along `axis`; measured when None.
        variance: Variance, likewise; both or neither are given.
        invert: Whether to undo the normalization: ``mean + inputs * sqrt(variance)``.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Tensor of any shape with known sizes along `axis`; integers are cast to the compute dtype.

    Raises:
        InvalidArgumentError: Only one of `mean` and `variance`.
        ShapeError: Inputs without such axes; given statistics that do not broadcast to them.

    Example:
        >>> import numpy as np
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.Normalization()
        >>> layer.adapt(np.array([[0.0, 10.0], [2.0, 30.0]], "float32"))
        >>> layer(tf.constant([[0.0, 20.0]])).numpy().tolist()
        [[-1.0, 0.0]]

    Source: `keras.layers.Normalization`. Statistics are those of the weights at any time, also after
    `set_weights`, where Keras waits for `finalize_state`. As in Keras, the weight `count` stays 0: files
    of weights hold one. Before `adapt` the mean is 0 and the variance 1.
    """

    def __init__(
        self,
        axis: Any = -1,
        mean: Any = None,
        variance: Any = None,
        invert: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(**({"autocast": True} | kwargs))
        if (mean is None) != (variance is None):
            raise InvalidArgumentError(
                f"[{self._where}] expected both mean and variance or neither, got mean={mean!r} and "
                f"variance={variance!r}; leave both out and call adapt()."
            )
        self.axis = _axes(self._where, axis)
        self.input_mean = None if mean is None else np.asarray(mean, "float64")
        self.input_variance = None if variance is None else np.asarray(variance, "float64")
        self.invert = invert
        self.supports_masking = True

    @property
    def _where(self) -> str:
        return f"Normalization {self.name!r}"

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer; statistics that were measured are weights instead."""
        given = {"mean": self.input_mean, "variance": self.input_variance}
        plain = {name: None if v is None else v.tolist() for name, v in given.items()}
        return super().get_config() | plain

    def build(self, input_shape: Any) -> None:
        """Creates the weights, or fits the given statistics to the inputs."""
        self._places = places_of(self._where, list(self.axis), input_shape)
        self._sizes = sizes_at(self._where, self._places, input_shape)
        along = dict(zip(self._places, self._sizes, strict=True))
        self._spread_shape = [along.get(a, 1) for a in range(len(input_shape))]
        if self.input_mean is None:
            # Read in their own dtype: in half precision, large means and variances overflow.
            kept: dict[str, Any] = {"trainable": False, "autocast": False}
            self.adapt_mean = self.add_weight(self._sizes, "zeros", name="mean", **kept)
            self.adapt_variance = self.add_weight(self._sizes, "ones", name="variance", **kept)
            self.count = self.add_weight((), "zeros", dtype="int64", name="count", **kept)
            return
        self._given_mean = self._fitted("mean", self.input_mean)
        self._given_variance = self._fitted("variance", self.input_variance)

    def _fitted(self, what: str, value: Any) -> np.ndarray[Any, Any]:
        try:
            return np.broadcast_to(value, self._sizes).astype(self.variable_dtype)
        except ValueError:
            raise ShapeError(
                f"[{self._where}] expected a {what} that broadcasts to the sizes {self._sizes} of the "
                f"inputs along axis={self.axis}, got shape {value.shape}."
            ) from None

    @property
    def mean(self) -> Any:
        """Mean in a shape that broadcasts with the inputs; None before the layer is built."""
        if not self.built:
            return None
        value = self.adapt_mean.value if self.input_mean is None else self._given_mean
        return reshape(value, self._spread_shape)

    @property
    def variance(self) -> Any:
        """Variance in a shape that broadcasts with the inputs; None before the layer is built."""
        if not self.built:
            return None
        value = self.adapt_variance.value if self.input_variance is None else self._given_variance
        return reshape(value, self._spread_shape)

    def adapt(self, data: Any) -> None:
        """Measures mean and variance of data, which take the place of those measured before.

        Args:
            data: Array or tensor of samples ``(samples, ...)``; `Dataset`, `PyDataset` or other iterable of
                such batches, passed through once. A `Dataset` of samples of one axis counts as one of
                batches of them.

        Raises:
            InvalidArgumentError: Statistics were given to the constructor; there are no samples; something
                else than arrays.
            ShapeError: Sizes along `axis` differ from earlier ones.
        """
        if self.input_mean is not None:
            raise InvalidArgumentError(
                f"[{self._where}] expected a layer without given statistics to adapt, got mean and "
                "variance in its constructor; leave them out."
            )
        count, mean, squares = 0, np.zeros((), "float64"), np.zeros((), "float64")
        for batch in self._batches(data):
            if not self.built:
                self.build(batch.shape)
            others = self._others(batch.shape)
            more = batch.size // max(int(np.prod(self._sizes)), 1)
            if not more:
                continue
            # Chan, Golub and LeVeque: means and squared distances of two parts give those of the whole.
            own_mean = np.mean(batch, others, dtype="float64")
            own_squares = np.var(batch, others, dtype="float64") * more
            distance = own_mean - mean
            squares = squares + own_squares + distance**2 * (count * more / (count + more))
            mean = mean + distance * (more / (count + more))
            count += more
        if not count:
            raise InvalidArgumentError(f"[{self._where}] expected samples to adapt to, got none.")
        self.adapt_mean.assign(mean.astype(self.variable_dtype))
        self.adapt_variance.assign((squares / count).astype(self.variable_dtype))

    def _batches(self, data: Any) -> Iterator[np.ndarray[Any, Any]]:
        """Batches of the data as arrays on the host."""
        if _is_array(data) or not isinstance(data, Iterable):
            data = [data]
        elif isinstance(data, Dataset) and isinstance(data.element_spec, TensorSpec):
            data = data.batch(_ROWS) if data.element_spec.shape.rank == 1 else data
        for batch in data:
            if not _is_array(batch):
                raise InvalidArgumentError(
                    f"[{self._where}] expected an array, or an iterable of batches that are arrays, to adapt "
                    f"to, got {type(batch).__name__}; pass np.array(...) for a list, and inputs without "
                    "targets."
                )
            yield np.asarray(batch)

    def _others(self, shape: tuple[int, ...]) -> tuple[int, ...]:
        """Axes of a batch that statistics are taken over."""
        places = places_of(self._where, list(self.axis), shape)
        sizes = sizes_at(self._where, places, shape)
        if sizes != self._sizes:
            raise ShapeError(
                f"[{self._where}] expected sizes {self._sizes} along axis={self.axis} of the data, got "
                f"{sizes} in shape {shape}; one layer normalizes one kind of inputs."
            )
        return tuple(a for a in range(len(shape)) if a not in places)

    def finalize_state(self) -> None:
        """Does nothing: calls read the weights themselves. Keras has it to take up changed weights."""

    def call(self, inputs: Any) -> Any:
        """The normalized inputs."""
        value = cast(inputs, self.compute_dtype)
        mean, variance = self.mean, self.variance
        # No division by 0 where all samples were equal.
        deviation = maximum(sqrt(variance), epsilon())
        mean, deviation = cast(mean, value.dtype), cast(deviation, value.dtype)
        if self.invert:
            return add(mean, multiply(value, deviation))
        return divide(subtract(value, mean), deviation)

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Shape of the outputs: that of the inputs."""
        return tuple(input_shape)


def _is_array(value: Any) -> bool:
    return isinstance(value, np.ndarray) or as_tensor(value) is not None


def _axes(where: str, axis: Any) -> tuple[int, ...]:
    if axis is None:
        return ()
    axes = list(axis) if isinstance(axis, (list, tuple)) else [axis]
    if axes:
        axis_argument(where, axes)
    return tuple(axes)
