"""The engine: the only file that touches JAX's configuration and internals.

Everything here is either a setting that must stand before JAX's first use, or a thin name over
something JAX does not offer publicly. A JAX upgrade is a diff of this file.
"""

from __future__ import annotations

import ctypes
import functools
import os
import platform
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any


def _tune_allocator() -> str:
    """Keep large freed blocks mapped: glibc otherwise returns them and page-faults on every op.

    Measured on 63 MB elementwise ops: 17.6 ms against 4.4 ms. The trim threshold bounds what stays
    mapped to 1 GiB and the arena limit bounds fragmentation. ``THALWEG_MALLOC=off`` leaves glibc alone.
    """
    if os.environ.get("THALWEG_MALLOC", "on") == "off":
        return "off (THALWEG_MALLOC=off)"
    if sys.platform != "linux" or platform.libc_ver()[0] != "glibc":
        return "untouched (not glibc)"
    libc = ctypes.CDLL(None)
    trim_threshold, mmap_threshold, arena_max = -1, -3, -8
    libc.mallopt(mmap_threshold, 1 << 30)
    libc.mallopt(trim_threshold, 1 << 30)
    libc.mallopt(arena_max, 8)
    return "mmap and trim thresholds 1 GiB, 8 arenas"


def _silence_engine_logs() -> None:
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    # The executables in the persistent cache name this machine's features; a mismatch is only logged.
    os.environ.setdefault("XLA_PYTHON_CLIENT_PREALLOCATE", "false")


def _cache_dir() -> str | None:
    """Folder of the persistent compilation cache; ``THALWEG_CACHE=off`` switches it off."""
    choice = os.environ.get("THALWEG_CACHE", "")
    if choice == "off":
        return None
    base = (
        Path(choice)
        if choice
        else Path(os.environ.get("XDG_CACHE_HOME", Path.home() / ".cache")) / "thalweg" / "xla"
    )
    try:
        base.mkdir(parents=True, exist_ok=True)
    except OSError:
        return None
    return str(base) if os.access(base, os.W_OK) else None


allocator = _tune_allocator()
_silence_engine_logs()

import jax  # noqa: E402

jax.config.update("jax_enable_x64", True)
# On CPU a small kernel is done before another thread has woken up: a chain of four ops on 2000 rows
# takes 19 us when run in place and 54 to 89 us when handed over.
jax.config.update("jax_cpu_enable_async_dispatch", False)
cache_dir = _cache_dir()
if cache_dir and not jax.config.jax_compilation_cache_dir:  # type: ignore[attr-defined]
    jax.config.update("jax_compilation_cache_dir", cache_dir)
# An eager op is a compile of 30-120 ms at each new shape: keep all of them, wherever the cache is.
jax.config.update("jax_persistent_cache_min_compile_time_secs", 0.0)
jax.config.update("jax_persistent_cache_min_entry_size_bytes", -1)

from jax import numpy as jnp  # noqa: E402
from jax._src import ad_util as _ad_util  # noqa: E402
from jax._src import core as _core  # noqa: E402
from jax._src import custom_derivatives as _custom_derivatives  # noqa: E402
from jax._src import source_info_util as _source_info  # noqa: E402
from jax._src import xla_bridge as _xla_bridge  # noqa: E402
from jax._src.array import ArrayImpl as ArrayImpl  # noqa: E402
from jax._src.interpreters import partial_eval as _partial_eval  # noqa: E402
from jax._src.lib import xla_client as _xla_client  # noqa: E402
from jax.errors import (  # noqa: E402
    ConcretizationTypeError,
    TracerArrayConversionError,
    TracerBoolConversionError,
    TracerIntegerConversionError,
    UnexpectedTracerError,
)

Tracer = jax.core.Tracer
ConcretizationError = (
    ConcretizationTypeError,
    TracerArrayConversionError,
    TracerBoolConversionError,
    TracerIntegerConversionError,
)
LeakError = UnexpectedTracerError
ShapeDtypeStruct = jax.ShapeDtypeStruct

