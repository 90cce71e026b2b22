"""Functions that take functions, called on symbolic tensors: one node of the model's graph."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import Any

from thalweg._src.base import nest
from thalweg._src.base.errors import ShapeError
from thalweg._src.core import symbolic
from thalweg._src.core.symbolic import PROBES, symbols_in
from thalweg._src.function.staging import Output, Part


def node_when_symbolic(function: Callable[..., Any]) -> Callable[..., Any]:
    """Decorator: among symbolic tensors the function becomes a node, which calls it with real ones.

    The shapes of the results are found as for ops: the function is traced under each probe. Symbolic
    tensors must be arguments; those that a given function closes over are not seen.
    """

    @functools.wraps(function)
    def public(*args: Any, **kwargs: Any) -> Any:
        symbols = list({id(s): s for s in symbols_in((args, kwargs))}.values())
        if not symbols:
            return function(*args, **kwargs)

        def call(*tensors: Any) -> Any:
            by_symbol = {id(s): t for s, t in zip(symbols, tensors, strict=True)}
            given = symbolic.substitute((args, kwargs), lambda s: by_symbol[id(s)])
            return function(*given[0], **given[1])

        name = function.__name__
        parts = [Part(call, [s.probe(size) for s in symbols], name) for size in PROBES]
        specs = []
        for leaves in zip(*(part.leaves for part in parts), strict=True):
            if not all(isinstance(leaf, Output) for leaf in leaves):
                raise ShapeError(f"[{name}] expected tensors as results, got {leaves[0]!r}.")
            try:
                specs.append(symbolic.merge_probes(list(leaves)))
            except ValueError as error:
                raise ShapeError(f"[{name}] {error}") from None
        outputs = symbolic.add_node(flat, args, kwargs, specs, name)
        return nest.pack_sequence_as(parts[0].structure, list(outputs))

    @functools.wraps(function)
    def flat(*args: Any, **kwargs: Any) -> Any:
        leaves = nest.flatten(function(*args, **kwargs), expand_composites=True)
        return leaves[0] if len(leaves) == 1 else tuple(leaves)

    return public
