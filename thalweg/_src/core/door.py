"""The one door: every operation goes through `call`, in each of its lives.

* Eager: all arrays are concrete. The op's compiled kernel runs now.
* Traced: an array is a JAX tracer. The op's body runs and JAX writes it into the program.
* Symbolic: an argument is a `KerasTensor`. The result's spec is inferred and a node added.
* Static: all arguments are host values. The op's NumPy twin runs, also inside a traced program.

Recorders (tapes) are told of each call on a tensor they follow. `call` begins with the eager case that
nobody records, which adds under 2 us to the bare kernel; all else is in `call_general`.
"""

from __future__ import annotations

import functools
from collections.abc import Iterator
from typing import Any

import numpy as np

from thalweg._src.base.config import switches
from thalweg._src.base.errors import (
    DataDependentShapeError,
    DTypeError,
    InvalidArgumentError,
    LeakedTensorError,
    OperatorNotAllowedInGraphError,
    ShapeError,
    ThalwegError,
    UnimplementedError,
)
from thalweg._src.core import checks, dtypes, symbolic, xla
from thalweg._src.core.composite import first_composite
from thalweg._src.core.convert import (
    as_tensor,
    check_kind,
    contains_tensor,
    convert_to_tensor,
    infer_dtype,
    to_host,
)
from thalweg._src.core.dtypes import DType
from thalweg._src.core.host_parts import HostOpError, HostPart, HostSettingError
from thalweg._src.core.recorders import OpCall, state
from thalweg._src.core.shapes import TensorShape
from thalweg._src.core.symbolic import PROBES, SPARE_PROBES, KerasTensor, symbols_in
from thalweg._src.core.tensor import Tensor

_ArrayImpl = xla.ArrayImpl
# Integers that every signed integer and floating dtype of 8 bits and more holds.
_SMALL = (-128, 127)
_CONSTANTS = frozenset({float, int, np.ndarray})
_INEXACT = frozenset(d.numpy_dtype for d in dtypes.ALL if d.is_differentiable)
_PLAIN = frozenset({int, float, bool, str, type(None), DType})
# Shapes that came less often than this run by NumPy, where the op weighs it.
_SELDOM = 4
# An op that computes weighs it once it compiled so many shapes: programs of few shapes never get there.
_MANY_SHAPES = 16
_MAX_SEEN = 4096
# Bytes from which XLA's threads outweigh the compile.
_LARGE = 1 << 24


def call(op: Any, inputs: Any, attrs: tuple[Any, ...]) -> Any:
    """Result of one op.

    Args:
        op: The `OpDef`.
        inputs: Its tensor arguments, in order; anything convertible to a tensor.
        attrs: Its static arguments, frozen (hashable), in the order of ``op.attr_names``.

    Returns:
        A tensor, or a tuple of tensors when the op has several results.
    """
    if op.special or xla.tracing():
        return call_general(op, inputs, attrs)
    tensors: list[Any] = []
    arrays: list[Any] = []
    constants = False
    hosts = 0
    for x in inputs:
        if type(x) is not Tensor:
            if type(x) in _CONSTANTS:
                constants = True
                tensors.append(None)
                arrays.append(x)
                continue
            read = getattr(x, "_read_tensor", None)
            if read is None:
                return call_general(op, inputs, attrs)
            x = read()
        array = x.array
        if type(array) is not _ArrayImpl:
            # Host arguments, such as the start of a slice, ride along with a device array.
            if type(array) is not np.ndarray or array.dtype.hasobject:
                return call_general(op, inputs, attrs)
            hosts += 1
        tensors.append(x)
        arrays.append(array)
    if hosts and hosts == len(arrays) - tensors.count(None):
        return call_general(op, inputs, attrs)
    if constants and not _fill_constants(op, tensors, arrays):
        return call_general(op, inputs, attrs)
    if op.matched and len(arrays) > 1:
        alike = arrays if op.matched is True else [arrays[i] for i in op.matched if i < len(arrays)]
        dtype = alike[0].dtype
        for array in alike:
            if array.dtype is not dtype:
                return call_general(op, inputs, attrs)
    if state.recorders:
        return _run(op, attrs, tensors, arrays, False)
    try:
        if op.weighs:
            out = _seldom(op, attrs, arrays)
            if out is not None:
                return out
        kernel = op.kernels.get(attrs) or op.kernel(attrs)
        out = kernel(*arrays)
    except Exception as error:
        raise explain(op, attrs, arrays, error) from None
    if type(out) is _ArrayImpl:
        return Tensor(out)
    return op.pack(map(Tensor, out))


