"""`ImageDataGenerator`: pictures changed at random while they are read, as Keras 2 did it."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.keras.base.policy import floatx
from thalweg._src.keras.base.settings import image_data_format
from thalweg._src.keras.utils.image_files import DataFrameIterator, DirectoryIterator
from thalweg._src.keras.utils.image_iterators import NumpyArrayIterator
from thalweg._src.keras.utils.image_transforms import (
    apply_affine_transform,
    apply_brightness_shift,
    apply_channel_shift,
    pair,
)

# Added to a standard deviation, so that a picture of one color is not divided by 0.
_EPSILON = 1e-6
_WHERE = "ImageDataGenerator"


class ImageDataGenerator:
    """Changes pictures at random, puts them to scale, and makes batches of them.

    Args:
        featurewise_center: Subtract the mean of the pictures that `fit` saw.
        samplewise_center: Subtract each picture's mean.
        featurewise_std_normalization: Divide by the standard deviation of what `fit` saw.
        samplewise_std_normalization: Divide by each picture's standard deviation.
        zca_whitening: Make the values of what `fit` saw uncorrelated.
        zca_epsilon: Added to the singular values before they divide.
        rotation_range: Greatest angle in degrees, to either side.
        width_shift_range: Greatest shift: a part of the width below 1, else columns; an int n draws from 0
            to n - 1 to either side, a list one of its numbers to either side.
        height_shift_range: The same for rows.
        brightness_range: Least and greatest factor, or None.
        shear_range: Greatest angle in degrees, to either side.
        zoom_range: Least and greatest factor, or z for 1 - z and 1 + z; below 1 enlarges.
        channel_shift_range: Greatest shift of all values, to either side.
        fill_mode: What lies beyond the edges: ``"constant"``, ``"nearest"``, ``"reflect"`` or ``"wrap"``.
        cval: The value there for ``"constant"``.
        horizontal_flip: Half of the pictures are mirrored left to right.
        vertical_flip: Half of the pictures are mirrored top to bottom.
        rescale: Factor of all values; None or 0 leaves them.
        preprocessing_function: Applied to each changed picture, before it is put to scale.
        data_format: ``"channels_first"`` or ``"channels_last"``; the default layout when None.
        validation_split: Part of the pictures in the subset "validation".
        interpolation_order: Of the spline that interpolates, 0 to 5.
        dtype: Dtype of the pictures; `floatx()` when None.

    Raises:
        ValueError: A range is no number or pair, or the layout or split is unknown.

    Example:
        >>> import numpy as np
        >>> import thalweg as tf
        >>> generator = tf.keras.preprocessing.image.ImageDataGenerator(rescale=1 / 255, horizontal_flip=True)
        >>> pictures, labels = next(generator.flow(np.full((4, 8, 8, 3), 255.0), [0, 1, 0, 1], batch_size=2))
        >>> pictures.shape, float(pictures.max())
        ((2, 8, 8, 3), 1.0)

    Source: `keras.preprocessing.image.ImageDataGenerator` of Keras 2, with the draws of `numpy.random` in the
    same order; there the range for heights moves columns, and that for widths rows. New programs write
    `keras.utils.image_dataset_from_directory` and layers that augment, which run inside the compiled program.
    """

    def __init__(
        self,
        featurewise_center: bool = False,
        samplewise_center: bool = False,
        featurewise_std_normalization: bool = False,
        samplewise_std_normalization: bool = False,
        zca_whitening: bool = False,
        zca_epsilon: float = 1e-6,
        rotation_range: float = 0,
        width_shift_range: Any = 0.0,
        height_shift_range: Any = 0.0,
        brightness_range: Any = None,
        shear_range: float = 0.0,
        zoom_range: Any = 0.0,
        channel_shift_range: float = 0.0,
        fill_mode: str = "nearest",
        cval: float = 0.0,
        horizontal_flip: bool = False,
        vertical_flip: bool = False,
        rescale: float | None = None,
        preprocessing_function: Callable[[Any], Any] | None = None,
        data_format: str | None = None,
        validation_split: float = 0.0,
        interpolation_order: int = 1,
        dtype: Any = None,
    ) -> None:
        self.featurewise_center = (
            featurewise_center or featurewise_std_normalization or zca_whitening
        )
        self.samplewise_center = samplewise_center or samplewise_std_normalization
        self.featurewise_std_normalization = featurewise_std_normalization and not zca_whitening
        self.samplewise_std_normalization = samplewise_std_normalization
        self.zca_whitening = zca_whitening
        self.zca_epsilon = zca_epsilon
        self.rotation_range = rotation_range
        self.width_shift_range = width_shift_range
        self.height_shift_range = height_shift_range
        self.shear_range = shear_range
        self.channel_shift_range = channel_shift_range
        self.fill_mode = fill_mode
        self.cval = cval
        self.horizontal_flip = horizontal_flip
        self.vertical_flip = vertical_flip
        self.rescale = rescale
        self.preprocessing_function = preprocessing_function
        self.interpolation_order = interpolation_order
        self.dtype = dtype or floatx()
        self.data_format = data_format or image_data_format()
        if self.data_format not in ("channels_first", "channels_last"):
            raise InvalidArgumentError(
                f"[{_WHERE}] expected data_format 'channels_first' or 'channels_last', got {data_format!r}."
            )
        first = self.data_format == "channels_first"
        self.channel_axis, self.row_axis, self.col_axis = (1, 2, 3) if first else (3, 1, 2)
        if validation_split and not 0 < validation_split < 1:
            raise InvalidArgumentError(
                f"[{_WHERE}] expected validation_split between 0 and 1, got {validation_split}."
            )
        self._validation_split = validation_split
        if isinstance(zoom_range, (int, float)):
            zoom_range = [1 - zoom_range, 1 + zoom_range]
        self.zoom_range = list(pair(zoom_range, _WHERE, "zoom_range"))
        self.brightness_range = brightness_range
        if brightness_range is not None:
            self.brightness_range = pair(brightness_range, _WHERE, "brightness_range")
        self.mean: Any = None
        self.std: Any = None
        self.zca_whitening_matrix: Any = None

    def flow(
        self,
        x: Any,
        y: Any = None,
        batch_size: int = 32,
        shuffle: bool = True,
        sample_weight: Any = None,
        seed: int | None = None,
        save_to_dir: Any = None,
        save_prefix: str = "",
        save_format: str = "png",
        ignore_class_split: bool = False,
        subset: str | None = None,
    ) -> NumpyArrayIterator:
        """Batches of changed pictures of an array, for `fit` or for `next`.

        Args:
            x: Pictures, an array of rank 4; or a tuple of one and further arrays that come along unchanged.
            y: Targets, or None.
            batch_size: Pictures in a batch.
            shuffle: Whether each pass has an order of its own.
            sample_weight: Weight of each picture, or None.
            seed: Of the orders and of the changes.
            save_to_dir: Folder for copies of the changed pictures.
            save_prefix: What the names of copies begin with.
            save_format: What they end with.
            ignore_class_split: The parts need not have the same classes.
            subset: ``"training"`` or ``"validation"``, with `validation_split`.
        """
        return NumpyArrayIterator(
            x, y, self, batch_size, shuffle, sample_weight, seed, self.data_format, save_to_dir,
            save_prefix, save_format, subset, ignore_class_split, self.dtype,
        )  # fmt: skip

    def flow_from_directory(
        self,
        directory: Any,
        target_size: tuple[int, int] = (256, 256),
        color_mode: str = "rgb",
        classes: Sequence[str] | None = None,
        class_mode: str | None = "categorical",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        save_to_dir: Any = None,
        save_prefix: str = "",
        save_format: str = "png",
        follow_links: bool = False,
        subset: str | None = None,
        interpolation: str = "nearest",
        keep_aspect_ratio: bool = False,
    ) -> DirectoryIterator:
        """Batches of changed pictures of a folder with one folder for each class.

        Args:
            directory: The folder.
            target_size: Height and width.
            color_mode: ``"rgb"``, ``"rgba"`` or ``"grayscale"``.
            classes: Folders to take, in this order; all in the order of their names when None.
            class_mode: See `DirectoryIterator`.
            batch_size: Pictures in a batch.
            shuffle: Whether each pass has an order of its own.
            seed: Of the orders and of the changes.
            save_to_dir: Folder for copies of the changed pictures.
            save_prefix: What the names of copies begin with.
            save_format: What they end with.
            follow_links: Whether folders are taken that are links.
            subset: ``"training"`` or ``"validation"``, with `validation_split`.
            interpolation: How pictures are resized.
            keep_aspect_ratio: Whether the middle is cut out instead of squeezing.
        """
        return DirectoryIterator(
            directory, self, target_size, color_mode, classes, class_mode, batch_size, shuffle, seed,
            self.data_format, save_to_dir, save_prefix, save_format, follow_links, subset, interpolation,
            keep_aspect_ratio, self.dtype,
        )  # fmt: skip

    def flow_from_dataframe(
        self,
        dataframe: Any,
        directory: Any = None,
        x_col: str = "filename",
        y_col: Any = "class",
        weight_col: str | None = None,
        target_size: tuple[int, int] = (256, 256),
        color_mode: str = "rgb",
        classes: Sequence[str] | None = None,
        class_mode: str | None = "categorical",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        save_to_dir: Any = None,
        save_prefix: str = "",
        save_format: str = "png",
        subset: str | None = None,
        interpolation: str = "nearest",
        validate_filenames: bool = True,
        **kwargs: Any,
    ) -> DataFrameIterator:
        """Batches of changed pictures whose files a table names.

        Args:
            dataframe: Table of pandas, or anything else whose columns are found by ``dataframe[name]``.
            directory: Folder of the files; None where the table has whole paths.
            x_col: Column of the files' names.
            y_col: Column of classes or values; several for class_mode ``"multi_output"`` or ``"raw"``.
            weight_col: Column of weights, or None.
            target_size: Height and width.
            color_mode: ``"rgb"``, ``"rgba"`` or ``"grayscale"``.
            classes: Classes to take, in this order; all in the order of their names when None.
            class_mode: As for `DirectoryIterator`; also ``"raw"`` and ``"multi_output"``.
            batch_size: Pictures in a batch.
            shuffle: Whether each pass has an order of its own.
            seed: Of the orders and of the changes.
            save_to_dir: Folder for copies of the changed pictures.
            save_prefix: What the names of copies begin with.
            save_format: What they end with.
            subset: ``"training"`` or ``"validation"``, with `validation_split`.
            interpolation: How pictures are resized.
            validate_filenames: Whether rows are left out, with a warning, whose file is no picture.
            **kwargs: ``keep_aspect_ratio``: whether the middle is cut out instead of squeezing.
        """
        keep = kwargs.pop("keep_aspect_ratio", False)
        if kwargs:
            raise InvalidArgumentError(
                f"[flow_from_dataframe] got unknown arguments {sorted(kwargs)}."
            )
        attributes = (
            self, target_size, color_mode, self.data_format, save_to_dir, save_prefix, save_format, subset,
            interpolation, keep,
        )  # fmt: skip
        columns = x_col, y_col, weight_col
        return DataFrameIterator(
            dataframe, directory, columns, classes, class_mode, validate_filenames, batch_size, shuffle,
            seed, attributes,
        )  # fmt: skip

    def standardize(self, x: Any) -> Any:
        """A picture put to scale: what `preprocessing_function`, `rescale` and the normalizations ask for.

        Args:
            x: Array of rank 3; may be changed in place.
        """
        if self.preprocessing_function:
            x = self.preprocessing_function(x)
        if self.rescale:
            x = x * self.rescale
        if self.samplewise_center:
            x = x - np.mean(x, keepdims=True)
        if self.samplewise_std_normalization:
            x = x / (np.std(x, keepdims=True) + _EPSILON)
        if self.featurewise_center and self._has_seen(self.mean, "featurewise_center"):
            x = x - self.mean
        if self.featurewise_std_normalization and self._has_seen(
            self.std, "featurewise_std_normalization"
        ):
            x = x / (self.std + _EPSILON)
        if self.zca_whitening and self._has_seen(self.zca_whitening_matrix, "zca_whitening"):
            x = (np.reshape(x, (1, -1)) @ self.zca_whitening_matrix).reshape(x.shape)
        return x

    def _has_seen(self, found: Any, name: str) -> bool:
        if found is None:
            warnings.warn(
                f"[{_WHERE}] {name} has no effect before fit(pictures) was called.",
                UserWarning,
                stacklevel=3,
            )
        return found is not None

    def get_random_transform(
        self, img_shape: tuple[int, ...], seed: int | None = None
    ) -> dict[str, Any]:
        """How to change a picture, drawn from `numpy.random`.

        Args:
            img_shape: Shape of the picture.
            seed: Sets `numpy.random` before.

        Returns:
            ``theta``, ``tx``, ``ty``, ``shear``, ``zx``, ``zy`` (see `apply_affine_transform`),
            ``flip_horizontal``, ``flip_vertical``, ``channel_shift_intensity`` and ``brightness``.
        """
        if seed is not None:
            np.random.seed(seed)
        draw = np.random.uniform
        theta = draw(-self.rotation_range, self.rotation_range) if self.rotation_range else 0
        ty = _shift(self.height_shift_range, img_shape[self.row_axis - 1])
        tx = _shift(self.width_shift_range, img_shape[self.col_axis - 1])
        shear = draw(-self.shear_range, self.shear_range) if self.shear_range else 0
        low, high = self.zoom_range
        zx, zy = (1, 1) if low == high == 1 else draw(low, high, 2)
        flips = [
            (np.random.random() < 0.5) * wanted
            for wanted in (self.horizontal_flip, self.vertical_flip)
        ]
        shift = (
            draw(-self.channel_shift_range, self.channel_shift_range)
            if self.channel_shift_range
            else None
        )
        brightness = None if self.brightness_range is None else draw(*self.brightness_range)
        return {
            "theta": theta,
            "tx": tx,
            "ty": ty,
            "shear": shear,
            "zx": zx,
            "zy": zy,
            "flip_horizontal": flips[0],
            "flip_vertical": flips[1],
            "channel_shift_intensity": shift,
            "brightness": brightness,
        }

    def apply_transform(self, x: Any, transform_parameters: dict[str, Any]) -> np.ndarray[Any, Any]:
        """A picture changed as `get_random_transform` says.

        Args:
            x: Array of rank 3.
            transform_parameters: Some or all of its entries.
        """
        given = transform_parameters
        rows, columns, channels = self.row_axis - 1, self.col_axis - 1, self.channel_axis - 1
        x = apply_affine_transform(
            x,
            given.get("theta", 0),
            given.get("tx", 0),
            given.get("ty", 0),
            given.get("shear", 0),
            given.get("zx", 1),
            given.get("zy", 1),
            rows,
            columns,
            channels,
            self.fill_mode,
            self.cval,
            self.interpolation_order,
        )
        if given.get("channel_shift_intensity") is not None:
            x = apply_channel_shift(x, given["channel_shift_intensity"], channels)
        if given.get("flip_horizontal"):
            x = np.flip(x, columns)
        if given.get("flip_vertical"):
            x = np.flip(x, rows)
        if given.get("brightness") is not None:
            last = np.moveaxis(x, channels, -1)
            x = np.moveaxis(
                apply_brightness_shift(last, given["brightness"], scale=False), -1, channels
            )
        return x

    def random_transform(self, x: Any, seed: int | None = None) -> np.ndarray[Any, Any]:
        """A picture changed at random.

        Args:
            x: Array of rank 3.
            seed: Sets `numpy.random` before.
        """
        return self.apply_transform(x, self.get_random_transform(np.shape(x), seed))

    def fit(self, x: Any, augment: bool = False, rounds: int = 1, seed: int | None = None) -> None:
        """Learns what the featurewise normalizations need.

        Args:
            x: Pictures, an array of rank 4.
            augment: Learn from changed pictures.
            rounds: How many changed ones of each.
            seed: Sets `numpy.random` before.

        Raises:
            ValueError: `x` has another rank.
        """
        x = np.array(x, self.dtype)
        if x.ndim != 4:
            raise ShapeError(
                f"[{_WHERE}.fit] expected pictures as an array of rank 4, got {x.shape}."
            )
        if seed is not None:
            np.random.seed(seed)
        if augment:
            x = np.stack([self.random_transform(each) for _ in range(rounds) for each in x])
        places = 0, self.row_axis, self.col_axis
        if self.featurewise_center:
            self.mean = np.mean(x, axis=places, keepdims=True)[0]
            x = x - self.mean
        if self.featurewise_std_normalization:
            self.std = np.std(x, axis=places, keepdims=True)[0]
        if self.zca_whitening:
            flat = x.reshape(len(x), -1)
            u, s, _ = np.linalg.svd(flat.T, full_matrices=False)
            self.zca_whitening_matrix = (u * (np.sqrt(len(x)) / (s + self.zca_epsilon))) @ u.T


def _shift(by: Any, size: int) -> Any:
    """Rows or columns to move, drawn from what `width_shift_range` may be."""
    if not np.any(by):
        return 0
    if isinstance(by, float):
        drawn = np.random.uniform(-by, by)
    else:
        drawn = np.random.choice(by) * np.random.choice([-1, 1])
    return drawn * size if np.max(by) < 1 else drawn