# XLA:CPU of jaxlib 0.10.2 fuses pooling, reshape and a dot with an all-equal matrix into a kernel that
# gives wrong numbers. Individual dots keep the fast matmul and leave out the group fusions at fault.
# ELTWISE is left out: it makes sums of shifted slices (pooling, depthwise convolutions) 20 times slower.
_FAST_FUSIONS = (
    "LIBRARY_FUSION_TYPE_DOT,LIBRARY_FUSION_TYPE_REDUCE,LIBRARY_FUSION_TYPE_INDIVIDUAL_DOT"
)
_SAFE_FUSIONS = "LIBRARY_FUSION_TYPE_INDIVIDUAL_DOT"


def compiler_options(program: str) -> dict[str, str] | None:
    """XLA options for one program; None where the backend needs none.

    Args:
        program: ``"op"`` for the kernel of a single op (the unsafe pattern needs three), or ``"whole"``
            for a traced program, in which the unsafe pattern can occur.

    Returns:
        Mapping for ``jax.jit(compiler_options=...)``.
    """
    if jax.default_backend() != "cpu":
        return None
    chosen = _FAST_FUSIONS if program == "op" else _SAFE_FUSIONS
    return {"xla_cpu_experimental_ynn_fusion_type": chosen}


def jit_op(fun: Callable[..., Any]) -> Callable[..., Any]:
    """Compiled kernel of a single op."""
    return jax.jit(fun, compiler_options=compiler_options("op"))


def jit_whole(
    fun: Callable[..., Any], donate: Sequence[int] = (), static: Sequence[str] = ()
) -> Callable[..., Any]:
    """Compiled program of many ops.

    Args:
        fun: Pure function of arrays.
        donate: Positions of arguments whose buffers may be reused for results.
        static: Names of arguments that are part of the program.
    """
    return jax.jit(
        fun,
        donate_argnums=tuple(donate),
        static_argnames=tuple(static),
        compiler_options=compiler_options("whole"),
    )


class Executables:
    """Keeps the number of compiled programs below what a Linux process can hold.

    An executable of XLA:CPU takes about ten memory maps, of which Linux grants a process 65,530 unless told
    otherwise, and JAX keeps it for ever: eager ops on thousands of shapes would end in a crash. After so
    many compiles all are let go; those still in use come back from the cache on disk.
    """

    limit = 4000
    count = 0

    @classmethod
    def tell(cls, event: str, duration_secs: float, **_: Any) -> None:
        """Counts a compile; JAX's monitoring calls it at the end of each."""
        del duration_secs
        if event == "/jax/core/compile/backend_compile_duration":
            cls.count += 1
            if cls.count >= cls.limit:
                cls.count = 0
                jax.clear_caches()


if sys.platform == "linux":
    jax.monitoring.register_event_duration_secs_listener(Executables.tell)


def devices_started() -> bool:
    """True once devices are in use, after which their number and memory cannot be chosen any more."""
    return _xla_bridge.backends_are_initialized()


_AVALS: dict[Any, Any] = {}
_MAX_AVALS = 4096


def put(array: Any) -> Any:
    """A NumPy array on the default device, uncommitted, as from `jnp.asarray` in a third of its time.

    Args:
        array: Array that nobody will write to; the device may read it in place.
    """
    if jax.config.jax_default_device is not None:  # type: ignore[attr-defined]
        return jnp.asarray(array)
    key = (array.shape, array.dtype)
    aval = _AVALS.get(key)
    if aval is None:
        if len(_AVALS) >= _MAX_AVALS:
            _AVALS.clear()
        aval = _AVALS[key] = _core.ShapedArray(array.shape, array.dtype)
    sharding, device = _default_placement()
    return _xla_client.batched_device_put(aval, sharding, [array], [device], False)


@functools.cache
def _default_placement() -> tuple[Any, Any]:
    device = jax.local_devices()[0]
    return jax.sharding.SingleDeviceSharding(device), device


@functools.cache
def on_cpu() -> bool:
    """True when arrays live in the host's memory, so that reading one is cheap."""
    return jax.default_backend() == "cpu"


def tracing() -> bool:
    """True while this thread traces a program."""
    return not _core.trace_state_clean()


@contextmanager
def outside_traces() -> Iterator[None]:
    """Run eagerly although a trace is open: the room of `tf.init_scope`."""
    with jax.core.eval_context():
        yield


