"""Watching every op for NaN and infinity: which op made the first one, and from what.

The watch is a recorder that follows nothing and looks at every result. It works op by op, so while it
is on, compiled functions run their Python body eagerly (`switches.check_numerics`); results inside
traces that are not ours (`jax.jit`, Jacobians by `vmap`) are checked by calling back to the host.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.config import switches
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes, xla
from thalweg._src.core.checks import check
from thalweg._src.core.recorders import OpCall, state


class NumericsWatch:
    """Recorder that raises at the first op whose result is not finite.

    An infinity that an input held already is let through: masks are made with it on purpose.
    """

    differentiates = False

    def follows(self, tensor: Any) -> bool:
        """False: it looks at results and needs no pullbacks."""
        return False

    def followed_tensors(self) -> tuple[()]:
        """None."""
        return ()

    def variable_read(self, variable: Any, tensor: Any) -> None:
        """Variables are not checked, only what is computed from them."""

    def record(self, call: OpCall) -> None:
        """An op ran."""
        for position, output in enumerate(call.outputs):
            array = output.array
            if not dtypes.BY_NUMPY[array.dtype].is_differentiable:
                continue
            if isinstance(array, xla.Tracer):
                _check_traced(call, position, array)
            elif not np.isfinite(np.asarray(array)).all():
                _check_eager(call, position, np.asarray(array))


def _check_eager(call: OpCall, position: int, values: np.ndarray[Any, Any]) -> None:
    arrays = [getattr(x, "array", x) for x in call.inputs]
    if any(isinstance(a, xla.Tracer) for a in arrays):
        raise _error(call, position, values, [])
    inputs = [None if a is None else np.asarray(a) for a in arrays]
    if np.isnan(values).any() or all(_is_finite(i) for i in inputs):
        raise _error(call, position, values, inputs)


def _check_traced(call: OpCall, position: int, array: Any) -> None:
    """Inside a trace that is not ours: the check becomes part of the program."""
    inputs = [getattr(x, "array", x) for x in call.inputs if x is not None]

    def fail(values: Any, *given: Any) -> InvalidArgumentError:
        return _error(call, position, np.asarray(values), [np.asarray(g) for g in given])

    finite = xla.jnp.isfinite
    passed = finite(array).all()
    masked = [~finite(i).all() for i in inputs if dtypes.BY_NUMPY[i.dtype].is_differentiable]
    for held in masked:
        passed = passed | (held & ~xla.jnp.isnan(array).any())
    check(passed, fail, array, *inputs)


def _is_finite(array: np.ndarray[Any, Any] | None) -> bool:
    if array is None or array.dtype not in dtypes.BY_NUMPY:
        return True
    return not dtypes.BY_NUMPY[array.dtype].is_differentiable or bool(np.isfinite(array).all())


def _error(call: OpCall, position: int, values: Any, inputs: list[Any]) -> InvalidArgumentError:
    op = call.op
    several = f" {position}" if len(call.outputs) > 1 else ""
    held = [op.input_label(i) for i, x in enumerate(inputs) if not _is_finite(x)]
    cause = (
        f"{' and '.join(held)} held {'it' if len(held) == 1 else 'some'} already: look where that came from"
        if held
        else "all inputs were finite: this op made it, keep its inputs in range"
    )
    shown = "; ".join(
        _described(op.input_label(i), x) for i, x in enumerate(inputs) if x is not None
    )
    return InvalidArgumentError(
        f"[{op.name}] expected finite results, got {_counted(values)} in output{several} of dtype "
        f"{dtypes.BY_NUMPY[values.dtype].name} and shape {values.shape}. Inputs: {shown or 'none'}; {cause}."
    )


def _counted(values: Any) -> str:
    kinds = {
        "NaN": int(np.isnan(values).sum()),
        "infinite": int(np.isinf(values).sum()),
    }
    return " and ".join(f"{count} {kind}" for kind, count in kinds.items() if count)


def _described(label: str, array: Any) -> str:
    name = dtypes.BY_NUMPY[array.dtype].name if array.dtype in dtypes.BY_NUMPY else array.dtype
    text = f"{label}: {name} of shape {array.shape}"
    if not array.size or array.dtype.kind not in "fiu":
        return text
    if array.size == 1:
        return f"{text}, value {array.reshape(-1)[0]}"
    return f"{text}, from {array.min()} to {array.max()}"


_watch = NumericsWatch()


def enable_check_numerics(stack_height_limit: int = 30, path_length_limit: int = 50) -> None:
    """Raises at the first op of this thread that makes a NaN or infinity, gradients included.

    Args:
        stack_height_limit: Has no effect: the error carries Python's own traceback.
        path_length_limit: Has no effect, likewise.

    While it is on, compiled functions run eagerly, so that the error names the op and the line. An
    infinity that an input held already is no fault; a NaN always is one. What is computed from Python
    numbers alone is seen where it is first used.

    Example:
        >>> import thalweg as tf
        >>> tf.debugging.enable_check_numerics()
        >>> try:
        ...     tf.math.log(tf.constant(-1.0))
        ... except tf.errors.InvalidArgumentError as error:
        ...     print(str(error)[:52])
        ... finally:
        ...     tf.debugging.disable_check_numerics()
        [log] expected finite results, got 1 NaN in output o

    Source: `tf.debugging.enable_check_numerics`.
    """
    switches.check_numerics = True
    if _watch not in state.recorders:
        # First, so that tapes that are entered and left later find the stack as they left it.
        state.recorders.insert(0, _watch)


def disable_check_numerics() -> None:
    """Ends what `enable_check_numerics` began.

    Source: `tf.debugging.disable_check_numerics`.
    """
    switches.check_numerics = False
    if _watch in state.recorders:
        state.recorders.remove(_watch)
