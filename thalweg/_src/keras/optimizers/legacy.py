"""Names of the optimizers of Keras 2, which Keras 3 keeps to say what takes their place."""

from __future__ import annotations

from typing import Any


class _Legacy:
    """Refuses to be made."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        del args, kwargs
        name = type(self).__name__
        raise ImportError(
            f"[keras.optimizers.legacy.{name}] expected an optimizer of Keras 3; write "
            f"keras.optimizers.{name}, without decay= (pass learning_rate=schedules.InverseTimeDecay(...))."
        )


class Adagrad(_Legacy):
    """Raises ImportError, as in Keras 3: use `keras.optimizers.Adagrad`."""


class Adam(_Legacy):
    """Raises ImportError, as in Keras 3: use `keras.optimizers.Adam`."""


class Ftrl(_Legacy):
    """Raises ImportError, as in Keras 3: use `keras.optimizers.Ftrl`."""


class Optimizer(_Legacy):
    """Raises ImportError, as in Keras 3: use `keras.optimizers.Optimizer`."""


class RMSprop(_Legacy):
    """Raises ImportError, as in Keras 3: use `keras.optimizers.RMSprop`."""


class SGD(_Legacy):
    """Raises ImportError, as in Keras 3: use `keras.optimizers.SGD`."""
