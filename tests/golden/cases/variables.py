"""`tf.Variable`: assignment, slices, scatter methods, dtype and shape errors, properties."""

from __future__ import annotations

from typing import Any

from ..support import Cases, attempt

cases = Cases()


@cases
def assign_family(tf: Any, np: Any) -> Any:
    v = tf.Variable([1.0, 2.0])
    return [
        v.assign([3.0, 4.0]).numpy(),
        v.assign_add([1.0, 1.0]).numpy(),
        v.assign_sub(tf.constant([0.5, 0.5])).numpy(),
        v.assign_add(np.array([1.0, 2.0], np.float32)).numpy(),
        v.assign_add(np.array([1, 2])).numpy(),
        v.numpy(),
    ]


@cases
def assign_reads_later(tf: Any, np: Any) -> Any:
    v = tf.Variable(1.0)
    r = v.assign(2.0)
    before = v.read_value()
    v.assign(3.0)
    return [r.numpy(), before, v.value(), v.read_value()]


@cases
def assign_without_read_value(tf: Any, np: Any) -> Any:
    v = tf.Variable([1.0, 2.0])
    return [v.assign([2.0, 3.0], read_value=False), v.assign_add([1.0, 1.0], read_value=False), v]


@cases
def augmented_assignment(tf: Any, np: Any) -> Any:
    import operator

    v, x = tf.Variable([1.0, 2.0]), tf.constant([1.0, 2.0])
    names = ["iadd", "isub", "imul", "itruediv", "ipow", "ifloordiv", "imod"]
    return {
        "variable": [attempt(lambda n=n: getattr(operator, n)(v, 2.0)) for n in names],
        "tensor": [attempt(lambda n=n: getattr(operator, n)(x, 2.0)) for n in names],
        "variable afterwards": v,
    }


@cases
def slice_assign(tf: Any, np: Any) -> Any:
    v = tf.Variable(tf.zeros((3, 4)))
    v[0, 0].assign(3.0)
    v[1].assign([1.0, 2.0, 3.0, 4.0])
    v[:, 2].assign(tf.ones(3))
    v[2, 1:3].assign([7.0, 8.0])
    v[::2, ::-1].assign(tf.reshape(tf.range(8.0), (2, 4)))
    v[..., -1].assign([9.0, 9.0, 9.0])
    return v


@cases
def slice_assign_results(tf: Any, np: Any) -> Any:
    v = tf.Variable(tf.ones((3, 1)))
    return [
        v[0, 0].assign(3.0).numpy(),
        v[1].assign([2.0]).numpy(),
        attempt(lambda: v[1].assign_add([2.0])),
        attempt(lambda: v[2:].assign_sub([[4.0]])),
    ]


@cases
def slice_assign_broadcast(tf: Any, np: Any) -> Any:
    v = tf.Variable(tf.zeros((2, 3)))
    return [
        attempt(lambda: v[0].assign(5.0).numpy()),
        attempt(lambda: v[:, :2].assign([[1.0, 2.0]]).numpy()),
    ]


@cases
def slice_assign_newaxis(tf: Any, np: Any) -> Any:
    v = tf.Variable([1.0, 2.0, 3.0])
    v[tf.newaxis, :2].assign([[8.0, 9.0]])
    return v


@cases
def slice_assign_errors(tf: Any, np: Any) -> Any:
    v = tf.Variable(tf.zeros((2, 3)))
    return {
        "shape": attempt(lambda: v[0].assign([1.0, 2.0])),
        "dtype": attempt(lambda: v[0].assign(tf.constant([1, 2, 3]))),
        "string": attempt(lambda: v[0].assign("a")),
        "index": attempt(lambda: v[5].assign([1.0, 2.0, 3.0])),
    }


@cases
def tensor_item_assignment(tf: Any, np: Any) -> Any:
    x, v = tf.ones((2, 2)), tf.Variable(tf.ones((2, 2)))

    def set_tensor() -> None:
        x[0, 0] = 1.0

    def set_variable() -> None:
        v[0, 0] = 1.0

    def set_slice_attribute() -> None:
        x[0, 0].assign(3.0)

    return [attempt(set_tensor), attempt(set_variable), attempt(set_slice_attribute)]


