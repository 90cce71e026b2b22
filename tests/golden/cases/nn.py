"""`tf.nn` and its neighbours: softmax family, cross-entropies, normalisations, linear algebra."""

from __future__ import annotations

from typing import Any

from ..support import Cases, attempt

cases = Cases()

LOGITS = [[1.0, 2.0, 3.0], [-1000.0, 0.0, 1000.0], [88.0, 88.0, -88.0]]
INF = float("inf")


def _with_grad(tf: Any, program: Any, value: Any) -> Any:
    x = tf.constant(value)
    with tf.GradientTape() as tape:
        tape.watch(x)
        y = program(x)
    return [y, tape.gradient(y, x)]


@cases
def softmax_family(tf: Any, np: Any) -> Any:
    x = tf.constant(LOGITS)
    return {
        "softmax": tf.nn.softmax(x),
        "softmax axis 0": tf.nn.softmax(x, axis=0),
        "log_softmax": tf.nn.log_softmax(x),
        "logsumexp": tf.reduce_logsumexp(x, axis=-1, keepdims=True),
        "softmax -inf": tf.nn.softmax([[0.0, -INF, 1.0], [-INF, -INF, 0.0]]),
        "softmax all -inf": tf.nn.softmax([-INF, -INF]),
        "softmax inf": tf.nn.softmax([INF, 0.0]),
        "softmax nan": tf.nn.softmax([float("nan"), 0.0]),
        "log_softmax -inf": tf.nn.log_softmax([0.0, -INF]),
        "softmax one": tf.nn.softmax([[5.0], [7.0]]),
        "softmax half": tf.nn.softmax(tf.constant([1.0, 2.0], tf.float16)),
        "softmax float64": tf.nn.softmax(tf.constant([1.0, 2.0], tf.float64)),
        "softmax scalar": attempt(lambda: tf.nn.softmax(1.0)),
        "softmax int": attempt(lambda: tf.nn.softmax([1, 2])),
        "softmax 3d": tf.nn.softmax(tf.reshape(tf.range(8.0), (2, 2, 2)), axis=1),
        "empty": tf.nn.softmax(tf.zeros((0, 3))),
    }


EXTREME = [-1000.0, -100.0, -20.0, -1.0, 0.0, 1.0, 20.0, 100.0, 1000.0]


@cases
def activations_at_extremes(tf: Any, np: Any) -> Any:
    x = tf.constant([*EXTREME, INF, -INF, float("nan")])
    nn = tf.nn
    return {
        # TensorFlow's function is silu, its own name swish.
        "swish" if f is nn.silu else f.__name__: f(x)
        for f in (
            nn.sigmoid,
            nn.tanh,
            nn.relu,
            nn.relu6,
            nn.elu,
            nn.selu,
            nn.silu,
            nn.gelu,
            nn.softplus,
            nn.softsign,
        )
    } | {
        "leaky": nn.leaky_relu(x, 0.3),
        "log_sigmoid": tf.math.log_sigmoid(x),
        "crelu": nn.crelu(x),
        "gelu tanh": nn.gelu(x, approximate=True),
        "leaky int": attempt(lambda: nn.leaky_relu(tf.constant([-4, 4]))),
        "relu int": nn.relu(tf.constant([-4, 4])),
        "swish beta": nn.silu(tf.constant([1.0, -1.0]), beta=2.0),
    }


@cases
def sigmoid_cross_entropy(tf: Any, np: Any) -> Any:
    results = {}
    for label in (0.0, 0.3, 1.0):
        labels = tf.constant([label] * len(EXTREME))
        results[str(label)] = _with_grad(
            tf,
            lambda x, y=labels: tf.nn.sigmoid_cross_entropy_with_logits(labels=y, logits=x),
            EXTREME,
        )
    results["shape error"] = attempt(
        lambda: tf.nn.sigmoid_cross_entropy_with_logits(labels=[1.0], logits=[1.0, 2.0])
    )
    results["int labels"] = attempt(
        lambda: tf.nn.sigmoid_cross_entropy_with_logits(
            labels=tf.constant([1]), logits=tf.constant([1.0])
        )
    )
    results["infinite"] = tf.nn.sigmoid_cross_entropy_with_logits(
        labels=[1.0, 0.0], logits=[INF, INF]
    )
    return results


