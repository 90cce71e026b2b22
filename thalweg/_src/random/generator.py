"""`Generator`: random numbers from an explicit state that the caller holds."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base.config import switches
from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes, xla
from thalweg._src.core.convert import as_tensor, to_host
from thalweg._src.core.opdef import op
from thalweg._src.core.recorders import state as recorder_state
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor
from thalweg._src.ops.arguments import int_of
from thalweg._src.ops.indexing import getitem
from thalweg._src.random import draws, keys
from thalweg._src.random.arguments import (
    FLOATS,
    Algorithm,
    algorithm_of,
    dtype_of,
    is_plain,
    operand,
    shape_of,
)
from thalweg._src.random.distributions import COUNTS
from thalweg._src.random.global_generator import stateful
from thalweg._src.random.stateless import uniform_parts
from thalweg._src.variables.variable import Variable

_SIZES = {Algorithm.PHILOX: 3, Algorithm.AUTO_SELECT: 3, Algorithm.THREEFRY: 2}
_KINDS = {3: "philox_state", 2: "threefry_state"}
_WHOLE_NUMBERS = ("int32", "int64", "uint32", "uint64")
_UNIFORM_DTYPES = (*FLOATS, "int32", "int64")


def create_rng_state(seed: Any, alg: Any) -> Any:
    """State for a `Generator`, made of a seed.

    Args:
        seed: An integer of any size, or a list of 64-bit integers.
        alg: ``"philox"`` (state of three int64: counter low, counter high, key) or ``"threefry"``
            (two: counter, key).

    Returns:
        int64 tensor of shape ``(3,)`` or ``(2,)``: the seed's 64-bit digits, lowest first; a list is
        cut, or filled with zeros in front.

    Example:
        >>> import thalweg as tf
        >>> tf.random.create_rng_state(7, "philox")
        <tf.Tensor: shape=(3,), dtype=int64, numpy=array([7, 0, 0])>

    Source: `tf.random.create_rng_state`.
    """
    size = _SIZES[algorithm_of("random.create_rng_state", alg)]
    return Tensor(jnp.asarray(_seed_words("random.create_rng_state", seed, size)))


def _seed_words(where: str, seed: Any, size: int) -> np.ndarray[Any, Any]:
    held = as_tensor(seed)
    value = np.asarray(seed) if held is None else held._value(where)
    if isinstance(seed, int) or value.ndim == 0:
        whole = int(seed) if held is None else int(value)
        digits = [whole >> 64 * i & (2**64 - 1) for i in range(size)]
        return np.array(digits, np.uint64).view(np.int64)
    if value.ndim != 1:
        raise InvalidArgumentError(
            f"[{where}] expected seed as an integer or a list of them, got shape {value.shape}; "
            "flatten it."
        )
    words = np.array([int(v) % 2**64 for v in value.tolist()], np.uint64).view(np.int64)[:size]
    return np.concatenate([np.zeros(size - len(words), np.int64), words])


class Generator:
    """Draws random numbers from its own state, which each draw moves on.

    The state is a Variable: a compiled function that draws from a Generator goes on where the last call
    stopped. Made by `from_seed`, `from_state`, `from_key_counter` or `from_non_deterministic_state`.

    Args:
        copy_from: Another generator whose state and algorithm to copy.
        state: int64 state, see `create_rng_state`.
        alg: Algorithm of `state`.

    Example:
        >>> import thalweg as tf
        >>> g = tf.random.Generator.from_seed(1)
        >>> g.uniform([2])
        <tf.Tensor: shape=(2,), dtype=float32, numpy=array([0.78749514, 0.3906511 ], dtype=float32)>

    Source: `tf.random.Generator`. With Philox, uniform numbers and integers are TensorFlow's, normal
    ones too up to rounding; truncated normal and binomial ones are not.
    """

    def __init__(self, copy_from: Any = None, state: Any = None, alg: Any = None) -> None:
        if copy_from is not None:
            if state is not None or alg is not None:
                raise InvalidArgumentError(
                    "[random.Generator] expected copy_from or state and alg, got both; drop one."
                )
            state, algorithm = copy_from.state, Algorithm(copy_from.algorithm)
        elif state is None or alg is None:
            raise InvalidArgumentError(
                "[random.Generator] expected state and alg, got one or neither; use "
                "tf.random.Generator.from_seed(seed)."
            )
        else:
            algorithm = algorithm_of("random.Generator", alg)
        self._algorithm = algorithm
        self._lock = threading.RLock()
        value = _checked_state("random.Generator", state, _SIZES[algorithm])
        self._state = Variable(value, trainable=False, name="StateVar")

    @classmethod
    def from_state(cls, state: Any, alg: Any) -> Generator:
        """Generator with a given state.

        Args:
            state: int64 values, three for Philox and two for Threefry.
            alg: ``"philox"`` or ``"threefry"``.
        """
        return cls(state=state, alg=alg)

    @classmethod
    def from_seed(cls, seed: Any, alg: Any = None) -> Generator:
        """Generator whose numbers an integer decides.

        Args:
            seed: Integer of any size, or a list of 64-bit integers.
            alg: ``"philox"``, ``"threefry"`` or ``"auto_select"``; Philox when None.
        """
        algorithm = algorithm_of("random.Generator.from_seed", "philox" if alg is None else alg)
        return cls(state=create_rng_state(seed, algorithm), alg=algorithm)

    @classmethod
    def from_non_deterministic_state(cls, alg: Any = None) -> Generator:
        """Generator whose numbers differ in each run of the program.

        Args:
            alg: ``"philox"``, ``"threefry"`` or ``"auto_select"``; Philox when None.
        """
        where = "random.Generator.from_non_deterministic_state"
        algorithm = algorithm_of(where, "philox" if alg is None else alg)
        if switches.deterministic:
            raise RuntimeError(
                f"[{where}] expected a seed, because "
                "tf.config.experimental.enable_op_determinism() was called; use from_seed(seed)."
            )
        fresh = np.random.SeedSequence().generate_state(_SIZES[algorithm], np.uint64)
        return cls(state=fresh.view(np.int64), alg=algorithm)

    @classmethod
    def from_key_counter(cls, key: Any, counter: Any, alg: Any) -> Generator:
        """Generator with a given key and counter.

        Args:
            key: Integer scalar.
            counter: Two integers for Philox (low half first), one for Threefry.
            alg: ``"philox"`` or ``"threefry"``.
        """
        algorithm = algorithm_of("random.Generator.from_key_counter", alg)
        words = _key_counter("random.Generator.from_key_counter", key, counter, _SIZES[algorithm])
        return cls(state=words, alg=algorithm)

    def reset(self, state: Any) -> None:
        """Puts the generator at a state.

        Args:
            state: int64 values, as many as `state` has.

        Raises:
            ValueError: Another number of values.
        """
        with self._lock:
            self._state.assign(_checked_state("random.Generator.reset", state, self._size))

    def reset_from_seed(self, seed: Any) -> None:
        """Puts the generator where `from_seed` starts it."""
        self.reset(_seed_words("random.Generator.reset_from_seed", seed, self._size))

    def reset_from_key_counter(self, key: Any, counter: Any) -> None:
        """Puts the generator at a key and counter, see `from_key_counter`."""
        where = "random.Generator.reset_from_key_counter"
        self.reset(_key_counter(where, key, counter, self._size))

    @property
    def _size(self) -> int:
        return _SIZES[self._algorithm]

    @property
    def state(self) -> Variable:
        """The state, an int64 Variable: the counter (low half first), then the key."""
        return self._state

    @property
    def key(self) -> Any:
        """The key, an int64 scalar."""
        return getitem(self._state.value(), self._size - 1)

    @property
    def algorithm(self) -> int:
        """Number of the algorithm, see `tf.random.Algorithm`."""
        return self._algorithm.value

    def _draw(self, function: Any, inputs: tuple[Any, ...], attrs: tuple[Any, ...]) -> Any:
        with self._lock:
            values, after = draws.run(
                function, (self._state._current_tensor(), *inputs), (*attrs, _KINDS[self._size])
            )
            if not isinstance(values, KerasTensor):
                self._keep(after)
        return values

    def _keep(self, after: Tensor) -> None:
        if not recorder_state.scopes and isinstance(after.array, xla.Tracer):
            raise InvalidArgumentError(
                "[random.Generator] expected to be used eagerly or in a tf.function, got a foreign "
                "trace (jax.jit, vmap); use tf.random.stateless_* functions there."
            )
        self._state._set(after, shared=False)

    @stateful
    def normal(
        self,
        shape: Any,
        mean: Any = 0.0,
        stddev: Any = 1.0,
        dtype: Any = dtypes.float32,
        name: str | None = None,
    ) -> Any:
        """Normally distributed floats; arguments as for `tf.random.normal`."""
        where = "random.Generator.normal"
        sizes, kind = shape_of(where, shape), dtype_of(where, dtype, FLOATS)
        if is_plain(mean, 0) and is_plain(stddev, 1):
            return self._draw(draws.random_normal, (), (sizes, kind))
        inputs = operand(where, "mean", mean, kind), operand(where, "stddev", stddev, kind)
        return self._draw(draws.random_normal_scaled, inputs, (sizes, kind))

    @stateful
    def truncated_normal(
        self,
        shape: Any,
        mean: Any = 0.0,
        stddev: Any = 1.0,
        dtype: Any = dtypes.float32,
        name: str | None = None,
    ) -> Any:
        """Normal floats within two standard deviations, as `tf.random.truncated_normal`."""
        where = "random.Generator.truncated_normal"
        sizes, kind = shape_of(where, shape), dtype_of(where, dtype, FLOATS)
        if is_plain(mean, 0) and is_plain(stddev, 1):
            return self._draw(draws.random_truncated_normal, (), (sizes, kind))
        inputs = operand(where, "mean", mean, kind), operand(where, "stddev", stddev, kind)
        return self._draw(draws.random_truncated_normal_scaled, inputs, (sizes, kind))

    @stateful
    def uniform(
        self,
        shape: Any,
        minval: Any = 0,
        maxval: Any = None,
        dtype: Any = dtypes.float32,
        name: str | None = None,
    ) -> Any:
        """Floats or integers, uniform in [minval, maxval); arguments as for `tf.random.uniform`.

        Integers are made by remainder, as TensorFlow does: their probabilities differ by at most
        ``(maxval - minval) / 2**32`` for int32 and ``/ 2**64`` for int64.
        """
        where = "random.Generator.uniform"
        sizes, kind = shape_of(where, shape), dtype_of(where, dtype, _UNIFORM_DTYPES)
        function, bounds = uniform_parts(where, minval, maxval, kind)
        return self._draw(function, bounds, (sizes, kind))

    @stateful
    def uniform_full_int(
        self, shape: Any, dtype: Any = dtypes.uint64, name: str | None = None
    ) -> Any:
        """Integers uniform over all values of the dtype.

        Args:
            shape: Sizes.
            dtype: int32, int64, uint32 or uint64.
            name: Name of the node in a model's graph.
        """
        where = "random.Generator.uniform_full_int"
        attrs = shape_of(where, shape), dtype_of(where, dtype, _WHOLE_NUMBERS)
        return self._draw(draws.random_integers, (), attrs)

    @stateful
    def binomial(
        self,
        shape: Any,
        counts: Any,
        probs: Any,
        dtype: Any = dtypes.int32,
        name: str | None = None,
    ) -> Any:
        """Numbers of successes in `counts` trials, as `tf.random.stateless_binomial`."""
        where = "random.Generator.binomial"
        inputs = operand(where, "counts", counts, None), operand(where, "probs", probs, None)
        attrs = shape_of(where, shape), dtype_of(where, dtype, COUNTS)
        return self._draw(draws.random_binomial, inputs, attrs)

    def make_seeds(self, count: Any = 1) -> Any:
        """Seeds for stateless draws.

        Args:
            count: How many.

        Returns:
            int64 tensor of shape ``(2, count)``; each column is a seed.
        """
        number = int_of("random.Generator.make_seeds", "count", count)
        full = self.uniform_full_int([number], dtypes.int64)
        return draws.run(_with_zeros, (full,), ())

    def split(self, count: Any = 1) -> list[Generator]:
        """New independent generators.

        Args:
            count: How many.

        Returns:
            List of generators of the same algorithm.
        """
        number = int_of("random.Generator.split", "count", count)
        found = self.uniform_full_int([number], dtypes.int64).numpy()
        rest = [0] * (self._size - 1)
        return [Generator(state=[*rest, int(k)], alg=self._algorithm) for k in found]

    def skip(self, delta: Any) -> Any:
        """Moves on as if `delta` values had been drawn.

        Args:
            delta: Integer scalar of 0 or more.

        Returns:
            The state before.
        """
        before = self._state._current_tensor()
        amount = operand("random.Generator.skip", "delta", delta, None)
        with self._lock:
            self._keep(draws.run(_skip, (before, amount), ()))
        return before


def _checked_state(where: str, state: Any, size: int) -> Any:
    held = as_tensor(state)
    value: Any = held if held is not None else to_host(state, dtypes.int64, where)
    if tuple(value.shape) != (size,):
        raise ShapeError(
            f"[{where}] expected a state of shape ({size},), got {tuple(value.shape)}; make one with "
            "tf.random.create_rng_state."
        )
    return value


def _key_counter(where: str, key: Any, counter: Any, size: int) -> np.ndarray[Any, Any]:
    first = np.asarray(operand(where, "counter", counter, None)).astype(np.int64).reshape(-1)
    last = np.asarray(operand(where, "key", key, None)).astype(np.int64)
    if last.ndim or len(first) > size - 1:
        raise ShapeError(
            f"[{where}] expected a scalar key and a counter of at most {size - 1} integers, got shapes "
            f"{last.shape} and {first.shape}."
        )
    return np.concatenate([first, np.zeros(size - 1 - len(first), np.int64), last[None]])


@op("random_skip", inputs=("state", "delta"), matched=())
def _skip(state: Any, delta: Any) -> Any:
    amount = lax.convert_element_type(delta, np.uint64) * np.uint64(256)
    if state.shape[0] == 3:
        return keys.skip_state(state, amount)
    counter = lax.bitcast_convert_type(state[0], np.uint64) + amount
    return jnp.stack([lax.bitcast_convert_type(counter, np.int64), state[1]])


@op("random_make_seeds", inputs=("values",), matched=())
def _with_zeros(values: Any) -> Any:
    return jnp.stack([values, jnp.zeros_like(values)])


class _Global:
    generator: Generator | None = None


_global = _Global()
_lock = threading.Lock()


def get_global_generator() -> Generator:
    """The process's `Generator`, made from a non-deterministic state at its first use.

    `tf.random.set_seed` does not touch it; see `set_global_generator`.

    Source: `tf.random.get_global_generator`.
    """
    with _lock:
        if _global.generator is None:
            _global.generator = Generator.from_non_deterministic_state()
        return _global.generator


def set_global_generator(generator: Generator) -> None:
    """Replaces the process's `Generator`.

    Args:
        generator: The new one.

    Compiled functions that drew from the old one go on doing so until they are traced again.

    Source: `tf.random.set_global_generator`.
    """
    with _lock:
        _global.generator = generator
