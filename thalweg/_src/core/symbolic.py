"""Symbolic tensors: the arguments and results of ops in a model that is being drawn.

A symbolic tensor has a dtype and a shape in which sizes may be unknown (None). Calling an op on one
infers the result's spec and adds a `Node`. Unknown sizes are probed: the op's body is evaluated for
shapes only, once with every unknown size 2 and once with 96 (both even, one small, so that splits and
slices behave); what differs between the probes is unknown in the result. Static values computed from
shapes (``tf.shape(x)[0]``) carry their value under each probe, so that they can serve as shapes again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import numpy as np

from thalweg._src.base import nest
from thalweg._src.base.naming import UniqueNames
from thalweg._src.core import dtypes, xla
from thalweg._src.core.tensor import Reference

# Values that calls return beside tensors; they are no outputs of a node.
PLAIN = (bool, int, float, str, type(None))
PROBES = (2, 96)
# Where these do not divide as an op needs: multiples of 64 and of every number up to 12.
SPARE_PROBES = (221760, 443520)
names = UniqueNames()


class Node:
    """One call in a model's graph.

    Attributes:
        operation: The callable, an op's function or a layer.
        args: Positional arguments, with symbolic tensors anywhere inside.
        kwargs: Keyword arguments, likewise.
        outputs: Symbolic tensors that the call produced, in order.
        name: Name of the call.
    """

    __slots__ = ("args", "kwargs", "name", "operation", "outputs")

    def __init__(
        self,
        operation: Callable[..., Any],
        args: tuple[Any, ...],
        kwargs: dict[str, Any],
        name: str,
    ) -> None:
        self.operation = operation
        self.args = args
        self.kwargs = kwargs
        self.name = name
        self.outputs: tuple[KerasTensor, ...] = ()

    @property
    def is_input(self) -> bool:
        """True for the call of an input layer, which takes nothing."""
        return not self.args and not self.kwargs

    @property
    def parents(self) -> list[KerasTensor]:
        """Symbolic tensors among the arguments, in order."""
        return list(symbols_in((self.args, self.kwargs)))


class KerasTensor:
    """Placeholder for a tensor in a model that is being drawn.

    Args:
        shape: Sizes; None where unknown.
        dtype: Dtype or its name.
        name: Name, made up when None.
        static: For values computed from shapes, the value under each probe.
        node: The call that produced it; None for an input.
        sparse: Whether it stands for sparse tensors.
        ragged: Whether it stands for ragged tensors.
        ragged_rank: Number of dimensions that row splits divide; None for all up to the last unknown size.
        row_splits_dtype: Dtype of row splits; int64 when None.

    Raises:
        ValueError: It would be both sparse and ragged.

    Source: `keras.KerasTensor`.
    """

    __array_priority__ = 100
    #: Class of the sparse and ragged ones, set where it is defined.
    _composite_kind: Any = None

    def __new__(cls, *_: Any, sparse: Any = False, ragged: Any = False, **__: Any) -> Any:
        """Sparse and ragged ones are of a class of their own."""
        return object.__new__(cls._composite_kind if sparse or ragged else cls)

    def __init__(
        self,
        shape: Any,
        dtype: Any = "float32",
        name: str | None = None,
        static: tuple[np.ndarray[Any, Any], ...] | None = None,
        node: Node | None = None,
        sparse: bool = False,
        ragged: bool = False,
        ragged_rank: int | None = None,
        row_splits_dtype: Any = None,
    ) -> None:
        if sparse and ragged:
            raise ValueError(
                "[KerasTensor] cannot have `sparse=True` and `ragged=True` at the same time; choose one."
            )
        self._shape: tuple[int | None, ...] = tuple(shape)
        self._dtype = dtypes.as_dtype(dtype)
        self.name = name or names.make("keras_tensor")
        self.static = static
        self.node = node
        self.sparse, self.ragged = bool(sparse), bool(ragged)
        self.ragged_rank = ragged_rank
        self.row_splits_dtype = row_splits_dtype

    def like(self, shape: Any = None, dtype: Any = None, node: Node | None = None) -> KerasTensor:
        """Another one of the same kind.

        Args:
            shape: Its sizes; the same when None.
            dtype: Its dtype; the same when None.
            node: The call that produced it.
        """
        return KerasTensor(
            self._shape if shape is None else shape,
            dtype or self._dtype,
            static=self.static if shape is None and dtype is None else None,
            node=node,
            sparse=self.sparse,
            ragged=self.ragged,
            ragged_rank=self.ragged_rank,
            row_splits_dtype=self.row_splits_dtype,
        )

    @property
    def shape(self) -> tuple[int | None, ...]:
        """Sizes; None where unknown."""
        return self._shape

    @property
    def dtype(self) -> str:
        """Name of the dtype, as Keras gives it."""
        return self._dtype.name

    @property
    def ndim(self) -> int:
        """Number of dimensions."""
        return len(self._shape)

    def ref(self) -> Reference:
        """Hashable handle that is equal for the same object only."""
        return Reference(self)

    def probe(self, size: int) -> Any:
        """Shape and dtype with every unknown size replaced by `size`."""
        shape = tuple(size if d is None else d for d in self._shape)
        return xla.ShapeDtypeStruct(shape, self._dtype.numpy_dtype)

    def probes(self, size: int) -> list[Any]:
        """Shapes and dtypes of the arrays of which such a tensor is made, likewise."""
        return [self.probe(size)]

    def packed(self, tensors: list[Any], size: int) -> Any:
        """Such a tensor made of these, which have the forms of `probes`."""
        del size
        return tensors[0]

    def sample(self, size: int) -> np.ndarray[Any, Any]:
        """Host array of zeros, of empty strings where the dtype is string, with the shape of `probe`."""
        form = self.probe(size)
        empty = b"" if self._dtype is dtypes.string else 0
        return np.full(form.shape, empty, form.dtype)

    def __hash__(self) -> int:
        return id(self)

    def __array__(self, *_: Any, **__: Any) -> Any:
        raise TypeError(self._refusal("NumPy cannot read it"))

    def __bool__(self) -> bool:
        raise TypeError(self._refusal("Python's if cannot test it"))

    def __float__(self) -> float:
        raise TypeError(self._refusal("float() cannot read it"))

    def __int__(self) -> int:
        raise TypeError(self._refusal("int() cannot read it"))

    def __iter__(self) -> Any:
        if not self._shape or self._shape[0] is None:
            raise TypeError(self._refusal("it cannot be iterated over an unknown size"))
        return (self[i] for i in range(self._shape[0]))  # type: ignore[index]

    def __len__(self) -> int:
        if not self._shape or self._shape[0] is None:
            raise TypeError(self._refusal("its length is unknown"))
        return self._shape[0]

    def _refusal(self, why: str) -> str:
        return (
            f"[KerasTensor] a symbolic tensor of shape {self._shape} and dtype {self.dtype} has no "
            f"value: {why}. Use tf.* functions or a Lambda layer on it."
        )

    def __repr__(self) -> str:
        kinds = f"sparse={self.sparse}, ragged={self.ragged}"
        return f"<KerasTensor shape={self._shape}, dtype={self.dtype}, {kinds}, name={self.name}>"


def symbols_in(structure: Any) -> Iterator[KerasTensor]:
    """Symbolic tensors anywhere inside lists, tuples, dicts and slices."""
    if isinstance(structure, KerasTensor):
        yield structure
    elif isinstance(structure, (list, tuple)):
        for part in structure:
            yield from symbols_in(part)
    elif isinstance(structure, Mapping):
        for part in structure.values():
            yield from symbols_in(part)
    elif isinstance(structure, slice):
        yield from symbols_in((structure.start, structure.stop, structure.step))


def substitute(structure: Any, replace: Callable[[KerasTensor], Any]) -> Any:
    """The structure with every symbolic tensor in it replaced."""
    if isinstance(structure, KerasTensor):
        return replace(structure)
    if isinstance(structure, tuple) and hasattr(structure, "_fields"):
        return type(structure)(*(substitute(part, replace) for part in structure))
    if isinstance(structure, (list, tuple)):
        return type(structure)(substitute(part, replace) for part in structure)
    if isinstance(structure, Mapping):
        return {key: substitute(part, replace) for key, part in structure.items()}
    if isinstance(structure, slice):
        return slice(
            substitute(structure.start, replace),
            substitute(structure.stop, replace),
            substitute(structure.step, replace),
        )
    return structure


def add_node(
    operation: Callable[..., Any],
    args: tuple[Any, ...],
    kwargs: dict[str, Any],
    specs: list[Any],
    name: str,
) -> tuple[KerasTensor, ...]:
    """New node and its output tensors.

    Args:
        operation: The callable that the node calls.
        args: Its positional arguments.
        kwargs: Its keyword arguments.
        specs: For each output, ``(shape, dtype)`` or ``(shape, dtype, static)``, or a symbolic tensor like
            it.
        name: Name of the call.
    """
    # Copies of the lists and dicts: programs go on filling theirs.
    args, kwargs = substitute((args, kwargs), lambda symbol: symbol)
    node = Node(operation, args, kwargs, name)
    node.outputs = tuple(
        spec.like(node=node)
        if isinstance(spec, KerasTensor)
        else KerasTensor(spec[0], spec[1], static=spec[2] if len(spec) > 2 else None, node=node)
        for spec in specs
    )
    return node.outputs


def merge_probes(results: list[Any]) -> tuple[tuple[int | None, ...], Any]:
    """Shape and dtype seen under all probes; sizes that differ are unknown."""
    first = results[0]
    for other in results[1:]:
        if len(other.shape) != len(first.shape):
            raise ValueError(
                f"expected a rank that does not depend on unknown sizes, got shapes {first.shape} and "
                f"{other.shape}; give the sizes in Input(shape=...)."
            )
    sizes = zip(*(r.shape for r in results), strict=True)
    return tuple(s[0] if len(set(s)) == 1 else None for s in sizes), first.dtype


def evaluate(outputs: Any, feeds: Mapping[Reference, Any]) -> Any:
    """Values of symbolic outputs, given values for symbolic inputs.

    Args:
        outputs: Structure of symbolic tensors.
        feeds: Value of each input tensor, by its `ref()`.

    Returns:
        The structure with values.
    """
    values: dict[int, Any] = {id(ref.deref()): value for ref, value in feeds.items()}
    for node in execution_order(list(symbols_in(outputs)), set(values)):
        def known(symbol: KerasTensor) -> Any:
            return values[id(symbol)]

        result = node.operation(*substitute(node.args, known), **substitute(node.kwargs, known))
        values.update({id(s): r for s, r in zip(node.outputs, results_of(result), strict=True)})
    return substitute(outputs, lambda symbol: values[id(symbol)])


def results_of(result: Any) -> list[Any]:
    """Tensors that a node's call returned, in the order of the node's outputs."""
    if not isinstance(result, (list, tuple, Mapping)):
        return [result]
    return [leaf for leaf in nest.flatten(result) if not isinstance(leaf, PLAIN)]


def execution_order(outputs: list[KerasTensor], known: set[int]) -> list[Node]:
    """Nodes needed for `outputs`, each after the nodes that it needs."""
    return [item for item in walk(outputs, known) if isinstance(item, Node)]


def walk(outputs: list[KerasTensor], known: set[int]) -> Iterator[Node | KerasTensor]:
    """Nodes and known tensors that lead to `outputs`, argument by argument, each after what it needs.

    Args:
        outputs: Symbolic tensors.
        known: Identities of the tensors at which the walk ends; each is met once.

    Raises:
        ValueError: An output needs an input that is not known.
    """
    done: set[int] = set()
    pending = [(symbol, False) for symbol in reversed(outputs)]
    while pending:
        symbol, ready = pending.pop()
        item: Node | KerasTensor | None = symbol if id(symbol) in known else symbol.node
        if item is None or (isinstance(item, Node) and item.is_input):
            raise ValueError(
                f"[graph] expected every input to be given, got no value for {symbol!r}; "
                "pass it among the model's inputs."
            )
        if id(item) in done:
            continue
        if ready or isinstance(item, KerasTensor):
            done.add(id(item))
            yield item
        else:
            pending.append((symbol, True))
            pending.extend((parent, False) for parent in reversed(item.parents))
