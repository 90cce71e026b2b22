"""Batches of pictures that an `ImageDataGenerator` changes, and those of arrays."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator as IteratorType
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError, ShapeError
from thalweg._src.keras.base.policy import floatx
from thalweg._src.keras.base.py_dataset import PyDataset
from thalweg._src.keras.utils.images import array_to_img

ENDINGS = ("png", "jpg", "jpeg", "bmp", "ppm", "tif", "tiff")


class Iterator(PyDataset):
    """Batches of pictures, without end: `next` begins again after the last one.

    A subclass defines ``_get_batches_of_transformed_samples(numbers)``.

    Args:
        n: Number of pictures.
        batch_size: Pictures in a batch; the last one of a pass may have fewer.
        shuffle: Whether each pass has an order of its own.
        seed: Of orders and of what is drawn for each picture; None leaves `numpy.random` as it is.
        **kwargs: As for `keras.utils.PyDataset`.

    Attributes:
        total_batches_seen: Number of batches made so far.
        index_array: Order of the present pass.

    Source: `keras.preprocessing.image.Iterator` of Keras 2.
    """

    white_list_formats = ENDINGS

    def __init__(
        self, n: int, batch_size: int, shuffle: bool, seed: int | None, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        self.n = n
        self.batch_size = batch_size
        self.shuffle = shuffle
        self.seed = seed
        self.batch_index = 0
        self.total_batches_seen = 0
        self.index_array: Any = None
        self.lock = threading.Lock()

    def __getstate__(self) -> dict[str, Any]:  # for worker processes, which have locks of their own
        return {name: value for name, value in vars(self).items() if name != "lock"}

    def __setstate__(self, state: dict[str, Any]) -> None:
        vars(self).update(state, lock=threading.Lock())

    def _order(self) -> np.ndarray[Any, Any]:
        return np.random.permutation(self.n) if self.shuffle else np.arange(self.n)

    def __len__(self) -> int:
        return -(-self.n // self.batch_size)

    def __getitem__(self, idx: int) -> Any:
        if idx >= len(self):
            raise InvalidArgumentError(
                f"[{type(self).__name__}] expected a batch below {len(self)}, got {idx}."
            )
        with self.lock:
            if self.seed is not None:
                np.random.seed(self.seed + self.total_batches_seen)
            self.total_batches_seen += 1
            if self.index_array is None:
                self.index_array = self._order()
            numbers = self.index_array[self.batch_size * idx : self.batch_size * (idx + 1)]
        return self._get_batches_of_transformed_samples(numbers)

    def on_epoch_end(self) -> None:
        """The next pass has an order of its own."""
        self.index_array = self._order()

    def reset(self) -> None:
        """`next` begins a pass."""
        self.batch_index = 0

    def __iter__(self) -> IteratorType[Any]:
        return self

    def __next__(self) -> Any:
        if not self.n:
            raise StopIteration
        if self.batch_index == 0:
            with self.lock:
                if self.seed is not None:
                    np.random.seed(self.seed + self.total_batches_seen)
                self.index_array = self._order()
        batch = self[self.batch_index]
        self.batch_index = (self.batch_index + 1) % len(self)
        return batch

    next = __next__

    def _get_batches_of_transformed_samples(self, index_array: Any) -> Any:
        """The batch of the pictures with these numbers."""
        raise NotImplementedError(
            f"[{type(self).__name__}] expected a method _get_batches_of_transformed_samples(numbers)."
        )


class ChangingIterator(Iterator):
    """What both kinds of iterators have that change pictures and keep copies of them."""

    def _set_generator(
        self,
        generator: Any,
        data_format: str | None,
        folder: Any,
        prefix: str,
        ending: str,
        dtype: Any,
    ) -> None:
        self.image_data_generator = generator
        self.data_format = data_format or generator.data_format
        self.save_to_dir = folder
        self.save_prefix = prefix
        self.save_format = ending
        self.dtype = dtype or floatx()

    def _changed(self, picture: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
        generator = self.image_data_generator
        parameters = generator.get_random_transform(picture.shape)
        return generator.standardize(generator.apply_transform(picture, parameters))

    def _keep(self, pictures: np.ndarray[Any, Any], numbers: Any) -> None:
        if not self.save_to_dir:
            return
        for picture, number in zip(pictures, numbers):
            name = f"{self.save_prefix}_{number}_{np.random.randint(10_000_000)}.{self.save_format}"
            image = array_to_img(picture, self.data_format, scale=True)
            image.save(os.path.join(self.save_to_dir, name))


class NumpyArrayIterator(ChangingIterator):
    """Batches of pictures of an array; see `ImageDataGenerator.flow`.

    Args:
        x: Array of rank 4; or a tuple of one and further arrays that come along unchanged.
        y: Targets, or None.
        image_data_generator: What changes the pictures.
        batch_size: Pictures in a batch.
        shuffle: Whether each pass has an order of its own.
        sample_weight: Weight of each picture, or None.
        seed: See `Iterator`.
        data_format: ``"channels_first"`` or ``"channels_last"``; that of the generator when None.
        save_to_dir: Folder for copies of the changed pictures.
        save_prefix: What the names of copies begin with.
        save_format: What they end with.
        subset: ``"training"`` or ``"validation"``: a part, if the generator has a `validation_split`.
        ignore_class_split: The parts need not have the same classes.
        dtype: Dtype of the pictures.

    Source: `keras.preprocessing.image.NumpyArrayIterator` of Keras 2.
    """

    def __init__(
        self,
        x: Any,
        y: Any,
        image_data_generator: Any,
        batch_size: int = 32,
        shuffle: bool = False,
        sample_weight: Any = None,
        seed: int | None = None,
        data_format: str | None = None,
        save_to_dir: Any = None,
        save_prefix: str = "",
        save_format: str = "png",
        subset: str | None = None,
        ignore_class_split: bool = False,
        dtype: Any = None,
    ) -> None:
        self._set_generator(
            image_data_generator, data_format, save_to_dir, save_prefix, save_format, dtype
        )
        pictures, further = x if isinstance(x, (tuple, list)) and np.ndim(x[0]) == 4 else (x, [])
        several = isinstance(further, list) and all(np.ndim(each) for each in further)
        self.x = np.asarray(pictures, self.dtype)
        self.x_misc = [np.asarray(each) for each in (further if several else [further])]
        self.y = None if y is None else np.asarray(y)
        self.sample_weight = None if sample_weight is None else np.asarray(sample_weight)
        self._check()
        if subset is not None:
            self._take(subset, ignore_class_split)
        super().__init__(len(self.x), batch_size, shuffle, seed)

    def _check(self) -> None:
        if self.x.ndim != 4:
            raise ShapeError(f"[flow] expected pictures as an array of rank 4, got {self.x.shape}.")
        beside = {"y": self.y, "sample_weight": self.sample_weight}
        for name, values in [*beside.items(), *(("x", each) for each in self.x_misc)]:
            if values is not None and len(values) != len(self.x):
                raise ShapeError(
                    f"[flow] expected {len(self.x)} entries of {name}, one a picture, got {len(values)}."
                )

    def _take(self, subset: str, ignore_classes: bool) -> None:
        at = part_of(subset, len(self.x), self.image_data_generator)
        if self.y is not None and not ignore_classes and self.y.ndim == 1:
            border = int(len(self.x) * self.image_data_generator._validation_split)
            if not np.array_equal(np.unique(self.y[:border]), np.unique(self.y[border:])):
                raise InvalidArgumentError(
                    "[flow] expected the same classes in both parts, got others; shuffle the arrays, or pass "
                    "ignore_class_split=True."
                )
        self.x, self.x_misc = self.x[at], [each[at] for each in self.x_misc]
        self.y = None if self.y is None else self.y[at]
        self.sample_weight = None if self.sample_weight is None else self.sample_weight[at]

    def _get_batches_of_transformed_samples(self, index_array: Any) -> Any:
        pictures = np.stack([self._changed(self.x[number]) for number in index_array])
        pictures = pictures.astype(self.dtype, copy=False)
        self._keep(pictures, index_array)
        inputs = (
            [pictures, *(each[index_array] for each in self.x_misc)] if self.x_misc else pictures
        )
        if self.y is None:
            return inputs
        batch = (inputs, self.y[index_array])
        return batch if self.sample_weight is None else (*batch, self.sample_weight[index_array])


def part_of(subset: str | None, count: int, generator: Any) -> slice:
    """Which of `count` pictures belong to a subset: the first ones to "validation"."""
    border = int(count * generator._validation_split)
    if subset is None:
        return slice(None)
    if subset not in ("training", "validation"):
        raise InvalidArgumentError(
            f"[flow] expected subset 'training' or 'validation', got {subset!r}."
        )
    return slice(border) if subset == "validation" else slice(border, None)
