"""`BaseSpatialDropout`: drops whole channels."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.base.settings import data_format_of
from thalweg._src.keras.layers.base.input_spec import InputSpec
from thalweg._src.keras.layers.regularization.base_dropout import BaseDropout
from thalweg._src.keras.random.noise import dropout


class BaseSpatialDropout(BaseDropout):
    """Sets a random fraction of the channels to zero in training, and scales the others up."""

    #: Number of dimensions between the batch and the channels.
    _rank = 1
    data_format = "channels_last"

    def __init__(self, rate: float, seed: int | None = None, **kwargs: Any) -> None:
        super().__init__(rate, seed, **kwargs)
        self.input_spec = InputSpec(ndim=self._rank + 2)

    def _set_format(self, data_format: str | None) -> None:
        self.data_format = data_format_of(data_format, f"{type(self).__name__} {self.name!r}")

    def call(self, inputs: Any, training: bool = False) -> Any:
        """The inputs, some of their channels dropped in training."""
        if not training or self.rate == 0:
            return inputs
        places = (1,) * self._rank
        shape = (
            (None, *places, None) if self.data_format == "channels_last" else (None, None, *places)
        )
        return dropout(inputs, self.rate, shape, self.seed_generator)