class OpenTrace:
    """A program under construction, to which inputs can still be added.

    JAX's own entry points need all inputs before the body runs. A Variable is found only when the body
    reads it, so the trace stays open for new inputs until `close`.
    """

    def __init__(self, name: str) -> None:
        self._info = _core.DebugInfo(name, f"{name} in thalweg", None, None)
        parent = _core.trace_ctx.trace
        self._trace = _partial_eval.DynamicJaxprTrace(self._info, parent_trace=parent)
        self._inputs: list[Any] = []

    def new_input(self, shape: Sequence[int], dtype: Any) -> Any:
        """Tracer of one more input of the program."""
        aval = _core.ShapedArray(tuple(shape), dtype)
        self._inputs.append(self._trace.new_arg(aval, _source_info.current()))
        return self._inputs[-1]

    @contextmanager
    def running(self) -> Iterator[None]:
        """The body of the program runs inside."""
        with _source_info.reset_name_stack(), _core.set_current_trace(self._trace):
            yield

    def evaluate(self, output: Any, input_values: Sequence[Any]) -> Any:
        """Value of one tracer, given concrete values for all inputs so far; the trace stays open."""
        source = _source_info.current()
        jaxpr, consts = self._trace.frame.to_jaxpr(self._trace, [output], self._info, source)
        with jax.core.eval_context():
            return _core.eval_jaxpr(jaxpr, consts, *input_values)[0]

    def needed(self, output: Any) -> list[Any]:
        """The inputs on which a tracer depends."""
        source = _source_info.current()
        needed = {self._trace.to_jaxpr_tracer(output, source).val}
        for equation in reversed(self._trace.frame.get_eqns()):
            if needed & set(equation.outvars):
                needed |= {v for v in equation.invars if isinstance(v, _core.Var)}
        return [x for x in self._inputs if self._trace.to_jaxpr_tracer(x, source).val in needed]

    def between(
        self, inputs: Sequence[Any], outputs: Sequence[Any], fixed: Sequence[Any] = ()
    ) -> tuple[Callable[..., list[Any]], list[Any], list[bool]]:
        """How `outputs` of the open program change when something is added to `inputs`.

        Args:
            inputs: Distinct tracers or arrays anywhere in the program.
            outputs: Tracers.
            fixed: Tracers that count as constants.

        Returns:
            A pure function ``(further, what is added to each input) -> outputs``, the arrays `further` that
            it needs besides, and for each input whether an output depends on it.
        """
        source = _source_info.current()

        def variable(x: Any) -> Any:
            x = x if isinstance(x, jax.Array) else jnp.asarray(x)
            return self._trace.to_jaxpr_tracer(x, source).val

        given, wanted = [variable(x) for x in inputs], [variable(x) for x in outputs]
        cut = {variable(x) for x in fixed}
        needed = {v for v in wanted if isinstance(v, _core.Var)}
        produced: set[Any] = set()
        equations = []
        for equation in reversed(self._trace.frame.get_eqns()):
            made = set(equation.outvars)
            if made & (needed - cut):
                equations.append(equation)
                produced |= made
                needed |= {v for v in equation.invars if isinstance(v, _core.Var)}
        free = [v for v in needed if v not in produced or v in cut]
        added = [_core.Var(v.aval) for v in given]
        pairs = dict(zip(given, added, strict=True))
        part = _with_additions(equations[::-1], free, wanted, pairs, self._info)
        part = part.replace(invars=(*free, *added))
        # The same objects where there are some: recorders know tensors by their arrays.
        known = {
            **self._trace.frame.constvar_to_val,
            **{variable(x): x for x in (*self._inputs, *fixed, *inputs)},
        }
        further = [known[v] if v in known else self._trace.var_to_tracer(v, source) for v in free]

        def program(further: Sequence[Any], additions: Sequence[Any]) -> list[Any]:
            return _core.eval_jaxpr(part, (), *further, *additions)

        return program, further, [v in needed for v in given]

    def close(
        self, outputs: Sequence[Any], order: Sequence[int] | None = None
    ) -> tuple[Callable[..., list[Any]], list[Any]]:
        """Finish the program.

        Args:
            outputs: Arrays or tracers that the body computed.
            order: Numbers of the inputs in the order that the program takes them; as they came when None.

        Returns:
            A pure function ``(constants, *inputs) -> list of outputs`` and the constants that the body
            closed over (arrays and tracers of enclosing traces).
        """
        source = _source_info.current()
        with _core.set_current_trace(self._trace):
            outputs = [jnp.asarray(x) if not isinstance(x, jax.Array) else x for x in outputs]
        tracers = [self._trace.to_jaxpr_tracer(x, source) for x in outputs]
        jaxpr, consts = self._trace.frame.to_jaxpr(self._trace, tracers, self._info, source)
        self._trace.invalidate()
        if order is not None:
            jaxpr = jaxpr.replace(invars=[jaxpr.invars[i] for i in order])

        def program(constants: Sequence[Any], *inputs: Any) -> list[Any]:
            return _core.eval_jaxpr(jaxpr, constants, *inputs)

        program.jaxpr = jaxpr  # type: ignore[attr-defined]
        return program, list(consts)


