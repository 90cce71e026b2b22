"""Debug mode: pipelines that can be stepped through."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class DebugMode:
    """Whether functions of data sets run in Python, element by element, without threads.

    Attributes:
        on: Whether they do.
    """

    on: bool = False


debug_mode = DebugMode()


def enable_debug_mode() -> None:
    """Runs the functions of data sets that are made from now on in Python, where a debugger can stop.

    Each is called for each element, when it is asked for, in the thread that asks; plans run as they are
    written.

    Source: `tf.data.experimental.enable_debug_mode`.
    """
    debug_mode.on = True
