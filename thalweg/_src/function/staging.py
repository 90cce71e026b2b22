"""Branches and loops inside programs: Python functions traced once and joined into one op.

Every function given here runs once, as a program of its own. What the parts read and write of Variables
is united, so that Variables assigned in a branch or loop come out as assignments of the enclosing
program, and what they close over becomes inputs of the op, so that tapes inside and outside see it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.base import nest
from thalweg._src.base.errors import DTypeError, InvalidArgumentError, ShapeError
from thalweg._src.core import dtypes, xla
from thalweg._src.core.convert import as_tensor, check_kind, convert_to_tensor, infer_dtype
from thalweg._src.core.door import call
from thalweg._src.core.host_parts import HostPart, compiled_array
from thalweg._src.core.opdef import OpDef
from thalweg._src.core.tensor import Tensor, is_traced
from thalweg._src.function.trace import tensors_holding, trace_body
from thalweg._src.variables.variable import UnreadVariable

NUMBERS = (bool, int, float, complex, np.generic)
Describe = Callable[[int], str]


class Output:
    """Stands for a tensor among the leaves that a traced part returned.

    Attributes:
        position: Its place among the part's outputs.
        shape: Sizes.
        dtype: NumPy dtype.
        tensor: The tensor itself, which is of use only where it was known before the part ran.
    """

    __slots__ = ("dtype", "position", "shape", "tensor")

    def __init__(self, position: int, tensor: Tensor) -> None:
        self.position = position
        self.shape = tuple(tensor.array.shape)
        self.dtype = tensor.array.dtype
        self.tensor = tensor

    def __repr__(self) -> str:
        return f"<tensor of shape {self.shape} and dtype {dtypes.BY_NUMPY[self.dtype].name}>"


class _Any:
    """Leaf of a branch whose value does not matter: it takes the form of the other branches'."""

    def __repr__(self) -> str:
        return "<any value>"


ANY = _Any()


class Part:
    """One traced branch, loop body or loop condition.

    Attributes:
        body: The program; its outputs are the tensors among the leaves.
        leaves: What Python returned, flattened: an `Output` for each tensor, else the Python value.
        structure: What Python returned, as a form for `nest.pack_sequence_as`.
        arguments: The tensors that stood for the arguments.

    Args:
        function: Called once with a tensor for each argument.
        arguments: For each argument anything with ``shape`` and ``dtype``.
        name: Name for messages.
        keep_variables: Leave Variables among the results as they are, instead of taking their values.
    """

    def __init__(
        self,
        function: Callable[..., Any],
        arguments: Sequence[Any],
        name: str,
        keep_variables: bool = False,
    ) -> None:
        self.leaves: list[Any] = []
        self.structure: Any = None
        self.arguments: tuple[Tensor, ...] = ()

        def run(*tensors: Tensor) -> list[Tensor]:
            self.arguments = tensors
            # Composites that compute their parts do so here, once, and not again outside.
            self.structure = nest.map_structure(_settled, function(*tensors))
            outputs: list[Tensor] = []
            for leaf in nest.flatten(self.structure, expand_composites=True):
                tensor = None if keep_variables and is_variable(leaf) else _tensor(leaf)
                if tensor is None:
                    self.leaves.append(leaf)
                else:
                    self.leaves.append(Output(len(outputs), tensor))
                    outputs.append(tensor)
            return outputs

        self.body = trace_body(run, arguments, name)

    def run(
        self,
        arguments: Sequence[Any],
        variables: dict[int, Any],
        constants: dict[int, Any],
        quiet: bool = False,
    ) -> tuple[list[Any], dict[int, Any]]:
        """Output arrays, and the Variables' values afterwards.

        Args:
            arguments: Arrays.
            variables: Array of each Variable by id.
            constants: Array to use for each closed-over array by id.
            quiet: Leave out what only prints.
        """
        body = self.body
        run = xla.without_prints(body.run) if quiet else body.run
        found = run(
            [constants[id(c)] for c in body.constants],
            *arguments,
            *(variables[id(v)] for v in body.reads),
        )
        written = zip(body.writes, found[body.output_count :], strict=True)
        return found[: body.output_count], {**variables, **{id(v): x for v, x in written}}


def is_variable(leaf: Any) -> bool:
    """True for a Variable, but not for what its `assign` returns, which is a value."""
    return hasattr(leaf, "_handle") and not isinstance(leaf, UnreadVariable)


def _settled(leaf: Any) -> Any:
    settle = getattr(leaf, "_settle_composite", None)
    return leaf if settle is None else settle()


