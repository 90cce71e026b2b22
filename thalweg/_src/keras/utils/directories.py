"""Files in folders, one folder for each class: which there are, their labels, and parts of them."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, NoReturn

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core.shapes import TensorSpec
from thalweg._src.data.dataset import Dataset
from thalweg._src.data.loading import Load
from thalweg._src.data.node import AUTOTUNE
from thalweg._src.keras.base.seeds import fresh_seed

_LABEL_MODES = ("int", "categorical", "binary", None)
_SUBSETS = ("training", "validation", "both")


@dataclass(frozen=True, kw_only=True)
class Request:
    """What a function was asked for; the arguments that all of them have.

    Attributes:
        where: Name of the function.
        endings: Of the names of its files, in small letters.
        directory: The folder.
        labels: "inferred", None, or a sequence with a label for each file.
        label_mode: "int", "categorical", "binary" or None.
        class_names: Folders to take, in this order; all when None.
        batch_size: Elements in a batch; None for single ones.
        shuffle: Whether each pass has an order of its own.
        seed: Names the order, and what belongs to which part.
        validation_split: Part of the files in the validation subset.
        subset: "training", "validation", "both" or None.
        follow_links: Whether folders are taken that are links.
        format: What to return.
        verbose: Whether numbers of files are printed.
    """

    where: str
    endings: tuple[str, ...]
    directory: Any
    labels: Any
    label_mode: str | None
    class_names: Sequence[str] | None
    batch_size: int | None
    shuffle: bool
    seed: int | None
    validation_split: float | None
    subset: str | None
    follow_links: bool
    verbose: bool
    format: str = "tf"

    def refuse(self, name: str, wanted: str, value: Any) -> NoReturn:
        """Raises an error about an argument."""
        raise InvalidArgumentError(f"[{self.where}] expected {name} {wanted}, got {value!r}.")

    @property
    def inferred(self) -> bool:
        """Whether folders are classes."""
        return isinstance(self.labels, str) and self.label_mode is not None

    def datasets(
        self,
        decode: Callable[[bytes], Any],
        spec: TensorSpec,
        batched: Callable[[Any, int | None], Any] | None = None,
    ) -> Any:
        """Data sets of the contents of files and their labels.

        Args:
            decode: Function of the bytes of a file.
            spec: Spec of the array that it returns.
            batched: Function of a data set of single elements and the size of batches; `batch` when None.

        Returns:
            `Dataset` with the attributes ``class_names`` and ``file_paths``, or a list of two.

        Raises:
            FileNotFoundError: There is no such folder.
            ValueError: Arguments do not fit each other, or the folder.
        """
        _check(self)
        made = [_dataset(files, self, decode, spec, batched) for files in _parts(_found(self), self)]
        return made if self.subset == "both" else made[0]


def _check(request: Request) -> None:
    """Raises unless the arguments fit each other."""
    refuse, labels, split = request.refuse, request.labels, request.validation_split
    if labels is not None and not isinstance(labels, (list, tuple, np.ndarray)) and labels != "inferred":
        refuse("labels", "'inferred', None, or a list with a label for each file", labels)
    if request.class_names is not None and not isinstance(labels, str):
        refuse("class_names", 'only with labels="inferred"', request.class_names)
    if request.label_mode not in _LABEL_MODES:
        refuse("label_mode", 'as one of "int", "categorical", "binary" or None', request.label_mode)
    if request.format != "tf":
        refuse("format", "'tf', the one that there is", request.format)
    if (split is None) != (request.subset is None):
        refuse("validation_split and subset", "both, or neither", (split, request.subset))
    if split is None:
        return
    if request.subset not in _SUBSETS:
        refuse("subset", "as 'training', 'validation' or 'both'", request.subset)
    if not 0 < split < 1:
        refuse("validation_split", "between 0 and 1", split)
    if request.shuffle and request.seed is None:
        refuse("a seed", "where files are shuffled and divided, so that no file is in both subsets", None)


@dataclass(frozen=True)
class _Files:
    """Files and their labels.

    Attributes:
        paths: Their paths.
        labels: Their labels, an array; None for none.
        class_names: Names of the classes; None without labels.
    """

    paths: list[str]
    labels: Any = None
    class_names: list[str] | None = None

    def take(self, numbers: Any) -> _Files:
        """The files of these numbers."""
        labels = None if self.labels is None else self.labels[numbers]
        return replace(self, paths=[self.paths[i] for i in numbers], labels=labels)


def _found(request: Request) -> _Files:
    """The files of a folder, sorted by path, or shuffled as Keras does for a seed."""
    directory = os.fspath(request.directory)
    if request.inferred:
        files = _of_classes(directory, request)
    else:
        files = _Files(list(_files_below(directory, request)))
    if not files.paths:
        request.refuse("files", f"below {directory!r} with the endings {request.endings}", [])
    if not request.inferred and request.labels is not None and request.label_mode is not None:
        files = _labelled(files, request)
    if files.class_names is not None and request.label_mode == "binary" and len(files.class_names) != 2:
        request.refuse("2 classes", 'for label_mode="binary"', files.class_names)
    if request.verbose:
        classes = "" if files.class_names is None else f" belonging to {len(files.class_names)} classes"
        print(f"Found {len(files.paths)} files{classes}.")
    if not request.shuffle:
        return files
    seed = fresh_seed() if request.seed is None else request.seed
    order = np.arange(len(files.paths))
    # The order in which Keras divides files.
    np.random.RandomState(seed).shuffle(order)
    return files.take(order)


def _of_classes(directory: str, request: Request) -> _Files:
    folders = (entry.name for entry in os.scandir(directory) if entry.is_dir())
    known = sorted(name for name in folders if not name.startswith("."))
    names = known if request.class_names is None else list(request.class_names)
    if not set(names) <= set(known) or len(set(names)) < len(names):
        request.refuse("class_names", f"among the folders {known}, each once", names)
    by_class = [list(_files_below(os.path.join(directory, name), request)) for name in names]
    labels = np.repeat(np.arange(len(names), dtype=np.int32), [len(paths) for paths in by_class])
    return _Files([path for paths in by_class for path in paths], labels, names)


def _files_below(folder: str, request: Request) -> Iterator[str]:
    """Paths of the files of the right kind in a folder and those below it."""

    def refuse(error: OSError) -> NoReturn:
        raise error

    for root, _, names in sorted(os.walk(folder, True, refuse, request.follow_links)):
        for name in sorted(names):
            if name.lower().endswith(request.endings):
                yield os.path.join(root, name)


def _labelled(files: _Files, request: Request) -> _Files:
    """The files with the labels that were given for them."""
    if len(request.labels) != len(files.paths):
        wanted = f"for each of {len(files.paths)} files below {os.fspath(request.directory)!r}"
        request.refuse("a label", wanted, len(request.labels))
    labels = np.asarray(request.labels)
    if labels.dtype.kind in "if" and not isinstance(request.labels, np.ndarray):
        labels = labels.astype(np.int32 if labels.dtype.kind == "i" else np.float32)
    given = labels.tolist() if isinstance(request.labels, np.ndarray) else request.labels
    names = [str(label) for label in sorted(set(given))]
    numbers = range(len(names))
    if request.label_mode != "int" and not np.isin(labels, numbers).all():
        request.refuse("labels", f'from 0 to {len(names) - 1} for label_mode="{request.label_mode}"', names)
    return replace(files, labels=labels, class_names=names)


def _parts(files: _Files, request: Request) -> list[_Files]:
    """The subsets that were asked for: the validation subset is the end of the files."""
    if request.validation_split is None:
        return [files]
    whole = len(files.paths)
    count = int(request.validation_split * whole)
    if not 0 < count < whole:
        split = request.validation_split
        request.refuse("validation_split", f"that leaves some of {whole} files in both subsets", split)
    numbers = {"training": range(whole - count), "validation": range(whole - count, whole)}
    names = ["training", "validation"] if request.subset == "both" else [str(request.subset)]
    if request.verbose:
        for name in names:
            print(f"Using {len(numbers[name])} files for {name}.")
    return [files.take(numbers[name]) for name in names]


def _dataset(
    files: _Files,
    request: Request,
    decode: Callable[[bytes], Any],
    spec: TensorSpec,
    batched: Callable[[Any, int | None], Any] | None,
) -> Any:
    paths = np.array([os.fsencode(path) for path in files.paths], object)
    labels = _encoded(files, request)
    made: Any = Dataset.from_tensor_slices(paths if labels is None else (paths, labels))
    if request.shuffle:
        made = made.shuffle(len(paths), seed=request.seed)
    made = Dataset(Load(made._node, decode, spec))
    if batched is not None:
        made = batched(made, request.batch_size)
    elif request.batch_size is not None:
        made = made.batch(request.batch_size)
    made = made.prefetch(AUTOTUNE)
    made.class_names = files.class_names
    made.file_paths = files.paths
    return made


def _encoded(files: _Files, request: Request) -> Any:
    """Labels in the mode that was asked for."""
    if files.labels is None or files.class_names is None or request.label_mode == "int":
        return files.labels
    if request.label_mode == "binary":
        return files.labels.astype(np.float32)[:, None]
    return (files.labels[:, None] == np.arange(len(files.class_names))).astype(np.float32)