@cases
def weighted_cross_entropy(tf: Any, np: Any) -> Any:
    y = tf.constant([0.0, 1.0, 0.5] * 3)
    return _with_grad(
        tf,
        lambda x: tf.nn.weighted_cross_entropy_with_logits(labels=y, logits=x, pos_weight=3.0),
        EXTREME,
    )


@cases
def softmax_cross_entropy(tf: Any, np: Any) -> Any:
    y = tf.constant([[0.0, 0.0, 1.0], [1.0, 0.0, 0.0], [0.2, 0.3, 0.5]])
    f = tf.nn.softmax_cross_entropy_with_logits
    return {
        "values": _with_grad(tf, lambda x: f(labels=y, logits=x), LOGITS),
        "not normalised": f(labels=[[1.0, 2.0]], logits=[[0.5, 1.5]]),
        "axis": f(labels=[[0.0], [1.0]], logits=[[2.0], [3.0]], axis=0),
        "broadcast": attempt(lambda: f(labels=[0.0, 1.0], logits=[[2.0, 3.0], [1.0, 0.0]])),
        "label gradient": _with_grad(
            tf, lambda y: f(labels=y, logits=tf.constant([[1.0, 2.0]])), [[0.0, 1.0]]
        ),
        "shape error": attempt(lambda: f(labels=[[1.0, 0.0, 0.0]], logits=[[2.0, 3.0]])),
        "-inf logits": f(labels=[[0.0, 1.0]], logits=[[-INF, 1.0]]),
    }


@cases
def sparse_softmax_cross_entropy(tf: Any, np: Any) -> Any:
    f = tf.nn.sparse_softmax_cross_entropy_with_logits
    return {
        "values": _with_grad(tf, lambda x: f(labels=[2, 0, 1], logits=x), LOGITS),
        "int64": f(labels=tf.constant([1], tf.int64), logits=[[1.0, 2.0]]),
        "3d": f(labels=[[0, 1]], logits=[[[1.0, 2.0], [3.0, 5.0]]]),
        "scalar": f(labels=1, logits=[1.0, 2.0]),
        "float labels": attempt(lambda: f(labels=[1.0], logits=[[1.0, 2.0]])),
        "rank error": attempt(lambda: f(labels=[[1]], logits=[[1.0, 2.0]])),
        "length error": attempt(lambda: f(labels=[1, 0], logits=[[1.0, 2.0]])),
    }


@cases
def sparse_softmax_cross_entropy_label_out_of_range(tf: Any, np: Any) -> Any:
    f = tf.nn.sparse_softmax_cross_entropy_with_logits
    return [
        attempt(lambda: f(labels=[3], logits=[[1.0, 2.0, 3.0]])),
        attempt(lambda: f(labels=[-1], logits=[[1.0, 2.0, 3.0]])),
    ]


@cases
def other_losses(tf: Any, np: Any) -> Any:
    return {
        "log_poisson": tf.nn.log_poisson_loss([0.0, 1.0, 5.0], [0.1, 0.5, 1.0]),
        "log_poisson full": tf.nn.log_poisson_loss(
            [0.0, 1.0, 5.0], [0.1, 0.5, 1.0], compute_full_loss=True
        ),
        "l2_loss": tf.nn.l2_loss([[1.0, 2.0], [3.0, 4.0]]),
        "ctc": tf.nn.ctc_loss(
            [[1, 2]],
            tf.reshape(tf.range(12.0) / 10.0, (4, 1, 3)),
            label_length=[2],
            logit_length=[4],
            blank_index=0,
        ),
    }


