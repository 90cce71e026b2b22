"""Data sets of texts in folders."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from thalweg._src.core import dtypes
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.keras.utils.directories import Request


def text_dataset_from_directory(
    directory: Any,
    labels: Any = "inferred",
    label_mode: str | None = "int",
    class_names: Sequence[str] | None = None,
    batch_size: int | None = 32,
    max_length: int | None = None,
    shuffle: bool = True,
    seed: int | None = None,
    validation_split: float | None = None,
    subset: str | None = None,
    follow_links: bool = False,
    format: str = "tf",
    verbose: bool = True,
) -> Any:
    """Batches of texts in folders, one folder for each class.

    Args:
        directory: Folder with a folder for each class, in which, and below which, are files ``*.txt``.
        labels: As of `image_dataset_from_directory`.
        label_mode: Likewise.
        class_names: Likewise.
        batch_size: Texts in a batch; None for single ones.
        max_length: Bytes after which texts are cut; None for whole ones.
        shuffle: As of `image_dataset_from_directory`.
        seed: Likewise.
        validation_split: Likewise.
        subset: Likewise.
        follow_links: Whether to go into folders that are links.
        format: ``"tf"``.
        verbose: Whether to print how many files there are.

    Returns:
        `tf.data.Dataset` of texts, strings of shape ``(batch,)``, and labels, or of texts alone, with the
        attributes ``class_names`` and ``file_paths``; a list of two for ``subset="both"``.

    Raises:
        FileNotFoundError: There is no such folder.
        ValueError: Arguments do not fit each other, or the folder.

    Source: `keras.utils.text_dataset_from_directory`. See `image_dataset_from_directory` for differences.
    """
    request = Request(
        where="text_dataset_from_directory",
        endings=(".txt",),
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
    if max_length is not None and max_length < 0:
        request.refuse("max_length", "of 0 or more, or None", max_length)
    return request.datasets(_Text(max_length), TensorSpec((), dtypes.string))


@dataclass(frozen=True)
class _Text:
    """Takes the contents of a file as they are, up to a length."""

    max_length: int | None

    def __call__(self, contents: bytes) -> bytes:
        return contents[: self.max_length]
