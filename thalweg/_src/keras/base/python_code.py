"""Python code in configs: how a lambda is written, and who may make it a function again.

What a load may do is a `LoadPolicy`: the outermost call that reads a config sets it, everything inside
only sees it. Nothing that a file can name sets it, and what nobody set is safe.
"""

from __future__ import annotations

import base64
import binascii
import dis
import marshal
import sys
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from types import CellType, CodeType, FunctionType
from typing import Any

from thalweg._src.base.errors import SavingError
from thalweg._src.keras.base.settings import settings

LAMBDA = "__lambda__"
_VERSION = f"{sys.version_info.major}.{sys.version_info.minor}"


@dataclass(frozen=True)
class LoadPolicy:
    """What may happen while a config is read.

    Attributes:
        runs_code: Whether Python code in it becomes functions.
    """

    runs_code: bool = False


class _Handed(threading.local):
    policy: LoadPolicy | None = None


_handed = _Handed()


@contextmanager
def load_policy(safe_mode: bool | None) -> Iterator[None]:
    """Within it, configs are read as `safe_mode` says; inside another one, as that says.

    Args:
        safe_mode: Only False, and no other value that is false, lets code run.
    """
    outer = _handed.policy
    _handed.policy = outer or LoadPolicy(runs_code=safe_mode is False)
    try:
        yield
    finally:
        _handed.policy = outer


def check_code_allowed() -> None:
    """Refuses Python code from a config, unless the policy of the load allows it.

    Raises:
        SavingError: It does not.
    """
    if settings.unsafe_deserialization or (_handed.policy or LoadPolicy()).runs_code:
        return
    raise SavingError(
        "[deserialize] expected functions by name, got the Python code of a lambda, which is not run, as it "
        "could do whatever you can. Pass safe_mode=False if you trust whoever wrote it; better, make it a "
        "function that is registered by keras.saving.register_keras_serializable(), and save again."
    )


def is_lambda(value: Any) -> bool:
    """Whether it is a function without a name, which only its code can stand for."""
    return isinstance(value, FunctionType) and not value.__name__.isidentifier()


def packed(function: FunctionType) -> dict[str, Any]:
    """A lambda as a config that holds its code.

    Args:
        function: The lambda.

    Returns:
        Code as base64, and default values and captured ones as they are, which may be no data yet.

    Source: the form that Keras 3.15 gives to the function of a `Lambda` layer, and the version of Python,
        as code is for one version only.
    """
    cells = function.__closure__
    config = {
        "code": base64.encodebytes(marshal.dumps(function.__code__)).decode(),
        "defaults": None if function.__defaults__ is None else list(function.__defaults__),
        "closure": None if cells is None else [cell.cell_contents for cell in cells],
        "python": _VERSION,
    }
    return {"class_name": LAMBDA, "config": config}


def unpacked(
    config: Any, known: Mapping[str, Any], value_of: Callable[[Any], Any]
) -> FunctionType:
    """The function that `packed` was given.

    Args:
        config: Its code, default and captured values.
        known: What the code finds under global names, besides Python's own functions.
        value_of: Gives the objects that default and captured values describe.

    Raises:
        SavingError: Code is not allowed, is for another version of Python, is damaged, or uses names that
            are not known.
    """
    check_code_allowed()
    if isinstance(config, Mapping) and "value" in config:
        config = dict(zip(("code", "defaults", "closure"), config["value"], strict=True))
    version = config.get("python", _VERSION)
    if version != _VERSION:
        raise SavingError(
            f"[deserialize] expected code for Python {_VERSION}, got some for Python {version}; open the "
            "file with that version and save it with functions that have names."
        )
    try:
        code = marshal.loads(base64.b64decode(config["code"]))
    except (binascii.Error, EOFError, TypeError, ValueError) as error:
        raise SavingError(
            f"[deserialize] expected the code of a lambda, got bytes that are none: {error}."
        ) from error
    if not isinstance(code, CodeType):
        raise SavingError(
            f"[deserialize] expected the code of a lambda, got a {type(code).__name__}."
        )
    builtins = vars(sys.modules["builtins"])
    if missing := sorted(global_names(code) - set(known) - set(builtins)):
        raise SavingError(
            f"[deserialize] the code of a lambda uses the names {missing}, which are not known here; pass "
            f"custom_objects={{{missing[0]!r}: ...}}."
        )
    defaults = config.get("defaults")
    cells = config.get("closure") or ()
    return FunctionType(
        code,
        {**known, "__builtins__": builtins},
        "<lambda>",
        None if defaults is None else tuple(value_of(value) for value in defaults),
        tuple(CellType(value_of(value)) for value in cells),
    )


def global_names(code: CodeType) -> set[str]:
    """Names that code looks up in its module or among Python's own functions."""
    found = {str(i.argval) for i in dis.get_instructions(code) if i.opname == "LOAD_GLOBAL"}
    inner = (global_names(part) for part in code.co_consts if isinstance(part, CodeType))
    return found.union(*inner)
