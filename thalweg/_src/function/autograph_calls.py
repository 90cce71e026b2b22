"""Calls in converted code: which functions are converted too, and what builtins mean for tensors."""

from __future__ import annotations

import dis
import functools
import importlib
import inspect
import logging
import sys
import types
import weakref
from collections.abc import Callable
from typing import Any

from thalweg._src.core import xla
from thalweg._src.core.convert import as_tensor, convert_to_tensor
from thalweg._src.core.tensor import Tensor
from thalweg._src.function import autograph_loops as loops
from thalweg._src.function import autograph_statements as statements
from thalweg._src.function.autograph_loops import DynamicRange, Rows
from thalweg._src.function.autograph_statements import UnsupportedSource, is_staged
from thalweg._src.function.conversion import active
from thalweg._src.function.streams import refuse_streams, streaming
from thalweg._src.ops.casting import cast
from thalweg._src.ops.clipping import maximum, minimum
from thalweg._src.ops.ranges import range_ as tensor_range
from thalweg._src.ops.sorting import sort

_log = logging.getLogger("thalweg")
# Code that is never converted: ours, the engine's, and libraries that know nothing of tensors.
_LIBRARIES = frozenset(
    {
        *sys.stdlib_module_names,
        "absl",
        "h5py",
        "jax",
        "jaxlib",
        "keras",
        "malt",
        "matplotlib",
        "numpy",
        "optax",
        "pandas",
        "PIL",
        "pytest",
        "_pytest",
        "rich",
        "scipy",
        "sklearn",
        "tensorflow",
        "thalweg",
        "tqdm",
    }
)
_UNCONVERTED = "_thalweg_unconverted"


_refused: weakref.WeakSet[Any] = weakref.WeakSet()


class FunctionScope:
    """Context in which the body of a converted function runs."""

    def __init__(self, function_name: str, scope_name: str, options: Any) -> None:
        # malt's stand-ins for super() and locals() look for a variable of this name.
        self.name = scope_name
        self.function_name = function_name

    def __enter__(self) -> FunctionScope:
        active.depth += 1
        return self

    def __exit__(self, *_: object) -> None:
        active.depth -= 1

    def ret(self, value: Any, did_return: Any) -> Any:
        """What the function returns."""
        return None if isinstance(value, statements.UndefinedReturnValue) else value


def with_function_scope(thunk: Callable[[Any], Any], scope_name: str, options: Any) -> Any:
    """Runs the body of a converted lambda."""
    with FunctionScope("<lambda>", scope_name, options) as scope:
        return thunk(scope)


def autograph_artifact(entity: Any) -> Any:
    """Marks a function that needs no conversion: it was converted with the one around it."""
    setattr(entity, _UNCONVERTED, True)
    return entity


def converted_call(
    function: Any, args: tuple[Any, ...], kwargs: dict[str, Any] | None, scope: Any = None
) -> Any:
    """``function(*args, **kwargs)``, converted if it is the user's."""
    kwargs = kwargs or {}
    overload = _builtin(function)
    if overload is not None:
        return overload(scope, *args, **kwargs)
    if isinstance(function, functools.partial):
        merged = {**function.keywords, **kwargs}
        return converted_call(function.func, (*function.args, *args), merged, scope)
    found = _target(function)
    if found is None:
        return function(*args, **kwargs)
    plain, first = found
    try:
        converted = transpiler().convert(plain)
    except UnsupportedSource as error:
        _warn(plain, error)
        return function(*args, **kwargs)
    return converted(*first, *args, **kwargs)


def _builtin(function: Any) -> Callable[..., Any] | None:
    try:
        return _BUILTINS.get(function)
    except TypeError:
        return None


def _target(function: Any) -> tuple[types.FunctionType, tuple[Any, ...]] | None:
    """The Python function to convert and what is bound to it; None to call `function` as it is."""
    first: tuple[Any, ...] = ()
    if hasattr(function, _UNCONVERTED) or inspect.isclass(function):
        return None
    if inspect.ismethod(function) or hasattr(function, "__func__"):
        first = (function.__self__,)
        function = function.__func__
    elif not inspect.isfunction(function):
        call = inspect.getattr_static(type(function), "__call__", None)
        if not inspect.isfunction(call):
            return None
        first = (function,)
        function = call
    if not isinstance(function, types.FunctionType) or not is_users(function):
        return None
    return function, first


