"""`BaseHeadAttention`: projections to heads, attention in each, and a projection of what they found."""

from __future__ import annotations

import string
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError, UnimplementedError
from thalweg._src.keras import constraints, initializers, regularizers
from thalweg._src.keras.base.serialization import plain
from thalweg._src.keras.layers.attention.attending import heads_attended, seen
from thalweg._src.keras.layers.attention.folds import Folds
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.layers.core.einsum_dense import EinsumDense
from thalweg._src.keras.layers.regularization.dropout import Dropout
from thalweg._src.keras.ops.geometry import positive
from thalweg._src.ops.elementwise import multiply
from thalweg._src.ops.exponential import sigmoid


class BaseHeadAttention(Layer):
    """What `MultiHeadAttention` and `GroupedQueryAttention` share; see there for the arguments."""

    #: Projections, each an `EinsumDense`; None before the layer is built, and where there is none.
    query_dense: Any = None
    key_dense: Any = None
    value_dense: Any = None
    output_dense: Any = None
    gate_dense: Any = None
    #: Fraction of the weights dropped in training.
    dropout: float = 0.0
    #: Whether the projections have biases.
    use_bias: bool = True
    #: Names of attributes in files of Keras, where they are others.
    _stored_names = {"gate_dense": "_gate_dense"}
    #: Numbers of heads of the query, and of key and value.
    _heads: int
    _key_heads: int
    #: Features of query and key, and of a value, in each head.
    _key_size: int
    _value_size: int

    def __init__(
        self,
        dropout: float = 0.0,
        use_bias: bool = True,
        sliding_window: int | None = None,
        flash_attention: bool | None = None,
        kernel_initializer: Any = "glorot_uniform",
        bias_initializer: Any = "zeros",
        kernel_regularizer: Any = None,
        bias_regularizer: Any = None,
        activity_regularizer: Any = None,
        kernel_constraint: Any = None,
        bias_constraint: Any = None,
        use_gate: bool = False,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if flash_attention:
            raise UnimplementedError(
                f"[{type(self).__name__} {self.name!r}] expected flash_attention to be None or False, got "
                "True: there is no such kernel here; leave it out, XLA fuses what it can."
            )
        if sliding_window is not None:
            positive(f"{type(self).__name__} {self.name!r}", "sliding_window", sliding_window)
        self.dropout = dropout
        self.use_bias = use_bias
        self.sliding_window = sliding_window
        self.flash_attention = flash_attention
        self.kernel_initializer = initializers.get(kernel_initializer)
        self.bias_initializer = initializers.get(bias_initializer)
        self.kernel_regularizer = regularizers.get(kernel_regularizer)
        self.bias_regularizer = regularizers.get(bias_regularizer)
        # It is applied to each projection's outputs, not once more to those of the layer.
        self._projections_regularizer = regularizers.get(activity_regularizer)
        self.kernel_constraint = constraints.get(kernel_constraint)
        self.bias_constraint = constraints.get(bias_constraint)
        self.use_gate = use_gate
        self.seed = seed
        self.supports_masking = True
        self._dropout = Dropout(dropout, seed=seed, dtype=self.dtype_policy) if dropout else None
        #: Axes along which attention looks; all between the batch and the features when None.
        self._axes: tuple[int, ...] | None = None
        #: Sizes of a target's output; those of the query when None.
        self._output_sizes: tuple[int, ...] | None = None

    def build(  # type: ignore[override]
        self, query_shape: Any, value_shape: Any, key_shape: Any = None
    ) -> None:
        """Creates the projections."""
        key_shape = value_shape if key_shape is None else key_shape
        rank = len(query_shape)
        self._check_shapes(query_shape, value_shape, key_shape)
        if self._axes is None:
            self._axes = tuple(range(1, rank - 1))
        if any(not 0 < a < rank - 1 for a in self._axes) or len(set(self._axes)) != len(self._axes):
            raise InvalidArgumentError(
                f"[{type(self).__name__} {self.name!r}] expected attention_axes between the batch and the "
                f"features of a query of shape {tuple(query_shape)}, each once, got {self._axes}."
            )
        self.query_dense = self._to_heads("query", query_shape, self._heads, self._key_size)
        self.key_dense = self._to_heads("key", key_shape, self._key_heads, self._key_size)
        if self.use_gate:
            self.gate_dense = self._to_heads("gate", query_shape, self._heads, self._value_size)
        self.value_dense = self._to_heads("value", value_shape, self._key_heads, self._value_size)
        self.output_dense = self._from_heads(query_shape)

    def _check_shapes(self, query_shape: Any, value_shape: Any, key_shape: Any) -> None:
        ranks = {len(shape) for shape in (query_shape, value_shape, key_shape)}
        if len(ranks) != 1 or ranks.pop() < 3:
            raise ShapeError(
                f"[{type(self).__name__} {self.name!r}] expected query, value and key of one rank, 3 or "
                f"more, such as (batch, time, features), got shapes {tuple(query_shape)}, "
                f"{tuple(value_shape)} and {tuple(key_shape)}."
            )

    def _to_heads(self, name: str, shape: Any, heads: int, size: int) -> EinsumDense:
        letters = string.ascii_lowercase[: len(shape) + 2]
        inner, added = letters[: len(shape)], letters[len(shape) :]
        equation = f"{inner},{inner[-1]}{added}->{inner[:-1]}{added}"
        return self._projection(
            name, equation, (None,) * (len(shape) - 2), (heads, size), added, shape
        )

    def _from_heads(self, query_shape: Any) -> EinsumDense:
        rank = len(query_shape)
        sizes = self._output_sizes or (query_shape[-1],)
        letters = string.ascii_lowercase[: rank + 1 + len(sizes)]
        inner, summed, added = (
            letters[: rank - 1],
            letters[rank - 1 : rank + 1],
            letters[rank + 1 :],
        )
        equation = f"{inner}{summed},{summed}{added}->{inner}{added}"
        shape = (*query_shape[:-1], self._heads, self._value_size)
        return self._projection(
            "attention_output", equation, (None,) * (rank - 2), sizes, added, shape
        )

    def _projection(
        self, name: str, equation: str, open_sizes: Any, sizes: Any, bias_axes: str, shape: Any
    ) -> EinsumDense:
        layer = EinsumDense(
            equation,
            output_shape=(*open_sizes, *sizes),
            bias_axes=bias_axes if self.use_bias else None,
            # Each projection draws its own values, unless a seed says otherwise.
            kernel_initializer=_copied(self.kernel_initializer),
            bias_initializer=_copied(self.bias_initializer),
            kernel_regularizer=self.kernel_regularizer,
            bias_regularizer=self.bias_regularizer,
            activity_regularizer=self._projections_regularizer,
            kernel_constraint=self.kernel_constraint,
            bias_constraint=self.bias_constraint,
            dtype=self.dtype_policy,
            name=name,
        )
        layer.supports_masking = True
        layer.build(shape)
        return layer

    def call(
        self,
        query: Any,
        value: Any,
        key: Any = None,
        query_mask: Any = None,
        value_mask: Any = None,
        key_mask: Any = None,
        attention_mask: Any = None,
        return_attention_scores: bool = False,
        training: Any = None,
        use_causal_mask: bool = False,
    ) -> Any:
        """What each target finds among the values."""
        del query_mask  # it is only passed on
        key = value if key is None else key
        self._check_order(use_causal_mask)
        queries, keys = self.query_dense(query), self.key_dense(key)
        gate = None if self.gate_dense is None else sigmoid(self.gate_dense(query))
        folds = Folds(self._axes or (), tuple(queries.shape), tuple(keys.shape))
        mask = seen(
            folds.step_mask(value_mask),
            folds.step_mask(key_mask),
            folds.pair_mask(attention_mask),
            folds.window_mask(self.sliding_window),
        )
        outputs, scores = heads_attended(
            folds.folded(queries),
            folds.folded(keys),
            folds.folded(self.value_dense(value)),
            mask,
            use_causal_mask,
            self._dropout if training else None,
            return_attention_scores,
        )
        outputs = folds.unfolded(outputs)
        if gate is not None:
            outputs = multiply(outputs, gate)
        outputs = self.output_dense(outputs)
        return (outputs, folds.unfolded_scores(scores)) if return_attention_scores else outputs

    def _check_order(self, use_causal_mask: bool) -> None:
        if len(self._axes or ()) != 1 and (use_causal_mask or self.sliding_window):
            raise InvalidArgumentError(
                f"[{type(self).__name__} {self.name!r}] expected one attention axis for a causal mask or a "
                f"sliding window, got attention_axes={self._axes}; give an attention_mask instead."
            )

    def compute_mask(self, query: Any, previous_mask: Any = None) -> Any:
        """Masks of the outputs, which is that of the query, and of the scores, which have none."""
        del query
        return None if previous_mask is None else [previous_mask, None]

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer."""
        config = super().get_config()
        return config | {"activity_regularizer": plain(self._projections_regularizer)}


def _copied(initializer: Any) -> Any:
    """An initializer that draws values of its own; functions stay as they are."""
    return initializer.clone() if isinstance(initializer, initializers.Initializer) else initializer
