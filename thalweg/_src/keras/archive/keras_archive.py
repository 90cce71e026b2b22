"""`.keras` files: the config of a model, its weights, and files that layers keep beside them."""

from __future__ import annotations

import datetime
import io
import json
import shutil
import tempfile
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO

from thalweg._src.base.errors import SavingError
from thalweg._src.base.safe_json import parsed
from thalweg._src.checkpoint import files
from thalweg._src.keras.archive.failures import MissingFileError, damaged, only_saving_errors
from thalweg._src.keras.archive.h5_gate import H5Reader
from thalweg._src.keras.archive.legacy_config import upgraded
from thalweg._src.keras.archive.legacy_h5 import of_keras_2
from thalweg._src.keras.archive.legacy_training import compile_config
from thalweg._src.keras.archive.loading import load_into
from thalweg._src.keras.archive.walk import parts_of
from thalweg._src.keras.archive.weights_h5 import write_weights
from thalweg._src.keras.archive.zip_gate import (
    ASSETS,
    CONFIG,
    METADATA,
    WEIGHTS,
    ArchiveReader,
    is_asset,
)
from thalweg._src.keras.base.python_code import load_policy
from thalweg._src.keras.base.serialization import (
    CustomObjectScope,
    SharedObjects,
    data_of,
    deserialize_keras_object,
    serialize_keras_object,
    sharing_objects,
)
from thalweg._src.keras.base.variable import weight_budget
from thalweg._src.keras.base.version import version

# A model may take this many times the bytes of the arrays in its file, for the optimizer's state and
# metrics, and some more.
_WEIGHTS_PER_BYTE = 8
_SPARE_BYTES = 1 << 26
_MAX_CONFIG_BYTES = 1 << 26
# Modules under which calls of ops stand that Keras has no class for.
_OWN_OPS = ("thalweg.ops", "keras.ops")


def config_of(model: Any) -> dict[str, Any]:
    """All of a model but its weights, as plain data.

    Raises:
        SavingError: A layer has something that cannot be written as data. A loss or metric that cannot is
            left out, with a warning.
    """
    with SharedObjects() as shared:
        config: dict[str, Any] = serialize_keras_object(model)
        config["compile_config"] = {}
        if getattr(model, "compiled", False):
            try:
                config["compile_config"] = data_of(model.get_compile_config() or {})
            except SavingError as error:
                warnings.warn(
                    f"[save] the model is saved without what compile() was told: {error} Compile it again "
                    "after loading.",
                    stacklevel=4,
                )
    if ops := sorted(_unknown_to_keras(config)):
        warnings.warn(
            f"[save] Keras itself cannot open the file: it has nothing for the ops {ops} of the graph. Use "
            "keras.ops or a layer where it should.",
            stacklevel=4,
        )
    return dict(shared.only_shared(config))


def built_model(
    config: Mapping[str, Any],
    nbytes: int,
    custom_objects: Any,
    compile: bool,
    safe_mode: bool | None,
) -> Any:
    """Model with fresh weights that a config describes.

    Args:
        config: What `config_of` returned.
        nbytes: Bytes of the arrays for it; it may take a small multiple of them.
        custom_objects: Classes and functions by name.
        compile: Whether to compile it as it was.
        safe_mode: Only False lets code in the config run.

    Raises:
        SavingError: The config names what is not known here, or makes no sense.
    """
    told = config.get("compile_config")
    budget = weight_budget(_WEIGHTS_PER_BYTE * nbytes + _SPARE_BYTES)
    with CustomObjectScope(custom_objects), load_policy(safe_mode), budget:
        with sharing_objects():
            model = deserialize_keras_object({k: v for k, v in config.items() if k != "compile_config"})
        if compile and told and hasattr(model, "compile_from_config"):
            _compile(model, told)
    return model


def _compile(model: Any, told: Mapping[str, Any]) -> None:
    kind = type(model)
    if not _is_ours(kind.compile) and _is_ours(kind.compile_from_config):
        warnings.warn(
            f"[load_model] {kind.__name__} overrides compile(), so that the model is not compiled: compile "
            "it, or override get_compile_config() and compile_from_config(), too.",
            stacklevel=5,
        )
        return
    try:
        model.compile_from_config(told)
    except Exception as error:
        raise SavingError(
            f"[{model.name}] what compile() was told cannot be told again: {error} Pass compile=False to "
            "open the model without, and compile it."
        ) from error