def is_users(function: types.FunctionType) -> bool:
    """True for functions that may be converted: not of a library, not generators."""
    if hasattr(function, _UNCONVERTED):
        return False
    module = (function.__globals__.get("__name__") or "").partition(".")[0]
    # Examples in docstrings are users' code, although they run under the module's name.
    example = function.__code__.co_filename.startswith("<doctest")
    if module in _LIBRARIES and not example:
        return False
    flags = function.__code__.co_flags
    generates = inspect.CO_GENERATOR | inspect.CO_COROUTINE | inspect.CO_ASYNC_GENERATOR
    return not flags & generates


def _warn(function: types.FunctionType, error: UnsupportedSource) -> None:
    """Says once that a function runs as it is; silent for functions without any branch."""
    if function in _refused:
        return
    _refused.add(function)
    if not _may_branch(function.__code__):
        return
    _log.warning(
        "[autograph] %s runs unconverted, its if, while and for statements do not work on traced tensors: "
        "%s. Define it in a file, use tf.cond and tf.while_loop, or silence this with "
        "@tf.autograph.experimental.do_not_convert.",
        function.__qualname__,
        error,
    )


def _may_branch(code: types.CodeType) -> bool:
    names = {i.opname for i in dis.get_instructions(code)}
    return any("JUMP" in name or "FOR_ITER" in name for name in names)


# --- Builtins ---------------------------------------------------------------------------------------


def _float(scope: Any, x: Any = 0.0) -> Any:
    return cast(x, "float32") if is_staged(x) else float(x)


def _int(scope: Any, x: Any = 0, *base: Any, **kwargs: Any) -> Any:
    return cast(x, "int32") if is_staged(x) else int(x, *base, **kwargs)


def _range(scope: Any, *args: Any) -> Any:
    if not any(map(is_staged, args)):
        return range(*args)
    return _dynamic_range(*args)


def _dynamic_range(
    start: Any, limit: Any = None, delta: Any = 1, dtype: Any = None, name: Any = None
) -> Any:
    if limit is None:
        start, limit = 0, start
    given = [as_tensor(x) for x in (start, limit, delta)]
    wanted = dtype or next((t.dtype for t in given if t is not None), None)
    values = [
        convert_to_tensor(x, wanted) if t is None else cast(t, wanted)
        for x, t in zip((start, limit, delta), given, strict=True)
    ]
    return DynamicRange(*values)


def _tensor_range(scope: Any, *args: Any, **kwargs: Any) -> Any:
    if any(map(is_staged, (*args, *kwargs.values()))):
        return _dynamic_range(*args, **kwargs)
    return tensor_range(*args, **kwargs)


def _rows_of(values: Any) -> Rows | None:
    """A tensor, or what already is looped over row by row, inside a program; else None."""
    if not xla.tracing():
        return None
    if isinstance(values, Rows):
        return values
    if isinstance(values, Tensor) and values.ndim:
        return Rows([values], lambda row: row)
    return None


def _enumerate(scope: Any, iterable: Any, start: Any = 0) -> Any:
    refuse_streams(iterable)
    if streaming() and hasattr(iterable, "enumerate"):
        return iterable.enumerate(start)
    rows = _rows_of(iterable)
    if rows is None:
        return enumerate(iterable, start)
    numbers = tensor_range(start, start + rows.length)
    return Rows([numbers, *rows.columns], lambda i, *row: (i, rows.element(*row)))


def _zip(scope: Any, *iterables: Any, **kwargs: Any) -> Any:
    for iterable in iterables:
        refuse_streams(iterable)
    if streaming() and iterables and all(hasattr(stream, "enumerate") for stream in iterables):
        return type(iterables[0]).zip(*iterables)
    found = [_rows_of(values) for values in iterables]
    if not found or any(rows is None for rows in found):
        return zip(*iterables, **kwargs)
    counts = [len(rows.columns) for rows in found]  # type: ignore[union-attr]

    def element(*row: Any) -> tuple[Any, ...]:
        parts = iter(row)
        return tuple(
            rows.element(*(next(parts) for _ in range(n)))  # type: ignore[union-attr]
            for rows, n in zip(found, counts, strict=True)
        )

    return Rows([c for rows in found for c in rows.columns], element)  # type: ignore[union-attr]


