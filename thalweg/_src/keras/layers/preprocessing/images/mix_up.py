"""`MixUp`: each image mixed with another one of its batch."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.errors import DTypeError
from thalweg._src.keras.layers.preprocessing.images.factors import positive
from thalweg._src.keras.layers.preprocessing.images.image_layer import ImageLayer, each_image
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.keras.random.distributions import beta
from thalweg._src.keras.random.noise import shuffle
from thalweg._src.ops.casting import cast
from thalweg._src.ops.gather import gather
from thalweg._src.ops.joining import concat


class MixUp(ImageLayer):
    """Images mixed with others of their batch in training, and labels with them.

    Args:
        alpha: Strength above 0: shares are drawn from the beta distribution with both parameters `alpha`.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        seed: Integer that decides; None for one from the global generator.
        **kwargs: See `ImageLayer` and `Layer`.

    Call arguments:
        data: Batch of images, or a dictionary; see `ImageLayer`. Labels are floats, such as one-hot rows; the
            boxes of both images are kept. A single image stays as it is.
        training: Whether to mix.

    Raises:
        InvalidArgumentError: `alpha` is no number above 0.
        DTypeError: Labels are integers.

    Example:
        >>> import thalweg as tf
        >>> data = {"images": tf.ones((2, 4, 4, 3)), "labels": tf.constant([[1.0, 0.0], [0.0, 1.0]])}
        >>> tf.reduce_sum(tf.keras.layers.MixUp()(data)["labels"], -1).numpy().round(4).tolist()
        [1.0, 1.0]

    Source: Zhang et al. 2018, "mixup: beyond empirical risk minimization"; `keras.layers.MixUp`.
    """

    def __init__(
        self,
        alpha: float = 0.2,
        data_format: str | None = None,
        seed: int | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self.alpha = positive(self._where, "alpha", alpha)
        self._seeded(seed)

    def _draw(self, images: Any, seed: Any) -> Any:
        count = self._count(images)
        return {
            "mix_weight": beta((count,), self.alpha, self.alpha, "float32", seed=seed),
            "permutation_order": shuffle(np.arange(count, dtype="int32"), seed=seed),
        }

    def _mixed(self, values: Any, transformation: Any) -> Any:
        share = each_image(transformation["mix_weight"], len(values.shape), values.dtype)
        return values * share + partners(values, transformation) * (1.0 - share)

    def _images(self, images: Any, transformation: Any) -> Any:
        return self._mixed(images, transformation)

    def _masks(self, masks: Any, transformation: Any) -> Any:
        floating = masks if masks.dtype.is_floating else cast(masks, self.compute_dtype)
        return self._mixed(floating, transformation)

    def transform_labels(self, labels: Any, transformation: Any = None, training: bool = True) -> Any:
        """Labels mixed like their images."""
        if self._passes(transformation, training):
            return labels
        return self._mixed(float_labels(self._where, labels), transformation)

    def transform_bounding_boxes(
        self, bounding_boxes: Any, transformation: Any = None, training: bool = True
    ) -> Any:
        """The boxes of both images: twice as many."""
        if self._passes(transformation, training):
            return bounding_boxes
        both = {key: tensor_of(value) for key, value in bounding_boxes.items()}
        if len(both["boxes"].shape) == 2:
            return bounding_boxes
        return {key: concat([v, partners(v, transformation)], axis=1) for key, v in both.items()}


def partners(values: Any, transformation: Any) -> Any:
    """What belongs to the image that each one is mixed with; a single one has none but itself."""
    order = tensor_of(transformation["permutation_order"])
    return values if int(order.shape[0]) == 1 else gather(values, order, axis=0)


def float_labels(where: str, labels: Any) -> Any:
    """Labels that can be mixed.

    Raises:
        DTypeError: They are integers.
    """
    labels = tensor_of(labels)
    if not labels.dtype.is_floating:
        raise DTypeError(
            f"[{where}] expected labels that can be mixed, floats, got {labels.dtype.name}; use one-hot "
            "rows: keras.ops.one_hot(labels, classes)."
        )
    return labels
