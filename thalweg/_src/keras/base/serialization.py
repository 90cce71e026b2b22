"""Objects as configs: the closed table of Keras' own classes and functions, and what users register.

A config is plain data: ``{"module", "class_name", "config", "registered_name"}``, as Keras 3 writes it.
Finding a class again never imports a module and follows no path: it is one of Keras' own, enrolled when
its module was loaded, or one that the program registered or passed as a custom object.
"""

from __future__ import annotations

import builtins
import inspect
import threading
import warnings
from collections import ChainMap
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager
from types import FunctionType
from typing import Any

import numpy as np

from thalweg._src.base.errors import SavingError
from thalweg._src.base.naming import nearest
from thalweg._src.core import dtypes
from thalweg._src.core.convert import convert_to_tensor
from thalweg._src.core.shapes import TensorShape
from thalweg._src.core.tensor import Tensor
from thalweg._src.keras.base.python_code import (
    LAMBDA,
    global_names,
    is_lambda,
    load_policy,
    packed,
    unpacked,
)

_SHARED = "shared_object_id"
_PLAIN = (str, bool, int, float, type(None))
# Keras' own classes and functions by module and name, and their home.
_own: dict[tuple[str, str], Any] = {}
_home: dict[Any, tuple[str, str]] = {}
# What the program registered: "package>name" to object and back.
_registered: dict[str, Any] = {}
_names: dict[Any, str] = {}


class _Scopes(threading.local):
    def __init__(self) -> None:
        self.stack: list[dict[str, Any]] = []


_scopes = _Scopes()
_global_custom: dict[str, Any] = {}


def enroll(module: str, *objects: Any, name: str | None = None, written: bool = False) -> None:
    """Makes classes or functions of Keras' own known under a public module such as ``"keras.layers"``.

    Args:
        module: Public module.
        *objects: Classes and functions.
        name: Name of the only object, where it differs from its `__name__`.
        written: Whether configs name it so from now on.
    """
    for item in objects:
        key = (module, name or item.__name__)
        _own[key] = item
        _home[item] = key if written else _home.get(item, key)


def own_name(item: Any) -> tuple[str, str] | None:
    """Public module and name of one of Keras' own classes or functions; None for others."""
    return _home.get(item)


def own_object(module: str, name: str) -> Any:
    """One of Keras' own classes or functions by public module and name; None where there is none."""
    return _own.get((module, name))


class Serializable:
    """Base of Keras' classes that have configs: those of this package enroll themselves.

    Attributes:
        keras_module: Public module of the class's family.
    """

    keras_module = "keras"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        if cls.__module__.startswith("thalweg._src.keras.") and not cls.__name__.startswith("_"):
            enroll(cls.keras_module, cls)


def register_keras_serializable(
    package: str = "Custom", name: str | None = None
) -> Callable[[Any], Any]:
    """Decorator that makes a class or function known to configs and saved files.

    Args:
        package: First part of its lasting name.
        name: Second part; the object's own name when None.

    Returns:
        The decorator.

    Raises:
        ValueError: A class without `get_config`.

    Example:
        >>> import thalweg as tf
        >>> @tf.keras.saving.register_keras_serializable("mine")
        ... class Scale(tf.keras.layers.Layer):
        ...     pass
        >>> tf.keras.saving.get_registered_name(Scale)
        'mine>Scale'

    Source: `keras.saving.register_keras_serializable`.
    """

    def register(item: Any) -> Any:
        if inspect.isclass(item) and not hasattr(item, "get_config"):
            raise ValueError(
                f"[register_keras_serializable] expected a class with get_config(), got {item.__name__}; "
                "add the method."
            )
        lasting = f"{package}>{name or item.__name__}"
        _registered[lasting] = item
        _names[item] = lasting
        return item

    return register


class CustomObjectScope(AbstractContextManager["CustomObjectScope"]):
    """Within it, configs may name the given classes and functions.

    Args:
        custom_objects: Mapping from names to classes and functions.

    Source: `keras.saving.CustomObjectScope`.
    """

    def __init__(self, custom_objects: Mapping[str, Any] | None) -> None:
        self._objects = dict(custom_objects or {})

    def __enter__(self) -> CustomObjectScope:
        _scopes.stack.append(self._objects)
        return self

    def __exit__(self, *_: object) -> None:
        _scopes.stack.remove(self._objects)


