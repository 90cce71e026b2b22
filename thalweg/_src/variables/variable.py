"""`Variable`: a named, mutable holder of one tensor.

A Variable keeps its value as a `Tensor` and replaces that tensor when it is assigned. Inside a program
under construction the innermost scope answers reads and takes writes, so that compiled functions turn
Variables into inputs and outputs without the Variable knowing how.
"""

from __future__ import annotations

import enum
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from thalweg._src.base.errors import DTypeError, ShapeError, UnimplementedError
from thalweg._src.core import dtypes, xla
from thalweg._src.core.convert import as_tensor, convert_to_tensor
from thalweg._src.core.recorders import state
from thalweg._src.core.shapes import TensorShape
from thalweg._src.core.tensor import Reference, Tensor, is_traced, value_text
from thalweg._src.ops import elementwise
from thalweg._src.ops.operators import bind_operators
from thalweg._src.variables import assignment, late
from thalweg._src.variables.scope import current_scope
from thalweg._src.variables.slices import IndexedSlices, VariableSlice


class VariableSynchronization(enum.Enum):
    """When replicas of a distributed Variable are brought together. Source: TensorFlow."""

    AUTO = 0
    NONE = 1
    ON_WRITE = 2
    ON_READ = 3


class VariableAggregation(enum.Enum):
    """How values from replicas are combined on assignment. Source: TensorFlow."""

    NONE = 0
    SUM = 1
    MEAN = 2
    ONLY_FIRST_REPLICA = 3