def _is_ours(method: Any) -> bool:
    return bool(method.__module__.startswith("thalweg._src."))


def _unknown_to_keras(config: Any) -> set[str]:
    """Ops in a config that Keras has no class for."""
    parts = list(config.values()) if isinstance(config, dict) else list(config)
    found: set[str] = set()
    if isinstance(config, dict) and config.get("module") in _OWN_OPS and "inbound_nodes" in config:
        found.add(str(config["class_name"]))
    for part in parts:
        if isinstance(part, (dict, list, tuple)):
            found |= _unknown_to_keras(part)
    return found


def _metadata() -> dict[str, str]:
    now = datetime.datetime.now().strftime("%Y-%m-%d@%H:%M:%S")
    return {"keras_version": version(), "date_saved": now}


def write_archive(path: Path, model: Any) -> None:
    """Writes a `.keras` file; an older one stays whole until the new one takes its place.

    Args:
        path: Its path.
        model: The model.

    Raises:
        SavingError: The model cannot be written as data.
    """
    texts = {METADATA: json.dumps(_metadata()), CONFIG: json.dumps(config_of(model))}
    with files.writing(path) as file, zipfile.ZipFile(file, "w") as archive:
        for name, text in texts.items():
            archive.writestr(zipfile.ZipInfo(name), text)
        with tempfile.TemporaryFile(dir=path.parent) as weights:
            write_weights(weights, model)
            weights.seek(0)
            with archive.open(zipfile.ZipInfo(WEIGHTS), "w", force_zip64=True) as member:
                shutil.copyfileobj(weights, member, 1 << 20)
        for name, data in assets_of(model):
            archive.writestr(zipfile.ZipInfo(name), data)


def write_folder(path: Path, model: Any) -> None:
    """Writes the members of a `.keras` file into a folder; an older one is replaced when all is written."""
    temporary = path.with_name(f".{path.name}.part")
    shutil.rmtree(temporary, ignore_errors=True)
    temporary.mkdir()
    try:
        files.replace(temporary / METADATA, [json.dumps(_metadata()).encode()])
        files.replace(temporary / CONFIG, [json.dumps(config_of(model)).encode()])
        with files.writing(temporary / WEIGHTS) as file:
            write_weights(file, model)
        for name, data in assets_of(model):
            (temporary / name).parent.mkdir(parents=True, exist_ok=True)
            files.replace(temporary / name, [data])
    except BaseException:
        shutil.rmtree(temporary, ignore_errors=True)
        raise
    old = path.with_name(f".{path.name}.old")
    shutil.rmtree(old, ignore_errors=True)
    if path.exists():
        path.rename(old)
    temporary.rename(path)
    shutil.rmtree(old, ignore_errors=True)


def assets_of(model: Any) -> Iterator[tuple[str, bytes]]:
    """Names and bytes of the files that layers write by `save_assets(folder)`.

    Raises:
        SavingError: A name that no file may have.
    """
    for part in parts_of(model):
        if not hasattr(part.item, "save_assets"):
            continue
        with tempfile.TemporaryDirectory() as folder:
            part.item.save_assets(folder)
            for found in sorted(Path(folder).rglob("*")):
                if found.is_file() and not found.is_symlink():
                    name = Path(ASSETS, part.path, found.relative_to(folder)).as_posix()
                    if not is_asset(name):
                        raise SavingError(
                            f"[{part.name}.save_assets] expected names of letters, digits, '-', '_', '.' and "
                            f"' ', which no '.' begins, got {name!r}; choose another."
                        )
                    yield name, found.read_bytes()


