"""`TensorBoard`: values, weights and the model's structure as event files for TensorBoard."""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from thalweg._src.base.api_names import tells_older_arguments
from thalweg._src.base.errors import SavingError
from thalweg._src.core import xla
from thalweg._src.keras.callbacks.base import Callback
from thalweg._src.summary import summaries
from thalweg._src.summary.writer import SummaryWriter, create_file_writer


class TensorBoard(Callback):
    """Writes event files that TensorBoard shows.

    Training's values go to ``log_dir/train``, those of validation and evaluation to
    ``log_dir/validation``; look at both with ``tensorboard --logdir log_dir``.

    Args:
        log_dir: Folder; one for each run.
        histogram_freq: Epochs between histograms of the weights; 0 for none.
        write_graph: Write the model's layers as a table and its config as JSON, under "Text".
        write_images: Also draw the weights as images, at `histogram_freq`.
        write_steps_per_second: Write the speed of training.
        update_freq: ``"epoch"``, ``"batch"``, or a number of steps between values of single steps.
        profile_batch: Number of a step (from 1), or a pair of first and last step, to profile; 0 for none.
        embeddings_freq: Epochs between copies of the embedding layers' weights; 0 for none.
        embeddings_metadata: File that names the rows, or a dict of such files by layer name; or None.

    Raises:
        ValueError: `update_freq` or `profile_batch` is something else.

    Example:
        >>> import thalweg as tf
        >>> board = tf.keras.callbacks.TensorBoard("logs/run-1", histogram_freq=1)

    Source: `keras.callbacks.TensorBoard`. The graph is text: XLA's programs have no graph of TensorFlow's
    kind. Embeddings are tables of text, which TensorBoard's projector reads as well as checkpoints.
    """

    @tells_older_arguments("keras.callbacks.TensorBoard")
    def __init__(
        self,
        log_dir: str | os.PathLike[str] = "logs",
        histogram_freq: int = 0,
        write_graph: bool = True,
        write_images: bool = False,
        write_steps_per_second: bool = False,
        update_freq: Any = "epoch",
        profile_batch: Any = 0,
        embeddings_freq: int = 0,
        embeddings_metadata: Any = None,
    ) -> None:
        super().__init__()
        self.log_dir = os.fspath(log_dir)
        self.histogram_freq = histogram_freq
        self.write_graph = write_graph
        self.write_images = write_images
        self.write_steps_per_second = write_steps_per_second
        self.update_freq = 1 if update_freq == "batch" else update_freq
        if self.update_freq != "epoch" and (
            not isinstance(self.update_freq, int) or self.update_freq < 1
        ):
            raise ValueError(
                "[TensorBoard] expected update_freq 'epoch', 'batch' or a positive int, got "
                f"{update_freq!r}."
            )
        self.embeddings_freq = embeddings_freq
        self.embeddings_metadata = embeddings_metadata
        self._profiled = _steps_to_profile(profile_batch)
        self._profiling = False
        self._writers: dict[str, SummaryWriter] = {}
        self._step = 0
        self._seen = 0
        self._written = 0
        self._epoch_began = 0.0
        if self._profiled is not None:
            self.batch_cadence = 1
        else:
            self.batch_cadence = sys.maxsize if self.update_freq == "epoch" else self.update_freq

    def _writer(self, name: str) -> SummaryWriter:
        if name not in self._writers:
            self._writers[name] = create_file_writer(os.path.join(self.log_dir, name))
        return self._writers[name]

    def _scalars(self, writer: str, prefix: str, values: Mapping[str, Any], step: int) -> None:
        with self._writer(writer).as_default(step=step):
            for name, value in values.items():
                if np.ndim(value) == 0:
                    summaries.scalar(f"{prefix}{name}", float(value))

    def on_train_begin(self, logs: dict[str, Any] | None = None) -> None:
        """Writes the model's structure."""
        self._step = self._written = 0
        if self.write_graph:
            self._write_structure()

    def _write_structure(self) -> None:
        lines: list[str] = []
        self.model.summary(line_length=100, print_fn=lines.append)
        table = "\n".join(f"    {line}" for line in "\n".join(lines).split("\n"))
        try:
            config = json.dumps(json.loads(self.model.to_json()), indent=1)
        except (SavingError, NotImplementedError) as error:
            config = str(error)
        with self._writer("train").as_default(step=0):
            summaries.text("model", table)
            summaries.text("config", "\n".join(f"    {line}" for line in config.split("\n")))

    def on_epoch_begin(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Starts the epoch's clock."""
        self._seen = 0
        self._epoch_began = time.perf_counter()

    def on_train_batch_begin(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Begins the profile at its step."""
        if self._profiled is not None and not self._profiling and self._step + 1 == self._profiled[0]:
            xla.jax.profiler.start_trace(self.log_dir)
            self._profiling = True

    def on_train_batch_end(self, batch: int, logs: dict[str, Any] | None = None) -> None:
        """Writes the values of the step, when it is time."""
        done = batch + 1 - self._seen
        self._seen = batch + 1
        self._step += done
        if self._profiling and self._profiled is not None and self._step >= self._profiled[1]:
            self._end_profile()
        if self.update_freq == "epoch" or self._step - self._written < self.update_freq:
            return
        self._written = self._step
        values = dict(logs or {})
        if self.write_steps_per_second:
            elapsed = max(time.perf_counter() - self._epoch_began, 1e-9)
            values["steps_per_second"] = self._seen / elapsed
        self._scalars("train", "batch_", values, self._step)

    def on_epoch_end(self, epoch: int, logs: dict[str, Any] | None = None) -> None:
        """Writes the values of the epoch, and the weights when it is time."""
        values = dict(logs or {})
        training = {k: v for k, v in values.items() if not k.startswith("val_")}
        validation = {k.removeprefix("val_"): v for k, v in values.items() if k.startswith("val_")}
        rate = getattr(self.model.optimizer, "learning_rate", None)
        if rate is not None:
            training["learning_rate"] = float(rate)
        if self.write_steps_per_second:
            elapsed = max(time.perf_counter() - self._epoch_began, 1e-9)
            training["steps_per_second"] = self._seen / elapsed
        self._scalars("train", "epoch_", training, epoch)
        if validation:
            self._scalars("validation", "epoch_", validation, epoch)
        if self.histogram_freq and epoch % self.histogram_freq == 0:
            self._write_weights(epoch)
        if self.embeddings_freq and epoch % self.embeddings_freq == 0:
            self._write_embeddings(epoch)

    def _write_weights(self, epoch: int) -> None:
        with self._writer("train").as_default(step=epoch):
            for weight in self.model.weights:
                name = getattr(weight, "path", weight.name).replace(":", "_")
                summaries.histogram(f"{name}/histogram", weight.numpy())
                image = _as_image(weight.numpy()) if self.write_images else None
                if image is not None:
                    summaries.image(f"{name}/image", image)

    def _write_embeddings(self, epoch: int) -> None:
        """Tables of the embeddings, and the file that tells the projector of them."""
        folder = Path(self.log_dir) / "train"
        folder.mkdir(parents=True, exist_ok=True)
        entries = []
        for layer in self.model._flatten_layers():
            if not hasattr(layer, "embeddings"):
                continue
            file = folder / f"{layer.name}-{epoch}.tsv"
            np.savetxt(file, np.asarray(layer.embeddings.numpy(), np.float32), "%.6g", "\t")
            lines = [f'tensor_name: "{layer.name}"', f'tensor_path: "{file.name}"']
            names = self.embeddings_metadata
            names = names.get(layer.name) if isinstance(names, Mapping) else names
            if names is not None:
                lines.append(f'metadata_path: "{os.fspath(names)}"')
            entries.append("embeddings {\n" + "".join(f"  {line}\n" for line in lines) + "}\n")
        (folder / "projector_config.pbtxt").write_text("".join(entries))

    def on_test_end(self, logs: dict[str, Any] | None = None) -> None:
        """Writes the values of an evaluation over the optimizer's steps."""
        optimizer = self.model.optimizer
        step = int(optimizer.iterations) if hasattr(optimizer, "iterations") else 0
        values = {f"{name}_vs_iterations": value for name, value in (logs or {}).items()}
        self._scalars("validation", "evaluation_", values, step)

    def _end_profile(self) -> None:
        if self._profiling:
            self._profiling = False
            xla.jax.profiler.stop_trace()

    def close(self) -> None:
        """Closes the files, however the run ended."""
        self._end_profile()
        for writer in self._writers.values():
            writer.close()
        self._writers.clear()

    def get_state(self) -> dict[str, Any]:
        """What an interrupted run needs to go on."""
        return {"step": self._step, "written": self._written, "seen": self._seen}

    def set_state(self, state: dict[str, Any]) -> None:
        """Goes on from what `get_state` told."""
        self._step, self._written, self._seen = state["step"], state["written"], state["seen"]


def _steps_to_profile(given: Any) -> tuple[int, int] | None:
    """First and last step to profile, from 1; None for none."""
    if isinstance(given, str):
        given = tuple(int(part) for part in given.split(","))
    if isinstance(given, (list, tuple)):
        first, last = (int(part) for part in given)
    else:
        first = last = int(given)
    if first == last == 0:
        return None
    if not 0 < first <= last:
        raise ValueError(
            f"[TensorBoard] expected profile_batch as a step or a pair (first, last), got {given!r}."
        )
    return first, last


def _as_image(array: np.ndarray[Any, Any]) -> Any:
    """A weight as images of shape ``(images, height, width, 1)`` from 0 to 1; None for other ranks."""
    array = np.asarray(array, np.float32)
    low, high = array.min(initial=0.0), array.max(initial=0.0)
    array = (array - low) / (high - low) if high > low else np.zeros_like(array)
    if array.ndim == 1:
        return array.reshape(1, 1, -1, 1)
    if array.ndim == 2:
        return (array if array.shape[0] >= array.shape[1] else array.T)[None, :, :, None]
    if array.ndim == 4:
        kernels = array.transpose(2, 3, 0, 1).reshape(-1, *array.shape[:2])
        return kernels[..., None]
    return None
