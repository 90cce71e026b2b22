"""Memory of devices: how it is taken, how much is in use."""

from __future__ import annotations

import os
from typing import Any

from thalweg._src.base.errors import (
    FailedPreconditionError,
    InvalidArgumentError,
    UnimplementedError,
)
from thalweg._src.core import device as devices
from thalweg._src.core import xla


def _grows() -> bool:
    return os.environ.get("XLA_PYTHON_CLIENT_PREALLOCATE", "true").lower() not in ("true", "1")


def _accelerator(where: str, physical: Any) -> None:
    devices.known_device(where, physical)
    if physical.device_type == "CPU":
        raise InvalidArgumentError(
            f"[{where}] expected a GPU, got {physical.name}: the memory of a CPU always grows as needed."
        )


def get_memory_growth(device: Any) -> bool:
    """True when memory of an accelerator is taken as needed, False when all is taken at the start.

    Args:
        device: Physical GPU.

    Source: `tf.config.experimental.get_memory_growth`. It is True unless the environment variable
    ``XLA_PYTHON_CLIENT_PREALLOCATE=true`` says otherwise.
    """
    _accelerator("config.experimental.get_memory_growth", device)
    return _grows()


def set_memory_growth(device: Any, enable: bool) -> None:
    """Chooses whether memory of accelerators is taken as needed, as it is by default.

    Args:
        device: Physical GPU; the choice holds for all.
        enable: True to take memory as needed.

    Raises:
        RuntimeError: The choice differs from the present one and devices are in use already.

    Source: `tf.config.experimental.set_memory_growth`.
    """
    _accelerator("config.experimental.set_memory_growth", device)
    if bool(enable) == _grows():
        return
    if xla.devices_started():
        raise FailedPreconditionError(
            "[config.experimental.set_memory_growth] expected to be called before devices are in use; "
            "set the environment variable XLA_PYTHON_CLIENT_PREALLOCATE to "
            f"{'false' if enable else 'true'} before the program starts."
        )
    os.environ["XLA_PYTHON_CLIENT_PREALLOCATE"] = "false" if enable else "true"


_peaks: dict[str, int] = {}


def get_memory_info(device: Any) -> dict[str, int]:
    """Memory in use on a device.

    Args:
        device: Name of a device that exists, such as ``"GPU:0"``.

    Returns:
        ``{"current": bytes, "peak": bytes}``. For a CPU: bytes of all tensors, and the most that was
        seen by a call of this function.

    Raises:
        ValueError: The device does not exist.

    Example:
        >>> import thalweg as tf
        >>> sorted(tf.config.experimental.get_memory_info("CPU:0"))
        ['current', 'peak']

    Source: `tf.config.experimental.get_memory_info`, which gives 0 for a CPU.
    """
    found = _existing("config.experimental.get_memory_info", device)
    stats = found.memory_stats()
    if stats is not None:
        return {"current": stats["bytes_in_use"], "peak": stats["peak_bytes_in_use"]}
    arrays = [a for a in xla.jax.live_arrays(found.platform) if found in a.devices()]
    current = sum(a.nbytes // len(a.devices()) for a in arrays)
    peak = _peaks[str(found)] = max(current, _peaks.get(str(found), 0))
    return {"current": current, "peak": peak}


def get_memory_usage(device: Any) -> int:
    """Bytes in use on a device, see `get_memory_info`.

    Args:
        device: Name of a device that exists, such as ``"GPU:0"``.

    Source: `tf.config.experimental.get_memory_usage`.
    """
    return get_memory_info(device)["current"]


def reset_memory_stats(device: Any) -> None:
    """Forgets the peak of `get_memory_info`.

    Args:
        device: Name of a CPU.

    Raises:
        NotImplementedError: The device is an accelerator, of which XLA keeps the peak since its start.

    Source: `tf.config.experimental.reset_memory_stats`.
    """
    found = _existing("config.experimental.reset_memory_stats", device)
    if found.memory_stats() is not None:
        raise UnimplementedError(
            f"[config.experimental.reset_memory_stats] expected a CPU, got {device!r}: XLA keeps the peak "
            "since the start of the program. Compare the differences of two readings."
        )
    _peaks.pop(str(found), None)


def _existing(where: str, name: Any) -> Any:
    """The XLA device of a name; never another in its place."""
    spec = devices.spec_of(where, name)
    kind = spec.device_type or ""
    found = devices.engine_devices(kind) if kind in devices.PLATFORMS else []
    index = spec.device_index or 0
    if index >= len(found):
        raise InvalidArgumentError(
            f"[{where}] expected a device that exists, got {name!r}; there are {devices.all_names()}."
        )
    return found[index]
