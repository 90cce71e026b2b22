"""`History`: the record that `fit` returns."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.base.lazy import needed
from thalweg._src.keras.callbacks.base import Callback

_TRAINING_COLOR, _VALIDATION_COLOR = "#2b6cb0", "#2a9d4a"
_MOST_ACROSS = 3


class History(Callback):
    """Metrics of each epoch.

    Attributes:
        history: Lists of values by metric name, validation's with the prefix ``val_``.
        epoch: Numbers of the epochs, from 0.

    Source: `keras.callbacks.History`, which has neither `plot` nor `to_frame`.
    """

    def __init__(self) -> None:
        super().__init__()
        self.history: dict[str, list[float]] = {}
        self.epoch: list[int] = []
        # Epoch of each value: validation may run every few epochs only. Numbers go on in a second run.
        self._epochs: dict[str, list[int]] = {}
        self._shift = 0

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Starts the list of epochs anew; earlier values stay."""
        self.epoch = []
        self.model.history = self

    def get_state(self) -> dict[str, Any]:
        """What an interrupted run needs to go on."""
        return {
            "history": {k: list(v) for k, v in self.history.items()},
            "epoch": list(self.epoch),
            "epochs": {k: list(v) for k, v in self._epochs.items()},
            "shift": self._shift,
        }

    def set_state(self, state: dict[str, Any]) -> None:
        """Goes on from what `get_state` told."""
        self.history, self.epoch = state["history"], list(state["epoch"])
        self._epochs = {k: list(v) for k, v in state.get("epochs", {}).items()}
        self._shift = state.get("shift", 0)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Takes in an epoch."""
        if not self.epoch:
            earlier = max((numbers[-1] for numbers in self._epochs.values()), default=-1)
            self._shift = max(0, earlier + 1 - epoch)
        self.epoch.append(epoch)
        for name, value in (logs or {}).items():
            self.history.setdefault(name, []).append(value)
            self._epochs.setdefault(name, []).append(epoch + self._shift)
        self.model.history = self

    def to_frame(self) -> Any:
        """The values as a pandas DataFrame: a row for each epoch, a column for each metric.

        Returns:
            DataFrame whose index holds the numbers of the epochs, from 0; further runs with the same
            `History` go on with the next number. Where a metric has no value for an epoch there is NaN.

        Raises:
            ImportError: pandas is not installed.
        """
        pandas = needed("pandas", "History.to_frame", "pandas")
        series = {
            name: pandas.Series(list(values), index=self._epochs_of(name))
            for name, values in self.history.items()
        }
        frame = pandas.DataFrame(series)
        frame.index.name = "epoch"
        return frame

    def plot(self, metrics: str | Iterable[str] | None = None, ax: Any = None) -> Any:
        """Draws curves of the metrics over the epochs, for training and, where there are any, validation.

        Args:
            metrics: Names without the prefix ``val_``; None for all.
            ax: Axes of matplotlib to draw all curves on, or a sequence of axes with one for each metric;
                None makes a figure with axes for each metric.

        Returns:
            The axes: those that were given, or a list of new ones.

        Raises:
            ValueError: A metric has no values, or there are not as many axes as metrics.
            ImportError: matplotlib is not installed.
        """
        names = self._chosen(metrics)
        given: Sequence[Any]
        if ax is None:
            given = _new_axes(len(names))
        else:
            given = list(ax) if isinstance(ax, Iterable) else [ax] * len(names)
        if len(given) != len(names):
            raise InvalidArgumentError(
                f"[History.plot] expected one axes, or one for each of the metrics {names}, got {len(given)}."
            )
        alone = len({id(axes) for axes in given}) == len(names)
        for name, axes in zip(names, given, strict=True):
            self._draw(name, axes, alone)
        return given if ax is None else ax

    def _chosen(self, metrics: str | Iterable[str] | None) -> list[str]:
        known = list(dict.fromkeys(name.removeprefix("val_") for name in self.history))
        if metrics is None:
            names = known
        else:
            names = [metrics] if isinstance(metrics, str) else list(metrics)
        unknown = [name for name in names if name not in known]
        if unknown or not names:
            raise InvalidArgumentError(
                f"[History.plot] expected names among {known}, got {unknown or 'none'}; run fit before."
            )
        return names

    def _draw(self, name: str, axes: Any, alone: bool) -> None:
        for key, label, color, style in (
            (name, "training", _TRAINING_COLOR, "-"),
            (f"val_{name}", "validation", _VALIDATION_COLOR, "-" if alone else "--"),
        ):
            if key not in self.history:
                continue
            epochs = [number + 1 for number in self._epochs_of(key)]
            options = {"color": color} if alone else {}
            marker = "o" if len(epochs) < 30 else ""
            label = label if alone else key
            axes.plot(epochs, self.history[key], style, marker=marker, ms=4, label=label, **options)
        axes.set_xlabel("epoch")
        axes.locator_params(axis="x", integer=True)
        axes.grid(alpha=0.3)
        if alone:
            axes.set_title(name)
        axes.legend(frameon=False)

    def _epochs_of(self, name: str) -> list[int]:
        """Epoch of each value; 0, 1, ... for values that came otherwise than by training."""
        count = len(self.history[name])
        known = self._epochs.get(name, [])
        return known if len(known) == count else list(range(count))


def _new_axes(count: int) -> list[Any]:
    pyplot = needed("matplotlib.pyplot", "History.plot", '"thalweg[plot]"')
    across = min(count, _MOST_ACROSS)
    down = -(-count // across)
    _, grid = pyplot.subplots(
        down, across, figsize=(4.2 * across, 3.2 * down), squeeze=False, layout="constrained"
    )
    axes = list(grid.flat)
    for unused in axes[count:]:
        unused.remove()
    return axes[:count]