@cases
def l2_normalize(tf: Any, np: Any) -> Any:
    x = [[3.0, 4.0], [0.0, 0.0], [1e-8, 0.0]]
    return {
        "rows": _with_grad(tf, lambda x: tf.math.l2_normalize(x, axis=1), x),
        "all": tf.math.l2_normalize(x),
        "epsilon": tf.math.l2_normalize(x, axis=1, epsilon=1.0),
        "large": tf.math.l2_normalize([1e20, 1e20]),
        "normalize": list(tf.linalg.normalize([[3.0, 4.0]], axis=1)),
        "int": attempt(lambda: tf.math.l2_normalize([3, 4])),
    }


@cases
def moments(tf: Any, np: Any) -> Any:
    x = [[1.0, 2.0, 3.0], [4.0, 5.0, 60.0]]
    return {
        "axis 0": tf.nn.moments(tf.constant(x), [0]),
        "both keepdims": tf.nn.moments(tf.constant(x), [0, 1], keepdims=True),
        "half": tf.nn.moments(tf.constant(x, tf.float16), [0, 1]),
        "weighted": tf.nn.weighted_moments(tf.constant(x), [1], tf.constant([1.0, 0.0, 2.0])),
        "sufficient": [
            t for t in tf.nn.sufficient_statistics(tf.constant(x), [0]) if t is not None
        ],
        "large offset": tf.nn.moments(tf.constant([1e6, 1e6 + 1.0, 1e6 + 2.0]), [0]),
        "int": attempt(lambda: tf.nn.moments(tf.constant([[1, 2], [3, 5]]), [0])),
    }


@cases
def batch_normalization(tf: Any, np: Any) -> Any:
    x = tf.constant([[1.0, 2.0], [3.0, 6.0]])
    m, v = tf.nn.moments(x, [0])
    f = tf.nn.batch_normalization
    return {
        "plain": f(x, m, v, None, None, 1e-3),
        "scale offset": f(x, m, v, tf.constant([1.0, -1.0]), tf.constant([2.0, 0.5]), 1e-3),
        "gradient": _with_grad(
            tf,
            lambda x: f(x, *tf.nn.moments(x, [0]), None, None, 1e-3) ** 3,
            [[1.0, 2.0], [3.0, 6.0]],
        ),
        "fused": list(
            tf.compat.v1.nn.fused_batch_norm(
                tf.reshape(tf.range(8.0), (2, 2, 2, 1)), [1.0], [0.0], epsilon=1e-3
            )
        )[:3]
        if hasattr(tf, "compat") and hasattr(tf.compat, "v1") and hasattr(tf.compat.v1, "nn")
        else None,
    }


@cases
def local_response_normalization(tf: Any, np: Any) -> Any:
    x = np.arange(1, 13, dtype=np.float32).reshape(1, 1, 2, 6)
    lrn = tf.nn.local_response_normalization
    return {
        "default": _with_grad(tf, lambda x: lrn(x), x),
        "radius 1": lrn(x, depth_radius=1, bias=2.0, alpha=0.5, beta=0.75),
        "rank error": attempt(lambda: lrn(tf.ones((2, 3)))),
    }


@cases
def bias_add_and_dense(tf: Any, np: Any) -> Any:
    x = tf.reshape(tf.range(6.0), (2, 3))
    return {
        "bias_add": tf.nn.bias_add(x, [1.0, 2.0, 3.0]),
        "error": attempt(lambda: tf.nn.bias_add(x, [1.0, 2.0])),
        "nchw": tf.nn.bias_add(tf.zeros((1, 2, 1, 1)), [1.0, 2.0], data_format="NCHW"),
        "scale": tf.math.scalar_mul(2.0, x),
        "isotonic": tf.nn.isotonic_regression([3.0, 1.0, 2.0, 0.5])[0],
    }


@cases
def dropout_keeps_the_mean(tf: Any, np: Any) -> Any:
    x = tf.nn.dropout(tf.ones([4, 4]), 0.0)
    return [
        x,
        attempt(lambda: tf.nn.dropout([1.0], 1.5)),
        attempt(lambda: tf.nn.dropout([1.0], "a")),
    ]


