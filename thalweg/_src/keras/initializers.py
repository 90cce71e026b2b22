"""Initializers: functions of (shape, dtype) that make first values of weights."""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.dtypes import as_dtype
from thalweg._src.core.tensor import Tensor
from thalweg._src.keras.base.policy import floatx
from thalweg._src.keras.base.registry import resolve, table_of
from thalweg._src.keras.base.seeds import fresh_seed
from thalweg._src.keras.base.serialization import Serializable, plain
from thalweg._src.ops import creation
from thalweg._src.random.stateless import (
    stateless_normal,
    stateless_truncated_normal,
    stateless_uniform,
)

# Standard deviation of a normal distribution cut at two standard deviations.
_TRUNCATED_STDDEV = 0.87962566103423978


class Initializer(Serializable):
    """Function of a shape and a dtype that makes a tensor; subclasses define `__call__`.

    Source: `keras.initializers.Initializer`.
    """

    keras_module = "keras.initializers"

    def __call__(self, shape: Any, dtype: Any = None) -> Tensor:
        """Values for a weight of `shape` and `dtype`."""
        raise NotImplementedError(
            f"[{type(self).__name__}] expected a subclass to define __call__."
        )

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal initializer."""
        return {k: v for k, v in self.__dict__.items() if not k.startswith("_")}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Initializer made from `get_config()`'s result."""
        return cls(**config)

    def clone(self) -> Any:
        """New initializer from the same arguments."""
        return type(self).from_config(self.get_config())


class RandomInitializer(Initializer):
    """Initializer that draws from a seed of its own: the same values each time it is called.

    Args:
        seed: Seed, or None to take one from the global generator.
    """

    def __init__(self, seed: int | None = None) -> None:
        if seed is not None and not isinstance(seed, int):
            raise TypeError(
                f"[{type(self).__name__}] expected an int as seed or None, got {seed!r} of type "
                f"{type(seed).__name__}."
            )
        self.seed = seed
        self._chosen: int | None = None

    def _words(self) -> list[int]:
        """Seed of the draw."""
        if self._chosen is None:
            self._chosen = fresh_seed() if self.seed is None else self.seed
        return [self._chosen % 2**62, 0]

    def _normal(self, shape: Any, mean: float, stddev: float, dtype: Any) -> Tensor:
        return stateless_normal(tuple(shape), self._words(), mean, stddev, dtype or floatx())

    def _truncated(self, shape: Any, mean: float, stddev: float, dtype: Any) -> Tensor:
        wanted = dtype or floatx()
        return stateless_truncated_normal(tuple(shape), self._words(), mean, stddev, wanted)

    def _uniform(self, shape: Any, low: float, high: float, dtype: Any) -> Tensor:
        return stateless_uniform(tuple(shape), self._words(), low, high, dtype or floatx())


class Zeros(Initializer):
    """Zeros. Source: `keras.initializers.Zeros`."""

    def __call__(self, shape: Any, dtype: Any = None) -> Tensor:
        """Zeros of `shape`."""
        return creation.zeros(shape, dtype or floatx())


class Ones(Initializer):
    """Ones. Source: `keras.initializers.Ones`."""

    def __call__(self, shape: Any, dtype: Any = None) -> Tensor:
        """Ones of `shape`."""
        return creation.ones(shape, dtype or floatx())


class Constant(Initializer):
    """One value everywhere, or given values.

    Args:
        value: Number, or an array of the weight's shape.

    Source: `keras.initializers.Constant`.
    """

    def __init__(self, value: Any = 0.0) -> None:
        self.value = value

    def __call__(self, shape: Any, dtype: Any = None) -> Tensor:
        """The value in `shape`."""
        wanted = as_dtype(dtype or floatx()).numpy_dtype
        return convert_to_tensor(np.broadcast_to(np.asarray(self.value, wanted), tuple(shape)))


class RandomNormal(RandomInitializer):
    """Normally distributed values.

    Args:
        mean: Mean.
        stddev: Standard deviation.
        seed: Seed, or None for the global generator.

    Source: `keras.initializers.RandomNormal`.
    """

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: int | None = None) -> None:
        super().__init__(seed)
        self.mean, self.stddev = mean, stddev

    def __call__(self, shape: Any, dtype: Any = None) -> Tensor:
        """Draws values of `shape`."""
        return self._normal(shape, self.mean, self.stddev, dtype)


class RandomUniform(RandomInitializer):
    """Uniformly distributed values.

    Args:
        minval: Lower bound.
        maxval: Upper bound.
        seed: Seed, or None for the global generator.

    Source: `keras.initializers.RandomUniform`.
    """

    def __init__(
        self, minval: float = -0.05, maxval: float = 0.05, seed: int | None = None
    ) -> None:
        super().__init__(seed)
        self.minval, self.maxval = minval, maxval

    def __call__(self, shape: Any, dtype: Any = None) -> Tensor:
        """Draws values of `shape`."""
        return self._uniform(shape, self.minval, self.maxval, dtype)


