"""`OpDef`: the one record of an op, and `op`, the decorator that makes it.

An op's body is written once in `jax.numpy`/`lax` and serves all lives. The decorated name becomes the
public function: same signature plus ``name=None``, arguments split into tensor inputs and static
attributes, everything sent through the door.
"""

from __future__ import annotations

import functools
import inspect
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

from thalweg._src.core import xla
from thalweg._src.core.door import call, call_general, freeze, is_inexact, seen_compiled
from thalweg._src.core.dtypes import DType
from thalweg._src.core.host_parts import HostSettingError
from thalweg._src.core.symbolic import symbols_in

registry: dict[str, OpDef] = {}
_PLAIN = frozenset({int, float, bool, str, type(None), DType})
_EMPTY = inspect.Parameter.empty


class OpDef:
    """All that is known of one op.

    Attributes:
        name: Lasting id in graphs, messages and saved files.
        body: Pure function of arrays and static attributes, in `jax.numpy`/`lax`.
        input_names: Names of the tensor inputs; the last one may stand for many (`variadic`).
        attr_names: Names of the static attributes.
        matched: Positions of inputs that share one dtype; True for all, () for none.
        host: NumPy twin with the body's signature, or None.
        metadata: The body reads only shapes and dtypes and returns a host value.
        dynamic: The result's shape depends on values; runs through `host`, outside programs.
        on_host: The body is NumPy's and Python's, as no device has strings or files.
        form: Called instead of `host` where only the shapes and dtypes of results are wanted, or None.
        stateful: Results and effects of the host's body differ from call to call.
        pointwise: Whether the body on the host does to stacked inputs what it does to each of them, or a
            function of inputs and attributes that tells.
        gradient: Own gradient as ``(forward, backward)``, see `op`; None for `jax.vjp` of the body.
        hint: One thing to do, appended to messages.
        optional: Positions of inputs that may be None.
        gradient_inputs: Positions of inputs on which results depend smoothly; None for all, () for ops
            without a gradient, whose inputs get None as in TensorFlow.
        moves: The op only moves elements, so that its NumPy twin gives the same bits as its kernel.
        weighs: Shapes that come seldom run by the NumPy twin: from the first call where the op only moves
            elements, else once many shapes were compiled.
        seen: For such ops, how often attributes and shapes came.
        function: The public function.
    """

    def __init__(
        self,
        name: str,
        body: Callable[..., Any],
        input_names: tuple[str, ...],
        attr_names: tuple[str, ...],
        *,
        variadic: bool = False,
        matched: bool | tuple[int, ...] = True,
        host: Callable[..., Any] | None = None,
        metadata: bool = False,
        dynamic: bool = False,
        on_host: bool = False,
        form: Callable[..., Any] | None = None,
        stateful: bool = False,
        pointwise: bool | Callable[..., bool] = False,
        gradient: tuple[Callable[..., Any], Callable[..., Any]] | None = None,
        result: Callable[..., Any] | None = None,
        input_dtypes: dict[str, DType] | None = None,
        hint: str = "",
        whole: bool = False,
        optional: tuple[int, ...] | None = None,
        gradient_inputs: tuple[int, ...] | None = None,
        moves: bool = False,
    ) -> None:
        self.name = name
        self.body = body
        self.input_names = input_names
        self.attr_names = attr_names
        self.variadic = variadic
        self.matched: Any = () if metadata else matched
        self.host = host
        self.metadata = metadata
        self.dynamic = dynamic
        self.on_host = on_host
        self.form = form
        self.stateful = stateful
        self.pointwise = pointwise
        self.gradient = gradient
        self.hint = hint
        self.gradient_inputs = gradient_inputs
        # Programs and derivatives pass on whatever the op itself admits.
        self.optional = range(1 << 30) if optional is None else optional
        self.special = metadata or dynamic or on_host
        self.moves = moves
        self.weighs = moves
        self.seen: dict[Any, int] = {}
        self.kernels: dict[Any, Callable[..., Any]] = {}
        self.function: Callable[..., Any] = functools.partial(call, self)
        self._whole = whole
        self._result = result
        self._input_dtypes = input_dtypes or {}
        self._bound: dict[Any, Callable[..., Any]] = {}
        self._vjps: dict[Any, Callable[..., Any]] = {}
        self._derived: dict[Any, OpDef] = {}

    def is_matched(self, position: int) -> bool:
        """True when the input at `position` shares its dtype with the other matched ones."""
        return self.matched is True or (bool(self.matched) and position in self.matched)

    def differentiated(self, mask: tuple[bool, ...]) -> tuple[bool, ...]:
        """The followed inputs among those that have a gradient."""
        if self.gradient_inputs is None:
            return mask
        return tuple(m and i in self.gradient_inputs for i, m in enumerate(mask))

    def default_dtype(self, position: int) -> DType | None:
        """Dtype that a constant given for an unmatched input takes; None to infer it."""
        return self._input_dtypes.get(self.input_label(position))

    def input_label(self, position: int) -> str:
        """Name of the input at `position`, for messages."""
        if position < len(self.input_names) - self.variadic:
            return self.input_names[position]
        last = self.input_names[-1]
        return f"{last}[{position - len(self.input_names) + 1}]" if self.variadic else last

    def pack(self, outputs: Iterable[Any]) -> Any:
        """Several outputs in the container that users get: a tuple or a named tuple."""
        return tuple(outputs) if self._result is None else self._result(*outputs)

    def returns_one(self, outputs: Sequence[Any]) -> bool:
        """True when the op returns a bare tensor."""
        return len(outputs) == 1 and self._result is None and not getattr(self.body, "many", False)

    def plain(self, attrs: tuple[Any, ...]) -> Callable[..., Any]:
        """The body as a function of arrays only, without its own gradient."""
        return functools.partial(self.body, **dict(zip(self.attr_names, attrs, strict=True)))

    def bound(self, attrs: tuple[Any, ...]) -> Callable[..., Any]:
        """The body as a function of arrays only, with its own gradient attached."""
        found = self._bound.get(attrs)
        if found is None:
            found = self.plain(attrs)
            if self.gradient is not None:
                settings = dict(zip(self.attr_names, attrs, strict=True))
                forward, backward = self.gradient
                primal = xla.jax.custom_vjp(found)
                primal.defvjp(
                    functools.partial(forward, **settings),
                    functools.partial(backward, **settings),
                )
                found = primal
            self._bound[attrs] = found
        return found

    def kernel(self, attrs: tuple[Any, ...]) -> Callable[..., Any]:
        """The body compiled for these attributes."""
        found = self.kernels.get(attrs)
        if found is None:
            compile_ = xla.jit_whole if self._whole else xla.jit_op
            body = self.bound(attrs)
            if self.host is not None and not self.moves:
                body = functools.partial(_counted, self, attrs, body)
            found = self.kernels.setdefault(attrs, compile_(body))
        return found

    def vjp(
        self, attrs: tuple[Any, ...], mask: tuple[bool, ...], traced: bool
    ) -> Callable[..., tuple[Any, Callable[..., Any]]]:
        """Function that runs the op and returns its result and pullback.

        Eagerly both come from one compiled kernel, the pullback holding the residuals as arrays; inside
        a trace the pullback holds tracers, so that the program has no second forward pass.

        Args:
            attrs: Static attributes.
            mask: Which inputs are differentiated.
            traced: Whether a program is being traced.

        Returns:
            ``arrays -> (result, pullback)``; ``pullback`` takes the tuple of cotangents of the inexact
            results and gives a list of cotangents of the masked inputs.
        """
        key = (attrs, mask)
        found = self._vjps.get(key)
        if found is None:
            found = functools.partial(_run_with_pullback, self.bound(attrs), mask)
            self._vjps[key] = found
        if traced:
            return found
        compiled = self._vjps.get((key, "compiled"))
        if compiled is None:
            compile_ = xla.jit_whole if self._whole else xla.jit_op
            kernel = compile_(found)
            compiled = functools.partial(_run_compiled, kernel, self._whole)
            self._vjps[(key, "compiled")] = compiled
        return compiled

    def derivative(self, mask: tuple[bool, ...]) -> OpDef:
        """The gradient as an op of its own: ``(inputs..., cotangents...) -> masked cotangents``.

        Used when another recorder still listens, so that gradients of gradients are recorded too.
        """
        found = self._derived.get(mask)
        if found is None:
            # The derivative of a derivative has both counts, under names of their own.
            counted = f"{self.name}_inputs"
            found = OpDef(
                f"{self.name}_gradient",
                functools.partial(_gradient_body, self, mask, counted),
                ("inputs",),
                (counted, *self.attr_names),
                variadic=True,
                matched=(),
                whole=self._whole,
            )
            found.body.many = True  # type: ignore[attr-defined]
            self._derived[mask] = found
        return found

    def tangent(self, mask: tuple[bool, ...]) -> OpDef:
        """The forward-mode derivative as an op: ``(inputs..., masked tangents...) -> tangents``."""
        key = ("tangent", mask)
        found = self._derived.get(key)
        if found is None:
            found = OpDef(
                f"{self.name}_tangent",
                functools.partial(_tangent_body, self, mask),
                ("inputs",),
                self.attr_names,
                variadic=True,
                matched=(),
                whole=self._whole,
            )
            found.body.many = True  # type: ignore[attr-defined]
            self._derived[key] = found
        return found

    def __repr__(self) -> str:
        return f"<OpDef {self.name}>"


