"""Rows of reductions, running sums, rankings, counts, segments and order."""

from __future__ import annotations

import warnings

import numpy as np
import scipy.special
import scipy.stats

from thalweg._src.testing.rows import Row

_LINEAR = "piecewise linear: its second derivative is 0"
_LENGTH = "the length of the result depends on values"


def _keeping(function):
    """A NumPy reduction in the dtype of its input."""

    def reduce(x, axis=None, keepdims=False):
        return np.asarray(function(x, axis=axis, keepdims=keepdims)).astype(x.dtype)

    return reduce


def _mean(x, axis=None, keepdims=False):
    return np.trunc(np.mean(x, axis=axis, keepdims=keepdims)).astype(x.dtype)


def _norm(x, axis=None, keepdims=False):
    return np.sqrt(np.sum(x * x, axis=axis, keepdims=keepdims)).astype(x.dtype)


def _running(function):
    def run(x, axis=0, exclusive=False, reverse=False):
        x = np.flip(x, axis) if reverse else x
        steps = []
        for i in range(x.shape[axis]):
            part = np.take(x, range(i if exclusive else i + 1), axis)
            steps.append(function(part, axis).astype(x.dtype))
        out = np.stack(steps, axis)
        return np.flip(out, axis) if reverse else out

    return run


def _logsumexp(x, axis):
    if x.shape[axis] == 0:
        return np.full(np.delete(x.shape, axis), -np.inf)
    return scipy.special.logsumexp(x, axis)


def _first(function):
    def position(x, axis=None, output_type=np.int64):
        return function(x, axis or 0).astype(output_type)

    return position


def _top_k(x, k, **_):
    places = np.argsort(-x, axis=-1, kind="stable")[..., :k]
    return np.take_along_axis(x, places, -1), places.astype(np.int32)


def _in_top_k(targets, predictions, k):
    own = predictions[np.arange(len(targets)), targets]
    return np.sum(predictions > own[:, None], 1) < k


def _bincount(arr, weights=None, minlength=0, maxlength=None, **_):
    full = np.bincount(arr.reshape(-1), weights, minlength or 0)[:maxlength]
    return full.astype(np.int32 if weights is None else weights.dtype)


def _confusion(labels, predictions, num_classes=None, weights=None):
    n = num_classes or max(labels.max(), predictions.max()) + 1
    out = np.zeros((n, n), np.int32)
    np.add.at(out, (labels, predictions), 1 if weights is None else weights)
    return out


def _segments(function, empty, dtype=None):
    def reduce(data, ids, num_segments=None):
        n = (ids.max() + 1) if num_segments is None else num_segments
        rows = data.reshape((ids.size, *data.shape[ids.ndim :]))
        parts = [rows[ids.reshape(-1) == i] for i in range(n)]
        filler = np.full(rows.shape[1:], empty, data.dtype)
        out = [function(p, 0) if len(p) else filler for p in parts]
        return np.stack(out).astype(dtype or data.dtype)

    return reduce


def _sqrt_n(x, axis):
    return np.sum(x, axis) / np.sqrt(len(x))


def _picked(function):
    def reduce(data, indices, ids, num_segments=None):
        return _segments(function, 0)(data[indices], ids, num_segments)

    return reduce


def _sort(x, axis=-1, direction="ASCENDING"):
    out = np.sort(x, axis)
    return out if direction == "ASCENDING" else np.flip(out, axis)


def _unique(x):
    values, first, places = np.unique(x, return_index=True, return_inverse=True)
    order = np.argsort(first)
    return values[order], np.argsort(order)[places].astype(np.int32)


def _is_sorted(x):
    return np.all(np.diff(x.reshape(-1)) >= 0)


