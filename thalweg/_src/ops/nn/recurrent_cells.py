"""Steps of the recurrent nets and their derivatives, on feature-major arrays; see `recurrent_kernels`."""

from __future__ import annotations

from typing import Any

from jax import numpy as jnp

from thalweg._src.ops.nn.recurrent_kernels import ACTIVATIONS, Cell, Weights, activate, slope

_RECURRENT, _CANDIDATE = slice(0, 2), slice(2, 3)


class SimpleCell(Cell):
    """``h = activation(x + R h)``."""

    gates, states = 1, 1

    def __init__(self, activation: str) -> None:
        self.activation = activation

    def step(self, weights: Weights, projected: Any, state: Any) -> tuple[Any, Any]:
        """The new state."""
        total = projected + weights.apply(state[0])
        return (ACTIVATIONS[self.activation][0](total)[0],), None

    def prepare(self, saved: Any, before: Any, after: Any) -> Any:
        """Slopes of the activation."""
        return slope(self.activation, after[0])[:, None]

    def pull(self, weights: Weights, prepared: Any, cotangents: Any) -> tuple[Any, Any]:
        """Emits the cotangent of the projection."""
        back = cotangents[0] * prepared
        return (weights.pull(back),), back

    def finish(self, weights: Weights, prepared: Any, emitted: Any, before: Any) -> tuple[Any, ...]:
        """Both products have the same cotangent."""
        kernel, masks = weights.gradients(emitted, before[0])
        return emitted, kernel, None, masks


class LSTMCell(Cell):
    """Gates in the order input, forget, candidate, output.

    Source: Hochreiter and Schmidhuber 1997; the forget gate is that of Gers et al. 2000.
    """

    gates, states = 4, 2

    def __init__(self, activation: str, recurrent_activation: str) -> None:
        self.activation, self.recurrent = activation, recurrent_activation
        self.names = (recurrent_activation, recurrent_activation, activation, recurrent_activation)

    def step(self, weights: Weights, projected: Any, state: Any) -> tuple[Any, Any]:
        """New output and memory; saves the gates."""
        hidden, memory = state
        gates = activate(self.names, projected + weights.apply(hidden))
        into, forget, candidate, out = gates
        memory = forget * memory + into * candidate
        return (out * ACTIVATIONS[self.activation][0](memory), memory), gates

    def prepare(self, saved: Any, before: Any, after: Any) -> Any:
        """How memory and gates depend on one another: three arrays."""
        into, forget, candidate, out = (saved[:, gate] for gate in range(4))
        seen = ACTIVATIONS[self.activation][0](after[1])
        factors = jnp.stack(
            [
                candidate * slope(self.recurrent, into),
                before[1] * slope(self.recurrent, forget),
                into * slope(self.activation, candidate),
                seen * slope(self.recurrent, out),
            ],
            1,
        )
        return factors, out * slope(self.activation, seen), forget

    def pull(self, weights: Weights, prepared: Any, cotangents: Any) -> tuple[Any, Any]:
        """Emits the cotangent of the gates before their activation."""
        factors, through, forget = prepared
        hidden, memory = cotangents
        total = memory + hidden * through
        back = factors * jnp.stack([total, total, total, hidden])
        return (weights.pull(back), total * forget), back

    def finish(self, weights: Weights, prepared: Any, emitted: Any, before: Any) -> tuple[Any, ...]:
        """Both products have the same cotangent."""
        kernel, masks = weights.gradients(emitted, before[0])
        return emitted, kernel, None, masks