@cases
def clipping(tf: Any, np: Any) -> Any:
    x = tf.constant([3.0, 4.0])
    return {
        "norm": tf.clip_by_norm(x, 1.0),
        "norm small": tf.clip_by_norm(x, 10.0),
        "norm zero": tf.clip_by_norm([0.0, 0.0], 1.0),
        "norm axes": tf.clip_by_norm([[3.0, 4.0], [0.3, 0.4]], 1.0, axes=[1]),
        "global": list(tf.clip_by_global_norm([x, None, tf.constant([12.0])], 6.5)[0]),
        "global norm": tf.clip_by_global_norm([x, tf.constant([12.0])], 6.5)[1],
        "global inf": list(tf.clip_by_global_norm([tf.constant([INF]), x], 1.0)[0]),
        "value": tf.clip_by_value([1, 5, 9], 2, 7),
        "value reversed": tf.clip_by_value([1.0, 5.0, 9.0], 7.0, 2.0),
        "value broadcast": tf.clip_by_value([1.0, 5.0], [2.0, 2.0], [3.0, 9.0]),
    }


@cases
def reductions(tf: Any, np: Any) -> Any:
    x = tf.constant([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]])
    return {
        "sum": [
            tf.reduce_sum(x),
            tf.reduce_sum(x, 0),
            tf.reduce_sum(x, [0, 1]),
            tf.reduce_sum(x, -1, keepdims=True),
        ],
        "empty axis": tf.reduce_sum(x, []),
        "std": tf.math.reduce_std(x, 0),
        "variance": tf.math.reduce_variance(x),
        "euclidean": tf.math.reduce_euclidean_norm(x, 1),
        "any all": [tf.reduce_any(x > 5.0, 1), tf.reduce_all(x > 0.0)],
        "logsumexp": tf.reduce_logsumexp(x, 0),
        "axis error": attempt(lambda: tf.reduce_sum(x, 2)),
        "axis twice": attempt(lambda: tf.reduce_sum(x, [0, 0])),
        "axis float": attempt(lambda: tf.reduce_sum(x, 0.5)),
        "strings": attempt(lambda: tf.reduce_sum(["a"])),
        "join": attempt(
            lambda: [
                str(v) for v in tf.strings.reduce_join([["a", "b"], ["c", "d"]], 1).numpy().tolist()
            ]
        ),
        "cumsum": [tf.cumsum(x, 1), tf.cumsum(x, 1, exclusive=True), tf.cumsum(x, 0, reverse=True)],
        "cumprod": tf.math.cumprod(x, 1, exclusive=True, reverse=True),
        "cumulative_logsumexp": tf.math.cumulative_logsumexp([1.0, 2.0, 3.0], exclusive=True),
        "accumulate_n": attempt(lambda: tf.math.accumulate_n([x, x])),
        "percentile ints": tf.reduce_max(tf.constant([[1, 9], [8, 2]]), axis=1),
        "bool sum": attempt(lambda: tf.reduce_sum([True, False])),
        "max strings": attempt(lambda: tf.reduce_max(["a", "b"])),
    }


@cases
def norms(tf: Any, np: Any) -> Any:
    x = tf.constant([[3.0, -4.0], [6.0, 8.0]])
    return {
        "euclidean": tf.norm(x),
        "fro": attempt(lambda: tf.norm(x, ord="fro", axis=[0, 1])),
        "1": tf.norm(x, ord=1),
        "1 matrix": tf.norm(x, ord=1, axis=[0, 1]),
        "2 matrix": tf.norm(x, ord=2, axis=[0, 1]),
        "inf": tf.norm(x, ord=np.inf, axis=1),
        "3": tf.norm(x, ord=3.0, axis=0),
        "keepdims": tf.norm(x, axis=1, keepdims=True),
        "complex": tf.norm(tf.constant([3 + 4j], tf.complex64)),
        "bad ord": attempt(lambda: tf.norm(x, ord="a")),
        "negative ord": attempt(lambda: tf.norm(x, ord=-1)),
    }


