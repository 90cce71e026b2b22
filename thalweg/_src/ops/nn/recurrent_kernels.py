"""Loops over time whose backward pass is written by hand, on arrays.

Inside, arrays are feature-major, ``(gates, units, batch)``, so that all gates of a step are one product
and one activation. Products with the inputs are taken for all steps before the loop. Backwards, what
does not depend on cotangents is computed for all steps before the loop too, and gradients of weights
after it: the loops hold one product a step. 16-bit inputs are added up, and states kept, in float32.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
from jax import lax
from jax import numpy as jnp

from thalweg._src.core import xla
from thalweg._src.ops.products import Factors, product

# Activations that the loops know: the function, and its slope where its value is y.
ACTIVATIONS: dict[str, tuple[Callable[[Any], Any], Callable[[Any], Any]]] = {
    "hard_sigmoid": (
        lambda x: jnp.clip(x / 6 + 0.5, 0, 1),
        lambda y: jnp.where((y > 0) & (y < 1), y.dtype.type(1 / 6), 0),
    ),
    "linear": (lambda x: x, jnp.ones_like),
    "relu": (lambda x: jnp.maximum(x, 0), lambda y: (y > 0).astype(y.dtype)),
    "sigmoid": (lambda x: 0.5 * jnp.tanh(0.5 * x) + 0.5, lambda y: y * (1 - y)),
    "tanh": (jnp.tanh, lambda y: 1 - y * y),
}


def activate(names: tuple[str, ...], x: Any) -> Any:
    """Each gate's activation of ``(gates, units, batch)``; sigmoid and tanh in one go."""
    if len(set(names)) == 1:
        return ACTIVATIONS[names[0]][0](x)
    if set(names) == {"sigmoid", "tanh"}:
        steep = np.array([0.5 if n == "sigmoid" else 1 for n in names], x.dtype)[:, None, None]
        return jnp.tanh(x * steep) * steep + (1 - steep)
    return jnp.stack([ACTIVATIONS[name][0](part) for name, part in zip(names, x, strict=True)])


def slope(name: str, y: Any) -> Any:
    """Derivative of an activation where its value is `y`."""
    return ACTIVATIONS[name][1](y)


def work_dtype(dtype: Any) -> Any:
    """Dtype of states and gates for inputs of a dtype."""
    return np.dtype(np.float32) if dtype.itemsize < 4 else dtype


def _dot(a: Any, b: Any) -> Any:
    """Matrix product ``a @ b`` in the dtype of `a`, added up in the wide one."""
    dims = (((1,), (0,)), ((), ()))
    return lax.dot_general(a, b.astype(a.dtype), dims, preferred_element_type=work_dtype(a.dtype))


