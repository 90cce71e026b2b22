"""Devices: which exist, which are visible, where tensors are made, how much memory is in use."""

from __future__ import annotations

import importlib.metadata
import importlib.util
from typing import Any, NamedTuple

from thalweg._src.base.config import switches
from thalweg._src.base.errors import (
    FailedPreconditionError,
    InvalidArgumentError,
    UnimplementedError,
)
from thalweg._src.core import xla
from thalweg._src.core.device_spec import DeviceSpec

# What XLA calls the platforms, by TensorFlow's types of devices.
PLATFORMS = {"CPU": ("cpu",), "GPU": ("cuda", "rocm"), "TPU": ("tpu",)}
_PLUGINS = ("jax_plugins", "libtpu", "jax_cuda12_plugin", "jax_cuda13_plugin", "jax_rocm60_plugin")


class PhysicalDevice(NamedTuple):
    """A device of this machine. Source: `tf.config.PhysicalDevice`.

    Attributes:
        name: Such as ``/physical_device:GPU:0``.
        device_type: ``"CPU"``, ``"GPU"`` or ``"TPU"``.
    """

    name: str
    device_type: str


class LogicalDevice(NamedTuple):
    """A device that tensors can be placed on. Source: `tf.config.LogicalDevice`.

    Attributes:
        name: Such as ``/device:GPU:0``.
        device_type: ``"CPU"``, ``"GPU"`` or ``"TPU"``.
    """

    name: str
    device_type: str


class LogicalDeviceConfiguration(NamedTuple):
    """How one logical device is cut out of a physical one.

    Attributes:
        memory_limit: Must be None: XLA does not split the memory of a device.
        experimental_priority: Must be None.
        experimental_device_ordinal: Must be None.

    Source: `tf.config.LogicalDeviceConfiguration`.
    """

    memory_limit: int | None = None
    experimental_priority: int | None = None
    experimental_device_ordinal: int | None = None


VirtualDeviceConfiguration = LogicalDeviceConfiguration


class _Choice:
    """What the program chose; None where it left the choice to us."""

    visible: dict[str, list[PhysicalDevice]] | None = None
    cpus: list[LogicalDeviceConfiguration] | None = None


_choice = _Choice()


def _accelerators_possible() -> bool:
    """False when no plugin is installed that could find one, so that nobody needs to be asked."""
    if any(importlib.util.find_spec(name) is not None for name in _PLUGINS):
        return True
    return bool(importlib.metadata.entry_points(group="jax_plugins"))


def engine_devices(kind: str) -> list[Any]:
    """Devices of this process of one type, as XLA knows them."""
    if kind != "CPU" and not xla.devices_started() and not _accelerators_possible():
        return []
    for platform in PLATFORMS[kind]:
        try:
            return list(xla.jax.local_devices(backend=platform))
        except RuntimeError:
            continue
    return []


def list_physical_devices(device_type: str | None = None) -> list[PhysicalDevice]:
    """Devices of this machine.

    Args:
        device_type: ``"CPU"``, ``"GPU"`` or ``"TPU"``; all when None.

    Returns:
        List of ``(name, device_type)``. There is one CPU, however many cores it has.

    Example:
        >>> import thalweg as tf
        >>> tf.config.list_physical_devices("CPU")
        [PhysicalDevice(name='/physical_device:CPU:0', device_type='CPU')]

    Source: `tf.config.list_physical_devices`. Asking for accelerators starts them.
    """
    found = []
    for kind in PLATFORMS:
        if device_type not in (None, kind):
            continue
        count = 1 if kind == "CPU" else len(engine_devices(kind))
        found += [PhysicalDevice(f"/physical_device:{kind}:{i}", kind) for i in range(count)]
    return found


def get_visible_devices(device_type: str | None = None) -> list[PhysicalDevice]:
    """Devices that this program uses.

    Args:
        device_type: ``"CPU"``, ``"GPU"`` or ``"TPU"``; all when None.

    Source: `tf.config.get_visible_devices`.
    """
    chosen = _choice.visible or {}
    found = []
    for kind in PLATFORMS:
        if device_type in (None, kind):
            found += chosen[kind] if kind in chosen else list_physical_devices(kind)
    return found