@cases(rtol=1e-4, atol=1e-5)
def linear_algebra(tf: Any, np: Any) -> Any:
    a = tf.constant([[4.0, 1.0], [1.0, 3.0]])
    g = tf.constant([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])
    b = tf.constant([[1.0], [2.0]])
    q, r = tf.linalg.qr(g)
    return {
        "inv": tf.linalg.inv(a),
        "adjoint inv": tf.linalg.inv(a, adjoint=True),
        "det": tf.linalg.det(a),
        "slogdet": list(tf.linalg.slogdet(-a)),
        "solve": tf.linalg.solve(a, b),
        "lstsq": tf.linalg.lstsq(g, tf.ones((3, 1))),
        "lstsq slow": tf.linalg.lstsq(g, tf.ones((3, 1)), fast=False),
        "cholesky": tf.linalg.cholesky(a),
        "cholesky_solve": tf.linalg.cholesky_solve(tf.linalg.cholesky(a), b),
        "eigh": tf.linalg.eigvalsh(a),
        "svd": tf.linalg.svd(g, compute_uv=False),
        "qr": [tf.abs(r), q @ r],
        "pinv": tf.linalg.pinv(g),
        "matrix_rank": tf.linalg.matrix_rank(g),
        "expm": tf.linalg.expm(a / 4.0),
        "sqrtm": tf.linalg.sqrtm(a),
        "lu": list(tf.linalg.lu(a)),
        "triangular": tf.linalg.triangular_solve([[2.0, 0.0], [1.0, 3.0]], b),
        "triangular upper": tf.linalg.triangular_solve([[2.0, 1.0], [0.0, 3.0]], b, lower=False),
        "tridiagonal": tf.linalg.tridiagonal_solve(
            tf.constant([[1.0, 1.0, 0.0], [4.0, 4.0, 4.0], [0.0, 1.0, 1.0]]),
            tf.constant([1.0, 2.0, 3.0]),
        ),
        "cross": tf.linalg.cross([1.0, 0.0, 0.0], [0.0, 1.0, 0.0]),
        "einsum": tf.einsum("bij,bjk->bik", tf.ones((2, 2, 3)), tf.ones((2, 3, 1))),
        "einsum ellipsis": tf.einsum("...ij->...ji", tf.reshape(tf.range(6.0), (1, 2, 3))),
        "einsum implicit": tf.einsum("ij,jk", g, a),
        "tensordot": tf.tensordot(g, a, 1),
        "tensordot 0": tf.tensordot([1.0, 2.0], [3.0, 4.0], 0),
        "matmul transposes": tf.matmul(g, g, transpose_a=True),
        "matmul ints": tf.matmul([[1, 2]], [[3], [4]]),
        "matvec": tf.linalg.matvec(g, [1.0, -1.0]),
        "singular inv": attempt(lambda: tf.linalg.inv([[1.0, 2.0], [2.0, 4.0]])),
        "not square": attempt(lambda: tf.linalg.inv(g)),
        "cholesky not positive": attempt(lambda: tf.linalg.cholesky([[1.0, 2.0], [2.0, 1.0]])),
        "global_norm": tf.linalg.global_norm([g, a]),
        "set_diag": tf.linalg.set_diag(a, [9.0, 9.0]),
    }