class TruncatedNormal(RandomInitializer):
    """Normally distributed values; those beyond two standard deviations are drawn again.

    Args:
        mean: Mean.
        stddev: Standard deviation before the cut.
        seed: Seed, or None for the global generator.

    Source: `keras.initializers.TruncatedNormal`.
    """

    def __init__(self, mean: float = 0.0, stddev: float = 0.05, seed: int | None = None) -> None:
        super().__init__(seed)
        self.mean, self.stddev = mean, stddev

    def __call__(self, shape: Any, dtype: Any = None) -> Tensor:
        """Draws values of `shape`."""
        return self._truncated(shape, self.mean, self.stddev, dtype)


class VarianceScaling(RandomInitializer):
    """Random values whose variance suits the number of connections.

    Args:
        scale: Factor of the variance ``scale / n``.
        mode: What ``n`` is: ``"fan_in"``, ``"fan_out"`` or ``"fan_avg"``.
        distribution: ``"truncated_normal"``, ``"untruncated_normal"`` or ``"uniform"``.
        seed: Seed, or None for the global generator.
        input_axes: Axes of the inputs, where they are not the last but one and those before; or None.
        output_axes: Axes of the outputs, where they are not the last; or None.

    Source: Glorot and Bengio 2010; He et al. 2015; `keras.initializers.VarianceScaling`.
    """

    def __init__(
        self,
        scale: float = 1.0,
        mode: str = "fan_in",
        distribution: str = "truncated_normal",
        seed: int | None = None,
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

    def __init__(
        self, seed: int | None = None, input_axes: Any = None, output_axes: Any = None
    ) -> None:
        super().__init__(*self._settings, seed, input_axes, output_axes)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal initializer."""
        names = ("seed", "input_axes", "output_axes")
        return {name: getattr(self, name) for name in names}


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


class Identity(Initializer):
    """Identity matrix times a gain.

    Args:
        gain: Factor.

    Source: `keras.initializers.Identity`.
    """

    def __init__(self, gain: float = 1.0) -> None:
        self.gain = gain

    def __call__(self, shape: Any, dtype: Any = None) -> Tensor:
        """The matrix; `shape` must have two sizes."""
        if len(shape) != 2:
            raise ValueError(f"[Identity] expected a shape of two sizes, got {tuple(shape)}.")
        wanted = as_dtype(dtype or floatx()).numpy_dtype
        return convert_to_tensor((self.gain * np.eye(*shape)).astype(wanted))


class Orthogonal(RandomInitializer):
    """Matrix with orthonormal rows or columns, times a gain.

    Args:
        gain: Factor.
        seed: Seed, or None for the global generator.

    Source: Saxe et al. 2014, "Exact solutions to the nonlinear dynamics of learning in deep linear
    neural networks".
    """

    def __init__(self, gain: float = 1.0, seed: int | None = None) -> None:
        super().__init__(seed)
        self.gain = gain

    def __call__(self, shape: Any, dtype: Any = None) -> Tensor:
        """Draws a matrix; leading sizes of `shape` are taken together."""
        if len(shape) < 2:
            raise ValueError(
                f"[Orthogonal] expected a shape of at least two sizes, got {tuple(shape)}."
            )
        rows, columns = math.prod(shape[:-1]), shape[-1]
        draw = self._normal((max(rows, columns), min(rows, columns)), 0.0, 1.0, "float64").numpy()
        q, r = np.linalg.qr(draw)
        q = q * np.sign(np.diag(r))
        matrix = q if rows >= columns else q.T
        wanted = as_dtype(dtype or floatx()).numpy_dtype
        return convert_to_tensor((self.gain * matrix).reshape(tuple(shape)).astype(wanted))


_CLASSES = (
    Zeros, Ones, Constant, RandomNormal, RandomUniform, TruncatedNormal, VarianceScaling, GlorotUniform,
    GlorotNormal, HeUniform, HeNormal, LecunUniform, LecunNormal, Identity, Orthogonal,
)  # fmt: skip
_TABLE = table_of(
    *_CLASSES,
    normal=RandomNormal,
    uniform=RandomUniform,
    random_normal=RandomNormal,
    random_uniform=RandomUniform,
    IdentityInitializer=Identity,
    OrthogonalInitializer=Orthogonal,
)


def get(identifier: Any) -> Any:
    """Initializer that a name, config, function or number stands for; None stays None.

    Args:
        identifier: Such as ``"glorot_uniform"``.

    Raises:
        ValueError: An unknown name; the message suggests the nearest.

    Source: `keras.initializers.get`.
    """
    if identifier is None:
        return None
    if isinstance(identifier, (int, float, np.ndarray, Tensor)):
        return Constant(np.asarray(identifier))
    return resolve("initializer", identifier, _TABLE)


def serialize(initializer: Initializer) -> Any:
    """Config from which `get` makes an equal initializer."""
    return plain(initializer)


def deserialize(config: Any, custom_objects: dict[str, Any] | None = None) -> Any:
    """Initializer of a config made by `serialize`; `custom_objects` adds names."""
    return resolve("initializer", config, _TABLE | (custom_objects or {}))
