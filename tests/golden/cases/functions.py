"""`tf.function`: retraces, control flow, AutoGraph programs, captured variables, tapes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..support import Cases, attempt

cases = Cases()

# --- how often the Python body runs


def _traces(tf: Any, calls: Callable[[Any], None], **options: Any) -> int:
    """The number of times a function of one argument is traced by `calls`."""
    count: list[int] = []

    @tf.function(**options)
    def f(x: Any) -> Any:
        count.append(1)
        return x

    calls(f)
    return len(count)


def _each(*values: Any) -> Callable[[Any], None]:
    def calls(f: Any) -> None:
        for value in values:
            f(value)

    return calls


@cases
def retraces(tf: Any, np: Any) -> Any:
    c = tf.constant
    return {
        "same tensor": _traces(tf, _each(c(1.0), c(1.0))),
        "other value": _traces(tf, _each(c(1.0), c(2.0))),
        "other dtype": _traces(tf, _each(c(1.0), c(1))),
        "other rank": _traces(tf, _each(c(1.0), c([1.0]))),
        "python ints": _traces(tf, _each(1, 2, 1)),
        "python floats": _traces(tf, _each(1.0, 2.0)),
        "python int then float": _traces(tf, _each(1, 1.0)),
        "python bools": _traces(tf, _each(True, False, True)),
        "True and 1": _traces(tf, _each(True, 1)),
        "strings": _traces(tf, _each("a", "b", "a")),
        "none": _traces(tf, _each(None, None)),
        "numpy arrays": _traces(tf, _each(np.ones(2, np.float32), np.zeros(2, np.float32))),
        "numpy then tensor": _traces(tf, _each(np.ones(2, np.float32), tf.ones(2))),
        "numpy scalars": _traces(tf, _each(np.float32(1), np.float32(2))),
        "lists of tensors": _traces(tf, _each([c(1.0), c(2.0)], [c(3.0), c(4.0)])),
        "list length": _traces(tf, _each([c(1.0)], [c(1.0), c(2.0)])),
        "list and tuple": _traces(tf, _each([c(1.0)], (c(1.0),))),
        "dicts": _traces(tf, _each({"a": c(1.0)}, {"a": c(2.0)}, {"b": c(1.0)})),
        "python list of ints": _traces(tf, _each([1, 2], [1, 2], [1, 3])),
        "variable": _traces(tf, lambda f: [f(v) for v in [tf.Variable(1.0)] * 2]),
    }


@cases
def retraces_for_new_sizes(tf: Any, np: Any) -> Any:
    return {
        "two sizes": _traces(tf, _each(tf.ones(1), tf.ones(2))),
        "four sizes": _traces(tf, _each(*(tf.ones(n) for n in (1, 2, 3, 4)))),
        "reduce_retracing": _traces(
            tf, _each(*(tf.ones(n) for n in (1, 2, 3, 4))), reduce_retracing=True
        ),
        "batches and a rest": _traces(tf, _each(tf.ones((8, 2)), tf.ones((8, 2)), tf.ones((3, 2)))),
    }


@cases
def retraces_with_signature(tf: Any, np: Any) -> Any:
    spec = [tf.TensorSpec([None], tf.float32)]

    def count(*values: Any) -> int:
        return _traces(tf, _each(*values), input_signature=spec)

    return {
        "sizes": count(tf.ones(1), tf.ones(2), tf.ones(3)),
        "lists": count([1.0], [1.0, 2.0]),
        "numpy64": attempt(lambda: count(np.ones(2))),
        "wrong dtype": attempt(lambda: count(tf.constant([1]))),
        "wrong rank": attempt(lambda: count(tf.ones((2, 2)))),
    }


@cases
def retraces_of_methods_and_kwargs(tf: Any, np: Any) -> Any:
    count: list[str] = []

    class Thing:
        @tf.function
        def method(self, x: Any, flag: bool = False) -> Any:
            count.append("method")
            return x * 2.0 if flag else x

    a, b, one = Thing(), Thing(), tf.constant(1.0)
    results = [
        a.method(one),
        a.method(one),
        a.method(x=one),
        a.method(one, False),
        a.method(one, flag=True),
    ]
    first = len(count)
    b.method(one)
    return [results, first, len(count)]


@cases
def side_effects_happen_when_traced(tf: Any, np: Any) -> Any:
    log: list[str] = []

    @tf.function
    def f(x: Any) -> Any:
        log.append("trace")
        return x + 1

    for i in range(3):
        f(tf.constant(i))
    f(1)
    f(2)
    return log


@cases
def concrete_functions(tf: Any, np: Any) -> Any:
    @tf.function
    def f(x: Any, y: Any) -> Any:
        return {"sum": x + y, "pair": (x, [y])}

    concrete = f.get_concrete_function(
        tf.TensorSpec([None], tf.float32), tf.TensorSpec([], tf.float32)
    )
    result = concrete(tf.constant([1.0, 2.0]), tf.constant(3.0))
    return {
        "result": {"sum": result["sum"], "pair": [result["pair"][0], result["pair"][1][0]]},
        "structured": str(concrete.structured_input_signature[0][0].shape),
        "outputs": sorted(concrete.structured_outputs),
        "same": concrete
        is f.get_concrete_function(
            tf.TensorSpec([None], tf.float32), tf.TensorSpec([], tf.float32)
        ),
        "name": f.__name__,
        "python_function": attempt(
            lambda: f.python_function(tf.constant(1.0), tf.constant(2.0))["sum"]
        ),
        "tracing count": attempt(lambda: f.experimental_get_tracing_count()),
    }


@cases
def outputs_of_functions(tf: Any, np: Any) -> Any:
    f = tf.function

    def text() -> Any:
        return "abc"

    return {
        "none": f(lambda: None)(),
        "tuple": f(lambda x: (x, x + 1))(tf.constant(1)),
        "dict": f(lambda x: {"a": x})(tf.constant(1)),
        "python number": f(lambda: 3)(),
        "python float": f(lambda: 2.5)(),
        "numpy": f(lambda: np.ones(2, np.float32))(),
        "mixed none": list(f(lambda x: (x, None))(tf.constant(1))),
        "string": attempt(lambda: f(text)().dtype.name),
        "bool": f(lambda x: x > 0)(tf.constant(1)),
        "nothing": f(list)(),
    }


@cases
def decorated_forms(tf: Any, np: Any) -> Any:
    @tf.function
    def a(x: Any) -> Any:
        """Doc of a."""
        return x * 2

    @tf.function(autograph=False)
    def b(x: Any) -> Any:
        return x * 3

    @tf.function(jit_compile=True)
    def c(x: Any) -> Any:
        return x * 4

    return [
        a(tf.constant(1)),
        b(tf.constant(1)),
        c(tf.constant(1)),
        a.__name__,
        a.__doc__,
        a(2),
        a(np.array([1, 2])),
    ]


@cases
def eager_and_graph_flags(tf: Any, np: Any) -> Any:
    seen: list[bool] = []

    @tf.function
    def f() -> None:
        seen.append(tf.executing_eagerly())
        with tf.init_scope():
            seen.append(tf.executing_eagerly())

    f()
    seen.append(tf.executing_eagerly())
    tf.config.run_functions_eagerly(True)
    try:
        f()
        seen.append(tf.config.functions_run_eagerly())
    finally:
        tf.config.run_functions_eagerly(False)
    return seen


@cases
def errors_in_functions(tf: Any, np: Any) -> Any:
    def if_without_autograph(x: Any) -> Any:
        if x > 0:
            return x
        return -x

    def raises(x: Any) -> Any:
        raise KeyError("mine")

    def thing() -> Any:
        return object()

    return {
        "bool of tensor": attempt(
            lambda: tf.function(if_without_autograph, autograph=False)(tf.constant(1))
        ),
        "numpy": attempt(lambda: tf.function(lambda x: x.numpy())(tf.constant(1))),
        "float": attempt(lambda: tf.function(lambda x: float(x))(tf.constant(1.0))),
        "iterate without autograph": attempt(
            lambda: tf.function(lambda x: [i for i in x] and None, autograph=False)(tf.ones(3))
        ),
        "own error": attempt(lambda: tf.function(raises)(tf.constant(1))),
        "shape": attempt(lambda: tf.function(lambda x, y: x + y)(tf.ones(2), tf.ones(3))),
        "dtype": attempt(lambda: tf.function(lambda x, y: x + y)(tf.ones(2), tf.constant([1, 2]))),
        "too many arguments": attempt(lambda: tf.function(lambda x: x)(1, 2)),
        "missing argument": attempt(lambda: tf.function(lambda x: x)()),
        "unknown keyword": attempt(lambda: tf.function(lambda x: x)(x=1, y=2)),
        "assert": attempt(
            lambda: tf.function(lambda x: tf.debugging.assert_positive(x))(tf.constant(-1))
        ),
        "object output": attempt(lambda: tf.function(thing)()),
    }


@cases
def assertions(tf: Any, np: Any) -> Any:
    d = tf.debugging
    return {
        "equal": attempt(lambda: d.assert_equal([1, 2], [1, 3])),
        "equal holds": d.assert_equal(1, 1),
        "less": attempt(lambda: d.assert_less(2.0, 1.0)),
        "rank": attempt(lambda: d.assert_rank(tf.ones((2, 2)), 1)),
        "shapes": attempt(lambda: d.assert_shapes([(tf.ones((2, 3)), ("n", 4))])),
        "type": attempt(lambda: d.assert_type(tf.constant(1), tf.float32)),
        "near": attempt(lambda: d.assert_near(1.0, 1.1)),
        "numerics": attempt(lambda: d.check_numerics(tf.constant([float("nan")]), "bad")),
        "numerics holds": d.check_numerics(tf.constant([1.0]), "fine"),
        "Assert": attempt(lambda: tf.Assert(tf.constant(False), ["x"])),
        "scalar": attempt(lambda: d.assert_scalar(tf.ones(2))),
        "integer": attempt(lambda: d.assert_integer(tf.ones(2))),
        "is_numeric_tensor": d.is_numeric_tensor(tf.constant(1)),
        "all finite": attempt(lambda: d.assert_all_finite(tf.constant([float("inf")]), "inf")),
    }


# --- variables in functions


@cases
def captured_variable(tf: Any, np: Any) -> Any:
    v = tf.Variable(1.0)

    @tf.function
    def f(x: Any) -> Any:
        v.assign_add(x)
        return v * 2.0

    results = [f(tf.constant(2.0)), f(tf.constant(3.0))]
    v.assign(100.0)
    return [results, f(tf.constant(1.0)), v]


@cases
def order_of_reads_and_writes(tf: Any, np: Any) -> Any:
    v = tf.Variable([1.0, 2.0])

    @tf.function
    def f() -> Any:
        a = v + 0.0
        v.assign([5.0, 6.0])
        b = v.read_value()
        v.assign_sub([1.0, 1.0])
        v[0].assign(9.0)
        return a, b, v.value()

    return [list(f()), v, list(f()), v]


@cases
def created_once(tf: Any, np: Any) -> Any:
    class Counter(tf.Module):
        def __init__(self) -> None:
            super().__init__()
            self.count = None

        @tf.function
        def __call__(self) -> Any:
            if self.count is None:
                self.count = tf.Variable(0)
            return self.count.assign_add(1)

    counter = Counter()

    @tf.function
    def creates_always() -> Any:
        return tf.Variable(1.0) + 1.0

    return [counter(), counter(), counter(), attempt(creates_always)]


@cases
def variable_argument(tf: Any, np: Any) -> Any:
    @tf.function
    def f(v: Any, x: Any) -> Any:
        v.assign_add(x)
        return v.read_value()

    v, w = tf.Variable(1.0), tf.Variable(10.0)
    return [f(v, 1.0), f(w, 1.0), v, w]


@cases
def captured_tensor_and_python_state(tf: Any, np: Any) -> Any:
    state = {"k": 2.0}
    t = tf.constant([1.0, 2.0])

    @tf.function
    def f(x: Any) -> Any:
        return x * t * state["k"]

    first = f(tf.constant(1.0))
    state["k"] = 50.0
    return [first, f(tf.constant(1.0))]


@cases
def nested_functions(tf: Any, np: Any) -> Any:
    v = tf.Variable(1.0)

    @tf.function
    def inner(x: Any) -> Any:
        v.assign_add(1.0)
        return x * v

    @tf.function
    def outer(x: Any) -> Any:
        return inner(x) + inner(x)

    return [outer(tf.constant(1.0)), v, inner(tf.constant(2.0))]


# --- tapes and functions


@cases
def tape_around_a_function(tf: Any, np: Any) -> Any:
    w = tf.Variable([1.0, 2.0])

    @tf.function
    def f(x: Any) -> Any:
        return tf.reduce_sum(tf.sin(x * w))

    x = tf.constant([0.5, 0.25])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = f(x) ** 2
    return [y, tape.gradient(y, [x, w])]


@cases
def tape_inside_a_function(tf: Any, np: Any) -> Any:
    w, b = tf.Variable([[1.0], [2.0]]), tf.Variable(0.5)

    @tf.function
    def step(x: Any, y: Any) -> Any:
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean((x @ w + b - y) ** 2)
        gw, gb = tape.gradient(loss, [w, b])
        w.assign_sub(0.1 * gw)
        b.assign_sub(0.1 * gb)
        return loss

    x, y = tf.constant([[1.0, 0.0], [0.5, -1.0]]), tf.constant([[1.0], [0.0]])
    return [[step(x, y) for _ in range(3)], w, b]


@cases
def second_order_through_a_function(tf: Any, np: Any) -> Any:
    f = tf.function(lambda x: x**3)
    x = tf.constant(2.0)
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = f(x)
        g = inner.gradient(y, x)
    return [g, outer.gradient(g, x)]


@cases
def nested_tapes_in_a_function(tf: Any, np: Any) -> Any:
    @tf.function
    def f(x: Any) -> Any:
        with tf.GradientTape() as outer:
            outer.watch(x)
            with tf.GradientTape() as inner:
                inner.watch(x)
                y = tf.exp(x) * x
            g = inner.gradient(y, x)
        return g, outer.gradient(g, x)

    return list(f(tf.constant(0.5)))


@cases
def unused_input_of_a_function(tf: Any, np: Any) -> Any:
    f = tf.function(lambda x, y: x * 2.0)
    x, y = tf.constant(1.0), tf.constant(2.0)
    with tf.GradientTape() as tape:
        tape.watch([x, y])
        z = f(x, y)
    return tape.gradient(z, [x, y])


@cases
def jacobian_through_a_function(tf: Any, np: Any) -> Any:
    f = tf.function(lambda x: tf.stack([x[0] * x[1], x[1] ** 2]))
    x = tf.Variable([2.0, 3.0])
    with tf.GradientTape() as tape:
        y = f(x)
    return tape.jacobian(y, x)


@cases
def tf_gradients_in_a_function(tf: Any, np: Any) -> Any:
    @tf.function
    def f(x: Any) -> Any:
        return tf.gradients(x**2 * 3.0, [x])

    return [
        f(tf.constant(2.0)),
        attempt(lambda: tf.gradients(tf.constant(1.0), [tf.constant(1.0)])),
    ]


@cases
def custom_gradient_in_a_function(tf: Any, np: Any) -> Any:
    @tf.custom_gradient
    def g(x: Any) -> Any:
        return x * 2.0, lambda dy: dy * 100.0

    f = tf.function(lambda x: g(x) + x)
    x = tf.Variable(1.0)
    with tf.GradientTape() as tape:
        y = f(x)
    return [y, tape.gradient(y, x)]


@cases
def gradient_of_loops_in_a_function(tf: Any, np: Any) -> Any:
    @tf.function
    def power(x: Any, n: Any) -> Any:
        r = tf.ones_like(x)
        for _ in tf.range(n):
            r = r * x
        return r

    @tf.function
    def branch(x: Any) -> Any:
        if tf.reduce_sum(x) > 0.0:
            return x * 2.0
        return x * x

    result = []
    for program, args in ((power, (tf.constant(4),)), (branch, ())):
        for value in ([1.5, 2.0], [-1.5, -2.0]):
            x = tf.constant(value)
            with tf.GradientTape() as tape:
                tape.watch(x)
                y = program(x, *args)
            result.append([y, tape.gradient(y, x)])
    return result


@cases
def variable_gradient_in_branches(tf: Any, np: Any) -> Any:
    v, w = tf.Variable(2.0), tf.Variable(3.0)

    @tf.function
    def f(flag: Any) -> Any:
        with tf.GradientTape() as tape:
            y = tf.cond(flag, lambda: v * v, lambda: w * 5.0)
        return tape.gradient(y, [v, w], unconnected_gradients="zero")

    return [f(tf.constant(True)), f(tf.constant(False))]


# --- control flow operations, eagerly and inside a function


def _both(name: str, body: Callable[[Any, Any], Any], **options: Any) -> None:
    """Add the case eagerly and inside a function."""

    def compiled(tf: Any, np: Any) -> Any:
        @tf.function
        def run() -> Any:
            return body(tf, np)

        return attempt(run)

    cases.add(f"{name}_eager", lambda tf, np: attempt(lambda: body(tf, np)), **options)
    cases.add(f"{name}_function", compiled, **options)


_both(
    "cond_true",
    lambda tf, np: tf.cond(tf.constant(1) < 2, lambda: tf.constant(10), lambda: tf.constant(20)),
)
_both(
    "cond_false",
    lambda tf, np: tf.cond(tf.constant(3) < 2, lambda: tf.constant(10), lambda: tf.constant(20)),
)
_both(
    "cond_structure",
    lambda tf, np: tf.cond(
        tf.constant(True), lambda: (tf.ones(2), {"a": 1}), lambda: (tf.zeros(2), {"a": 2})
    ),
)
_both(
    "cond_python_bool",
    lambda tf, np: tf.cond(True, lambda: tf.constant(1.0), lambda: tf.constant(2.0)),
)
_both(
    "cond_other_shapes",
    lambda tf, np: tf.cond(tf.constant(True), lambda: tf.ones(2), lambda: tf.ones(3)),
)
_both(
    "case_first",
    lambda tf, np: tf.case(
        [(tf.constant(False), lambda: tf.constant(1)), (tf.constant(True), lambda: tf.constant(2))]
    ),
)
_both(
    "case_default",
    lambda tf, np: tf.case(
        [(tf.constant(False), lambda: tf.constant(1))], default=lambda: tf.constant(-1)
    ),
)
_both(
    "case_several_true",
    lambda tf, np: tf.case(
        [(tf.constant(True), lambda: tf.constant(1)), (tf.constant(True), lambda: tf.constant(2))]
    ),
)
_both(
    "switch_case",
    lambda tf, np: [
        tf.switch_case(tf.constant(i), [lambda: tf.constant(10), lambda: tf.constant(11)])
        for i in (0, 1)
    ],
)
_both(
    "switch_case_default",
    lambda tf, np: [
        tf.switch_case(
            tf.constant(i),
            {0: lambda: tf.constant(10), 2: lambda: tf.constant(12)},
            default=lambda: tf.constant(99),
        )
        for i in (0, 1, 2, -1)
    ],
)
_both(
    "while_loop",
    lambda tf, np: tf.while_loop(
        lambda i, s: i < 5, lambda i, s: (i + 1, s + i), (tf.constant(0), tf.constant(0))
    ),
)
_both(
    "while_loop_single",
    lambda tf, np: tf.while_loop(lambda i: i < 5, lambda i: [i * 2 + 1], [tf.constant(0)]),
)
_both(
    "while_loop_zero",
    lambda tf, np: tf.while_loop(lambda i: i < 0, lambda i: [i + 1], [tf.constant(7)]),
)
_both(
    "while_loop_maximum",
    lambda tf, np: tf.while_loop(
        lambda i: True, lambda i: [i + 1], [tf.constant(0)], maximum_iterations=4
    ),
)
_both(
    "while_loop_growing",
    lambda tf, np: tf.while_loop(
        lambda i, x: i < 3,
        lambda i, x: (i + 1, tf.concat([x, [i]], 0)),
        (tf.constant(0), tf.constant([9])),
        shape_invariants=(tf.TensorShape([]), tf.TensorShape([None])),
    ),
)
_both(
    "while_loop_structure",
    lambda tf, np: tf.while_loop(
        lambda i, d: i < 2,
        lambda i, d: (i + 1, {"a": d["a"] * 2.0}),
        (tf.constant(0), {"a": tf.ones(2)}),
    )[1],
)
_both("map_fn", lambda tf, np: tf.map_fn(lambda x: x * x, tf.range(4)))
_both(
    "map_fn_other_dtype",
    lambda tf, np: tf.map_fn(
        lambda x: tf.cast(x, tf.float32) / 2.0, tf.range(3), fn_output_signature=tf.float32
    ),
)
_both("map_fn_wrong_dtype", lambda tf, np: tf.map_fn(lambda x: tf.cast(x, tf.float32), tf.range(3)))
_both(
    "map_fn_tuple",
    lambda tf, np: tf.map_fn(
        lambda t: t[0] * t[1], (tf.range(3), tf.range(3) + 1), fn_output_signature=tf.int32
    ),
)
_both(
    "map_fn_two_outputs",
    lambda tf, np: tf.map_fn(
        lambda x: (x, -x), tf.range(3), fn_output_signature=(tf.int32, tf.int32)
    ),
)
_both("map_fn_empty", lambda tf, np: tf.map_fn(lambda x: x + 1, tf.zeros((0, 2))))
_both(
    "vectorized_map",
    lambda tf, np: tf.vectorized_map(
        lambda x: tf.reduce_sum(x) + x, tf.reshape(tf.range(6), (3, 2))
    ),
)
_both("scan", lambda tf, np: tf.scan(lambda a, x: a + x, tf.range(1, 5)))
_both(
    "scan_initializer", lambda tf, np: tf.scan(lambda a, x: a * x, tf.range(1, 5), initializer=10)
)
_both("scan_reverse", lambda tf, np: tf.scan(lambda a, x: a - x, tf.range(1, 5), reverse=True))
_both(
    "scan_tuple",
    lambda tf, np: tf.scan(
        lambda a, x: (a[1], a[0] + a[1]), tf.range(5), initializer=(tf.constant(0), tf.constant(1))
    ),
)
_both("foldl", lambda tf, np: tf.foldl(lambda a, x: a - x, tf.range(1, 5)))
_both("foldr", lambda tf, np: tf.foldr(lambda a, x: a - x, tf.range(1, 5)))
_both(
    "foldl_initializer", lambda tf, np: tf.foldl(lambda a, x: a * 2 + x, tf.range(3), initializer=1)
)
_both("identity_n", lambda tf, np: tf.identity_n([tf.constant(1), tf.constant(2.0)]))
_both("group", lambda tf, np: [tf.group(tf.constant(1)) is None, tf.constant(1)])


def _tensor_array(tf: Any, np: Any) -> Any:
    ta = tf.TensorArray(tf.float32, size=3, clear_after_read=False)
    for i in range(3):
        ta = ta.write(i, tf.constant([float(i), 1.0]))
    return [ta.stack(), ta.read(1), ta.gather([2, 0]), ta.concat(), ta.size()]


def _tensor_array_dynamic(tf: Any, np: Any) -> Any:
    ta = tf.TensorArray(tf.int32, size=0, dynamic_size=True, clear_after_read=False)
    for i in range(4):
        ta = ta.write(i, i * i)
    return [ta.stack(), ta.size(), ta.read(2), ta.read(2)]


def _tensor_array_unstack(tf: Any, np: Any) -> Any:
    ta = tf.TensorArray(tf.float32, size=2).unstack([[1.0, 2.0], [3.0, 4.0]])
    tb = tf.TensorArray(tf.float32, size=2, infer_shape=False).split([1.0, 2.0, 3.0], [1, 2])
    return [ta.read(1), tb.read(0), tb.read(1)]


def _tensor_array_scatter(tf: Any, np: Any) -> Any:
    return (
        tf.TensorArray(tf.float32, size=3).scatter([2, 0], [[1.0], [2.0]]).write(1, [5.0]).stack()
    )


_both("tensor_array", lambda tf, np: _tensor_array(tf, np))
_both("tensor_array_dynamic", lambda tf, np: _tensor_array_dynamic(tf, np))
_both("tensor_array_unstack", lambda tf, np: _tensor_array_unstack(tf, np))
_both("tensor_array_scatter", lambda tf, np: _tensor_array_scatter(tf, np))


@cases
def tensor_array_errors(tf: Any, np: Any) -> Any:
    def make() -> Any:
        return tf.TensorArray(tf.float32, size=2)

    return {
        "out of range": attempt(lambda: make().write(5, 1.0)),
        "read unwritten": attempt(lambda: make().read(0)),
        "dtype": attempt(lambda: make().write(0, tf.constant(1))),
        "shape": attempt(lambda: make().write(0, [1.0]).write(1, [1.0, 2.0]).stack()),
        "read twice": attempt(lambda: (lambda ta: [ta.read(0), ta.read(0)])(make().write(0, 1.0))),
        "python int into float": attempt(lambda: make().write(0, 1).read(0)),
    }


# --- AutoGraph programs


def _program(name: str, make: Callable[[Any], Callable[..., Any]], *calls: tuple[Any, ...]) -> None:
    """Add the program as it runs in Python on tensors and as it runs compiled."""

    def body(tf: Any, np: Any) -> Any:
        compiled = tf.function(make(tf))
        return [
            attempt(lambda args=args: compiled(*[tf.constant(a) for a in args])) for args in calls
        ]

    cases.add(f"autograph_{name}", body)


def _if_else(tf: Any) -> Callable[..., Any]:
    def f(x: Any) -> Any:
        if x > 0:
            y = x * 2
        elif x < -10:
            y = x * 0
        else:
            y = -x
        return y

    return f


def _early_return(tf: Any) -> Callable[..., Any]:
    def f(x: Any) -> Any:
        if x > 5:
            return x - 5
        x = x + 1
        if x > 5:
            return x * 100
        return x

    return f


def _while(tf: Any) -> Callable[..., Any]:
    def f(n: Any) -> Any:
        steps = 0
        while n > 1:
            if n % 2 == 0:
                n = n // 2
            else:
                n = 3 * n + 1
            steps += 1
        return steps

    return f


def _for_range(tf: Any) -> Callable[..., Any]:
    def f(n: Any) -> Any:
        s = 0
        for i in tf.range(n):
            s += i * i
        return s

    return f


def _for_tensor(tf: Any) -> Callable[..., Any]:
    def f(x: Any) -> Any:
        best = x[0]
        for row in x:
            if tf.reduce_sum(row) > tf.reduce_sum(best):
                best = row
        return best

    return f


def _break_continue(tf: Any) -> Callable[..., Any]:
    def f(x: Any) -> Any:
        s = 0
        for v in x:
            if v < 0:
                continue
            if v > 100:
                break
            s += v
        return s

    return f


def _return_in_loop(tf: Any) -> Callable[..., Any]:
    def f(x: Any, target: Any) -> Any:
        for i in tf.range(tf.size(x)):
            if x[i] == target:
                return i
        return -1

    return f


def _nested_loops(tf: Any) -> Callable[..., Any]:
    def f(n: Any) -> Any:
        count = 0
        for i in tf.range(n):
            for j in tf.range(i):
                if (i + j) % 2 == 0:
                    continue
                if j > 3:
                    break
                count += 1
        return count

    return f


def _and_or_not(tf: Any) -> Callable[..., Any]:
    def f(x: Any) -> Any:
        if x > 0 and x < 10 or x == -5:
            return 1
        if not x > 100:
            return 2
        return 3

    return f


def _ternary(tf: Any) -> Callable[..., Any]:
    def f(x: Any) -> Any:
        return x * 2 if x > 0 else x - 1

    return f


def _while_break(tf: Any) -> Callable[..., Any]:
    def f(x: Any) -> Any:
        i = 0
        while True:
            x = x * 2
            i += 1
            if x > 50:
                break
        return i, x

    return f


def _find_with_break(tf: Any) -> Callable[..., Any]:
    def f(x: Any, target: Any) -> Any:
        found = -1
        for i in tf.range(tf.size(x)):
            if x[i] == target:
                found = i
                break
        return found

    return f


def _while_tensor_true(tf: Any) -> Callable[..., Any]:
    def f(x: Any) -> Any:
        i = 0
        while tf.constant(True):
            x = x * 2
            i += 1
            if x > 50:
                break
        return i, x

    return f


def _return_after_loop(tf: Any) -> Callable[..., Any]:
    def f(n: Any) -> Any:
        for _ in tf.range(n):
            n = n - 1
            if n < 3:
                break
        if n > 2:
            return n * 10
        return n

    return f


def _loop_else_untouched(tf: Any) -> Callable[..., Any]:
    def f(n: Any) -> Any:
        i, last = 0, n
        while i < n:
            last = i
            i += 2
        return i, last

    return f


def _python_loop(tf: Any) -> Callable[..., Any]:
    def f(x: Any) -> Any:
        parts = []
        for k in range(3):
            parts.append(x * k)
        return tf.stack(parts)

    return f


def _tensor_array_loop(tf: Any) -> Callable[..., Any]:
    def f(n: Any) -> Any:
        ta = tf.TensorArray(tf.int32, size=0, dynamic_size=True)
        for i in tf.range(n):
            ta = ta.write(i, i * 10)
        return ta.stack()

    return f


def _helper_call(tf: Any) -> Callable[..., Any]:
    def helper(x: Any) -> Any:
        if x > 0:
            return x
        return x * 0

    def f(x: Any) -> Any:
        return helper(x) + helper(-x)

    return f


def _assert_statement(tf: Any) -> Callable[..., Any]:
    def f(x: Any) -> Any:
        assert x > 0, "positive"
        return x

    return f


def _variable_in_one_branch(tf: Any) -> Callable[..., Any]:
    def f(x: Any) -> Any:
        if x > 0:
            y = x
        return y

    return f


def _dtype_changes_in_branch(tf: Any) -> Callable[..., Any]:
    def f(x: Any) -> Any:
        if x > 0:
            y = tf.constant(1.0)
        else:
            y = tf.constant(1)
        return y

    return f


def _shape_changes_in_loop(tf: Any) -> Callable[..., Any]:
    def f(n: Any) -> Any:
        x = tf.zeros((1,))
        for _ in tf.range(n):
            x = tf.concat([x, x], 0)
        return x

    return f


def _dtype_changes_in_loop(tf: Any) -> Callable[..., Any]:
    def f(n: Any) -> Any:
        x = tf.constant(0)
        for _ in tf.range(n):
            x = tf.constant(1.0)
        return x

    return f


def _enumerate_zip(tf: Any) -> Callable[..., Any]:
    def f(x: Any) -> Any:
        s = 0
        for i, v in enumerate(x):
            s += tf.cast(i, tf.int32) * v
        return s

    return f


def _len_range_min_max(tf: Any) -> Callable[..., Any]:
    def f(x: Any) -> Any:
        s = 0
        for i in range(len(x)):
            s += x[i]
        return s + max(x[0], x[1]) + min(x[0], x[1]) + abs(x[0])

    return f


def _dict_state(tf: Any) -> Callable[..., Any]:
    def f(n: Any) -> Any:
        state = {"a": tf.constant(0), "b": tf.constant(1)}
        for _ in tf.range(n):
            state = {"a": state["b"], "b": state["a"] + state["b"]}
        return state["a"]

    return f


def _none_then_tensor(tf: Any) -> Callable[..., Any]:
    def f(x: Any) -> Any:
        result = None
        if x > 0:
            result = x
        else:
            result = -x
        return result

    return f


_program("if_else", _if_else, (3,), (-3,), (-30,))
_program("early_return", _early_return, (9,), (5,), (1,))
_program("while", _while, (6,), (27,), (1,))
_program("for_range", _for_range, (0,), (5,))
_program("for_tensor", _for_tensor, ([[1, 2], [5, 5], [3, 3]],))
_program("break_continue", _break_continue, ([1, -5, 2, 200, 7],), ([1, 2, 3],), ([-1],))
_program("return_in_loop", _return_in_loop, ([4, 7, 9, 7], 7), ([4, 7, 9], 1))
_program("nested_loops", _nested_loops, (0,), (8,))
_program("and_or_not", _and_or_not, (5,), (-5,), (50,), (500,))
_program("ternary", _ternary, (2,), (-2,))
_program("while_break", _while_break, (1,), (60,))
_program("find_with_break", _find_with_break, ([4, 7, 9, 7], 7), ([4, 7, 9], 1))
_program("while_tensor_true", _while_tensor_true, (1,), (60,))
_program("return_after_loop", _return_after_loop, (9,), (2,), (0,))
_program("while_two_states", _loop_else_untouched, (5,), (0,))
_program("python_loop", _python_loop, (2,))
_program("tensor_array_loop", _tensor_array_loop, (4,))
_program("helper_call", _helper_call, (3,), (-4,))
_program("assert_statement", _assert_statement, (3,), (-4,))
_program("variable_in_one_branch", _variable_in_one_branch, (3,))
_program("dtype_changes_in_branch", _dtype_changes_in_branch, (3,))
_program("shape_changes_in_loop", _shape_changes_in_loop, (3,))
_program("dtype_changes_in_loop", _dtype_changes_in_loop, (3,))
_program("enumerate", _enumerate_zip, ([5, 6, 7],))
_program("len_range_min_max", _len_range_min_max, ([5, -6, 7],))
_program("dict_state", _dict_state, (10,))
_program("none_then_tensor", _none_then_tensor, (3,), (-3,))


@cases
def autograph_sees_unknown_sizes(tf: Any, np: Any) -> Any:
    @tf.function(input_signature=[tf.TensorSpec([None, 2], tf.float32)])
    def f(x: Any) -> Any:
        s = tf.zeros((2,))
        for row in x:
            s += row
        return s, tf.shape(x)[0], tf.zeros((tf.shape(x)[0], 3)), tf.reshape(x, (-1,))

    return [list(f(tf.ones((n, 2)))) for n in (1, 3, 0)]


@cases
def autograph_with_variables(tf: Any, np: Any) -> Any:
    v = tf.Variable(0)

    @tf.function
    def f(n: Any) -> Any:
        for i in tf.range(n):
            if i % 2 == 0:
                v.assign_add(i)
            else:
                v.assign_sub(1)
        return v.read_value()

    return [f(tf.constant(5)), v, f(tf.constant(2)), v]


@cases
def do_not_convert(tf: Any, np: Any) -> Any:
    seen: list[str] = []

    @tf.autograph.experimental.do_not_convert
    def plain(x: Any) -> Any:
        seen.append(type(x).__name__ != "EagerTensor")
        return x + 1

    @tf.function
    def f(x: Any) -> Any:
        return plain(x)

    return [f(tf.constant(1)), len(seen)]


@cases
def py_and_numpy_function(tf: Any, np: Any) -> Any:
    @tf.function
    def f(x: Any) -> Any:
        a = tf.py_function(lambda t: t.numpy() * 2, [x], tf.int32)
        b = tf.numpy_function(lambda t: t + 1, [x], tf.int32)
        return a, b

    return list(f(tf.constant([1, 2])))


@cases
def datasets_in_functions(tf: Any, np: Any) -> Any:
    ds = tf.data.Dataset.range(5)

    @tf.function
    def total() -> Any:
        s = tf.constant(0, tf.int64)
        for x in ds:
            s += x
        return s

    return [attempt(total), list(ds.map(lambda x: x * 2).batch(2))]
