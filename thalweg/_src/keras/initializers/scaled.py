"""Random initializers whose variance suits the number of connections."""

from __future__ import annotations

import math
from typing import Any

from thalweg._src.core.tensor import Tensor
from thalweg._src.keras.initializers.base import RandomInitializer

# Standard deviation of a normal distribution cut at two standard deviations.
_TRUNCATED_STDDEV = 0.87962566103423978


class VarianceScaling(RandomInitializer):
    """Random values whose variance suits the number of connections.

    Args:
        scale: Factor of the variance ``scale / n``.
        mode: What ``n`` is: ``"fan_in"``, ``"fan_out"`` or ``"fan_avg"``.
        distribution: ``"truncated_normal"``, ``"untruncated_normal"`` or ``"uniform"``.
        seed: Seed, `SeedGenerator`, or None for the global generator.
        input_axes: Axes of the inputs, where they are not the last but one and those before; or None.
        output_axes: Axes of the outputs, where they are not the last; or None.

    Source: Glorot and Bengio 2010; He et al. 2015; `keras.initializers.VarianceScaling`, which ignores
    `input_axes` without `output_axes`, and the other way round; here that is an error.
    """

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: Any = None,
        input_axes: Any = None,
        output_axes: Any = None,
    ) -> None:
        super().__init__(seed)
        if scale <= 0:
            raise ValueError(f"[VarianceScaling] expected a positive scale, got {scale}.")
        if mode not in ("fan_in", "fan_out", "fan_avg"):
            raise ValueError(
                f"[VarianceScaling] expected mode fan_in, fan_out or fan_avg, got {mode!r}."
            )
        distribution = "truncated_normal" if distribution == "normal" else distribution
        if distribution not in ("truncated_normal", "untruncated_normal", "uniform"):
            raise ValueError(
                "[VarianceScaling] expected distribution truncated_normal, untruncated_normal or uniform, "
                f"got {distribution!r}."
            )
        self.scale, self.mode, self.distribution = scale, mode, distribution
        if (input_axes is None) != (output_axes is None):
            raise ValueError(
                "[VarianceScaling] expected both input_axes and output_axes, or none, got "
                f"{input_axes} and {output_axes}."
            )
        self.input_axes, self.output_axes = input_axes, output_axes

    def __call__(self, shape: Any, dtype: Any = None) -> Tensor:
        """Draws values of `shape`."""
        fan_in, fan_out = fans(tuple(shape), self.input_axes, self.output_axes)
        count = {"fan_in": fan_in, "fan_out": fan_out, "fan_avg": (fan_in + fan_out) / 2}[self.mode]
        variance = self.scale / max(1.0, count)
        if self.distribution == "uniform":
            limit = math.sqrt(3 * variance)
            return self._uniform(shape, -limit, limit, dtype)
        if self.distribution == "untruncated_normal":
            return self._normal(shape, 0.0, math.sqrt(variance), dtype)
        return self._truncated(shape, 0.0, math.sqrt(variance) / _TRUNCATED_STDDEV, dtype)


def fans(
    shape: tuple[int, ...], input_axes: Any = None, output_axes: Any = None
) -> tuple[int, int]:
    """Numbers of connections into and out of a unit, for a kernel of shape ``(..., inputs, outputs)``.

    Args:
        shape: Shape of the kernel.
        input_axes: Axes whose sizes multiply to the first number, for kernels of another form.
        output_axes: Axes whose sizes multiply to the second number.
    """
    if input_axes is not None and output_axes is not None:
        return math.prod(shape[a] for a in input_axes), math.prod(shape[a] for a in output_axes)
    if len(shape) < 2:
        size = shape[0] if shape else 1
        return size, size
    field = math.prod(shape[:-2])
    return shape[-2] * field, shape[-1] * field


class _Scaled(VarianceScaling):
    """`VarianceScaling` with fixed settings."""

    _settings: tuple[float, str, str]

    def __init__(self, seed: Any = None, input_axes: Any = None, output_axes: Any = None) -> None:
        super().__init__(*self._settings, seed, input_axes, output_axes)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal initializer."""
        config = super().get_config()
        return {name: config[name] for name in ("seed", "input_axes", "output_axes")}


class GlorotUniform(_Scaled):
    """Uniform in ±sqrt(6 / (fan_in + fan_out)). Source: Glorot and Bengio 2010."""

    _settings = (1.0, "fan_avg", "uniform")


class GlorotNormal(_Scaled):
    """Truncated normal of variance 2 / (fan_in + fan_out). Source: Glorot and Bengio 2010."""

    _settings = (1.0, "fan_avg", "truncated_normal")


class HeUniform(_Scaled):
    """Uniform in ±sqrt(6 / fan_in). Source: He et al. 2015."""

    _settings = (2.0, "fan_in", "uniform")


class HeNormal(_Scaled):
    """Truncated normal of variance 2 / fan_in. Source: He et al. 2015."""

    _settings = (2.0, "fan_in", "truncated_normal")


class LecunUniform(_Scaled):
    """Uniform in ±sqrt(3 / fan_in). Source: LeCun et al. 1998, "Efficient backprop"."""

    _settings = (1.0, "fan_in", "uniform")


class LecunNormal(_Scaled):
    """Truncated normal of variance 1 / fan_in. Source: LeCun et al. 1998, "Efficient backprop"."""

    _settings = (1.0, "fan_in", "truncated_normal")
