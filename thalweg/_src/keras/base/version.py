"""Which Keras' API is offered."""

from __future__ import annotations

__version__ = "3.15.0+thalweg"


def version() -> str:
    """``"3.15.0+thalweg"``: the version of Keras whose API this is.

    Source: `keras.version`.
    """
    return __version__