@cases
def scatter_methods(tf: Any, np: Any) -> Any:
    def fresh() -> Any:
        return tf.Variable([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]])

    def slices(values: Any, indices: Any) -> Any:
        return tf.IndexedSlices(tf.constant(values), tf.constant(indices))

    return {
        "add": fresh().scatter_add(slices([[1.0, 1.0], [10.0, 10.0]], [0, 0])).numpy(),
        "sub": fresh().scatter_sub(slices([[1.0, 1.0]], [2])).numpy(),
        "update": fresh().scatter_update(slices([[9.0, 8.0]], [1])).numpy(),
        "max": fresh().scatter_max(slices([[4.0, 1.0]], [1])).numpy(),
        "min": fresh().scatter_min(slices([[4.0, 1.0]], [1])).numpy(),
        "mul": fresh().scatter_mul(slices([[2.0, 2.0], [3.0, 3.0]], [1, 1])).numpy(),
        "div": fresh().scatter_div(slices([[2.0, 2.0]], [1])).numpy(),
        "div of integers": tf.Variable([7, -7, 7]).scatter_div(slices([2, 2], [0, 1])).numpy(),
        "scalar": fresh().scatter_add(slices(1.0, [0, 2])).numpy(),
        "batch_update": tf.Variable([[1.0, 2.0], [3.0, 4.0]])
        .batch_scatter_update(
            tf.IndexedSlices(tf.constant([[9.0], [8.0]]), tf.constant([[0], [1]]))
        )
        .numpy(),
        "nd_add": fresh().scatter_nd_add([[0, 1], [0, 1], [2, 0]], [1.0, 2.0, 3.0]).numpy(),
        "nd_sub": fresh().scatter_nd_sub([[1]], [[1.0, 1.0]]).numpy(),
        "nd_update": fresh().scatter_nd_update([[1, 0]], [7.0]).numpy(),
    }


@cases
def scatter_errors(tf: Any, np: Any) -> Any:
    v = tf.Variable([1.0, 2.0])
    return {
        "not slices": attempt(lambda: v.scatter_add(tf.constant([1.0]))),
        "out of range": attempt(lambda: v.scatter_nd_update([[5]], [1.0])),
        "slices out of range": attempt(
            lambda: v.scatter_add(tf.IndexedSlices(tf.constant([1.0]), tf.constant([5])))
        ),
        "negative": attempt(
            lambda: v.scatter_update(tf.IndexedSlices(tf.constant([1.0]), tf.constant([-1])))
        ),
        "batch out of range": attempt(
            lambda: v.batch_scatter_update(tf.IndexedSlices(tf.constant([1.0]), tf.constant([5])))
        ),
        "shape": attempt(
            lambda: v.scatter_add(tf.IndexedSlices(tf.constant([1.0, 2.0]), tf.constant([0])))
        ),
        "nd shape": attempt(lambda: v.scatter_nd_add([[0]], [1.0, 2.0])),
        "afterwards": v,
        "nd dtype": attempt(lambda: v.scatter_nd_update([[0]], tf.constant([1]))),
    }


@cases
def sparse_read_and_gather_nd(tf: Any, np: Any) -> Any:
    v = tf.Variable([[1.0, 2.0], [3.0, 4.0]])
    return [v.sparse_read([1, 0, 1]), v.gather_nd([[0, 1], [1, 0]])]


@cases
def assign_errors(tf: Any, np: Any) -> Any:
    v, i = tf.Variable([1.0, 2.0]), tf.Variable([1, 2])
    return {
        "shape": attempt(lambda: v.assign([1.0, 2.0, 3.0])),
        "scalar": attempt(lambda: v.assign(1.0)),
        "add shape": attempt(lambda: v.assign_add([1.0, 2.0, 3.0])),
        "add scalar": attempt(lambda: v.assign_add(1.0)),
        "dtype tensor": attempt(lambda: v.assign(tf.constant([1, 2]))),
        "dtype numpy float64": attempt(lambda: v.assign(np.array([1.0, 2.0])).numpy()),
        "dtype numpy int": attempt(lambda: v.assign(np.array([1, 2])).numpy()),
        "float list into int": attempt(lambda: i.assign([1.5, 2.5])),
        "numpy float into int": attempt(lambda: i.assign(np.array([1.5, 2.5])).numpy()),
        "int list into float": attempt(lambda: v.assign([1, 2]).numpy()),
        "string": attempt(lambda: v.assign(["a", "b"])),
        "none": attempt(lambda: v.assign(None)),
        "bool": attempt(lambda: v.assign([True, False])),
    }