def get_custom_objects() -> dict[str, Any]:
    """The global dict of custom objects; what is put into it is known everywhere.

    Source: `keras.saving.get_custom_objects`.
    """
    return _global_custom


def get_registered_name(obj: Any) -> str:
    """Lasting name of a registered class or function; its own name when it is not registered.

    Source: `keras.saving.get_registered_name`.
    """
    return _names.get(obj, obj.__name__)


def get_registered_object(
    name: str, custom_objects: Mapping[str, Any] | None = None, module_objects: Any = None
) -> Any:
    """Class or function that a name stands for, or None.

    Args:
        name: Lasting name, or name of a custom object.
        custom_objects: Further names.
        module_objects: Names to look at last.

    Source: `keras.saving.get_registered_object`.
    """
    for table in (*reversed(_scopes.stack), custom_objects or {}, _global_custom, _registered):
        if name in table:
            return table[name]
    return (module_objects or {}).get(name)


def serialize_keras_object(obj: Any) -> Any:
    """The object as plain data that `deserialize_keras_object` reads.

    Args:
        obj: Object with `get_config`, function, array, or a structure of them. A function that is not
            registered is written by its name, and read where `custom_objects` know that. A lambda is
            written as Python code, with a warning: it is read with ``safe_mode=False`` only.

    Raises:
        SavingError: An object that has no plain form.

    Source: `keras.saving.serialize_keras_object`.
    """
    lambdas: list[FunctionType] = []
    config = _data(obj, lambdas)
    if lambdas:
        names = sorted(set().union(*(global_names(function.__code__) for function in lambdas)))
        used = sorted(set(names) - set(vars(builtins)))
        with_names = f" and custom_objects for the names {used}" if used else ""
        warnings.warn(
            f"[serialize] {type(obj).__name__} holds lambdas, which are written as Python code for this "
            f"version of Python. They are read with safe_mode=False{with_names} only; functions that are "
            "registered by keras.saving.register_keras_serializable() are read always.",
            stacklevel=2,
        )
    return config


def data_of(obj: Any) -> Any:
    """The object as plain data without code; see `serialize_keras_object`.

    Raises:
        SavingError: An object that has no plain form, such as a lambda.
    """
    return _data(obj, None)


def _data(obj: Any, lambdas: list[FunctionType] | None) -> Any:
    try:
        return _lasting(plain(obj), type(obj).__name__, lambdas)
    except RecursionError:
        raise SavingError(
            f"[serialize] expected something that ends, got {type(obj).__name__} with a part that holds "
            "itself; a function that calls itself must be a registered one."
        ) from None


def plain(value: Any) -> Any:
    """The value as plain data; functions and objects without a lasting form stay as they are."""
    if isinstance(value, _PLAIN):
        return value
    if isinstance(value, (list, tuple)):
        parts = [plain(v) for v in value]
        return tuple(parts) if isinstance(value, tuple) else parts
    if isinstance(value, Mapping) and not hasattr(value, "get_config"):
        return {key: plain(v) for key, v in value.items()}
    if isinstance(value, TensorShape):
        return value.as_list()
    if isinstance(value, (dtypes.DType, np.dtype)):
        return dtypes.as_dtype(value).name
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, (np.ndarray, Tensor)):
        kind = "__numpy__" if isinstance(value, np.ndarray) else "__tensor__"
        array = np.asarray(value)
        stored = {"value": array.tolist(), "dtype": array.dtype.name}
        return {"class_name": kind, "config": stored}
    if isinstance(value, slice):
        ends = {"start": value.start, "stop": value.stop, "step": value.step}
        return {"class_name": "__slice__", "config": {k: plain(v) for k, v in ends.items()}}
    if value is Ellipsis:
        return {"class_name": "__ellipsis__", "config": {}}
    if inspect.isclass(value) or inspect.isroutine(value):
        return _plain_function(value)
    return _plain_object(value) if hasattr(value, "get_config") else value


def _plain_function(function: Any) -> Any:
    own = _home.get(function)
    if own is not None:
        return own[1]
    if function in _names or function.__name__ in _custom_objects():
        return _by_name(function)
    return function


def _by_name(function: Any) -> dict[str, Any]:
    return {
        "module": "builtins",
        "class_name": "function",
        "config": get_registered_name(function),
        "registered_name": "function",
    }


