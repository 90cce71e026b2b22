"""`GradientTape`: records ops that depend on watched sources, and walks them backwards.

The tape names no op but `add`, with which cotangents are summed: every rule comes from the `OpDef`, by
way of the pullback that the door took when the op ran. When another recorder listens while a gradient
is computed, each backward step goes through the door as an op of (inputs, cotangents), so that
gradients of gradients are recorded like anything else.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from thalweg._src.autodiff.jacobian import batch_jacobian, jacobian
from thalweg._src.autodiff.walk import UnconnectedGradients, backward, ones_for
from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.composite import Composite
from thalweg._src.core.convert import as_tensor, convert_to_tensor
from thalweg._src.core.door import is_inexact
from thalweg._src.core.recorders import OpCall, state
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.creation import zeros_like
from thalweg._src.ops.elementwise import add
from thalweg._src.ops.shaping import broadcast_to


class GradientTape:
    """Records operations for automatic differentiation.

    Trainable variables are watched when they are read; tensors after `watch`.

    Args:
        persistent: Allow several calls of `gradient` and `jacobian`.
        watch_accessed_variables: Watch trainable variables automatically.

    Example:
        >>> import thalweg as tf
        >>> x = tf.Variable(3.0)
        >>> with tf.GradientTape() as tape:
        ...     y = x * x
        >>> tape.gradient(y, x)
        <tf.Tensor: shape=(), dtype=float32, numpy=6.0>

    Source: `tf.GradientTape`. The gradient of a gather is a dense tensor here, where TensorFlow gives
    `IndexedSlices`.
    """

    differentiates = True

    def __init__(self, persistent: bool = False, watch_accessed_variables: bool = True) -> None:
        self._persistent = persistent
        self._watch_accessed = watch_accessed_variables
        self._entered = False
        self._used = False
        self._recording = False
        self._clear()

    def _clear(self) -> None:
        self._calls: list[OpCall] = []
        # Strong references: an id must not be given to another tensor while the tape lives.
        self._followed: dict[int, Tensor] = {}
        self._reads: dict[int, tuple[Any, dict[int, Tensor]]] = {}

    def __enter__(self) -> GradientTape:
        if self._recording:
            raise ValueError(
                "[GradientTape] expected a tape that is not recording, got one that is; use a tape of its "
                "own for each `with`."
            )
        self._start()
        return self

    def __exit__(self, *_: object) -> None:
        if self._recording:
            self._stop()

    def _start(self) -> None:
        state.recorders.append(self)
        self._entered = True
        self._recording = True

    def _stop(self) -> None:
        state.recorders.remove(self)
        self._recording = False

    def watch(self, tensor: Any) -> None:
        """Follows `tensor` from now on.

        Args:
            tensor: Tensor or Variable, or a nested structure of them.

        Raises:
            ValueError: Something in it is neither.
        """
        for leaf in nest.flatten(tensor, expand_composites=True):
            if hasattr(leaf, "_handle"):
                self._follow_variable(leaf._handle, leaf._current_tensor())
                continue
            if not isinstance(leaf, Tensor):
                raise InvalidArgumentError(
                    f"[GradientTape.watch] expected a tensor or Variable, got {type(leaf).__name__}; "
                    "convert it with tf.constant first."
                )
            if is_inexact(leaf.array):
                self._followed[id(leaf)] = leaf

    def follows(self, tensor: Tensor) -> bool:
        """True when results computed from `tensor` are recorded."""
        return id(tensor) in self._followed

    def followed_tensors(self) -> Iterator[Tensor]:
        """Tensors that are followed, in the order in which they came."""
        return iter(self._followed.values())

    def variable_read(self, variable: Any, tensor: Tensor) -> None:
        """A Variable was read; `tensor` is its value."""
        known = id(variable) in self._reads
        if known or (self._watch_accessed and variable.trainable):
            self._follow_variable(variable, tensor)

    def _follow_variable(self, variable: Any, tensor: Tensor) -> None:
        if is_inexact(tensor.array):
            self._followed[id(tensor)] = tensor
            self._reads.setdefault(id(variable), (variable, {}))[1][id(tensor)] = tensor

    def record(self, call: OpCall) -> None:
        """An op ran; keep it when it depends on something followed."""
        if call.pullback is None:
            return
        followed = self._followed
        for wanted, tensor in zip(call.mask, call.inputs, strict=True):
            if wanted and id(tensor) in followed:
                break
        else:
            return
        self._calls.append(call)
        for output in call.outputs:
            if is_inexact(output.array):
                followed[id(output)] = output

    @contextmanager
    def stop_recording(self) -> Iterator[None]:
        """Context in which nothing is recorded on this tape."""
        if not self._recording:
            raise RuntimeError("[GradientTape.stop_recording] expected a recording tape.")
        self._stop()
        try:
            yield
        finally:
            self._start()

    def reset(self) -> None:
        """Forgets everything recorded and watched."""
        self._used = False
        self._clear()

    def watched_variables(self) -> tuple[Any, ...]:
        """Variables watched so far, in the order of their first read."""
        return tuple(variable for variable, _ in self._reads.values())

    def gradient(
        self,
        target: Any,
        sources: Any,
        output_gradients: Any = None,
        unconnected_gradients: Any = UnconnectedGradients.NONE,
    ) -> Any:
        """Gradient of the sum of `target` with respect to each source.

        Args:
            target: Tensor or structure of tensors.
            sources: Tensor or Variable, or a nested structure of them.
            output_gradients: Cotangents of `target`, of shapes that broadcast to its own; ones when None.
            unconnected_gradients: ``"none"`` or ``"zero"``: what unconnected sources get.

        Returns:
            Structure of `sources` with gradients; None (or zeros) where `target` does not depend on the
            source, and for integer and unwatched sources. The gradient of a ragged tensor has its rows.

        Raises:
            RuntimeError: The tape recorded nothing, as no `with` entered it, or it is not persistent and
                used a second time.

        Example:
            >>> import thalweg as tf
            >>> x = tf.constant([1.0, 2.0])
            >>> with tf.GradientTape() as tape:
            ...     tape.watch(x)
            ...     y = x**2
            >>> tape.gradient(y, {"x": x})["x"]
            <tf.Tensor: shape=(2,), dtype=float32, numpy=array([2., 4.], dtype=float32)>

        Source: `tf.GradientTape.gradient`.
        """
        unconnected = UnconnectedGradients(unconnected_gradients)
        targets = [self._target(t) for t in nest.flatten(target, expand_composites=True)]
        calls = self._begin_walk()
        seeds = self._seeds(targets, output_gradients)
        cotangents = backward(calls, list(zip(targets, seeds, strict=True)))
        flat = nest.flatten(sources)
        return nest.pack_sequence_as(
            sources, [self._of_source(s, cotangents, unconnected) for s in flat]
        )

    def jacobian(
        self,
        target: Any,
        sources: Any,
        unconnected_gradients: Any = UnconnectedGradients.NONE,
        parallel_iterations: int | None = None,
        experimental_use_pfor: bool = True,
    ) -> Any:
        """Jacobian of `target` with respect to each source.

        Args:
            target: Tensor of shape ``T``.
            sources: Tensor or Variable of shape ``S``, or a nested structure of them.
            unconnected_gradients: ``"none"`` or ``"zero"``.
            parallel_iterations: Rows computed together; all of them when None.
            experimental_use_pfor: False computes one row after the other, which takes less memory.

        Returns:
            Structure of `sources` with tensors of shape ``T + S``.

        Source: `tf.GradientTape.jacobian`.
        """
        rows = 1 if not experimental_use_pfor else parallel_iterations
        kind = UnconnectedGradients(unconnected_gradients)
        return jacobian(self, self._begin_walk(), target, sources, kind, rows)

    def batch_jacobian(
        self,
        target: Any,
        source: Any,
        unconnected_gradients: Any = UnconnectedGradients.NONE,
        parallel_iterations: int | None = None,
        experimental_use_pfor: bool = True,
    ) -> Any:
        """Jacobian of each row of `target` with respect to the same row of `source`.

        Args:
            target: Tensor of shape ``(batch, T...)``; row i depends on row i of `source` only.
            source: Tensor of shape ``(batch, S...)``.
            unconnected_gradients: ``"none"`` or ``"zero"``.
            parallel_iterations: Rows computed together; all of them when None.
            experimental_use_pfor: False computes one row after the other.

        Returns:
            Tensor of shape ``(batch, T..., S...)``.

        Source: `tf.GradientTape.batch_jacobian`.
        """
        rows = 1 if not experimental_use_pfor else parallel_iterations
        kind = UnconnectedGradients(unconnected_gradients)
        return batch_jacobian(self, self._begin_walk(), target, source, kind, rows)

    def _begin_walk(self) -> list[OpCall]:
        """The recorded ops. A persistent tape inside its own context goes on recording during the walk."""
        if not self._entered:
            raise RuntimeError(
                "[GradientTape] expected a tape that has recorded, got one that was never entered; compute "
                "the target inside `with tape:`."
            )
        if self._used and not self._persistent:
            raise RuntimeError(
                "[GradientTape] a non-persistent tape can compute gradients once, got a second call; "
                "create it with GradientTape(persistent=True)."
            )
        self._used = True
        if self._persistent:
            return self._calls
        if self._recording:
            self._stop()
        calls, self._calls = self._calls, []
        return calls

    def _target(self, target: Any) -> Tensor:
        tensor = as_tensor(target)
        if hasattr(target, "_handle") and target.trainable and self._watch_accessed:
            self._follow_variable(target._handle, tensor)  # type: ignore[arg-type]
        if tensor is None:
            raise InvalidArgumentError(
                f"[GradientTape.gradient] expected a tensor as target, got {type(target).__name__} "
                f"{target!r}; compute the target with thalweg ops inside the tape."
            )
        return tensor

    def _seeds(self, targets: Sequence[Tensor], output_gradients: Any) -> list[Tensor | None]:
        given = [None] * len(targets)
        if output_gradients is not None:
            given = nest.flatten(output_gradients, expand_composites=True)
        if len(given) != len(targets):
            raise InvalidArgumentError(
                f"[GradientTape.gradient] expected {len(targets)} output_gradients, got {len(given)}."
            )
        seeds: list[Tensor | None] = []
        for target, seed in zip(targets, given, strict=True):
            if not is_inexact(target.array):
                seeds.append(None)
            elif seed is None:
                seeds.append(ones_for(target))
            else:
                seeds.append(_seed_for(target, convert_to_tensor(seed, target.dtype)))
        return seeds

    def _of_source(
        self, source: Any, cotangents: dict[int, Tensor], unconnected: UnconnectedGradients
    ) -> Any:
        if isinstance(source, Composite):
            part = self._of_source(source._inner_values, cotangents, unconnected)
            return None if part is None else source._with_inner_values(part)
        found: Tensor | None = None
        if hasattr(source, "_handle"):
            _, tensors = self._reads.get(id(source._handle), (None, {}))
        else:
            tensors = {id(source): source} if id(source) in self._followed else {}
        for tensor_id in tensors:
            part = cotangents.get(tensor_id)
            if part is not None:
                found = part if found is None else add(found, part)
        if found is None and unconnected is UnconnectedGradients.ZERO:
            return zeros_like(source)
        return found


def _seed_for(target: Tensor, seed: Any) -> Any:
    """The cotangent given for `target`, repeated to its shape as in TensorFlow's elementwise ops."""
    if seed.shape == target.shape:
        return seed
    sizes = zip(seed.shape[::-1], target.shape[::-1], strict=False)
    if len(seed.shape) > len(target.shape) or any(a not in (1, b) for a, b in sizes):
        raise InvalidArgumentError(
            "[GradientTape.gradient] expected output_gradients of the target's shape "
            f"{tuple(target.shape)}, got {tuple(seed.shape)}; reshape them."
        )
    return broadcast_to(seed, target.shape)
