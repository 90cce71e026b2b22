"""The global generator: where stateful draws get their keys from.

A draw takes its key from a *stream*: a key and a counter, held in a Variable. In a compiled function
the Variable becomes an input and an output of the program, so that each call draws fresh numbers. There
is one stream for draws without a seed, and one for each (op, seed). `set_seed` restarts all of them.

Per-element programs (`Dataset.map`) put a scope of their own in place of the global streams, see
`drawing_from` and `ElementScope`.
"""

from __future__ import annotations

import functools
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, Protocol

import numpy as np
from jax import numpy as jnp

from thalweg._src.base import nest
from thalweg._src.base.config import switches
from thalweg._src.core import dtypes, symbolic, xla
from thalweg._src.core.recorders import state
from thalweg._src.core.symbolic import symbols_in
from thalweg._src.core.tensor import Tensor, is_traced
from thalweg._src.random.draws import run
from thalweg._src.random.keys import stream_state
from thalweg._src.variables.variable import Variable


class UnnamedSeed(tuple[int, ...]):
    """Words of a seed that the global seed gave, or chance: not the step of a data set itself."""

    __slots__ = ()


class Stream(Protocol):
    """Source of keys: uint32 ``[key, key, counter, counter]``."""

    def read(self) -> Tensor:
        """State for the next draw."""

    def write(self, tensor: Tensor) -> None:
        """State after the draw."""


class DrawScope(Protocol):
    """Answers which stream a draw takes its key from."""

    def stream(self, name: str, seed: int | None) -> Stream:
        """Stream of the op `name` called with `seed`."""


class VariableStream:
    """Stream whose state is a Variable.

    Args:
        start: uint32 array of shape ``(4,)``.
    """

    __slots__ = ("captured", "variable")

    def __init__(self, start: np.ndarray[Any, Any]) -> None:
        # Also during a trace the state must be born outside of it.
        scopes, state.scopes = state.scopes, []
        try:
            with xla.outside_traces():
                self.variable = Variable(start, trainable=False, name="random_stream")
        finally:
            state.scopes = scopes
        self.captured = False

    def read(self) -> Tensor:
        """State for the next draw."""
        self.captured = self.captured or bool(state.scopes)
        return self.variable._current_tensor()

    def write(self, tensor: Tensor) -> None:
        """State after the draw."""
        if state.scopes or not is_traced(tensor):
            self.variable._set(tensor, shared=False)
            return
        # A foreign trace (the user's own jax.jit) draws with a constant key; its tracer must not leak.
        with xla.outside_traces():
            self.variable._set(Tensor(_advanced(self.variable.numpy())), shared=False)

    def restart(self, start: np.ndarray[Any, Any]) -> None:
        """Puts the stream at `start`."""
        self.variable.assign(start)


def _advanced(words: np.ndarray[Any, Any]) -> Any:
    counter = (int(words[3]) << 32 | int(words[2])) + 1
    new = [words[0], words[1], counter & 0xFFFFFFFF, counter >> 32 & 0xFFFFFFFF]
    return jnp.asarray(np.array(new, np.uint32))


class GlobalStreams:
    """The streams of the process.

    Attributes:
        lock: Held from reading a stream until it is written, so that threads draw different numbers.
        seed: What `set_seed` was given; None before.
        pipelines: Steps of data sets that took a seed from this one.
    """

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.seed: Any = None
        self.pipelines = 0
        self._main: VariableStream | None = None
        self._by_seed: dict[tuple[str, int], VariableStream] = {}

    def stream(self, name: str, seed: int | None) -> VariableStream:
        """Stream of the op `name` called with `seed`."""
        if seed is not None:
            return self._seeded(name, int(seed))
        if self.seed is None and switches.deterministic:
            raise RuntimeError(
                f"[{name}] expected a seed, because tf.config.experimental.enable_op_determinism() was "
                "called; call tf.random.set_seed(...) first."
            )
        if self._main is None:
            self._main = VariableStream(self._start_of_main())
        return self._main

    def _start_of_main(self) -> np.ndarray[Any, Any]:
        return stream_state("global", os.urandom(16) if self.seed is None else self.seed)

    def _seeded(self, name: str, seed: int) -> VariableStream:
        found = self._by_seed.get((name, seed))
        if found is None:
            found = VariableStream(stream_state("op", self.seed, name, seed))
            self._by_seed[(name, seed)] = found
        return found

    def pipeline_seed(self, seed: int | None) -> tuple[int, ...]:
        """Words that name the random order of one step of a data set.

        Args:
            seed: The step's own seed; None for one that the global seed gives, or chance.
        """
        with self.lock:
            if seed is not None:
                named: tuple[Any, ...] = ("pipeline", self.seed, int(seed))
            elif self.seed is not None:
                named = ("step", self.seed, self.pipelines)
                self.pipelines += 1
            else:
                named = ("chance", os.urandom(16))
        words = tuple(int(word) for word in stream_state(*named)[:2])
        return words if named[0] == "pipeline" else UnnamedSeed(words)

    def set_seed(self, seed: Any) -> None:
        """Restarts every stream from `seed`."""
        with self.lock:
            self.seed = seed
            self.pipelines = 0
            if self._main is not None:
                self._main.restart(self._start_of_main())
            # Compiled functions hold on to the Variables they read: restart those, forget the rest.
            self._by_seed = {k: s for k, s in self._by_seed.items() if s.captured}
            for (name, op_seed), stream in self._by_seed.items():
                stream.restart(stream_state("op", seed, name, op_seed))


    def snapshot(self) -> dict[str, Any]:
        """Seed and place of every stream, as plain data and arrays."""
        with self.lock:
            return {
                "seed": self.seed,
                "main": None if self._main is None else self._main.variable.numpy().copy(),
                "by_seed": [
                    [name, seed, stream.variable.numpy().copy()]
                    for (name, seed), stream in self._by_seed.items()
                ],
            }

    def restore(self, snapshot: dict[str, Any]) -> None:
        """Puts every stream where `snapshot` found it."""
        with self.lock:
            self.seed = snapshot["seed"]
            if snapshot["main"] is not None:
                if self._main is None:
                    self._main = VariableStream(self._start_of_main())
                self._main.restart(snapshot["main"])
            for name, seed, place in snapshot["by_seed"]:
                self._seeded(name, seed).restart(place)