REDUCTIONS = [
    Row("reduce_sum", lambda m: (m(m.n, 4),), reference=_keeping(np.sum), gradient=(0,)),
    Row(
        "reduce_sum",
        lambda m: (m.ints(m.n, 2, 3),),
        {"axis": [0, -1], "keepdims": True},
        reference=lambda x, axis, keepdims: _keeping(np.sum)(x, tuple(axis), keepdims),
        label="axes",
    ),
    Row(
        "reduce_mean",
        lambda m: (m(m.n, 4),),
        {"axis": 1},
        reference=_keeping(np.mean),
        gradient=(0,),
    ),
    Row("reduce_mean", lambda m: (m.ints(m.n, 4),), {"axis": 0}, reference=_mean, label="int32"),
    Row(
        "reduce_prod",
        lambda m: (m(m.n, 3),),
        {"axis": 1},
        reference=_keeping(np.prod),
        gradient=(0,),
    ),
    Row("reduce_prod", lambda m: (m.ints(m.n),), reference=_keeping(np.prod), label="int32"),
    *(
        Row(
            name,
            lambda m: (m.distinct(m.n, 4),),
            {"axis": 1, "keepdims": True},
            reference=_keeping(twin),
            gradient=(0,),
            second_order=False,
            note=_LINEAR,
        )
        for name, twin in [("reduce_max", np.max), ("reduce_min", np.min)]
    ),
    Row("reduce_max", lambda m: (m.ints(m.n, 4),), reference=_keeping(np.max), label="int32"),
    Row("reduce_all", lambda m: (m.bools(m.n, 2),), {"axis": 1}, reference=np.all),
    Row("reduce_any", lambda m: (m.bools(m.n, 2),), {"axis": 1}, reference=np.any),
    Row(
        "reduce_logsumexp",
        lambda m: (m(m.n, 4),),
        {"axis": 1},
        reference=scipy.special.logsumexp,
        gradient=(0,),
    ),
    Row(
        "math.reduce_variance", lambda m: (m(m.n, 4),), {"axis": 1}, reference=np.var, gradient=(0,)
    ),
    Row(
        "math.reduce_variance",
        lambda m: (m.complex(m.n, 2),),
        {"axis": 0},
        reference=np.var,
        label="complex",
    ),
    Row("math.reduce_std", lambda m: (m(m.n, 4),), {"axis": 1}, reference=np.std, gradient=(0,)),
    Row("math.reduce_euclidean_norm", lambda m: (m(m.n, 4),), reference=_norm, gradient=(0,)),
    Row(
        "math.reduce_euclidean_norm",
        lambda m: (m.ints(m.n, 4),),
        {"axis": 1},
        reference=_norm,
        label="int32",
    ),
    Row("nn.l2_loss", lambda m: (m(m.n, 4),), reference=lambda t: np.sum(t * t) / 2, gradient=(0,)),
]
RUNNING = [
    Row("cumsum", lambda m: (m(m.n, 4),), {"axis": 1}, reference=_running(np.sum), gradient=(0,)),
    Row(
        "cumsum",
        lambda m: (m.ints(m.n, 3),),
        {"exclusive": True, "reverse": True},
        reference=_running(np.sum),
        label="exclusive-reverse",
    ),
    Row(
        "math.cumprod",
        lambda m: (m(m.n, 4),),
        {"axis": 1},
        reference=_running(np.prod),
        gradient=(0,),
    ),
    Row(
        "math.cumprod",
        lambda m: (m(m.n, 3),),
        {"axis": -1, "exclusive": True},
        reference=_running(np.prod),
        label="exclusive",
    ),
    Row(
        "math.cumulative_logsumexp",
        lambda m: (m(m.n, 4),),
        {"axis": 1},
        reference=_running(_logsumexp),
        gradient=(0,),
    ),
    Row(
        "math.cumulative_logsumexp",
        lambda m: (m(m.n, 4),),
        {"axis": 1, "exclusive": True, "reverse": True},
        reference=_running(_logsumexp),
        label="exclusive-reverse",
    ),
]
RANKING = [
    Row("argmax", lambda m: (m(m.n, 4),), {"axis": 1}, reference=_first(np.argmax), wide=True),
    Row(
        "argmax",
        lambda m: (m.ints(m.n, 4, low=0, high=3),),
        {"axis": -1, "output_type": "int32"},
        reference=_first(np.argmax),
        label="ties",
    ),
    Row("argmin", lambda m: (m(m.n, 4),), reference=_first(np.argmin), wide=True),
    Row(
        "math.top_k",
        lambda m: (m.distinct(m.n, 5), 3),
        reference=_top_k,
        gradient=(0,),
        second_order=False,
        note=_LINEAR,
    ),
    Row(
        "math.in_top_k",
        lambda m: (m.ints(m.n, low=0, high=4), m.distinct(m.n, 4), 2),
        reference=_in_top_k,
    ),
    Row("math.approx_max_k", lambda m: (m.distinct(m.n, 5), 2), reference=_top_k),
    Row(
        "math.approx_min_k",
        lambda m: (m.distinct(m.n, 5), 2),
        reference=lambda x, k: (-_top_k(-x, k)[0], _top_k(-x, k)[1]),
    ),
    Row("approx_top_k", lambda m: (m.distinct(m.n, 5), 1), reference=_top_k),
]
COUNTS = [
    Row(
        "math.count_nonzero",
        lambda m: (m.ints(m.n, 4, low=-1, high=2),),
        {"axis": 1},
        reference=lambda x, axis: np.count_nonzero(x, axis),
        wide=True,
    ),
    Row(
        "math.zero_fraction",
        lambda m: (m.ints(m.n, 4, low=-1, high=2),),
        reference=lambda x: np.float32(np.mean(x == 0)),
    ),
    Row(
        "math.bincount",
        lambda m: (m.ints(m.n, 3, low=0, high=5),),
        reference=_bincount,
        symbolic=False,
        traced=False,
        note=_LENGTH,
    ),
    Row(
        "math.bincount",
        lambda m: (m.ints(m.n, 3, low=0, high=5), m(m.n, 3)),
        {"minlength": 4, "maxlength": 4},
        reference=lambda a, w, **k: _bincount(a.reshape(-1), w.reshape(-1), **k),
        gradient=(1,),
        second_order=False,
        note=_LINEAR,
        label="weights",
    ),
    Row(
        "math.bincount",
        lambda m: (m.ints(m.n, 3, low=0, high=5),),
        {"minlength": 5, "maxlength": 5, "axis": -1, "binary_output": True},
        reference=lambda a, **_: np.int32([[v in row for v in range(5)] for row in a]),
        label="binary rows",
    ),
    Row(
        "histogram_fixed_width",
        lambda m: (m(m.n, 3), np.array([-1.5, 1.5], m.dtype)),
        {"nbins": 3},
        reference=lambda v, r, nbins: np.int32(np.histogram(np.clip(v, *r), nbins, tuple(r))[0]),
    ),
    Row(
        "histogram_fixed_width_bins",
        lambda m: (m(m.n, 3), np.array([-1.5, 1.5], m.dtype)),
        {"nbins": 3},
        reference=lambda v, r, nbins: np.int32(np.clip(np.floor(v + 1.5), 0, nbins - 1)),
    ),
    Row(
        "math.confusion_matrix",
        lambda m: (m.ints(m.n, low=0, high=4), m.ints(m.n, low=0, high=4)),
        reference=_confusion,
        symbolic=False,
        traced=False,
        note=_LENGTH,
    ),
    Row(
        "math.confusion_matrix",
        lambda m: (m.ints(m.n, low=0, high=4), m.ints(m.n, low=0, high=4), 4),
        {"weights": 2},
        reference=_confusion,
        label="weights",
    ),
]
_SORTED = {"symbolic": False, "traced": False, "note": _LENGTH}


