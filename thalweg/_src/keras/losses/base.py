"""`Loss`: values per sample, weighted and reduced to one number."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from thalweg._src.base import nest
from thalweg._src.base.naming import snake_case
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.keras.base.notes import masks
from thalweg._src.keras.base.policy import floatx, policy_of
from thalweg._src.keras.base.serialization import Serializable
from thalweg._src.keras.losses.ragged_values import any_ragged, flat_values
from thalweg._src.ops import comparison, elementwise, guarded, inspection, shaping
from thalweg._src.ops.casting import cast
from thalweg._src.ops.reduction import reduce_mean, reduce_sum

REDUCTIONS = ("sum_over_batch_size", "sum", "mean", "mean_with_sample_weight", "none", None, "auto")


class Loss(Serializable):
    """Function of labels and predictions that training minimises.

    A subclass defines ``call(y_true, y_pred)``, which gives a value for each sample. Of ragged labels and
    predictions it gets the values, as if each were a sample.

    Args:
        name: Name; made from the class's when None.
        reduction: ``"sum_over_batch_size"`` (mean over all values; also ``"auto"``), ``"sum"``,
            ``"mean"``, ``"mean_with_sample_weight"`` (divided by the sum of weights) or ``"none"``.
        dtype: Dtype in which it computes; the global policy's when None.

    Source: `keras.losses.Loss`.
    """

    keras_module = "keras.losses"

    def __init__(
        self,
        name: str | None = None,
        reduction: str | None = "sum_over_batch_size",
        dtype: Any = None,
    ) -> None:
        if reduction not in REDUCTIONS:
            raise ValueError(
                f"[{type(self).__name__}] expected reduction to be one of {REDUCTIONS}, got {reduction!r}."
            )
        self.name = name or snake_case(type(self).__name__)
        self.reduction = "sum_over_batch_size" if reduction == "auto" else reduction
        self._dtype_policy = policy_of(dtype or floatx())

    @property
    def dtype(self) -> str:
        """Dtype in which the loss computes."""
        return self._dtype_policy.compute_dtype

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Value for each sample; for subclasses."""
        raise NotImplementedError(f"[{type(self).__name__}] expected a subclass to define call.")

    def __call__(self, y_true: Any, y_pred: Any, sample_weight: Any = None) -> Any:
        # Before the conversion: a cast makes another tensor, without the mask.
        mask = None if nest.is_nested(y_pred) else masks.get(y_pred)
        if any_ragged(y_true, y_pred):
            (y_true, y_pred), sample_weight, mask = flat_values(
                self.name, [y_true, y_pred], sample_weight
            )
        values = self.call(self._tensors(y_true), self._tensors(y_pred))
        return reduce_weighted(values, sample_weight, self.reduction, _both(mask, masks.get(values)))

    def _tensors(self, given: Any) -> Any:
        """Tensors of a tensor, array or list of numbers, or of a structure of tensors and arrays."""
        if not nest.is_nested(given) or all(
            isinstance(v, (int, float)) for v in nest.flatten(given)
        ):
            return self._tensor(given)
        return nest.map_structure(self._tensor, given)

    def _tensor(self, value: Any) -> Any:
        tensor = convert_to_tensor(value)
        if tensor.dtype.is_floating:
            return cast(tensor, self.dtype)
        return tensor

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal loss."""
        return {"name": self.name, "reduction": self.reduction, "dtype": self._dtype_policy.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Loss made from `get_config()`'s result."""
        return cls(**config)

    def __repr__(self) -> str:
        return f"<{type(self).__module__.split('.')[-1]}.{type(self).__name__} name={self.name}>"


class LossFunctionWrapper(Loss):
    """`Loss` of a function ``fn(y_true, y_pred, **settings)``.

    Args:
        fn: The function; it gives a value for each sample.
        reduction: See `Loss`.
        name: Name; the function's when None.
        dtype: See `Loss`.
        **settings: Passed to `fn`.
    """

    def __init__(
        self,
        fn: Callable[..., Any],
        reduction: str | None = "sum_over_batch_size",
        name: str | None = None,
        dtype: Any = None,
        **settings: Any,
    ) -> None:
        super().__init__(name or getattr(fn, "__name__", None), reduction, dtype)
        self.fn = fn
        self.settings = settings

    def call(self, y_true: Any, y_pred: Any) -> Any:
        """Value for each sample."""
        if not nest.is_nested(y_true) and not nest.is_nested(y_pred):
            y_true, y_pred = same_rank(y_true, y_pred)
        return self.fn(y_true, y_pred, **self.settings)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal loss."""
        return super().get_config() | self.settings


def same_rank(y_true: Any, y_pred: Any) -> tuple[Any, Any]:
    """Both arguments with equal ranks, where one has a last dimension of 1 too many or too few.

    Source: Keras' rule for labels of shape ``(batch,)`` beside predictions of shape ``(batch, 1)``.
    """
    true_rank, pred_rank = len(y_true.shape), len(y_pred.shape)
    if true_rank == pred_rank + 1 and y_true.shape[-1] == 1:
        if pred_rank == 1:
            return y_true, shaping.expand_dims(y_pred, -1)
        return shaping.squeeze(y_true, -1), y_pred
    if pred_rank == true_rank + 1 and y_pred.shape[-1] == 1:
        if true_rank == 1:
            return shaping.expand_dims(y_true, -1), y_pred
        return y_true, shaping.squeeze(y_pred, -1)
    return y_true, y_pred


def _both(one: Any, other: Any) -> Any:
    """Where two masks let a value count; None stands for a mask that hides nothing."""
    if one is None or other is None:
        return other if one is None else one
    return comparison.logical_and(one, other)


def reduce_weighted(
    values: Any, sample_weight: Any, reduction: str | None, mask: Any = None
) -> Any:
    """Values times weights, reduced.

    Args:
        values: Tensor of shape ``(batch, ...)``.
        sample_weight: Tensor that broadcasts to `values` from the first dimension, or None.
        reduction: See `Loss`.
        mask: Which values count, or None; means are over those that do.
    """
    weight = None if sample_weight is None else cast(sample_weight, values.dtype)
    if mask is not None:
        weight = _masked_weight(weight, mask, reduction, values.dtype)
    if weight is not None:
        values, weight = same_rank(values, weight)
        while len(weight.shape) < len(values.shape):
            weight = shaping.expand_dims(weight, -1)
        values = elementwise.multiply(values, weight)
    if reduction in ("none", None) or not len(values.shape):
        return values
    if reduction == "sum":
        return reduce_sum(values)
    if reduction == "mean_with_sample_weight" and weight is not None:
        return guarded.divide_no_nan(reduce_sum(values), reduce_sum(weight))
    # The mean of no values is 0.
    return reduce_sum(values) if 0 in tuple(values.shape) else reduce_mean(values)


def _masked_weight(weight: Any, mask: Any, reduction: str | None, dtype: Any) -> Any:
    """Weights that are 0 where `mask` is False, and so large elsewhere that means are over the rest."""
    kept = cast(mask, dtype)
    if reduction in ("mean", "sum_over_batch_size"):
        total = cast(inspection.size(kept), dtype)
        kept = elementwise.multiply(kept, guarded.divide_no_nan(total, reduce_sum(kept)))
    if weight is None:
        return kept
    kept, weight = same_rank(kept, weight)
    return elementwise.multiply(kept, weight)