@cases
def shape_relaxed(tf: Any, np: Any) -> Any:
    v = tf.Variable([1.0, 2.0], shape=tf.TensorShape(None))
    w = tf.Variable([[1.0, 2.0]], shape=tf.TensorShape([None, 2]))
    v.assign([[1.0, 2.0, 3.0]])
    w.assign([[1.0, 2.0], [3.0, 4.0]])
    return [
        v.numpy(),
        w.numpy(),
        str(v.shape),
        str(w.shape),
        attempt(lambda: w.assign([[1.0, 2.0, 3.0]])),
    ]


@cases
def creation_dtypes(tf: Any, np: Any) -> Any:
    return {
        "int": tf.Variable(1).dtype.name,
        "float": tf.Variable(1.0).dtype.name,
        "bool": tf.Variable(True).dtype.name,
        "string": tf.Variable("a").dtype.name,
        "np float64": tf.Variable(np.ones(2)).dtype.name,
        "dtype": tf.Variable([1, 2], dtype=tf.float64).dtype.name,
        "dtype name": tf.Variable([1, 2], dtype="float16").dtype.name,
        "complex": tf.Variable(1j).dtype.name,
        "callable": tf.Variable(lambda: tf.ones(3), dtype=tf.float32).numpy(),
        "from variable": tf.Variable(tf.Variable([1.0, 2.0])).numpy(),
        "tensor with other dtype": attempt(
            lambda: tf.Variable(tf.constant([1, 2]), dtype=tf.float32)
        ),
        "float as int": attempt(lambda: tf.Variable([1.5], dtype=tf.int32)),
        "none": attempt(lambda: tf.Variable(None)),
        "nothing": attempt(lambda: tf.Variable()),
        "ragged list": attempt(lambda: tf.Variable([[1], [2, 3]])),
        "wrong shape": attempt(lambda: tf.Variable([1.0, 2.0], shape=[3])),
    }


@cases
def properties(tf: Any, np: Any) -> Any:
    v = tf.Variable([[1.0, 2.0]], name="weights", trainable=False)
    return {
        "name": v.name,
        "default name": tf.Variable(1.0).name,
        "shape": v.shape.as_list(),
        "dtype": v.dtype.name,
        "trainable": v.trainable,
        "default trainable": tf.Variable(1.0).trainable,
        "int trainable": tf.Variable(1).trainable,
        "numpy": v.numpy(),
        "len": attempt(lambda: len(v)),
        "bool": bool(tf.Variable(1.0)),
        "float": float(tf.Variable(2.5)),
        "int": int(tf.Variable(2)),
        "index": attempt(lambda: [10, 20, 30][tf.Variable(1)]),
        "index by value": [10, 20, 30][tf.constant(1)],
        "array": np.array(v),
        "ndim": attempt(lambda: v.ndim),
        "initialized": attempt(lambda: bool(v.is_initialized())),
        "get_shape": v.get_shape().as_list(),
        "ref equal": v.ref() == v.ref(),
        "deref": v.ref().deref() is v,
        "item": attempt(lambda: v.numpy().item(1)),
    }


@cases
def graph_mode_attributes(tf: Any, np: Any) -> Any:
    v = tf.Variable(1.0)
    return {
        "op": attempt(lambda: v.op),
        "graph": attempt(lambda: v.graph),
        "handle dtype": attempt(lambda: v.handle.dtype.name),
        "initializer": attempt(lambda: v.initializer),
        "initial_value": attempt(lambda: v.initial_value),
        "eval": attempt(lambda: v.eval()),
        "nothing": attempt(lambda: v.nothing),
        "tensor op": attempt(lambda: v.value().op),
        "tensor graph": attempt(lambda: v.value().graph),
        "tensor name": attempt(lambda: v.value().name),
    }


@cases
def name_scopes(tf: Any, np: Any) -> Any:
    names: list[Any] = []
    with tf.name_scope("a") as outer:
        names += [outer, tf.Variable(1.0, name="w").name]
        with tf.name_scope("b") as inner:
            names += [inner, tf.Variable(1.0).name]
        with tf.name_scope("z/") as absolute:
            names += [absolute, tf.Variable(1.0).name]
        with tf.name_scope("") as root:
            names += [root, tf.Variable(1.0).name]
        names.append(tf.Module(name="m").name_scope.name)
    names += [tf.Variable(1.0).name, tf.name_scope("k").name]
    return [*names, attempt(lambda: tf.name_scope(None))]


