"""Small callbacks: functions as hooks, an end at NaN, weights averaged over steps, values sent away."""

from __future__ import annotations

import json
import logging
import urllib.parse
import urllib.request
from collections.abc import Callable
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.callbacks.base import Callback
from thalweg._src.keras.callbacks.progress import say

_log = logging.getLogger("thalweg")
_SECONDS = 10


class LambdaCallback(Callback):
    """Calls functions as hooks.

    Args:
        on_epoch_begin: Function of ``(epoch, logs)``, or None.
        on_epoch_end: The same.
        on_train_begin: Function of ``(logs)``, or None.
        on_train_end: The same.
        on_train_batch_begin: Function of ``(batch, logs)``, or None; it makes `fit` run one step at a time.
        on_train_batch_end: The same.
        **kwargs: Further hooks by name.

    Example:
        >>> import thalweg as tf
        >>> show = tf.keras.callbacks.LambdaCallback(on_epoch_end=lambda epoch, logs: print(epoch))

    Source: `keras.callbacks.LambdaCallback`.
    """

    def __init__(
        self,
        on_epoch_begin: Callable[..., Any] | None = None,
        on_epoch_end: Callable[..., Any] | None = None,
        on_train_begin: Callable[..., Any] | None = None,
        on_train_end: Callable[..., Any] | None = None,
        on_train_batch_begin: Callable[..., Any] | None = None,
        on_train_batch_end: Callable[..., Any] | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__()
        hooks = {
            "on_epoch_begin": on_epoch_begin,
            "on_epoch_end": on_epoch_end,
            "on_train_begin": on_train_begin,
            "on_train_end": on_train_end,
            "on_train_batch_begin": on_train_batch_begin,
            "on_train_batch_end": on_train_batch_end,
        } | kwargs
        unknown = [name for name in hooks if not name.startswith("on_") or not hasattr(Callback, name)]
        if unknown:
            raise TypeError(f"[LambdaCallback] got unknown hooks {sorted(unknown)}.")
        for name, function in hooks.items():
            if function is not None:
                setattr(self, name, function)
        if any("batch" in name and function is not None for name, function in hooks.items()):
            self.batch_cadence = 1


class TerminateOnNaN(Callback):
    """Ends training when the loss is no longer finite.

    Args:
        raise_error: Raise an error instead of ending quietly.

    Source: `keras.callbacks.TerminateOnNaN`. `fit` looks at the loss after each step that it reports, as
    this callback asks for every step. ``fit(debug_nans=True)`` also names the layer at fault.
    """

    def __init__(self, raise_error: bool = False) -> None:
        super().__init__()
        self.raise_error = raise_error

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Looks at the loss."""
        loss = (logs or {}).get("loss")
        if loss is None or np.isfinite(loss).all():
            return
        if self.raise_error:
            raise InvalidArgumentError(
                f"[TerminateOnNaN] expected a finite loss, got {loss} after batch {batch}; lower the "
                "learning rate, clip gradients, or run fit(debug_nans=True)."
            )
        say(f"Batch {batch}: Invalid loss, terminating training")
        self.model.stop_training = True


class SwapEMAWeights(Callback):
    """Evaluates, and ends, with the moving averages of the weights that the optimizer keeps.

    Args:
        swap_on_epoch: Swap at the end of each epoch, before it is saved, and back at the next one's
            beginning; otherwise only around evaluation and prediction.

    Raises:
        ValueError: The optimizer has no ``use_ema=True``.

    Source: `keras.callbacks.SwapEMAWeights`.
    """

    def __init__(self, swap_on_epoch: bool = False) -> None:
        super().__init__()
        self.swap_on_epoch = swap_on_epoch
        self._swapped = False

    def _pairs(self) -> Any:
        optimizer = self.model.optimizer
        optimizer = getattr(optimizer, "inner_optimizer", optimizer)
        if not getattr(optimizer, "use_ema", False):
            raise InvalidArgumentError(
                f"[SwapEMAWeights] expected an optimizer with use_ema=True, got {optimizer!r}."
            )
        return optimizer.averages()

    def _swap(self) -> None:
        for weight, average in self._pairs():
            one, two = weight.numpy().copy(), average.numpy().copy()
            weight.assign(two)
            average.assign(one)
        self._swapped = not self._swapped

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Swaps the trained weights in."""
        if self.swap_on_epoch and self._swapped:
            self._swap()

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Swaps the averages in; after the last epoch they stay, also in the optimizer."""
        if not self.swap_on_epoch or self._swapped:
            return
        self._swap()
        if epoch + 1 >= self.params.get("epochs", 0) or self.model.stop_training:
            # The optimizer puts its averages into the weights when training ends.
            for weight, average in self._pairs():
                average.assign(weight.numpy())

    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Swaps the averages in."""
        if not self._swapped:
            self._swap()

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        """Swaps the trained weights in."""
        if self._swapped:
            self._swap()

    def on_predict_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Swaps the averages in."""
        if not self._swapped:
            self._swap()

    def on_predict_end(self, logs: dict[str, Any] | None = None) -> None:
        """Swaps the trained weights in."""
        if self._swapped and not self.swap_on_epoch:
            self._swap()

    def get_state(self) -> dict[str, Any]:
        """What an interrupted run needs to go on."""
        return {"swapped": self._swapped}

    def set_state(self, state: dict[str, Any]) -> None:
        """Goes on from what `get_state` told."""
        self._swapped = state["swapped"]


class RemoteMonitor(Callback):
    """Sends the values of each epoch to a server by HTTP.

    Args:
        root: Address of the server.
        path: Path to post to.
        field: Name of the form field that holds the values as JSON.
        headers: Further headers, or None.
        send_as_json: Send the values as a JSON document instead of a form.

    Source: `keras.callbacks.RemoteMonitor`. A server that does not answer costs a warning, never the run.
    """

    def __init__(
        self,
        root: str = "http://localhost:9000",
        path: str = "/publish/epoch/end/",
        field: str = "data",
        headers: dict[str, str] | None = None,
        send_as_json: bool = False,
    ) -> None:
        super().__init__()
        if not root.startswith(("http://", "https://")):
            raise ValueError(f"[RemoteMonitor] expected root as an http address, got {root!r}.")
        self.root, self.path, self.field = root, path, field
        self.headers = headers
        self.send_as_json = send_as_json

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Sends the values."""
        values: dict[str, Any] = {"epoch": epoch}
        values |= {name: np.asarray(value).tolist() for name, value in (logs or {}).items()}
        headers = dict(self.headers or {})
        if self.send_as_json:
            body = json.dumps(values).encode()
            headers.setdefault("Content-Type", "application/json")
        else:
            body = urllib.parse.urlencode({self.field: json.dumps(values)}).encode()
        request = urllib.request.Request(self.root + self.path, body, headers)
        try:
            urllib.request.urlopen(request, timeout=_SECONDS).close()
        except OSError as error:
            _log.warning(
                "[RemoteMonitor] expected an answer from %s, got %s; values were not sent.", self.root, error
            )