def _seldom(op: Any, attrs: tuple[Any, ...], arrays: list[Any]) -> Any:
    """Result by NumPy for shapes that come seldom; None when the op's kernel is to run.

    A compile takes as long as a thousand such calls, so that it must first be seen to pay: shapes that
    change from call to call (slices of all lengths, batches of images) never get that far.
    """
    if not op.moves and switches.deterministic:
        return None
    key = (attrs, *[a.shape for a in arrays])
    count = op.seen.get(key, 0)
    if count >= _SELDOM or not xla.on_cpu():
        return None
    if any(type(a) is _ArrayImpl and a.committed for a in arrays):
        return None
    if sum(a.nbytes for a in arrays) > _LARGE:
        return None
    if len(op.seen) >= _MAX_SEEN:
        op.seen = {k: n for k, n in op.seen.items() if n >= _SELDOM}
    op.seen[key] = count + 1
    out = op.host(*map(np.asarray, arrays), **dict(zip(op.attr_names, attrs, strict=True)))
    if isinstance(out, (tuple, list)):
        return op.pack([Tensor(_owned(part)) for part in out])
    return Tensor(_owned(out))


def seen_compiled(op: Any, key: tuple[Any, ...]) -> None:
    """Notes that shapes have a kernel; from many shapes on, the op weighs whether the next one pays."""
    op.seen[key] = _SELDOM
    op.weighs = len(op.seen) >= _MANY_SHAPES


def _owned(array: Any) -> Any:
    """The array on the device, in memory of its own: a view would keep another tensor's alive."""
    array = np.asarray(array)
    return xla.put(
        array.copy() if array.base is not None or not array.flags.c_contiguous else array
    )


def _fill_constants(op: Any, tensors: list[Any], arrays: list[Any]) -> bool:
    """Casts Python numbers and NumPy arrays to the tensors' dtype; False where that needs a closer look."""
    dtype = next((t.array.dtype for t in tensors if t is not None), None)
    if dtype is None or dtype.kind not in "fi" or op.matched is not True:
        return False
    for position, tensor in enumerate(tensors):
        if tensor is not None:
            continue
        x = arrays[position]
        if type(x) is np.ndarray:
            if x.dtype.kind not in "fiu":
                return False
            # A copy: the tape may keep the array, and the user may write to it.
            arrays[position] = np.array(x, dtype)
        elif (
            type(x) is float and dtype.kind == "f" or type(x) is int and _SMALL[0] <= x <= _SMALL[1]
        ):
            arrays[position] = np.asarray(x, dtype)
        else:
            return False
    return True


