"""Graphs of compiled functions, for TensorBoard's graph view."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from thalweg._src.base.errors import FailedPreconditionError, InvalidArgumentError
from thalweg._src.base.naming import UniqueNames
from thalweg._src.core import xla
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.function.concrete import ConcreteFunction
from thalweg._src.summary import messages
from thalweg._src.summary.recording import should_record_summaries
from thalweg._src.summary.writer import settings

# Operations whose inner programs run other than once, after the operation's inputs.
_LOOPS_AND_BRANCHES = ("cond", "scan", "while")


def graph(graph_data: Any) -> Any:
    """Writes a graph to the default writer.

    Args:
        graph_data: A concrete function, ``f.get_concrete_function(...)``; or a message ``GraphDef`` as bytes.

    Returns:
        bool tensor: whether it is written; False without a default writer.

    Raises:
        ValueError: Something else is given.
        RuntimeError: It is called inside a compiled function.

    Example:
        >>> import tempfile
        >>> import thalweg as tf
        >>> f = tf.function(lambda x: x + 1.0)
        >>> with tf.summary.create_file_writer(tempfile.mkdtemp()).as_default():
        ...     written = tf.summary.graph(f.get_concrete_function(tf.constant(1.0)))

    Source: `tf.summary.graph`. The nodes are XLA's operations; bodies of loops and branches are one node.
    """
    if xla.tracing():
        raise FailedPreconditionError(
            "[summary.graph] expected to be called eagerly, got a call inside a compiled function; call it "
            "between steps."
        )
    if isinstance(graph_data, ConcreteFunction):
        message = graph_of(graph_data)
    elif isinstance(graph_data, bytes):
        message = graph_data
    else:
        raise InvalidArgumentError(
            f"[summary.graph] expected a concrete function or a GraphDef in bytes, got {graph_data!r}; pass "
            "f.get_concrete_function(...)."
        )
    wanted = should_record_summaries()
    if wanted:
        assert settings.writer is not None
        settings.writer.add(lambda now: messages.event_message(now, graph=message))
    return convert_to_tensor(wanted)


def graph_of(function: ConcreteFunction) -> bytes:
    """Message ``GraphDef`` of a traced program."""
    body = function._body
    program = body.run.jaxpr  # type: ignore[attr-defined]
    nodes = _Nodes()
    arguments = body.argument_count
    names: dict[Any, str] = {}
    for position, variable in enumerate(program.invars):
        if position < arguments:
            label, op = f"input_{position}", "Placeholder"
        else:
            label, op = body.reads[position - arguments].name.partition(":")[0], "Variable"
        names[variable] = nodes.add(label, op, [], [variable])
    for variable in program.constvars:
        names[variable] = nodes.add("constant", "Const", [], [variable])
    nodes.add_program(program, names, "")
    for position, variable in enumerate(program.outvars):
        taken = [names[variable]] if _is_known(variable, names) else []
        label = f"output_{position}" if position < body.output_count else "assigned"
        nodes.add(label, "Identity", taken, [variable])
    return messages.graph_message(nodes.messages)


def _is_known(atom: Any, names: dict[Any, str]) -> bool:
    """False for numbers written into the program, which have no node."""
    return not hasattr(atom, "val") and atom in names


class _Nodes:
    """Nodes of a graph under construction."""

    def __init__(self) -> None:
        self.messages: list[bytes] = []
        self._unique = UniqueNames()

    def add(self, label: str, op: str, inputs: Sequence[str], outputs: Sequence[Any]) -> str:
        """A new node; returns its name."""
        name = self._unique.make(label)
        shapes = [tuple(v.aval.shape) for v in outputs if hasattr(v.aval, "shape")]
        attributes = {"_output_shapes": messages.shapes_attribute(shapes)}
        dtypes = ", ".join(str(v.aval.dtype) for v in outputs if hasattr(v.aval, "dtype"))
        attributes["dtypes"] = messages.text_attribute(dtypes)
        self.messages.append(messages.node_message(name, op, inputs, attributes))
        return name

    def add_program(self, program: Any, names: dict[Any, str], group: str) -> None:
        """Nodes of all operations.

        Args:
            program: JAX program.
            names: Names of what its variables stand for; those of the operations' results are added.
            group: What stands in front of the nodes' names.
        """
        for equation in program.eqns:
            kind = equation.primitive.name
            inner = None if kind in _LOOPS_AND_BRANCHES else _inner_program(equation)
            if inner is None:
                inputs = [names[a] for a in equation.invars if _is_known(a, names)]
                name = self.add(f"{group}{kind}", kind, inputs, equation.outvars)
                for position, variable in enumerate(equation.outvars):
                    names[variable] = f"{name}:{position}" if position else name
                continue
            pairs = zip(inner.invars, equation.invars, strict=True)
            below = {own: names[a] for own, a in pairs if _is_known(a, names)}
            self.add_program(inner, below, self._unique.make(group + _label(equation, inner)) + "/")
            for variable, result in zip(equation.outvars, inner.outvars, strict=True):
                if _is_known(result, below):
                    names[variable] = below[result]


def _label(equation: Any, inner: Any) -> str:
    """Name of the function that an operation calls, in letters that names of nodes may have."""
    function = getattr(getattr(inner, "debug_info", None), "func_name", "")
    name = str(equation.params.get("name") or function or equation.primitive.name)
    return re.sub(r"[^A-Za-z0-9_.-]", "", name) or equation.primitive.name


def _inner_program(equation: Any) -> Any:
    """The program of an operation that only calls one, else None."""
    found = [getattr(v, "jaxpr", v) for v in equation.params.values()]
    programs = [p for p in found if hasattr(p, "eqns") and hasattr(p, "outvars")]
    fits = len(programs) == 1 and len(programs[0].invars) == len(equation.invars)
    return programs[0] if fits and len(programs[0].outvars) == len(equation.outvars) else None
