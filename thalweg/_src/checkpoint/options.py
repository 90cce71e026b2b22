"""`CheckpointOptions`: how a checkpoint is written."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from thalweg._src.base.errors import UnimplementedError


class CheckpointOptions:
    """How a checkpoint is written.

    Args:
        experimental_io_device: None, or the name of a local CPU: files are written by this process.
        experimental_enable_async_checkpoint: Older spelling of `enable_async`.
        experimental_write_callbacks: Functions to call after each checkpoint; one that takes an argument
            gets the checkpoint's path.
        enable_async: Whether `save` and `write` return once the values are taken, and a thread writes them;
            `sync` waits for it.
        experimental_skip_slot_variables: Must be False: restore ``Checkpoint(model=model)`` to leave out the
            optimizer.
        experimental_sharding_callback: Must be None: a checkpoint's arrays are in one file.

    Raises:
        NotImplementedError: An option that must be left alone.

    Source: `tf.train.CheckpointOptions`.
    """

    def __init__(
        self,
        experimental_io_device: str | None = None,
        experimental_enable_async_checkpoint: bool = False,
        experimental_write_callbacks: Sequence[Callable[..., Any]] | None = None,
        enable_async: bool = False,
        experimental_skip_slot_variables: bool = False,
        experimental_sharding_callback: Any = None,
    ) -> None:
        device = experimental_io_device or "localhost"
        for name, value, good in (
            ("experimental_io_device", device, "localhost" in device or "CPU" in device.upper()),
            ("experimental_skip_slot_variables", True, not experimental_skip_slot_variables),
            ("experimental_sharding_callback", "one", experimental_sharding_callback is None),
        ):
            if not good:
                raise UnimplementedError(
                    f"[CheckpointOptions] expected {name} left at its default, got {value!r}; leave it out."
                )
        self._io_device = experimental_io_device
        self._async = bool(enable_async or experimental_enable_async_checkpoint)
        self._write_callbacks = experimental_write_callbacks

    @property
    def enable_async(self) -> bool:
        """Whether a thread writes."""
        return self._async

    @property
    def experimental_enable_async_checkpoint(self) -> bool:
        """The same as `enable_async`."""
        return self._async

    @property
    def experimental_io_device(self) -> str | None:
        """Device whose process writes."""
        return self._io_device

    @property
    def experimental_write_callbacks(self) -> Sequence[Callable[..., Any]] | None:
        """Functions to call after each checkpoint."""
        return self._write_callbacks

    @property
    def experimental_skip_slot_variables(self) -> bool:
        """False."""
        return False

    @property
    def experimental_sharding_callback(self) -> None:
        """None."""
        return None