def _with_additions(
    equations: Sequence[Any],
    free: Sequence[Any],
    outputs: Sequence[Any],
    added: dict[Any, Any],
    info: Any,
) -> Any:
    """Program of the equations in which every variable in `added` is used with its addition."""
    changed: dict[Any, Any] = {}
    found = []

    def add(variable: Any) -> None:
        total = _core.Var(variable.aval)
        pair = [variable, added[variable]]
        found.append(_core.new_jaxpr_eqn(pair, [total], _ad_util.add_jaxvals_p, {}, set()))
        changed[variable] = total

    def now(atom: Any) -> Any:
        return changed.get(atom, atom) if isinstance(atom, _core.Var) else atom

    for variable in free:
        if variable in added:
            add(variable)
    for equation in equations:
        found.append(equation.replace(invars=[now(v) for v in equation.invars]))
        for variable in equation.outvars:
            if variable in added and variable not in changed:
                add(variable)
    effects = set().union(*(e.effects for e in found)) if found else set()
    return _core.Jaxpr((), (), [now(v) for v in outputs], found, effects, info)


def slice_program(
    program: Callable[..., list[Any]], outputs: Sequence[int]
) -> tuple[Callable[..., list[Any]], list[int], list[int]]:
    """The part of a closed program that computes some of its outputs.

    Args:
        program: What `OpenTrace.close` returned.
        outputs: Positions of the wanted outputs.

    Returns:
        A function ``(constants, inputs) -> outputs`` of those it needs, and their positions.
    """
    jaxpr = program.jaxpr  # type: ignore[attr-defined]
    wanted = [jaxpr.outvars[i] for i in outputs]
    needed = {v for v in wanted if isinstance(v, _core.Var)}
    equations = []
    for equation in reversed(jaxpr.eqns):
        if needed & set(equation.outvars):
            equations.append(equation)
            needed |= {v for v in equation.invars if isinstance(v, _core.Var)}
    constants = [i for i, v in enumerate(jaxpr.constvars) if v in needed]
    inputs = [i for i, v in enumerate(jaxpr.invars) if v in needed]
    part = jaxpr.replace(
        constvars=[jaxpr.constvars[i] for i in constants],
        invars=[jaxpr.invars[i] for i in inputs],
        outvars=wanted,
        eqns=equations[::-1],
    )

    def run(given: Sequence[Any], values: Sequence[Any]) -> list[Any]:
        return _core.eval_jaxpr(part, given, *values)

    return run, constants, inputs


def without_prints(program: Callable[..., list[Any]]) -> Callable[..., list[Any]]:
    """A closed program without its callbacks that return nothing: for computing something again."""
    quiet = _quiet_jaxpr(program.jaxpr)  # type: ignore[attr-defined]

    def run(constants: Sequence[Any], *inputs: Any) -> list[Any]:
        return _core.eval_jaxpr(quiet, constants, *inputs)

    return run


