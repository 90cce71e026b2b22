"""Gradients as `tf.GradientTape` and `tf.autodiff.ForwardAccumulator` give them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..support import Cases, attempt

cases = Cases()

POINTS = [-2.0, -1.0, -0.5, 0.0, 0.5, 1.0, 2.0]
GRID = [
    (-2.0, -1.5),
    (-1.0, 2.0),
    (0.0, 0.0),
    (0.0, 2.0),
    (2.0, 0.0),
    (1.5, 1.5),
    (2.0, 0.5),
    (0.0, -1.0),
    (3.0, -2.0),
]


def _grad(
    tf: Any, program: Callable[..., Any], *values: Any, dtype: str = "float32"
) -> dict[str, Any]:
    """Value and gradients of `program` at the given points."""
    xs = [tf.constant(v, dtype) for v in values]
    with tf.GradientTape() as tape:
        tape.watch(xs)
        y = program(*xs)
    return {"value": y, "grads": tape.gradient(y, xs)}


# --- elementwise operations at ordinary points, at kinks and outside their domain

UNARY: dict[str, Callable[[Any], Callable[[Any], Any]]] = {
    "abs": lambda tf: tf.abs,
    "acos": lambda tf: tf.acos,
    "acosh": lambda tf: tf.acosh,
    "asin": lambda tf: tf.asin,
    "asinh": lambda tf: tf.asinh,
    "atan": lambda tf: tf.atan,
    "atanh": lambda tf: tf.atanh,
    "bessel_i0": lambda tf: tf.math.bessel_i0,
    "bessel_i1e": lambda tf: tf.math.bessel_i1e,
    "ceil": lambda tf: tf.math.ceil,
    "clip": lambda tf: lambda x: tf.clip_by_value(x, -1.0, 1.0),
    "clip_by_norm": lambda tf: lambda x: tf.clip_by_norm(x, 2.0),
    "cos": lambda tf: tf.cos,
    "cosh": lambda tf: tf.cosh,
    "crelu": lambda tf: tf.nn.crelu,
    "cumprod": lambda tf: tf.math.cumprod,
    "cumsum_exclusive_reverse": lambda tf: lambda x: tf.cumsum(x, exclusive=True, reverse=True),
    "cumulative_logsumexp": lambda tf: tf.math.cumulative_logsumexp,
    "digamma": lambda tf: tf.math.digamma,
    "elu": lambda tf: tf.nn.elu,
    "erf": lambda tf: tf.math.erf,
    "erfc": lambda tf: tf.math.erfc,
    "erfinv": lambda tf: tf.math.erfinv,
    "exp": lambda tf: tf.exp,
    "expm1": lambda tf: tf.math.expm1,
    "floor": lambda tf: tf.floor,
    "gelu": lambda tf: tf.nn.gelu,
    "gelu_tanh": lambda tf: lambda x: tf.nn.gelu(x, approximate=True),
    "l2_normalize": lambda tf: lambda x: tf.math.l2_normalize(x),
    "leaky_relu": lambda tf: tf.nn.leaky_relu,
    "lgamma": lambda tf: tf.math.lgamma,
    "log": lambda tf: tf.math.log,
    "log1p": lambda tf: tf.math.log1p,
    "log_sigmoid": lambda tf: tf.math.log_sigmoid,
    "log_softmax": lambda tf: tf.nn.log_softmax,
    "maximum_with_zero": lambda tf: lambda x: tf.maximum(x, 0.0),
    "minimum_with_zero": lambda tf: lambda x: tf.minimum(0.0, x),
    "ndtri_of_half": lambda tf: lambda x: tf.math.ndtri(x / 8.0 + 0.5),
    "negative": lambda tf: tf.negative,
    "pow_0": lambda tf: lambda x: x**0,
    "pow_1": lambda tf: lambda x: x**1,
    "pow_2": lambda tf: lambda x: x**2,
    "pow_3": lambda tf: lambda x: x**3.0,
    "pow_half": lambda tf: lambda x: x**0.5,
    "pow_minus_1": lambda tf: lambda x: x**-1,
    "reciprocal": lambda tf: tf.math.reciprocal,
    "reciprocal_no_nan": lambda tf: tf.math.reciprocal_no_nan,
    "reduce_logsumexp": lambda tf: tf.reduce_logsumexp,
    "reduce_std": lambda tf: tf.math.reduce_std,
    "reduce_variance": lambda tf: tf.math.reduce_variance,
    "relu": lambda tf: tf.nn.relu,
    "relu6": lambda tf: lambda x: tf.nn.relu6(x * 6.0),
    "round": lambda tf: tf.round,
    "rsqrt": lambda tf: tf.math.rsqrt,
    "rsub": lambda tf: lambda x: 2.0 - x,
    "rtruediv": lambda tf: lambda x: 2.0 / x,
    "selu": lambda tf: tf.nn.selu,
    "sigmoid": lambda tf: tf.sigmoid,
    "sign": lambda tf: tf.sign,
    "silu": lambda tf: tf.nn.silu,
    "sin": lambda tf: tf.sin,
    "sinh": lambda tf: tf.sinh,
    "softmax": lambda tf: tf.nn.softmax,
    "softplus": lambda tf: tf.math.softplus,
    "softsign": lambda tf: tf.nn.softsign,
    "sqrt": lambda tf: tf.sqrt,
    "square": lambda tf: tf.square,
    "tan": lambda tf: tf.tan,
    "tanh": lambda tf: tf.tanh,
    "threshold_where": lambda tf: lambda x: tf.where(x > 0.0, x * 3.0, 0.0),
}

BINARY: dict[str, Callable[[Any], Callable[[Any, Any], Any]]] = {
    "add": lambda tf: lambda x, y: x + y,
    "atan2": lambda tf: tf.atan2,
    "div_no_nan": lambda tf: tf.math.divide_no_nan,
    "floordiv": lambda tf: lambda x, y: x // y,
    "floormod": lambda tf: lambda x, y: x % y,
    "maximum": lambda tf: tf.maximum,
    "minimum": lambda tf: tf.minimum,
    "multiply": lambda tf: lambda x, y: x * y,
    "multiply_no_nan": lambda tf: tf.math.multiply_no_nan,
    "pow": lambda tf: tf.pow,
    "squared_difference": lambda tf: tf.math.squared_difference,
    "subtract": lambda tf: lambda x, y: x - y,
    "truediv": lambda tf: lambda x, y: x / y,
    "xdivy": lambda tf: tf.math.xdivy,
    "xlog1py": lambda tf: tf.math.xlog1py,
    "xlogy": lambda tf: tf.math.xlogy,
}

for _name, _make in UNARY.items():
    cases.add(
        f"unary_{_name}",
        lambda tf, np, make=_make: _grad(tf, make(tf), POINTS),
        rtol=2e-5,
        atol=2e-6,
    )
for _name, _make2 in BINARY.items():
    cases.add(
        f"binary_{_name}",
        lambda tf, np, make=_make2: _grad(tf, make(tf), [p[0] for p in GRID], [p[1] for p in GRID]),
        rtol=2e-5,
        atol=2e-6,
    )


# --- the tape itself


@cases
def persistent_tape(tf: Any, np: Any) -> Any:
    x = tf.constant([1.0, 2.0])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = x * x
        z = y * y
    return [tape.gradient(z, x), tape.gradient(y, x), tape.gradient(z, y)]


@cases
def second_gradient_of_a_plain_tape(tf: Any, np: Any) -> Any:
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = x * x
    return [tape.gradient(y, x), attempt(lambda: tape.gradient(y, x))]


@cases
def nested_tapes(tf: Any, np: Any) -> Any:
    t = tf.Variable(3.0)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = 4.9 * t**2
        speed = inner.gradient(y, t)
    return [y, speed, outer.gradient(speed, t)]


@cases
def third_order(tf: Any, np: Any) -> Any:
    x = tf.Variable([1.0, -2.0])
    with tf.GradientTape() as a:
        with tf.GradientTape() as b:
            with tf.GradientTape() as c:
                y = tf.sin(x) * x**3
            first = c.gradient(y, x)
        second = b.gradient(first, x)
    return [first, second, a.gradient(second, x)]


@cases
def watch_a_constant(tf: Any, np: Any) -> Any:
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.square(x)
    return tape.gradient(y, x)


@cases
def unwatched_constant_has_none(tf: Any, np: Any) -> Any:
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        y = tf.square(x)
    return tape.gradient(y, x)


@cases
def watch_after_use_has_none(tf: Any, np: Any) -> Any:
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        y = tf.square(x)
        tape.watch(x)
    return tape.gradient(y, x)


@cases
def watch_an_intermediate(tf: Any, np: Any) -> Any:
    x = tf.constant(3.0)
    with tf.GradientTape() as tape:
        h = x * 2.0
        tape.watch(h)
        y = h**3
    return tape.gradient(y, [x, h])


@cases
def watch_errors(tf: Any, np: Any) -> Any:
    def watch(value: Any) -> Any:
        with tf.GradientTape() as tape:
            tape.watch(value)

    return [
        attempt(lambda: watch("a")),
        attempt(lambda: watch(1.0)),
        attempt(lambda: watch(np.ones(2))),
    ]


@cases
def watch_a_list_and_a_dict(tf: Any, np: Any) -> Any:
    a, b, c = tf.constant(1.0), tf.constant(2.0), tf.constant(3.0)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch([a, b])
        tape.watch({"c": c})
        y = a * b * c
    return [tape.gradient(y, [a, b, c]), tape.gradient(y, {"x": a, "y": (b, c)})]


@cases
def non_trainable_variable(tf: Any, np: Any) -> Any:
    v = tf.Variable(2.0, trainable=False)
    w = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = v * w
    return tape.gradient(y, [v, w])


@cases
def non_trainable_variable_watched(tf: Any, np: Any) -> Any:
    v = tf.Variable(2.0, trainable=False)
    with tf.GradientTape() as tape:
        tape.watch(v)
        y = v * v
    return tape.gradient(y, v)


@cases
def integer_source(tf: Any, np: Any) -> Any:
    x = tf.constant(2)
    v = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.cast(x, tf.float32) * v
    return tape.gradient(y, [x, v])


@cases
def integer_variable(tf: Any, np: Any) -> Any:
    v = tf.Variable(2)
    with tf.GradientTape() as tape:
        y = v * v
    return tape.gradient(y, v)


@cases
def through_an_integer_cast(tf: Any, np: Any) -> Any:
    x = tf.Variable(2.5)
    with tf.GradientTape() as tape:
        y = tf.cast(tf.cast(x, tf.int32), tf.float32) * 2.0
    return tape.gradient(y, x)


@cases
def unconnected_none_and_zero(tf: Any, np: Any) -> Any:
    x, w = tf.Variable([1.0, 2.0]), tf.Variable([[3.0]])
    with tf.GradientTape(persistent=True) as tape:
        y = tf.reduce_sum(x)
    return [
        tape.gradient(y, w),
        tape.gradient(y, w, unconnected_gradients=tf.UnconnectedGradients.ZERO),
        tape.gradient(y, {"x": x, "w": w}, unconnected_gradients="zero"),
        attempt(lambda: tape.gradient(y, w, unconnected_gradients="bogus")),
    ]


@cases
def output_gradients(tf: Any, np: Any) -> Any:
    x = tf.Variable([1.0, 2.0, 3.0])
    with tf.GradientTape(persistent=True) as tape:
        y = x * x
        z = tf.reduce_sum(x)
    return [
        tape.gradient(y, x, output_gradients=tf.constant([1.0, 0.0, -1.0])),
        tape.gradient(
            [y, z], x, output_gradients=[tf.constant([1.0, 10.0, 100.0]), tf.constant(5.0)]
        ),
        attempt(lambda: tape.gradient([y, z], x, output_gradients=[None, tf.constant(5.0)])),
    ]


@cases
def several_targets(tf: Any, np: Any) -> Any:
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y0, y1 = x**2, 1.0 / x
    return tape.gradient({"y0": y0, "y1": y1}, x)


@cases
def target_is_the_source(tf: Any, np: Any) -> Any:
    x = tf.Variable([2.0, 3.0])
    c = tf.constant(1.0)
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(c)
        y = c * 1.0
    return [tape.gradient(x, x), tape.gradient(c, c), tape.gradient(y, c)]


@cases
def target_outside_the_tape(tf: Any, np: Any) -> Any:
    x = tf.Variable(2.0)
    y = x * x
    with tf.GradientTape() as tape:
        z = x + 1.0
    return [tape.gradient(y, x), z]


@cases
def tensor_used_twice(tf: Any, np: Any) -> Any:
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        y = x * x + tf.tensordot(x, x, 1) * x
    return tape.gradient(y, x)


@cases
def same_source_twice(tf: Any, np: Any) -> Any:
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = x * x
    return tape.gradient(y, [x, x])


@cases
def nested_sources(tf: Any, np: Any) -> Any:
    p = {"w": tf.Variable([[1.0, 2.0]]), "rest": (tf.Variable(1.0), [tf.Variable([3.0, 4.0])])}
    with tf.GradientTape() as tape:
        y = tf.reduce_sum(p["w"] * p["rest"][1][0]) * p["rest"][0]
    return tape.gradient(y, p)


@cases
def numpy_in_the_middle(tf: Any, np: Any) -> Any:
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        y = tf.constant(np.square(x.numpy())) * 2.0
    return tape.gradient(y, x)


@cases
def numpy_operand(tf: Any, np: Any) -> Any:
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        y = x * np.array([3.0, 4.0], np.float32) + np.float32(1.0)
    return [y, tape.gradient(y, x)]


@cases
def replaced_variable(tf: Any, np: Any) -> Any:
    x = tf.Variable(2.0)
    grads = []
    for _ in range(2):
        with tf.GradientTape() as tape:
            y = x + 1.0
        grads.append(tape.gradient(y, x))
        x = x + 1.0
    return grads


@cases
def assigned_inside(tf: Any, np: Any) -> Any:
    x = tf.Variable(2.0)
    with tf.GradientTape(persistent=True) as tape:
        y = x * x
        x.assign(5.0)
        z = x * x
        x.assign_add(1.0)
        w = x * x
    return [tape.gradient(y, x), tape.gradient(z, x), tape.gradient(w, x), x.read_value()]


@cases
def assignment_cuts_the_gradient(tf: Any, np: Any) -> Any:
    x, v = tf.Variable(2.0), tf.Variable(0.0)
    with tf.GradientTape(persistent=True) as tape:
        v.assign(x * 3.0)
        y = v * v
    return [tape.gradient(y, x), tape.gradient(y, v)]


@cases
def result_of_assign(tf: Any, np: Any) -> Any:
    v, x = tf.Variable(2.0), tf.Variable(3.0)
    with tf.GradientTape(persistent=True) as tape:
        y = v.assign_add(x) * 2.0
    return [y, tape.gradient(y, v), tape.gradient(y, x)]


@cases
def stop_recording(tf: Any, np: Any) -> Any:
    x, y = tf.Variable(2.0), tf.Variable(3.0)
    with tf.GradientTape() as tape:
        a = x * x
        with tape.stop_recording():
            b = y * y
        z = a + b
    return tape.gradient(z, [x, y])


@cases
def stop_gradient(tf: Any, np: Any) -> Any:
    x, y = tf.Variable(2.0), tf.Variable(3.0)
    with tf.GradientTape() as tape:
        z = x * x + tf.stop_gradient(y * y) * x
    return tape.gradient(z, [x, y])


@cases
def tape_reset(tf: Any, np: Any) -> Any:
    x = tf.Variable(3.0)
    with tf.GradientTape() as tape:
        y = x**2 + 1.0
        tape.reset()
        z = x**3
    return [tape.gradient(z, x), y]


@cases
def watch_accessed_variables_off(tf: Any, np: Any) -> Any:
    a, b = tf.Variable(2.0), tf.Variable(3.0)
    with tf.GradientTape(watch_accessed_variables=False) as tape:
        tape.watch(a)
        y = a * b
    return tape.gradient(y, [a, b])


@cases
def watched_variables(tf: Any, np: Any) -> Any:
    a, b, c = (
        tf.Variable(2.0, name="a"),
        tf.Variable(3.0, name="b"),
        tf.Variable(1.0, trainable=False),
    )
    with tf.GradientTape() as tape:
        y = b * a * c
    return [[v.name for v in tape.watched_variables()], y]


@cases
def tape_not_entered(tf: Any, np: Any) -> Any:
    x = tf.Variable(1.0)
    tape = tf.GradientTape()

    def enter_twice() -> None:
        with tape, tape:
            pass

    return [attempt(lambda: tape.gradient(x * x, x)), attempt(enter_twice)]


@cases
def gradient_inside_its_own_persistent_tape(tf: Any, np: Any) -> Any:
    x = tf.Variable(2.0)
    with tf.GradientTape(persistent=True) as tape:
        y = x**3
        first = tape.gradient(y, x)
    return [first, tape.gradient(first, x)]


@cases
def gradient_inside_its_own_tape(tf: Any, np: Any) -> Any:
    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = x**3
        first = tape.gradient(y, x)
    return first


@cases
def two_tapes_side_by_side(tf: Any, np: Any) -> Any:
    x0, x1 = tf.constant(0.0), tf.constant(1.0)
    with tf.GradientTape() as t0, tf.GradientTape() as t1:
        t0.watch(x0)
        t1.watch(x1)
        y = tf.math.sin(x0) + tf.nn.sigmoid(x1)
    return [t0.gradient(y, x0), t1.gradient(y, x1)]


# tanh is saturated, so that 1 - tanh ** 2 keeps only the last bits of a float32.
@cases(rtol=2e-4)
def input_gradient_penalty(tf: Any, np: Any) -> Any:
    x = tf.constant([[1.0, -2.0], [0.5, 3.0]])
    w = tf.Variable([[0.5], [-1.5]])
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = tf.tanh(x @ w)
        g = inner.gradient(y, x)
        penalty = tf.reduce_sum(tf.square(tf.norm(g, axis=1) - 1.0))
    return [g, penalty, outer.gradient(penalty, w)]


# --- jacobians


@cases
def jacobian_vector(tf: Any, np: Any) -> Any:
    x = tf.Variable([1.0, 2.0, 3.0])
    with tf.GradientTape() as tape:
        y = tf.stack([x[0] * x[1], tf.sin(x[2])])
    return tape.jacobian(y, x)


@cases
def jacobian_scalar_source(tf: Any, np: Any) -> Any:
    t = tf.Variable(0.5)
    with tf.GradientTape() as tape:
        y = tf.sigmoid(tf.linspace(-1.0, 1.0, 5) + t)
    return tape.jacobian(y, t)


@cases
def jacobian_matrix_no_pfor(tf: Any, np: Any) -> Any:
    x = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = x @ x
    return [tape.jacobian(y, x), tape.jacobian(y, x, experimental_use_pfor=False)]


@cases
def jacobian_of_structure(tf: Any, np: Any) -> Any:
    w, b = tf.Variable([[1.0, 2.0], [3.0, 4.0]]), tf.Variable([1.0, -1.0])
    x = tf.constant([[1.0, 0.5]])
    with tf.GradientTape() as tape:
        y = tf.nn.relu(x @ w + b)
    return tape.jacobian(y, {"w": w, "b": b})


@cases
def jacobian_unconnected(tf: Any, np: Any) -> Any:
    x, y = tf.Variable([1.0, 2.0]), tf.Variable([3.0])
    with tf.GradientTape(persistent=True) as tape:
        z = x * 2.0
    return [tape.jacobian(z, y), tape.jacobian(z, y, unconnected_gradients="zero")]


@cases
def hessian(tf: Any, np: Any) -> Any:
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            y = x[0] ** 3 * x[1] + tf.exp(x[1])
        g = inner.gradient(y, x)
    return outer.jacobian(g, x)


@cases
def batch_jacobian(tf: Any, np: Any) -> Any:
    x = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = tf.stack([x[:, 0] * x[:, 1], x[:, 0] ** 2, x[:, 1]], axis=1)
    return [tape.batch_jacobian(y, x), tape.batch_jacobian(y, x, experimental_use_pfor=False)]


@cases
def batch_jacobian_errors(tf: Any, np: Any) -> Any:
    x = tf.constant([[1.0, 2.0], [3.0, 4.0]])
    with tf.GradientTape(persistent=True) as tape:
        tape.watch(x)
        y = tf.reduce_sum(x)
        z = x[:1] * 2.0
    return [attempt(lambda: tape.batch_jacobian(y, x)), attempt(lambda: tape.batch_jacobian(z, x))]


# --- custom gradients


@cases
def custom_gradient(tf: Any, np: Any) -> Any:
    @tf.custom_gradient
    def clip(x: Any) -> Any:
        return x * 2.0, lambda dy: tf.clip_by_norm(dy, 0.5)

    return _grad(tf, clip, [1.0, 2.0])


@cases
def custom_gradient_two_inputs_and_outputs(tf: Any, np: Any) -> Any:
    @tf.custom_gradient
    def f(x: Any, y: Any) -> Any:
        def grad(da: Any, db: Any) -> Any:
            return da * 10.0, db * 100.0

        return (x * y, x + y), grad

    x, y = tf.Variable(2.0), tf.Variable(3.0)
    with tf.GradientTape(persistent=True) as tape:
        a, b = f(x, y)
        z = a + 2.0 * b
    return [a, b, tape.gradient(z, [x, y]), tape.gradient(a, [x, y])]


@cases
def custom_gradient_with_variables(tf: Any, np: Any) -> Any:
    v = tf.Variable(3.0)

    @tf.custom_gradient
    def f(x: Any) -> Any:
        def grad(dy: Any, variables: Any = None) -> Any:
            return dy * 7.0, [dy * 11.0 for _ in variables]

        return x * v, grad

    x = tf.Variable(2.0)
    with tf.GradientTape() as tape:
        y = f(x)
    return [y, tape.gradient(y, [x, v])]


@cases
def custom_gradient_second_order(tf: Any, np: Any) -> Any:
    @tf.custom_gradient
    def log1pexp(x: Any) -> Any:
        e = tf.exp(x)
        return tf.math.log(1.0 + e), lambda upstream: upstream * (1.0 - 1.0 / (1.0 + e))

    x = tf.constant(1.0)
    with tf.GradientTape() as outer:
        outer.watch(x)
        with tf.GradientTape() as inner:
            inner.watch(x)
            y = log1pexp(x)
        g = inner.gradient(y, x)
    return [y, g, outer.gradient(g, x), _grad(tf, log1pexp, 100.0)]


@cases
def custom_gradient_none(tf: Any, np: Any) -> Any:
    @tf.custom_gradient
    def f(x: Any, y: Any) -> Any:
        return x * y, lambda dy: (dy, None)

    x, y = tf.Variable(2.0), tf.Variable(3.0)
    with tf.GradientTape() as tape:
        z = f(x, y)
    return tape.gradient(z, [x, y])


@cases
def grad_pass_through(tf: Any, np: Any) -> Any:
    return _grad(tf, tf.grad_pass_through(lambda x: tf.round(x) * 10.0), [0.4, 1.6])


@cases
def recompute_grad(tf: Any, np: Any) -> Any:
    return _grad(tf, tf.recompute_grad(lambda x: tf.sin(x) * x), [0.5, 1.5])


# --- gathering and scattering


def _program(name: str, program: Callable[..., Any], *values: Any, **options: Any) -> None:
    """Add a case that differentiates ``program(tf, *xs)`` at `values`."""
    cases.add(name, lambda tf, np: _grad(tf, lambda *xs: program(tf, *xs), *values), **options)


M = [[1.0, -2.0, 3.0], [4.0, 5.0, -6.0], [7.0, 8.0, 9.0]]
_program(
    "gather_repeated", lambda tf, x: tf.gather(x, [2, 0, 2, 2]) * [[1.0], [2.0], [3.0], [4.0]], M
)
_program("gather_axis_1", lambda tf, x: tf.gather(x, [[1, 1], [0, 2]], axis=1) ** 2, M)
_program(
    "gather_batch_dims", lambda tf, x: tf.gather(x, [[1], [0], [2]], batch_dims=1, axis=1) ** 2, M
)
_program("gather_nd", lambda tf, x: tf.gather_nd(x, [[0, 1], [2, 2], [0, 1]]) ** 2, M)
_program("embedding_lookup", lambda tf, x: tf.nn.embedding_lookup(x, [0, 0, 1]) ** 2, M)
_program("scatter_nd", lambda tf, u: tf.scatter_nd([[1], [1], [3]], u, [5]) ** 2, [1.0, 2.0, 3.0])
_program(
    "tensor_scatter_add",
    lambda tf, x, u: tf.tensor_scatter_nd_add(x, [[0], [0]], u) ** 2,
    [1.0, 2.0],
    [3.0, 4.0],
)
_program(
    "tensor_scatter_sub",
    lambda tf, x, u: tf.tensor_scatter_nd_sub(x, [[1]], u) ** 2,
    [1.0, 2.0],
    [3.0],
)
_program(
    "tensor_scatter_update",
    lambda tf, x, u: tf.tensor_scatter_nd_update(x, [[1]], u) ** 2,
    [1.0, 2.0],
    [3.0],
)
_program(
    "tensor_scatter_max",
    lambda tf, x, u: tf.tensor_scatter_nd_max(x, [[0], [1]], u) ** 2,
    [1.0, 2.0],
    [3.0, 1.0],
)
_program(
    "tensor_scatter_min_tie",
    lambda tf, x, u: tf.tensor_scatter_nd_min(x, [[0], [1]], u) ** 2,
    [1.0, 2.0],
    [1.0, 1.0],
)
_program("boolean_mask", lambda tf, x: tf.boolean_mask(x, [True, False, True]) ** 2, M)
_program("boolean_mask_2d", lambda tf, x: tf.boolean_mask(x, x > 0.0) ** 2, M)
_program("slice_strided", lambda tf, x: x[::-2, 1:] ** 2, M)
_program("slice_scalar", lambda tf, x: x[1, -1] ** 2, M)
_program("slice_newaxis_ellipsis", lambda tf, x: x[..., tf.newaxis, 0] ** 2, M)
_program("concat", lambda tf, x, y: tf.concat([x, y, x], 0) * tf.range(1.0, 6.0), [1.0, 2.0], [3.0])
_program("stack_unstack", lambda tf, x: tf.unstack(tf.stack([x, x * 2.0], 1))[1] ** 2, [1.0, 2.0])
_program("split", lambda tf, x: tf.split(x, [1, 2], 1)[1] ** 2, M)
_program("tile", lambda tf, x: tf.tile(x, [2, 3])[:, :4] ** 2, [[1.0, 2.0]])
_program("repeat", lambda tf, x: tf.repeat(x, [2, 0, 3]) ** 2, [1.0, 2.0, 3.0])
_program(
    "broadcast_to",
    lambda tf, x: tf.broadcast_to(x, [3, 2]) * [[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]],
    [1.0, 2.0],
)
_program("broadcast_binary", lambda tf, x, y: x * y, [[1.0], [2.0]], [3.0, 4.0, 5.0])
_program("pad_constant", lambda tf, x: tf.pad(x, [[1, 2]]) ** 2, [1.0, 2.0])
_program("pad_reflect", lambda tf, x: tf.pad(x, [[2, 1]], "REFLECT") ** 2, [1.0, 2.0, 3.0])
_program("pad_symmetric", lambda tf, x: tf.pad(x, [[2, 1]], "SYMMETRIC") ** 2, [1.0, 2.0, 3.0])
_program("roll", lambda tf, x: tf.roll(x, 1, 0) * [1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
_program("reverse", lambda tf, x: tf.reverse(x, [0]) * [1.0, 2.0, 3.0], [1.0, 2.0, 3.0])
_program("reverse_sequence", lambda tf, x: tf.reverse_sequence(x, [2, 3, 1], 1) * M, M)
_program("transpose", lambda tf, x: tf.transpose(x) * M, M)
_program("reshape_squeeze", lambda tf, x: tf.squeeze(tf.reshape(x, [1, 9, 1])) ** 2, M)
_program("segment_sum", lambda tf, x: tf.math.segment_sum(x, [0, 0, 2]) ** 2, M)
_program("segment_mean", lambda tf, x: tf.math.segment_mean(x, [0, 0, 1]) ** 2, M)
_program("segment_max_tie", lambda tf, x: tf.math.segment_max(x, [0, 0, 1]), [2.0, 2.0, 3.0])
_program(
    "unsorted_segment_sum", lambda tf, x: tf.math.unsorted_segment_sum(x, [1, -1, 1], 3) ** 2, M
)
_program(
    "unsorted_segment_max", lambda tf, x: tf.math.unsorted_segment_max(x, [1, 0, 1], 2) ** 2, M
)
_program(
    "unsorted_segment_prod",
    lambda tf, x: tf.math.unsorted_segment_prod(x, [0, 0, 1], 2),
    [0.0, 2.0, 3.0],
)
_program(
    "unsorted_segment_sqrt_n", lambda tf, x: tf.math.unsorted_segment_sqrt_n(x, [0, 0, 1], 2), M
)
_program("where_nan_branch", lambda tf, x: tf.where(x > 0.0, tf.math.log(x), 0.0), [-1.0, 0.0, 2.0])
_program(
    "where_safe_branch",
    lambda tf, x: tf.where(x > 0.0, tf.math.log(tf.where(x > 0.0, x, 1.0)), 0.0),
    [-1.0, 2.0],
)
_program("where_sqrt_zero", lambda tf, x: tf.where(x > 0.0, tf.sqrt(x), x), [0.0, 4.0])
_program("where_broadcast", lambda tf, x, y: tf.where([[True], [False]], x, y), [1.0, 2.0], 3.0)
_program("one_hot_times", lambda tf, x: tf.one_hot([0, 2], 3) * x, [1.0, 2.0, 3.0])
_program("diag", lambda tf, x: tf.linalg.diag(x) ** 2, [1.0, 2.0])
_program("diag_part", lambda tf, x: tf.linalg.diag_part(x) ** 2, M)
_program("band_part", lambda tf, x: tf.linalg.band_part(x, 0, -1) ** 2, M)
_program(
    "meshgrid",
    lambda tf, x, y: tf.add_n([a * a for a in tf.meshgrid(x, y)]),
    [1.0, 2.0],
    [3.0, 4.0, 5.0],
)
_program("add_n", lambda tf, x, y: tf.add_n([x, y, x]), [1.0, 2.0], [3.0, 4.0])
_program("identity_chain", lambda tf, x: tf.identity(tf.identity(x)) * 2.0, [1.0, 2.0])
_program(
    "space_to_depth",
    lambda tf, x: tf.nn.space_to_depth(tf.reshape(x, [1, 2, 2, 1]), 2) ** 2,
    [1.0, 2.0, 3.0, 4.0],
)

# --- reductions, ties and zeros

_program("reduce_max_ties", lambda tf, x: tf.reduce_max(x), [3.0, 1.0, 3.0, 3.0])
_program(
    "reduce_max_ties_axis",
    lambda tf, x: tf.reduce_max(x, axis=1),
    [[2.0, 2.0, 1.0], [0.0, 0.0, 0.0]],
)
_program("reduce_min_ties", lambda tf, x: tf.reduce_min(x), [1.0, 1.0, 2.0])
_program("reduce_prod", lambda tf, x: tf.reduce_prod(x), [2.0, 3.0, 4.0])
_program("reduce_prod_one_zero", lambda tf, x: tf.reduce_prod(x), [2.0, 0.0, 4.0])
_program("reduce_prod_two_zeros", lambda tf, x: tf.reduce_prod(x), [2.0, 0.0, 0.0])
_program(
    "reduce_prod_axis",
    lambda tf, x: tf.reduce_prod(x, axis=0, keepdims=True),
    [[2.0, 0.0], [3.0, 5.0]],
)
_program("reduce_mean_axes", lambda tf, x: tf.reduce_mean(x, axis=[0, 1]) * 3.0, M)
_program("reduce_sum_empty", lambda tf, x: tf.reduce_sum(x[:0]), [1.0, 2.0])
_program("reduce_mean_empty", lambda tf, x: tf.reduce_mean(x[:0]), [1.0, 2.0])
_program("reduce_max_of_inf", lambda tf, x: tf.reduce_max(x), [float("-inf"), float("-inf")])
_program("logsumexp_axis", lambda tf, x: tf.reduce_logsumexp(x, axis=1), M)
_program("logsumexp_inf", lambda tf, x: tf.reduce_logsumexp(x), [float("-inf"), 0.0])
_program(
    "logsumexp_all_neg_inf", lambda tf, x: tf.reduce_logsumexp(x), [float("-inf"), float("-inf")]
)
_program("cumprod_zero", lambda tf, x: tf.math.cumprod(x), [2.0, 0.0, 3.0, 4.0])
_program(
    "cumprod_exclusive_reverse",
    lambda tf, x: tf.math.cumprod(x, exclusive=True, reverse=True),
    [2.0, 3.0, 4.0],
)
_program("cumsum_axis", lambda tf, x: tf.cumsum(x, axis=1, reverse=True) ** 2, M)
_program("norm_at_zero", lambda tf, x: tf.norm(x), [0.0, 0.0])
_program("norm_euclidean", lambda tf, x: tf.norm(x, axis=1), [[3.0, 4.0], [5.0, 12.0]])
_program("norm_1", lambda tf, x: tf.norm(x, ord=1), [3.0, -4.0, 0.0])
_program("norm_inf", lambda tf, x: tf.norm(x, ord=float("inf")), [3.0, -4.0, 4.0])
_program("norm_3", lambda tf, x: tf.norm(x, ord=3), [3.0, -4.0])
_program("l2_loss", lambda tf, x: tf.nn.l2_loss(x), M)
_program("global_norm", lambda tf, x, y: tf.linalg.global_norm([x, y]), [3.0], [4.0])
_program(
    "clip_by_global_norm",
    lambda tf, x, y: tf.add_n(tf.clip_by_global_norm([x, y], 1.0)[0]),
    [3.0],
    [4.0],
)
_program("sort", lambda tf, x: tf.sort(x) * [1.0, 2.0, 3.0, 4.0], [3.0, 1.0, 2.0, 0.5])
_program(
    "sort_ties_descending",
    lambda tf, x: tf.sort(x, direction="DESCENDING") * [1.0, 2.0, 3.0],
    [1.0, 2.0, 2.0],
)
_program("top_k", lambda tf, x: tf.math.top_k(x, 2).values * [1.0, 2.0], [3.0, 1.0, 5.0])
_program("top_k_ties", lambda tf, x: tf.math.top_k(x, 2).values * [1.0, 2.0], [5.0, 1.0, 5.0, 5.0])
_program("moments", lambda tf, x: tf.add_n(tf.nn.moments(x, [0])), M)
_program("reduce_std_constant", lambda tf, x: tf.math.reduce_std(x), [2.0, 2.0])
_program(
    "clip_by_value_tensor_bounds",
    lambda tf, x, a, b: tf.clip_by_value(x, a, b),
    [0.0, 1.0, 2.0, 5.0],
    1.0,
    2.0,
)
_program("abs_of_difference_at_zero", lambda tf, x, y: tf.abs(x - y), [1.0, 2.0], [1.0, 3.0])
_program("maximum_tie_broadcast", lambda tf, x, y: tf.maximum(x, y), [1.0, 2.0, 2.0], 2.0)
_program("softmax_axis_0", lambda tf, x: tf.nn.softmax(x, axis=0)[0] ** 2, M)
_program("log_of_softmax", lambda tf, x: tf.math.log(tf.nn.softmax(x))[0, 1], M, rtol=1e-4)

# --- contractions and linear algebra

S = [[4.0, 1.0], [1.0, 3.0]]
_program(
    "matmul", lambda tf, x, y: tf.matmul(x, y), [[1.0, 2.0]], [[3.0, 4.0, 5.0], [6.0, 7.0, 8.0]]
)
_program(
    "matmul_transpose",
    lambda tf, x, y: tf.matmul(x, y, transpose_a=True, transpose_b=True) ** 2,
    M,
    M,
)
_program(
    "matmul_batch_broadcast",
    lambda tf, x, y: tf.matmul(x, y) ** 2,
    [[[1.0, 2.0]], [[3.0, 4.0]]],
    [[1.0], [2.0]],
)
_program("matvec", lambda tf, x, y: tf.linalg.matvec(x, y) ** 2, S, [1.0, 2.0])
_program("einsum", lambda tf, x, y: tf.einsum("ij,kj->ik", x, y) ** 2, S, [[1.0, 2.0]])
_program("einsum_trace", lambda tf, x: tf.einsum("ii->i", x) ** 2, S)
_program("tensordot", lambda tf, x, y: tf.tensordot(x, y, [[1], [0]]) ** 2, S, [1.0, 2.0])
_program("inv", lambda tf, x: tf.linalg.inv(x), S, rtol=1e-4)
_program("det", lambda tf, x: tf.linalg.det(x), S)
_program("slogdet", lambda tf, x: tf.linalg.slogdet(x).log_abs_determinant, S)
_program("cholesky", lambda tf, x: tf.linalg.cholesky(x), S, rtol=1e-4)
_program("solve", lambda tf, a, b: tf.linalg.solve(a, b), S, [[1.0], [2.0]], rtol=1e-4)
_program(
    "triangular_solve",
    lambda tf, a, b: tf.linalg.triangular_solve(a, b),
    [[2.0, 0.0], [1.0, 3.0]],
    [[1.0], [2.0]],
)
_program("eigh_values", lambda tf, x: tf.linalg.eigh(x)[0] * [1.0, 2.0], S, rtol=1e-4)
_program("svd_values", lambda tf, x: tf.linalg.svd(x, compute_uv=False) * [1.0, 2.0], S, rtol=1e-4)
_program(
    "qr",
    lambda tf, x: tf.abs(tf.linalg.qr(x)[1]) * [[1.0, 2.0], [0.0, 3.0]],
    S,
    rtol=1e-4,
    atol=1e-5,
)
_program("trace", lambda tf, x: tf.linalg.trace(x) ** 2, S)
_program("cross", lambda tf, x, y: tf.linalg.cross(x, y), [1.0, 2.0, 3.0], [4.0, 5.0, 7.0])
_program("logm_expm", lambda tf, x: tf.linalg.expm(x), [[0.1, 0.2], [0.3, 0.4]], rtol=1e-4)
_program("map_fn", lambda tf, x: tf.map_fn(lambda r: r * r, x), [1.0, 2.0, 3.0])
_program("scan", lambda tf, x: tf.scan(lambda a, r: a * r, x), [1.0, 2.0, 3.0])
_program("vectorized_map", lambda tf, x: tf.vectorized_map(lambda r: tf.reduce_sum(r) * r, x), M)
_program(
    "while_loop_eager",
    lambda tf, x: tf.while_loop(lambda i, a: i < 3, lambda i, a: (i + 1, a * x), (0, x))[1],
    2.0,
)
_program("cond_eager", lambda tf, x: tf.cond(x > 1.0, lambda: x * x, lambda: x), 2.0)
_program(
    "fft", lambda tf, x: tf.abs(tf.signal.fft(tf.cast(x, tf.complex64))) ** 2, [1.0, 2.0, 4.0, 8.0]
)
_program(
    "rfft_irfft", lambda tf, x: tf.signal.irfft(tf.signal.rfft(x) * 2.0) ** 2, [1.0, 2.0, 4.0, 8.0]
)
_program(
    "cast_to_double_and_back",
    lambda tf, x: tf.cast(tf.cast(x, tf.float64) * 2.0, tf.float32),
    [1.0, 2.0],
)
_program(
    "cast_to_half_and_back",
    lambda tf, x: tf.cast(tf.cast(x, tf.float16) * 2.0, tf.float32),
    [1.0, 2.0],
)
_program(
    "igamma", lambda tf, a, x: tf.math.igamma(a, x), [1.0, 2.0], [0.5, 3.0], rtol=1e-3, atol=1e-4
)
_program("lbeta", lambda tf, x: tf.math.lbeta(x), [1.0, 2.0], rtol=1e-4)
_program(
    "image_resize_bilinear",
    lambda tf, x: tf.image.resize(tf.reshape(x, [1, 2, 2, 1]), [3, 3]),
    [1.0, 2.0, 3.0, 4.0],
)
_program(
    "image_resize_nearest",
    lambda tf, x: tf.image.resize(tf.reshape(x, [1, 2, 2, 1]), [4, 3], method="nearest"),
    [1.0, 2.0, 3.0, 4.0],
)

# --- dtypes of gradients


@cases
def gradient_dtypes(tf: Any, np: Any) -> Any:
    return {
        d: _grad(tf, lambda x: tf.reduce_sum(x * x * 0.5), [1.0, 2.0], dtype=d)
        for d in ("float16", "bfloat16", "float32", "float64", "complex64", "complex128")
    }


# --- complex numbers: TensorFlow's convention

Z = [1.0 + 2.0j, -0.5 + 1.0j, 3.0 - 4.0j]
COMPLEX: dict[str, Callable[[Any, Any], Any]] = {
    "abs": lambda tf, z: tf.abs(z),
    "abs_squared": lambda tf, z: tf.abs(z) ** 2,
    "real": lambda tf, z: tf.math.real(z),
    "imag": lambda tf, z: tf.math.imag(z),
    "angle": lambda tf, z: tf.math.angle(z),
    "conj": lambda tf, z: tf.math.conj(z),
    "conj_times": lambda tf, z: tf.math.conj(z) * z,
    "real_of_square": lambda tf, z: tf.math.real(z * z),
    "square": lambda tf, z: z * z,
    "tf_square": lambda tf, z: tf.square(z),
    "multiply_by_constant": lambda tf, z: z * tf.constant(2.0 - 1.0j, tf.complex64),
    "divide": lambda tf, z: 1.0 / z,
    "exp": lambda tf, z: tf.exp(z),
    "log": lambda tf, z: tf.math.log(z),
    "sqrt": lambda tf, z: tf.sqrt(z),
    "sin": lambda tf, z: tf.sin(z),
    "tanh": lambda tf, z: tf.tanh(z),
    "pow": lambda tf, z: z**2,
    "sum_of_real": lambda tf, z: tf.reduce_sum(tf.math.real(z)),
    "matmul": lambda tf, z: tf.matmul(z[None, :], z[:, None]),
    "cast_to_real": lambda tf, z: tf.cast(z, tf.float32),
    "reduce_prod": lambda tf, z: tf.reduce_prod(z),
    "negative": lambda tf, z: -z,
    "fft": lambda tf, z: tf.signal.fft(z),
}
for _name, _body in COMPLEX.items():
    cases.add(
        f"complex_{_name}",
        lambda tf, np, body=_body: _grad(tf, lambda z: body(tf, z), Z, dtype="complex64"),
        rtol=1e-4,
        atol=1e-5,
    )


@cases
def complex_abs_at_zero(tf: Any, np: Any) -> Any:
    return _grad(tf, tf.abs, [0.0 + 0.0j], dtype="complex64")


@cases
def complex_from_real_parts(tf: Any, np: Any) -> Any:
    return _grad(tf, lambda a, b: tf.abs(tf.complex(a, b)) ** 2, [1.0, 2.0], [3.0, -4.0])


@cases
def complex_cast_from_real(tf: Any, np: Any) -> Any:
    return _grad(
        tf,
        lambda a: tf.math.imag(tf.cast(a, tf.complex64) * tf.constant(1.0 + 2.0j, tf.complex64)),
        [1.0, 2.0],
    )


# --- forward mode


def _forward(
    name: str, program: Callable[..., Any], primals: list[Any], tangents: list[Any]
) -> None:
    def body(tf: Any, np: Any) -> Any:
        ps = [tf.constant(p) for p in primals]
        with tf.autodiff.ForwardAccumulator(ps, [tf.constant(t) for t in tangents]) as acc:
            y = program(tf, *ps)
        return [y, acc.jvp(y)]

    cases.add(f"forward_{name}", body)


_forward("product", lambda tf, x, y: x * y, [2.0, 3.0], [1.0, 0.5])
_forward(
    "sin_matmul",
    lambda tf, x, y: tf.sin(x @ y),
    [[[1.0, 2.0]], [[3.0], [4.0]]],
    [[[1.0, 0.0]], [[0.0], [1.0]]],
)
_forward("reduce_max_tie", lambda tf, x: tf.reduce_max(x), [[2.0, 2.0, 1.0]], [[1.0, 2.0, 3.0]])
_forward("softmax", lambda tf, x: tf.nn.softmax(x), [[1.0, 2.0, 3.0]], [[1.0, 0.0, 0.0]])
_forward("gather", lambda tf, x: tf.gather(x, [1, 1]), [[1.0, 2.0]], [[0.0, 1.0]])
_forward("abs_at_zero", lambda tf, x: tf.abs(x), [[0.0, -1.0]], [[1.0, 1.0]])


@cases
def forward_of_variable(tf: Any, np: Any) -> Any:
    v = tf.Variable([1.0, 2.0])
    with tf.autodiff.ForwardAccumulator(v, tf.constant([1.0, 0.0])) as acc:
        y = v**3
    return acc.jvp(y)


@cases
def forward_unconnected(tf: Any, np: Any) -> Any:
    x = tf.constant(2.0)
    with tf.autodiff.ForwardAccumulator(x, tf.constant(1.0)) as acc:
        y = tf.constant(3.0) * 2.0
    return [acc.jvp(y), acc.jvp(y, unconnected_gradients=tf.UnconnectedGradients.ZERO)]


@cases
def forward_over_reverse(tf: Any, np: Any) -> Any:
    x = tf.Variable([1.0, 2.0])
    with tf.autodiff.ForwardAccumulator(x, tf.constant([1.0, -1.0])) as acc:
        with tf.GradientTape() as tape:
            y = tf.reduce_sum(x**3) * x[0]
        g = tape.gradient(y, x)
    return [g, acc.jvp(g)]


@cases
def forward_errors(tf: Any, np: Any) -> Any:
    x = tf.constant([1.0, 2.0])
    return [
        attempt(lambda: tf.autodiff.ForwardAccumulator([x], [tf.constant([1.0]), x]) and None),
        attempt(
            lambda: (
                tf.autodiff.ForwardAccumulator(tf.constant([1, 2]), tf.constant([1, 2])) and None
            )
        ),
    ]


@cases
def indexed_slices_kind(tf: Any, np: Any) -> Any:
    x = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
    with tf.GradientTape() as tape:
        y = tf.gather(x, [1, 1])
    return type(tape.gradient(y, x)).__name__ == "IndexedSlices"


@cases
def gradient_of_tensor_list_sum(tf: Any, np: Any) -> Any:
    x = tf.Variable([1.0, 2.0])
    with tf.GradientTape() as tape:
        y = sum(a * a for a in x)
    return tape.gradient(y, x)


@cases
def linear_classifier_step(tf: Any, np: Any) -> Any:
    w, b = tf.Variable([[0.5], [-0.25]]), tf.Variable([0.1])
    x, t = tf.constant([[1.0, 2.0], [3.0, -1.0], [0.5, 0.5]]), tf.constant([[0.0], [1.0], [1.0]])
    losses = []
    for _ in range(5):
        with tf.GradientTape() as tape:
            loss = tf.reduce_mean(tf.square(t - (tf.matmul(x, w) + b)))
        gw, gb = tape.gradient(loss, [w, b])
        w.assign_sub(gw * 0.1)
        b.assign_sub(gb * 0.1)
        losses.append(loss)
    return [losses, w, b]