def call_general(op: Any, inputs: Any, attrs: tuple[Any, ...]) -> Any:
    """Result of one op in any life; `call` is its short cut."""
    composite = first_composite(inputs)
    if composite is not None:
        settings = dict(zip(op.attr_names, attrs, strict=True))
        return composite._handle(op.name, op.function, inputs, settings)
    if any(isinstance(x, KerasTensor) for x in inputs) or next(symbols_in(attrs), None) is not None:
        return _call_symbolic(op, inputs, attrs)
    if any(isinstance(x, (list, tuple)) and next(symbols_in(x), None) is not None for x in inputs):
        return _call_symbolic(op, [_packed(x) for x in inputs], attrs)
    tensors, arrays = _convert(op, inputs)
    if op.metadata and not any(type(a) is HostPart and a.varies for a in arrays):
        return Tensor(np.asarray(op.bound(attrs)(*arrays)))
    if any(type(a) is HostPart for a in arrays):
        arrays = _drawn_before(op, arrays)
        if _belongs_on_host(op, arrays):
            return _call_later(op, attrs, arrays)
        arrays = [a.scope.fed(a) if type(a) is HostPart else a for a in arrays]
    elif xla.tracing() and (op.stateful or _chooses_texts(op, arrays)):
        return _call_later(op, attrs, arrays)
    traced = _check_tracers(op, arrays)
    if op.host is not None and not traced and any(_is_texts(a) for a in arrays):
        arrays = [a if a is None else np.asarray(a) for a in arrays]
    on_host = op.host is not None and all(_is_host(a) for a in arrays)
    if on_host and not any(_mask(tensors, state.recorders)):
        return _call_host(op, attrs, arrays)
    if op.on_host:
        return _call_on_host(op, attrs, arrays)
    if op.dynamic:
        return _call_dynamic(op, attrs, arrays)
    _refuse_strings(op, arrays)
    return _run(op, attrs, tensors, arrays, traced or xla.tracing())


def _run(
    op: Any, attrs: tuple[Any, ...], tensors: list[Tensor | None], arrays: list[Any], traced: bool
) -> Any:
    """Runs the op on checked arrays and tells the recorders."""
    recorders = state.recorders
    mask = ()
    if recorders:
        mask = op.differentiated(_mask(tensors, [r for r in recorders if r.differentiates]))
    pullback = None
    try:
        if True in mask:
            out, pullback = op.vjp(attrs, mask, traced)(*arrays)
        elif traced:
            out = op.bound(attrs)(*arrays)
        else:
            out = (op.kernels.get(attrs) or op.kernel(attrs))(*arrays)
    except Exception as error:
        raise explain(op, attrs, arrays, error) from None
    single = not isinstance(out, (tuple, list))
    outputs = (Tensor(out),) if single else tuple(map(Tensor, out))
    if recorders:
        kept = [a if t is None else t for t, a in zip(tensors, arrays, strict=True)]
        record = OpCall(op, attrs, kept, outputs, mask, pullback)
        for recorder in recorders:
            recorder.record(record)
    return outputs[0] if single else op.pack(outputs)


def _mask(tensors: list[Tensor | None], recorders: Any) -> tuple[bool, ...]:
    """Which inputs some recorder follows and gradients can flow through."""
    mask = []
    for tensor in tensors:
        followed = False
        if tensor is not None and is_inexact(tensor.array):
            for recorder in recorders:
                followed = followed or recorder.follows(tensor)
        mask.append(followed)
    return tuple(mask)


def is_inexact(array: Any) -> bool:
    """True for floating and complex arrays, through which gradients flow."""
    return array.dtype in _INEXACT


def _is_host(array: Any) -> bool:
    return array is None or type(array) is np.ndarray


def _is_texts(array: Any) -> bool:
    return array is not None and array.dtype.hasobject


def _check_tracers(op: Any, arrays: list[Any]) -> bool:
    traced = any(
        a is not None and type(a) is not _ArrayImpl and isinstance(a, xla.Tracer) for a in arrays
    )
    if traced and not xla.tracing():
        raise _leaked(op)
    return traced


def _leaked(op: Any) -> LeakedTensorError:
    return LeakedTensorError(
        f"[{op.name}] expected tensors of this program, got one that leaked out of a finished trace "
        "(it was stored in a global, a list or an attribute while a function was compiled). Return "
        "it from the function, or keep it in a tf.Variable."
    )


