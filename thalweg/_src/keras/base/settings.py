"""Settings of Keras for the whole process: epsilon and the layout of images."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Settings:
    """What `keras.config` may change.

    Attributes:
        epsilon: Small number that keeps quotients and logarithms finite.
        image_data_format: Where images have their channels: ``"channels_last"`` or ``"channels_first"``.
    """

    epsilon: float = 1e-7
    image_data_format: str = "channels_last"


settings = Settings()


def backend() -> str:
    """``"tensorflow"``: the API that programs find here, whatever computes underneath.

    Programs ask in order to choose between `tf.GradientTape` and the functional API of JAX; the former
    is what works here.

    Source: `keras.config.backend`.
    """
    return "tensorflow"


def epsilon() -> float:
    """Small number that keeps quotients and logarithms finite; 1e-7 unless `set_epsilon` changed it.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.config.epsilon()
        1e-07

    Source: `keras.config.epsilon`.
    """
    return settings.epsilon


def set_epsilon(value: float) -> None:
    """Sets the small number that keeps quotients and logarithms finite.

    Args:
        value: Positive number, such as 1e-4 for float16.

    Raises:
        ValueError: A number that is not positive.

    Source: `keras.config.set_epsilon`. Programs that are compiled already keep the old number.
    """
    if not value > 0:
        raise ValueError(f"[set_epsilon] expected a positive number, got {value!r}; pass one like 1e-7.")
    settings.epsilon = float(value)


def image_data_format() -> str:
    """Default layout of images: ``"channels_last"`` or ``"channels_first"``.

    Source: `keras.config.image_data_format`.
    """
    return settings.image_data_format


def set_image_data_format(data_format: str) -> None:
    """Sets the default layout of images.

    Args:
        data_format: ``"channels_last"``: ``(batch, height, width, channels)``; ``"channels_first"``:
            ``(batch, channels, height, width)``.

    Raises:
        ValueError: Another name.

    Source: `keras.config.set_image_data_format`.
    """
    settings.image_data_format = data_format_of(data_format, "set_image_data_format")


def data_format_of(given: str | None, where: str) -> str:
    """Layout for a layer's `data_format` argument; the default one for None.

    Args:
        given: ``"channels_last"``, ``"channels_first"`` or None.
        where: Name of the layer, for messages.

    Raises:
        ValueError: Another name.
    """
    if given is None:
        return settings.image_data_format
    chosen = str(given).lower()
    if chosen not in ("channels_last", "channels_first"):
        raise ValueError(
            f"[{where}] expected data_format 'channels_last' or 'channels_first', got {given!r}."
        )
    return chosen
