"""`Callback`: hooks into training."""

from __future__ import annotations

from typing import Any


class Callback:
    """Hooks that `fit`, `evaluate` and `predict` call; override what you need.

    A callback that overrides a batch hook makes `fit` run one step per dispatch; all others let many
    steps run at once.

    Attributes:
        model: The model that is trained.
        params: ``verbose``, ``epochs`` and ``steps`` of the run.

    Example:
        >>> import thalweg as tf
        >>> class PrintLoss(tf.keras.callbacks.Callback):
        ...     def on_epoch_end(self, epoch, logs=None):
        ...         print(epoch, logs["loss"])

    Source: `keras.callbacks.Callback`.
    """

    # Built-in callbacks set this to the number of steps between two batch hooks that they need.
    batch_cadence: int | None = None
    # Whether its hooks run after those of all other callbacks.
    runs_last = False

    def __init__(self) -> None:
        self._model: Any = None
        self.params: dict[str, Any] = {}

    @property
    def model(self) -> Any:
        """The model that is trained."""
        return self.__dict__.get("_model")

    def set_params(self, params: dict[str, Any]) -> None:
        """Called with the run's parameters before it starts."""
        self.params = params

    def set_model(self, model: Any) -> None:
        """Called with the model before the run starts."""
        self._model = model

    def get_state(self) -> dict[str, Any]:
        """What the callback needs to go on with an interrupted run: plain data and arrays."""
        return {}

    def set_state(self, state: dict[str, Any]) -> None:
        """Goes on from what `get_state` told; called after `on_train_begin`."""

    def on_resume(self, epoch: int) -> None:
        """An epoch goes on that an earlier process began; in place of `on_epoch_begin`."""

    def close(self) -> None:
        """Called once a run is over, however it ended: close files and connections here."""

    def on_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Older name of `on_train_batch_begin`."""

    def on_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Older name of `on_train_batch_end`."""

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """An epoch of training starts."""

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """An epoch of training, with its validation, ended; `logs` holds the metrics."""

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """A training step starts."""
        self.on_batch_begin(batch, logs)

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """A training step ended."""
        self.on_batch_end(batch, logs)

    def on_test_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """A step of evaluation starts."""

    def on_test_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """A step of evaluation ended."""

    def on_predict_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """A step of prediction starts."""

    def on_predict_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """A step of prediction ended; ``logs["outputs"]`` holds its outputs."""

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Training starts."""

    def on_train_end(self, logs: dict[str, Any] | None = None) -> None:
        """Training ended."""

    def on_test_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Evaluation starts."""

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        """Evaluation ended."""

    def on_predict_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Prediction starts."""

    def on_predict_end(self, logs: dict[str, Any] | None = None) -> None:
        """Prediction ended."""
