"""`Model`: a layer that can be trained."""

from __future__ import annotations

import json
from typing import Any

from thalweg._src.base import nest
from thalweg._src.base.api_names import Replaced
from thalweg._src.core.symbolic import symbols_in
from thalweg._src.keras.archive.legacy_config import upgraded
from thalweg._src.keras.archive.legacy_h5 import of_keras_2
from thalweg._src.keras.base.notes import masks
from thalweg._src.keras.base.serialization import deserialize_keras_object, serialize_keras_object
from thalweg._src.keras.base.version import version
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.models.saving import Saving
from thalweg._src.keras.summary import print_summary


class Model(Saving):
    """Layer with `compile`, `fit`, `evaluate` and `predict`.

    ``Model(inputs, outputs)`` makes a model of the calls between symbolic tensors (a `Functional` one).
    Or subclass it: create layers in the constructor and use them in `call(inputs)`.

    Args:
        *args: Symbolic inputs and outputs; none for a subclass with `call`.
        trainable: Whether the weights are updated in training.
        name: Name.
        dtype: Dtype or `DTypePolicy`.
        **kwargs: ``inputs`` and ``outputs`` by name.

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
        >>> x = tf.keras.Input((3,))
        >>> tf.keras.Model(x, tf.keras.layers.Dense(1)(x)).output_shape
        (None, 1)

    Source: `keras.Model`.
    """

    keras_module = "keras"
    # What ``Model(inputs, outputs)`` makes; set by `functional.py`.
    _functional: type[Model] | None = None

    evaluate_generator = Replaced("keras.Model")
    fit_generator = Replaced("keras.Model")
    predict_classes = Replaced("keras.Model")
    predict_generator = Replaced("keras.Model")
    predict_proba = Replaced("keras.Model")
    reset_states = Replaced("keras.Model")
    to_yaml = Replaced("keras.Model")

    def __new__(cls, *args: Any, **kwargs: Any) -> Any:
        kind = with_graph(cls) if is_drawn(args, kwargs) else cls
        return super().__new__(kind, *args, **kwargs)

    def __init__(
        self,
        *args: Any,
        trainable: bool = True,
        name: str | None = None,
        dtype: Any = None,
        **kwargs: Any,
    ) -> None:
        if is_drawn(args, kwargs):
            # A subclass that draws its graph in its constructor becomes a model of that graph here.
            object.__setattr__(self, "__class__", with_graph(type(self)))
            functional: Any = Model._functional
            functional.__init__(self, *args, trainable=trainable, name=name, **kwargs)
            return
        if args:
            raise TypeError(
                f"[{type(self).__name__}] expected symbolic inputs and outputs, or no positional arguments, "
                f"got {args!r}; draw a model from keras.Input, or subclass Model."
            )
        super().__init__(trainable=trainable, name=name, dtype=dtype, **kwargs)
        self._initialise_training()
        self.supports_masking = True

    def compute_mask(self, inputs: Any, previous_mask: Any) -> Any:
        """None: the layers inside have noted the masks of the outputs."""
        del inputs, previous_mask

    def _note_masks(self, inputs: Any, mask: Any) -> None:
        """Notes masks that were given by hand on the inputs."""
        if mask is None:
            return
        parts = nest.flatten(mask) if nest.is_nested(mask) else [mask]
        for value, part in zip(nest.flatten(inputs), parts, strict=False):
            if part is not None:
                masks.set(value, part)

    @property
    def layers(self) -> list[Layer]:
        """Layers directly below, in the order in which they were set."""
        return [layer for layer in self._sublayers if isinstance(layer, Layer)]

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
            line_length: Width in characters; as much as is useful and fits the terminal when None.
            positions: Where each column ends, as fractions of the line or in characters, or None.
            print_fn: Function that takes the text; `print` when None.
            expand_nested: Also list the layers of inner models.
            show_trainable: Add a column that says whether a layer is trained.
            layer_range: Pair of layer names, or patterns of them: the first and the last to list.
        """
        print_summary(
            self, line_length, positions, print_fn, expand_nested, show_trainable, layer_range
        )

    def to_json(self, **kwargs: Any) -> str:
        """The model without its weights, as JSON that `model_from_json` reads.

        Args:
            **kwargs: Arguments of `json.dumps`.
        """
        config = serialize_keras_object(self)
        if self.compiled:
            config["compile_config"] = serialize_keras_object(self.get_compile_config())
        return json.dumps(config, **kwargs)

    @classmethod
    def from_config(cls, config: dict[str, Any], custom_objects: Any = None) -> Any:
        """Model made from `get_config()`'s result, with fresh weights.

        Args:
            config: The config.
            custom_objects: Classes and functions by name.
        """
        if "inbound_nodes" in str(config.get("layers", "")) and cls._functional is not None:
            return with_graph(cls).from_config(config, custom_objects)
        return super().from_config(deserialize_keras_object(config, custom_objects))


def is_drawn(args: tuple[Any, ...], kwargs: dict[str, Any]) -> bool:
    """True when constructor arguments are symbolic inputs and outputs."""
    given = [*args[:2], *(kwargs[k] for k in ("inputs", "outputs") if k in kwargs)]
    return len(given) == 2 and all(next(symbols_in(part), None) is not None for part in given)


_with_graph: dict[Any, Any] = {}


def with_graph(kind: Any) -> Any:
    """The class for models of class `kind` that are made of a graph."""
    functional: Any = Model._functional
    if issubclass(kind, functional):
        return kind
    if kind is Model:
        return functional
    if kind not in _with_graph:
        names = {"__module__": kind.__module__, "__qualname__": kind.__qualname__, "__doc__": kind.__doc__}
        _with_graph[kind] = type(kind.__name__, (kind, functional), names)
    return _with_graph[kind]


def model_from_json(json_string: str, custom_objects: Any = None) -> Any:
    """Model with fresh weights from what `Model.to_json` returned.

    Args:
        json_string: The text; that of Keras 2 serves as well.
        custom_objects: Classes and functions by name.

    Source: `keras.models.model_from_json`.
    """
    config = json.loads(json_string)
    if of_keras_2(str(config.pop("keras_version", version()))):
        config = upgraded(config, of_keras_2=True)
    compiled = config.pop("compile_config", None)
    model = deserialize_keras_object(config, custom_objects)
    if compiled is not None:
        model.compile_from_config(deserialize_keras_object(compiled, custom_objects))
    return model
