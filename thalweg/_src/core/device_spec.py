"""`DeviceSpec`: the parts of a device's name, such as ``/job:localhost/task:0/device:GPU:1``."""

from __future__ import annotations

import re
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError

_PARTS = ("job", "replica", "task", "device_type", "device_index")
_SHORT_TYPES = ("CPU", "GPU", "TPU")
_INDEX = re.compile(r"\d+")


class DeviceSpec:
    """Parts of a device's name; a part that is None is left open.

    Args:
        job: Name of the job, such as ``"worker"``; ``"localhost"`` in a single process.
        replica: Index of the replica.
        task: Index of the task.
        device_type: ``"CPU"``, ``"GPU"`` or ``"TPU"``; written in any case.
        device_index: Index of the device.

    Example:
        >>> import thalweg as tf
        >>> tf.DeviceSpec.from_string("/job:worker/gpu:1").to_string()
        '/job:worker/device:GPU:1'

    Source: `tf.DeviceSpec`.
    """

    __slots__ = tuple(f"_{part}" for part in _PARTS)

    def __init__(
        self,
        job: str | None = None,
        replica: int | None = None,
        task: int | None = None,
        device_type: str | None = None,
        device_index: int | None = None,
    ) -> None:
        self._job = job
        self._replica = None if replica is None else int(replica)
        self._task = None if task is None else int(task)
        self._device_type = None if device_type is None else str(device_type).upper()
        self._device_index = None if device_index is None else int(device_index)

    @property
    def job(self) -> str | None:
        """Name of the job."""
        return self._job

    @property
    def replica(self) -> int | None:
        """Index of the replica."""
        return self._replica

    @property
    def task(self) -> int | None:
        """Index of the task."""
        return self._task

    @property
    def device_type(self) -> str | None:
        """Type, in capitals."""
        return self._device_type

    @property
    def device_index(self) -> int | None:
        """Index among the devices of the type."""
        return self._device_index

    @classmethod
    def from_string(cls, spec: str) -> DeviceSpec:
        """Spec of a name such as ``"/job:ps/task:1/device:GPU:*"``, ``"gpu:0"`` or ``"CPU"``.

        Args:
            spec: The name.

        Raises:
            ValueError: A part is unknown, or two device types are named.
        """
        found: dict[str, Any] = {}
        for part in filter(None, spec.strip().split("/")):
            words = part.split(":")
            if words[0] in ("job", "replica", "task") and len(words) == 2:
                found[words[0]] = words[1] if words[0] == "job" else _index(words[1], spec)
                continue
            if words[0] == "device" and len(words) in (2, 3):
                words = words[1:]
            elif words[0].upper() not in _SHORT_TYPES or len(words) > 2:
                raise InvalidArgumentError(
                    f"[DeviceSpec] expected job, replica, task or a device type, got {part!r} in "
                    f"{spec!r}; write a name such as '/job:localhost/device:GPU:0'."
                )
            if "device_type" in found:
                raise InvalidArgumentError(
                    f"[DeviceSpec] expected one device type, got two in {spec!r}; name one."
                )
            found["device_type"] = words[0]
            if len(words) == 2 and words[1] != "*":
                found["device_index"] = _index(words[1], spec)
        return cls(**found)

    def parse_from_string(self, spec: str) -> DeviceSpec:
        """Spec of a name, see `from_string`."""
        return type(self).from_string(spec)

    def to_string(self) -> str:
        """The name."""
        text = "".join(
            f"/{part}:{value}"
            for part, value in (
                ("job", self._job),
                ("replica", self._replica),
                ("task", self._task),
            )
            if value is not None
        )
        if self._device_type is None:
            return text
        index = "*" if self._device_index is None else self._device_index
        return f"{text}/device:{self._device_type}:{index}"

    def make_merged_spec(self, dev: DeviceSpec) -> DeviceSpec:
        """Spec with the parts of `dev`, and this spec's where `dev` leaves them open."""
        given = {part: getattr(dev, part) for part in _PARTS}
        return self.replace(**{part: value for part, value in given.items() if value is not None})

    def replace(self, **kwargs: Any) -> DeviceSpec:
        """Spec with some parts replaced."""
        return type(self)(**{**{part: getattr(self, part) for part in _PARTS}, **kwargs})

    def _parts(self) -> tuple[Any, ...]:
        return tuple(getattr(self, part) for part in _PARTS)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, DeviceSpec) and self._parts() == other._parts()

    def __hash__(self) -> int:
        return hash(self._parts())

    def __repr__(self) -> str:
        shown = ", ".join(
            f"{part}={value}"
            for part, value in zip(_PARTS, self._parts(), strict=True)
            if value is not None
        )
        return f"<DeviceSpec({shown})>"


def _index(text: str, spec: str) -> int:
    if not _INDEX.fullmatch(text):
        raise InvalidArgumentError(
            f"[DeviceSpec] expected an index made of digits, got {text!r} in {spec!r}; write for "
            "example 'GPU:0'."
        )
    return int(text)
