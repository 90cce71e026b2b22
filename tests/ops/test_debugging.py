"""Assertions: eagerly, in compiled programs, under vmap, in loops; messages and error classes."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.base import errors
from thalweg._src.core import checks, xla
from thalweg._src.core.symbolic import KerasTensor
from thalweg._src.core.tensor import Tensor

debug = tf.debugging


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (
            lambda: debug.assert_equal([1, 2], [1, 3], message="hello"),
            r"hello\. Condition x == y did not hold\. Indices of first 1 different values: \[\[1\]\]\. "
            r"Corresponding x values: \[2\]\. Corresponding y values: \[3\]",
        ),
        (lambda: debug.assert_equal("a", "b"), r"x == y"),
        (lambda: debug.assert_equal([1, 2], [1, 2, 3]), "Incompatible shapes"),
        (lambda: debug.assert_none_equal([1, 2], [3, 2]), "x != y"),
        (lambda: debug.assert_less([1, 2], [2, 2], summarize=1), r"begins \[1, \.\.\.\]"),
        (lambda: debug.assert_less_equal([3], [2]), "x <= y"),
        (lambda: debug.assert_greater([1], [1]), "x > y"),
        (lambda: debug.assert_greater_equal(1, 2), "x >= y"),
        (
            lambda: debug.assert_positive([1, 0], "m"),
            r"m\. Condition x > 0 did not hold element-wise",
        ),
        (lambda: debug.assert_negative([1]), "x < 0"),
        (lambda: debug.assert_non_negative([-1.0]), "x >= 0"),
        (lambda: debug.assert_non_positive([1]), "x <= 0"),
        (lambda: debug.assert_near([1.0], [1.1]), "not equal to tolerance rtol = 1.19209e-06"),
        (lambda: debug.assert_near([np.nan], [np.nan]), "not equal to tolerance"),
        (lambda: debug.assert_near([1], [1]), "use assert_equal"),
        (
            lambda: debug.Assert(False, ["x is", tf.range(5)]),
            r"Summarized data: x is; \[0, 1, 2, \.\.\.\]",
        ),
        (lambda: debug.check_numerics([1.0, np.inf], "bad"), "bad : Tensor had Inf values"),
        (lambda: debug.assert_all_finite([np.inf, np.nan], "bad"), "Inf and NaN values, first at"),
        (lambda: debug.check_numerics([1], "bad"), "tensor of floats, got int32"),
        (
            lambda: debug.assert_rank([1], 2, "m"),
            r"m\. Tensor must have rank 2\. Received rank 1, shape \(1,\)",
        ),
        (lambda: debug.assert_rank([1], [1]), "must be a scalar"),
        (lambda: debug.assert_rank_at_least([1], 2), "rank at least 2"),
        (lambda: debug.assert_rank_in([1], [2, 3]), r"rank in \(2, 3\)"),
        (lambda: debug.assert_scalar([1]), r"saw shape: \(1,\)"),
        (lambda: debug.assert_same_float_dtype([tf.constant(1)]), "Expected floating point type"),
        (
            lambda: debug.assert_same_float_dtype([tf.constant(1.0), tf.constant(1.0, tf.float64)]),
            "of the same type float32, got float64",
        ),
    ],
)
def test_value_errors(call, text):
    with pytest.raises(ValueError, match=text):
        call()


@pytest.mark.parametrize(
    ("call", "text"),
    [
        (lambda: debug.assert_equal(tf.constant(1), tf.constant(1.0)), "one dtype"),
        (lambda: debug.assert_type(tf.constant(1), tf.float32), r"type tf\.float32, got tf\.int32"),
        (lambda: debug.assert_integer(1.0), "to be integer type"),
        (lambda: debug.assert_rank([1], 1.0), r"tf\.int32"),
        (lambda: debug.assert_proper_iterable("a"), "proper iterable, got str"),
        (lambda: debug.assert_proper_iterable(tf.constant([1])), "proper iterable"),
        (lambda: debug.assert_proper_iterable(1), "to be iterable"),
    ],
)
def test_type_errors(call, text):
    with pytest.raises(TypeError, match=text):
        call()


def test_what_holds_returns_none():
    results = [
        debug.assert_equal([1, 1], 1),
        debug.assert_equal("a", ["a", "a"]),
        debug.assert_near(1.0, 1.1, rtol=0.2),
        debug.assert_near(tf.constant(1.0, tf.float16), tf.constant(1.001, tf.float16)),
        debug.assert_positive(tf.zeros((0,))),
        debug.assert_rank([1], tf.constant(1)),
        debug.assert_rank(KerasTensor((None, 2)), 2),
        debug.assert_type([1], "int32"),
        debug.assert_integer([1]),
        debug.assert_scalar(1),
        debug.assert_proper_iterable([1]),
        debug.Assert(True, [1]),
        debug.Assert(tf.constant([True, True]), ["a"]),
        debug.assert_shapes([]),
    ]
    assert results == [None] * len(results)
    assert debug.assert_same_float_dtype() is tf.float32
    assert debug.assert_same_float_dtype([None, tf.constant(1.0, tf.float64)]) is tf.float64
    kinds = [tf.constant(1), tf.constant("a"), 1, tf.constant(True), np.ones(2), tf.constant(1j)]
    assert [debug.is_numeric_tensor(k) for k in kinds] == [True, False, False, False, False, True]


SHAPED = np.zeros((2, 3))


@pytest.mark.parametrize(
    "spec",
    [("N", 3), (2, None), ("...", 3), (..., 3), [2, 3], (2.0, 3), (".", 3), ("*",)],
)
def test_shapes_that_fit(spec):
    debug.assert_shapes([(SHAPED, spec)])


@pytest.mark.parametrize(
    ("spec", "text"),
    [
        ((3, 3), "Specified explicitly. Expected tensor 0 dimension 0 of size 3"),
        (("N", "N"), "Specified by tensor 0 dimension 0"),
        ((2, "*"), "only allowed as the first entry"),
        (("N",), "must have rank 1"),
        ((), "must have rank 0"),
        (1, "must be an iterable"),
        ((..., 2, 3, 4), "must have rank at least 3"),
    ],
)
def test_shapes_that_do_not_fit(spec, text):
    with pytest.raises(ValueError, match=text):
        debug.assert_shapes([(SHAPED, spec)])


def test_names_of_sizes_are_shared_between_tensors():
    debug.assert_shapes([(np.zeros((5, 2, 3)), (..., "A", "B")), (np.zeros((3, 2)), ("B", "A"))])
    debug.assert_shapes({"text": ("N",)})
    debug.assert_shapes([(KerasTensor((None, 3)), ("N", 3)), (SHAPED, ("N", "M"))])
    with pytest.raises(ValueError, match="hey. Specified by tensor 0 dimension 1"):
        debug.assert_shapes([(SHAPED, (2, "Q")), (np.zeros((2, 4)), (2, "Q"))], message="hey")


@tf.function
def _guarded(x):
    debug.assert_positive(x, "need positive")
    debug.assert_rank(x, 1)
    return x + 1.0


def test_a_compiled_function_raises_the_error_itself(capfd):
    assert _guarded(tf.constant([1.0])).numpy().tolist() == [2.0]
    with pytest.raises(
        tf.errors.InvalidArgumentError, match="need positive. Condition x > 0"
    ) as caught:
        _guarded(tf.constant([-1.0]))
    assert caught.value.__cause__ is None
    assert capfd.readouterr().err == ""
    assert _guarded(tf.constant([3.0])).numpy().tolist() == [4.0]
    with pytest.raises(ValueError, match="must have rank 1"):
        _guarded(tf.constant(1.0))


def test_every_value_check_works_in_a_program():
    @tf.function
    def program(x, y, ok):
        debug.assert_equal(x, x)
        debug.assert_less(x, y, "less")
        debug.assert_near(x, y, atol=2.0)
        debug.Assert(ok, ["said so", x])
        return debug.check_numerics(x, "finite")

    x, y, yes = tf.constant([1.0, 2.0]), tf.constant([2.0, 3.0]), tf.constant(True)
    assert program(x, y, yes).numpy().tolist() == [1.0, 2.0]
    for arguments, text in [
        ((y, x, yes), "less. Condition x < y"),
        ((x, x + 5.0, yes), "not equal to tolerance"),
        ((x, y, tf.constant(False)), r"Summarized data: said so; \[1\., 2\.\]"),
    ]:
        with pytest.raises(tf.errors.InvalidArgumentError, match=text):
            program(*arguments)


def fails(function, *arrays):
    """The error that a program's check raised."""
    with pytest.raises(xla.jax.errors.JaxRuntimeError) as caught:
        xla.jax.block_until_ready(xla.jit_whole(function)(*arrays))
    return checks.original(caught.value)


def test_checks_under_transformations():
    def body(x):
        debug.assert_positive(Tensor(x), "inside")
        return x * 2.0

    good, bad = np.float32([1, 2]), np.float32([1, -2])
    jax = xla.jax
    programs = {
        "vmap": jax.vmap(body),
        "grad": jax.grad(lambda x: body(x).sum()),
        "loop": lambda x: jax.lax.fori_loop(0, 3, lambda i, v: body(v), x),
        "cond": lambda x: jax.lax.cond(x[0] > 0, body, lambda v: v, x),
    }
    for program in programs.values():
        jax.block_until_ready(xla.jit_whole(program)(good))
        error = fails(program, bad)
        assert isinstance(error, errors.InvalidArgumentError)
        assert "inside" in str(error)


def test_check_numerics_keeps_the_gradient_and_works_in_models():
    x = tf.constant([1.0, 2.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = debug.check_numerics(x, "x") * 3.0
    assert tape.gradient(y, x).numpy().tolist() == [3.0, 3.0]
    assert debug.check_numerics(KerasTensor((None, 2)), "x").shape == (None, 2)
    with pytest.raises(errors.UnimplementedError, match="Lambda"):
        debug.assert_positive(KerasTensor((None, 2)))