streams = GlobalStreams()


class _Scopes(threading.local):
    def __init__(self) -> None:
        self.stack: list[DrawScope] = []


_scopes = _Scopes()


@contextmanager
def drawing_from(scope: DrawScope) -> Iterator[None]:
    """Draws of this thread inside take their keys from `scope`."""
    _scopes.stack.append(scope)
    try:
        yield
    finally:
        _scopes.stack.pop()


def inside_scope() -> bool:
    """Whether draws of this thread take their keys from a scope instead of the global streams."""
    return bool(_scopes.stack)


class ElementScope:
    """Keys for one element of a pipeline: each draw site has its own, and no state is kept.

    Args:
        key: uint32 tensor of shape ``(2,)``, as `keys.element_key` makes it; may be traced.

    A call with an op seed mixes it in, so that the seed matters there too.
    """

    def __init__(self, key: Any) -> None:
        self._key = key
        self._sites = 0

    @property
    def draws(self) -> bool:
        """Whether anything was drawn."""
        return self._sites > 0

    def stream(self, name: str, seed: int | None) -> Stream:
        """Stream of the next draw site."""
        site, self._sites = self._sites, self._sites + 1
        tag = 0 if seed is None else int(stream_state("site", seed)[0])
        return _SiteStream(self._key, site, tag)


class _SiteStream:
    def __init__(self, key: Any, site: int, tag: int) -> None:
        self._words = key, site, tag

    def read(self) -> Tensor:
        key, site, tag = self._words
        words = getattr(key, "array", key)
        return Tensor(jnp.concatenate([words, np.array([site, tag], np.uint32)]))

    def write(self, tensor: Tensor) -> None:
        """Nothing is kept: the site and the element say it all."""


class _SpecScope:
    """Stands in while only the shapes of draws are asked for."""

    def stream(self, name: str, seed: int | None) -> Stream:
        return self  # type: ignore[return-value]

    def read(self) -> Tensor:
        return Tensor(np.zeros(4, np.uint32))

    def write(self, tensor: Tensor) -> None:
        """Nothing was drawn."""


def draw(function: Any, seed: Any, inputs: tuple[Any, ...], attrs: tuple[Any, ...]) -> Any:
    """Result of one stateful draw.

    Args:
        function: Op whose first input is the stream's state, whose last attribute is the kind of
            source, and whose last result is the stream's new state.
        seed: The call's own seed, or None.
        inputs: Inputs after the state.
        attrs: Attributes before the kind.

    Returns:
        The op's result without the new state.
    """
    stack = _scopes.stack
    with streams.lock:
        stream = (stack[-1] if stack else streams).stream(function.opdef.name, seed)
        *drawn, new = run(function, (stream.read(), *inputs), (*attrs, "stream"))
        stream.write(new)
    return drawn[0] if len(drawn) == 1 else tuple(drawn)


_NO_SYMBOLS = frozenset({int, float, str, type(None), Tensor, Variable, dtypes.DType})


def _symbolic(values: Any) -> bool:
    """True when a symbolic tensor is among the values or inside one; quick for the usual kinds."""
    for value in values:
        kind = type(value)
        if kind in _NO_SYMBOLS:
            continue
        if kind is tuple or kind is list:
            if _symbolic(value):
                return True
        elif next(symbols_in(value), None) is not None:
            return True
    return False


def stateful(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator of public functions that draw: gives them a life in symbolic models.

    Called on symbolic tensors the function becomes a node of the graph, so that each run of the model
    draws anew.
    """

    @functools.wraps(function)
    def public(*args: Any, **kwargs: Any) -> Any:
        if not (_symbolic(args) or (kwargs and _symbolic(kwargs.values()))):
            return function(*args, **kwargs)
        with drawing_from(_SpecScope()):
            shown = function(*args, **kwargs)
        specs = [(part.shape, part.dtype) for part in nest.flatten(shown)]
        outputs = symbolic.add_node(public, args, kwargs, specs, function.__name__)
        return nest.pack_sequence_as(shown, list(outputs))

    return public


def set_seed(seed: int) -> None:
    """Fixes all random numbers that follow: the same program draws the same numbers again.

    Args:
        seed: Any integer.

    Draws without a seed of their own come from one stream that the global seed starts. Draws with a
    seed come from a stream of their own for each (op, seed), which the global seed changes too. Both
    go on from call to call, and `set_seed` restarts both. Without a call of `set_seed`, seeded draws
    are the same in each run of the program, the others differ.

    Example:
        >>> import thalweg as tf
        >>> tf.random.set_seed(7)
        >>> a = tf.random.uniform((2,))
        >>> tf.random.set_seed(7)
        >>> bool(tf.reduce_all(a == tf.random.uniform((2,))))
        True

    Source: `tf.random.set_seed`. Two draws with one seed differ inside a compiled function as they do
    outside, and two functions do not draw the same numbers; in TensorFlow they do.
    """
    streams.set_seed(seed)
