"""`CallbackList`: calls several callbacks as one."""

from __future__ import annotations

from collections.abc import Iterable
from inspect import signature
from typing import Any

from thalweg._src.keras.callbacks.base import Callback
from thalweg._src.keras.callbacks.history import History
from thalweg._src.keras.callbacks.progress import ProgbarLogger

# Where hooks take the logs: users write ``def on_train_begin(self, logs)`` without a default.
_LOGS_AT = {
    name: list(signature(hook).parameters).index("logs") - 1
    for name, hook in vars(Callback).items()
    if name.startswith("on_") and "logs" in signature(hook).parameters
}


class CallbackList:
    """Calls several callbacks as one.

    Args:
        callbacks: Callbacks, or one.
        add_history: Put a `History` in front, unless there is one.
        add_progbar: Put a progress bar at the end, unless there is one.
        model: The model that is trained.
        **params: Parameters of the run.

    Source: `keras.callbacks.CallbackList`.
    """

    def __init__(
        self,
        callbacks: Any = None,
        add_history: bool = False,
        add_progbar: bool = False,
        model: Any = None,
        **params: Any,
    ) -> None:
        self.callbacks = _listed(callbacks)
        if add_history and not any(isinstance(c, History) for c in self.callbacks):
            self.callbacks.append(History())
        if add_progbar and not any(isinstance(c, ProgbarLogger) for c in self.callbacks):
            self.callbacks.append(ProgbarLogger())
        if model is not None:
            self.set_model(model)
        if params:
            self.set_params(params)

    def append(self, callback: Callback) -> None:
        """Adds a callback at the end."""
        self.callbacks.append(callback)

    def set_model(self, model: Any) -> None:
        """Hands the model to all."""
        for callback in self.callbacks:
            callback.set_model(model)

    def set_params(self, params: dict[str, Any]) -> None:
        """Hands the run's parameters to all."""
        for callback in self.callbacks:
            callback.set_params(params)

    def batch_cadence(self, kind: str) -> int | None:
        """Steps between two calls of batch hooks that some callback needs; None for no such need.

        Args:
            kind: ``"train"``, ``"test"`` or ``"predict"``.
        """
        needs = [n for n in (_cadence(c, kind) for c in self.callbacks) if n is not None]
        return min(needs) if needs else None

    def call(self, hook: str, *args: Any) -> None:
        """Calls one hook of all callbacks, in order; those that save the others' state come last.

        Args:
            hook: Name of the hook.
            *args: Its arguments; logs that are left out or None are an empty dict.
        """
        at = _LOGS_AT.get(hook)
        if at is not None and (len(args) == at or (len(args) > at and args[at] is None)):
            args = (*args[:at], {})
        later = []
        for callback in self.callbacks:
            if getattr(callback, "runs_last", False):
                later.append(callback)
            else:
                getattr(callback, hook)(*args)
        for callback in later:
            getattr(callback, hook)(*args)

    def on_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Calls the hook before a step of training of all."""
        self.call("on_batch_begin", batch, logs)

    def on_batch_end(self, batch: int, logs: Any = None) -> None:
        """Calls the hook after a step of training of all."""
        self.call("on_batch_end", batch, logs)

    def on_epoch_begin(self, epoch: int, logs: Any = None) -> None:
        """Calls the hook before an epoch of all."""
        self.call("on_epoch_begin", epoch, logs)

    def on_epoch_end(self, epoch: int, logs: Any = None) -> None:
        """Calls the hook after an epoch of all."""
        self.call("on_epoch_end", epoch, logs)

    def on_predict_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Calls the hook before a step of prediction of all."""
        self.call("on_predict_batch_begin", batch, logs)

    def on_predict_batch_end(self, batch: int, logs: Any = None) -> None:
        """Calls the hook after a step of prediction of all."""
        self.call("on_predict_batch_end", batch, logs)

    def on_predict_begin(self, logs: Any = None) -> None:
        """Calls the hook before prediction of all."""
        self.call("on_predict_begin", logs)

    def on_predict_end(self, logs: Any = None) -> None:
        """Calls the hook after prediction of all."""
        self.call("on_predict_end", logs)

    def on_test_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Calls the hook before a step of evaluation of all."""
        self.call("on_test_batch_begin", batch, logs)

    def on_test_batch_end(self, batch: int, logs: Any = None) -> None:
        """Calls the hook after a step of evaluation of all."""
        self.call("on_test_batch_end", batch, logs)

    def on_test_begin(self, logs: Any = None) -> None:
        """Calls the hook before evaluation of all."""
        self.call("on_test_begin", logs)

    def on_test_end(self, logs: Any = None) -> None:
        """Calls the hook after evaluation of all."""
        self.call("on_test_end", logs)

    def on_train_batch_begin(self, batch: int, logs: Any = None) -> None:
        """Calls the hook before a step of training of all."""
        self.call("on_train_batch_begin", batch, logs)

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        """Calls the hook after a step of training of all."""
        self.call("on_train_batch_end", batch, logs)

    def on_train_begin(self, logs: Any = None) -> None:
        """Calls the hook before training of all."""
        self.call("on_train_begin", logs)

    def on_train_end(self, logs: Any = None) -> None:
        """Calls the hook after training of all."""
        self.call("on_train_end", logs)


def _cadence(callback: Any, kind: str) -> int | None:
    declared = getattr(callback, "batch_cadence", None)
    if declared is not None:
        return declared
    hooks = [f"on_{kind}_batch_begin", f"on_{kind}_batch_end"]
    if kind == "train":
        hooks += ["on_batch_begin", "on_batch_end"]
    overridden = any(getattr(type(callback), h, None) is not getattr(Callback, h) for h in hooks)
    return 1 if overridden else None


def _listed(callbacks: Any) -> list[Any]:
    if callbacks is None:
        return []
    items: Iterable[Any] = callbacks if isinstance(callbacks, (list, tuple)) else [callbacks]
    return list(items)
