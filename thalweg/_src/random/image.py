"""Images changed at random: mirrored, cropped, made lighter; by a stream, or as a seed decides.

Each function draws a number and hands it to the op of `tf.image` that does the rest.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes
from thalweg._src.core.door import freeze
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor, is_static
from thalweg._src.ops.arguments import host_value
from thalweg._src.ops.comparison import less
from thalweg._src.ops.image import adjusting
from thalweg._src.ops.image.chosen import crop_chosen
from thalweg._src.ops.image.codecs.encoding import adjust_jpeg_quality
from thalweg._src.ops.image.flipping import flip_some
from thalweg._src.ops.image.images import need_rank
from thalweg._src.ops.indices import tensor_of
from thalweg._src.ops.inspection import shape as shape_of
from thalweg._src.random.arguments import seed_of
from thalweg._src.random.distributions import uniform
from thalweg._src.random.global_generator import stateful
from thalweg._src.random.stateless import stateless_uniform

# Draws floats or integers: ``draw(shape, minval, maxval, dtype)``.
Draw = Callable[..., Any]

_ROWS, _COLUMNS = -3, -2


def drawn_by(seed: Any) -> Draw:
    """Draws from the stream of the global generator that a seed names; None for the common one."""
    return partial(uniform, seed=seed)


def decided_by(where: str, seed: Any) -> Draw:
    """Draws that a stateless seed decides.

    Raises:
        InvalidArgumentError: It is none.
    """
    if seed is None:
        raise InvalidArgumentError(f"[{where}] expected seed as two integers, got None; write (1, 2).")
    key = seed_of(where, seed)

    def draw(shape: Any, minval: Any = 0, maxval: Any = None, dtype: Any = dtypes.float32) -> Any:
        return stateless_uniform(shape, key, minval, maxval, dtype)

    return draw


def beside(image: Any, value: Any) -> Any:
    """A drawn value on the host where the image is there, so that NumPy does the rest."""
    if isinstance(image, Tensor) and is_static(image):
        known = host_value(value)
        return value if known is None else Tensor(known)
    return value


def _range(where: str, lower: Any, upper: Any) -> tuple[float, float]:
    """Bounds of a factor.

    Raises:
        InvalidArgumentError: They are no range of factors.
    """
    if not 0 <= lower < upper:
        raise InvalidArgumentError(
            f"[{where}] expected 0 <= lower < upper, got lower={lower!r} and upper={upper!r}."
        )
    return lower, upper


def _brightness(where: str, image: Any, max_delta: Any, draw: Draw) -> Any:
    if max_delta < 0:
        raise InvalidArgumentError(
            f"[{where}] expected max_delta of 0 or more, got {max_delta!r}: it must be non-negative."
        )
    x = tensor_of(image)
    return adjusting.adjust_brightness(x, beside(x, draw((), -max_delta, max_delta)))


@stateful
def random_brightness(image: Any, max_delta: float, seed: int | None = None) -> Any:
    """Images made lighter or darker at random, all of a batch by the same amount.

    Args:
        image: Real tensor, see `tf.image.adjust_brightness`.
        max_delta: Largest amount, 0 or more: it is drawn from ``[-max_delta, max_delta)``.
        seed: Integer that names a stream of its own; see `tf.random.set_seed`.

    Returns:
        Tensor like `image`.

    Source: `tf.image.random_brightness`.
    """
    return _brightness("random_brightness", image, max_delta, drawn_by(seed))


def stateless_random_brightness(image: Any, max_delta: float, seed: Any) -> Any:
    """Images made lighter or darker, as `seed` decides.

    Args:
        image: Real tensor, see `tf.image.adjust_brightness`.
        max_delta: Largest amount, 0 or more.
        seed: Two integers, as a tensor of shape ``(2,)``.

    Returns:
        Tensor like `image`.

    Source: `tf.image.stateless_random_brightness`. The numbers differ from TensorFlow's.
    """
    where = "stateless_random_brightness"
    return _brightness(where, image, max_delta, decided_by(where, seed))


def _contrast(where: str, image: Any, lower: Any, upper: Any, draw: Draw) -> Any:
    x = tensor_of(image)
    return adjusting.adjust_contrast(x, beside(x, draw((), *_range(where, lower, upper))))


@stateful
def random_contrast(image: Any, lower: float, upper: float, seed: int | None = None) -> Any:
    """Images made harder or flatter at random, all of a batch by the same factor.

    Args:
        image: Real tensor ``(..., height, width, channels)``, see `tf.image.adjust_contrast`.
        lower: Smallest factor, 0 or more.
        upper: End of the range of factors, itself not drawn.
        seed: Integer that names a stream of its own; see `tf.random.set_seed`.

    Returns:
        Tensor like `image`.

    Source: `tf.image.random_contrast`.
    """
    return _contrast("random_contrast", image, lower, upper, drawn_by(seed))


def stateless_random_contrast(image: Any, lower: float, upper: float, seed: Any) -> Any:
    """Images made harder or flatter, as `seed` decides.

    Args:
        image: Real tensor ``(..., height, width, channels)``, see `tf.image.adjust_contrast`.
        lower: Smallest factor, 0 or more.
        upper: End of the range of factors.
        seed: Two integers, as a tensor of shape ``(2,)``.

    Returns:
        Tensor like `image`.

    Source: `tf.image.stateless_random_contrast`. The numbers differ from TensorFlow's.
    """
    where = "stateless_random_contrast"
    return _contrast(where, image, lower, upper, decided_by(where, seed))


def _hue(where: str, image: Any, max_delta: Any, draw: Draw) -> Any:
    if not 0 <= max_delta <= 0.5:
        raise InvalidArgumentError(
            f"[{where}] expected max_delta from 0 to 0.5, got {max_delta!r}; it counts turns."
        )
    x = tensor_of(image)
    return adjusting.adjust_hue(x, beside(x, draw((), -max_delta, max_delta)))


@stateful
def random_hue(image: Any, max_delta: float, seed: int | None = None) -> Any:
    """Images whose hues are turned at random, all of a batch by the same angle.

    Args:
        image: Real tensor ``(..., height, width, 3)``, see `tf.image.adjust_hue`.
        max_delta: Largest turn, from 0 to 0.5.
        seed: Integer that names a stream of its own; see `tf.random.set_seed`.

    Returns:
        Tensor like `image`.

    Source: `tf.image.random_hue`.
    """
    return _hue("random_hue", image, max_delta, drawn_by(seed))


def stateless_random_hue(image: Any, max_delta: float, seed: Any) -> Any:
    """Images whose hues are turned, as `seed` decides.

    Args:
        image: Real tensor ``(..., height, width, 3)``, see `tf.image.adjust_hue`.
        max_delta: Largest turn, from 0 to 0.5.
        seed: Two integers, as a tensor of shape ``(2,)``.

    Returns:
        Tensor like `image`.

    Source: `tf.image.stateless_random_hue`. The numbers differ from TensorFlow's.
    """
    where = "stateless_random_hue"
    return _hue(where, image, max_delta, decided_by(where, seed))


def _saturation(where: str, image: Any, lower: Any, upper: Any, draw: Draw) -> Any:
    x = tensor_of(image)
    return adjusting.adjust_saturation(x, beside(x, draw((), *_range(where, lower, upper))))


@stateful
def random_saturation(image: Any, lower: float, upper: float, seed: int | None = None) -> Any:
    """Images whose colours are made stronger or weaker at random, all of a batch by the same factor.

    Args:
        image: Real tensor ``(..., height, width, 3)``, see `tf.image.adjust_saturation`.
        lower: Smallest factor, 0 or more.
        upper: End of the range of factors, itself not drawn.
        seed: Integer that names a stream of its own; see `tf.random.set_seed`.

    Returns:
        Tensor like `image`.

    Source: `tf.image.random_saturation`.
    """
    return _saturation("random_saturation", image, lower, upper, drawn_by(seed))


def stateless_random_saturation(image: Any, lower: float, upper: float, seed: Any = None) -> Any:
    """Images whose colours are made stronger or weaker, as `seed` decides.

    Args:
        image: Real tensor ``(..., height, width, 3)``, see `tf.image.adjust_saturation`.
        lower: Smallest factor, 0 or more.
        upper: End of the range of factors.
        seed: Two integers, as a tensor of shape ``(2,)``. It must be given.

    Returns:
        Tensor like `image`.

    Source: `tf.image.stateless_random_saturation`. The numbers differ from TensorFlow's.
    """
    where = "stateless_random_saturation"
    return _saturation(where, image, lower, upper, decided_by(where, seed))


def _quality(where: str, image: Any, lowest: Any, highest: Any, draw: Draw) -> Any:
    if not 0 <= lowest < highest <= 100:
        raise InvalidArgumentError(
            f"[{where}] expected 0 <= min_jpeg_quality < max_jpeg_quality <= 100, got {lowest!r} and "
            f"{highest!r}."
        )
    x = tensor_of(image)
    return adjust_jpeg_quality(x, beside(x, draw((), lowest, highest, dtypes.int32)))


@stateful
def random_jpeg_quality(
    image: Any, min_jpeg_quality: int, max_jpeg_quality: int, seed: int | None = None
) -> Any:
    """An image with the faults that storing it as JPEG makes, at a random quality.

    Args:
        image: Real tensor ``(height, width, channels)``, see `tf.image.adjust_jpeg_quality`.
        min_jpeg_quality: Lowest quality, 0 or more.
        max_jpeg_quality: End of the range of qualities, itself not drawn, at most 100.
        seed: Integer that names a stream of its own; see `tf.random.set_seed`.

    Returns:
        Tensor like `image`.

    Source: `tf.image.random_jpeg_quality`.
    """
    where = "random_jpeg_quality"
    return _quality(where, image, min_jpeg_quality, max_jpeg_quality, drawn_by(seed))


def stateless_random_jpeg_quality(
    image: Any, min_jpeg_quality: int, max_jpeg_quality: int, seed: Any
) -> Any:
    """An image with the faults that storing it as JPEG makes, at a quality that `seed` decides.

    Args:
        image: Real tensor ``(height, width, channels)``, see `tf.image.adjust_jpeg_quality`.
        min_jpeg_quality: Lowest quality, 0 or more.
        max_jpeg_quality: End of the range of qualities, at most 100.
        seed: Two integers, as a tensor of shape ``(2,)``.

    Returns:
        Tensor like `image`.

    Source: `tf.image.stateless_random_jpeg_quality`. The numbers differ from TensorFlow's.
    """
    where = "stateless_random_jpeg_quality"
    return _quality(where, image, min_jpeg_quality, max_jpeg_quality, decided_by(where, seed))


def _flipped(where: str, image: Any, axis: int, draw: Draw) -> Any:
    x = tensor_of(image)
    need_rank(where, x, 3, 4)
    count: Any = ()
    if len(x.shape) == 4:
        count = (x.shape[0] if x.shape[0] is not None else shape_of(x)[0],)
    return flip_some(x, beside(x, less(draw(count), 0.5)), axis=axis)


@stateful
def random_flip_left_right(image: Any, seed: int | None = None) -> Any:
    """Images of which each has left and right exchanged with probability 1/2.

    Args:
        image: Tensor ``(batch, height, width, channels)`` or ``(height, width, channels)``.
        seed: Integer that names a stream of its own; see `tf.random.set_seed`.

    Returns:
        Tensor of the same shape.

    Source: `tf.image.random_flip_left_right`.
    """
    return _flipped("random_flip_left_right", image, _COLUMNS, drawn_by(seed))


def stateless_random_flip_left_right(image: Any, seed: Any) -> Any:
    """Images of which each has left and right exchanged, or not, as `seed` decides.

    Args:
        image: Tensor ``(batch, height, width, channels)`` or ``(height, width, channels)``.
        seed: Two integers, as a tensor of shape ``(2,)``.

    Returns:
        Tensor of the same shape.

    Example:
        >>> import thalweg as tf
        >>> images = tf.random.uniform((8, 4, 4, 3))
        >>> one, other = (tf.image.stateless_random_flip_left_right(images, (1, 2)) for _ in range(2))
        >>> bool(tf.reduce_all(one == other))
        True

    Source: `tf.image.stateless_random_flip_left_right`. The numbers differ from TensorFlow's.
    """
    where = "stateless_random_flip_left_right"
    return _flipped(where, image, _COLUMNS, decided_by(where, seed))


@stateful
def random_flip_up_down(image: Any, seed: int | None = None) -> Any:
    """Images of which each has top and bottom exchanged with probability 1/2.

    Args:
        image: Tensor ``(batch, height, width, channels)`` or ``(height, width, channels)``.
        seed: Integer that names a stream of its own; see `tf.random.set_seed`.

    Returns:
        Tensor of the same shape.

    Source: `tf.image.random_flip_up_down`.
    """
    return _flipped("random_flip_up_down", image, _ROWS, drawn_by(seed))


def stateless_random_flip_up_down(image: Any, seed: Any) -> Any:
    """Images of which each has top and bottom exchanged, or not, as `seed` decides.

    Args:
        image: Tensor ``(batch, height, width, channels)`` or ``(height, width, channels)``.
        seed: Two integers, as a tensor of shape ``(2,)``.

    Returns:
        Tensor of the same shape.

    Source: `tf.image.stateless_random_flip_up_down`. The numbers differ from TensorFlow's.
    """
    where = "stateless_random_flip_up_down"
    return _flipped(where, image, _ROWS, decided_by(where, seed))


def _cropped(value: Any, size: Any, draw: Draw, name: str | None) -> Any:
    x = tensor_of(value)
    sizes = freeze(size) if not isinstance(size, KerasTensor) else size
    return crop_chosen(x, beside(x, draw((len(x.shape),))), size=sizes, name=name)


@stateful
def random_crop(value: Any, size: Any, seed: int | None = None, name: str | None = None) -> Any:
    """A block of a tensor from a random place.

    Args:
        value: Tensor of any rank.
        size: Size of the block in each dimension; that of `value` to keep a dimension whole.
        seed: Integer that names a stream of its own; see `tf.random.set_seed`.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape `size`. Every place is as likely.

    Raises:
        InvalidArgumentError: The block is larger than the tensor.

    Example:
        >>> import thalweg as tf
        >>> tf.image.random_crop(tf.ones((8, 8, 3)), (4, 6, 3)).shape
        TensorShape([4, 6, 3])

    Source: `tf.image.random_crop`.
    """
    return _cropped(value, size, drawn_by(seed), name)


def stateless_random_crop(value: Any, size: Any, seed: Any, name: str | None = None) -> Any:
    """A block of a tensor from a place that `seed` decides.

    Args:
        value: Tensor of any rank.
        size: Size of the block in each dimension.
        seed: Two integers, as a tensor of shape ``(2,)``.
        name: Name of the node in a model's graph.

    Returns:
        Tensor of shape `size`.

    Raises:
        InvalidArgumentError: The block is larger than the tensor.

    Source: `tf.image.stateless_random_crop`. The numbers differ from TensorFlow's.
    """
    return _cropped(value, size, decided_by("stateless_random_crop", seed), name)


