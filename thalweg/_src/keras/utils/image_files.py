"""Batches of pictures in files, of folders and tables, that an `ImageDataGenerator` changes."""

from __future__ import annotations

import os
import warnings
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError, NotFoundError
from thalweg._src.keras.utils.image_iterators import ENDINGS, ChangingIterator, Iterator, part_of
from thalweg._src.keras.utils.images import img_to_array, load_img

_CHANNELS = {"rgb": 3, "rgba": 4, "grayscale": 1}
_CLASS_MODES = ("categorical", "binary", "sparse", "input", None)


class FileIterator(ChangingIterator):
    """Batches of pictures in files.

    Attributes:
        filenames: Names of the files as they were found.
        filepaths: Paths of the files.
        labels: What is to be learned of each file, or None.
        sample_weight: Weight of each file, or None.
        samples: Number of files.
        image_shape: Shape of a picture.
        class_indices: Number of each class.
    """

    filenames: Sequence[str] = ()
    class_indices: dict[str, int]
    allowed_class_modes: Any = frozenset(_CLASS_MODES)

    def set_processing_attrs(
        self,
        image_data_generator: Any,
        target_size: tuple[int, int],
        color_mode: str,
        data_format: str | None,
        save_to_dir: Any,
        save_prefix: str,
        save_format: str,
        subset: str | None,
        interpolation: str,
        keep_aspect_ratio: bool,
    ) -> None:
        """Sets how files become pictures.

        Args:
            image_data_generator: What changes the pictures.
            target_size: Height and width.
            color_mode: ``"rgb"``, ``"rgba"`` or ``"grayscale"``.
            data_format: Where channels are.
            save_to_dir: Folder for copies of the changed pictures.
            save_prefix: What the names of copies begin with.
            save_format: What they end with.
            subset: ``"training"``, ``"validation"`` or None.
            interpolation: How pictures are resized.
            keep_aspect_ratio: Whether the middle is cut out instead of squeezing.
        """
        if color_mode not in _CHANNELS:
            raise InvalidArgumentError(
                f"[flow] expected color_mode in {tuple(_CHANNELS)}, got {color_mode!r}."
            )
        self._set_generator(
            image_data_generator, data_format, save_to_dir, save_prefix, save_format, None
        )
        self.target_size = target_size[0], target_size[1]
        self.color_mode = color_mode
        self.interpolation = interpolation
        self.keep_aspect_ratio = keep_aspect_ratio
        self.subset = subset
        channels = (_CHANNELS[color_mode],)
        first = self.data_format == "channels_first"
        self.image_shape = channels + self.target_size if first else self.target_size + channels

    def _set_files(
        self, paths: list[str], labels: Any, weights: Any, class_mode: str | None
    ) -> None:
        self._filepaths = paths
        self._labels = labels
        self._sample_weight = weights
        self.class_mode = class_mode
        self.samples = len(paths)

    @property
    def filepaths(self) -> list[str]:
        """Paths of the files."""
        return self._filepaths

    @property
    def labels(self) -> Any:
        """What is to be learned of each file; None without."""
        return self._labels

    @property
    def sample_weight(self) -> Any:
        """Weight of each file; None without."""
        return self._sample_weight

    def _get_batches_of_transformed_samples(self, index_array: Any) -> Any:
        pictures = np.stack([self._changed(self._read(number)) for number in index_array])
        pictures = pictures.astype(self.dtype, copy=False)
        self._keep(pictures, index_array)
        targets = self._targets(pictures, index_array)
        if targets is None:
            return pictures
        weights = self.sample_weight
        return (pictures, targets) if weights is None else (pictures, targets, weights[index_array])

    def _read(self, number: int) -> np.ndarray[Any, Any]:
        image = load_img(
            self.filepaths[number],
            self.color_mode,
            self.target_size,
            self.interpolation,
            self.keep_aspect_ratio,
        )
        return img_to_array(image, self.data_format, self.dtype)

    def _targets(self, pictures: np.ndarray[Any, Any], numbers: Any) -> Any:
        mode, labels = self.class_mode, self.labels
        if mode is None:
            return None
        if mode == "input":
            return pictures.copy()
        if mode == "multi_output":
            return tuple(column[numbers] for column in labels)
        if mode in ("binary", "sparse", "raw"):
            chosen = np.asarray(labels)[numbers]
            return chosen if mode == "raw" else chosen.astype(self.dtype)
        rows = np.zeros((len(numbers), len(self.class_indices)), self.dtype)
        for row, number in zip(rows, numbers):
            row[labels[number]] = 1.0
        return rows