def _counted(op: OpDef, attrs: tuple[Any, ...], body: Callable[..., Any], *arrays: Any) -> Any:
    """The body; as it is traced once for each compile, the shape is noted as one that has a kernel."""
    seen_compiled(op, (attrs, *[a.shape for a in arrays]))
    return body(*arrays)


def _masked(
    function: Callable[..., Any], mask: tuple[bool, ...], arrays: Sequence[Any]
) -> tuple[Callable[..., Any], list[Any]]:
    """`function` of the masked arrays only, the others held fixed."""
    chosen = [a for a, wanted in zip(arrays, mask, strict=True) if wanted]

    def of_chosen(*values: Any) -> Any:
        fresh = iter(values)
        full = [next(fresh) if w else a for a, w in zip(arrays, mask, strict=True)]
        return function(*full)

    return of_chosen, chosen


def _run_with_pullback(
    function: Callable[..., Any], mask: tuple[bool, ...], *arrays: Any
) -> tuple[Any, Callable[..., Any]]:
    """Result and pullback; the pullback takes cotangents of the inexact results only."""
    of_chosen, chosen = _masked(function, mask, arrays)
    kinds: list[bool] = []

    def split(*values: Any) -> tuple[tuple[Any, ...], tuple[Any, ...]]:
        out = of_chosen(*values)
        parts = tuple(out) if isinstance(out, (tuple, list)) else (out,)
        kinds[:] = [is_inexact(p) for p in parts]
        single.append(not isinstance(out, (tuple, list)))
        smooth = tuple(p for p, k in zip(parts, kinds, strict=True) if k)
        return smooth, tuple(p for p, k in zip(parts, kinds, strict=True) if not k)

    single: list[bool] = []
    smooth, pullback, rest = xla.jax.vjp(split, *chosen, has_aux=True)
    one, two = iter(smooth), iter(rest)
    parts = tuple(next(one) if k else next(two) for k in kinds)
    out = parts[0] if single[-1] else parts
    return out, xla.jax.tree_util.Partial(_pull, pullback)


