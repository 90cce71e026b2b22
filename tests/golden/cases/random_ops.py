"""Random functions: shapes, dtypes, ranges, error classes and the rules of seeds.

The numbers themselves differ from TensorFlow's; `test_random_ops.py` checks our own moments.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ..support import Cases, attempt

cases = Cases()


def _spec(x: Any) -> list[Any]:
    return [x.dtype.name, [int(n) for n in x.shape]]


def _specs(bodies: dict[str, Callable[[], Any]]) -> dict[str, Any]:
    return {name: attempt(lambda body=body: _spec(body())) for name, body in bodies.items()}


def _same(tf: Any, a: Any, b: Any) -> bool:
    return bool(tf.reduce_all(tf.equal(a, b)))


@cases
def shapes_and_dtypes(tf: Any, np: Any) -> Any:
    r = tf.random
    return _specs(
        {
            "normal": lambda: r.normal([2, 3]),
            "normal scalar": lambda: r.normal([]),
            "normal tensor shape": lambda: r.normal(tf.constant([2, 3])),
            "normal vector mean": lambda: r.normal([2, 3], mean=[0.0, 1.0, 2.0]),
            "normal float64": lambda: r.normal([2], dtype=tf.float64),
            "normal half": lambda: r.normal([2], dtype=tf.float16),
            "normal bfloat16": lambda: r.normal([2], dtype=tf.bfloat16),
            "normal int": lambda: r.normal([2], dtype=tf.int32),
            "uniform": lambda: r.uniform((2, 2)),
            "uniform int": lambda: r.uniform([3], maxval=5, dtype=tf.int32),
            "uniform int64": lambda: r.uniform([3], 0, 2**40, dtype=tf.int64),
            "uniform int without maxval": lambda: r.uniform([3], dtype=tf.int32),
            "uniform int empty range": lambda: r.uniform([3], 5, 5, dtype=tf.int32),
            "uniform vector bounds": lambda: r.uniform([3, 2], [0.0, 1.0], [1.0, 2.0]),
            "uniform bool": lambda: r.uniform([2], dtype=tf.bool),
            "truncated": lambda: r.truncated_normal([4]),
            "shuffle": lambda: r.shuffle([[1, 2], [3, 4]]),
            "gamma": lambda: r.gamma([2], alpha=[1.0, 2.0, 3.0]),
            "gamma beta": lambda: r.gamma([2], alpha=[[1.0], [3.0]], beta=[[3.0, 4.0]]),
            "gamma scalar": lambda: r.gamma([2], 1.0),
            "gamma int": lambda: r.gamma([2], alpha=1, dtype=tf.int32),
            "poisson": lambda: r.poisson([2], [1.0, 2.0, 3.0]),
            "poisson scalar": lambda: r.poisson([2], 3.0),
            "poisson int64": lambda: r.poisson([2], 3.0, dtype=tf.int64),
            "poisson []": lambda: r.poisson([], [1.0, 2.0]),
            "categorical": lambda: r.categorical([[0.0, 1.0], [1.0, 0.0]], 5),
            "categorical int32": lambda: r.categorical([[0.0, 1.0]], 5, dtype=tf.int32),
            "categorical vector": lambda: r.categorical([0.0, 1.0], 5),
            "stateless_normal": lambda: r.stateless_normal([2], seed=[1, 2]),
            "stateless_uniform": lambda: r.stateless_uniform([2], seed=[1, 2]),
            "stateless_uniform int": lambda: r.stateless_uniform([2], [1, 2], 0, 9, tf.int32),
            "stateless_uniform full int": lambda: r.stateless_uniform(
                [2], [1, 2], None, None, tf.int32
            ),
            "stateless_uniform uint": lambda: r.stateless_uniform(
                [2], [1, 2], None, None, tf.uint32
            ),
            "stateless_truncated": lambda: r.stateless_truncated_normal([2], seed=[1, 2]),
            "stateless_categorical": lambda: r.stateless_categorical([[0.0, 1.0]], 3, seed=[1, 2]),
            "stateless_gamma": lambda: r.stateless_gamma([3, 2], seed=[1, 2], alpha=[1.0, 2.0]),
            "stateless_gamma not broadcast": lambda: r.stateless_gamma(
                [2], seed=[1, 2], alpha=[1.0, 2.0, 3.0]
            ),
            "stateless_poisson": lambda: r.stateless_poisson([3, 2], seed=[1, 2], lam=[1.0, 2.0]),
            "stateless_poisson not broadcast": lambda: r.stateless_poisson(
                [3], seed=[1, 2], lam=[1.0, 2.0]
            ),
            "stateless_binomial": lambda: r.stateless_binomial(
                [4], seed=[1, 2], counts=10.0, probs=0.5
            ),
            "stateless_parameterized": lambda: r.stateless_parameterized_truncated_normal(
                [3], seed=[1, 2], means=[0.0, 1.0, 2.0], stddevs=1.0, minvals=-1.0, maxvals=3.0
            ),
            "stateless scalar seed": lambda: r.stateless_normal([2], seed=1),
            "stateless three seeds": lambda: r.stateless_normal([2], seed=[1, 2, 3]),
            "stateless float seed": lambda: r.stateless_normal([2], seed=[1.0, 2.0]),
            "stateless without seed": lambda: r.stateless_normal([2]),
            "stateless_split": lambda: r.split([1, 2], 3),
            "fold_in": lambda: r.fold_in([1, 2], 3),
            "experimental shuffle": lambda: r.experimental.stateless_shuffle(
                [1, 2, 3], seed=[1, 2]
            ),
            "index_shuffle": lambda: r.experimental.index_shuffle(tf.range(5), [1, 2], 4),
            "log_uniform": lambda: r.log_uniform_candidate_sampler([[1]], 1, 3, True, 10)[0],
            "negative shape": lambda: r.normal([-1]),
            "float shape": lambda: r.normal([2.0]),
            "dropout": lambda: tf.nn.dropout(tf.ones((2, 3)), 0.5),
            "dropout rate 1": lambda: tf.nn.dropout(tf.ones((2, 3)), 1.0),
            "dropout rate -1": lambda: tf.nn.dropout(tf.ones((2, 3)), -0.1),
            "dropout int": lambda: tf.nn.dropout(tf.ones((2, 3), tf.int32), 0.5),
            "stateless_dropout": lambda: tf.nn.experimental.stateless_dropout(
                tf.ones((2, 3)), 0.5, [1, 2]
            ),
        }
    )


@cases
def generator_shapes_and_dtypes(tf: Any, np: Any) -> Any:
    g = tf.random.Generator.from_seed(1)
    return _specs(
        {
            "normal": lambda: g.normal([2, 3]),
            "normal half": lambda: g.normal([2], dtype=tf.float16),
            "uniform": lambda: g.uniform([2]),
            "uniform int": lambda: g.uniform([2], maxval=10, dtype=tf.int32),
            "uniform int none": lambda: g.uniform([2], dtype=tf.int32),
            "uniform_full_int": lambda: g.uniform_full_int([2]),
            "uniform_full_int uint32": lambda: g.uniform_full_int([2], dtype=tf.uint32),
            "truncated": lambda: g.truncated_normal([2]),
            "binomial": lambda: g.binomial([3], counts=10.0, probs=0.5),
            "make_seeds": lambda: g.make_seeds(4),
            "state": lambda: g.state,
            "key": lambda: g.key,
        }
    )


@cases
def seeds(tf: Any, np: Any) -> Any:
    r = tf.random

    def after(seed: int, body: Callable[[], Any]) -> Any:
        r.set_seed(seed)
        return body()

    def pair(body: Callable[[], Any]) -> list[Any]:
        return [body(), body()]

    a, b = pair(lambda: after(1, lambda: r.normal([4])))
    c = after(2, lambda: r.normal([4]))
    d = after(1, lambda: pair(lambda: r.normal([4])))
    e = after(1, lambda: pair(lambda: r.normal([4], seed=7)))
    f = after(1, lambda: pair(lambda: r.normal([4], seed=7)))
    g, h = after(1, lambda: r.normal([4], seed=1)), after(1, lambda: r.normal([4], seed=2))
    return {
        "same global seed, same numbers": _same(tf, a, b),
        "other global seed": _same(tf, a, c),
        "two draws after one seed": _same(tf, d[0], d[1]),
        "two draws with an op seed": _same(tf, e[0], e[1]),
        "sequence repeats after set_seed": [_same(tf, e[0], f[0]), _same(tf, e[1], f[1])],
        "op seeds differ": _same(tf, g, h),
        "first draw equals": _same(tf, a, d[0]),
        "shuffle": sorted(after(1, lambda: r.shuffle(tf.range(10))).numpy().tolist())
        == list(range(10)),
    }


@cases
def stateless_seeds(tf: Any, np: Any) -> Any:
    r = tf.random
    draws: dict[str, Callable[[Any], Any]] = {
        "normal": lambda s: r.stateless_normal([4], seed=s),
        "uniform": lambda s: r.stateless_uniform([4], seed=s),
        "ints": lambda s: r.stateless_uniform([8], seed=s, minval=0, maxval=1000, dtype=tf.int32),
        "truncated": lambda s: r.stateless_truncated_normal([4], seed=s),
        "gamma": lambda s: r.stateless_gamma([4], seed=s, alpha=2.0),
        "categorical": lambda s: r.stateless_categorical([[0.0] * 100], 8, seed=s),
        "split": lambda s: r.split(s, 3),
        "fold_in": lambda s: r.fold_in(s, 5),
    }
    result: dict[str, Any] = {}
    for name, draw in draws.items():
        result[name] = [
            _same(tf, draw([1, 2]), draw([1, 2])),
            _same(tf, draw([1, 2]), draw([2, 1])),
            _same(tf, draw([1, 2]), draw((1, 2))),
            draw(tf.constant([1, 2], tf.int64)).dtype.name,
        ]
    compiled = tf.function(lambda: r.stateless_normal([4], seed=[1, 2]))
    result["inside a function"] = bool(
        tf.reduce_all(tf.abs(compiled() - r.stateless_normal([4], seed=[1, 2])) < 1e-6)
    )
    result["independent of the global seed"] = tf.random.set_seed(5) or _same(
        tf, compiled(), (tf.random.set_seed(6) or compiled())
    )
    return result


@cases
def generators(tf: Any, np: Any) -> Any:
    make = tf.random.Generator.from_seed
    a, b, c = make(1), make(1), make(2)
    first, second = a.normal([4]), a.normal([4])
    b_first = b.normal([4])
    clone = tf.random.Generator.from_state(b.state, alg="philox")
    parts = make(3).split(2)
    a.reset_from_seed(1)
    return {
        "same seed": _same(tf, first, b_first),
        "advances": _same(tf, first, second),
        "other seed": _same(tf, first, c.normal([4])),
        "reset": _same(tf, a.normal([4]), first),
        "from_state continues": _same(tf, clone.normal([4]), second),
        "split count": len(parts),
        "split differ": _same(tf, parts[0].normal([4]), parts[1].normal([4])),
        "global": type(tf.random.get_global_generator()).__name__,
        "non deterministic": _spec(tf.random.Generator.from_non_deterministic_state().normal([2])),
        "algorithm": attempt(lambda: int(a.algorithm)),
    }


@cases
def functions_draw_afresh(tf: Any, np: Any) -> Any:
    @tf.function
    def draw() -> Any:
        return tf.random.normal([4])

    generator = tf.random.Generator.from_seed(1)

    @tf.function
    def draw_from_generator() -> Any:
        return generator.normal([4])

    eager = tf.random.Generator.from_seed(1)
    pairs = [[draw_from_generator(), eager.normal([4])] for _ in range(2)]
    return {
        "two calls differ": not _same(tf, draw(), draw()),
        "generator in a function as eagerly": [
            bool(tf.reduce_all(tf.abs(a - b) < 1e-6)) for a, b in pairs
        ],
    }


@cases
def ranges(tf: Any, np: Any) -> Any:
    tf.random.set_seed(3)
    u = tf.random.uniform([5000])
    i = tf.random.uniform([5000], -2, 3, tf.int32)
    t = tf.random.truncated_normal([5000], mean=1.0, stddev=2.0)
    p = tf.random.stateless_parameterized_truncated_normal([2000], [1, 2], 0.0, 1.0, -0.5, 0.75)
    d = tf.nn.dropout(tf.ones([1000]), 0.25)
    return {
        "uniform": bool(tf.reduce_all((u >= 0.0) & (u < 1.0))),
        "ints": sorted(set(i.numpy().tolist())),
        "truncated": bool(tf.reduce_all(tf.abs(t - 1.0) <= 4.0)),
        "parameterized": bool(tf.reduce_all((p >= -0.5) & (p <= 0.75))),
        "dropout values": sorted(set(d.numpy().tolist())),
        "dropout zero": tf.nn.dropout([1.0, 2.0], 0.0),
        "poisson whole": bool(
            tf.reduce_all(
                tf.equal(tf.round(tf.random.poisson([100], 3.0)), tf.random.poisson([100], 3.0))
                | True
            )
        ),
        "categorical impossible": sorted(
            set(tf.random.categorical([[0.0, float("-inf")]], 50).numpy().ravel().tolist())
        ),
        "index_shuffle": sorted(
            tf.random.experimental.index_shuffle(tf.range(8), [1, 2], 7).numpy().tolist()
        ),
        "noise shape": bool(
            tf.reduce_all(
                tf.math.reduce_std(tf.nn.dropout(tf.ones([8, 5]), 0.5, noise_shape=[8, 1]), axis=1)
                == 0.0
            )
        ),
    }


@cases
def keras_random(tf: Any, np: Any) -> Any:
    r = tf.keras.random
    g = r.SeedGenerator(7)
    a, b = r.normal([4], seed=g), r.normal([4], seed=g)
    return {
        "int seed repeats": _same(tf, r.normal([4], seed=3), r.normal([4], seed=3)),
        "generator advances": _same(tf, a, b),
        "same generator seed": _same(tf, a, r.normal([4], seed=r.SeedGenerator(7))),
        "normal": _spec(r.normal([2, 2])),
        "uniform": _spec(r.uniform([2, 2], dtype="float64")),
        "randint": _spec(r.randint([2], 0, 5)),
        "categorical": _spec(r.categorical(tf.ones((2, 3)), 4)),
        "shuffle": sorted(np.array(r.shuffle(tf.range(5), seed=1)).tolist()),
        "dropout": _spec(r.dropout(tf.ones((3, 2)), 0.5)),
        "gamma": _spec(r.gamma([2], 1.0)),
        "beta": _spec(r.beta([2], 1.0, 2.0)),
        "binomial": _spec(r.binomial([2], 3.0, 0.5)),
        "truncated": _spec(r.truncated_normal([2])),
        "state": [tuple(g.state.shape), str(g.state.dtype)],
        "bad seed": attempt(lambda: r.normal([2], seed="a")),
        "float seed": attempt(lambda: r.SeedGenerator(1.5)),
    }
