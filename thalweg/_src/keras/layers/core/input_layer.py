"""`Input`: where data enters a model that is being drawn."""

from __future__ import annotations

from typing import Any

from thalweg._src.core import dtypes, symbolic
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.keras.base.policy import floatx
from thalweg._src.keras.layers.base.layer import Layer


class InputLayer(Layer):
    """Layer without computation that stands for a model's input.

    Args:
        shape: Shape without the batch, None where unknown.
        batch_size: Batch size, or None for any.
        dtype: Dtype; the default float when None.
        sparse: Whether the inputs are sparse tensors.
        ragged: Whether the inputs are ragged tensors.
        batch_shape: Shape with the batch, instead of `shape` and `batch_size`.
        input_tensor: `KerasTensor` to stand for, instead of a new one.
        optional: Whether the model may be called with None here.
        name: Name.

    Source: `keras.layers.InputLayer`.
    """

    def __init__(
        self,
        shape: Any = None,
        batch_size: int | None = None,
        dtype: Any = None,
        sparse: bool | None = None,
        ragged: bool | None = None,
        batch_shape: Any = None,
        input_tensor: KerasTensor | None = None,
        optional: bool = False,
        name: str | None = None,
    ) -> None:
        super().__init__(name=name)
        if input_tensor is not None:
            sparse, ragged = sparse or input_tensor.sparse, ragged or input_tensor.ragged
            batch_shape, dtype = input_tensor.shape, dtype or input_tensor.dtype
            shape = None
        if (shape is None) == (batch_shape is None):
            raise ValueError(
                f"[Input] expected shape or batch_shape, got shape={shape!r}, batch_shape={batch_shape!r}."
            )
        if isinstance(shape, int):
            raise TypeError(f"[Input] expected a tuple as shape, got {shape}; write ({shape},).")
        self._batch_shape = (batch_size, *shape) if batch_shape is None else tuple(batch_shape)
        self._input_dtype = dtypes.as_dtype(dtype or floatx()).name
        self.sparse, self.ragged, self.optional = sparse, ragged, optional
        self.built = True
        if input_tensor is None:
            spec = KerasTensor(
                self.batch_shape, self._input_dtype, sparse=bool(sparse), ragged=bool(ragged)
            )
            (input_tensor,) = symbolic.add_node(self, (), {}, [spec], self.name)
            input_tensor.name = self.name
            self._inbound_nodes.append(input_tensor.node)  # type: ignore[arg-type]
        else:
            node = symbolic.Node(self, (), {}, self.name)
            node.outputs = (input_tensor,)
            self._inbound_nodes.append(node)

    @property
    def batch_shape(self) -> tuple[int | None, ...]:
        """Shape with the batch; None where unknown."""
        return self._batch_shape

    @property
    def dtype(self) -> str:
        """Dtype of the input."""
        return self._input_dtype

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """The input."""
        return args[0] if args else next(iter(kwargs.values()))

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer."""
        return {
            "batch_shape": self.batch_shape,
            "dtype": self._input_dtype,
            "sparse": bool(self.sparse),
            "ragged": bool(self.ragged),
            "name": self.name,
            "optional": self.optional,
        }


def Input(
    shape: Any = None,
    batch_size: int | None = None,
    dtype: Any = None,
    sparse: bool | None = None,
    ragged: bool | None = None,
    batch_shape: Any = None,
    name: str | None = None,
    tensor: KerasTensor | None = None,
    optional: bool = False,
) -> KerasTensor:
    """Symbolic tensor where data enters a model.

    Args:
        shape: Shape without the batch, None where unknown.
        batch_size: Batch size, or None for any.
        dtype: Dtype; the default float when None.
        sparse: Whether it stands for sparse tensors (`tf.SparseTensor`). Dense ones do as well.
        ragged: Whether it stands for ragged tensors (`tf.RaggedTensor`), whose unknown sizes differ from
            row to row. Dense ones do as well.
        batch_shape: Shape with the batch, instead of `shape` and `batch_size`.
        name: Name.
        tensor: `KerasTensor` to stand for, instead of a new one.
        optional: Whether the model may be called with None here.

    Returns:
        `KerasTensor`.

    Example:
        >>> Input((28, 28)).shape
        (None, 28, 28)

    Source: `keras.Input`.
    """
    layer = InputLayer(
        shape, batch_size, dtype, sparse, ragged, batch_shape, tensor, optional, name
    )
    return layer.output