def _conjugate(array: Any) -> Any:
    """TensorFlow's complex cotangent is the conjugate of JAX's; real ones are left alone."""
    return xla.jnp.conj(array) if array.dtype.kind == "c" else array


def _pull(pullback: Callable[..., Any], cotangents: tuple[Any, ...]) -> list[Any]:
    return [_conjugate(x) for x in pullback(tuple(_conjugate(c) for c in cotangents))]


@functools.cache
def _applied(whole: bool) -> Callable[..., Any]:
    """Kernel that applies a pullback; made when first needed, as it asks which devices there are."""
    compile_ = xla.jit_whole if whole else xla.jit_op
    return compile_(lambda pullback, cotangents: pullback(cotangents))


def _run_compiled(
    kernel: Callable[..., Any], whole: bool, *arrays: Any
) -> tuple[Any, Callable[..., Any]]:
    out, pullback = kernel(*arrays)
    return out, functools.partial(_applied(whole), pullback)


def _gradient_body(
    op: OpDef, mask: tuple[bool, ...], counted: str, *arrays: Any, **attrs: Any
) -> tuple[Any, ...]:
    count = attrs[counted]
    inputs, cotangents = arrays[:count], arrays[count:]
    function = op.bound(tuple(attrs[name] for name in op.attr_names))
    _, pullback = _run_with_pullback(function, mask, *inputs)
    return tuple(pullback(cotangents))