class DirectoryIterator(FileIterator):
    """Batches of pictures in a folder with one folder for each class.

    Args:
        directory: The folder.
        image_data_generator: What changes the pictures.
        target_size: Height and width.
        color_mode: ``"rgb"``, ``"rgba"`` or ``"grayscale"``.
        classes: Folders to take, in this order; all in the order of their names when None.
        class_mode: Targets: ``"categorical"`` rows, ``"binary"`` or ``"sparse"`` numbers, ``"input"`` the
            pictures themselves, or None.
        batch_size: Pictures in a batch.
        shuffle: Whether each pass has an order of its own.
        seed: See `Iterator`.
        data_format: Where channels are; as the generator has it when None.
        save_to_dir: Folder for copies of the changed pictures.
        save_prefix: What the names of copies begin with.
        save_format: What they end with.
        follow_links: Whether folders are taken that are links.
        subset: ``"training"`` or ``"validation"``: a part, if the generator has a `validation_split`.
        interpolation: How pictures are resized.
        keep_aspect_ratio: Whether the middle is cut out instead of squeezing.
        dtype: Dtype of the pictures.

    Source: `keras.preprocessing.image.DirectoryIterator` of Keras 2.
    """

    def __init__(
        self,
        directory: Any,
        image_data_generator: Any,
        target_size: tuple[int, int] = (256, 256),
        color_mode: str = "rgb",
        classes: Sequence[str] | None = None,
        class_mode: str | None = "categorical",
        batch_size: int = 32,
        shuffle: bool = True,
        seed: int | None = None,
        data_format: str | None = None,
        save_to_dir: Any = None,
        save_prefix: str = "",
        save_format: str = "png",
        follow_links: bool = False,
        subset: str | None = None,
        interpolation: str = "nearest",
        keep_aspect_ratio: bool = False,
        dtype: Any = None,
    ) -> None:
        self.set_processing_attrs(
            image_data_generator, target_size, color_mode, data_format, save_to_dir, save_prefix,
            save_format, subset, interpolation, keep_aspect_ratio,
        )  # fmt: skip
        self.dtype = dtype or self.dtype
        if class_mode not in _CLASS_MODES:
            raise InvalidArgumentError(
                f"[flow] expected class_mode in {_CLASS_MODES}, got {class_mode!r}."
            )
        if not os.path.isdir(directory):
            raise NotFoundError(
                f"[flow_from_directory] expected a folder, found none at {directory}."
            )
        self.directory = directory
        found = sorted(entry.name for entry in os.scandir(directory) if entry.is_dir())
        names = list(classes) if classes else found
        self.class_indices = {name: number for number, name in enumerate(names)}
        self.num_classes = len(names)
        self.filenames, numbers = [], []
        for name in names:
            files = _pictures_below(Path(directory), name, follow_links)
            kept = files[part_of(subset, len(files), image_data_generator)]
            self.filenames += kept
            numbers += [self.class_indices[name]] * len(kept)
        self.classes = np.array(numbers, np.int32)
        paths = [os.path.join(directory, name) for name in self.filenames]
        self._set_files(paths, self.classes, None, class_mode)
        print(f"Found {self.samples} images belonging to {self.num_classes} classes.")
        Iterator.__init__(self, self.samples, batch_size, shuffle, seed)


def _pictures_below(root: Path, name: str, follow_links: bool) -> list[str]:
    """Paths of the pictures in a class's folder and those below it, from `root`, in order."""
    found = []
    for folder, _, files in sorted(os.walk(root / name, followlinks=follow_links)):
        pictures = (file for file in sorted(files) if file.lower().endswith(ENDINGS))
        found += [os.path.relpath(os.path.join(folder, file), root) for file in pictures]
    return found