class Weights(NamedTuple):
    """What turns a state into the recurrent part of the gates.

    Attributes:
        kernel: ``(units, gates * units)``.
        turned: The same as ``(gates, units, units)``: first the gate, then what goes out, then in.
        bias: ``(gates, units, 1)``, or None.
        masks: ``(gates, units, batch)`` by which each gate's state is multiplied, or None.
    """

    kernel: Any
    turned: Any
    bias: Any
    masks: Any

    @classmethod
    def of(cls, kernel: Any, bias: Any, masks: Any) -> Weights:
        """Weights in the forms that the loops read.

        Args:
            kernel: ``(units, gates * units)``.
            bias: ``(gates * units,)``, or None.
            masks: ``(gates, batch, units)``, or None.
        """
        units = kernel.shape[0]
        wide = work_dtype(kernel.dtype)
        return cls(
            kernel,
            kernel.T.reshape(-1, units, units),
            None if bias is None else bias.astype(wide).reshape(-1, units, 1),
            None if masks is None else jnp.swapaxes(masks, 1, 2).astype(wide),
        )

    def columns(self, gates: slice) -> Any:
        """The kernel of some gates."""
        units = self.kernel.shape[0]
        start, stop, _ = gates.indices(self.turned.shape[0])
        return self.kernel[:, start * units : stop * units]

    def apply(self, state: Any, gates: slice = slice(None)) -> Any:
        """Recurrent part ``(gates, units, batch)`` of some gates for a state ``(units, batch)``."""
        turned = self.turned[gates]
        count, units, _ = turned.shape
        if self.masks is None:
            found = _dot(turned.reshape(-1, units), state).reshape(count, units, -1)
        else:
            parts = zip(turned, self.masks[gates], strict=True)
            found = jnp.stack([_dot(part, state * mask) for part, mask in parts])
        return found if self.bias is None else found + self.bias[gates]

    def pull(self, cotangent: Any, gates: slice = slice(None)) -> Any:
        """Cotangent of the state, from that of `apply`."""
        count, units, batch = cotangent.shape
        kernel = self.columns(gates)
        if self.masks is None:
            return _dot(kernel, cotangent.reshape(count * units, batch))
        kernels = jnp.split(kernel, count, 1)
        parts = zip(kernels, cotangent, self.masks[gates], strict=True)
        return sum(_dot(k, c) * mask for k, c, mask in parts)

    def gradients(self, cotangent: Any, state: Any, gates: slice = slice(None)) -> tuple[Any, Any]:
        """Gradients of the kernel and of the masks, summed over all steps.

        Args:
            cotangent: That of `apply` in every step: ``(time, gates, units, batch)``.
            state: The state in every step: ``(time, units, batch)``.
            gates: Which gates they belong to.

        Returns:
            ``(units, gates * units)``, and ``(gates, units, batch)`` or None.
        """
        time, count, units, batch = cotangent.shape
        if self.masks is None:
            return _kernel_gradient(self, cotangent.reshape(time, -1, batch), state), None
        parts = [cotangent[:, gate] for gate in range(count)]
        masks = self.masks[gates]
        kernel = [_kernel_gradient(self, p, state * m) for p, m in zip(parts, masks, strict=True)]
        back = zip(jnp.split(self.columns(gates), count, 1), parts, strict=True)
        of_masks = [jnp.sum(state * _product(k, "uz", part, "tzb", "tub"), 0) for k, part in back]
        return jnp.concatenate(kernel, 1), jnp.stack(of_masks)


def _kernel_gradient(weights: Weights, cotangent: Any, state: Any) -> Any:
    dtype = weights.kernel.dtype
    return _product(state.astype(dtype), "tub", cotangent.astype(dtype), "tzb", "uz")


def _product(a: Any, a_labels: str, b: Any, b_labels: str, out_labels: str) -> Any:
    """Product of arrays of one dtype, in the wide one."""
    b = b.astype(a.dtype)
    dtype = work_dtype(a.dtype)
    return product(Factors(a, tuple(a_labels), b, tuple(b_labels), tuple(out_labels), dtype))


def project(inputs: Any, kernel: Any, bias: Any, gates: int) -> Any:
    """The inputs' part of the gates for all steps.

    Args:
        inputs: ``(batch, time, features)``.
        kernel: ``(features, gates * units)``.
        bias: ``(gates * units,)``, or None.
        gates: Number of gates.

    Returns:
        ``(time, gates, units, batch)``.
    """
    wide = work_dtype(inputs.dtype)
    batch, time, features = inputs.shape
    # Two dimensions: XLA:CPU has no product of 16-bit arrays with a float32 result in every other form.
    rows = jnp.swapaxes(inputs, 0, 1).reshape(time * batch, features)
    found = lax.dot_general(kernel, rows, (((0,), (1,)), ((), ())), preferred_element_type=wide)
    if bias is not None:
        found = found + bias.astype(wide)[:, None]
    found = jnp.swapaxes(found.reshape(-1, time, batch), 0, 1)
    return found.reshape(time, gates, -1, batch)


def pull_projection(inputs: Any, kernel: Any, cotangent: Any) -> tuple[Any, Any, Any]:
    """Gradients of inputs, kernel and bias, from the cotangent of `project`."""
    flat = cotangent.reshape(cotangent.shape[0], -1, cotangent.shape[-1])
    low = flat.astype(kernel.dtype)
    return (
        _product(kernel, "fz", low, "tzb", "btf"),
        _product(inputs, "btf", low, "tzb", "fz"),
        jnp.sum(flat, (0, 2)),
    )