def _sorted_ids(m):
    return np.sort(m.ints(m.n + 2, low=0, high=4))


SEGMENTS = [
    *(
        Row(
            f"math.segment_{name}",
            lambda m: (m.distinct(m.n + 2, 2), _sorted_ids(m)),
            reference=_segments(twin, empty),
            gradient=(0,),
            second_order=name == "prod",
            **_SORTED,
        )
        for name, twin, empty in [
            ("sum", np.sum, 0),
            ("mean", np.mean, 0),
            ("prod", np.prod, 1),
            ("max", np.max, 0),
            ("min", np.min, 0),
        ]
    ),
    Row(
        "math.segment_mean",
        lambda m: (m.ints(m.n + 2, 2), _sorted_ids(m)),
        reference=_segments(lambda x, a: np.trunc(np.mean(x, a)), 0),
        label="int32",
        **_SORTED,
    ),
    *(
        Row(
            f"math.unsorted_segment_{name}",
            lambda m: (m.distinct(m.n + 2, 2), m.ints(m.n + 2, low=-1, high=4), 5),
            reference=_segments(twin, empty),
            gradient=(0,),
            second_order=name == "prod",
            note="" if name == "prod" else _LINEAR,
        )
        for name, twin, empty in [
            ("sum", np.sum, 0),
            ("mean", np.mean, 0),
            ("sqrt_n", _sqrt_n, 0),
            ("prod", np.prod, 1),
        ]
    ),
    *(
        Row(
            f"math.unsorted_segment_{name}",
            lambda m: (m.ints(m.n, 3), m.ints(m.n, 3, low=-1, high=4), 5),
            reference=_segments(twin, empty),
        )
        for name, twin, empty in [
            ("max", np.max, np.iinfo(np.int32).min),
            ("min", np.min, np.iinfo(np.int32).max),
        ]
    ),
    Row(
        "math.unsorted_segment_max",
        lambda m: (m.distinct(m.n + 2, 2), np.arange(m.n + 2, dtype=np.int32) % 2, 2),
        reference=_segments(np.max, 0),
        gradient=(0,),
        second_order=False,
        note=_LINEAR,
        label="gradient",
    ),
    *(
        Row(
            f"sparse.segment_{name}",
            lambda m: (m(4, 2), m.ints(m.n + 2, low=0, high=4), _sorted_ids(m), 4),
            reference=_picked(twin),
            gradient=(0,),
            second_order=False,
            note=_LINEAR,
        )
        for name, twin in [("sum", np.sum), ("mean", np.mean), ("sqrt_n", _sqrt_n)]
    ),
]
ORDER = [
    Row(
        "sort",
        lambda m: (m.distinct(m.n, 4),),
        reference=_sort,
        gradient=(0,),
        second_order=False,
        note=_LINEAR,
    ),
    Row(
        "sort",
        lambda m: (m.ints(m.n, 4),),
        {"axis": 0, "direction": "DESCENDING"},
        reference=_sort,
        label="descending",
    ),
    Row(
        "argsort",
        lambda m: (m.ints(m.n, 6, low=0, high=3),),
        reference=lambda x: np.argsort(x, -1, kind="stable").astype(np.int32),
    ),
    Row(
        "argsort",
        lambda m: (m.ints(m.n, 6, low=0, high=3),),
        {"direction": "DESCENDING", "axis": 0},
        reference=lambda x, direction, axis: np.argsort(-x, 0, kind="stable").astype(np.int32),
        label="descending",
    ),
    Row(
        "searchsorted",
        lambda m: (np.sort(m(5)), m(m.n, 3)),
        reference=lambda s, v: np.searchsorted(s, v).astype(np.int32),
    ),
    Row(
        "searchsorted",
        lambda m: (np.sort(m.ints(m.n, 40), -1), m.ints(m.n, 2)),
        {"side": "right"},
        reference=lambda s, v, side: np.int32([np.searchsorted(a, b, side) for a, b in zip(s, v)]),
        label="rows",
    ),
    Row(
        "unique",
        lambda m: (m.ints(m.n + 4, low=0, high=4),),
        reference=_unique,
        symbolic=False,
        traced=False,
        note=_LENGTH,
    ),
    Row(
        "unique_with_counts",
        lambda m: (m.ints(m.n + 4, low=0, high=4),),
        reference=lambda x: (*_unique(x), np.bincount(_unique(x)[1]).astype(np.int32)),
        symbolic=False,
        traced=False,
        note=_LENGTH,
    ),
    Row(
        "math.invert_permutation",
        lambda m: (m.rng.permutation(m.n).astype(np.int32),),
        reference=lambda x: np.argsort(x).astype(np.int32),
    ),
    Row("math.is_non_decreasing", lambda m: (m.ints(m.n),), reference=_is_sorted),
    Row(
        "math.is_strictly_increasing",
        lambda m: (np.arange(m.n, dtype=np.int32),),
        reference=lambda x: np.True_,
    ),
]


def _sobol(dim, num_results, **kwargs):
    with warnings.catch_warnings():
        # SciPy warns of numbers of points that are no powers of 2.
        warnings.simplefilter("ignore")
        points = scipy.stats.qmc.Sobol(dim, scramble=False, bits=30).random(num_results + 1)
    return points[1:].astype(kwargs.get("dtype", np.float32))


SEQUENCES = [
    Row("math.sobol_sample", lambda m: (40, 21), reference=_sobol),
    Row(
        "math.sobol_sample",
        lambda m: (3, 5),
        {"dtype": "float64"},
        reference=_sobol,
        wide=True,
        label="float64",
    ),
]
ROWS = REDUCTIONS + RUNNING + RANKING + COUNTS + SEGMENTS + ORDER + SEQUENCES
