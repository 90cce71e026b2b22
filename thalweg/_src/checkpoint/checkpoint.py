"""`Checkpoint`: saves the Variables that objects hold, and puts them back."""

from __future__ import annotations

import inspect
import os
import threading
from collections.abc import Callable
from typing import Any

import numpy as np

from thalweg._src.base.errors import FailedPreconditionError, InvalidArgumentError
from thalweg._src.checkpoint import storage
from thalweg._src.checkpoint.graph import capture, check_trackable, named_children
from thalweg._src.checkpoint.options import CheckpointOptions
from thalweg._src.checkpoint.restoring import CheckpointLoadStatus, Restoration, restore
from thalweg._src.core import dtypes, xla
from thalweg._src.core.recorders import state
from thalweg._src.variables import late
from thalweg._src.variables.variable import Variable

# Attributes of a Checkpoint that are no part of what it saves.
_OWN = frozenset({"_root_object", "_counter", "_restoration", "_writing"})
_COUNTER = "save_counter"


class Checkpoint:
    """Saves the Variables below some objects to files, and restores them.

    Variables are found by the names under which objects hold them, from here on: attributes of modules,
    layers, optimizers, random generators and plain objects, positions in lists, keys of dicts; or what an
    object's method ``_checkpoint_children()`` names. Restoring follows the same names. Values whose
    Variables do not exist yet, as those of a layer that has not seen its inputs, wait and are taken when
    these are created.

    Args:
        root: Object whose own parts are saved as if they were given by name, or None.
        **kwargs: Objects to save, by name. More can be set as attributes.

    Raises:
        ValueError: An argument in which there is no state, or a name that `root` uses too.

    Example:
        >>> import tempfile
        >>> import thalweg as tf
        >>> folder = tempfile.mkdtemp()
        >>> v = tf.Variable(1.0)
        >>> path = tf.train.Checkpoint(v=v).save(f"{folder}/ckpt")
        >>> _ = v.assign(5.0)
        >>> _ = tf.train.Checkpoint(v=v).restore(path).assert_consumed()
        >>> v.numpy().item()
        1.0

    Source: `tf.train.Checkpoint`. The files are our own (arrays in the layout of safetensors, with a
    checksum); TensorFlow's binary format is neither written nor read. A checkpoint with values of another
    shape or dtype changes nothing, where TensorFlow stops half way.
    """

    _root_object: Any
    _counter: Variable | None
    _restoration: Restoration | None
    _writing: _Writing

    def __init__(self, root: Any = None, **kwargs: Any) -> None:
        for name in _OWN:
            object.__setattr__(self, name, None)
        self._root_object = root
        self._writing = _Writing()
        if root is not None:
            check_trackable("Checkpoint", "root", root)
        own = {} if root is None else dict(named_children(root))
        for name, value in kwargs.items():
            check_trackable("Checkpoint", name, value)
            if hasattr(type(self), name) or own.get(name, value) is not value:
                raise InvalidArgumentError(
                    f"[Checkpoint] expected names that are free, got {name}=, which "
                    f"{'root holds already' if name in own else 'is a method'}; choose another."
                )
            setattr(self, name, value)

    def __setattr__(self, name: str, value: Any) -> None:
        object.__setattr__(self, name, value)
        if late.watchers:
            late.tell_watchers()

    def _checkpoint_children(self) -> dict[Any, Any]:
        root = {} if self._root_object is None else dict(named_children(self._root_object))
        own = {name: value for name, value in vars(self).items() if name not in _OWN}
        counter = {} if self._counter is None else {_COUNTER: self._counter}
        return {**root, **own, **counter}

    @property
    def save_counter(self) -> Variable:
        """How often `save` has been called, an int64 Variable; it is saved too."""
        if self._counter is None:
            self._counter = Variable(
                np.zeros((), np.int64), trainable=False, name=_COUNTER, dtype=dtypes.int64
            )
        return self._counter

    def save(
        self, file_prefix: str | os.PathLike[str], options: CheckpointOptions | None = None
    ) -> str:
        """Saves under a prefix and the number of this save.

        Args:
            file_prefix: Folder and name; the folder is made.
            options: See `CheckpointOptions`.

        Returns:
            Folder and name of the checkpoint, such as ``"runs/ckpt-1"``, for `restore`.

        Raises:
            TypeError: A Variable of strings.
            OSError: The disk is full, or may not be written. An older checkpoint stays as it was.
        """
        return self._save(file_prefix, None, options)

    def _save(
        self,
        prefix: str | os.PathLike[str],
        number: int | None,
        options: CheckpointOptions | None,
    ) -> str:
        """As `save`, under another number."""
        self._check_eager("save")
        self.save_counter.assign_add(1)
        try:
            chosen = int(self.save_counter) if number is None else number
            return self.write(f"{os.fspath(prefix)}-{chosen}", options)
        except BaseException:
            self.save_counter.assign_sub(1)
            raise

    def write(
        self, file_prefix: str | os.PathLike[str], options: CheckpointOptions | None = None
    ) -> str:
        """Saves under exactly this name, without counting; arguments and errors as for `save`.

        Returns:
            Folder and name of the checkpoint, for `read`.
        """
        self._check_eager("write")
        self.sync()
        path = os.fspath(file_prefix)
        captured = capture(self)
        arrays = {name: np.asarray(v.numpy()) for name, v in captured.variables.items()}
        callbacks = list(options.experimental_write_callbacks or ()) if options else []

        def job() -> None:
            storage.write_as(path, arrays, {"graph": captured.nodes})
            for callback in callbacks:
                callback(*([path] if inspect.signature(callback).parameters else []))

        self._writing.run(job, options is not None and options.enable_async)
        return path

    def restore(
        self,
        save_path: str | os.PathLike[str] | None,
        options: CheckpointOptions | None = None,
    ) -> CheckpointLoadStatus:
        """Puts the values of a checkpoint into the Variables, now and when more of them are created.

        Args:
            save_path: What `save` returned, or `tf.train.latest_checkpoint`; None does nothing.
            options: Has no effect on reading.

        Returns:
            Status, to check how much was used: ``status.assert_consumed()``,
            ``assert_existing_objects_matched()``, ``expect_partial()``.

        Raises:
            LookupError: `NotFoundError`: there is no such checkpoint.
            OSError: `DataLossError`: it is damaged; nothing has changed.
            ValueError: `RestoreError`: a shape or dtype differs; nothing has changed.
        """
        self._check_eager("restore")
        self.sync()
        if save_path is None:
            return CheckpointLoadStatus(None, self)
        counted = self._counter is not None
        _ = self.save_counter
        try:
            found = restore([self, *self._roots()], save_path)
        except BaseException:
            self._counter = self._counter if counted else None
            raise
        if not counted and _COUNTER not in found.mapped:
            self._counter = None
        if self._restoration is not None:
            self._restoration.silent = True
            self._restoration.finish()
        self._restoration = found
        return CheckpointLoadStatus(found, self)

    def _roots(self) -> list[Any]:
        return [] if self._root_object is None else [self._root_object]

    def read(
        self, save_path: str | os.PathLike[str], options: CheckpointOptions | None = None
    ) -> CheckpointLoadStatus:
        """The same as `restore`, for what `write` returned."""
        return self.restore(save_path, options)

    def sync(self) -> None:
        """Waits until a checkpoint that a thread writes is on the disk.

        Raises:
            OSError: It could not be written.
        """
        self._writing.wait()

    def _check_eager(self, method: str) -> None:
        if state.scopes or xla.tracing():
            raise FailedPreconditionError(
                f"[Checkpoint.{method}] expected to be called eagerly, got a call inside a compiled "
                "function; call it between steps."
            )


class _Writing:
    """At most one thread that writes, and the error it ended with."""

    def __init__(self) -> None:
        self._thread: threading.Thread | None = None
        self._errors: list[BaseException] = []

    def run(self, job: Callable[[], None], in_thread: bool) -> None:
        if not in_thread:
            job()
            return

        def guarded() -> None:
            try:
                job()
            except BaseException as error:
                self._errors.append(error)

        self._thread = threading.Thread(target=guarded, name="checkpoint")
        self._thread.start()

    def wait(self) -> None:
        if self._thread is not None:
            self._thread.join()
            self._thread = None
        if self._errors:
            raise self._errors.pop()
