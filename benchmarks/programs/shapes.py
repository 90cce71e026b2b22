"""An eager loop whose shapes change at every step, in a fresh process."""

from typing import Any

import numpy as np

from benchmarks.case import Case, Mode, Program, Thunk


def changing_shapes(tf: Any, keras: Any) -> Thunk:
    """``reduce_mean(square(x[:n]))`` for 128 sizes; all results are read at the end."""
    x = tf.constant(np.linspace(0, 1, 130, dtype="float32"))
    return lambda: [tf.reduce_mean(tf.square(x[:n])) for n in range(2, 130)]


PROGRAM = Program("shapes", (Case("128 changing shapes", changing_shapes, Mode.FRESH),))
