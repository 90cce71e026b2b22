"""`Feature` and `Cross`: what a `FeatureSpace` does with one column of a table, or with some together."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.keras.base.serialization import (
    Serializable,
    deserialize_keras_object,
    enroll,
    serialize_keras_object,
)
from thalweg._src.keras.base.variable import names
from thalweg._src.keras.layers.core.identity import Identity
from thalweg._src.keras.layers.preprocessing.discretization import Discretization
from thalweg._src.keras.layers.preprocessing.hashing import Hashing
from thalweg._src.keras.layers.preprocessing.integer_lookup import IntegerLookup
from thalweg._src.keras.layers.preprocessing.normalization import Normalization
from thalweg._src.keras.layers.preprocessing.rescaling import Rescaling
from thalweg._src.keras.layers.preprocessing.string_lookup import StringLookup

# Where files of Keras say that these classes are.
_HOME = "keras.src.layers.preprocessing.feature_space"
# What such files have for a feature that stays as it is.
enroll(_HOME, Identity, name="TFDIdentity")


class Feature(Serializable):
    """What is done with one column.

    Args:
        dtype: Dtype of its values.
        preprocessor: Layer, or function of a tensor ``(batch, 1)``.
        output_mode: ``"float"`` for values that stay as they are, ``"int"`` for categories that do,
            ``"one_hot"`` for categories to be encoded.

    Raises:
        InvalidArgumentError: Arguments do not fit.
    """

    keras_module = _HOME

    def __init__(self, dtype: Any, preprocessor: Any, output_mode: str) -> None:
        _need_mode("feature", output_mode, ("float", "int", "one_hot"))
        if not callable(preprocessor):
            raise InvalidArgumentError(
                f"[FeatureSpace.feature] expected a layer as preprocessor, got {preprocessor!r}."
            )
        self.dtype = dtypes.as_dtype(dtype).name
        self.preprocessor = preprocessor
        self.output_mode = output_mode

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal feature."""
        return {
            "dtype": self.dtype,
            "preprocessor": serialize_keras_object(self.preprocessor),
            "output_mode": self.output_mode,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Feature:
        """Feature made from `get_config()`'s result."""
        return cls(config["dtype"], deserialize_keras_object(config["preprocessor"]), config["output_mode"])


class Cross(Serializable):
    """Columns whose categories are put together into one.

    Args:
        feature_names: Names of two columns or more.
        crossing_dim: Number of categories.
        output_mode: ``"one_hot"`` for encoded categories, ``"int"`` for their numbers.

    Raises:
        InvalidArgumentError: Arguments do not fit.
    """

    keras_module = _HOME

    def __init__(self, feature_names: Any, crossing_dim: int, output_mode: str = "one_hot") -> None:
        _need_mode("cross", output_mode, ("int", "one_hot"))
        if isinstance(feature_names, str) or len(feature_names) < 2:
            raise InvalidArgumentError(
                "[FeatureSpace.cross] expected feature_names as a tuple of two names or more, got "
                f"{feature_names!r}."
            )
        self.feature_names = tuple(feature_names)
        self.crossing_dim = crossing_dim
        self.output_mode = output_mode

    @property
    def name(self) -> str:
        """The names of the columns with ``_X_`` between them."""
        return "_X_".join(self.feature_names)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal cross."""
        return {
            "feature_names": list(self.feature_names),
            "crossing_dim": self.crossing_dim,
            "output_mode": self.output_mode,
        }

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Cross:
        """Cross made from `get_config()`'s result."""
        return cls(**config)


def _need_mode(what: str, output_mode: str, known: tuple[str, ...]) -> None:
    if output_mode not in known:
        raise InvalidArgumentError(
            f"[FeatureSpace.{what}] expected output_mode to be one of {known}, got {output_mode!r}."
        )


def _layer_name(kind: str, name: str | None) -> str:
    return f"{name or names.make(kind)}_preprocessor"


class FeatureKinds:
    """The kinds of features that have a name."""

    @classmethod
    def cross(cls, feature_names: Any, crossing_dim: int, output_mode: str = "one_hot") -> Cross:
        """Columns whose categories are put together into one, by a hash.

        Args:
            feature_names: Names of two columns or more.
            crossing_dim: Number of categories.
            output_mode: ``"one_hot"`` for encoded categories, ``"int"`` for their numbers.
        """
        return Cross(feature_names, crossing_dim, output_mode)

    @classmethod
    def feature(cls, dtype: Any, preprocessor: Any, output_mode: str) -> Feature:
        """Column that goes through a layer of your own.

        Args:
            dtype: Dtype of its values.
            preprocessor: Layer for tensors ``(batch, 1)``; it is adapted, too.
            output_mode: ``"float"`` or ``"int"`` for what the layer gives, ``"one_hot"`` for encodings of
                the categories that it gives: one of the lookups, `Discretization`, `Hashing` and the like.
        """
        return Feature(dtype, preprocessor, output_mode)

    @classmethod
    def float(cls, name: str | None = None) -> Feature:
        """Column of numbers that stay as they are.

        Args:
            name: First part of the layer's name.
        """
        return Feature("float32", Identity(name=_layer_name("float", name)), "float")

    @classmethod
    def float_rescaled(cls, scale: Any = 1.0, offset: Any = 0.0, name: str | None = None) -> Feature:
        """Column of numbers times `scale` plus `offset`.

        Args:
            scale: Factor.
            offset: Added afterwards.
            name: First part of the layer's name.
        """
        layer = Rescaling(scale, offset, name=_layer_name("float_rescaled", name))
        return Feature("float32", layer, "float")

    @classmethod
    def float_normalized(cls, name: str | None = None) -> Feature:
        """Column of numbers that become such of mean 0 and variance 1.

        Args:
            name: First part of the layer's name.
        """
        layer = Normalization(axis=-1, name=_layer_name("float_normalized", name))
        return Feature("float32", layer, "float")

    @classmethod
    def float_discretized(
        cls,
        num_bins: int | None,
        bin_boundaries: Any = None,
        output_mode: str = "one_hot",
        name: str | None = None,
    ) -> Feature:
        """Column of numbers that become the bins in which they lie.

        Args:
            num_bins: Number of bins that are about equally frequent; None with `bin_boundaries`.
            bin_boundaries: Where bins end; learned when None.
            output_mode: ``"one_hot"`` for encoded bins, ``"int"`` for their numbers.
            name: First part of the layer's name.
        """
        layer_name = _layer_name("float_discretized", name)
        return Feature("float32", Discretization(bin_boundaries, num_bins, name=layer_name), output_mode)

    @classmethod
    def integer_categorical(
        cls,
        max_tokens: int | None = None,
        num_oov_indices: int = 1,
        output_mode: str = "one_hot",
        name: str | None = None,
    ) -> Feature:
        """Column of integers that become their places in a vocabulary.

        Args:
            max_tokens: Size of the vocabulary at most; None for any.
            num_oov_indices: Places for integers that are not in it.
            output_mode: ``"one_hot"`` for encoded places, ``"int"`` for their numbers.
            name: First part of the layer's name.
        """
        layer = IntegerLookup(max_tokens, num_oov_indices, name=_layer_name("integer_categorical", name))
        return Feature("int32", layer, output_mode)

    @classmethod
    def string_categorical(
        cls,
        max_tokens: int | None = None,
        num_oov_indices: int = 1,
        output_mode: str = "one_hot",
        name: str | None = None,
    ) -> Feature:
        """Column of texts that become their places in a vocabulary.

        Args:
            max_tokens: Size of the vocabulary at most; None for any.
            num_oov_indices: Places for texts that are not in it.
            output_mode: ``"one_hot"`` for encoded places, ``"int"`` for their numbers.
            name: First part of the layer's name.
        """
        layer = StringLookup(max_tokens, num_oov_indices, name=_layer_name("string_categorical", name))
        return Feature("string", layer, output_mode)

    @classmethod
    def integer_hashed(cls, num_bins: int, output_mode: str = "one_hot", name: str | None = None) -> Feature:
        """Column of integers that become bins by a hash.

        Args:
            num_bins: Number of bins.
            output_mode: ``"one_hot"`` for encoded bins, ``"int"`` for their numbers.
            name: First part of the layer's name.
        """
        return Feature("int32", Hashing(num_bins, name=_layer_name("integer_hashed", name)), output_mode)

    @classmethod
    def string_hashed(cls, num_bins: int, output_mode: str = "one_hot", name: str | None = None) -> Feature:
        """Column of texts that become bins by a hash.

        Args:
            num_bins: Number of bins.
            output_mode: ``"one_hot"`` for encoded bins, ``"int"`` for their numbers.
            name: First part of the layer's name.
        """
        return Feature("string", Hashing(num_bins, name=_layer_name("string_hashed", name)), output_mode)
