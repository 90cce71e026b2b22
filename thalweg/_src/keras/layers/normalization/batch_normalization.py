"""`BatchNormalization`: each channel has mean 0 and variance 1 over the batch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from thalweg._src.autodiff.stop import stop_gradient
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.keras import initializers
from thalweg._src.keras.layers.base.input_spec import InputSpec
from thalweg._src.keras.layers.normalization.base_normalization import (
    BaseNormalization,
    places_of,
    sizes_at,
)
from thalweg._src.ops.casting import cast
from thalweg._src.ops.clipping import maximum, minimum
from thalweg._src.ops.creation import ones_like
from thalweg._src.ops.elementwise import add, divide, multiply, square, subtract
from thalweg._src.ops.exponential import sqrt
from thalweg._src.ops.nn.moments import moments, weighted_moments
from thalweg._src.ops.nn.normalization import batch_normalization, batch_normalize
from thalweg._src.ops.reduction import reduce_any
from thalweg._src.ops.selection import where as select
from thalweg._src.ops.shaping import reshape


class BatchNormalization(BaseNormalization):
    """Normalizes each channel by the mean and variance of the batch, in inference by their moving averages.

    In training, ``(inputs - mean(batch)) / sqrt(var(batch) + epsilon) * gamma + beta``, and the moving
    averages become ``moving * momentum + batch * (1 - momentum)``. In inference, and in training while
    the layer is frozen (``trainable = False``), the moving averages stand for the batch's statistics and
    stay as they are.

    Args:
        axis: Axis of the channels (1 for images with channels first), or a list of axes that keep
            statistics of their own.
        momentum: Momentum of the moving averages, in [0, 1].
        epsilon: Small number added to the variance, which keeps its root away from 0.
        center: Whether `beta` is added.
        scale: Whether to multiply by `gamma`.
        beta_initializer: Initializer of `beta`, of shape ``(channels,)``.
        gamma_initializer: Initializer of `gamma`, likewise.
        moving_mean_initializer: Initializer of the moving mean, likewise.
        moving_variance_initializer: Initializer of the moving variance, likewise.
        beta_regularizer: Function of `beta` whose result is added to the loss.
        gamma_regularizer: Likewise for `gamma`.
        beta_constraint: Function applied to `beta` after each update.
        gamma_constraint: Likewise for `gamma`.
        renorm: Whether training, too, normalizes by moving averages: the batch's statistics are corrected
            by factors through which no gradient goes. For small batches.
        renorm_clipping: Limits of the corrections: ``rmin`` and ``rmax`` of the quotient of standard
            deviations, ``dmax`` of the distance of means; none for those left out.
        renorm_momentum: Momentum of the moving averages of `renorm`.
        synchronized: Whether all replicas share the statistics. A program here sees the whole batch,
            however many devices hold it, so that they always do.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Tensor of shape ``(batch, ..., channels)``; integers are cast to the compute dtype.
        training: Whether to normalize by the batch's statistics.
        mask: Steps that count in the statistics, of shape ``(batch,)`` or ``(batch, time)``. A batch
            without any leaves the moving averages as they are.

    Example:
        >>> import thalweg as tf
        >>> layer = tf.keras.layers.BatchNormalization()
        >>> layer(tf.constant([[1.0], [3.0]]), training=True).numpy().round(2).tolist()
        [[-1.0], [1.0]]
        >>> layer.moving_mean.numpy().round(2)
        array([0.02], dtype=float32)

    Source: Ioffe and Szegedy, "Batch normalization" (2015); Ioffe, "Batch renormalization" (2017);
    `keras.layers.BatchNormalization`, which takes no list of axes.
    """

    def __init__(
        self,
        axis: Any = -1,
        momentum: float = 0.99,
        epsilon: float = 1e-3,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Any = "zeros",
        gamma_initializer: Any = "ones",
        moving_mean_initializer: Any = "zeros",
        moving_variance_initializer: Any = "ones",
        beta_regularizer: Any = None,
        gamma_regularizer: Any = None,
        beta_constraint: Any = None,
        gamma_constraint: Any = None,
        renorm: bool = False,
        renorm_clipping: Mapping[str, float] | None = None,
        renorm_momentum: float = 0.99,
        synchronized: bool = False,
        **kwargs: Any,
    ) -> None:
        super().__init__(
            axis,
            epsilon,
            center,
            scale,
            beta_initializer,
            gamma_initializer,
            beta_regularizer,
            gamma_regularizer,
            beta_constraint,
            gamma_constraint,
            **kwargs,
        )
        where = f"BatchNormalization {self.name!r}"
        self.momentum = _momentum(where, "momentum", momentum)
        self.moving_mean_initializer = initializers.get(moving_mean_initializer)
        self.moving_variance_initializer = initializers.get(moving_variance_initializer)
        self.renorm = renorm
        self.renorm_clipping = _limits(where, renorm_clipping)
        self.renorm_momentum = _momentum(where, "renorm_momentum", renorm_momentum)
        self.synchronized = synchronized

    def build(self, input_shape: Any) -> None:
        """Creates `gamma`, `beta` and the moving averages."""
        where = f"BatchNormalization {self.name!r}"
        self._places = places_of(where, self.axis, input_shape)
        sizes = sizes_at(where, self._places, input_shape)
        rank = len(input_shape)
        self.input_spec = InputSpec(ndim=rank, axes=dict(zip(self._places, sizes, strict=True)))
        self._over = [a for a in range(rank) if a not in self._places]
        # Channels in the last place broadcast as they are.
        last = self._places == (rank - 1,)
        along = dict(zip(self._places, sizes, strict=True))
        self._spread_shape = None if last else [along.get(a, 1) for a in range(rank)]
        self._add_gamma_and_beta(sizes, self.scale, self.center)
        self.moving_mean = self._average("moving_mean", sizes, self.moving_mean_initializer)
        self.moving_variance = self._average(
            "moving_variance", sizes, self.moving_variance_initializer
        )
        if self.renorm:
            self._add_renorm_averages(sizes)

    def _average(self, name: str, sizes: tuple[int, ...], initializer: Any) -> Any:
        return self.add_weight(sizes, initializer, trainable=False, autocast=False, name=name)

    def _add_renorm_averages(self, sizes: tuple[int, ...]) -> None:
        def deviation(shape: Any, dtype: Any = None) -> Any:
            return sqrt(self.moving_variance_initializer(shape, dtype=dtype))

        self.moving_stddev = self._average("moving_stddev", sizes, deviation)
        self.renorm_mean = self._average("renorm_mean", sizes, self.moving_mean_initializer)
        self.renorm_stddev = self._average("renorm_stddev", sizes, deviation)

    def call(self, inputs: Any, training: Any = None, mask: Any = None) -> Any:
        """The inputs, normalized by the statistics of the batch or by moving averages."""
        inputs = self._floating(inputs)
        if not (training and self.trainable):
            return self._normalized(inputs, self.moving_mean.value, self.moving_variance.value)
        present = None if mask is None else reduce_any(mask)
        if mask is None and not self.renorm and len(self._places) == 1:
            outputs, mean, variance = batch_normalize(
                inputs, self.gamma, self.beta, axis=self._places[0], epsilon=self.epsilon
            )
        else:
            mean, variance = self._statistics(inputs, mask, present)
            if self.renorm:
                outputs = self._renormalized(inputs, mean, variance)
            else:
                outputs = self._normalized(inputs, mean, variance)
        self._move(mean, variance, present)
        return outputs

    def _statistics(self, inputs: Any, mask: Any, present: Any) -> tuple[Any, Any]:
        """Mean and variance of the batch, of the steps that count, in float32 or wider."""
        narrow = dtypes.as_dtype(inputs.dtype).size < 4
        wide = cast(inputs, "float32") if narrow else inputs
        if mask is None:
            return tuple(moments(wide, self._over))  # type: ignore[return-value]
        rank, shape = len(inputs.shape), mask.shape
        weights = cast(mask, wide.dtype)
        # Without any step that counts, all do: a mean of nothing is NaN.
        weights = select(present, weights, ones_like(weights))
        weights = reshape(weights, [*shape, *[1] * (rank - len(shape))])
        return tuple(weighted_moments(wide, self._over, weights))  # type: ignore[return-value]

    def _normalized(
        self, inputs: Any, mean: Any, variance: Any, scale: Any = None, offset: Any = None
    ) -> Any:
        """The inputs normalized by statistics, then scaled by `scale` and shifted by `offset`, if given."""
        if scale is None:
            scale = None if self.gamma is None else self.gamma.value
            offset = None if self.beta is None else self.beta.value
        mean, variance, offset, scale = map(self._spread, (mean, variance, offset, scale))
        return batch_normalization(inputs, mean, variance, offset, scale, self.epsilon)

    def _spread(self, vector: Any) -> Any:
        """A vector of channels in a shape that broadcasts with the inputs."""
        if vector is None or self._spread_shape is None:
            return vector
        return reshape(vector, self._spread_shape)

    def _renormalized(self, inputs: Any, mean: Any, variance: Any) -> Any:
        """The inputs normalized by the batch's statistics, corrected to the moving ones."""
        deviation = sqrt(add(variance, self.epsilon))
        usual_mean, usual = self.renorm_mean.value, self.renorm_stddev.value
        usual = maximum(usual, float(self.epsilon) ** 0.5)
        limits = self.renorm_clipping
        quotient, distance = divide(deviation, usual), divide(subtract(mean, usual_mean), usual)
        if "rmin" in limits:
            quotient = maximum(quotient, float(limits["rmin"]))
        if "rmax" in limits:
            quotient = minimum(quotient, float(limits["rmax"]))
        if "dmax" in limits:
            distance = minimum(maximum(distance, -float(limits["dmax"])), float(limits["dmax"]))
        scale, offset = stop_gradient(quotient), stop_gradient(distance)
        if self.gamma is not None:
            scale, offset = multiply(scale, self.gamma.value), multiply(offset, self.gamma.value)
        if self.beta is not None:
            offset = add(offset, self.beta.value)
        _update(self.renorm_mean, mean, self.renorm_momentum, None)
        _update(self.renorm_stddev, deviation, self.renorm_momentum, None)
        return self._normalized(inputs, mean, variance, scale, offset)

    def _move(self, mean: Any, variance: Any, present: Any) -> None:
        """Moves the averages towards the batch's statistics."""
        _update(self.moving_mean, mean, self.momentum, present)
        if not self.renorm:
            _update(self.moving_variance, variance, self.momentum, present)
            return
        deviation = sqrt(add(variance, self.epsilon))
        _update(self.moving_stddev, deviation, self.momentum, present)
        self.moving_variance.assign(subtract(square(self.moving_stddev.value), self.epsilon))


def _update(average: Any, value: Any, momentum: float, present: Any) -> None:
    """Moves an average towards a value, unless `present` says that there was none."""
    old = cast(average.value, value.dtype)
    new = add(multiply(old, momentum), multiply(value, 1.0 - momentum))
    average.assign(new if present is None else select(present, new, old))


def _momentum(where: str, what: str, value: Any) -> float:
    if not 0 <= value <= 1:
        raise InvalidArgumentError(
            f"[{where}] expected {what} in [0, 1], got {value!r}; 0.99 is usual."
        )
    return float(value)


def _limits(where: str, given: Mapping[str, float] | None) -> dict[str, float]:
    limits = dict(given or {})
    odd = sorted(set(limits) - {"rmin", "rmax", "dmax"})
    if odd:
        raise InvalidArgumentError(
            f"[{where}] expected renorm_clipping with the keys rmin, rmax and dmax, got {odd[0]!r}."
        )
    if limits.get("rmin", 0.0) > limits.get("rmax", float("inf")) or limits.get("dmax", 0.0) < 0:
        raise InvalidArgumentError(
            f"[{where}] expected renorm_clipping with rmin up to rmax and dmax of 0 or more, got {limits}."
        )
    return limits
