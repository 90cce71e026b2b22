"""`BaseNormalization`: what layers of normalization share: axes, epsilon, gamma and beta."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.keras import constraints, initializers, regularizers
from thalweg._src.keras.layers.base.layer import Layer


class BaseNormalization(Layer):
    """Layer that scales its normalized inputs by `gamma` and shifts them by `beta`.

    Args:
        axis: Axis or axes along which `gamma` and `beta` vary.
        epsilon: Small number added to the variance, which keeps its root away from 0.
        center: Whether there is a `beta`.
        scale: Whether there is a `gamma`.
        beta_initializer: Initializer of `beta`.
        gamma_initializer: Initializer of `gamma`.
        beta_regularizer: Function of `beta` whose result is added to the loss.
        gamma_regularizer: Likewise for `gamma`.
        beta_constraint: Function applied to `beta` after each update.
        gamma_constraint: Likewise for `gamma`.
        **kwargs: See `Layer`.
    """

    gamma: Any
    beta: Any

    def __init__(
        self,
        axis: Any = -1,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        self.axis = axis_argument(f"{type(self).__name__} {self.name!r}", axis)
        self.epsilon = epsilon
        self.center = center
        self.scale = scale
        self.beta_initializer = initializers.get(beta_initializer)
        self.gamma_initializer = initializers.get(gamma_initializer)
        self.beta_regularizer = regularizers.get(beta_regularizer)
        self.gamma_regularizer = regularizers.get(gamma_regularizer)
        self.beta_constraint = constraints.get(beta_constraint)
        self.gamma_constraint = constraints.get(gamma_constraint)
        self.supports_masking = True

    def _add_gamma_and_beta(self, shape: tuple[int, ...], scale: bool, center: bool) -> None:
        """Creates `gamma` and `beta`, which are None where they are not wanted.

        They are read in their own dtype: normalizing in half precision loses digits.
        """
        self.gamma = self.beta = None
        if scale:
            self.gamma = self.add_weight(
                shape,
                self.gamma_initializer,
                regularizer=self.gamma_regularizer,
                constraint=self.gamma_constraint,
                name="gamma",
                autocast=False,
            )
        if center:
            self.beta = self.add_weight(
                shape,
                self.beta_initializer,
                regularizer=self.beta_regularizer,
                constraint=self.beta_constraint,
                name="beta",
                autocast=False,
            )

    def compute_output_shape(self, input_shape: Any) -> tuple[int | None, ...]:
        """Shape of the outputs: that of the inputs."""
        return tuple(input_shape)


def axis_argument(where: str, axis: Any) -> int | list[int]:
    """The `axis` argument of a layer: an int, or a list of ints.

    Raises:
        InvalidArgumentError: It is something else.
    """
    if isinstance(axis, (list, tuple)) and axis and all(type(a) is int for a in axis):
        return list(axis)
    if type(axis) is not int:
        raise InvalidArgumentError(
            f"[{where}] expected axis as an int or a list of ints, got {axis!r}; -1 is the last axis."
        )
    return axis


def places_in_values(where: str, places: tuple[int, ...], rank: int, inputs: Any) -> tuple[int, ...]:
    """The axes in inputs that may be flat values of ragged ones, without the dimensions divided into rows.

    Args:
        where: The layer, for messages.
        places: Axes of the inputs for which the layer was built.
        rank: Rank of those.
        inputs: Tensor.

    Raises:
        ShapeError: An axis is divided into rows.
    """
    gone = rank - len(inputs.shape)
    if gone > 0 and min(places) <= gone:
        raise ShapeError(
            f"[{where}] expected axes that are not ragged, got {places} of inputs of rank {rank} with {gone} "
            "ragged dimension(s)."
        )
    return tuple(place - max(gone, 0) for place in places)


def places_of(where: str, axis: int | list[int], shape: Any) -> tuple[int, ...]:
    """Axes as ascending numbers in [0, rank).

    Raises:
        ShapeError: A tensor of this shape has no such axis, or one is named twice.
    """
    rank = len(shape)
    wanted = axis if isinstance(axis, list) else [axis]
    found = sorted(a % rank for a in wanted if rank)
    if any(not -rank <= a < rank for a in wanted) or len(set(found)) != len(found):
        raise ShapeError(
            f"[{where}] expected axes of the inputs, each once, got axis={axis} for shape {tuple(shape)}."
        )
    return tuple(found)


def sizes_at(where: str, places: tuple[int, ...], shape: Any) -> tuple[int, ...]:
    """Sizes of a shape along axes.

    Raises:
        ShapeError: A size is not known.
    """
    sizes = tuple(shape[a] for a in places)
    if any(size is None for size in sizes):
        raise ShapeError(
            f"[{where}] expected known sizes along axes {list(places)}, got shape {tuple(shape)}; give "
            "them in Input(shape=...)."
        )
    return sizes
