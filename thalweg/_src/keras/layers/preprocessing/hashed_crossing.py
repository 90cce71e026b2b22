"""`HashedCrossing`: bins of combinations of categories by their hash."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import ShapeError
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.keras.layers.preprocessing.data_layer import DataLayer
from thalweg._src.keras.layers.preprocessing.encoding import current_mode, encoded, encoded_shape
from thalweg._src.ops.casting import cast
from thalweg._src.ops.strings.number_hashing import crossed_bins, text_fingerprint

_MODES = ("int", "one_hot")


class HashedCrossing(DataLayer):
    """Bin of each combination of categories, by a hash that is the same everywhere.

    Args:
        num_bins: Number of bins.
        output_mode: ``"int"``, or ``"one_hot"`` of each bin.
        sparse: Whether encodings are sparse tensors.
        name: Name.
        dtype: Dtype policy of the outputs; int64 bins and float32 encodings when None.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Tuple of two or more tensors of texts or integers, all of shape ``()``, ``(batch,)`` or
            ``(batch, 1)``.

    Example:
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.HashedCrossing(num_bins=5)
        >>> layer((tf.constant(["A", "B"]), tf.constant([101, 102]))).shape
        TensorShape([2])

    Source: `keras.layers.HashedCrossing`.
    """

    def __init__(
        self,
        num_bins: int,
        output_mode: str = "int",
        sparse: bool = False,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        if dtype is None:
            dtype = "int64" if output_mode == "int" else "float32"
        super().__init__(name=name, dtype=dtype, **kwargs)
        if current_mode(output_mode) not in _MODES:
            raise ValueError(
                f"[HashedCrossing {self.name!r}] expected output_mode to be one of {list(_MODES)}, got "
                f"{output_mode!r}."
            )
        if sparse and output_mode == "int":
            raise ValueError(
                f"[HashedCrossing {self.name!r}] expected output_mode='one_hot' with sparse=True, got 'int'."
            )
        self.num_bins = num_bins
        self.output_mode = output_mode
        self.sparse = sparse

    def __call__(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Outputs for a tuple of features, each of which may be a list."""
        if isinstance(inputs, (list, tuple)):
            inputs = tuple(p if isinstance(p, KerasTensor) else convert_to_tensor(p) for p in inputs)
        return super().__call__(inputs, *args, **kwargs)

    def call(self, inputs: Any) -> Any:
        """Bins, or encodings of them."""
        self._check(inputs)
        features = [text_fingerprint(x) if _is_text(x) else x for x in inputs]
        bins = crossed_bins(*features, num_bins=self.num_bins)
        if self.output_mode == "int":
            return cast(bins, self.compute_dtype)
        return encoded(bins, self.num_bins, self.output_mode, None, self.compute_dtype, self.sparse)

    def _check(self, inputs: Any) -> None:
        where = f"HashedCrossing {self.name!r}"
        if not isinstance(inputs, (list, tuple)) or len(inputs) < 2:
            raise ValueError(f"[{where}] expected a tuple of two or more features, got {inputs!r}.")
        shapes = [tuple(x.shape) for x in inputs]
        if len(set(shapes)) > 1 or len(shapes[0]) > 2 or len(shapes[0]) == 2 and shapes[0][1] != 1:
            raise ShapeError(
                f"[{where}] expected features of one shape (), (batch,) or (batch, 1), got {shapes}."
            )
        for feature in inputs:
            dtype = dtypes.as_dtype(feature.dtype)
            if dtype is not dtypes.string and not dtype.is_integer:
                raise ValueError(f"[{where}] expected texts or integers, got dtype {dtype.name}; cast them.")

    def compute_output_spec(self, inputs: Any, *args: Any, **kwargs: Any) -> Any:
        """Symbolic outputs for symbolic inputs, without adding to a graph."""
        self._check(inputs)
        return KerasTensor(self.compute_output_shape([x.shape for x in inputs]), self.compute_dtype)

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Shape of the outputs."""
        return encoded_shape(tuple(input_shape[0]), self.num_bins, self.output_mode)


def _is_text(feature: Any) -> bool:
    return dtypes.as_dtype(feature.dtype) is dtypes.string