def set_visible_devices(devices: Any, device_type: str | None = None) -> None:
    """Chooses the devices that this program uses.

    Tensors are made on the first visible accelerator, or on the CPU when there is none.

    Args:
        devices: Physical devices, or one of them; an empty list hides all of the type.
        device_type: Type that is chosen; all types when None.

    Raises:
        ValueError: A device does not exist or is of another type.

    Source: `tf.config.set_visible_devices`. It may be called at any time; tensors that exist stay where
    they are. The CPU cannot be hidden.
    """
    wanted = [devices] if isinstance(devices, PhysicalDevice) else list(devices)
    known = list_physical_devices() if wanted else []
    for device in wanted:
        if device not in known or device_type not in (None, device.device_type):
            raise InvalidArgumentError(
                f"[config.set_visible_devices] expected devices of this machine of type "
                f"{device_type or 'any'}, got {device!r}; take them from "
                f"tf.config.list_physical_devices(), here {known}."
            )
    kinds = [device_type] if device_type else list(PLATFORMS)
    chosen = dict(_choice.visible or {})
    chosen.update({k: [d for d in wanted if d.device_type == k] for k in kinds})
    if not chosen.get("CPU", True):
        chosen.pop("CPU")
    _choice.visible = chosen
    _apply_visibility()


def _apply_visibility() -> None:
    """Makes new tensors go to the first visible device."""
    hidden = [k for k in ("GPU", "TPU") if (_choice.visible or {}).get(k) == []]
    if not xla.devices_started() and not _accelerators_possible():
        return
    visible = [d for kind in ("TPU", "GPU", "CPU") for d in _visible_engine_devices(kind)]
    default = xla.jax.local_devices()[0]
    moved = bool(visible) and (visible[0] != default or bool(hidden))
    xla.jax.config.update("jax_default_device", visible[0] if moved else None)


def _visible_engine_devices(kind: str) -> list[Any]:
    found = engine_devices(kind)
    chosen = (_choice.visible or {}).get(kind)
    if chosen is None or kind == "CPU":
        return found
    return [found[int(d.name.rpartition(":")[2])] for d in chosen]


def list_logical_devices(device_type: str | None = None) -> list[LogicalDevice]:
    """Devices that tensors can be placed on.

    Args:
        device_type: ``"CPU"``, ``"GPU"`` or ``"TPU"``; all when None.

    Example:
        >>> import thalweg as tf
        >>> tf.config.list_logical_devices("CPU")[0]
        LogicalDevice(name='/device:CPU:0', device_type='CPU')

    Source: `tf.config.list_logical_devices`. It starts the devices.
    """
    return [
        LogicalDevice(f"/device:{kind}:{index}", kind)
        for kind in PLATFORMS
        if device_type in (None, kind)
        for index in range(len(_visible_engine_devices(kind)))
    ]


def set_logical_device_configuration(device: PhysicalDevice, logical_devices: Any) -> None:
    """Splits the CPU into several logical devices, to try programs for many devices on one.

    Args:
        device: The CPU, from `list_physical_devices`.
        logical_devices: One `LogicalDeviceConfiguration` for each logical device.

    Raises:
        RuntimeError: Devices are in use already.
        NotImplementedError: `device` is an accelerator.

    Source: `tf.config.set_logical_device_configuration`. XLA cannot split an accelerator.
    """
    where = "config.set_logical_device_configuration"
    known_device(where, device)
    if device.device_type != "CPU":
        raise UnimplementedError(
            f"[{where}] expected the CPU, got {device.name}: XLA does not split accelerators. Set the "
            "environment variable XLA_PYTHON_CLIENT_MEM_FRACTION to limit its memory."
        )
    parts = list(logical_devices)
    if any(part != LogicalDeviceConfiguration() for part in parts) or not parts:
        raise InvalidArgumentError(
            f"[{where}] expected one or more LogicalDeviceConfiguration() without limits, got {parts}; "
            "the memory of a CPU is not limited."
        )
    if xla.devices_started():
        if len(parts) == len(engine_devices("CPU")):
            return
        raise FailedPreconditionError(
            f"[{where}] expected to be called before the first tensor is made, got {len(parts)} parts "
            f"when {len(engine_devices('CPU'))} are in use; move the call to the program's beginning."
        )
    xla.jax.config.update("jax_num_cpu_devices", len(parts))
    _choice.cpus = parts


