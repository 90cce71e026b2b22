"""The floor of our engine: what JAX alone takes. Runs on our side only."""

from typing import Any

import numpy as np

from benchmarks.case import Case, Program, Thunk


def bare_add(tf: Any, keras: Any) -> Thunk:
    """A jitted JAX function that adds two (2, 2) arrays."""
    import jax  # the peer has none

    compiled = jax.jit(lambda a, b: a + b)
    a = jax.numpy.asarray(np.ones((2, 2), "float32"))
    return lambda: compiled(a, a)


PROGRAM = Program("floor", (Case("bare jitted add 2x2", bare_add, sides=("ours",)),))