def _tensor(leaf: Any) -> Tensor | None:
    """Tensor of a tensor or array; None for Python values and strings."""
    tensor = as_tensor(leaf)
    if tensor is None and isinstance(leaf, np.ndarray):
        tensor = convert_to_tensor(leaf)
    if tensor is None or tensor.array.dtype == object:
        return None
    return Tensor(compiled_array(tensor)) if type(tensor.array) is HostPart else tensor


class Shared:
    """What several parts need from outside: Variables and closed-over arrays, each once."""

    def __init__(self, parts: Sequence[Part]) -> None:
        bodies = [part.body for part in parts]
        reads = {id(v): v for b in bodies for v in b.reads}
        written = {id(v): v for b in bodies for v in b.writes}
        self.written = list(written.values())
        self.read_only = [v for key, v in reads.items() if key not in written]
        self.constants = list({id(c): c for b in bodies for c in b.constants}.values())

    def tensors(self) -> list[Tensor]:
        """Values of written Variables, of those only read, and the constants."""
        values = [v._held_tensor() for v in (*self.written, *self.read_only)]
        return [*values, *tensors_holding(self.constants)]

    def split(
        self, written: Sequence[Any], others: Sequence[Any]
    ) -> tuple[dict[int, Any], dict[int, Any]]:
        """Variables' arrays and constants' arrays by id, for `Part.run`."""
        count = len(self.read_only)
        variables = [*self.written, *self.read_only]
        values = [*written, *others[:count]]
        return (
            {id(v): x for v, x in zip(variables, values, strict=True)},
            {id(c): x for c, x in zip(self.constants, others[count:], strict=True)},
        )

    def after(self, variables: dict[int, Any]) -> list[Any]:
        """Arrays of the written Variables, with their dtypes unchanged."""
        return [variables[id(v)] for v in self.written]

    def assign(self, tensors: Sequence[Tensor]) -> None:
        """Gives the written Variables their new values in the enclosing program."""
        for variable, tensor in zip(self.written, tensors, strict=True):
            variable._set(tensor, shared=False)


class _Interpreted(OpDef):
    """Op that runs its body primitive by primitive when eager: made for one call, not worth compiling."""

    def kernel(self, attrs: tuple[Any, ...]) -> Callable[..., Any]:
        return self.bound(attrs)

    def vjp(self, attrs: tuple[Any, ...], mask: tuple[bool, ...], traced: bool) -> Any:
        return super().vjp(attrs, mask, True)


def make_op(
    name: str,
    run: Callable[..., tuple[Any, ...]],
    gradient: tuple[Callable[..., Any], Callable[..., Any]] | None = None,
) -> OpDef:
    """Op of any number of inputs and outputs, made for one call.

    Args:
        name: Name for messages.
        run: Body: arrays to a tuple of arrays.
        gradient: See `OpDef`.
    """

    def body(*arrays: Any) -> tuple[Any, ...]:
        return run(*arrays)

    body.many = True  # type: ignore[attr-defined]
    return _Interpreted(
        name, body, ("inputs",), (), variadic=True, matched=(), gradient=gradient, whole=True
    )


def known_value(value: Any) -> Any:
    """NumPy value of a scalar that is known now; None for a traced tensor."""
    tensor = as_tensor(value)
    if tensor is None:
        return value
    return None if is_traced(tensor) else tensor.numpy()


def run_branches(
    index: Any,
    functions: Sequence[Callable[[], Any]],
    name: str,
    labels: Sequence[str],
    describe: Describe | None = None,
    adjust: Callable[[list[Part]], None] | None = None,
    keep_variables: bool = False,
) -> Any:
    """Result of the branch that a traced number chooses; all branches are traced, one runs.

    Args:
        index: Boolean tensor (True chooses the first of two branches) or integer tensor.
        functions: The branches.
        name: Name of the statement for messages.
        labels: Names of the branches for messages.
        describe: Name of the result's leaf at a position.
        adjust: Called with the traced branches, may change their leaves before they are compared.
        keep_variables: See `Part`.
    """
    parts = [
        Part(function, [], f"{name} {label}", keep_variables)
        for function, label in zip(functions, labels, strict=True)
    ]
    if adjust is not None:
        adjust(parts)
    same_structure(parts, name, labels)
    plan = _unite(parts, name, labels, describe)
    shared = Shared(parts)
    count = len(shared.written)

    def run(index: Any, *arrays: Any) -> tuple[Any, ...]:
        def branch(part: Part) -> Callable[..., tuple[Any, ...]]:
            def go(*arrays: Any) -> tuple[Any, ...]:
                variables, constants = shared.split(arrays[:count], arrays[count:])
                outputs, variables = part.run([], variables, constants)
                leaves = _take(part, outputs, plan)
                return (*leaves, *shared.after(variables))

            return go

        branches = [branch(part) for part in parts]
        if index.dtype == np.bool_:
            return lax.cond(index, *branches, *arrays)
        return lax.switch(index, branches, *arrays)

    outputs = call(make_op(name, run), [index, *shared.tensors()], ())
    fresh = iter(outputs)
    leaves = [next(fresh) if isinstance(wanted, _Spec) else wanted for wanted in plan]
    shared.assign(list(fresh))
    return nest.pack_sequence_as(parts[0].structure, leaves, expand_composites=True)