def _quiet_jaxpr(jaxpr: Any) -> Any:
    if not jaxpr.effects:
        return jaxpr
    equations, effects = [], set()
    for equation in jaxpr.eqns:
        if (
            equation.effects
            and not equation.outvars
            and equation.primitive.name == "debug_callback"
        ):
            continue
        if equation.effects:
            params = {key: _quiet_parameter(value) for key, value in equation.params.items()}
            inner = [j.effects for v in params.values() for j in _jaxprs(v)]
            kept = set().union(*inner) if inner else equation.effects
            equation = equation.replace(params=params, effects=kept)
        effects |= equation.effects
        equations.append(equation)
    return jaxpr.replace(eqns=equations, effects=effects)


def _quiet_parameter(value: Any) -> Any:
    if isinstance(value, _core.ClosedJaxpr):
        return value.replace(jaxpr=_quiet_jaxpr(value.jaxpr))
    if isinstance(value, _core.Jaxpr):
        return _quiet_jaxpr(value)
    if isinstance(value, tuple) and any(isinstance(v, _core.ClosedJaxpr) for v in value):
        return tuple(map(_quiet_parameter, value))
    return value


def _jaxprs(value: Any) -> list[Any]:
    parts = value if isinstance(value, tuple) else (value,)
    return [p for p in parts if isinstance(p, (_core.ClosedJaxpr, _core.Jaxpr))]


def forward_differentiable(fun: Callable[..., Any]) -> Callable[..., Any]:
    """`fun` without the backward rules that are attached to parts of it.

    JAX refuses forward mode through a function with its own backward rule, although the function itself
    has a forward derivative. Those rules are cut out of the program, at every depth.
    """

    def plain(*args: Any) -> Any:
        closed, shape = jax.make_jaxpr(fun, return_shape=True)(*args)
        bare = _without_backward_rules(closed.jaxpr)
        if bare is closed.jaxpr:
            return fun(*args)
        out = _core.eval_jaxpr(bare, closed.consts, *jax.tree_util.tree_leaves(args))
        return jax.tree_util.tree_unflatten(jax.tree_util.tree_structure(shape), out)

    return plain


def _without_backward_rules(jaxpr: Any) -> Any:
    """The program with its backward rules cut out; the same object when it has none."""
    changed = False
    equations = []
    for equation in jaxpr.eqns:
        params = {key: _bare_parameter(value) for key, value in equation.params.items()}
        if equation.primitive is _custom_derivatives.custom_vjp_call_p:
            changed = True
            equation = equation.replace(
                primitive=_core.closed_call_p, params={"call_jaxpr": params["call_jaxpr"]}
            )
        elif any(value is not equation.params[key] for key, value in params.items()):
            changed = True
            equation = equation.replace(params=params)
        equations.append(equation)
    return jaxpr.replace(eqns=equations) if changed else jaxpr


def _bare_parameter(value: Any) -> Any:
    if isinstance(value, _core.ClosedJaxpr):
        bare = _without_backward_rules(value.jaxpr)
        return value if bare is value.jaxpr else value.replace(jaxpr=bare)
    if isinstance(value, _core.Jaxpr):
        return _without_backward_rules(value)
    if isinstance(value, tuple) and any(isinstance(v, _core.ClosedJaxpr) for v in value):
        parts = tuple(map(_bare_parameter, value))
        return value if all(a is b for a, b in zip(parts, value, strict=True)) else parts
    return value


def jaxpr_of(program: Callable[..., list[Any]]) -> Any:
    """The jaxpr of a closed trace's program."""
    return program.jaxpr  # type: ignore[attr-defined]


def has_effects(program: Callable[..., Any]) -> bool:
    """True when a closed program prints, asserts or calls back into Python."""
    return bool(program.jaxpr.effects)  # type: ignore[attr-defined]


def used_inputs(program: Callable[..., Any]) -> tuple[int, ...]:
    """Positions of a closed program's inputs on which its outputs depend."""
    jaxpr = program.jaxpr  # type: ignore[attr-defined]
    needed = {id(v) for v in jaxpr.outvars}
    for equation in reversed(jaxpr.eqns):
        if any(id(v) in needed for v in equation.outvars):
            needed.update(id(v) for v in equation.invars)
    return tuple(i for i, v in enumerate(jaxpr.invars) if id(v) in needed)
