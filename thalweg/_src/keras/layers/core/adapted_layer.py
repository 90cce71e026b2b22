"""`AdaptedLayer`: base of layers whose large weight can be fine-tuned by a product of two thin ones."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from thalweg._src.base.errors import (
    FailedPreconditionError,
    InvalidArgumentError,
    UnimplementedError,
)
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.ops.contraction import matmul
from thalweg._src.ops.elementwise import add, multiply


class AdaptedLayer(Layer):
    """Layer with one large weight that low-rank adaptation can leave as it is and add to.

    Args:
        lora_rank: Columns of the thin weights; None for no adaptation until `enable_lora`.
        lora_alpha: The product of the thin weights is scaled by ``lora_alpha / lora_rank``; `lora_rank`
            when None.
        quantization_config: Must be None: weights are not quantized.
        **kwargs: See `Layer`.

    Source: Hu et al., "LoRA: low-rank adaptation of large language models" (2021). Keras' `Dense` and
    `Embedding` forget a `lora_alpha` given to the constructor, and keep thin weights of half-precision
    layers in float32; here it counts, and they have the dtype of the layer's weights.
    """

    #: Name of the large weight; a subclass sets it as an attribute with ``_`` in front.
    _adapted = "kernel"

    def __init__(
        self,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        quantization_config: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        if quantization_config is not None:
            raise self._refused("quantization_config", quantization_config)
        if lora_rank is not None:
            self._check_rank("lora_rank", lora_rank)
        self.lora_rank = lora_rank
        self.lora_alpha = lora_rank if lora_alpha is None else lora_alpha
        self.lora_enabled = False
        self.quantization_config = None

    def enable_lora(
        self,
        rank: int,
        lora_alpha: float | None = None,
        a_initializer: Any = "he_uniform",
        b_initializer: Any = "zeros",
    ) -> None:
        """Freezes the large weight and adds a trainable product of two thin ones to it.

        The thin weights are the attributes ``lora_<weight>_a`` of shape ``(..., rank)`` and
        ``lora_<weight>_b`` of shape ``(rank, last size)``. A saved file holds the sum only.

        Args:
            rank: Columns of the first and rows of the second thin weight.
            lora_alpha: The product is scaled by ``lora_alpha / rank``; `rank` when None.
            a_initializer: Initializer of the first thin weight.
            b_initializer: Initializer of the second; zeros leave the layer as it is to start with.

        Raises:
            ValueError: The layer is adapted already, not built, or constrains the weight.

        Example:
            >>> import thalweg as tf
            >>> layer = tf.keras.layers.Dense(3)
            >>> layer.build((None, 8))
            >>> layer.enable_lora(rank=2)
            >>> [w.name for w in layer.trainable_weights]
            ['bias', 'lora_kernel_a', 'lora_kernel_b']

        Source: `keras.layers.Dense.enable_lora`.
        """
        where = f"{type(self).__name__} {self.name!r} enable_lora"
        self._check_rank("rank", rank)
        if getattr(self, f"{self._adapted}_constraint") is not None:
            raise InvalidArgumentError(
                f"[{where}] expected a layer without {self._adapted}_constraint, which the sum of weights "
                "would not keep; make the layer without it."
            )
        if not self.built:
            raise _NotBuiltError(
                f"[{where}] expected a built layer, got one without weights; call it first."
            )
        if self.lora_enabled:
            raise InvalidArgumentError(
                f"[{where}] expected a layer that is not adapted, got rank {self.lora_rank} already; "
                "enable it once."
            )
        self.lora_rank, self.lora_alpha = rank, rank if lora_alpha is None else lora_alpha
        large, name = self._large, f"lora_{self._adapted}"
        shapes = (*large.shape[:-1], rank), (rank, large.shape[-1])
        for part, shape, initializer in zip(
            "ab", shapes, (a_initializer, b_initializer), strict=True
        ):
            thin = self.add_weight(
                shape,
                initializer,
                regularizer=getattr(self, f"{self._adapted}_regularizer"),
                name=f"{name}_{part}",
            )
            setattr(self, f"{name}_{part}", thin)
        large.trainable = False
        self.lora_enabled = True

    def _finish_build(self) -> None:
        """Enables the adaptation that the constructor asked for; last in a subclass's `build`."""
        self.built = True
        if self.lora_rank is not None and not self.lora_enabled:
            self.enable_lora(self.lora_rank, self.lora_alpha)

    @property
    def _large(self) -> Any:
        return getattr(self, f"_{self._adapted}")

    @property
    def _thin(self) -> tuple[Any, Any]:
        name = f"lora_{self._adapted}"
        return getattr(self, f"{name}_a"), getattr(self, f"{name}_b")

    @property
    def _scale(self) -> float:
        return float(self.lora_alpha or 1) / float(self.lora_rank or 1)

    def _merged(self) -> Any:
        """The large weight, with the product of the thin ones where the layer is adapted."""
        if not self.lora_enabled:
            return self._large
        first, second = (weight.value for weight in self._thin)
        return add(self._large.value, multiply(matmul(first, second), self._scale))

    def _stored_variables(self) -> list[Any]:
        # In the order of creation: freezing the large weight must not change places.
        return self._own_variables()

    def save_own_variables(self, store: dict[str, Any]) -> None:
        """Puts the values of the layer's own Variables into a mapping, adapters merged.

        Args:
            store: Mapping from names (numbers in order) to arrays.
        """
        super().save_own_variables(store)
        if self.lora_enabled:
            thin = {id(v) for v in self._thin}
            own = enumerate(self._stored_variables())
            values = [store[str(index)] for index, v in own if id(v) not in thin]
            store.clear()
            store.update({str(index): value for index, value in enumerate(values)})
            store["0"] = self._merged().numpy()

    def load_own_variables(self, store: Mapping[str, Any]) -> None:
        """Takes the values of the layer's own Variables from a mapping; all fit or none is taken.

        The product of the thin weights is 0 afterwards: only the second is set to zeros, as a product of
        two zeros would have no gradient.

        Args:
            store: What `save_own_variables` filled.

        Raises:
            ValueError: Another number of values, or another shape.
        """
        own = self._stored_variables()
        if self.lora_enabled and len(store) == len(own) - 2:
            first, second = self._thin
            thin = {id(first): first.numpy(), id(second): np.zeros(second.shape, second.dtype)}
            given = iter([store[str(index)] for index in range(len(store))])
            values = [thin[id(v)] if id(v) in thin else next(given) for v in own]
            store = {str(index): value for index, value in enumerate(values)}
        super().load_own_variables(store)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer; those of the adaptation only where there is one."""
        config = super().get_config()
        if self.lora_rank is None:
            config.pop("lora_rank", None)
            config.pop("lora_alpha", None)
        return config

    def quantize(self, mode: Any = None, type_check: bool = True, config: Any = None) -> None:
        """Refuses: weights are not quantized.

        Raises:
            NotImplementedError: Always.
        """
        del type_check, config
        raise self._refused("mode", mode)

    def quantized_build(self, shape: Any, mode: Any, config: Any = None) -> None:
        """Refuses: weights are not quantized.

        Raises:
            NotImplementedError: Always.
        """
        del shape, config
        raise self._refused("mode", mode)

    @property
    def variable_serialization_spec(self) -> dict[Any, list[str]]:
        """Names of the Variables that saved files hold, under None as nothing is quantized."""
        return {
            None: [self._adapted, *(["bias"] if getattr(self, "bias", None) is not None else [])]
        }

    def _check_rank(self, what: str, rank: Any) -> None:
        if not isinstance(rank, int) or rank < 1:
            raise InvalidArgumentError(
                f"[{type(self).__name__} {self.name!r}] expected {what} as a positive int, got {rank!r}."
            )

    def _refused(self, what: str, value: Any) -> UnimplementedError:
        return UnimplementedError(
            f"[{type(self).__name__} {self.name!r}] expected weights in floats, got {what}={value!r}: "
            "quantized layers are not available; leave it out and compute in 'mixed_bfloat16' instead."
        )


class _NotBuiltError(FailedPreconditionError, ValueError):
    """A layer was to be adapted before it had weights; a ValueError in Keras."""