def _custom_objects() -> dict[str, Any]:
    """Custom objects by name, those of the innermost scope first."""
    return dict(ChainMap(*reversed(_scopes.stack), _global_custom))


def _plain_object(obj: Any) -> dict[str, Any]:
    kind = type(obj)
    module, name = _home.get(kind, (kind.__module__, kind.__name__))
    registered = None if kind in _home else get_registered_name(kind)
    found = {
        "module": module, "class_name": name, "config": plain(obj.get_config()),
        "registered_name": registered,
    }
    build = getattr(obj, "get_build_config", None)
    shapes = build() if build is not None else None
    if shapes:
        found["build_config"] = plain(shapes)
    if _shared.written is not None:
        found[_SHARED] = _shared.written.number(obj)
    return found


class SharedObjects:
    """While a model is written: tells objects that occur several times, such as a layer in two wrappers."""

    def __init__(self) -> None:
        self._numbered: dict[int, tuple[int, Any]] = {}

    def number(self, obj: Any) -> int:
        """Number of an object, which is kept alive so that no other gets its identity."""
        return self._numbered.setdefault(id(obj), (len(self._numbered) + 1, obj))[0]

    def only_shared(self, config: Any) -> Any:
        """The config with the numbers of objects that occur once left out."""
        counts: dict[Any, int] = {}

        def count(value: Any) -> None:
            if isinstance(value, dict):
                number = value.get(_SHARED)
                counts[number] = counts.get(number, 0) + 1
            for part in value.values() if isinstance(value, dict) else value:
                if isinstance(part, (dict, list, tuple)):
                    count(part)

        def kept(value: Any) -> Any:
            if isinstance(value, dict):
                return {k: kept(v) for k, v in value.items() if k != _SHARED or counts[v] > 1}
            return type(value)([kept(v) for v in value]) if isinstance(value, (list, tuple)) else value

        count(config)
        return kept(config)

    def __enter__(self) -> SharedObjects:
        _shared.written, self._outer = self, _shared.written
        return self

    def __exit__(self, *_: object) -> None:
        _shared.written = self._outer


@contextmanager
def sharing_objects() -> Iterator[None]:
    """Within it, configs that bear the same ``shared_object_id`` stand for one object."""
    outer, _shared.read = _shared.read, {}
    try:
        yield
    finally:
        _shared.read = outer


class _Shared(threading.local):
    def __init__(self) -> None:
        self.written: SharedObjects | None = None
        self.read: dict[tuple[Any, str], Any] | None = None


_shared = _Shared()


def _lasting(config: Any, where: str, lambdas: list[FunctionType] | None) -> Any:
    """The plain data with functions by name, and lambdas by their code.

    Args:
        config: What `plain` returned.
        where: What it is, for messages.
        lambdas: Is given the lambdas that were met; None refuses them.

    Raises:
        SavingError: Anything else is left that is no data.
    """
    if isinstance(config, Mapping):
        return {key: _lasting(value, f"{where}.{key}", lambdas) for key, value in config.items()}
    if isinstance(config, (list, tuple)):
        parts = (_lasting(v, f"{where}[{i}]", lambdas) for i, v in enumerate(config))
        return type(config)(parts)
    if isinstance(config, _PLAIN):
        return config
    if lambdas is not None and is_lambda(config):
        lambdas.append(config)
        return _lasting(plain(packed(config)), where, lambdas)
    if isinstance(config, FunctionType) and not is_lambda(config):
        return _by_name(config)
    raise SavingError(
        f"[serialize] expected something that can be written as data at {where}, got {config!r}; give "
        "the class a get_config(), or register the function with register_keras_serializable()."
    )


def deserialize_keras_object(
    config: Any,
    custom_objects: Mapping[str, Any] | None = None,
    safe_mode: bool = True,
    **kwargs: Any,
) -> Any:
    """The object that a config describes.

    Args:
        config: What `serialize_keras_object` returned, or a structure of such.
        custom_objects: Classes and functions by name.
        safe_mode: False, and nothing else, makes functions of the Python code of lambdas in the config, for
            which `custom_objects` hold the global names that it uses. Inside another load, that load's holds.
        **kwargs: ``module_objects``: further names.

    Raises:
        SavingError: A class or function that is not known, or code.

    Source: `keras.saving.deserialize_keras_object`.
    """
    known = kwargs.pop("module_objects", None)
    if kwargs:
        raise TypeError(f"[deserialize] unexpected arguments {sorted(kwargs)}.")
    with CustomObjectScope(custom_objects), load_policy(safe_mode):
        return _deserialize(config, known)


