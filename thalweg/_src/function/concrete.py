"""`ConcreteFunction`: one traced program, callable like an op.

The program is an `OpDef` of (arguments, Variables read, constants), so that tapes, enclosing programs
and export treat it like any other op.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from thalweg._src.base import nest
from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes, xla
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.door import call
from thalweg._src.core.opdef import OpDef
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.core.tensor import Tensor
from thalweg._src.function.trace import Body, apply_body


def program_op(body: Body) -> OpDef:
    """The body as an op: ``(arguments..., read values..., constants...) -> outputs, written values``."""
    count = body.argument_count + len(body.reads)

    def run(*arrays: Any) -> tuple[Any, ...]:
        return tuple(body.run(arrays[count:], *arrays[:count]))

    run.many = True  # type: ignore[attr-defined]
    constants = tuple(range(count, count + len(body.constants)))
    return OpDef(
        body.name,
        run,
        ("inputs",),
        (),
        variadic=True,
        matched=(),
        whole=True,
        gradient_inputs=xla.used_inputs(body.run) + constants,
    )


class ConcreteFunction:
    """One program of a compiled function, for arguments of fixed shapes and dtypes.

    Args:
        body: The traced program.
        arguments: ``(args, kwargs)`` of the trace, with specs in place of tensors.
        inputs: Spec of each tensor among them, those that ragged and sparse tensors are made of included.

    Source: `tf.types.experimental.ConcreteFunction`.
    """

    def __init__(
        self,
        body: Body,
        arguments: tuple[tuple[Any, ...], dict[str, Any]],
        inputs: Sequence[TensorSpec],
    ) -> None:
        self._body = body
        self._op = program_op(body)
        self.structured_input_signature = arguments
        self.inputs = list(inputs)

    @property
    def name(self) -> str:
        """Name of the Python function."""
        return self._body.name

    @property
    def on_host(self) -> bool:
        """Whether a part of it runs on the host."""
        return self._body.host is not None

    @property
    def variables(self) -> tuple[Any, ...]:
        """Variables that the program reads or assigns."""
        found = {id(v): v for v in [*self._body.reads, *self._body.writes]}
        return tuple(found.values())

    @property
    def trainable_variables(self) -> tuple[Any, ...]:
        """Those of `variables` that are trainable."""
        return tuple(v for v in self.variables if v.trainable)

    @property
    def captured_inputs(self) -> list[Any]:
        """Variables and constants that the program closes over."""
        return [*self._body.reads, *map(Tensor, self._body.constants)]

    @property
    def outputs(self) -> list[TensorSpec]:
        """Spec of each tensor in the result, in order."""
        arrays = self._body.run.jaxpr.out_avals[: self._body.output_count]  # type: ignore[attr-defined]
        return [TensorSpec(array.shape, dtypes.BY_NUMPY[array.dtype]) for array in arrays]

    @property
    def structured_outputs(self) -> Any:
        """Structure of the result, with a mark in place of each tensor."""
        return self._body.structure

    def run(self, tensors: Sequence[Tensor]) -> Any:
        """Result for the tensors among the arguments, in order."""
        return apply_body(self._body, tensors, self._call)

    def _call(self, inputs: list[Any]) -> Sequence[Tensor]:
        outputs = call(self._op, inputs, ())
        if self._body.calls_back and not xla.tracing():
            # What the program prints stands before what Python prints next.
            xla.jax.effects_barrier()
        return outputs

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        flat = nest.flatten((args, kwargs), expand_composites=True)
        leaves = [x for x in flat if not _is_python(x)]
        if len(leaves) != len(self.inputs):
            raise InvalidArgumentError(
                f"[function {self.name}] expected {len(self.inputs)} tensors, got {len(leaves)}; "
                f"the signature is {self.structured_input_signature}."
            )
        tensors = [convert_to_tensor(x, spec.dtype) for x, spec in zip(leaves, self.inputs, strict=True)]
        for tensor, spec in zip(tensors, self.inputs, strict=True):
            if tensor.shape != spec.shape:
                raise InvalidArgumentError(
                    f"[function {self.name}] expected a tensor of shape {spec.shape}, got "
                    f"{tensor.shape}; call the function itself to trace it for other shapes."
                )
        return self.run(tensors)

    def __repr__(self) -> str:
        return f"<ConcreteFunction {self.name}{self.structured_input_signature}>"


def _is_python(value: Any) -> bool:
    return value is None or isinstance(value, str) or callable(value)
