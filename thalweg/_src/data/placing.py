"""Steps that put elements on a device beforehand."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.core import xla
from thalweg._src.core.device import engine_device
from thalweg._src.data.node import Cursor, Node, Run, SimpleCursor


class OnDevice(Node):
    """The same elements on a device; strings, ragged and sparse elements stay where they are.

    Args:
        input: The elements.
        device: Name of the device.
        where: Name for messages.

    Raises:
        InvalidArgumentError: There is no such device.
    """

    name = "copy_to_device"

    def __init__(self, input: Node, device: Any, where: str) -> None:
        super().__init__(input)
        self._name = device
        self._device = engine_device(device, where)

    def open(self, run: Run) -> Cursor:
        """Cursor that copies."""
        return _DeviceCursor(self.inputs[0].open(run), self._device)

    def _identity(self) -> list[Any]:
        return [self.inputs, str(self._name)]

    def settings(self) -> dict[str, Any]:
        """The device."""
        return {"device": self._name}


class _DeviceCursor(SimpleCursor):
    def __init__(self, input: Cursor, device: Any) -> None:
        super().__init__(input)
        self._device = device

    def row(self) -> list[Any] | None:
        row = self.input.row()
        return None if row is None else [self._placed(value) for value in row]

    def _placed(self, value: Any) -> Any:
        if not isinstance(value, (np.ndarray, xla.ArrayImpl)) or value.dtype == object:
            return value
        return xla.jax.device_put(value, self._device)