class GRUCell(Cell):
    """Gates in the order update, reset, candidate; the reset gate is applied after the product.

    Source: Cho et al. 2014, in the form of cuDNN.
    """

    gates, states = 3, 1
    separate_bias = True

    def __init__(self, activation: str, recurrent_activation: str) -> None:
        self.activation, self.recurrent = activation, recurrent_activation

    def step(self, weights: Weights, projected: Any, state: Any) -> tuple[Any, Any]:
        """The new state; saves the gates and the candidate's recurrent part."""
        (hidden,) = state
        recurrent = weights.apply(hidden)
        update, reset = activate((self.recurrent,) * 2, projected[:2] + recurrent[:2])
        activation = ACTIVATIONS[self.activation][0]
        candidate = activation(projected[2] + reset * recurrent[2])
        new = update * hidden + (1 - update) * candidate
        return (new,), (update, reset, candidate, recurrent[2])

    def prepare(self, saved: Any, before: Any, after: Any) -> Any:
        """Factors of the state's cotangent: for both products, and along the state."""
        update, reset, candidate, recurrent = saved
        inner = (1 - update) * slope(self.activation, candidate)
        on_update = (before[0] - candidate) * slope(self.recurrent, update)
        on_reset = inner * recurrent * slope(self.recurrent, reset)
        return jnp.stack([on_update, on_reset, inner * reset], 1), inner, update

    def pull(self, weights: Weights, prepared: Any, cotangents: Any) -> tuple[Any, Any]:
        """Emits the state's cotangent."""
        factors, _, update = prepared
        (hidden,) = cotangents
        return (hidden * update + weights.pull(hidden * factors),), hidden

    def finish(self, weights: Weights, prepared: Any, emitted: Any, before: Any) -> tuple[Any, ...]:
        """The candidate's parts have different cotangents."""
        factors, inner, _ = prepared
        recurrent = emitted[:, None] * factors
        projected = jnp.concatenate([recurrent[:, :2], (emitted * inner)[:, None]], 1)
        kernel, masks = weights.gradients(recurrent, before[0])
        return projected, kernel, jnp.sum(recurrent, (0, 3)), masks


class ResetFirstGRUCell(Cell):
    """The same with the reset gate applied to the state before the product. Source: Cho et al. 2014."""

    gates, states = 3, 1

    def __init__(self, activation: str, recurrent_activation: str) -> None:
        self.activation, self.recurrent = activation, recurrent_activation

    def step(self, weights: Weights, projected: Any, state: Any) -> tuple[Any, Any]:
        """The new state; saves the gates."""
        (hidden,) = state
        gates = projected[:2] + weights.apply(hidden, _RECURRENT)
        update, reset = activate((self.recurrent,) * 2, gates)
        inner = projected[2:] + weights.apply(reset * hidden, _CANDIDATE)
        candidate = ACTIVATIONS[self.activation][0](inner)[0]
        return (update * hidden + (1 - update) * candidate,), (update, reset, candidate)

    def prepare(self, saved: Any, before: Any, after: Any) -> Any:
        """Factors of the state's cotangent, and of the reset state's."""
        update, reset, candidate = saved
        on_update = (before[0] - candidate) * slope(self.recurrent, update)
        on_reset = before[0] * slope(self.recurrent, reset)
        return on_update, on_reset, (1 - update) * slope(self.activation, candidate), update, reset

    def pull(self, weights: Weights, prepared: Any, cotangents: Any) -> tuple[Any, Any]:
        """Emits the cotangent of the gates before their activation."""
        on_update, on_reset, on_candidate, update, reset = prepared
        (hidden,) = cotangents
        candidate = (hidden * on_candidate)[None]
        of_reset = weights.pull(candidate, _CANDIDATE)
        gates = jnp.stack([hidden * on_update, of_reset * on_reset])
        past = hidden * update + of_reset * reset + weights.pull(gates, _RECURRENT)
        return (past,), jnp.concatenate([gates, candidate])

    def finish(self, weights: Weights, prepared: Any, emitted: Any, before: Any) -> tuple[Any, ...]:
        """The candidate was multiplied with the reset state."""
        reset = prepared[-1]
        gates = weights.gradients(emitted[:, :2], before[0], _RECURRENT)
        candidate = weights.gradients(emitted[:, 2:], reset * before[0], _CANDIDATE)
        masks = None if gates[1] is None else jnp.concatenate([gates[1], candidate[1]])
        return emitted, jnp.concatenate([gates[0], candidate[0]], 1), None, masks
