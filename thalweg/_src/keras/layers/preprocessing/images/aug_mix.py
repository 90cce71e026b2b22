"""`AugMix`: images mixed with changed ones of themselves."""

from __future__ import annotations

from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.keras.layers.preprocessing.images.augmentations import changed, kinds_of_changes
from thalweg._src.keras.layers.preprocessing.images.factors import (
    need_one_of,
    positive,
    range_of,
)
from thalweg._src.keras.layers.preprocessing.images.image_layer import each_image
from thalweg._src.keras.layers.preprocessing.images.value_layer import ValueLayer
from thalweg._src.keras.ops.arguments import tensor_of
from thalweg._src.keras.random.distributions import beta, randint
from thalweg._src.ops.creation import ones
from thalweg._src.ops.image.warping import INTERPOLATIONS
from thalweg._src.ops.joining import stack
from thalweg._src.ops.reduction import reduce_sum
from thalweg._src.ops.selection import where as select
from thalweg._src.ops.shaping import expand_dims, reshape, squeeze
from thalweg._src.ops.tiling import tile


class AugMix(ValueLayer):
    """Images mixed with several changed ones of themselves in training, so that they stay recognisable.

    Each image is changed in some chains of a few steps, of kinds that are drawn for each: colours, shifts,
    turns and others. The ends of the chains are mixed, and their mixture with the image.

    Args:
        value_range: Least and largest value of pixels.
        num_chains: Number of chains.
        chain_depth: Number of steps of a chain at most; 1 at least.
        factor: Strength: two numbers in [0, 1], or one number `n` for the range from 0 to `n`.
        alpha: How even mixtures are: all parameters of the Dirichlet and the beta distribution that shares
            are drawn from.
        all_ops: Whether brightness, colours, contrast and sharpness are among the kinds.
        interpolation: ``"bilinear"`` or ``"nearest"``; masks always take the nearest pixel.
        seed: Integer that decides; None for one from the global generator.
        data_format: ``"channels_last"`` or ``"channels_first"``; the default layout when None.
        **kwargs: See `ImageLayer` and `Layer`.

    Call arguments:
        data: Images, or a dictionary; see `ImageLayer`. Masks of floats, such as one-hot ones, are mixed like
            images; labels, boxes and masks of integers stay as they are.
        training: Whether to change anything.

    Raises:
        InvalidArgumentError: Arguments do not fit.

    Example:
        >>> import thalweg as tf
        >>> tf.keras.layers.AugMix(num_chains=2, chain_depth=1)(tf.ones((2, 4, 6, 3))).shape
        TensorShape([2, 4, 6, 3])

    Source: Hendrycks et al. 2020, "AugMix: a simple data processing method to improve robustness and
    uncertainty"; `keras.layers.AugMix`, which draws kinds and shares once for a batch.
    """

    def __init__(
        self,
        value_range: Any = (0, 255),
        num_chains: int = 3,
        chain_depth: int = 3,
        factor: Any = 0.3,
        alpha: float = 1.0,
        all_ops: bool = True,
        interpolation: str = "bilinear",
        seed: int | None = None,
        data_format: str | None = None,
        **kwargs: Any,
    ) -> None:
        super().__init__(data_format=data_format, **kwargs)
        self._takes_values(value_range, seed)
        for what, number in (("num_chains", num_chains), ("chain_depth", chain_depth)):
            if type(number) is not int or number < 1:
                raise InvalidArgumentError(
                    f"[{self._where}] expected {what} as a positive integer, got {number!r}."
                )
        self.num_chains, self.chain_depth = num_chains, chain_depth
        self.factor = range_of(self._where, "factor", factor, 0, 1)
        self.alpha = positive(self._where, "alpha", alpha)
        self.all_ops = all_ops
        self.interpolation = need_one_of(self._where, "interpolation", interpolation, INTERPOLATIONS)
        self._kinds = kinds_of_changes(self, all_ops=all_ops)

    def _draw(self, images: Any, seed: Any) -> Any:
        count = self._count(images)
        batch = expand_dims(images, 0) if len(images.shape) == 3 else images
        chains = self._repeated(batch)
        shape = (self.chain_depth, self.num_chains * count)
        kinds = randint(shape, 0, len(self._kinds), "int32", seed=seed)
        depths = randint(shape[1:], 1, self.chain_depth + 1, "int32", seed=seed)
        steps = np.arange(self.chain_depth, dtype="int32")[:, None]
        return {
            "chain_mixing_weights": self._shares_of_chains(count, seed),
            "weight_sample": beta((count,), self.alpha, self.alpha, "float32", seed=seed),
            "chain_transforms": [
                [kind.get_random_transformation(chains, seed=seed) for kind in self._kinds]
                for _ in range(self.chain_depth)
            ],
            "layer_idxes": select(steps < depths, kinds, -1),
        }

    def _shares_of_chains(self, count: int, seed: Any) -> Any:
        """Shares ``(chains, batch)`` of the Dirichlet distribution: one piece of the rest after another."""
        rest = ones((count,), "float32")
        shares = []
        for behind in range(self.num_chains - 1, 0, -1):
            part = beta((count,), self.alpha, self.alpha * behind, "float32", seed=seed)
            shares.append(part * rest)
            rest = (1.0 - part) * rest
        return stack([*shares, rest], axis=0)

    def _repeated(self, values: Any) -> Any:
        """A batch once for each chain."""
        return tile(values, (self.num_chains, 1, 1, 1))

    def _mixed(self, values: Any, transformation: Any, method: str) -> Any:
        """Images or masks, mixed with the ends of their chains."""
        if len(values.shape) == 3:
            return squeeze(self._mixed(expand_dims(values, 0), transformation, method), 0)
        ends = self._repeated(values)
        for step, drawn in enumerate(transformation["chain_transforms"]):
            chosen = tensor_of(transformation["layer_idxes"])[step]
            ends = changed(self._kinds, ends, drawn, chosen, method)
        shares = each_image(transformation["chain_mixing_weights"], 4, values.dtype)
        mixture = reduce_sum(reshape(ends * shares, (self.num_chains, *values.shape)), 0)
        own = each_image(transformation["weight_sample"], 4, values.dtype)
        return values * own + mixture * (1.0 - own)

    def transform_images(self, images: Any, transformation: Any = None, training: bool = True) -> Any:
        """Images after a transformation."""
        images = self._floats(images)
        if self._passes(transformation, training):
            return images
        return self._mixed(images, transformation, "transform_images")

    def transform_segmentation_masks(
        self, segmentation_masks: Any, transformation: Any = None, training: bool = True
    ) -> Any:
        """Masks of floats after a transformation; classes of others cannot be mixed."""
        masks = tensor_of(segmentation_masks)
        if self._passes(transformation, training) or not masks.dtype.is_floating:
            return segmentation_masks
        return self._mixed(masks, transformation, "transform_segmentation_masks")
