"""Files made to do harm, and a watch over what a program does while it opens them."""

from __future__ import annotations

import base64
import io
import json
import marshal
import re
import sys
import warnings
import zipfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import h5py

from thalweg import keras
from thalweg._src.base.errors import SavingError

# What no file may make a program do, besides being read itself. Modules of this project and of the
# interpreter are imported when they are first needed.
_WATCHED = (
    "open", "os.", "shutil.", "subprocess.", "socket.", "urllib.", "ctypes.", "pickle.", "marshal.loads",
)  # fmt: skip
_PROGRAM = (".py", ".pyc", ".so", ".pth")
_watches: list[list[str]] = []


def _note(event: str, args: tuple[Any, ...]) -> None:
    if not _watches or not event.startswith(_WATCHED):
        return
    subject = str(args[0]) if args else ""
    spared = event in ("os.listdir", "os.scandir") or subject.endswith(_PROGRAM)
    if not spared and not subject.isdigit():
        _watches[-1].append(f"{event} {subject}")


sys.addaudithook(_note)


@contextmanager
def nothing_else_happens(path: Path) -> Iterator[None]:
    """Within it, nothing is opened, written, run or fetched but `path` read.

    Args:
        path: The only file that may be opened.
    """
    before = sorted(path.parent.rglob("*"))
    seen: list[str] = []
    _watches.append(seen)
    try:
        yield
    finally:
        _watches.pop()
    assert [event for event in seen if event != f"open {path}"] == []
    assert sorted(path.parent.rglob("*")) == before


def refused(path: Path, message: str, act: Callable[[Path], Any] | None = None) -> None:
    """Asserts that a file is refused by an error that says why, and does nothing else.

    Args:
        path: The file.
        message: Regular expression that the error's message matches.
        act: What is done with the file; `load_model` where None.
    """
    with nothing_else_happens(path):
        try:
            (act or keras.models.load_model)(path)
        except SavingError as error:
            text = str(error)
        else:
            raise AssertionError(f"{path} was opened")
    assert re.search(message, text), text


def small() -> Any:
    """A model with one dense layer."""
    model = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="d")], name="small")
    model.compile("sgd", "mse")
    return model


def members_of(folder: Path) -> dict[str, bytes]:
    """Members of a good file."""
    path = folder / "good.keras"
    small().save(path)
    with zipfile.ZipFile(path) as archive:
        found = {name: archive.read(name) for name in archive.namelist()}
    path.unlink()
    return found


def packed(
    path: Path, members: dict[str, bytes], *more: tuple[Any, bytes], method: int = zipfile.ZIP_STORED
) -> Path:
    """A zip file with the members, and more."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of names that occur twice
        with zipfile.ZipFile(path, "w", method) as archive:
            for name, data in [*members.items(), *more]:
                archive.writestr(name, data)
    return path


def with_layers(path: Path, *entries: dict[str, Any], **changes: Any) -> Path:
    """A `.keras` file of a model with further layers, and other settings of its dense layer.

    Args:
        path: Its path.
        *entries: Configs of layers.
        **changes: Settings of the dense layer.
    """
    members = members_of(path.parent)
    config = json.loads(members["config.json"])
    config["config"]["layers"][1]["config"] |= changes
    config["config"]["layers"] += entries
    return packed(path, members | {"config.json": json.dumps(config).encode()})


def entry(module: str, class_name: str, config: Any, **more: Any) -> dict[str, Any]:
    """Config of an object."""
    return {"module": module, "class_name": class_name, "config": config, "registered_name": None} | more


def code(source: str) -> dict[str, Any]:
    """A lambda whose code runs `source`."""
    made = base64.encodebytes(marshal.dumps(compile(source, "<evil>", "eval"))).decode()
    config = {"code": made, "defaults": None, "closure": None}
    return {"class_name": "__lambda__", "config": config}


def with_weights(path: Path, make: Callable[[h5py.File], None]) -> Path:
    """A `.weights.h5` file, or a `.keras` file with such weights, that `make` fills."""
    buffer = io.BytesIO()
    with h5py.File(buffer, "w") as file:
        make(file)
    if path.name.endswith(".weights.h5"):
        path.write_bytes(buffer.getvalue())
        return path
    return packed(path, members_of(path.parent) | {"model.weights.h5": buffer.getvalue()})
