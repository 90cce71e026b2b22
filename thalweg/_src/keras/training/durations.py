"""How long a program may take on an accelerator, told before it is compiled."""

from __future__ import annotations

from typing import Any

import numpy as np

# What small and middle products reach on an accelerator, and what a kernel takes at least.
_FLOPS_PER_SECOND = 3e13
_KERNEL_SECONDS = 5e-6


def seconds_of(program: Any) -> float:
    """Seconds that a program takes, to an order of magnitude: its products, and what it takes to start them.

    Args:
        program: Jaxpr; loops of unknown length count once.
    """
    found = _KERNEL_SECONDS
    for equation in program.eqns:
        inner = sum(seconds_of(part) for part in _programs_in(equation.params))
        if equation.primitive.name == "scan":
            inner *= equation.params["length"]
        elif equation.primitive.name in ("dot_general", "conv_general_dilated"):
            inner = _KERNEL_SECONDS + _flops(equation) / _FLOPS_PER_SECOND
        found += inner
    return found


def _flops(equation: Any) -> float:
    """Multiplications and additions of a product or convolution."""
    left, right = (v.aval.shape for v in equation.invars[:2])
    results = float(np.prod(equation.outvars[0].aval.shape))
    if equation.primitive.name == "dot_general":
        (summed, _), _ = equation.params["dimension_numbers"]
        return 2 * results * float(np.prod([left[d] for d in summed]))
    features = right[equation.params["dimension_numbers"].rhs_spec[0]]
    return 2 * results * float(np.prod(right)) / features


def _programs_in(params: dict[str, Any]) -> list[Any]:
    """Jaxprs among the parameters of an equation."""
    found = []
    for value in params.values():
        for part in value if isinstance(value, (tuple, list)) else (value,):
            part = getattr(part, "jaxpr", part)
            if hasattr(part, "eqns"):
                found.append(part)
    return found
