"""`ForwardAccumulator`: pushes tangents forwards through ops while they run.

The accumulator names no op: the tangent of a call is the `OpDef`'s own forward-mode derivative, an op
that goes through the door while only the recorders outside of this accumulator listen. So accumulators
nest, and a tape around one records its tangents.
"""

from __future__ import annotations

import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from thalweg._src.autodiff.walk import UnconnectedGradients
from thalweg._src.base import nest
from thalweg._src.base.errors import GradientError, InvalidArgumentError
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.door import call, is_inexact
from thalweg._src.core.recorders import OpCall, state
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.creation import zeros_like


class ForwardAccumulator:
    """Computes Jacobian-vector products while the program runs forwards.

    Args:
        primals: Tensor or Variable, or a nested structure of them: where to differentiate.
        tangents: Direction: structure like `primals` with tensors of the same shapes and dtypes.

    Raises:
        ValueError: A primal is given twice, or a tangent does not fit its primal.

    Example:
        >>> import thalweg as tf
        >>> x = tf.constant([1.0, 2.0])
        >>> with tf.autodiff.ForwardAccumulator(x, tf.constant([1.0, 0.0])) as acc:
        ...     y = x * x
        >>> acc.jvp(y)
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([2., 0.], dtype=float32)>

    Source: `tf.autodiff.ForwardAccumulator`. A tangent of another shape than its primal is an error
    here at once.
    """

    differentiates = False

    def __init__(self, primals: Any, tangents: Any) -> None:
        nest.assert_same_structure(primals, tangents)
        self._recording = False
        # Tangents of living tensors by id; an entry goes when its tensor does.
        self._tangents: dict[int, tuple[weakref.ref[Tensor], Tensor]] = {}
        self._variables: dict[int, tuple[Any, Tensor]] = {}
        self._primals: list[Any] = []
        for primal, tangent in zip(nest.flatten(primals), nest.flatten(tangents), strict=True):
            self._start_from(primal, tangent)

    def _start_from(self, primal: Any, tangent: Any) -> None:
        variable = getattr(primal, "_handle", None)
        tensor = primal if variable is None else variable._current_tensor()
        if not isinstance(tensor, Tensor):
            raise InvalidArgumentError(
                f"[ForwardAccumulator] expected a tensor or Variable as primal, got "
                f"{type(primal).__name__} {primal!r}; convert it with tf.constant first."
            )
        given = convert_to_tensor(tangent, tensor.dtype, name="ForwardAccumulator")
        if given.shape != tensor.shape:
            raise InvalidArgumentError(
                f"[ForwardAccumulator] expected a tangent of shape {tensor.shape} for its primal, got "
                f"{given.shape}; a tangent has the shape of what it is a direction for."
            )
        known = self._variables if variable is not None else self._tangents
        key = id(tensor if variable is None else variable)
        if key in known:
            raise InvalidArgumentError(
                "[ForwardAccumulator] expected every primal once, got one of them twice; add their "
                "tangents up."
            )
        self._primals.append(primal)
        if variable is not None:
            self._variables[key] = (variable, given)
        elif is_inexact(tensor.array):
            self._keep(tensor, given)

    def _keep(self, tensor: Tensor, tangent: Tensor) -> None:
        key = id(tensor)
        tangents = self._tangents
        self._tangents[key] = (weakref.ref(tensor, lambda _: tangents.pop(key, None)), tangent)

    def __enter__(self) -> ForwardAccumulator:
        if self._recording:
            raise InvalidArgumentError(
                "[ForwardAccumulator] expected an accumulator that is not recording; it is already."
            )
        state.recorders.append(self)
        self._recording = True
        return self

    def __exit__(self, *_: object) -> None:
        state.recorders.remove(self)
        self._recording = False

    def follows(self, tensor: Tensor) -> bool:
        """True when `tensor` has a tangent."""
        return id(tensor) in self._tangents

    def followed_tensors(self) -> Iterator[Tensor]:
        """Living tensors that have a tangent."""
        return (
            t for t in [reference() for reference, _ in self._tangents.values()] if t is not None
        )

    def variable_read(self, variable: Any, tensor: Tensor) -> None:
        """A Variable was read; `tensor` is its value."""
        known = self._variables.get(id(variable))
        if known is not None and is_inexact(tensor.array):
            self._keep(tensor, known[1])

    def record(self, called: OpCall) -> None:
        """An op ran; compute the tangents of its results when an input has one."""
        tangents = self._tangents
        given = [tangents.get(id(t)) for t in called.inputs]
        if not any(given) or not any(is_inexact(o.array) for o in called.outputs):
            return
        if called.op is None:
            raise GradientError(
                "[ForwardAccumulator] expected ops with a forward derivative, got a call that knows "
                "only its own backward rule; use tf.GradientTape for it."
            )
        mask = tuple(g is not None for g in given)
        with self._outer_recorders():
            inputs = [*called.inputs, *(g[1] for g in given if g is not None)]
            computed = call(called.op.tangent(mask), inputs, called.attrs)
        smooth = [o for o in called.outputs if is_inexact(o.array)]
        for output, tangent in zip(smooth, computed, strict=True):
            self._keep(output, tangent)

    @contextmanager
    def _outer_recorders(self) -> Iterator[None]:
        """Only recorders that were started before this one listen inside."""
        recorders = state.recorders
        state.recorders = recorders[: recorders.index(self)]
        try:
            yield
        finally:
            state.recorders = recorders

    def jvp(self, primals: Any, unconnected_gradients: Any = UnconnectedGradients.NONE) -> Any:
        """Tangent of each of `primals`: the Jacobian-vector product up to there.

        Args:
            primals: Tensor or Variable, or a nested structure of them, computed under the accumulator.
            unconnected_gradients: ``"none"`` or ``"zero"``: what tensors without a tangent get.

        Returns:
            Structure of `primals` with tensors of their shapes; None (or zeros) where no tangent came.

        Source: `tf.autodiff.ForwardAccumulator.jvp`.
        """
        unconnected = UnconnectedGradients(unconnected_gradients)
        return nest.map_structure(lambda p: self._tangent_of(p, unconnected), primals)

    def _tangent_of(self, primal: Any, unconnected: UnconnectedGradients) -> Tensor | None:
        variable = getattr(primal, "_handle", None)
        if variable is not None:
            found = self._variables.get(id(variable))
        elif isinstance(primal, Tensor):
            found = self._tangents.get(id(primal))
        else:
            raise InvalidArgumentError(
                f"[ForwardAccumulator.jvp] expected a tensor or Variable, got {type(primal).__name__} "
                f"{primal!r}; ask for tensors that ops computed under the accumulator."
            )
        if found is None and unconnected is UnconnectedGradients.ZERO:
            return zeros_like(primal)
        return None if found is None else found[1]
