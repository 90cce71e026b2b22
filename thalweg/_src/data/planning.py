"""The plan as it runs: what only moves elements is done to numbers, maps follow one another in one step."""

from __future__ import annotations

from collections.abc import Iterator

from thalweg._src.data.caching import Kept
from thalweg._src.data.debugging import debug_mode
from thalweg._src.data.loading import Load
from thalweg._src.data.mapping import Map
from thalweg._src.data.node import AUTOTUNE, Node
from thalweg._src.data.options import Options, WithOptions, options_of
from thalweg._src.data.sources import Gather
from thalweg._src.data.waiting import Prefetch


def optimized(node: Node) -> Node:
    """A plan that gives the same elements in the same order, with less work for each.

    - Steps that only choose and order elements go below the look-up of a table: they handle numbers. They go
      below a map that is a program, too: what is left out is not computed.
    - Elements that were kept in a pass before are a table.
    - A prefetch without work to do meanwhile is left out.

    Args:
        node: The last step of the plan.
    """
    if isinstance(node, WithOptions):
        return optimized(node.inputs[0])
    if isinstance(node, Kept) and (found := node.kept()) is not None:
        return optimized(found)
    inputs = [optimized(i) for i in node.inputs]
    if all(new is old for new, old in zip(inputs, node.inputs, strict=True)):
        made = node
    else:
        made = node.with_inputs(*inputs)
    if len(inputs) == 1:
        (input,) = inputs
        if node.reorders and _only_looks_at_elements(input):
            return input.with_inputs(optimized(made.with_inputs(*input.inputs)))
        if isinstance(node, Prefetch) and not any(isinstance(n, Map) or n.waits for n in steps(input)):
            return input
    return made


def planned(node: Node, options: Options) -> Node:
    """The plan as it runs with options."""
    wanted = options.experimental_optimization
    as_written = wanted.apply_default_optimizations is False or debug_mode.on
    found = node if as_written else optimized(node)
    return Prefetch(found, AUTOTUNE) if wanted.inject_prefetch else found


def outdated(node: Node) -> bool:
    """True for an optimised plan where elements were kept since."""
    return any(isinstance(step, Kept) and step.kept() is not None for step in steps(node))


def _only_looks_at_elements(node: Node) -> bool:
    """True for a step that gives one element for each of its input, whichever come before or after."""
    if isinstance(node, Map):
        node.computed.look_at(node.inputs[0])
        return node.computed.program is not None and not node.computed.program.depends_on_place
    return isinstance(node, (Gather, Load))


def steps(node: Node) -> Iterator[Node]:
    """The steps of a plan, the last one first."""
    yield node
    for input in node.inputs:
        yield from steps(input)


def explained(node: Node) -> str:
    """The plan as it was written and as it runs, a step a line, the last one first."""
    options = options_of(node)
    name = f"{options.dataset_name}\n" if options.dataset_name else ""
    return f"{name}as written:\n{_drawn(node)}\nas it runs:\n{_drawn(planned(node, options))}"


def _drawn(node: Node, depth: int = 1) -> str:
    lines = ["  " * depth + node.describe()]
    return "\n".join([*lines, *(_drawn(i, depth + 1) for i in node.inputs)])
