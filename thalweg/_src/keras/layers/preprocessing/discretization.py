"""`Discretization`: numbers in bins, whose boundaries are given or learned."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.errors import FailedPreconditionError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.keras.layers.preprocessing.data_layer import DataLayer
from thalweg._src.keras.layers.preprocessing.encoding import current_mode, encoded, encoded_shape
from thalweg._src.keras.layers.preprocessing.index_lookup import batches_of
from thalweg._src.ops.casting import cast
from thalweg._src.ops.sorting import searchsorted

_MODES = ("int", "one_hot", "multi_hot", "count")
# Values that are kept as they are before they are summed up.
_MOST = 1 << 16


class Discretization(DataLayer):
    """Number of the bin in which each value lies: how many boundaries are not above it.

    Args:
        bin_boundaries: Boundaries, ascending; learned by `adapt` when None.
        num_bins: Number of bins to learn, which hold equally many values.
        epsilon: How far from the truth a learned boundary may be, as a share of the values.
        output_mode: ``"int"``; ``"one_hot"`` of each bin; ``"multi_hot"`` or ``"count"`` of the last axis.
        sparse: Whether encodings are sparse tensors.
        dtype: Dtype policy of encodings, the global one when None; bins are int32.
        name: Name.

    Call arguments:
        inputs: Numbers ``(...)``.

    Example:
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.Discretization(bin_boundaries=[0.0, 1.0, 2.0])
        >>> layer([[-1.0, 0.0, 1.5, 9.0]]).numpy().tolist()
        [[0, 1, 2, 3]]

    Source: `keras.layers.Discretization`. Boundaries of up to 65,536 values are exact, where Keras is off by
    up to `epsilon` with each batch.
    """

    def __init__(
        self,
        bin_boundaries: Any = None,
        num_bins: int | None = None,
        epsilon: float = 0.01,
        output_mode: str = "int",
        sparse: bool = False,
        dtype: Any = None,
        name: str | None = None,
    ) -> None:
        super().__init__(name=name, dtype=dtype)
        where = f"Discretization {self.name!r}"
        if (bin_boundaries is None) == (num_bins is None):
            raise ValueError(
                f"[{where}] expected bin_boundaries or num_bins, got {bin_boundaries!r} and {num_bins!r}."
            )
        if num_bins is not None and num_bins < 1:
            raise ValueError(f"[{where}] expected num_bins of 1 or more, got {num_bins}.")
        if current_mode(output_mode) not in _MODES:
            raise ValueError(
                f"[{where}] expected output_mode to be one of {list(_MODES)}, got {output_mode!r}."
            )
        if sparse and output_mode == "int":
            raise ValueError(f"[{where}] expected an encoding as output_mode with sparse=True, got 'int'.")
        self.num_bins = num_bins
        self.epsilon = epsilon
        self.output_mode = current_mode(output_mode)
        self.sparse = sparse
        self.input_bin_boundaries = None if bin_boundaries is None else list(bin_boundaries)
        self.bin_boundaries = [] if bin_boundaries is None else list(bin_boundaries)
        self._values = np.zeros(0, np.float64)
        self._weights = np.zeros(0, np.float64)

    @property
    def _depth(self) -> int:
        return self.num_bins or len(self.bin_boundaries) + 1

    def adapt(self, data: Any, steps: int | None = None) -> None:
        """Learns the boundaries from data, in the place of earlier ones.

        Args:
            data: Array, or `Dataset` of batches.
            steps: Batches to take; all when None.
        """
        self._refuse_given()
        self.reset_state()
        for number, batch in enumerate(batches_of(data)):
            if number == steps:
                break
            self.update_state(batch)
        self.finalize_state()

    def _refuse_given(self) -> None:
        if self.input_bin_boundaries is not None:
            raise ValueError(
                f"[Discretization {self.name!r}] expected a layer that learns its boundaries, got one that "
                "was given its own; pass num_bins instead."
            )

    def update_state(self, data: Any) -> None:
        """Takes in the values of a batch."""
        values = np.asarray(convert_to_tensor(data).numpy(), np.float64).reshape(-1)
        joined = np.concatenate([self._values, values])
        order = np.argsort(joined, kind="stable")
        self._values = joined[order]
        self._weights = np.concatenate([self._weights, np.ones(len(values))])[order]
        most = max(_MOST, int(2 / self.epsilon))
        if len(self._values) > 2 * most:
            shares = (np.arange(most) + 1) / most
            total = self._weights.sum()
            self._values = self._at(shares)
            self._weights = np.full(most, total / most)

    def _at(self, shares: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        """Values below which these shares of all values lie."""
        reached = np.cumsum(self._weights) / self._weights.sum()
        return np.interp(shares, reached, self._values)

    def finalize_state(self) -> None:
        """Makes the boundaries of what was taken in; does nothing where nothing was."""
        if self.input_bin_boundaries is None and len(self._values):
            assert self.num_bins is not None
            shares = np.arange(1, self.num_bins) / self.num_bins
            self.bin_boundaries = self._at(shares).tolist()

    def reset_state(self) -> None:
        """Forgets what was taken in and learned."""
        if self.input_bin_boundaries is None:
            self._values = self._weights = np.zeros(0, np.float64)
            self.bin_boundaries = []

    def call(self, inputs: Any) -> Any:
        """Bins, or encodings of them."""
        if self.input_bin_boundaries is None and not self.bin_boundaries and self.num_bins != 1:
            raise FailedPreconditionError(
                f"[Discretization {self.name!r}] expected boundaries, got none yet; call adapt() first."
            )
        values = cast(inputs, "float32")
        boundaries = np.asarray(self.bin_boundaries, np.float32)
        bins = searchsorted(boundaries, values, side="right")
        if self.output_mode == "int":
            return cast(bins, self.output_dtype())
        return encoded(bins, self._depth, self.output_mode, None, self.compute_dtype, self.sparse)

    def output_dtype(self) -> Any:
        """int32 for bins, else the compute dtype."""
        return "int32" if self.output_mode == "int" else self.compute_dtype

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Shape of the outputs."""
        return encoded_shape(tuple(input_shape), self._depth, self.output_mode)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer; learned boundaries are among them."""
        learned = self.input_bin_boundaries is None and bool(self.bin_boundaries)
        return {
            "bin_boundaries": self.bin_boundaries if learned else self.input_bin_boundaries,
            "num_bins": self.num_bins,
            "epsilon": self.epsilon,
            "output_mode": self.output_mode,
            "sparse": self.sparse,
            "name": self.name,
            "dtype": self.dtype_policy.name,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Any:
        """Layer made from `get_config()`'s result.

        Args:
            config: The config; both `bin_boundaries` and `num_bins` are there if boundaries were learned.
            custom_objects: Classes by name, which this layer has no need of.
        """
        del custom_objects
        if config.get("bin_boundaries") is None or config.get("num_bins") is None:
            return cls(**config)
        layer = cls(**(config | {"bin_boundaries": None}))
        layer.bin_boundaries = list(config["bin_boundaries"])
        return layer