@cases(rtol=1e-4, atol=1e-5)
def special_functions(tf: Any, np: Any) -> Any:
    x = tf.constant([0.1, 0.5, 1.0, 2.5, 10.0])
    m, s = tf.math, tf.math.special
    return {
        "lgamma": m.lgamma(x),
        "digamma": m.digamma(x),
        "erf": m.erf(x),
        "erfc": m.erfc(x),
        "erfinv": m.erfinv([-0.9, 0.0, 0.5]),
        "erfcinv": m.erfcinv([0.1, 1.0, 1.5]),
        "ndtri": m.ndtri([0.01, 0.5, 0.99]),
        "igamma": m.igamma(x, 1.0),
        "igammac": m.igammac(x, 1.0),
        "betainc": m.betainc(x, 2.0, 0.3),
        "lbeta": m.lbeta([1.0, 2.0, 3.0]),
        "zeta": m.zeta([2.0, 3.0], [1.0, 2.0]),
        "polygamma": m.polygamma([1.0, 2.0], [1.0, 2.0]),
        "bessel": [
            m.bessel_i0(x),
            m.bessel_i0e(x),
            m.bessel_i1(x),
            s.bessel_j0(x),
            s.bessel_k0(x),
            s.bessel_y1(x),
        ],
        "dawsn": s.dawsn(x),
        "expint": s.expint(x),
        "fresnel": [s.fresnel_sin(x), s.fresnel_cos(x)],
        "spence": s.spence(x),
        "xlogy": m.xlogy([0.0, 0.0, 2.0], [0.0, 5.0, 3.0]),
        "softplus": m.softplus([-50.0, 0.0, 50.0]),
        "log1p": m.log1p([1e-7, -1.0, -2.0]),
        "expm1": m.expm1([1e-7, 100.0]),
        "nextafter": m.nextafter([1.0], [2.0]),
        "rsqrt": m.rsqrt([0.0, 4.0]),
        "sobol": m.sobol_sample(2, 4),
    }


@cases
def image_basics(tf: Any, np: Any) -> Any:
    x = tf.reshape(tf.range(16.0), (1, 4, 4, 1))
    return {
        "bilinear up": tf.image.resize(x[:, :2, :2], (3, 5)),
        "bilinear down": tf.image.resize(x, (2, 2)),
        "antialias": tf.image.resize(x, (2, 2), antialias=True),
        "nearest": tf.image.resize(x, (2, 3), method="nearest"),
        "bicubic": tf.image.resize(x, (3, 3), method="bicubic"),
        "area": tf.image.resize(x, (2, 2), method="area"),
        "lanczos3": tf.image.resize(x, (6, 6), method="lanczos3"),
        "uint8": tf.image.resize(tf.cast(x, tf.uint8), (2, 2)),
        "crop_or_pad": tf.image.resize_with_crop_or_pad(x, 2, 6),
        "resize_with_pad": tf.image.resize_with_pad(x, 2, 4),
        "flip": [tf.image.flip_left_right(x), tf.image.flip_up_down(x), tf.image.rot90(x)],
        "convert": [
            tf.image.convert_image_dtype(tf.constant([0, 128, 255], tf.uint8), tf.float32),
            tf.image.convert_image_dtype([0.0, 0.5, 1.0], tf.uint8),
        ],
        "standardization": tf.image.per_image_standardization(x),
        "central_crop": tf.image.central_crop(x[0], 0.5),
        "gray": tf.image.rgb_to_grayscale([[[1.0, 2.0, 3.0]]]),
        "hsv": tf.image.rgb_to_hsv([[[0.2, 0.4, 0.6]]]),
        "brightness": tf.image.adjust_brightness([[[0.5]]], 0.25),
        "contrast": tf.image.adjust_contrast(x, 2.0),
        "total_variation": tf.image.total_variation(x),
        "extract_patches": tf.image.extract_patches(
            x, [1, 2, 2, 1], [1, 2, 2, 1], [1, 1, 1, 1], "VALID"
        ),
        "crop_and_resize": tf.image.crop_and_resize(x, [[0.0, 0.0, 0.5, 1.0]], [0], (2, 2)),
        "nms": tf.image.non_max_suppression(
            [[0.0, 0.0, 1.0, 1.0], [0.0, 0.0, 1.0, 0.9], [2.0, 2.0, 3.0, 3.0]], [0.9, 0.8, 0.7], 3
        ),
        "psnr": tf.image.psnr(x, x + 1.0, 255.0),
        "ssim": attempt(
            lambda: tf.image.ssim(tf.ones((1, 12, 12, 1)), tf.ones((1, 12, 12, 1)) * 0.9, 1.0)
        ),
    }
