"""`Model`: a layer that can be trained."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.models.summary import print_summary
from thalweg._src.keras.training.trainer import Trainer


class Model(Trainer):
    """Layer with `compile`, `fit`, `evaluate` and `predict`.

    Subclass it: create layers in the constructor and use them in `call(inputs)`.

    Example:
        >>> import thalweg as tf
        >>> class Line(tf.keras.Model):
        ...     def __init__(self):
        ...         super().__init__()
        ...         self.dense = tf.keras.layers.Dense(1)
        ...
        ...     def call(self, inputs):
        ...         return self.dense(inputs)
        >>> Line()(tf.ones((2, 3))).shape
        TensorShape([2, 1])

    Source: `keras.Model`.
    """

    def __init__(self, *, trainable: bool = True, name: str | None = None, dtype: Any = None) -> None:
        super().__init__(trainable=trainable, name=name, dtype=dtype)
        self._initialise_training()

    @property
    def layers(self) -> list[Layer]:
        """Layers directly below, in the order in which they were set."""
        return list(self._sublayers)

    def get_layer(self, name: str | None = None, index: int | None = None) -> Layer:
        """Layer directly below, by name or position.

        Args:
            name: Name, or None.
            index: Position, or None.

        Raises:
            ValueError: Not exactly one of both is given, or there is no such layer.
        """
        if (name is None) == (index is None):
            raise ValueError(
                f"[{self.name}.get_layer] expected a name or an index, got name={name!r}, index={index!r}."
            )
        if index is not None:
            if not -len(self.layers) <= index < len(self.layers):
                raise ValueError(
                    f"[{self.name}.get_layer] expected an index below {len(self.layers)}, got {index}."
                )
            return self.layers[index]
        for layer in self.layers:
            if layer.name == name:
                return layer
        raise ValueError(
            f"[{self.name}.get_layer] no layer is called {name!r}; there are "
            f"{[layer.name for layer in self.layers]}."
        )

    def summary(
        self,
        line_length: int | None = None,
        positions: Any = None,
        print_fn: Any = None,
        expand_nested: bool = False,
        show_trainable: bool = False,
        layer_range: Any = None,
    ) -> None:
        """Prints a table of the layers.

        Args:
            line_length: Width in characters; that of the terminal when None.
            positions: Widths of the columns as fractions of the line, or None.
            print_fn: Function that takes the text; `print` when None.
            expand_nested: Also list the layers of inner models.
            show_trainable: Add a column that says whether a layer is trained.
            layer_range: Pair of layer names: the first and the last to list.
        """
        print_summary(
            self, line_length, positions, print_fn, expand_nested, show_trainable, layer_range
        )