def read_archive(
    path: Path, custom_objects: Any, compile: bool, safe_mode: bool | None = True
) -> Any:
    """Model of a `.keras` file, with its weights.

    Args:
        path: Path of the file, or of a folder with its members.
        custom_objects: Classes and functions by name.
        compile: Whether to compile it as it was.
        safe_mode: Only False lets code in the config run.

    Raises:
        SavingError: The file is damaged or refused, or names what is not known here.
    """
    with _opened(path) as archive, only_saving_errors(path, "opening the model"):
        config = _config_in(archive)
        with _weights_in(archive) as weights:
            model = built_model(config, weights.nbytes, custom_objects, compile, safe_mode)
            load_into(model, weights)
        _load_assets(model, archive)
    return model


def _config_in(archive: Any) -> dict[str, Any]:
    text = archive.read(CONFIG)
    if len(text) > _MAX_CONFIG_BYTES:
        raise damaged(archive.where, f"got a config of {len(text)} bytes")
    with only_saving_errors(archive.where, f"reading {CONFIG!r}"):
        config = parsed(text)
    if not isinstance(config, dict) or "class_name" not in config:
        raise damaged(archive.where, "got a config that describes no model")
    return _renewed(config, _version_in(archive))


def _version_in(archive: Any) -> str:
    """Version of Keras that wrote the file; ours where it does not say it."""
    try:
        return str(parsed(archive.read(METADATA))["keras_version"])
    except (SavingError, ValueError, TypeError, KeyError):
        return version()


def _renewed(config: dict[str, Any], written_by: str) -> dict[str, Any]:
    """The config as this version writes it."""
    if written_by == version():
        return config
    old = of_keras_2(written_by)
    told = config.pop("compile_config", None)
    made: dict[str, Any] = upgraded(config, old, has_modules=not old)
    return made | ({"compile_config": compile_config(told, old) if old else told} if told else {})


@contextmanager
def weights_of_archive(path: Path) -> Iterator[H5Reader]:
    """The weights in a `.keras` file, to be read."""
    with _opened(path) as archive, _weights_in(archive) as weights:
        yield weights


def _weights_in(archive: Any) -> H5Reader:
    data = io.BytesIO(archive.read(WEIGHTS))
    return H5Reader(data, f"{archive.where}:{WEIGHTS}", archive.size)


def load_weights_of_archive(path: Path, model: Any, skip_mismatch: bool) -> None:
    """Gives a model the weights in a `.keras` file; see `load_into`."""
    with weights_of_archive(path) as weights:
        load_into(model, weights, skip_mismatch)


def _load_assets(model: Any, archive: Any) -> None:
    for part in parts_of(model):
        if not hasattr(part.item, "load_assets"):
            continue
        prefix = Path(ASSETS, part.path).as_posix()
        names = archive.below(prefix)
        if not names:
            continue
        with tempfile.TemporaryDirectory() as folder:
            for name in names:
                target = Path(folder, name.removeprefix(prefix + "/"))
                target.parent.mkdir(parents=True, exist_ok=True)
                target.write_bytes(archive.read(name))
            part.item.load_assets(folder)


@contextmanager
def _opened(path: Path) -> Iterator[Any]:
    if path.is_dir():
        yield _FolderReader(path)
        return
    try:
        file: BinaryIO = path.open("rb")
    except FileNotFoundError:
        raise MissingFileError(f"[{str(path)!r}] expected a `.keras` file, found no such file.") from None
    with file:
        yield ArchiveReader(file, path)


class _FolderReader:
    """Members of a `.keras` file that lie in a folder; links are refused."""

    def __init__(self, folder: Path) -> None:
        self.where: object = folder
        self.size: int | None = None
        self._folder = folder

    def read(self, name: str) -> bytes:
        """All bytes of a member."""
        path = self._folder / name
        if path.is_symlink() or path.resolve() != self._folder.resolve() / name:
            raise damaged(self.where, f"got {name!r} as a link")
        try:
            return path.read_bytes()
        except FileNotFoundError:
            raise MissingFileError(f"[{str(self.where)!r}] expected {name!r} in it, found none.") from None

    def below(self, folder: str) -> list[str]:
        """Names of the files in a folder below, at any depth."""
        found = (self._folder / folder).rglob("*") if (self._folder / folder).is_dir() else []
        return [p.relative_to(self._folder).as_posix() for p in found if p.is_file()]
