"""`JaxLayer`: a function written in JAX as a layer."""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import jax
import numpy as np
from jax import numpy as jnp

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError, UnimplementedError
from thalweg._src.core import dtypes, xla
from thalweg._src.core.convert import as_tensor, convert_to_tensor
from thalweg._src.core.door import call
from thalweg._src.core.opdef import OpDef
from thalweg._src.keras.base.seeds import fresh_seed
from thalweg._src.keras.layers.base.calling import is_shape
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.layers.core.functions import restored, written
from thalweg._src.keras.random.seed_generator import SeedGenerator

_TAKEN = ("params", "state", "rng", "inputs", "training")
_TAKEN_BY_INIT = ("rng", "inputs", "training")


class JaxLayer(Layer):
    """Computes its outputs by a pure JAX function of parameters and inputs.

    Libraries of networks for JAX give such functions, and so does plain `jax.numpy`. The arrays among the
    parameters become weights of the layer; the floating ones are trained.

    Args:
        call_fn: Function with any of the parameters ``params``, ``state``, ``rng``, ``inputs`` and
            ``training``. It returns the outputs, and with ``state`` a pair of them and the new state.
        init_fn: Function with any of the parameters ``rng``, ``inputs`` and ``training`` that returns the
            first parameters, and with a state a pair of them and the first state; called when the layer
            is built. None where `params` and `state` are given.
        params: First parameters: a pytree of arrays.
        state: First state: a pytree of arrays, which is not trained.
        seed: Seed of the keys that the functions get as ``rng``; None for one from the global generator.
        native_serialization_platforms: Must be None: an exported model runs where the exporter is told.
        **kwargs: See `Layer`.

    Call arguments:
        inputs: Tensor, or a structure of them.
        training: Handed on to `call_fn`.

    Example:
        >>> import jax.numpy as jnp
        >>> import thalweg as tf
        >>> def call(params, inputs):
        ...     return jnp.tanh(inputs @ params["w"])
        >>> layer = tf.keras.layers.JaxLayer(call, params={"w": jnp.ones((3, 2))})
        >>> layer(tf.zeros((1, 3))).numpy().tolist()
        [[0.0, 0.0]]
        >>> [w.name for w in layer.trainable_weights]
        ['w']

    Source: `keras.layers.JaxLayer`. The function becomes a part of the program like any other.
    """

    def __init__(
        self,
        call_fn: Callable[..., Any],
        init_fn: Callable[..., Any] | None = None,
        params: Any = None,
        state: Any = None,
        seed: int | None = None,
        native_serialization_platforms: Any = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(**kwargs)
        where = f"JaxLayer {self.name!r}"
        self._call_names = _names(where, "call_fn", call_fn, _TAKEN)
        self._init_names = (
            () if init_fn is None else _names(where, "init_fn", init_fn, _TAKEN_BY_INIT)
        )
        if init_fn is None and params is None and "params" in self._call_names:
            raise InvalidArgumentError(
                f"[{where}] expected init_fn or params, as call_fn takes params, got neither."
            )
        if init_fn is None and state is None and "state" in self._call_names:
            raise InvalidArgumentError(
                f"[{where}] expected init_fn or state, as call_fn takes a state, got neither."
            )
        if native_serialization_platforms is not None:
            raise UnimplementedError(
                f"[{where}] expected native_serialization_platforms=None, got "
                f"{native_serialization_platforms!r}; choose platforms when exporting."
            )
        self.call_fn = call_fn
        self.init_fn = init_fn
        self.seed = seed
        self.native_serialization_platforms = None
        start = fresh_seed() if seed is None else seed
        self.seed_generator = SeedGenerator(start)
        self._first_key = np.array([start % 2**32, 2**32 - 1], np.uint32)
        self._params = _Tree("params", trainable=True)
        self._state = _Tree("state", trainable=False)
        self._first = (params, state)
        # By static arguments: the structure of the outputs, noted while the function is traced.
        self._structures: dict[Any, Any] = {}
        body = functools.partial(self._body)
        body.many = True  # type: ignore[attr-defined]
        attributes = ("training", "structure")
        self._op = OpDef(
            "jax_layer", body, ("values",), attributes, variadic=True, matched=(), whole=True
        )

    def build(self, input_shape: Any) -> None:
        """Creates the weights from the first parameters and state."""
        params, state = self._first
        if self.init_fn is not None and (params is None or state is None):
            made = self._initialised(input_shape)
            first_params, first_state = made if "state" in self._call_names else (made, None)
            params = first_params if params is None else params
            state = first_state if state is None else state
        self._params.fill(self, params)
        self._state.fill(self, state)
        self._first = (None, None)

    def _initialised(self, input_shape: Any) -> Any:
        """What `init_fn` makes of ones in the shape of the inputs."""
        given = {
            "rng": self._first_key,
            "inputs": _ones(input_shape, self.compute_dtype),
            "training": True,
        }
        assert self.init_fn is not None
        with xla.outside_traces():
            return self.init_fn(**{name: given[name] for name in self._init_names})

    def call(self, inputs: Any, training: bool = False) -> Any:
        """Outputs of the function."""
        values = [*self._params.values(), *self._state.values()]
        if "rng" in self._call_names:
            values.append(self.seed_generator.next())
        values += nest.flatten(inputs)
        structure = jax.tree_util.tree_structure(nest.map_structure(lambda _: 0, inputs))
        attrs = (bool(training), structure)
        results = call(self._op, values, attrs)
        count = len(results) - len(self._state.variables)
        for variable, value in zip(self._state.variables, results[count:], strict=True):
            variable.assign(value)
        return jax.tree_util.tree_unflatten(self._structures[attrs], results[:count])

    def _body(self, *values: Any, training: bool, structure: Any) -> tuple[Any, ...]:
        """Outputs and new state, flat, for parameters, state, key and inputs."""
        left = iter(values)
        given = {
            "params": self._params.rebuilt(left),
            "state": self._state.rebuilt(left),
            "training": training,
        }
        if "rng" in self._call_names:
            given["rng"] = next(left)
        given["inputs"] = jax.tree_util.tree_unflatten(structure, list(left))
        results = self.call_fn(**{name: given[name] for name in self._call_names})
        fresh: list[Any] = []
        if "state" in self._call_names:
            if not isinstance(results, (tuple, list)) or len(results) != 2:
                raise InvalidArgumentError(
                    f"[JaxLayer {self.name!r}] expected call_fn to return (outputs, state), as it takes a "
                    f"state, got {type(results).__name__}."
                )
            results, state = results
            fresh = self._state.arrays_of(state)
        outputs, self._structures[(training, structure)] = jax.tree_util.tree_flatten(results)
        return (*map(jnp.asarray, outputs), *fresh)

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer; values of parameters and state are not among them."""
        config = super().get_config()
        for name in ("params", "state"):
            config.pop(name, None)
        return config | {name: written(getattr(self, name)) for name in ("call_fn", "init_fn")}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> JaxLayer:
        """Layer made from `get_config()`'s result, with fresh weights.

        Args:
            config: The config; functions in it were registered.
        """
        made = dict(config)
        for name in ("call_fn", "init_fn"):
            made[name] = restored(made.get(name), None)
        return cls(**made)


class _Tree:
    """Pytree whose arrays are Variables.

    Args:
        name: Name of the Variable where the tree is a single array.
        trainable: Whether floating Variables are trained.
    """

    def __init__(self, name: str, trainable: bool) -> None:
        self._name, self._trainable = name, trainable
        self._structure: Any = None
        # The leaves; None where a Variable stands.
        self._fixed: list[Any] = []
        self.variables: list[Any] = []

    def fill(self, layer: Layer, tree: Any) -> None:
        """Creates a Variable of the layer for each array of the tree."""
        leaves, self._structure = jax.tree_util.tree_flatten_with_path(tree)
        for path, leaf in leaves:
            array = _array(leaf)
            self._fixed.append(leaf if array is None else None)
            if array is None:
                continue
            floating = jnp.issubdtype(array.dtype, jnp.floating)
            variable = layer.add_weight(
                array.shape,
                functools.partial(_given, array),
                dtype=None if floating else array.dtype,
                trainable=self._trainable and floating,
                name=jax.tree_util.keystr(path, simple=True, separator="_") or self._name,
            )
            self.variables.append(variable)

    def values(self) -> list[Any]:
        """The Variables' values."""
        return [variable.value for variable in self.variables]

    def rebuilt(self, values: Iterator[Any]) -> Any:
        """The tree with the next values for its Variables."""
        if self._structure is None:
            return None
        leaves = [next(values) if fixed is None else fixed for fixed in self._fixed]
        return jax.tree_util.tree_unflatten(self._structure, leaves)

    def arrays_of(self, tree: Any) -> list[Any]:
        """The arrays of a tree of the same structure."""
        leaves, structure = jax.tree_util.tree_flatten(tree)
        if structure != self._structure:
            raise InvalidArgumentError(
                f"[JaxLayer] expected call_fn to return a state of the structure {self._structure}, got "
                f"{structure}."
            )
        pairs = zip(leaves, self._fixed, strict=True)
        return [jnp.asarray(leaf) for leaf, fixed in pairs if fixed is None]


def _array(leaf: Any) -> Any:
    """An array for a leaf that is one, or a number; None for others."""
    if isinstance(leaf, (bool, int, float, np.ndarray, np.generic, jax.Array)):
        return np.asarray(leaf)
    tensor = as_tensor(leaf)
    return None if tensor is None else tensor.numpy()


def _given(array: Any, shape: Any, dtype: Any = None) -> Any:
    """Initializer of known values."""
    del shape
    return convert_to_tensor(array.astype(dtypes.as_dtype(dtype).numpy_dtype))


def _ones(shapes: Any, dtype: str) -> Any:
    """Ones in a structure of shapes; 1 for sizes that are not known."""
    if is_shape(shapes):
        return jnp.ones([1 if size is None else size for size in shapes], dtype)
    if isinstance(shapes, dict):
        return {key: _ones(value, dtype) for key, value in shapes.items()}
    return type(shapes)([_ones(part, dtype) for part in shapes])


def _names(where: str, what: str, function: Any, taken: tuple[str, ...]) -> tuple[str, ...]:
    """Parameters of a function.

    Raises:
        InvalidArgumentError: It is none, or has parameters of other names.
    """
    if not callable(function):
        raise InvalidArgumentError(f"[{where}] expected {what} as a function, got {function!r}.")
    names = tuple(inspect.signature(function).parameters)
    odd = [name for name in names if name not in taken]
    if odd:
        raise InvalidArgumentError(
            f"[{where}] expected {what} to take some of {', '.join(taken)}, got a parameter {odd[0]!r}."
        )
    return names