class DataFrameIterator(FileIterator):
    """Batches of pictures whose files a table names; see `ImageDataGenerator.flow_from_dataframe`.

    Args:
        dataframe: Table; anything whose columns are found by ``dataframe[name]``.
        directory: Folder of the files; None where the table has whole paths.
        columns: Names of the columns of files, of labels, and of weights or None.
        classes: Classes to take, in this order; all in the order of their names when None.
        class_mode: As for `DirectoryIterator`; ``"raw"`` for the column as it is, ``"multi_output"`` for
            several columns.
        validate_filenames: Whether rows are left out, with a warning, whose file is no picture.
        batch_size: Pictures in a batch.
        shuffle: Whether each pass has an order of its own.
        seed: See `Iterator`.
        attributes: Arguments of `set_processing_attrs`.
    """

    allowed_class_modes = frozenset((*_CLASS_MODES, "raw", "multi_output"))

    def __init__(
        self,
        dataframe: Any,
        directory: Any,
        columns: tuple[str, Any, str | None],
        classes: Sequence[str] | None,
        class_mode: str | None,
        validate_filenames: bool,
        batch_size: int,
        shuffle: bool,
        seed: int | None,
        attributes: tuple[Any, ...],
    ) -> None:
        self.set_processing_attrs(*attributes)
        if class_mode not in self.allowed_class_modes:
            raise InvalidArgumentError(
                f"[flow_from_dataframe] expected class_mode in {sorted(map(str, self.allowed_class_modes))}, "
                f"got {class_mode!r}."
            )
        x_column, y_column, weight_column = columns
        names = [str(name) for name in dataframe[x_column]]
        paths = [os.path.join(directory, name) if directory else name for name in names]
        rows = [n for n, path in enumerate(paths) if not validate_filenames or _is_picture(path)]
        if len(rows) < len(paths):
            warnings.warn(
                f"[flow_from_dataframe] {len(paths) - len(rows)} files of column {x_column!r} are no "
                "pictures; their rows are left out.",
                UserWarning,
                stacklevel=3,
            )
        if class_mode in ("categorical", "binary", "sparse"):
            rows = self._number_classes(
                [_listed(each) for each in dataframe[y_column]], rows, classes
            )
        rows = rows[part_of(self.subset, len(rows), self.image_data_generator)]
        weights = np.asarray(dataframe[weight_column])[rows] if weight_column else None
        labels = self._labels_of(dataframe, y_column, rows, class_mode)
        self.filenames = [names[row] for row in rows]
        self._set_files([paths[row] for row in rows], labels, weights, class_mode)
        print(f"Found {self.samples} validated image filenames.")
        Iterator.__init__(self, self.samples, batch_size, shuffle, seed)

    def _number_classes(
        self, values: list[list[Any]], rows: list[int], classes: Sequence[str] | None
    ) -> list[int]:
        """Numbers the classes; the rows of those that are taken."""
        names = classes or sorted({each for row in rows for each in values[row]})
        self.class_indices = {name: number for number, name in enumerate(names)}
        return [row for row in rows if any(each in self.class_indices for each in values[row])]

    def _labels_of(self, table: Any, column: Any, rows: list[int], class_mode: str | None) -> Any:
        if class_mode in ("input", None):
            return None
        if class_mode == "multi_output":
            return [np.stack([np.asarray(each) for each in table[name]])[rows] for name in column]
        if class_mode == "raw":
            return np.asarray(table[column])[rows]
        values = [_listed(each) for each in table[column]]
        known = self.class_indices
        numbers = [[known[each] for each in values[row] if each in known] for row in rows]
        if class_mode == "categorical":
            return numbers
        self.classes = np.array([first for first, *_ in numbers], np.int32)
        return self.classes


def _listed(value: Any) -> list[Any]:
    return list(value) if isinstance(value, (list, tuple)) else [value]


def _is_picture(path: str) -> bool:
    return path.lower().endswith(ENDINGS) and os.path.isfile(path)
