"""`Operation`: anything that can be a node of a model's graph."""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from thalweg._src.base import nest
from thalweg._src.base.naming import snake_case
from thalweg._src.core.symbolic import KerasTensor, Node, symbols_in
from thalweg._src.keras.base.drawing import any_symbol, draw, infer
from thalweg._src.keras.base.rematerialization import RematMode, current_remat_mode, remat
from thalweg._src.keras.base.variable import names


class Operation:
    """Computation that draws itself: called on symbolic tensors it becomes a node of a graph.

    A subclass defines `call`; `Layer` is one that has weights.

    Args:
        name: Name; made from the class's when None.

    Example:
        >>> import thalweg as tf
        >>> class Double(tf.keras.Operation):
        ...     def call(self, x):
        ...         return x * 2
        >>> Double()(tf.keras.Input((3,))).shape
        (None, 3)

    Source: `keras.Operation`.
    """

    _name: str
    _inbound_nodes: list[Node]
    _remat: RematMode | None = None

    def __init__(self, name: str | None = None) -> None:
        object.__setattr__(self, "_inbound_nodes", [])
        object.__setattr__(self, "_remat", current_remat_mode())
        self._name = name or names.make(snake_case(type(self).__name__))

    @property
    def name(self) -> str:
        """Name, unique among automatic ones."""
        return self._name

    def call(self, *args: Any, **kwargs: Any) -> Any:
        """Computes the outputs; for subclasses."""
        raise NotImplementedError(
            f"[{type(self).__name__}] expected a subclass to define call(self, inputs), got none."
        )

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        if any_symbol(args, kwargs):
            return self.symbolic_call(*args, **kwargs)
        return self.rematerialized_call(self.call, *args, **kwargs)

    def rematerialized_call(self, layer_call: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
        """Result of a call that keeps less for its gradient, as the `RematScope` says.

        Args:
            layer_call: What is called, `call`.
            *args: Its arguments.
            **kwargs: Its keyword arguments.
        """
        rule = self._remat
        if rule is None:
            return layer_call(*args, **kwargs)
        if rule.mode == "activations":
            own = self.__dict__.get("activation")
            if own is None:
                return layer_call(*args, **kwargs)
            object.__setattr__(self, "activation", remat(own))
            try:
                return layer_call(*args, **kwargs)
            finally:
                object.__setattr__(self, "activation", own)
        applies = rule.mode == "full" or self.name in rule.layer_names
        if rule.mode == "larger_than":
            specs = infer(layer_call, args, kwargs, self.name)
            sizes = [math.prod(d or 1 for d in s.shape) for s in nest.flatten(specs)]
            applies = sum(sizes) > rule.output_size_threshold
        return (remat(layer_call) if applies else layer_call)(*args, **kwargs)

    def compute_output_spec(self, *args: Any, **kwargs: Any) -> Any:
        """Symbolic outputs for symbolic inputs, without adding to a graph."""
        return infer(self.call, args, kwargs, self.name)

    def symbolic_call(self, *args: Any, **kwargs: Any) -> Any:
        """Adds this call to the graph of its symbolic arguments and returns the symbolic outputs."""
        specs = self.compute_output_spec(*args, **kwargs)
        outputs = draw(self, args, kwargs, specs, self.name)
        self._inbound_nodes.append(next(symbols_in(outputs)).node)  # type: ignore[arg-type]
        return outputs

    @property
    def input(self) -> Any:
        """Symbolic inputs of the first call on symbolic tensors.

        Raises:
            AttributeError: There was no such call.
        """
        node = self._first_node("input")
        if not node.args and not node.kwargs:
            return node.outputs[0]
        found = list(symbols_in((node.args, node.kwargs)))
        if node.args and not isinstance(node.args[0], KerasTensor) and len(node.args) == 1:
            return node.args[0]
        return found[0] if len(found) == 1 else found

    @property
    def output(self) -> Any:
        """Symbolic outputs of the first call on symbolic tensors.

        Raises:
            AttributeError: There was no such call.
        """
        outputs = self._first_node("output").outputs
        return outputs[0] if len(outputs) == 1 else list(outputs)

    def _first_node(self, what: str) -> Node:
        if not self._inbound_nodes:
            raise AttributeError(
                f"[{type(self).__name__} {self.name!r}] expected a layer that is part of a model drawn from "
                f"keras.Input, to read .{what}; it has never been called on a symbolic tensor."
            )
        return self._inbound_nodes[0]

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal operation."""
        return {"name": self.name}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> Any:
        """Operation made from `get_config()`'s result."""
        return cls(**config)