def _refuse_strings(op: Any, arrays: list[Any]) -> None:
    for array in arrays:
        if _is_host(array) and array is not None and array.dtype == object:
            raise DTypeError(
                f"[{op.name}] expected numeric tensors, got dtype string; strings live on the host: "
                "use tf.strings.* or look them up as numbers first."
            )


def _call_host(op: Any, attrs: tuple[Any, ...], arrays: list[Any]) -> Any:
    """Static life: the NumPy twin runs and the result stays on the host."""
    try:
        out = op.host(*arrays, **dict(zip(op.attr_names, attrs, strict=True)))
    except Exception as error:
        raise explain(op, attrs, arrays, error) from None
    if isinstance(out, (tuple, list)):
        return op.pack(Tensor(np.asarray(part)) for part in out)
    return Tensor(np.asarray(out))


def _call_on_host(op: Any, attrs: tuple[Any, ...], arrays: list[Any]) -> Any:
    """Ops that no device has: strings, files, tables. Results stay on the host until a kernel takes them."""
    if any(isinstance(a, xla.Tracer) for a in arrays):
        return _call_later(op, attrs, arrays)
    return _call_host(op, attrs, [a if a is None else np.asarray(a) for a in arrays])


def _drawn_before(op: Any, arrays: list[Any]) -> list[Any]:
    """The arrays, on the host also what is drawn for arrays whose sizes vary."""
    part = next((a for a in arrays if type(a) is HostPart and (a.varies or a.of_sizes)), None)
    if op.host is None or part is None:
        return arrays
    return [part.scope.drawn_before(a) if isinstance(a, xla.Tracer) else a for a in arrays]


def _belongs_on_host(op: Any, arrays: list[Any]) -> bool:
    """True for ops of the host, and for those with a NumPy twin where the device cannot have the inputs.

    These are strings, arrays whose sizes vary, and what is computed from such sizes alone.
    """
    if op.on_host or op.metadata:
        return True
    if _chooses_texts(op, arrays):
        return True
    if op.host is None or any(isinstance(a, xla.Tracer) for a in arrays):
        return False
    parts = [a for a in arrays if type(a) is HostPart]
    return (
        op.dynamic
        or any(a is not None and a.dtype == object for a in arrays)
        or any(part.varies for part in parts)
        or all(part.of_sizes for part in parts)
    )


def _chooses_texts(op: Any, arrays: list[Any]) -> bool:
    """True where strings meet what a compiled part computes, and the op has a NumPy twin."""
    texts = op.host is not None and any(a is not None and a.dtype == object for a in arrays)
    return texts and any(isinstance(a, xla.Tracer) for a in arrays)


def _call_later(op: Any, attrs: tuple[Any, ...], arrays: list[Any]) -> Any:
    """An op of the host inside a program: its scope has it run before or after the compiled part."""
    scope = next((a.scope for a in arrays if type(a) is HostPart), None)
    if scope is None or any(isinstance(a, xla.Tracer) for a in arrays):
        innermost = state.scopes[-1] if state.scopes else None
        if innermost is None or scope not in (None, innermost) or not innermost.splits:
            raise HostOpError(
                f"[{op.name}] runs on the host and got a tensor that a compiled loop, branch or gradient "
                f"computes. {op.hint or 'Call it before or after that.'}"
            )
        scope = innermost
    arrays = [np.asarray(a) if type(a) is _ArrayImpl else a for a in arrays]
    settings = dict(zip(op.attr_names, attrs, strict=True))
    try:
        outputs, single = scope.call_on_host(op, arrays, settings)
    except Exception as error:
        raise explain(op, attrs, arrays, error) from None
    return Tensor(outputs[0]) if single else op.pack(map(Tensor, outputs))


