"""Imports of `tensorflow` and `keras` that bring thalweg.

Nothing is put into `sys.modules`, and no finder is added: an import statement of the user's program is
answered with thalweg's own module. So every object and module is the same under all its names, pickles
name thalweg, and libraries that look for an installed TensorFlow find none.
"""

from __future__ import annotations

import builtins
import importlib
import os
import sys
from collections.abc import Iterable, Mapping, Sequence
from types import ModuleType
from typing import Any

from thalweg._src.base.api_names import api_names, canonical, door_path, published
from thalweg._src.base.errors import FailedPreconditionError
from thalweg._src.compat import processes

# Each name by which programs import, and the name of its place in the table of names.
ROOTS = {"tensorflow": "tf", "keras": "keras", "tf_keras": "keras"}

_INSTALLED = tuple(f"{os.sep}{folder}{os.sep}" for folder in ("site-packages", "dist-packages"))

# What `install` found in the place of its own functions.
_python_import = builtins.__import__
_python_import_module = importlib.import_module
_active = False
_packages: frozenset[str] = frozenset()


def install(packages: Iterable[str] = ()) -> None:
    """Imports of `tensorflow`, `keras` and `tf_keras` bring thalweg, for this process.

    The user's program sees the names: every module that does not lie in a folder of installed packages,
    cells of notebooks, and the standard library on their behalf. Installed packages go on seeing what is
    installed, unless they are named. `importlib.util.find_spec("tensorflow")`, `importlib.metadata` and
    `sys.modules` stay as they are. Processes that `multiprocessing` starts see the names too. A second call
    adds packages.

    Args:
        packages: Installed packages that see the names too, such as ``["keras_cv"]``.

    Raises:
        FailedPreconditionError: The real TensorFlow or Keras is loaded.

    Example:
        >>> import thalweg.compat
        >>> thalweg.compat.install()
        >>> import tensorflow as tf
        >>> from tensorflow.keras.layers import Dense
        >>> tf.__name__, Dense.__name__
        ('thalweg', 'Dense')
        >>> thalweg.compat.uninstall()
    """
    global _active, _packages, _python_import, _python_import_module
    loaded = [root for root in ROOTS if root in sys.modules]
    if loaded:
        raise FailedPreconditionError(
            f"[compat.install] expected a process without TensorFlow and Keras, found {loaded[0]!r} "
            f"loaded from {getattr(sys.modules[loaded[0]], '__file__', None)}; install before anything "
            "imports it."
        )
    _packages |= {packages} if isinstance(packages, str) else set(packages)
    processes.hand_on(install, tuple(sorted(_packages)))
    _active = True
    if builtins.__import__ is not _import:
        _python_import, builtins.__import__ = builtins.__import__, _import
    if importlib.import_module is not _import_module:
        _python_import_module, importlib.import_module = importlib.import_module, _import_module


def uninstall() -> None:
    """The names are what they were before `install`; what has been imported stays."""
    global _active, _packages
    _active, _packages = False, frozenset()
    processes.stop_handing_on()
    # What somebody else has put over ours since is left in place; ours then only hands on.
    if builtins.__import__ is _import:
        builtins.__import__ = _python_import
    if importlib.import_module is _import_module:
        importlib.import_module = _python_import_module


def _import(
    name: str,
    globals: Mapping[str, Any] | None = None,
    locals: Mapping[str, Any] | None = None,
    fromlist: Sequence[str] | None = (),
    level: int = 0,
) -> ModuleType:
    """`builtins.__import__` while the names are installed."""
    __tracebackhide__ = True
    if level or name.partition(".")[0] not in ROOTS or not _active:
        return _python_import(name, globals, locals, fromlist or (), level)
    if not _sees(sys._getframe(1).f_globals if globals is None else globals):
        return _python_import(name, globals, locals, fromlist or (), level)
    module = load(name)
    for each in fromlist or ():
        if each != "*":
            _ensure(module, each, name)
    return module if fromlist else load(name.partition(".")[0])


def _import_module(name: str, package: str | None = None) -> ModuleType:
    """`importlib.import_module` while the names are installed."""
    if name.partition(".")[0] in ROOTS and _active and _sees(sys._getframe(1).f_globals):
        return load(name)
    return _python_import_module(name, package)


def _sees(importer: Mapping[str, Any]) -> bool:
    """True for modules that are not installed packages, and for those that `install` was told."""
    if str(importer.get("__name__", "")).partition(".")[0] in _packages:
        return True
    file = importer.get("__file__") or ""
    return not any(folder in file for folder in _INSTALLED)


def load(name: str) -> ModuleType:
    """The module of thalweg for an import of `name`.

    Raises:
        ModuleNotFoundError: There is none; says why if that is known.
    """
    path = door(name)
    try:
        return _python_import_module(path)
    except ModuleNotFoundError as error:
        # A module that is there, and fails for the lack of another, says so itself.
        if not (error.name and f"{path}.".startswith(f"{error.name}.")):
            raise
        value = _attribute(path)
        if isinstance(value, ModuleType):
            return value
        raise ModuleNotFoundError(_no_module(name, path), name=name) from None


def door(name: str) -> str:
    """Where thalweg publishes what programs call `name`: ``tensorflow.keras`` is ``thalweg.keras``."""
    root, *parts = name.split(".")
    aliases = api_names().aliases
    written = found = ROOTS[root]
    for part in parts:
        written, found = f"{written}.{part}", canonical(door_path(f"{found}.{part}"))
        found = aliases.get(written) or aliases.get(found, found)
    return door_path(found)


def _attribute(path: str) -> Any:
    try:
        return published(path)
    except (AttributeError, ModuleNotFoundError):
        return None


def _ensure(module: ModuleType, attribute: str, name: str) -> None:
    """Refuses what is neither an attribute nor a submodule, as `from ... import` does, with the reason."""
    try:
        getattr(module, attribute)
    except AttributeError as error:
        try:
            load(f"{name}.{attribute}")
        except ModuleNotFoundError as missing:
            if missing.name != f"{name}.{attribute}":
                raise
            raise ImportError(
                f"cannot import name {attribute!r} from {name!r}: {error}", name=name
            ) from None


def _no_module(name: str, path: str) -> str:
    reason = api_names().reason(canonical(path))
    text = f"No module named {name!r} in thalweg, which answers to {name.partition('.')[0]!r} here"
    return f"{text}: {reason}." if reason else text
