"""A run that can be killed: trains with much state and writes its final weights.

    python -m tests.keras.callbacks.resumable FOLDER KIND SAVE_FREQ
"""

from __future__ import annotations

import sys
import time
from pathlib import Path
from typing import Any

import numpy as np

from thalweg import keras

RNG = np.random.default_rng(0)
X = RNG.normal(size=(50, 4)).astype("float32")
Y = (X @ RNG.normal(size=(4, 1))).astype("float32")


class Noisy(keras.utils.PyDataset):
    """Batches with noise from NumPy's global generator."""

    def __len__(self) -> int:
        return 7

    def __getitem__(self, index: int) -> Any:
        rows = slice(index * 7, index * 7 + 7)
        return X[rows] + 0.01 * np.random.normal(size=X[rows].shape).astype("float32"), Y[rows]


class Slow(keras.callbacks.Callback):
    """Gives the killer time."""

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        time.sleep(0.02)


class Fail(keras.callbacks.Callback):
    """Ends the process's run after some steps, as a crash does."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        self.left = steps

    def on_train_batch_end(self, batch: int, logs: Any = None) -> None:
        self.left -= 1
        if self.left == 0:
            raise RuntimeError("crash")


def run(
    folder: Path, kind: str, save_freq: Any, crash: int | None = None, slow: bool = False
) -> dict[str, Any]:
    """Trains to the end, or to the crash; the finished run's weights and history."""
    keras.backend.clear_session()
    keras.utils.set_random_seed(3)
    rate = keras.optimizers.schedules.ExponentialDecay(0.05, 10, 0.9)
    plateau = kind != "schedule"
    model = keras.Sequential(
        [
            keras.Input((4,)),
            keras.layers.Dense(8, activation="relu"),
            keras.layers.Dropout(0.3),
            keras.layers.Dense(1),
        ]
    )
    model.compile(keras.optimizers.Adam(0.05 if plateau else rate), "mse", metrics=["mae"])
    callbacks: list[Any] = [
        keras.callbacks.BackupAndRestore(folder / "backup", save_freq=save_freq),
        keras.callbacks.EarlyStopping("val_loss", patience=3, restore_best_weights=True),
        keras.callbacks.CSVLogger(folder / "log.csv"),
    ]
    if plateau:
        callbacks.append(keras.callbacks.ReduceLROnPlateau("loss", patience=1, min_delta=0.05))
    if slow:
        callbacks.append(Slow())
    if crash is not None or not slow:
        callbacks.append(Fail(crash or -1))
    data = {"x": Noisy()} if kind == "dataset" else {"x": X, "y": Y, "batch_size": 8}
    history = model.fit(
        **data, epochs=6, validation_data=(X[:20], Y[:20]), verbose=0, callbacks=callbacks
    )
    found = {f"w{i}": w for i, w in enumerate(model.get_weights())}
    found |= {f"o{i}": v.numpy() for i, v in enumerate(model.optimizer.variables)}
    found |= {f"h_{name}": np.array(values) for name, values in history.history.items()}
    found["epochs"] = np.array(history.epoch)
    found["csv"] = np.frombuffer((folder / "log.csv").read_bytes(), np.uint8)
    return found


if __name__ == "__main__":
    where, kind, freq = Path(sys.argv[1]), sys.argv[2], sys.argv[3]
    result = run(where, kind, freq if freq == "epoch" else int(freq), slow=True)
    np.savez(where / "result.tmp.npz", **result)
    (where / "result.tmp.npz").rename(where / "result.npz")