class Variable:
    """Mutable tensor with a name, which gradient tapes watch and compiled functions update.

    Args:
        initial_value: Tensor, array, number or nested list; or a function of no arguments that makes
            one.
        trainable: Whether tapes watch it and optimizers update it; True when None.
        validate_shape: False lets later values have other shapes.
        caching_device: Must be None: devices are chosen by sharding.
        name: Name; ``"Variable"`` when None.
        variable_def: Must be None: there are no graph protocol buffers here.
        dtype: Dtype; that of `initial_value` when None.
        import_scope: Must be None, as `variable_def`.
        constraint: Function that optimizers apply to the value after each update.
        synchronization: When replicas are brought together (read by distribution).
        aggregation: How replicas' values are combined (read by distribution).
        shape: Shape that values must have; None in it allows any size.
        experimental_enable_variable_lifting: Whether a creation inside `function` is lifted out.

    Raises:
        ValueError: The value does not fit `shape`.
        TypeError: The value does not fit `dtype`.

    Example:
        >>> import thalweg as tf
        >>> v = tf.Variable([[1.0], [2.0]])
        >>> v[0, 0].assign(3.0)
        <tf.Variable 'UnreadVariable' shape=(2, 1) dtype=float32, numpy=
        array([[3.],
               [2.]], dtype=float32)>

    Source: `tf.Variable`.
    """

    __array_priority__ = 100

    def __init__(
        self,
        initial_value: Any = None,
        trainable: bool | None = None,
        validate_shape: bool = True,
        caching_device: Any = None,
        name: str | None = None,
        variable_def: Any = None,
        dtype: Any = None,
        import_scope: Any = None,
        constraint: Callable[[Any], Any] | None = None,
        synchronization: VariableSynchronization = VariableSynchronization.AUTO,
        aggregation: VariableAggregation = VariableAggregation.NONE,
        shape: Any = None,
        experimental_enable_variable_lifting: bool = True,
    ) -> None:
        for argument in ("caching_device", "variable_def", "import_scope"):
            if locals()[argument] is not None:
                raise UnimplementedError(
                    f"[Variable] expected {argument}=None, got {locals()[argument]!r}: it belongs to "
                    "TensorFlow's graph mode; leave it out."
                )
        if initial_value is None:
            raise ValueError("[Variable] expected an initial_value, got None; pass a tensor.")
        self._name = name or "Variable"
        self._scope = current_scope()
        self._trainable = True if trainable is None else bool(trainable)
        self._constraint = constraint
        self._synchronization = synchronization
        self._aggregation = aggregation
        self._lifting = experimental_enable_variable_lifting
        self._shared = True
        value = self._initial(initial_value, dtype)
        declared = TensorShape(shape) if shape is not None else value.shape
        self._declared = declared if validate_shape else TensorShape(None)
        self._check_shape(value)
        self._dtype = value.dtype
        self._tensor = Tensor(value.array)
        if late.watchers:
            late.postpone(self)

    def _initial(self, initial_value: Any, dtype: Any) -> Tensor:
        if not state.scopes:
            given = initial_value() if callable(initial_value) else initial_value
            value = as_tensor(given)
            if value is None or (dtype is not None and value.dtype is not dtypes.as_dtype(dtype)):
                value = convert_to_tensor(given, dtype)
        else:
            value = state.scopes[-1].lift_initial_value(initial_value, dtype, self._lifting)
        array = value.array
        if type(array) is np.ndarray and array.dtype != object:
            value = Tensor(xla.put(array))
        return value

    @property
    def _handle(self) -> Variable:
        return self

    def _current_tensor(self) -> Tensor:
        scopes = state.scopes
        return scopes[-1].read(self) if scopes else self._tensor

    def _read_tensor(self) -> Tensor:
        """The value as programs see it; recorders are told."""
        return self._held_tensor()

    def _held_tensor(self) -> Tensor:
        """The value in the dtype in which it is kept, as compiled parts take it; recorders are told."""
        tensor = self._current_tensor()
        self._shared = True
        for recorder in state.recorders:
            recorder.variable_read(self, tensor)
        return tensor

    def _set(self, tensor: Tensor, shared: bool = True) -> None:
        """Replaces the value by an already checked tensor."""
        scopes = state.scopes
        if scopes:
            scopes[-1].write(self, Tensor(tensor.array))
        else:
            self._tensor = Tensor(tensor.array)
            self._shared = shared

    def _take(self) -> Any:
        """The array for a program that may destroy it; a copy when others may hold it."""
        array = self._tensor.array
        return xla.jnp.copy(array) if self._shared else array

    def _give(self, array: Any) -> None:
        """Takes a program's result as the value; nobody else holds it yet."""
        self._tensor = Tensor(array)
        self._shared = False

    @property
    def array(self) -> Any:
        """The value's array; the Variable counts as shared afterwards."""
        return self._read_tensor().array

    @property
    def name(self) -> str:
        """Name under its scopes, with an output number as in TensorFlow: ``"scope/Variable:0"``."""
        return f"{self._scope}{self._name}:0"

    @property
    def shape(self) -> TensorShape:
        """Shape; None where any size may be assigned."""
        return self._declared

    @property
    def dtype(self) -> dtypes.DType:
        """Element type."""
        return self._dtype

    @property
    def ndim(self) -> int | None:
        """Number of dimensions."""
        return self._declared.rank

    @property
    def trainable(self) -> bool:
        """Whether tapes watch it and optimizers update it."""
        return self._trainable

    @property
    def constraint(self) -> Callable[[Any], Any] | None:
        """Function that optimizers apply to the value after each update."""
        return self._constraint

    @property
    def synchronization(self) -> VariableSynchronization:
        """When replicas are brought together."""
        return self._synchronization

    @property
    def aggregation(self) -> VariableAggregation:
        """How replicas' values are combined."""
        return self._aggregation

    @property
    def device(self) -> str:
        """Name of the device that holds the value."""
        return self._tensor.device

    def get_shape(self) -> TensorShape:
        """Shape; older spelling of `shape`."""
        return self.shape

    def set_shape(self, shape: Any) -> None:
        """Narrows the shape that values must have."""
        self._declared = self._declared.merge_with(shape)

    def numpy(self) -> Any:
        """Value as a NumPy array, or NumPy scalar."""
        self._shared = True
        return self._current_tensor().numpy()

    def value(self) -> Tensor:
        """Value as a tensor, watched by tapes."""
        return self._read_tensor()

    def read_value(self) -> Tensor:
        """Value as a tensor, watched by tapes."""
        return self._read_tensor()

    def is_initialized(self, name: str | None = None) -> bool:
        """True: Variables have a value from the start."""
        return True

    def ref(self) -> Reference:
        """Hashable handle that is equal for the same Variable only."""
        return Reference(self._handle)

    def experimental_ref(self) -> Reference:
        """Older spelling of `ref`."""
        return self.ref()

    def assign(
        self,
        value: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Replaces the value.

        Args:
            value: Tensor, array, number or list that fits the Variable's shape and dtype.
            use_locking: Has no effect: an assignment is atomic.
            name: Has no effect: there is no graph to name it in.
            read_value: False returns None.

        Returns:
            The Variable.

        Raises:
            ValueError: Another shape.
            TypeError: Another dtype.

        Source: `tf.Variable.assign`.
        """
        tensor = self._checked(value)
        self._check_shape(tensor)
        self._handle._set(tensor)
        return self._unread() if read_value else None

    def assign_add(
        self,
        delta: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Adds `delta` to the value; arguments as for `assign`."""
        return self._update(elementwise.add, delta, read_value)

    def assign_sub(
        self,
        delta: Any,
        use_locking: bool = False,
        name: str | None = None,
        read_value: bool = True,
    ) -> Any:
        """Subtracts `delta` from the value; arguments as for `assign`."""
        return self._update(elementwise.subtract, delta, read_value)

    def _update(self, operation: Callable[[Any, Any], Any], delta: Any, read_value: bool) -> Any:
        """Combines value and `delta`; not differentiated, as assignments are not."""
        held = as_tensor(delta)
        handle = self._handle
        recorders, state.recorders = state.recorders, []
        try:
            new = operation(handle._current_tensor(), delta if held is None else held)
        finally:
            state.recorders = recorders
        if new.shape != handle._declared:
            self._check_shape(new)
        handle._set(new, shared=False)
        return self._unread() if read_value else None

    def _checked(self, value: Any) -> Tensor:
        tensor = as_tensor(value)
        if tensor is None:
            tensor = convert_to_tensor(value, self._dtype)
        if tensor.dtype is not self._dtype:
            raise DTypeError(
                f"[Variable {self.name!r} assign] expected dtype {self._dtype.name}, got a tensor of "
                f"dtype {tensor.dtype.name}; cast it with tf.cast(x, tf.{self._dtype.name})."
            )
        return tensor

    def _check_shape(self, tensor: Tensor) -> None:
        if not self._declared.is_compatible_with(tensor.shape):
            raise ShapeError(
                f"[Variable {self.name!r} assign] expected shape {self._declared}, got a value of "
                f"shape {tensor.shape}; reshape the value, or create the Variable with "
                "shape=tf.TensorShape(None)."
            )

    def _unread(self) -> UnreadVariable:
        return UnreadVariable(self._handle)

    def __getitem__(self, key: Any) -> VariableSlice:
        return VariableSlice(self._handle, key)

    def gather_nd(self, indices: Any, name: str | None = None) -> Tensor:
        """Slices of the value at `indices`, see `thalweg.gather_nd`."""
        return assignment.gather_nd(self, indices)

    def sparse_read(self, indices: Any, name: str | None = None) -> Tensor:
        """Rows of the value at `indices`, see `thalweg.gather`."""
        return assignment.gather(self, indices)

    def _scatter(self, kind: str, delta: Any) -> Any:
        if not isinstance(delta, IndexedSlices):
            raise TypeError(
                f"[Variable.scatter_{kind}] expected tf.IndexedSlices(values, indices), got "
                f"{type(delta).__name__}."
            )
        with assignment.unrecorded():
            new = assignment.scatter_rows(
                self._handle._current_tensor(), delta.indices, delta.values, kind
            )
        self._handle._set(new, shared=False)
        return self._unread()

    def scatter_add(self, sparse_delta: Any, use_locking: bool = False, name: Any = None) -> Any:
        """Adds the rows of `sparse_delta` (`tf.IndexedSlices`) at its indices; duplicates add up."""
        return self._scatter("add", sparse_delta)

    def scatter_sub(self, sparse_delta: Any, use_locking: bool = False, name: Any = None) -> Any:
        """Subtracts the rows of `sparse_delta` at its indices."""
        return self._scatter("sub", sparse_delta)

    def scatter_mul(self, sparse_delta: Any, use_locking: bool = False, name: Any = None) -> Any:
        """Multiplies the rows at the indices by those of `sparse_delta`."""
        return self._scatter("mul", sparse_delta)

    def scatter_div(self, sparse_delta: Any, use_locking: bool = False, name: Any = None) -> Any:
        """Divides the rows at the indices by those of `sparse_delta`."""
        return self._scatter("div", sparse_delta)

    def scatter_min(self, sparse_delta: Any, use_locking: bool = False, name: Any = None) -> Any:
        """Minimum of the rows at the indices and those of `sparse_delta`."""
        return self._scatter("min", sparse_delta)

    def scatter_max(self, sparse_delta: Any, use_locking: bool = False, name: Any = None) -> Any:
        """Maximum of the rows at the indices and those of `sparse_delta`."""
        return self._scatter("max", sparse_delta)

    def scatter_update(self, sparse_delta: Any, use_locking: bool = False, name: Any = None) -> Any:
        """Replaces the rows at the indices by those of `sparse_delta`."""
        return self._scatter("update", sparse_delta)

    def batch_scatter_update(
        self, sparse_delta: Any, use_locking: bool = False, name: Any = None
    ) -> Any:
        """Replaces, in each batch element, the rows at its own indices."""
        with assignment.unrecorded():
            new = assignment.batch_scatter(self._handle._current_tensor(), sparse_delta)
        self._handle._set(new, shared=False)
        return self._unread()

    def _scatter_nd(self, kind: str, indices: Any, updates: Any) -> Any:
        with assignment.unrecorded():
            new = assignment.scatter_nd(self._handle._current_tensor(), indices, updates, kind)
        self._handle._set(new, shared=False)
        return self._unread()

    def scatter_nd_add(self, indices: Any, updates: Any, name: Any = None) -> Any:
        """Adds `updates` at `indices` (last dimension: coordinates)."""
        return self._scatter_nd("add", indices, updates)

    def scatter_nd_sub(self, indices: Any, updates: Any, name: Any = None) -> Any:
        """Subtracts `updates` at `indices`."""
        return self._scatter_nd("sub", indices, updates)

    def scatter_nd_update(self, indices: Any, updates: Any, name: Any = None) -> Any:
        """Replaces the values at `indices` by `updates`."""
        return self._scatter_nd("update", indices, updates)

    def __iadd__(self, other: Any) -> Any:
        raise _no_augmented("+=", "assign_add")

    def __isub__(self, other: Any) -> Any:
        raise _no_augmented("-=", "assign_sub")

    def __imul__(self, other: Any) -> Any:
        raise _no_augmented("*=", "assign")

    def __itruediv__(self, other: Any) -> Any:
        raise _no_augmented("/=", "assign")

    def __ipow__(self, other: Any) -> Any:
        raise _no_augmented("**=", "assign")

    def __bool__(self) -> bool:
        return bool(self._read_tensor())

    def __int__(self) -> int:
        return int(self._read_tensor())

    def __float__(self) -> float:
        return float(self._read_tensor())

    def __complex__(self) -> complex:
        return complex(self._read_tensor())

    def __index__(self) -> int:
        return self._read_tensor().__index__()

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> Any:
        self._shared = True
        return self._current_tensor().__array__(dtype, copy)

    def __jax_array__(self) -> Any:
        return self.array

    def __len__(self) -> int:
        return len(self._current_tensor())

    def __iter__(self) -> Iterator[Tensor]:
        return iter(self._read_tensor())

    def __format__(self, spec: str) -> str:
        return format(self._current_tensor(), spec) if spec else str(self)

    def __hash__(self) -> int:
        raise TypeError("Variable is unhashable. Instead, use variable.ref() as the key.")

    def __copy__(self) -> Variable:
        return self

    def __deepcopy__(self, memo: dict[int, Any]) -> Variable:
        copied = object.__new__(type(self))
        memo[id(self)] = copied
        copied.__dict__.update(self.__dict__)
        copied._tensor = Tensor(self._tensor.array)
        copied._shared = self._shared = True
        return copied

    def __repr__(self) -> str:
        return _text(self, self.name)


class UnreadVariable(Variable):
    """What `Variable.assign` returns: the Variable itself, read when it is used."""

    def __init__(self, variable: Variable) -> None:
        self._target = variable

    @property
    def _handle(self) -> Variable:
        return self._target

    def __getattr__(self, name: str) -> Any:
        return getattr(self.__dict__["_target"], name)

    @property
    def name(self) -> str:
        """Name of the Variable."""
        return self._target.name

    def _current_tensor(self) -> Tensor:
        return self._target._current_tensor()

    def _read_tensor(self) -> Tensor:
        return self._target._read_tensor()

    def __repr__(self) -> str:
        return _text(self._target, "UnreadVariable")


def _text(variable: Variable, name: str) -> str:
    tensor = variable._current_tensor()
    head = f"<tf.Variable {name!r} shape={variable.shape} dtype={variable.dtype.name}"
    return f"{head}>" if is_traced(tensor) else f"{head}, {value_text(tensor.numpy())}>"


def _no_augmented(operator: str, method: str) -> RuntimeError:
    return RuntimeError(
        f"[Variable] `variable {operator} value` is not supported: it would replace the name, not the "
        f"value. Use `variable.{method}(...)` to change it, or `out = variable + value` for a tensor."
    )


bind_operators(Variable, indexing=False)
# Instances have their own; this one is found only while theirs is withheld.
Variable._tensor = late.LateTensor()  # type: ignore[assignment]
