"""`Identity`: passes its inputs on."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.base.layer import Layer


class Identity(Layer):
    """Returns its inputs as they are: a place holder where a layer is wanted.

    Args:
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Tensor, or a structure of them.

    Source: `keras.layers.Identity`.
    """

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.supports_masking = True
        self.built = True

    def call(self, inputs: Any) -> Any:
        """The inputs."""
        return inputs