@cases
def module_name_scope(tf: Any, np: Any) -> Any:
    class Part(tf.Module):
        @tf.Module.with_name_scope
        def __call__(self) -> str:
            return tf.Variable(1.0, name="w").name

    class Whole(tf.Module):
        def __init__(self) -> None:
            super().__init__()
            with self.name_scope:
                self.part = Part(name="inner")

    return [Part()(), Part(name="other")(), Whole().part(), Whole().name_scope.name]


@cases
def equality_and_hash(tf: Any, np: Any) -> Any:
    v, w = tf.Variable([1.0, 2.0]), tf.Variable([1.0, 3.0])
    return {
        "equal": v == w,
        "not equal": v != w,
        "other shape": attempt(lambda: v == tf.Variable([1.0, 2.0, 3.0])),
        "with none": attempt(lambda: v == None),  # noqa: E711
        "hash": attempt(lambda: hash(v)),
        "in list": attempt(lambda: v in [v]),
        "bool of many": attempt(lambda: bool(v)),
        "iterate": [x for x in v],
        "contains": attempt(lambda: 1.0 in v),
    }


@cases
def operators_on_variables(tf: Any, np: Any) -> Any:
    v = tf.Variable([1.0, -2.0])
    return [v + 1, 1 - v, v * v, v / 2, v**2, -v, abs(v), v > 0, v[1], v % 2, v // 2]


@cases
def dtype_errors_on_variables(tf: Any, np: Any) -> Any:
    v, i = tf.Variable([1.0]), tf.Variable([1])
    return {
        "float + int": attempt(lambda: v + i),
        "float + float64": attempt(lambda: v + tf.constant([1.0], tf.float64)),
        "matmul": attempt(lambda: tf.matmul(tf.Variable([[1.0]]), tf.Variable([[1]]))),
        "int + 1.5": attempt(lambda: i + 1.5),
        "assign_add": attempt(lambda: v.assign_add(i)),
        "assign": attempt(lambda: v.assign(i)),
    }


@cases
def copying(tf: Any, np: Any) -> Any:
    import copy

    v = tf.Variable([1.0, 2.0])
    w = copy.deepcopy(v)
    v.assign([5.0, 6.0])
    return [v, w, attempt(lambda: copy.copy(v) is v)]


@cases
def numpy_result_is_a_snapshot(tf: Any, np: Any) -> Any:
    v = tf.Variable([1.0, 2.0])
    before = v.numpy()
    v.assign_add([1.0, 1.0])
    return [before, v.numpy()]


@cases
def count_up_and_counters(tf: Any, np: Any) -> Any:
    step = tf.Variable(0, dtype=tf.int64)
    for _ in range(3):
        step.assign_add(1)
    return [step, step.assign_sub(5).numpy()]


@cases
def string_variable(tf: Any, np: Any) -> Any:
    v = tf.Variable(["a", "b"])
    v.assign(["c", "dd"])
    return v.numpy().tolist() == [b"c", b"dd"]


@cases
def bool_variable(tf: Any, np: Any) -> Any:
    v = tf.Variable([True, False])
    v.assign([False, False])
    return [v, tf.reduce_any(v)]


@cases
def constraint_and_module(tf: Any, np: Any) -> Any:
    class Part(tf.Module):
        def __init__(self) -> None:
            super().__init__(name="part")
            self.w = tf.Variable([1.0], name="w")
            self.frozen = tf.Variable([2.0], trainable=False, name="frozen")
            self.children = [tf.Variable([3.0], name="listed")]
            self.table = {"b": tf.Variable([5.0], name="b"), "a": tf.Variable([4.0], name="a")}

    part = Part()
    return {
        "variables": [v.name for v in part.variables],
        "trainable": [v.name for v in part.trainable_variables],
        "non trainable": [v.name for v in part.non_trainable_variables],
        "values": [v.numpy() for v in part.variables],
        "name": part.name,
    }


@cases
def module_nesting(tf: Any, np: Any) -> Any:
    class Inner(tf.Module):
        def __init__(self, name: str | None = None) -> None:
            super().__init__(name=name)
            self.w = tf.Variable(1.0, name="w")

    class Outer(tf.Module):
        def __init__(self) -> None:
            super().__init__()
            self.a, self.b = Inner(), Inner(name="second")
            self.layers = [Inner(), Inner()]

    outer = Outer()
    return [
        outer.name,
        [m.name for m in outer.submodules],
        len(outer.variables),
        outer.a.name_scope.name,
    ]
