"""`FlaxLayer`: a module of Flax as a layer."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.layers.base.layer import Layer
from thalweg._src.keras.layers.core.functions import restored, written
from thalweg._src.keras.layers.core.jax_layer import JaxLayer


class FlaxLayer(JaxLayer):
    """Computes its outputs by a Flax (Linen) module.

    The collection ``"params"`` of the module's variables becomes weights, which are trained; the others,
    such as ``"batch_stats"``, become weights that the module itself updates.

    Args:
        module: A `flax.linen.Module`.
        method: What computes the outputs: a method of the module, its name, or a function whose first
            parameter is the module; ``__call__`` when None. Its parameters are called ``inputs`` and, if
            it wants to know, ``training``; wrap it in a function where they have other names.
        variables: Variables as ``module.init`` gives them, by collection; made when the layer is built
            where None.
        **kwargs: ``seed`` of the module's draws, and what `Layer` takes.

    Call arguments:
        inputs: Tensor, or a structure of them.
        training: Handed on to the module.

    Raises:
        InvalidArgumentError: The module has no ``init`` and ``apply``, or the method no ``inputs``.

    Example:
        >>> import thalweg as tf
        >>> class Scale:  # what a module of Flax looks like from here
        ...     def __call__(self, inputs): ...
        ...     def init(self, rng, inputs, method):
        ...         return {"params": {"scale": inputs[0, 0] * 2}}
        ...     def apply(self, variables, inputs, rngs, method, mutable):
        ...         return inputs * variables["params"]["scale"]
        >>> tf.keras.layers.FlaxLayer(Scale())(tf.fill((1, 2), 3.0)).numpy().tolist()
        [[6.0, 6.0]]

    Source: `keras.layers.FlaxLayer`. Only ``init`` and ``apply`` of the module are called, so that nothing of
    Flax is imported here.
    """

    def __init__(
        self, module: Any, method: Any = None, variables: Any = None, **kwargs: Any
    ) -> None:
        if not all(callable(getattr(module, name, None)) for name in ("init", "apply")):
            raise InvalidArgumentError(
                f"[FlaxLayer] expected a flax.linen module, with init and apply, got {module!r}."
            )
        names = inspect.signature(_function_of(module, method)).parameters
        if "inputs" not in names:
            raise InvalidArgumentError(
                "[FlaxLayer] expected a method with a parameter called inputs, got parameters "
                f"{list(names)}; give a function (module, inputs, training) that calls it as method."
            )
        init, run = _functions(module, method, "training" in names)
        params, state = (None, None) if variables is None else _split(variables)
        super().__init__(run, None if variables is not None else init, params, state, **kwargs)
        self.module, self.method, self.variables_given = module, method, variables

    def get_config(self) -> dict[str, Any]:
        """Arguments that make an equal layer; the module's class was registered, or cannot be saved."""
        config = Layer.get_config(self)
        for name in ("call_fn", "init_fn", "params", "state", "variables"):
            config.pop(name, None)
        bound = getattr(self.method, "__self__", None) is self.module and self.method is not None
        return config | {"method": self.method.__name__ if bound else written(self.method)}

    @classmethod
    def from_config(cls, config: dict[str, Any]) -> FlaxLayer:
        """Layer made from `get_config()`'s result, with fresh weights.

        Args:
            config: The config; the module's class, and a function as method, were registered.
        """
        made = {key: restored(value, None) for key, value in config.items() if key != "dtype"}
        return cls(**made, **{key: config[key] for key in ("dtype",) if key in config})


def _function_of(module: Any, method: Any) -> Callable[..., Any]:
    if isinstance(method, str):
        return getattr(module, method)
    return module.__call__ if method is None else method


def _split(variables: Any) -> tuple[Any, Any]:
    """Parameters, and the other collections."""
    state = {name: held for name, held in variables.items() if name != "params"}
    return variables.get("params", {}), state


def _functions(
    module: Any, method: Any, knows_training: bool
) -> tuple[Callable[..., Any], Callable[..., Any]]:
    """What makes the module's variables, and what computes with them, as `JaxLayer` calls them."""

    def init(rng: Any, inputs: Any, training: bool) -> Any:
        flags = {"training": training} if knows_training else {}
        return _split(module.init(rng, inputs, method=method, **flags))

    def run(params: Any, state: Any, rng: Any, inputs: Any, training: bool) -> Any:
        flags = {"training": training} if knows_training else {}
        variables = {"params": params, **state}
        # Without changing collections Flax returns the outputs alone.
        changing = list(state) or False
        found = module.apply(
            variables, inputs, rngs=rng, method=method, mutable=changing, **flags
        )
        return found if state else (found, state)

    return init, run