def _tangent_body(
    op: OpDef, mask: tuple[bool, ...], *arrays: Any, **attrs: Any
) -> tuple[Any, ...]:
    count = len(mask)
    plain = op.plain(tuple(attrs[name] for name in op.attr_names))
    function = xla.forward_differentiable(plain)
    of_chosen, chosen = _masked(function, mask, arrays[:count])
    _, tangents = xla.jax.jvp(of_chosen, tuple(chosen), tuple(arrays[count:]))
    parts = tangents if isinstance(tangents, (tuple, list)) else (tangents,)
    return tuple(t for t in parts if t.dtype != xla.jax.dtypes.float0)


def op(
    name: str,
    *,
    inputs: Sequence[str] | None = None,
    matched: bool | tuple[int, ...] = True,
    host: Callable[..., Any] | None = None,
    metadata: bool = False,
    dynamic: bool = False,
    on_host: bool = False,
    form: Callable[..., Any] | None = None,
    stateful: bool = False,
    pointwise: bool | Callable[..., bool] = False,
    gradient: tuple[Callable[..., Any], Callable[..., Any]] | None = None,
    result: Callable[..., Any] | None = None,
    input_dtypes: dict[str, DType] | None = None,
    hint: str = "",
    differentiable: bool = True,
    moves: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Decorator that turns a body into an op and its public function.

    Args:
        name: Lasting id.
        inputs: Names of the body's parameters that are tensors. Default: those without a default
            value. A ``*values`` parameter is always a (variadic) tensor input.
        matched: True when all inputs share one dtype; or positions of those that do; () for none.
        host: NumPy twin with the body's signature. Marks the op as able to run statically.
        metadata: The body reads only ``.shape``/``.dtype``/``.ndim`` and returns a NumPy value.
        dynamic: The shape of the result depends on values; `host` does the work.
        on_host: The body takes and returns NumPy arrays (of `bytes` objects for strings). It must take
            arrays of empty strings and zeros, too: for symbolic arguments it is called with such.
        form: For a body on the host that refuses empty strings or zeros: function with its signature that
            takes such and gives arrays of the shapes and dtypes of its results.
        stateful: The body on the host reads or writes a state, so that a program runs it each time, whatever
            its inputs; it needs a `form`.
        pointwise: Each element of the inputs is for itself, so that a result for stacked inputs is the
            stacked results: the body on the host then runs once for many elements of a data set. A function
            of what stands for the inputs and of the attributes where that depends on them.
        gradient: ``(forward, backward)``: ``forward(*inputs, **attrs) -> (result, residuals)`` and
            ``backward(residuals, cotangent, **attrs) -> tuple of cotangents, one for each input``.
        result: Container of several results, such as a named tuple.
        input_dtypes: Dtype that constants take for unmatched inputs, such as indices.
        hint: One thing to do, for messages.
        differentiable: False for an op without a gradient, such as `floor`.
        moves: The op only moves elements. On a CPU its NumPy twin then serves shapes that come seldom,
            for which a compile would not pay. The twins of other ops serve them only once many shapes
            were compiled, as their last bits may differ from the kernel's.

    Returns:
        The decorator.

    Example:
        >>> @op("twice")
        ... def twice(x):
        ...     return x * 2
    """

    def decorate(body: Callable[..., Any]) -> Callable[..., Any]:
        parameters = list(inspect.signature(body).parameters.values())
        variadic = any(p.kind is p.VAR_POSITIONAL for p in parameters)
        chosen = tuple(
            p.name
            for p in parameters
            if p.kind is p.VAR_POSITIONAL or _is_input(p, inputs)
        )
        attributes = [p for p in parameters if p.name not in chosen]
        opdef = OpDef(
            name,
            body,
            chosen,
            tuple(p.name for p in attributes),
            variadic=variadic,
            matched=matched,
            host=body if (dynamic or on_host) and host is None else host,
            metadata=metadata,
            dynamic=dynamic,
            on_host=on_host,
            form=form,
            stateful=stateful,
            pointwise=pointwise,
            gradient=gradient,
            result=result,
            input_dtypes=input_dtypes,
            hint=hint,
            optional=tuple(i for i, n in enumerate(chosen) if _default_of(n, parameters) is None),
            gradient_inputs=None if differentiable and not on_host else (),
            moves=moves,
        )
        if name in registry:
            raise ValueError(f"[op] expected a new op name, got {name!r} twice; rename one.")
        registry[name] = opdef
        opdef.function = _public_function(opdef, parameters, attributes)
        return opdef.function

    return decorate


def _call_with_settings(opdef: OpDef, inputs: Sequence[Any], attrs: tuple[Any, ...]) -> Any:
    """An op with static arguments that the host computes: its NumPy twin takes them as further inputs."""
    host: Any = opdef.host
    if host is None:
        # Raises the error that says so.
        freeze(attrs)
    parts: list[Any] = []
    forms = [_settings_form(value, parts) for value in attrs]
    count = len(inputs)

    def run(*arrays: Any) -> Any:
        fresh = iter(arrays[count:])
        settings = [_settings_filled(form, fresh) for form in forms]
        return host(*arrays[:count], **dict(zip(opdef.attr_names, settings, strict=True)))

    derived = OpDef(
        opdef.name,
        run,
        (*map(opdef.input_label, range(count)), "settings"),
        (),
        variadic=True,
        matched=tuple(range(count)) if opdef.matched is True else opdef.matched,
        host=run,
        dynamic=True,
        result=opdef._result,
        input_dtypes=opdef._input_dtypes,
        hint=opdef.hint,
        optional=tuple(opdef.optional)[:count],
    )
    return call_general(derived, [*inputs, *parts], ())


class _Computed:
    """Place of what the host computes among static arguments."""


_COMPUTED = _Computed()


def _settings_form(value: Any, parts: list[Any]) -> Any:
    """The static argument, with marks in place of what the host computes, which joins `parts`."""
    if isinstance(value, (tuple, list)):
        return tuple(_settings_form(part, parts) for part in value)
    try:
        return freeze(value)
    except HostSettingError:
        parts.append(value)
        return _COMPUTED


def _settings_filled(form: Any, fresh: Iterator[Any]) -> Any:
    if type(form) is tuple:
        return tuple(_settings_filled(part, fresh) for part in form)
    return freeze(next(fresh)) if form is _COMPUTED else form


def _default_of(name: str, parameters: list[inspect.Parameter]) -> Any:
    return next(p.default for p in parameters if p.name == name)


def _is_input(parameter: inspect.Parameter, inputs: Sequence[str] | None) -> bool:
    if inputs is not None:
        return parameter.name in inputs
    return parameter.default is _EMPTY and parameter.kind is not parameter.KEYWORD_ONLY


def _public_function(
    opdef: OpDef, parameters: list[inspect.Parameter], attributes: list[inspect.Parameter]
) -> Callable[..., Any]:
    """Function with the body's signature that binds arguments and goes through the door."""
    count = -1 if opdef.variadic else len(opdef.input_names)
    complete = all(p.default is not _EMPTY for p in attributes)
    defaults = tuple(freeze(p.default) for p in attributes) if complete else None
    bind = _binder(opdef, parameters, attributes)

    @functools.wraps(opdef.body)
    def function(*args: Any, **kwargs: Any) -> Any:
        if not kwargs and len(args) == count and defaults is not None:
            return call(opdef, args, defaults)
        values, attrs, through = bind(args, kwargs)
        return through(opdef, values, attrs)

    extra = inspect.Parameter("name", inspect.Parameter.KEYWORD_ONLY, default=None)
    if not opdef.variadic and all(p.kind is p.POSITIONAL_OR_KEYWORD for p in parameters):
        extra = extra.replace(kind=inspect.Parameter.POSITIONAL_OR_KEYWORD)
    function.__signature__ = inspect.Signature([*parameters, extra])  # type: ignore[attr-defined]
    function.opdef = opdef  # type: ignore[attr-defined]
    return function


def _binder(
    opdef: OpDef, parameters: list[inspect.Parameter], attributes: list[inspect.Parameter]
) -> Callable[[tuple[Any, ...], dict[str, Any]], tuple[list[Any], tuple[Any, ...], Any]]:
    """Splits call arguments into inputs, frozen attributes and the part of the door to use."""
    positional = [p.name for p in parameters if p.kind is p.POSITIONAL_OR_KEYWORD] + ["name"]
    input_names = [n for n in opdef.input_names if n in positional]
    input_defaults = {
        p.name: p.default for p in parameters if p.name in input_names and p.default is not _EMPTY
    }
    attr_defaults = {p.name: freeze(p.default) for p in attributes if p.default is not _EMPTY}
    known = {p.name for p in parameters} | {"name"}

    def bind(
        args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> tuple[list[Any], tuple[Any, ...], Callable[..., Any]]:
        if opdef.variadic:
            given, values = {}, list(args)
        else:
            if len(args) > len(positional):
                raise TypeError(
                    f"[{opdef.name}] expected at most {len(positional)} arguments, got {len(args)}."
                )
            given, values = dict(zip(positional, args, strict=False)), []
        for key, value in kwargs.items():
            if key not in known or key in given:
                problem = "got it twice" if key in given else f"known ones: {sorted(known)}"
                raise TypeError(f"[{opdef.name}] unexpected argument {key!r}; {problem}.")
            given[key] = value
        for input_name in input_names:
            if input_name in given:
                values.append(given[input_name])
            elif input_name in input_defaults:
                values.append(input_defaults[input_name])
            else:
                raise TypeError(f"[{opdef.name}] missing argument {input_name!r}.")
        attrs = []
        through: Callable[..., Any] = call
        for attr in opdef.attr_names:
            if attr in given:
                value = given[attr]
                if type(value) not in _PLAIN:
                    try:
                        value = freeze(value)
                    except HostSettingError:
                        through = _call_with_settings
                    else:
                        if next(symbols_in(value), None) is not None:
                            through = call_general
                attrs.append(value)
            elif attr in attr_defaults:
                attrs.append(attr_defaults[attr])
            else:
                raise TypeError(f"[{opdef.name}] missing argument {attr!r}.")
        return values, tuple(attrs), through

    return bind
