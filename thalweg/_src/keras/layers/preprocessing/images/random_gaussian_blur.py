"""`RandomGaussianBlur`: images blurred at random."""

from __future__ import annotations

from typing import Any

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.base.settings import epsilon
from thalweg._src.keras.layers.preprocessing.images.factors import drawn_between, range_of
from thalweg._src.keras.layers.preprocessing.images.image_layer import each_image
from thalweg._src.keras.layers.preprocessing.images.neighbours import weighted_neighbours
from thalweg._src.keras.layers.preprocessing.images.value_layer import ValueLayer, chosen
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.keras.ops.comparison import clip
from thalweg._src.keras.ops.geometry import each
from thalweg._src.ops.casting import cast
from thalweg._src.ops.clipping import maximum
from thalweg._src.ops.exponential import exp
from thalweg._src.ops.selection import where as select
from thalweg._src.ops.shaping import reshape


class RandomGaussianBlur(ValueLayer):
    """Images blurred at random in training, each with a bell of its own.

    Args:
        factor: Chance that it happens to an image: two numbers in [0, 1], or one number `n` for the range
            from 0 to `n`.
        kernel_size: Height and width of the window in pixels, odd integers, or one for both.
        sigma: Width of the bell in pixels: two numbers of 0 or more, or one number `n` for the range from
            0 to `n`; drawn for rows and columns.
        value_range: Least and largest value of pixels.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        seed: Integer that decides; None for one from the global generator.
        **kwargs: See `ImageLayer` and `Layer`.

    Call arguments:
        data: Images, or a dictionary; see `ImageLayer`.
        training: Whether to change anything.

    Raises:
        InvalidArgumentError: Arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> blur = tf.keras.layers.RandomGaussianBlur((1.0, 1.0), 3, (50.0, 50.0))
        >>> blur(tf.constant([[[0.0], [90.0], [0.0]]])).numpy().round(1).ravel().tolist()
        [10.0, 10.0, 10.0]

    Source: `keras.layers.RandomGaussianBlur`, which draws one bell for all images of a batch.
    """

    def __init__(
        self,
        factor: Any = 1.0,
        kernel_size: Any = 3,
        sigma: Any = 1.0,
        value_range: Any = (0, 255),
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self._takes_values(value_range, seed)
        self.factor = range_of(self._where, "factor", factor, 0, 1)
        self.kernel_size = each(self._where, "kernel_size", kernel_size, 2)
        if any(n % 2 == 0 for n in self.kernel_size):
            raise InvalidArgumentError(
                f"[{self._where}] expected kernel_size as odd integers, got {kernel_size!r}."
            )
        self.sigma = range_of(self._where, "sigma", sigma, 0, float("inf"))

    def _draw(self, images: Any, seed: Any) -> Any:
        count = self._count(images)
        return {
            "should_apply_blur": chosen(count, self.factor, seed),
            "blur_factor": drawn_between(count, self.sigma, seed, (2,)),
        }

    def _images(self, images: Any, transformation: Any) -> Any:
        widths = reshape(cast(tensor_of(transformation["blur_factor"]), "float32"), (-1, 2))
        blurred = images
        for axis, size in enumerate(self.kernel_size, 1):
            weights = _bell(size, widths[:, 2 - axis])
            blurred = weighted_neighbours(blurred, [each_image(w, 4, images.dtype) for w in weights], axis)
        which = each_image(transformation["should_apply_blur"], 4, "bool")
        return clip(select(which, blurred, images), *self.value_range)


def _bell(size: int, widths: Any) -> list[Any]:
    """Weights ``(batch,)`` of each pixel of a line of a window; a bell of no width leaves images alone."""
    places = [float(n - size // 2) for n in range(size)]
    weights = [exp((place / maximum(widths, epsilon())) ** 2 * -0.5) for place in places]
    whole = sum(weights[1:], weights[0])
    return [weight / whole for weight in weights]
