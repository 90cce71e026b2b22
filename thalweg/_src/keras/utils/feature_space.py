"""`FeatureSpace`: tables as tensors, each column in its own way."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Any

from thalweg._src.base.errors import DTypeError, InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.data.dataset import Dataset
from thalweg._src.keras.base.serialization import (
    deserialize_keras_object,
    serialize_keras_object,
)
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.layers.core.input_layer import Input
from thalweg._src.keras.layers.merging.concatenate import Concatenate
from thalweg._src.keras.layers.preprocessing.category_encoding import CategoryEncoding
from thalweg._src.keras.layers.preprocessing.hashed_crossing import HashedCrossing
from thalweg._src.keras.models.saving import save_model
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.keras.utils.features import Cross, Feature, FeatureKinds
from thalweg._src.ops.shaping import expand_dims, reshape, squeeze

# Rows of a batch where a data set to adapt to has none.
_ROWS = 256
# What layers that learn from data call what they were given instead.
_GIVEN = ("input_mean", "input_bin_boundaries", "vocabulary")


class FeatureSpace(FeatureKinds, Layer):
    """Tables as tensors: each column is scaled, looked up, hashed or encoded in its own way.

    Args:
        features: What is done with each column: the name of a kind of feature, such as
            ``"float_normalized"``, or what the methods of that name give for other settings.
        output_mode: ``"concat"`` for one vector of each row, ``"dict"`` for a dictionary of the columns.
        crosses: Columns whose categories are put together into one: tuples of their names, or what
            `FeatureSpace.cross` gives.
        crossing_dim: Number of categories of crosses that say none.
        hashing_dim: Number of bins of ``"integer_hashed"`` and ``"string_hashed"``.
        num_discretization_bins: Number of bins of ``"float_discretized"``.
        name: Name of the layer.

    Call arguments:
        data: Dictionary of columns: single values ``()``, or batches of them ``(batch,)`` or ``(batch, n)``.
            Further entries are left out.

    Returns:
        Tensor ``(batch, width)``, or a dictionary of tensors ``(batch, n)`` by columns and crosses, in the
        order of the alphabet, crosses last; ``(width,)`` or ``(n,)`` for single values.

    Raises:
        InvalidArgumentError: Arguments or columns do not fit; what learns from data was not adapted.

    Example:
        >>> import thalweg as tf
        >>> table = {"age": [20.0, 40.0], "town": ["Ulm", "Bern"]}
        >>> space = tf.keras.utils.FeatureSpace({"age": "float_normalized", "town": "string_categorical"})
        >>> space.adapt(tf.data.Dataset.from_tensor_slices(table))
        >>> space({"age": 30.0, "town": "Ulm"}).numpy().tolist()
        [0.0, 0.0, 1.0, 0.0]

    Source: `keras.utils.FeatureSpace`. Arguments that cannot work are refused at once. A space may be called
    on symbolic tensors, too.
    """

    keras_module = "keras.utils"

    def __init__(
        self,
        features: Any,
        output_mode: str = "concat",
        crosses: Any = None,
        crossing_dim: int = 32,
        hashing_dim: int = 32,
        num_discretization_bins: int = 32,
        name: str | None = None,
    ) -> None:
        super().__init__(name=name)
        if not isinstance(features, Mapping) or not features:
            raise InvalidArgumentError(
                f"[{self._where}] expected features as a dictionary of kinds by names of columns, got "
                f"{features!r}."
            )
        if output_mode not in ("concat", "dict"):
            raise InvalidArgumentError(
                f"[{self._where}] expected output_mode 'concat' or 'dict', got {output_mode!r}."
            )
        self.output_mode = output_mode
        self.crossing_dim, self.hashing_dim = crossing_dim, hashing_dim
        self.num_discretization_bins = num_discretization_bins
        self.features = {column: self._feature_of(column, kind) for column, kind in features.items()}
        self.crosses = [self._cross_of(cross) for cross in crosses or ()]
        self.crosses_by_name = {cross.name: cross for cross in self.crosses}
        self.preprocessors = {column: feature.preprocessor for column, feature in self.features.items()}
        self.crossers = {
            cross.name: HashedCrossing(cross.crossing_dim, name=cross.name) for cross in self.crosses
        }
        self.one_hot_encoders: dict[str, Any] = {}
        if output_mode == "concat":
            self.concat = Concatenate(axis=-1)
        self._inputs: dict[str, Any] | None = None
        self._encoded_features: Any = None
        self.built = not self._learning()

    @property
    def _where(self) -> str:
        return f"FeatureSpace {self.name!r}"

    def _feature_of(self, column: str, kind: Any) -> Feature:
        if isinstance(kind, Feature):
            return kind
        sizes: dict[str, Any] = {
            "float": {},
            "float_rescaled": {},
            "float_normalized": {},
            "float_discretized": {"num_bins": self.num_discretization_bins},
            "integer_categorical": {},
            "string_categorical": {},
            "integer_hashed": {"num_bins": self.hashing_dim},
            "string_hashed": {"num_bins": self.hashing_dim},
        }
        if not isinstance(kind, str) or kind not in sizes:
            raise InvalidArgumentError(
                f"[{self._where}] expected feature {column!r} to be one of {sorted(sizes)}, or what such a "
                f"method of FeatureSpace gives, got {kind!r}; use FeatureSpace.feature() for a layer."
            )
        made: Feature = getattr(FeatureKinds, kind)(**sizes[kind], name=column)
        return made

    def _cross_of(self, given: Any) -> Cross:
        cross = given if isinstance(given, Cross) else Cross(given, self.crossing_dim)
        for column in cross.feature_names:
            feature = self.features.get(column)
            if feature is None or feature.output_mode == "float":
                raise InvalidArgumentError(
                    f"[{self._where}] expected crosses of columns among {list(self.features)} that become "
                    f"categories, got {column!r} in {cross.feature_names}."
                )
        return cross

    # Learning.

    def _learning(self) -> list[str]:
        """Names of the columns whose layers learn from data."""
        return [
            column
            for column, layer in self.preprocessors.items()
            if hasattr(layer, "adapt") and all(getattr(layer, given, None) is None for given in _GIVEN)
        ]

    def adapt(self, dataset: Any) -> None:
        """Learns means, bins and vocabularies from data, in the place of those learned before.

        Args:
            dataset: `Dataset` of dictionaries of columns, single rows or batches, passed through once for
                each column that something is learned of; or a dictionary of arrays.

        Raises:
            InvalidArgumentError: Something else; a column is missing.
        """
        data = Dataset.from_tensor_slices(dict(dataset)) if isinstance(dataset, Mapping) else dataset
        if not isinstance(data, Dataset) or not isinstance(data.element_spec, Mapping):
            found = data.element_spec if isinstance(data, Dataset) else type(data).__name__
            raise InvalidArgumentError(
                f"[{self._where} adapt] expected a Dataset of dictionaries, got {found}; leave out the "
                "labels: dataset.map(lambda features, label: features)."
            )
        self._need_columns(data.element_spec)
        for column in self._learning():
            self.preprocessors[column].adapt(_values_of(data, column))
        self.one_hot_encoders.clear()
        self._encoded_features = None
        self.built = True

    def _need_columns(self, given: Mapping[str, Any]) -> None:
        missing = [column for column in self.features if column not in given]
        if missing:
            raise InvalidArgumentError(
                f"[{self._where}] expected the columns {list(self.features)}, got {list(given)} without "
                f"{missing}."
            )

    def _need_adapted(self) -> None:
        if not self.built:
            raise InvalidArgumentError(
                f"[{self._where}] expected a space that knows its data, got one that is to learn of "
                f"{self._learning()}; call adapt(dataset) first."
            )

    # Calls.

    def __call__(self, data: Any) -> Any:
        """The encoded columns."""
        self._need_adapted()
        if not isinstance(data, Mapping):
            raise InvalidArgumentError(
                f"[{self._where}] expected a dictionary of columns, got {type(data).__name__}."
            )
        self._need_columns(data)
        columns = {column: self._as_column(column, data[column]) for column in self.features}
        single = any(len(value.shape) == 0 for value in columns.values())
        outputs = self._encoded({column: _with_axes(value) for column, value in columns.items()})
        if not single:
            return outputs
        if isinstance(outputs, dict):
            return {name: squeeze(value, 0) for name, value in outputs.items()}
        return squeeze(outputs, 0)

    def _as_column(self, column: str, value: Any) -> Any:
        """A column as a tensor of its dtype."""
        wanted = dtypes.as_dtype(self.features[column].dtype)
        found = tensor_of(value)
        dtype = dtypes.as_dtype(found.dtype)
        if dtype is wanted:
            return found
        if dtypes.string in (dtype, wanted):
            raise DTypeError(
                f"[{self._where}] expected column {column!r} of dtype {wanted.name}, got {dtype.name}."
            )
        return tensor_of(found, wanted)

    def _encoded(self, columns: dict[str, Any]) -> Any:
        """Columns ``(batch, n)`` as vectors, or as a dictionary."""
        layers: dict[str, Any] = {**self.preprocessors, **self.crossers}
        kinds: dict[str, Any] = {**self.features, **self.crosses_by_name}
        found = {column: layers[column](columns[column]) for column in sorted(self.features)}
        for name in sorted(self.crossers):
            found[name] = layers[name](tuple(found[c] for c in kinds[name].feature_names))
        for name, values in found.items():
            if kinds[name].output_mode == "one_hot":
                found[name] = self._one_hot(name, layers[name], values)
        if self.output_mode == "dict":
            return found
        for name, values in found.items():
            if not dtypes.as_dtype(values.dtype).is_floating:
                raise InvalidArgumentError(
                    f"[{self._where}] expected floats to concatenate, got {name!r} of dtype "
                    f"{dtypes.as_dtype(values.dtype).name}; use output_mode='one_hot' for it, or "
                    "output_mode='dict' for the space."
                )
        parts = list(found.values())
        return self.concat(parts) if len(parts) > 1 else parts[0]

    def _one_hot(self, name: str, layer: Any, categories: Any) -> Any:
        """Encoding of categories that a layer gave."""
        if not dtypes.as_dtype(categories.dtype).is_integer:
            raise InvalidArgumentError(
                f"[{self._where}] expected integers of the layer of {name!r} with output_mode='one_hot', got "
                f"dtype {dtypes.as_dtype(categories.dtype).name}; use 'float'."
            )
        if name not in self.one_hot_encoders:
            self.one_hot_encoders[name] = CategoryEncoding(self._depth(name, layer), "multi_hot")
        return self.one_hot_encoders[name](categories)

    def _depth(self, name: str, layer: Any) -> int:
        """Number of categories that a layer gives."""
        if hasattr(layer, "vocabulary_size"):
            return int(layer.vocabulary_size())
        depth = getattr(layer, "num_bins", None) or len(getattr(layer, "bin_boundaries", ())) + 1
        if depth == 1 and not hasattr(layer, "num_bins"):
            raise InvalidArgumentError(
                f"[{self._where}] expected a layer with a known number of categories for {name!r} with "
                f"output_mode='one_hot', got {layer!r}; use 'int' with output_mode='dict' for the space, and "
                "encode them yourself."
            )
        return int(depth)

    def get_inputs(self) -> dict[str, Any]:
        """Symbolic inputs of a model by column, of shape ``(None, 1)``."""
        self._need_adapted()
        if self._inputs is None:
            self._inputs = {
                column: Input((1,), dtype=feature.dtype, name=column)
                for column, feature in self.features.items()
            }
        return self._inputs

    def get_encoded_features(self) -> Any:
        """What the space makes of `get_inputs()`: symbolic tensor or tensors, to build a model on."""
        if self._encoded_features is None:
            self._encoded_features = self._encoded(self.get_inputs())
        return self._encoded_features

    # Files.

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal space; what was learned is not among them, `save` writes it."""
        return {
            "features": {column: serialize_keras_object(f) for column, f in self.features.items()},
            "output_mode": self.output_mode,
            "crosses": [serialize_keras_object(cross) for cross in self.crosses],
            "crossing_dim": self.crossing_dim,
            "hashing_dim": self.hashing_dim,
            "num_discretization_bins": self.num_discretization_bins,
            "name": self.name,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Space made from `get_config()`'s result."""
        made = {key: deserialize_keras_object(config[key]) for key in ("features", "crosses")}
        return cls(**(config | made))

    def get_build_config(self) -> dict[str, Any]:
        """Shapes with which the layers of the columns were built."""
        layers = {c: layer for c, layer in self.preprocessors.items() if isinstance(layer, Layer)}
        return {column: layer.get_build_config() or {} for column, layer in layers.items()}

    def build_from_config(self, config: dict[str, Any]) -> None:
        """Makes the space ready to take what was learned from a file.

        Args:
            config: What `get_build_config` returned.
        """
        for column, shapes in config.items():
            layer = self.preprocessors[column]
            if shapes and not layer.built:
                layer.build_from_config(shapes)
        self.built = True

    def save(self, filepath: str | os.PathLike[str]) -> None:
        """Saves the space with what it learned; `keras.models.load_model` opens the file.

        Args:
            filepath: Path that ends in ``.keras``.

        Raises:
            SavingError: Another ending, or a layer that cannot be written as data.
        """
        save_model(self, filepath)


def _with_axes(value: Any) -> Any:
    """A column ``(batch, n)`` of single values or a batch of them."""
    rank = len(value.shape)
    return value if rank > 1 else expand_dims(value, -1) if rank else reshape(value, (1, 1))


def _values_of(data: Dataset, column: str) -> Dataset:
    """Batches ``(batch, n)`` of a column of a data set."""
    values: Dataset = data.map(lambda row: row[column])
    if values.element_spec.shape.rank == 0:
        values = values.batch(_ROWS)
    return values.map(lambda x: expand_dims(x, -1)) if values.element_spec.shape.rank == 1 else values
