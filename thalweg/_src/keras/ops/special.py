"""Special functions, with Keras' promotion of dtypes."""

from __future__ import annotations

from typing import Any

from thalweg._src.keras.ops.arguments import floating, floating_or_wide
from thalweg._src.keras.ops.pointwise import pointwise
from thalweg._src.ops import bessel, special


@pointwise
def erf(x: Any) -> Any:
    """Error function: ``2 / sqrt(pi)`` times the integral of ``exp(-t * t)`` from 0 to `x`.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Source: `keras.ops.erf`.
    """
    return special.erf(*floating(x))


@pointwise
def erfc(x: Any) -> Any:
    """``1 - erf(x)``, exact also for large `x`.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Source: `keras.ops.erfc`.
    """
    return special.erfc(*floating(x))


@pointwise
def erfinv(x: Any) -> Any:
    """Inverse of `erf`; infinite at -1 and 1, NaN outside.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers.

    Source: `keras.ops.erfinv`.
    """
    return special.erfinv(*floating(x))


@pointwise
def i0(x: Any) -> Any:
    """Modified Bessel function of the first kind, of order 0.

    Args:
        x: Tensor, array or number.

    Returns:
        Tensor of the same shape and floating dtype; ``floatx()`` for integers, float64 for int64.

    Source: `numpy.i0`.
    """
    return bessel.bessel_i0(*floating_or_wide(x))
