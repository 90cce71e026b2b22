"""Whether a program is being traced, and how to step out of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from thalweg._src.core import xla
from thalweg._src.core.recorders import state
from thalweg._src.function.trace import outside_programs


def executing_eagerly() -> bool:
    """True when ops run now; False while a program is traced.

    Returns:
        bool.

    Example:
        >>> import thalweg as tf
        >>> tf.executing_eagerly()
        True

    Source: `tf.executing_eagerly`.
    """
    return not state.scopes and not xla.tracing()


def inside_function() -> bool:
    """True while a compiled function is traced.

    Returns:
        bool.

    Source: `tf.inside_function`.
    """
    return bool(state.scopes)


@contextmanager
def init_scope() -> Iterator[None]:
    """Context in which ops run eagerly although a function is being traced.

    What is created inside, such as Variables and counters, outlives the trace. Traced tensors cannot be
    used inside.

    Returns:
        Context manager.

    Example:
        >>> import thalweg as tf
        >>> @tf.function
        ... def f(x):
        ...     with tf.init_scope():
        ...         eager = tf.executing_eagerly()
        ...     return x + 1.0 if eager else x
        >>> f(tf.constant(1.0)).numpy().item()
        2.0

    Source: `tf.init_scope`. Gradient tapes do not record inside, and have nothing to.
    """
    with outside_programs():
        yield