class Cell:
    """One step of a recurrent net and its derivative, on feature-major arrays.

    Attributes:
        gates: Number of gates.
        states: Number of states; the first one is the output.
        separate_bias: Whether the product with the state may have a bias of its own.
    """

    gates: int
    states: int
    separate_bias = False

    def step(self, weights: Weights, projected: Any, state: Any) -> tuple[Any, Any]:
        """New states ``(units, batch)``, and what `prepare` needs to know."""
        raise NotImplementedError

    def prepare(self, saved: Any, before: Any, after: Any) -> Any:
        """What `pull` needs in each step; all arrays have a leading time dimension."""
        raise NotImplementedError

    def pull(self, weights: Weights, prepared: Any, cotangents: Any) -> tuple[Any, Any]:
        """Cotangents of the states before a step, and what `finish` needs of it."""
        raise NotImplementedError

    def finish(self, weights: Weights, prepared: Any, emitted: Any, before: Any) -> tuple[Any, ...]:
        """Cotangent of the projection, gradients of recurrent kernel, its bias and the masks."""
        raise NotImplementedError


def run(
    cell: Cell, weights: Weights, projected: Any, first: Any, mask: Any, keep: str, unroll: bool
) -> tuple[Any, Any]:
    """Final states, and what was to be kept of every step.

    Args:
        cell: The cell.
        weights: Its recurrent weights.
        projected: ``(time, gates, units, batch)``.
        first: First states.
        mask: Boolean ``(time, 1, batch)``, False where states stay as they are; or None.
        keep: ``"nothing"``, ``"outputs"``, or ``"all"``: all states and what the cell saves.
        unroll: Whether to write out all steps.
    """

    def step(state: Any, row: Any) -> tuple[Any, Any]:
        part, live = row
        new, saved = cell.step(weights, part, state)
        if live is not None:
            new = tuple(jnp.where(live, n, o) for n, o in zip(new, state, strict=True))
        kept = {"nothing": None, "outputs": new[0], "all": (new, saved)}[keep]
        return new, kept

    return lax.scan(step, first, (projected, mask), unroll=_written_out(unroll))


def _written_out(unroll: bool) -> Any:
    """Steps of a loop that its body holds; True for all.

    On an accelerator a step is a few kernels, each as short as what starts it: eight steps in the body save
    half of them (LSTM of 16 units over 120 steps: 1.06 ms instead of 1.96 on an H200).
    """
    return True if unroll else 1 if xla.on_cpu() else 8


def run_back(
    cell: Cell,
    weights: Weights,
    first: Any,
    kept: Any,
    mask: Any,
    cotangents: tuple[Any, Any],
    unroll: bool,
) -> tuple[Any, tuple[Any, ...]]:
    """Cotangents of the first states, and the result of `Cell.finish`.

    Args:
        cell: The cell.
        weights: Its recurrent weights.
        first: First states.
        kept: All that `run` kept.
        mask: As for `run`.
        cotangents: That of the outputs ``(time, units, batch)`` or None, and those of the final states.
        unroll: Whether to write out all steps.
    """
    after, saved = kept
    before = tuple(jnp.concatenate([f[None], a[:-1]]) for f, a in zip(first, after, strict=True))
    prepared = cell.prepare(saved, before, after)

    def step(state: Any, row: Any) -> tuple[Any, Any]:
        part, upstream, live = row
        if upstream is not None:
            state = (state[0] + upstream, *state[1:])
        if live is None:
            return cell.pull(weights, part, state)
        past, emitted = cell.pull(weights, part, tuple(jnp.where(live, s, 0) for s in state))
        return tuple(p + jnp.where(live, 0, s) for p, s in zip(past, state, strict=True)), emitted

    upstream, final = cotangents
    of_first, emitted = lax.scan(
        step, final, (prepared, upstream, mask), reverse=True, unroll=_written_out(unroll)
    )
    return of_first, cell.finish(weights, prepared, emitted, before)