def _call_dynamic(op: Any, attrs: tuple[Any, ...], arrays: list[Any]) -> Any:
    """Ops whose result's shape depends on values: they run on the host, outside programs only."""
    if any(isinstance(a, xla.Tracer) for a in arrays):
        raise DataDependentShapeError(
            f"[{op.name}] the shape of its result depends on values, which are not known inside a "
            f"compiled program. {op.hint or 'Call it outside, or use a masked form such as tf.where.'}"
        )
    out = _call_host(op, attrs, [a if a is None else np.asarray(a) for a in arrays])
    outputs = tuple(
        t if t.array.dtype == object or xla.tracing() else Tensor(xla.jnp.asarray(t.array))
        for t in (out if isinstance(out, tuple) else (out,))
    )
    return op.pack(outputs) if isinstance(out, tuple) else outputs[0]


def _convert(op: Any, inputs: Any) -> tuple[list[Tensor | None], list[Any]]:
    """Tensors among the inputs (None for constants) and the array of each input."""
    tensors: list[Tensor | None] = []
    for x in inputs:
        tensor = as_tensor(x)
        if tensor is None and x is not None and contains_tensor(x):
            tensor = convert_to_tensor(x)
        if tensor is None and hasattr(x, "_to_dense_tensor"):
            tensor = x._to_dense_tensor()
        tensors.append(tensor)
    dtype = _matched_dtype(op, inputs, tensors)
    arrays: list[Any] = []
    for position, (x, tensor) in enumerate(zip(inputs, tensors, strict=True)):
        matched = op.is_matched(position)
        if tensor is not None:
            if matched and tensor.array.dtype != dtype.numpy_dtype:  # type: ignore[union-attr]
                raise _mismatch(op, position, tensors)
            arrays.append(tensor.array)
        elif x is None:
            if position not in op.optional:
                raise InvalidArgumentError(
                    f"[{op.name}] expected a tensor for {op.input_label(position)}, got None; pass a value."
                )
            arrays.append(None)
        else:
            arrays.append(_constant(x, dtype if matched else op.default_dtype(position), op.name))
    return tensors, arrays


def _constant(value: Any, dtype: DType | None, where: str) -> np.ndarray[Any, Any]:
    kind = type(value)
    if dtype is not None and (kind is float or kind is int):
        check_kind(value, dtype, where)
        try:
            return np.asarray(value, dtype.numpy_dtype)
        except OverflowError:
            pass
    if isinstance(value, TensorShape):
        value = np.array(value.as_list(), np.int32)
    elif not isinstance(
        value, (np.ndarray, np.generic, list, tuple, int, float, complex, str, bytes)
    ):
        value = np.asarray(value)
    return to_host(value, dtype, where)


def _matched_dtype(op: Any, inputs: Any, tensors: list[Tensor | None]) -> DType | None:
    """Dtype that all matched inputs must share: a tensor's, else what the constants imply."""
    if not op.matched:
        return None
    for position, tensor in enumerate(tensors):
        if tensor is not None and op.is_matched(position):
            return tensor.dtype
    constants = [x for i, x in enumerate(inputs) if x is not None and op.is_matched(i)]
    for value in constants:
        if isinstance(value, (np.ndarray, np.generic)):
            return infer_dtype(value)
    return infer_dtype(constants) if constants else None


def _mismatch(op: Any, position: int, tensors: list[Tensor | None]) -> DTypeError:
    first = next(i for i, t in enumerate(tensors) if t is not None and op.is_matched(i))
    one, two = tensors[first], tensors[position]
    assert one is not None and two is not None
    names = op.input_label(first), op.input_label(position)
    return DTypeError(
        f"[{op.name}] expected {names[0]} and {names[1]} of one dtype, got {one.dtype.name} of shape "
        f"{one.shape} and {two.dtype.name} of shape {two.shape}; cast one of them: "
        f"tf.cast({names[1]}, tf.{one.dtype.name})."
    )


