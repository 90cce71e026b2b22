"""`CutMix`: a part of each image replaced by that of another one of its batch."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.keras.layers.preprocessing.images.covering import rectangles
from thalweg._src.keras.layers.preprocessing.images.factors import drawn_between, range_of
from thalweg._src.keras.layers.preprocessing.images.image_layer import ImageLayer, each_image
from thalweg._src.keras.layers.preprocessing.images.mix_up import float_labels, partners
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.keras.random.distributions import beta
from thalweg._src.keras.random.noise import shuffle
from thalweg._src.ops.casting import cast
from thalweg._src.ops.clipping import maximum
from thalweg._src.ops.exponential import sqrt
from thalweg._src.ops.reduction import reduce_mean
from thalweg._src.ops.selection import where as select

# Parameters of a beta distribution are above 0; with this one, all of an image is kept or nothing.
_LEAST = 1e-3


class CutMix(ImageLayer):
    """Images with a rectangle of others of their batch in training, and labels mixed by area.

    Args:
        factor: Evenness: two numbers in [0, 1], or one number `n` for the range from 0 to `n`. The share of
            an image that is kept, if the rectangle lies inside, is drawn from the beta distribution with such
            a number as both parameters.
        seed: Integer that decides; None for one from the global generator.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        **kwargs: See `ImageLayer` and `Layer`.

    Call arguments:
        data: Batch of images, or a dictionary; see `ImageLayer`. Labels are floats, such as one-hot rows;
            boxes stay as they are. A single image stays as it is.
        training: Whether to mix.

    Raises:
        InvalidArgumentError: The factor does not fit.
        DTypeError: Labels are integers.

    Example:
        >>> import thalweg as tf
        >>> data = {"images": tf.ones((2, 4, 4, 3)), "labels": tf.constant([[1.0, 0.0], [0.0, 1.0]])}
        >>> tf.reduce_sum(tf.keras.layers.CutMix()(data)["labels"], -1).numpy().round(4).tolist()
        [1.0, 1.0]

    Source: Yun et al. 2019, "CutMix: regularization strategy to train strong classifiers with localizable
    features"; `keras.layers.CutMix`.
    """

    def __init__(
        self,
        factor: Any = 1.0,
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self.factor = range_of(self._where, "factor", factor, 0, 1)
        self._seeded(seed)

    def _draw(self, images: Any, seed: Any) -> Any:
        count = self._count(images)
        evenness = maximum(drawn_between(count, self.factor, seed, (1,)), _LEAST)
        side = sqrt(1.0 - beta((count, 1), evenness, evenness, "float32", seed=seed))
        masks = rectangles(self._size(images.shape), side, side, seed)
        return {
            "permutation_order": shuffle(np.arange(count, dtype="int32"), seed=seed),
            "batch_masks": masks,
            "mix_weight": 1.0 - reduce_mean(cast(masks, "float32"), [1, 2, 3], keepdims=True),
        }

    def _images(self, images: Any, transformation: Any) -> Any:
        masks = tensor_of(transformation["batch_masks"])
        return select(masks, partners(images, transformation), images)

    def _masks(self, masks: Any, transformation: Any) -> Any:
        return self._images(masks, transformation)

    def transform_labels(self, labels: Any, transformation: Any = None, training: bool = True) -> Any:
        """Labels mixed by area."""
        if self._passes(transformation, training):
            return labels
        labels = float_labels(self._where, labels)
        share = each_image(transformation["mix_weight"], len(labels.shape), labels.dtype)
        return labels * share + partners(labels, transformation) * (1.0 - share)