def _deserialize(config: Any, known: Any) -> Any:
    def inner(value: Any) -> Any:
        return _deserialize(value, known)

    if isinstance(config, (list, tuple)):
        return type(config)([inner(v) for v in config])
    if isinstance(config, str) and known is not None and config in known:
        return known[config]
    if not isinstance(config, Mapping):
        return config
    if "class_name" not in config or "config" not in config:
        return {key: inner(value) for key, value in config.items()}
    name, settings = config["class_name"], config["config"]
    special = _SPECIAL.get(name)
    if special is not None:
        return special(settings)
    if name == LAMBDA:
        return unpacked(settings, _custom_objects(), inner)
    if name == "function":
        return _found_function(config.get("registered_name"), config.get("module"), settings, known)
    number = config.get(_SHARED)
    shared = _shared.read if isinstance(number, int) else None
    if shared is not None and (number, name) in shared:
        return shared[number, name]
    kind = _found(config.get("registered_name"), config.get("module"), name, known)
    if not inspect.isclass(kind):
        return kind  # never called: a config makes objects, it does not run functions
    obj = kind.from_config(settings) if hasattr(kind, "from_config") else kind(**inner(settings))
    shapes = config.get("build_config")
    if shapes and hasattr(obj, "build_from_config") and not getattr(obj, "built", True):
        obj.build_from_config(shapes)
    if shared is not None:
        shared[number, name] = obj
    return obj


def _found(registered: Any, module: Any, name: str, known: Any) -> Any:
    for candidate in (registered, name):
        found = None if candidate is None else get_registered_object(candidate, None, known)
        if found is not None:
            return found
    found = _own.get((str(module), name))
    if found is None and (module is None or str(module).startswith("keras")):
        found = next((item for (_, key), item in _own.items() if key == name), None)
    if found is None:
        raise SavingError(
            f"[deserialize] no class or function {name!r} of module {module!r} is known here. "
            f"{nearest(str(name), [key for _, key in _own])} Pass custom_objects={{{name!r}: ...}}, or "
            "register yours with keras.saving.register_keras_serializable()."
        )
    return found


def _found_function(registered: Any, module: Any, name: Any, known: Any) -> Any:
    """Function of that name: the program's, or one of Keras' own, which Keras says are of `builtins`."""
    if not isinstance(name, str):
        raise SavingError(f"[deserialize] expected the name of a function, got {name!r}.")
    lasting = None if registered == "function" else registered
    return _found(lasting, None if module == "builtins" else module, name, known)


def _array_of(config: Any) -> Any:
    return np.asarray(config["value"], dtypes.as_dtype(config["dtype"]).numpy_dtype)


_SPECIAL: dict[str, Callable[[Any], Any]] = {
    "__numpy__": _array_of,
    "__tensor__": lambda c: convert_to_tensor(_array_of(c)),
    "__slice__": lambda c: slice(c["start"], c["stop"], c["step"]),
    "__ellipsis__": lambda _: Ellipsis,
}


def constructor_parameters(kind: Any) -> list[str]:
    """Named constructor arguments of a class; those of its bases where it hands on further ones."""
    return _constructor(kind)[0]


def takes_keywords(kind: Any, names: Any) -> dict[str, bool]:
    """Whether a class's constructor takes each of the names."""
    known, open_ended = _constructor(kind)
    return {name: open_ended or name in known for name in names}


def _constructor(kind: Any) -> tuple[list[str], bool]:
    """Named arguments, and whether the outermost constructor takes any further ones."""
    names: list[str] = []
    open_ended: list[bool] = []
    for base in kind.__mro__:
        if "__init__" not in base.__dict__:
            continue
        parameters = list(inspect.signature(base.__init__).parameters.values())[1:]
        own = [p.name for p in parameters if p.kind not in (p.VAR_KEYWORD, p.VAR_POSITIONAL)]
        names += [name for name in own if name not in names]
        open_ended.append(any(p.kind is p.VAR_KEYWORD for p in parameters))
        if not open_ended[-1]:
            break
    return names, bool(open_ended) and open_ended[0]