def same_structure(parts: Sequence[Part], name: str, labels: Sequence[str]) -> None:
    """Raises unless all parts returned structures of one form."""
    for part, label in zip(parts[1:], labels[1:], strict=True):
        try:
            nest.assert_same_structure(parts[0].structure, part.structure, expand_composites=True)
            fits = len(parts[0].leaves) == len(part.leaves)
        except (TypeError, ValueError):
            fits = False
        if not fits:
            raise InvalidArgumentError(
                f"[{name}] expected {labels[0]} and {label} to return the same structure, got "
                f"{_shown(parts[0])} and {_shown(part)}; return the same nesting from both."
            )


def _shown(part: Part) -> str:
    try:
        return repr(nest.pack_sequence_as(part.structure, part.leaves))
    except ValueError:
        return repr(part.leaves)


class _Spec(NamedTuple):
    """Shape and NumPy dtype in which a leaf leaves the op."""

    shape: tuple[int, ...]
    dtype: Any


def _unite(
    parts: Sequence[Part], name: str, labels: Sequence[str], describe: Describe | None
) -> list[Any]:
    """For each leaf its `_Spec` as an output of the op, or the Python value that all branches share."""
    plan = []
    for position, leaves in enumerate(zip(*(part.leaves for part in parts), strict=True)):
        what = describe(position) if describe else f"result {position}"
        given = [(v, t) for v, t in zip(leaves, labels, strict=True) if v is not ANY]
        plan.append(_unite_leaf(given, f"[{name}] {what}"))
    return plan


def _unite_leaf(given: Sequence[tuple[Any, str]], what: str) -> Any:
    leaves = [leaf for leaf, _ in given]
    tensors = [leaf for leaf in leaves if isinstance(leaf, Output)]
    if not tensors:
        if all(leaf is leaves[0] or same_value(leaf, leaves[0]) for leaf in leaves):
            return leaves[0]
        if all(isinstance(leaf, NUMBERS) for leaf in leaves):
            return _Spec((), infer_dtype(leaves).numpy_dtype)
    elif len(leaves) == len(tensors) > 1 and len({id(t.tensor) for t in tensors}) == 1:
        # The same tensor from outside: no branch has touched it.
        return tensors[0].tensor
    first = tensors[0] if tensors else None
    for leaf, label in given:
        if isinstance(leaf, Output) and first is not None:
            _check_same(first, leaf, what, label)
        elif isinstance(leaf, NUMBERS) and first is not None:
            check_kind(leaf, dtypes.BY_NUMPY[first.dtype], f"{what} in {label}")
            _check_same(first, np.asarray(leaf, first.dtype), what, label)
        else:
            shown = " and ".join(f"{v!r} in {t}" for v, t in given)
            raise DTypeError(
                f"{what} must be of one kind in all branches, got {shown}; return tensors from all of "
                "them, or the same Python value."
            )
    assert first is not None
    return _Spec(first.shape, first.dtype)


def _check_same(first: Output, leaf: Any, what: str, label: str) -> None:
    if leaf.dtype != first.dtype:
        raise DTypeError(
            f"{what} must have one dtype in all branches, got {first} and, in {label}, {leaf!r}; cast "
            "one of them with tf.cast."
        )
    if tuple(leaf.shape) != first.shape:
        raise ShapeError(
            f"{what} must have one shape in all branches, got {first} and, in {label}, {leaf!r}; a "
            "compiled program has fixed sizes: pad or reshape one of them."
        )


def same_value(one: Any, two: Any) -> bool:
    """True for equal Python numbers, strings or None of one type."""
    if type(one) is not type(two):
        return False
    return isinstance(one, (*NUMBERS, str, bytes, type(None))) and bool(one == two)


def _take(part: Part, outputs: Sequence[Any], plan: Sequence[Any]) -> list[Any]:
    """Arrays of the leaves that leave the op, in the forms of the plan."""
    found = []
    for leaf, spec in zip(part.leaves, plan, strict=True):
        if not isinstance(spec, _Spec):
            continue
        if leaf is ANY:
            found.append(jnp.zeros(spec.shape, spec.dtype))
        else:
            value = outputs[leaf.position] if isinstance(leaf, Output) else leaf
            found.append(jnp.asarray(value, spec.dtype))
    return found
