"""Settings of Keras for the whole process: numerical ones, limits of training, what is printed."""

from __future__ import annotations

import os
from dataclasses import dataclass, field

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import xla


def _limit_from(variable: str) -> int | None:
    """Limit that an environment variable sets; None without one."""
    text = os.environ.get(variable)
    return _limit(int(text), variable) if text else None


def _limit(value: int | None, where: str) -> int | None:
    if value is not None and (isinstance(value, bool) or not isinstance(value, int) or value < 1):
        raise InvalidArgumentError(
            f"[{where}] expected an integer of 1 or more, or None for no limit, got {value!r}."
        )
    return value


@dataclass
class Settings:
    """What `keras.config` may change.

    Attributes:
        epsilon: Small number that keeps quotients and logarithms finite.
        image_data_format: Where images have their channels: ``"channels_last"`` or ``"channels_first"``.
        flash_attention: Whether attention uses a fused kernel on GPUs; None leaves it to the layer.
        interactive_logging: Progress goes to the standard output; else to the logger.
        max_epochs: No `fit` runs more epochs; None for no limit. Starts as ``KERAS_MAX_EPOCHS`` says.
        max_steps_per_epoch: No epoch of `fit`, `evaluate` or `predict` runs more steps; None for no limit.
            Starts as ``KERAS_MAX_STEPS_PER_EPOCH`` says.
        traceback_filtering: Tracebacks leave out the frames of the compiler's own code.
        unsafe_deserialization: Python code in files becomes functions without being asked for.
    """

    epsilon: float = 1e-7
    image_data_format: str = "channels_last"
    flash_attention: bool | None = None
    interactive_logging: bool = True
    max_epochs: int | None = field(default_factory=lambda: _limit_from("KERAS_MAX_EPOCHS"))
    max_steps_per_epoch: int | None = field(
        default_factory=lambda: _limit_from("KERAS_MAX_STEPS_PER_EPOCH")
    )
    traceback_filtering: bool = True
    unsafe_deserialization: bool = False


settings = Settings()


def backend() -> str:
    """``"tensorflow"``: the API that programs find here, whatever computes underneath.

    Programs ask in order to choose between `tf.GradientTape` and the functional API of JAX; the former
    is what works here.

    Source: `keras.config.backend`.
    """
    return "tensorflow"


def set_backend(backend: str) -> None:
    """Accepts ``"tensorflow"``, the one API that there is.

    Args:
        backend: ``"tensorflow"``.

    Raises:
        ValueError: Another backend.

    Source: `keras.config.set_backend`, which loads Keras anew on another framework. Here XLA computes in
    any case, and programs find TensorFlow's API.
    """
    if backend != "tensorflow":
        raise InvalidArgumentError(
            f"[set_backend] expected 'tensorflow', the one backend that there is, got {backend!r}; leave "
            "the call out."
        )


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
        raise ValueError(
            f"[set_epsilon] expected a positive number, got {value!r}; pass one like 1e-7."
        )
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


def max_epochs() -> int | None:
    """Largest number of epochs that any `fit` runs; None for no limit.

    Source: `keras.config.max_epochs`.
    """
    return settings.max_epochs


def set_max_epochs(max_epochs: int | None) -> None:
    """Limits the epochs of every `fit`, whatever it is asked for: to try a program quickly.

    Args:
        max_epochs: 1 or more, or None for no limit.

    Raises:
        ValueError: Another value.

    Source: `keras.config.set_max_epochs`.
    """
    settings.max_epochs = _limit(max_epochs, "set_max_epochs")


def max_steps_per_epoch() -> int | None:
    """Largest number of steps in any epoch; None for no limit.

    Source: `keras.config.max_steps_per_epoch`.
    """
    return settings.max_steps_per_epoch


def set_max_steps_per_epoch(max_steps_per_epoch: int | None) -> None:
    """Limits the steps of every epoch of `fit`, `evaluate` and `predict`: to try a program quickly.

    Args:
        max_steps_per_epoch: 1 or more, or None for no limit.

    Raises:
        ValueError: Another value.

    Source: `keras.config.set_max_steps_per_epoch`.
    """
    settings.max_steps_per_epoch = _limit(max_steps_per_epoch, "set_max_steps_per_epoch")


def enable_interactive_logging() -> None:
    """Lets progress go to the standard output, as it does at first.

    Source: `keras.config.enable_interactive_logging`.
    """
    settings.interactive_logging = True


def disable_interactive_logging() -> None:
    """Lets progress go to the logger named ``"thalweg"``, as one line of level INFO at each end.

    Source: `keras.config.disable_interactive_logging`, whose lines go to the logger of absl.
    """
    settings.interactive_logging = False


def is_interactive_logging_enabled() -> bool:
    """Whether progress goes to the standard output instead of the logger.

    Source: `keras.config.is_interactive_logging_enabled`.
    """
    return settings.interactive_logging


def enable_traceback_filtering() -> None:
    """Leaves the compiler's own frames out of tracebacks, as at first.

    Source: `keras.config.enable_traceback_filtering`, which leaves out those of Keras.
    """
    _filter_tracebacks(True)


def disable_traceback_filtering() -> None:
    """Shows tracebacks in full, with the frames inside JAX.

    Source: `keras.config.disable_traceback_filtering`.
    """
    _filter_tracebacks(False)


def _filter_tracebacks(filtered: bool) -> None:
    settings.traceback_filtering = filtered
    xla.jax.config.update("jax_traceback_filtering", "auto" if filtered else "off")


def is_traceback_filtering_enabled() -> bool:
    """Whether tracebacks leave out the compiler's own frames.

    Source: `keras.config.is_traceback_filtering_enabled`.
    """
    return settings.traceback_filtering


def enable_flash_attention() -> None:
    """Lets attention use a fused kernel on GPUs wherever it can.

    On other devices nothing changes: XLA fuses attention there as well as it can.

    Source: `keras.config.enable_flash_attention`.
    """
    settings.flash_attention = True


def disable_flash_attention() -> None:
    """Lets attention be computed without a fused kernel.

    Source: `keras.config.disable_flash_attention`.
    """
    settings.flash_attention = False


def is_flash_attention_enabled() -> bool | None:
    """True or False as it was set; None at first, which leaves it to each layer.

    Source: `keras.config.is_flash_attention_enabled`.
    """
    return settings.flash_attention


def is_nnx_enabled() -> bool:
    """False: layers are no Flax modules here.

    Source: `keras.config.is_nnx_enabled`.
    """
    return False


def enable_unsafe_deserialization() -> None:
    """Lets files run Python code from now on, whatever `safe_mode` says: their lambdas become functions.

    Code in a file can do whatever the program can: `load_model` with ``safe_mode=False`` allows it for one
    file, registered functions need it for none.

    Source: `keras.config.enable_unsafe_deserialization`.
    """
    settings.unsafe_deserialization = True
