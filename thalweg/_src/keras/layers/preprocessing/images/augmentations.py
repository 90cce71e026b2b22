"""The kinds of changes that `RandAugment` and `AugMix` choose from, and the choice for each image."""

from __future__ import annotations

from functools import partial
from typing import Any

from thalweg._src.base.nest import map_structure
from thalweg._src.keras.layers.preprocessing.images.auto_contrast import AutoContrast
from thalweg._src.keras.layers.preprocessing.images.equalization import Equalization
from thalweg._src.keras.layers.preprocessing.images.image_layer import each_image
from thalweg._src.keras.layers.preprocessing.images.random_brightness import RandomBrightness
from thalweg._src.keras.layers.preprocessing.images.random_color_degeneration import (
    RandomColorDegeneration,
)
from thalweg._src.keras.layers.preprocessing.images.random_contrast import RandomContrast
from thalweg._src.keras.layers.preprocessing.images.random_posterization import RandomPosterization
from thalweg._src.keras.layers.preprocessing.images.random_rotation import RandomRotation
from thalweg._src.keras.layers.preprocessing.images.random_sharpness import RandomSharpness
from thalweg._src.keras.layers.preprocessing.images.random_shear import RandomShear
from thalweg._src.keras.layers.preprocessing.images.random_translation import RandomTranslation
from thalweg._src.keras.layers.preprocessing.images.solarization import Solarization
from thalweg._src.ops.selection import where as select


def kinds_of_changes(layer: Any, bounding_box_format: str | None = None, all_ops: bool = True) -> list[Any]:
    """One layer for each kind of change.

    Args:
        layer: Whose `factor`, `interpolation`, range of values, layout and dtype they have.
        bounding_box_format: Format of boxes that move with the images.
        all_ops: Whether brightness, colours, contrast and sharpness are among them.
    """
    strength = layer.factor
    common: dict[str, Any] = {
        "dtype": layer.dtype_policy,
        "data_format": layer.data_format,
        "bounding_box_format": bounding_box_format,
    }
    moves: dict[str, Any] = {"interpolation": layer.interpolation, **common}
    values: dict[str, Any] = {"value_range": layer.value_range, **common}
    found = [
        RandomShear(strength, strength, **moves),
        RandomTranslation(strength, strength, **moves),
        RandomRotation(strength, **moves),
        RandomPosterization(max(int(8 * strength[1]), 1), **values),
        Solarization(strength, strength, **values),
        AutoContrast(**values),
        Equalization(**values),
    ]
    if all_ops:
        more = (RandomBrightness, RandomColorDegeneration, RandomContrast, RandomSharpness)
        found += [kind(strength, **values) for kind in more]
    return found


def changed(kinds: list[Any], values: Any, transformations: list[Any], chosen: Any, method: str) -> Any:
    """Values of which each image's part is changed by the layer that was chosen for it.

    Args:
        kinds: The layers.
        values: What belongs to a batch of images, or to one: images, masks, or a dictionary of boxes.
        transformations: One of each layer.
        chosen: Number of the layer for each image ``(batch,)``; -1 for none.
        method: Name of the layers' method that changes such values.
    """
    found = values
    for number, (kind, transformation) in enumerate(zip(kinds, transformations, strict=True)):
        pick = partial(_picked, chosen == number)
        found = map_structure(pick, getattr(kind, method)(values, transformation), found)
    return found


def _picked(which: Any, one: Any, other: Any) -> Any:
    """`one` for the images that are chosen, else `other`; a single image has no batch."""
    return select(each_image(which, len(one.shape), "bool"), one, other)
