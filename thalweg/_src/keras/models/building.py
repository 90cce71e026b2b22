"""`Buildable`: models whose layers are made by a call on symbolic tensors."""

from __future__ import annotations

from typing import Any

from thalweg._src.base import nest
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.training.trainer import Trainer


class Buildable(Trainer):
    """Model that can be built before it sees data."""

    def build(self, input_shape: Any) -> None:
        """Creates the weights of all layers, by tracing `call` for shapes; for subclasses to override.

        Args:
            input_shape: Shape of the inputs with the batch, None where unknown; or a structure of shapes.
        """
        Layer.compute_output_shape(self, input_shape)

    def _build_for(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """Notes the shapes of the first call, in which the layers build themselves."""
        if type(self).build is not Buildable.build:
            super()._build_for(args, kwargs)
            return
        first = args[0] if args else next(iter(kwargs.values()), None)
        shapes = nest.map_structure(lambda value: tuple(getattr(value, "shape", ())), first)
        object.__setattr__(self, "_build_shapes", {"input_shape": shapes})
        self.built = True