def _next(scope: Any, iterator: Any, *default: Any) -> Any:
    refuse_streams(iterator)
    return next(iterator, *default)


def _extreme(python: Callable[..., Any], tensors: Callable[[Any, Any], Any]) -> Callable[..., Any]:
    def overload(scope: Any, *args: Any, **kwargs: Any) -> Any:
        values = list(args[0]) if len(args) == 1 and isinstance(args[0], (list, tuple)) else args
        if kwargs or not any(map(is_staged, values)):
            return python(*args, **kwargs)
        return functools.reduce(tensors, values)

    return overload


def _sorted(scope: Any, iterable: Any, *, key: Any = None, reverse: bool = False) -> Any:
    if key is None and is_staged(iterable):
        return sort(iterable, direction="DESCENDING" if reverse else "ASCENDING")
    return sorted(iterable, key=key, reverse=reverse)


def _in_frame(name: str, *builtin: Any) -> Callable[..., Any]:
    """Builtins that look at the frame of their caller: malt's, which look at the user's."""

    def overload(scope: Any, *args: Any) -> Any:
        of_malt = getattr(importlib.import_module("malt.operators.py_builtins"), name)
        return of_malt(*builtin, args, scope) if builtin else of_malt(scope)

    return overload


_BUILTINS: dict[Any, Callable[..., Any]] = {
    float: _float,
    int: _int,
    range: _range,
    tensor_range: _tensor_range,
    enumerate: _enumerate,
    zip: _zip,
    max: _extreme(max, maximum),
    min: _extreme(min, minimum),
    next: _next,
    sorted: _sorted,
    eval: _in_frame("eval_in_original_context", eval),
    super: _in_frame("super_in_original_context", super),
    globals: _in_frame("globals_in_original_context"),
    locals: _in_frame("locals_in_original_context"),
}


def set_loop_options(
    parallel_iterations: Any = None,
    swap_memory: Any = None,
    maximum_iterations: Any = None,
    shape_invariants: Any = None,
) -> None:
    """Sets options of the loop whose first statement this call is.

    Args:
        parallel_iterations: Has no effect: XLA orders the work.
        swap_memory: Has no effect.
        maximum_iterations: Most iterations of a loop on tensors; it makes gradients cheaper.
        shape_invariants: Pairs of a tensor and a shape; sizes of compiled loops are fixed all the same.

    Example:
        >>> import thalweg as tf
        >>> @tf.function
        ... def f(n):
        ...     total = 0
        ...     for i in tf.range(n):
        ...         tf.autograph.experimental.set_loop_options(maximum_iterations=3)
        ...         total += i
        ...     return total
        >>> f(tf.constant(100)).numpy().item()
        3

    Source: `tf.autograph.experimental.set_loop_options`.
    """


def _operators(converter: Any) -> types.SimpleNamespace:
    """The names that converted code calls."""
    return types.SimpleNamespace(
        ConversionOptions=converter.ConversionOptions,
        Feature=converter.Feature,
        FunctionScope=FunctionScope,
        STD=converter.STANDARD_OPTIONS,
        Undefined=statements.Undefined,
        UndefinedReturnValue=statements.UndefinedReturnValue,
        and_=statements.and_,
        assert_stmt=statements.assert_stmt,
        autograph_artifact=autograph_artifact,
        converted_call=converted_call,
        for_stmt=loops.for_stmt,
        if_exp=statements.if_exp,
        if_stmt=statements.if_stmt,
        ld=statements.ld,
        ldu=statements.ldu,
        not_=statements.not_,
        or_=statements.or_,
        while_stmt=loops.while_stmt,
        with_function_scope=with_function_scope,
    )


@functools.cache
def transpiler() -> Any:
    """The converter of functions; malt takes 0.1 s to load, so it waits for the first one."""
    from thalweg._src.function import autograph_source

    return autograph_source.Transpiler(_operators(autograph_source.converter), set_loop_options)
