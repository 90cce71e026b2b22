"""Data sets of images in folders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from thalweg._src.core import dtypes
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.keras.base.settings import data_format_of
from thalweg._src.keras.ops.image_resizing import middle_part
from thalweg._src.keras.utils.directories import Request
from thalweg._src.ops.image.codecs.decoding import pixels_of
from thalweg._src.ops.image.resizing import METHODS, resized
from thalweg._src.ops.image.scaling import resized_with_pad

_WHERE = "image_dataset_from_directory"
_ENDINGS = (".bmp", ".gif", ".jpeg", ".jpg", ".png")
_CHANNELS = {"grayscale": 1, "rgb": 3, "rgba": 4}


def image_dataset_from_directory(
    directory: Any,
    labels: Any = "inferred",
    label_mode: str | None = "int",
    class_names: Sequence[str] | None = None,
    color_mode: str = "rgb",
    batch_size: int | None = 32,
    image_size: tuple[int, int] = (256, 256),
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    interpolation: str = "bilinear",
    follow_links: bool = False,
    crop_to_aspect_ratio: bool = False,
    pad_to_aspect_ratio: bool = False,
    data_format: str | None = None,
    format: str = "tf",
    verbose: bool = True,
) -> Any:
    """Batches of images in folders, one folder for each class. Files are read and resized by threads.

    Args:
        directory: Folder with a folder for each class, in which, and below which, are files with the endings
            jpg, jpeg, png, bmp and gif, of which the first frame is taken.
        labels: ``"inferred"`` from the folders; None for none; or a list with a label for each file, in the
            order of their paths: then folders need not be classes.
        label_mode: ``"int"`` for int32, ``"categorical"`` for one-hot rows, ``"binary"`` for 0.0 and 1.0 of
            shape ``(batch, 1)``, None for no labels.
        class_names: Folders to take, in this order; all, sorted, when None.
        color_mode: ``"rgb"``, ``"rgba"`` or ``"grayscale"``: 3, 4 or 1 channels.
        batch_size: Images in a batch; None for single ones.
        image_size: Height and width to which they are resized.
        shuffle: Whether the images have an order of their own in each pass; else they come sorted by path.
        seed: Names the order; it decides which files belong to which subset.
        validation_split: Part of the files, between 0 and 1, that is the validation subset.
        subset: ``"training"``, ``"validation"`` or ``"both"``, if `validation_split` is given.
        interpolation: How to resize: ``"bilinear"``, ``"nearest"``, ``"bicubic"``, ``"area"``,
            ``"lanczos3"``, ``"lanczos5"``, ``"gaussian"`` or ``"mitchellcubic"``, all without antialiasing.
        follow_links: Whether to go into folders that are links.
        crop_to_aspect_ratio: Take the largest middle part with the proportions of `image_size` first.
        pad_to_aspect_ratio: Keep the proportions of the image, and fill up with black around it.
        data_format: ``"channels_first"`` for ``(batch, channels, height, width)``; None for the default.
        format: ``"tf"``.
        verbose: Whether to print how many files there are.

    Returns:
        `tf.data.Dataset` of images, float32 ``(batch, height, width, channels)`` from 0 to 255, uint8 for
        ``"nearest"``, and labels, or of images alone, with the attributes ``class_names`` and ``file_paths``;
        a list of two for both subsets.

    Raises:
        FileNotFoundError: There is no such folder; when it is iterated, a file is gone.
        ValueError: Arguments do not fit each other, or the folder; when it is iterated, a file is no image.
            A note says which one. `Dataset.ignore_errors` leaves such files out; with batches, the rest of
            theirs, too.

    Example:
        ```
        training, validation = tf.keras.utils.image_dataset_from_directory(
            "pets", image_size=(180, 180), validation_split=0.2, subset="both", seed=1
        )
        model.fit(training, validation_data=validation)
        ```

    Source: `keras.utils.image_dataset_from_directory`. Subsets are the same as in Keras for a seed; within
    one, all files are shuffled, not those within a buffer. A split that leaves a subset empty, and labels
    other than 0, 1, ... where they are encoded, are errors.
    """
    request = Request(
        where=_WHERE,
        endings=_ENDINGS,
        directory=directory,
        labels=labels,
        label_mode=label_mode,
        class_names=class_names,
        batch_size=batch_size,
        shuffle=shuffle,
        seed=seed,
        validation_split=validation_split,
        subset=subset,
        follow_links=follow_links,
        format=format,
        verbose=verbose,
    )
    if color_mode not in _CHANNELS:
        request.refuse("color_mode", f"as one of {list(_CHANNELS)}", color_mode)
    method = interpolation.lower()
    if method not in METHODS:
        request.refuse("interpolation", f"as one of {METHODS}", interpolation)
    size = (image_size, image_size) if isinstance(image_size, int) else tuple(image_size)
    if len(size) != 2 or min(size) < 1:
        request.refuse("image_size", "as height and width, of 1 or more", image_size)
    if crop_to_aspect_ratio and pad_to_aspect_ratio:
        request.refuse("crop_to_aspect_ratio or pad_to_aspect_ratio", "and not both", (True, True))
    fit = "crop" if crop_to_aspect_ratio else "pad" if pad_to_aspect_ratio else "stretch"
    first = data_format_of(data_format, _WHERE) == "channels_first"
    decode = _Image((int(size[0]), int(size[1])), _CHANNELS[color_mode], method, fit, first)
    return request.datasets(decode, decode.spec)


@dataclass(frozen=True)
class _Image:
    """Decodes an image and gives it the wanted size.

    Attributes:
        size: Height and width.
        channels: 1, 3 or 4.
        method: How to resize.
        fit: "stretch" to the proportions of `size`, "crop" to them before or "pad" to them after.
        channels_first: Whether channels come before rows and columns.
    """

    size: tuple[int, int]
    channels: int
    method: str
    fit: str
    channels_first: bool

    @property
    def spec(self) -> TensorSpec:
        """Spec of the result."""
        shape = (self.channels, *self.size) if self.channels_first else (*self.size, self.channels)
        return TensorSpec(shape, dtypes.uint8 if self.method == "nearest" else dtypes.float32)

    def __call__(self, contents: bytes) -> Any:
        image = pixels_of(_WHERE, contents, self.channels)
        if self.fit == "pad":
            found = resized_with_pad(np, image, *self.size, self.method, False)
        else:
            if self.fit == "crop":
                (top, left), (height, width) = middle_part(image.shape[:2], self.size)
                image = image[top : top + height, left : left + width]
            found = resized(np, image, self.size, self.method, False, False)
        return found.transpose(2, 0, 1) if self.channels_first else found
