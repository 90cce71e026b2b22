"""How tensors, variables, shapes, specs and dtypes print: `str`, `repr` and formatting."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..support import Cases, attempt

cases = Cases()


def _both(value: Any) -> list[str]:
    return [str(value), repr(value)]


TENSORS: dict[str, Callable[[Any, Any], Any]] = {
    "scalar_float": lambda tf, np: tf.constant(6.0),
    "scalar_float_fraction": lambda tf, np: tf.constant(0.1),
    "scalar_float_large": lambda tf, np: tf.constant(1.5e20),
    "scalar_float_small": lambda tf, np: tf.constant(1.5e-20),
    "scalar_nan": lambda tf, np: tf.constant(float("nan")),
    "scalar_inf": lambda tf, np: tf.constant(float("-inf")),
    "vector_negative_zero": lambda tf, np: tf.constant([-0.0, 0.0]),
    "scalar_int": lambda tf, np: tf.constant(7),
    "scalar_int64": lambda tf, np: tf.constant(7, tf.int64),
    "scalar_uint8": lambda tf, np: tf.constant(255, tf.uint8),
    "scalar_bool": lambda tf, np: tf.constant(True),
    "scalar_float64": lambda tf, np: tf.constant(1 / 3, tf.float64),
    "scalar_float16": lambda tf, np: tf.constant(1 / 3, tf.float16),
    "scalar_bfloat16": lambda tf, np: tf.constant(1 / 3, tf.bfloat16),
    "scalar_complex64": lambda tf, np: tf.constant(1 + 2j, tf.complex64),
    "scalar_complex128": lambda tf, np: tf.constant(1.5 - 2j),
    "scalar_string": lambda tf, np: tf.constant("hello"),
    "scalar_string_utf8": lambda tf, np: tf.constant("héllo ✓"),
    "scalar_string_quotes": lambda tf, np: tf.constant('it\'s "x"\n'),
    "scalar_string_empty": lambda tf, np: tf.constant(""),
    "vector_float": lambda tf, np: tf.constant([1.0, 2.5, -3.25]),
    "vector_float_mixed": lambda tf, np: tf.constant([1e-8, 1.0, 1e8]),
    "vector_float_nan": lambda tf, np: tf.constant([1.0, float("nan"), float("inf")]),
    "vector_int": lambda tf, np: tf.constant([1, -20, 300]),
    "vector_uint8": lambda tf, np: tf.constant([1, 200], tf.uint8),
    "vector_bool": lambda tf, np: tf.constant([True, False]),
    "vector_float64": lambda tf, np: tf.constant([1 / 3, 2.0], tf.float64),
    "vector_float16": lambda tf, np: tf.constant([1 / 3, 2.0], tf.float16),
    "vector_bfloat16": lambda tf, np: tf.constant([1 / 3, 2.0, -1.5], tf.bfloat16),
    "vector_complex64": lambda tf, np: tf.constant([1 + 2j, -0.5j], tf.complex64),
    "vector_complex128": lambda tf, np: tf.constant([1 + 2j, -0.5j]),
    "vector_string": lambda tf, np: tf.constant(["a", "bc", ""]),
    "vector_one": lambda tf, np: tf.constant([1.0]),
    "vector_wide": lambda tf, np: tf.range(40) * 1001,
    "vector_wide_float": lambda tf, np: tf.cast(tf.range(30), tf.float32) / 7.0,
    "vector_long_summarised": lambda tf, np: tf.range(2000),
    "vector_exactly_1000": lambda tf, np: tf.range(1000),
    "vector_1001": lambda tf, np: tf.range(1001),
    "vector_long_float": lambda tf, np: tf.cast(tf.range(1500), tf.float32) * 0.5,
    "vector_long_string": lambda tf, np: tf.constant(["ab"] * 1200),
    "matrix_column": lambda tf, np: tf.ones((2, 1)),
    "matrix_zeros": lambda tf, np: tf.zeros((2, 1)),
    "matrix_float": lambda tf, np: tf.constant(
        [[-0.7330572, 0.5], [0.52187616, 10.0], [-0.77484965, 100.25]]
    ),
    "matrix_int": lambda tf, np: tf.constant([[1, 2], [3, 400]]),
    "matrix_bool": lambda tf, np: tf.constant([[True, False], [False, True]]),
    "matrix_string": lambda tf, np: tf.constant([["a", "b"], ["cc", "d"]]),
    "matrix_summarised": lambda tf, np: tf.reshape(tf.range(10000), (100, 100)),
    "matrix_wide": lambda tf, np: tf.reshape(tf.cast(tf.range(60), tf.float32), (2, 30)),
    "matrix_bfloat16": lambda tf, np: tf.constant([[1.0, 0.1], [2.0, 3.0]], tf.bfloat16),
    "cube": lambda tf, np: tf.reshape(tf.range(12), (2, 3, 2)),
    "cube_float": lambda tf, np: tf.reshape(tf.cast(tf.range(8), tf.float32), (2, 2, 2)) / 3.0,
    "cube_summarised": lambda tf, np: tf.zeros((10, 20, 30)),
    "four_d": lambda tf, np: tf.zeros((1, 2, 1, 2)),
    "batch_summarised": lambda tf, np: tf.zeros((64, 8, 8, 3)),
    "empty_vector": lambda tf, np: tf.constant([]),
    "empty_matrix": lambda tf, np: tf.zeros((0, 3)),
    "empty_matrix_int": lambda tf, np: tf.zeros((2, 0), tf.int32),
    "empty_string": lambda tf, np: tf.constant([], tf.string),
    "int8": lambda tf, np: tf.constant([1, -128], tf.int8),
    "int16": lambda tf, np: tf.constant([1, -128], tf.int16),
    "uint16": lambda tf, np: tf.constant([1, 65535], tf.uint16),
    "uint32": lambda tf, np: tf.constant([1, 2**32 - 1], tf.uint32),
    "uint64": lambda tf, np: tf.constant([1, 2**64 - 1], tf.uint64),
    "of_numpy": lambda tf, np: tf.constant(np.arange(6.0).reshape(2, 3)),
    "of_range": lambda tf, np: tf.range(0.0, 1.0, 0.25),
    "of_linspace": lambda tf, np: tf.linspace(0.0, 1.0, 4),
    "of_eye": lambda tf, np: tf.eye(2),
    "of_one_hot": lambda tf, np: tf.one_hot([1, 0], 3),
    "of_comparison": lambda tf, np: tf.constant([1.0, 2.0]) > 1.5,
    "of_shape": lambda tf, np: tf.shape(tf.zeros((2, 3))),
    "of_argmax": lambda tf, np: tf.argmax([1.0, 5.0, 2.0]),
}
for _name, _make in TENSORS.items():
    cases.add(f"tensor_{_name}", lambda tf, np, make=_make: _both(make(tf, np)))

VARIABLES: dict[str, Callable[[Any, Any], Any]] = {
    "scalar": lambda tf, np: tf.Variable(3.0),
    "scalar_int": lambda tf, np: tf.Variable(3),
    "scalar_bool": lambda tf, np: tf.Variable(True),
    "scalar_string": lambda tf, np: tf.Variable("a"),
    "scalar_float64": lambda tf, np: tf.Variable(1 / 3, dtype=tf.float64),
    "scalar_int64": lambda tf, np: tf.Variable(3, dtype=tf.int64),
    "named": lambda tf, np: tf.Variable([1.0, 2.0], name="kernel"),
    "column": lambda tf, np: tf.Variable([[1.6343002], [-0.10996494], [0.42412648]]),
    "matrix_int": lambda tf, np: tf.Variable([[1, 2], [3, 4]]),
    "vector_string": lambda tf, np: tf.Variable(["a", "b"]),
    "bfloat16": lambda tf, np: tf.Variable([1.0, 2.0], dtype=tf.bfloat16),
    "complex": lambda tf, np: tf.Variable([1j, 2.0], dtype=tf.complex64),
    "not_trainable": lambda tf, np: tf.Variable([1.0], trainable=False),
    "empty": lambda tf, np: tf.Variable(tf.zeros((0, 2))),
    "summarised": lambda tf, np: tf.Variable(tf.zeros((2000,))),
    "summarised_matrix": lambda tf, np: tf.Variable(tf.zeros((100, 100))),
    "unknown_shape": lambda tf, np: tf.Variable([1.0], shape=tf.TensorShape(None)),
    "partly_known_shape": lambda tf, np: tf.Variable([[1.0]], shape=[None, 1]),
}
for _name, _make in VARIABLES.items():
    cases.add(f"variable_{_name}", lambda tf, np, make=_make: _both(make(tf, np)))


@cases
def variable_assignments(tf: Any, np: Any) -> Any:
    v = tf.Variable(initial_value=[[1.0], [2.0], [3.0]])
    return [
        _both(v.assign(tf.ones((3, 1)))),
        _both(v[0, 0].assign(3.0)),
        _both(v.assign_add(tf.ones((3, 1)))),
        _both(v.assign_sub(tf.ones((3, 1)))),
        _both(v.scatter_nd_update([[0, 0]], [9.0])),
        _both(v.value()),
        _both(v.read_value()),
        _both(v),
    ]


@cases
def variable_in_containers(tf: Any, np: Any) -> Any:
    v = tf.Variable([1.0, 2.0], name="w")
    return [
        repr([v, tf.constant([1, 2])]),
        repr({"a": tf.constant(1.0)}),
        repr((tf.constant([[1.0]]),)),
    ]


# --- the programs of the seeds' chapters


@cases
def chapter_2_gradients(tf: Any, np: Any) -> Any:
    x = tf.Variable(0.0)
    with tf.GradientTape() as tape:
        y = 2 * x + 3
    first = tape.gradient(y, x)
    x = tf.Variable(tf.constant([[0.25, 0.5], [0.75, 1.0]]))
    with tf.GradientTape() as tape:
        y = 2 * x + 3
    second = tape.gradient(y, x)
    w, b, x = (
        tf.Variable([[0.5, 0.25], [1.0, 2.0]]),
        tf.Variable(tf.zeros((2,))),
        tf.constant([[1.0, 0.5], [0.25, 0.125]]),
    )
    with tf.GradientTape() as tape:
        y = tf.matmul(x, w) + b
    third = tape.gradient(y, [w, b])
    return [_both(first), _both(second), _both(third)]


@cases
def chapter_3_math(tf: Any, np: Any) -> Any:
    a = tf.ones((2, 2))
    b = tf.square(a)
    c = tf.sqrt(a)
    d = b + c
    e = tf.matmul(a, b)
    e *= d
    return [str(t) for t in (a, b, c, d, e)]


@cases
def chapter_3_gradients(tf: Any, np: Any) -> Any:
    v, c = tf.Variable(initial_value=3.0), tf.constant(3.0)
    with tf.GradientTape() as tape:
        result = tf.square(v)
    first = str(tape.gradient(result, v))
    with tf.GradientTape() as tape:
        tape.watch(c)
        result = tf.square(c)
    second = str(tape.gradient(result, c))
    time = tf.Variable(0.0)
    with tf.GradientTape() as outer:
        with tf.GradientTape() as inner:
            position = 4.9 * time**2
        speed = inner.gradient(position, time)
    return [first, second, str(speed), str(outer.gradient(speed, time))]


@cases
def chapter_3_item_assignment(tf: Any, np: Any) -> Any:
    x = tf.ones(shape=(2, 2))

    def assign() -> None:
        x[0, 0] = 0.0

    return attempt(assign)


@cases
def chapter_3_layer_output(tf: Any, np: Any) -> Any:
    y = tf.nn.relu(tf.matmul(tf.ones(shape=(2, 784)), tf.zeros((784, 32))) + tf.zeros((32,)))
    return [str(y.shape), repr(y.shape), str(y.dtype), repr(y.dtype)]


@cases
def print_to_stdout(tf: Any, np: Any) -> Any:
    import contextlib
    import io

    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        print(tf.constant([1.0, 2.0]), tf.constant(3), tf.zeros((2, 2)).shape, tf.float32)
        print([tf.constant(1.0)], sep="")
    return out.getvalue()


# --- formatting


@cases
def format_scalars(tf: Any, np: Any) -> Any:
    x, i, v = tf.constant(1.0 / 3), tf.constant(42), tf.Variable(0.125)
    return {
        "float 4f": attempt(lambda: f"{x:.4f}"),
        "float plain": attempt(lambda: f"{x}"),
        "float str": attempt(lambda: f"{x!s}"),
        "float repr": attempt(lambda: f"{x!r}"),
        "float e": attempt(lambda: f"{x:.2e}"),
        "float percent": attempt(lambda: f"{x:.1%}"),
        "float width": attempt(lambda: f"{x:10.3f}|"),
        "int d": attempt(lambda: f"{i:d}"),
        "int 5d": attempt(lambda: f"{i:5d}|"),
        "int float format": attempt(lambda: f"{i:.2f}"),
        "int plain": attempt(lambda: f"{i}"),
        "float as d": attempt(lambda: f"{x:d}"),
        "variable 4f": attempt(lambda: f"{v:.4f}"),
        "variable plain": attempt(lambda: f"{v}"),
        "percent operator": attempt(lambda: "%.3f" % x),
        "percent s": attempt(lambda: "%s" % x),
        "percent d": attempt(lambda: "%d" % i),
        "str.format": attempt(lambda: "{:.2f}".format(x)),
        "format()": attempt(lambda: format(x, ".2f")),
        "round": attempt(lambda: round(float(x), 3)),
        "numpy 4f": attempt(lambda: f"{x.numpy():.4f}"),
        "string scalar": attempt(lambda: f"{tf.constant('a')}"),
        "bool scalar": attempt(lambda: f"{tf.constant(True)}"),
        "float64 4f": attempt(lambda: f"{tf.constant(0.5, tf.float64):.4f}"),
    }


@cases
def format_arrays(tf: Any, np: Any) -> Any:
    x = tf.constant([1.0, 2.0])
    return {
        "plain": attempt(lambda: f"{x}"),
        "spec": attempt(lambda: f"{x:.2f}"),
        "shape": f"{x.shape}",
        "dtype": f"{x.dtype}",
        "numpy": f"{x.numpy()}",
        "one element": attempt(lambda: f"{tf.constant([1.5]):.2f}"),
    }


@cases
def numpy_printoptions(tf: Any, np: Any) -> Any:
    with np.printoptions(precision=2, suppress=True, threshold=5, edgeitems=1):
        return (
            _both(tf.constant([1 / 3, 2 / 3, 1e-9]))
            + _both(tf.range(10))
            + _both(tf.Variable([1 / 3]))
        )


# --- shapes, specs and dtypes


@cases
def tensor_shapes(tf: Any, np: Any) -> Any:
    shapes = [[2, 3], [None, 3], [], None, [1], [None], (2,), 3]
    result: list[Any] = []
    for s in shapes:
        shape = attempt(lambda s=s: _both(tf.TensorShape(s)))
        result.append(shape)
    return result


@cases
def tensor_shape_behaviour(tf: Any, np: Any) -> Any:
    s, u, k = tf.TensorShape([2, 3, 4]), tf.TensorShape([None, 3]), tf.TensorShape(None)
    return {
        "rank": [s.rank, u.rank, k.rank, s.ndims],
        "item": [s[0], u[0], s[-1]],
        "slice": [str(s[1:]), str(k[1:])],
        "as_list": s.as_list(),
        "unknown as_list": attempt(lambda: k.as_list()),
        "partly as_list": u.as_list(),
        "num_elements": [s.num_elements(), u.num_elements(), tf.TensorShape([]).num_elements()],
        "fully": [s.is_fully_defined(), u.is_fully_defined(), k.is_fully_defined()],
        "equal list": [s == [2, 3, 4], s == (2, 3, 4), u == [None, 3], s == u, k == s],
        "concatenate": str(s.concatenate(u)),
        "plus": str(s + [5]),
        "radd": str([5] + s),
        "merge": str(tf.TensorShape([None, 3]).merge_with([2, None])),
        "merge error": attempt(lambda: str(tf.TensorShape([1, 3]).merge_with([2, None]))),
        "compatible": [
            u.is_compatible_with([7, 3]),
            u.is_compatible_with([7, 4]),
            k.is_compatible_with([1]),
        ],
        "with_rank": attempt(lambda: str(k.with_rank(2))),
        "with_rank error": attempt(lambda: s.with_rank(2)),
        "most_specific": str(tf.TensorShape([2, 3]).most_specific_compatible_shape([2, 4])),
        "len": [len(s), attempt(lambda: len(k))],
        "iterate": [list(s), attempt(lambda: list(k))],
        "tuple": tuple(s),
        "bool": [bool(s), bool(k), bool(tf.TensorShape([]))],
        "hash": hash(tf.TensorShape([1, 2])) == hash(tf.TensorShape([1, 2])),
        "bad dim": attempt(lambda: tf.TensorShape([-2])),
        "bad dim type": attempt(lambda: tf.TensorShape(["a"])),
        "float dim": attempt(lambda: tf.TensorShape([1.5])),
        "assert": attempt(lambda: s.assert_has_rank(2)),
        "broadcast": str(tf.broadcast_static_shape(tf.TensorShape([2, 1]), tf.TensorShape([3]))),
        "unpack": attempt(lambda: [d for d in u]),
        "tensor shape type": type(tf.ones((2, 3)).shape).__name__,
    }


@cases
def tensor_specs(tf: Any, np: Any) -> Any:
    spec = tf.TensorSpec([None, 3], tf.float32)
    return {
        "plain": _both(spec),
        "named": _both(tf.TensorSpec([2], tf.int32, name="x")),
        "scalar": _both(tf.TensorSpec([])),
        "unknown": _both(tf.TensorSpec(None, tf.string)),
        "dtype name": _both(tf.TensorSpec([1], "int64")),
        "of tensor": _both(tf.TensorSpec.from_tensor(tf.constant([1.0]))),
        "type_spec_of": repr(tf.type_spec_from_value(tf.constant([1, 2]))),
        "equal": [spec == tf.TensorSpec([None, 3]), spec == tf.TensorSpec([None, 3], name="a")],
        "compatible": [
            spec.is_compatible_with(tf.zeros((5, 3))),
            spec.is_compatible_with(tf.zeros((5, 4))),
        ],
        "attributes": [str(spec.shape), spec.dtype.name, spec.name],
        "of numbers": [repr(tf.type_spec_from_value(x)) for x in (1, [1.0, 2.0], np.ones(3), "a")],
        "of nothing": attempt(lambda: repr(tf.type_spec_from_value({"a": 1}))),
        "supertype": [
            repr(tf.TensorSpec([2], tf.int32).most_specific_common_supertype([other]))
            for other in (tf.TensorSpec([3], tf.int32), tf.TensorSpec([2], tf.float32))
        ],
        "base": [isinstance(spec, tf.TypeSpec), spec.value_type is tf.Tensor],
    }


@cases
def composite_specs(tf: Any, np: Any) -> Any:
    return [repr(tf.RaggedTensorSpec([2, None], tf.int32)), repr(tf.SparseTensorSpec([2, 3]))]


DTYPES = (
    "float16 bfloat16 float32 float64 int8 int16 int32 int64 uint8 uint16 uint32 uint64 bool string complex64 "
    "complex128 half double"
).split()


@cases
def dtype_printing(tf: Any, np: Any) -> Any:
    return {d: _both(getattr(tf, d)) for d in DTYPES}


@cases
def dtype_properties(tf: Any, np: Any) -> Any:
    result = {}
    for d in DTYPES:
        t = getattr(tf, d)
        result[d] = {
            "name": t.name,
            "size": t.size,
            "kinds": [
                t.is_floating,
                t.is_integer,
                t.is_complex,
                t.is_bool,
                t.is_unsigned,
                t.is_numeric,
                t.is_quantized,
            ],
            "min": attempt(lambda t=t: float(t.min)),
            "max": attempt(lambda t=t: float(t.max)),
            "limits": attempt(lambda t=t: [float(x) for x in t.limits]),
            "real": attempt(lambda t=t: t.real_dtype.name),
            "base": t.base_dtype.name,
            "numpy": t.as_numpy_dtype.__name__,
            "enum": t.as_datatype_enum,
        }
    return result


@cases
def dtype_equality(tf: Any, np: Any) -> Any:
    return {
        "string": tf.float32 == "float32",
        "numpy type": tf.float32 == np.float32,
        "numpy dtype": tf.float32 == np.dtype("float32"),
        "other": tf.float32 == tf.float64,
        "python float": attempt(lambda: tf.float32 == float),
        "python int": attempt(lambda: tf.int32 == int),
        "bad string": attempt(lambda: tf.float32 == "abc"),
        "none": tf.float32 == None,  # noqa: E711
        "as_dtype": [
            attempt(lambda x=x: tf.as_dtype(x).name)
            for x in ("float32", np.int64, np.dtype("u1"), tf.bool, float, int, bool, str)
        ],
        "as_dtype bad": attempt(lambda: tf.as_dtype("abc")),
        "as_dtype object": attempt(lambda: tf.as_dtype(object).name),
        "as_dtype complex": attempt(lambda: tf.as_dtype(complex).name),
        "dict key": {tf.float32: 1}[tf.as_dtype("float32")],
        "half is float16": tf.half == tf.float16,
        "compatible": [
            tf.float32.is_compatible_with("float32"),
            tf.float32.is_compatible_with(tf.float64),
        ],
        "subtype": [tf.float32.is_subtype_of(tf.float32), tf.float32.is_subtype_of(tf.int32)],
        "supertype": [
            str(tf.float32.most_specific_common_supertype([tf.float32])),
            str(tf.float32.most_specific_common_supertype([tf.int32])),
        ],
        "numpy of tensor": str(tf.ones(2).numpy().dtype),
        "np.zeros with it": str(np.zeros(2, tf.float32.as_numpy_dtype).dtype),
        "np.dtype of it": attempt(lambda: str(np.dtype(tf.int32))),
    }


@cases
def ragged_printing(tf: Any, np: Any) -> Any:
    return {
        "int": _both(tf.ragged.constant([[1, 2], [], [3]])),
        "float": _both(tf.ragged.constant([[1.0], [2.5, 3.0]])),
        "string": _both(tf.ragged.constant([["a"], ["b", "c"]])),
        "deep": _both(tf.ragged.constant([[[1], [2, 3]], []])),
        "shape": str(tf.ragged.constant([[1, 2], [3]]).shape),
    }


@cases
def sparse_printing(tf: Any, np: Any) -> Any:
    return _both(tf.sparse.SparseTensor([[0, 1], [1, 0]], [1.0, 2.0], [2, 2]))


@cases
def keras_variable_names(tf: Any, np: Any) -> Any:
    layer = tf.keras.layers.Dense(2, name="dense_golden")
    layer.build((None, 3))
    return [
        [w.name for w in layer.weights],
        [w.path for w in layer.weights],
        [str(w.dtype) for w in layer.weights],
    ]


@cases
def keras_variable_repr(tf: Any, np: Any) -> Any:
    v = tf.keras.Variable([[1.0, 2.0]], name="kernel")
    return [repr(v), str(v), repr(tf.keras.Variable(1, dtype="int32", name="step"))]


@cases
def tf_print(tf: Any, np: Any) -> Any:
    """`tf.print` writes to standard error; `tf.strings.format` gives the same text as a string."""
    f = tf.strings.format
    return [
        str(f("{}", tf.constant([1.0, 2.5])).numpy()),
        str(f("x: {}, y: {}", (tf.constant(1), tf.constant([[1, 2], [3, 4]]))).numpy()),
        str(f("{}", tf.range(20)).numpy()),
        str(f("{}", tf.range(20), summarize=2).numpy()),
        str(f("{}", tf.constant(["a", "b"])).numpy()),
        str(f("{}", tf.constant(True)).numpy()),
    ]
