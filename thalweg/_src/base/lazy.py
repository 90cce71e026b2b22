"""Modules that are loaded when they are first used."""

from __future__ import annotations

import gc
import importlib
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

from thalweg._src.base.api_names import other_names


class LazyModule:
    """Stands for a module that takes long to load and that most programs never need.

    Args:
        name: Full name, such as ``"h5py"``.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(importlib.import_module(self._name), attribute)


def needed(module: str, where: str, package: str) -> Any:
    """An optional module.

    Args:
        module: Full name, such as ``"matplotlib.pyplot"``.
        where: What needs it.
        package: What to install when it is missing, as pip takes it.

    Raises:
        ImportError: It is missing; the message says what to run.
    """
    try:
        return importlib.import_module(module)
    except ImportError:
        name = module.partition(".")[0]
        raise ImportError(
            f"[{where}] expected {name} to be installed, found it missing; run pip install {package}"
        ) from None


def lazy_submodules(package: str, *names: str) -> tuple[Callable[[str], Any], Callable[[], list[str]]]:
    """`__getattr__` and `__dir__` of a door that loads some of its modules when they are first named.

    For all other names `__getattr__` is that of `other_names`.

    Args:
        package: The package's `__name__`.
        *names: Modules in it.
    """

    get_other = other_names(package)

    def get_attribute(name: str) -> Any:
        if name not in names:
            return get_other(name)
        with _collector_paused():
            return importlib.import_module(f"{package}.{name}")

    def list_names() -> list[str]:
        return sorted({*vars(sys.modules[package]), *names})

    return get_attribute, list_names


@contextmanager
def _collector_paused() -> Iterator[None]:
    """Loading makes hundreds of thousands of objects that stay; to look them through again and again for
    garbage takes a fifth of the time that loading takes."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()