def freeze(value: Any) -> Any:
    """Hashable form of a static argument: tuples for lists, ints for integer tensors."""
    kind = type(value)
    if kind in _PLAIN:
        return value
    if kind is tuple or kind is list:
        return tuple(freeze(v) for v in value)
    if kind is TensorShape:
        return tuple(value)
    if isinstance(value, KerasTensor):
        return value
    tensor = as_tensor(value)
    if tensor is not None:
        if type(tensor.array) is HostPart:
            raise HostSettingError(
                f"[a static argument] expected a value, got a tensor of shape {tensor.shape} that the host "
                "computes when the program runs; compute it outside, or from shapes that are fixed."
            )
        return freeze(tensor._value("a static argument").tolist())
    if isinstance(value, np.ndarray):
        return freeze(value.tolist())
    if isinstance(value, np.generic):
        return value.item()
    if isinstance(value, slice):
        return ("slice", freeze(value.start), freeze(value.stop), freeze(value.step))
    return value


def _packed(value: Any) -> Any:
    return convert_to_tensor(value) if isinstance(value, (list, tuple)) else value


def _call_symbolic(op: Any, inputs: Any, attrs: tuple[Any, ...]) -> Any:
    """Symbolic life: infer the result under each probe, merge, add a node."""
    if op.dynamic:
        raise UnimplementedError(
            f"[{op.name}] the shape of its result depends on values, which a symbolic model does not "
            "have. Call it outside the model, or use a masked form such as tf.where."
        )
    _check_symbolic_dtypes(op, inputs)
    results = _probed_somehow(op, inputs, attrs)
    sampled = _on_samples(op, inputs)
    specs = []
    for parts in zip(*results, strict=True):
        try:
            shape, dtype = symbolic.merge_probes(list(parts))
        except ValueError as error:
            raise ShapeError(f"[{op.name}] {error}") from None
        known = not sampled and all(isinstance(p, np.ndarray) for p in parts)
        specs.append((shape, dtype, tuple(parts) if known else None))
    kwargs = dict(zip(op.attr_names, attrs, strict=True))
    outputs = symbolic.add_node(op.function, tuple(inputs), kwargs, specs, op.name)
    return outputs[0] if op.returns_one(outputs) else op.pack(outputs)


def _probed_somehow(op: Any, inputs: Any, attrs: tuple[Any, ...]) -> list[list[Any]]:
    """Result specs under the usual probes, or under the spare ones where those do not divide as needed."""
    try:
        return _probed(op, inputs, attrs, PROBES)
    except ShapeError as error:
        # Values computed from shapes belong to the usual probes.
        if any(s.static for s in symbols_in((tuple(inputs), attrs))):
            raise
        refusal = error
    try:
        return _probed(op, inputs, attrs, SPARE_PROBES)
    except ShapeError:
        raise refusal from None


def _probed(
    op: Any, inputs: Any, attrs: tuple[Any, ...], sizes: tuple[int, ...]
) -> list[list[Any]]:
    """Result specs of the op with every unknown size replaced by each of `sizes`."""
    static = all(x is None or not isinstance(x, KerasTensor) or x.static for x in inputs)
    on_host = op.host is not None and (static or _on_samples(op, inputs))
    results: list[list[Any]] = []
    for index, size in enumerate(sizes):
        known = functools.partial(_static_value, op, index=index)
        frozen = freeze(symbolic.substitute(attrs, known))
        results.append(_infer(op, inputs, frozen, index, size, on_host))
    return results


def _on_samples(op: Any, inputs: Any) -> bool:
    """True where the body cannot be traced, so that it is run on samples: on the host, and of strings."""
    return op.on_host or any(x is not None and _is_text(x) for x in inputs)


def _is_text(x: Any) -> bool:
    dtype = x.dtype if isinstance(x, KerasTensor) else infer_dtype(x)
    return dtype == dtypes.string