def get_logical_device_configuration(device: PhysicalDevice) -> Any:
    """What `set_logical_device_configuration` was given for a device, or None.

    Args:
        device: A physical device.

    Source: `tf.config.get_logical_device_configuration`.
    """
    known_device("config.get_logical_device_configuration", device)
    return list(_choice.cpus) if device.device_type == "CPU" and _choice.cpus else None


set_virtual_device_configuration = set_logical_device_configuration
get_virtual_device_configuration = get_logical_device_configuration


def known_device(where: str, device: Any) -> None:
    """Refuses what is no physical device of this machine."""
    kind = getattr(device, "device_type", None)
    known = list_physical_devices(kind) if kind in PLATFORMS else []
    if device not in known:
        raise InvalidArgumentError(
            f"[{where}] expected a device from tf.config.list_physical_devices(), got {device!r}."
        )


def engine_device(name: Any, where: str = "device") -> Any:
    """The XLA device that a name stands for; None when the name leaves the choice open.

    Args:
        name: Name, `DeviceSpec` or `LogicalDevice`.
        where: Name of the function, for messages.

    Raises:
        InvalidArgumentError: The job or task is unknown, or, without soft placement, the device.
    """
    spec = spec_of(where, name)
    here = xla.jax.process_index()
    if spec.job not in (None, "localhost") or spec.replica or spec.task not in (None, here):
        raise InvalidArgumentError(
            f"[{where}] expected a device of this process, got {spec.to_string()!r}; there are "
            f"{all_names()}."
        )
    if spec.device_type is None:
        return None
    kind = spec.device_type.removeprefix("XLA_")
    found = _visible_engine_devices(kind) if kind in PLATFORMS else []
    index = spec.device_index or 0
    if index < len(found):
        return found[index]
    if switches.soft_device_placement:
        return engine_devices("CPU")[0]
    raise InvalidArgumentError(
        f"[{where}] expected a device that exists, got {spec.to_string()!r}; there are {all_names()}. "
        "Name one of them, or call tf.config.set_soft_device_placement(True)."
    )


def all_names() -> str:
    """Full names of all logical devices, for messages."""
    here = xla.jax.process_index()
    return ", ".join(
        f"/job:localhost/replica:0/task:{here}{d.name}" for d in list_logical_devices()
    )


def spec_of(where: str, name: Any) -> DeviceSpec:
    """Parts of a device's name, however it is given."""
    if isinstance(name, DeviceSpec):
        return name
    if isinstance(name, LogicalDevice):
        return DeviceSpec.from_string(name.name)
    if callable(name):
        raise FailedPreconditionError(
            f"[{where}] expected the name of a device, got a function; call it and pass the name."
        )
    if not isinstance(name, str):
        raise InvalidArgumentError(
            f"[{where}] expected the name of a device, got {name!r} of type {type(name).__name__}; "
            "write for example '/GPU:0', or take one from tf.config.list_logical_devices()."
        )
    return DeviceSpec.from_string(name)


class device:
    """Context in which tensors are made on a device.

    Args:
        device_name: Such as ``"/GPU:0"``, ``"CPU:0"`` or
            ``"/job:localhost/replica:0/task:0/device:CPU:1"``, a `DeviceSpec` or a logical device; None
            leaves the choice to us again. A device that does not exist stands for the CPU, unless
            `set_soft_device_placement(False)` was called.

    Raises:
        ValueError: The name is malformed, or names another process.

    Example:
        >>> import thalweg as tf
        >>> with tf.device("/CPU:0"):
        ...     x = tf.ones((2,))
        >>> x.device
        '/job:localhost/replica:0/task:0/device:CPU:0'

    Source: `tf.device`. Outside of it ops run on the default device again, and what they read is moved
    there. Inside a compiled function it has no effect: XLA runs a program where its inputs are.
    """

    def __init__(self, device_name: Any) -> None:
        self._device = None if device_name is None else engine_device(device_name)
        self._entered: list[Any] = []

    def __enter__(self) -> None:
        context = None if xla.tracing() else xla.jax.default_device(self._device)
        self._entered.append(context)
        if context is not None:
            context.__enter__()

    def __exit__(self, *details: object) -> None:
        context = self._entered.pop()
        if context is not None:
            context.__exit__(*details)
