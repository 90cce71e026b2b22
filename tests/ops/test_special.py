"""Special functions: ends of their domains, accuracy over wide ranges, narrow floats."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.special

import thalweg as tf

INF, NAN = float("inf"), float("nan")
BESSEL = ["i0", "i0e", "i1", "i1e", "j0", "j1", "k0", "k0e", "k1", "k1e", "y0", "y1"]


@pytest.mark.parametrize("name", BESSEL)
@pytest.mark.parametrize(("dtype", "tolerance"), [("float32", 3e-6), ("float64", 2e-14)])
def test_bessel_over_a_wide_range(name, dtype, tolerance):
    x = np.concatenate([np.geomspace(1e-4, 80, 400), np.linspace(0.1, 30, 400)]).astype(dtype)
    got = getattr(tf.math.special, f"bessel_{name}")(tf.constant(x)).numpy()
    want = getattr(scipy.special, name)(x.astype(np.float64))
    assert got.dtype == dtype
    # j and y cross 0: absolute there, relative where they are large.
    np.testing.assert_allclose(
        got, want, rtol=tolerance, atol=tolerance if name[0] in "jy" else 1e-37
    )


@pytest.mark.parametrize(
    ("name", "arguments", "values"),
    [
        ("bessel_k0", [0.0, -1.0], [INF, NAN]),
        ("bessel_k1", [0.0, -1.0], [INF, NAN]),
        ("bessel_y0", [0.0, -1.0], [-INF, NAN]),
        ("bessel_y1", [0.0, -1.0], [-INF, NAN]),
        ("bessel_j0", [0.0], [1.0]),
        ("bessel_j1", [0.0], [0.0]),
        ("expint", [0.0], [-INF]),
        ("spence", [-1.0, 1.0], [NAN, 0.0]),
        ("dawsn", [0.0], [0.0]),
    ],
)
def test_ends_of_special_domains(name, arguments, values):
    got = getattr(tf.math.special, name)(arguments).numpy()
    np.testing.assert_array_equal(got, np.float32(values))


@pytest.mark.parametrize(
    ("name", "arguments", "values"),
    [
        ("lgamma", [[0.0, -2.0]], [INF, INF]),
        ("digamma", [[0.0, -2.0]], [NAN, NAN]),
        ("polygamma", [[0.5, -1.0], [1.0, 2.0]], [NAN, NAN]),
        ("zeta", [[1.0, 0.5, 2.0], [1.0, 3.0, 0.0]], [INF, NAN, INF]),
        ("igamma", [[-1.0, 1.0, 1.0], [1.0, -1.0, 0.0]], [NAN, NAN, 0.0]),
        ("betainc", [[-1.0, 1.0], [1.0, 1.0], [0.5, 2.0]], [NAN, NAN]),
        ("erfinv", [[1.0, -1.0, 2.0]], [INF, -INF, NAN]),
        ("erfcinv", [[0.0, 2.0, 3.0]], [INF, -INF, NAN]),
        ("ndtri", [[0.0, 1.0, 2.0]], [-INF, INF, NAN]),
        ("lbeta", [[[]]], [-INF]),
    ],
)
def test_ends_of_domains(name, arguments, values):
    tensors = [tf.constant(a, tf.float32) for a in arguments]
    np.testing.assert_array_equal(getattr(tf.math, name)(*tensors).numpy(), np.float32(values))


def test_narrow_floats_are_computed_wide():
    x = tf.constant([0.5], tf.bfloat16)
    for name in ("bessel_j0", "bessel_k1e", "dawsn", "spence", "fresnel_cos"):
        out = getattr(tf.math.special, name)(x)
        wide = getattr(tf.math.special, name)(tf.constant([0.5]))
        assert out.dtype == "bfloat16"
        np.testing.assert_allclose(out.numpy().astype(np.float32), wide.numpy(), rtol=4e-3)


def test_slopes_at_removable_singularities():
    x = tf.constant([0.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.math.special.bessel_j1(x)
    assert tape.gradient(y, x).numpy().tolist() == [0.5]
    x = tf.constant([1.0])
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = tf.math.special.spence(x)
    assert tape.gradient(y, x).numpy().tolist() == [-1]


def test_orders_without_a_gradient():
    a, x = tf.constant([2.0]), tf.constant([1.5])
    with tf.GradientTape() as tape:
        tape.watch([a, x])
        y = tf.math.polygamma(a, x) + tf.math.zeta(a, x)
    by_a, by_x = tape.gradient(y, [a, x])
    assert by_a.numpy().tolist() == [0]
    assert np.isfinite(by_x.numpy()).all()


def test_lbeta_needs_a_vector():
    with pytest.raises(ValueError, match=r"\[lbeta\] expected rank 1"):
        tf.math.lbeta(2.0)


def test_integers_are_refused():
    with pytest.raises(TypeError, match="got int32"):
        tf.math.special.bessel_j0([1])