def _infer(
    op: Any, inputs: Any, attrs: tuple[Any, ...], index: int, size: int, on_host: bool
) -> list[Any]:
    dtype = next((dtype for _, dtype in _symbolic_dtypes(op, inputs)), None)
    args = []
    for position, x in enumerate(inputs):
        if isinstance(x, KerasTensor):
            host = x.static[index] if x.static and (on_host or op.metadata) else None
            if host is None:
                host = x.sample(size) if on_host else x.probe(size)
            args.append(host)
        elif x is None:
            args.append(None)
        else:
            tensor = as_tensor(x)
            wanted = dtype if op.is_matched(position) else op.default_dtype(position)
            array = _constant(x, wanted, op.name) if tensor is None else tensor.array
            args.append(np.asarray(array) if on_host else array)
    try:
        if op.metadata:
            out = np.asarray(op.bound(attrs)(*args))
        elif on_host:
            out = (op.form or op.host)(*args, **dict(zip(op.attr_names, attrs, strict=True)))
        else:
            out = xla.jax.eval_shape(op.bound(attrs), *args)
    except Exception as error:
        shown = [x if isinstance(x, KerasTensor) else a for x, a in zip(inputs, args, strict=True)]
        raise explain(op, attrs, shown, error) from None
    parts = list(out) if isinstance(out, (tuple, list)) else [out]
    return [np.asarray(p) for p in parts] if on_host and not op.metadata else parts


def _static_value(op: Any, symbol: KerasTensor, index: int) -> Any:
    if symbol.static is None:
        raise OperatorNotAllowedInGraphError(
            f"[{op.name}] expected a static argument computed from shapes, got the symbolic tensor "
            f"{symbol!r}; only tf.shape, tf.size, tf.rank and arithmetic on them can serve as shapes."
        )
    return symbol.static[index].tolist()


def _symbolic_dtypes(op: Any, inputs: Any) -> Iterator[tuple[int, DType]]:
    """Positions and dtypes of the tensors, symbolic ones too, that must share one dtype."""
    for position, x in enumerate(inputs):
        if op.is_matched(position):
            tensor = x if isinstance(x, KerasTensor) else as_tensor(x)
            if tensor is not None:
                yield position, dtypes.as_dtype(tensor.dtype)


def _check_symbolic_dtypes(op: Any, inputs: Any) -> None:
    known = list(_symbolic_dtypes(op, inputs))
    for position, dtype in known[1:]:
        if dtype is not known[0][1]:
            raise DTypeError(
                f"[{op.name}] expected {op.input_label(known[0][0])} and {op.input_label(position)} "
                f"of one dtype, got {known[0][1].name} and {dtype.name}; cast one of them with "
                f"tf.cast."
            )


def explain(op: Any, attrs: tuple[Any, ...], arrays: Any, error: Exception) -> Exception:
    """The error to raise for a failed op: ours as it is, JAX's in the house's form."""
    original: Any = checks.original(error)
    error = original
    if isinstance(error, (ThalwegError, KeyboardInterrupt)):
        return error
    if isinstance(error, xla.LeakError):
        return _leaked(op)
    shown = ", ".join(
        f"{op.input_label(i)}: {_described(a)}" for i, a in enumerate(arrays) if a is not None
    )
    settings = ", ".join(
        f"{name}={value!r}" for name, value in zip(op.attr_names, attrs, strict=True)
    )
    reason = str(error).split("\n", 1)[0].strip().rstrip(".")
    message = f"[{op.name}] got {shown}{'; ' + settings if settings else ''}: {reason}. {op.hint}"
    if isinstance(error, xla.ConcretizationError):
        return OperatorNotAllowedInGraphError(message.strip())
    if isinstance(error, NotImplementedError):
        return UnimplementedError(message.strip())
    if isinstance(error, (TypeError, ValueError, IndexError, ZeroDivisionError)):
        kind = ShapeError if "shape" in reason or "dimension" in reason else InvalidArgumentError
        return kind(message.strip())
    return error


def _described(array: Any) -> str:
    dtype = getattr(array, "dtype", None)
    if dtype is None:
        return repr(array)
    return f"{getattr(dtype, 'name', dtype)} of shape {tuple(array.shape)}"
