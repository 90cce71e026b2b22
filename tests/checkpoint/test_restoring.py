"""Values into Variables: all or none, and into those that come later."""

from __future__ import annotations

import gc
import logging

import numpy as np
import pytest

import thalweg as tf
from thalweg._src.base.errors import RestoreError
from thalweg._src.checkpoint import restoring
from thalweg._src.variables import late


class Lazy(tf.Module):
    """Creates its Variables at the first call."""

    def __init__(self):
        super().__init__()
        self.built = False

    def __call__(self, x):
        if not self.built:
            self.w = tf.Variable(tf.zeros((2, 2)))
            self.b = tf.Variable(tf.zeros(2))
            self.built = True
        return tf.matmul(x, self.w) + self.b


@pytest.fixture
def saved(tmp_path):
    """A checkpoint of a Lazy net with w of twos and b of threes."""
    net = Lazy()
    net(tf.ones((1, 2)))
    net.w.assign(tf.fill((2, 2), 2.0))
    net.b.assign(tf.fill((2,), 3.0))
    return tf.train.Checkpoint(net=net).write(str(tmp_path / "c"))


def test_arrays_go_into_variables_of_the_same_names():
    variables = {"a": tf.Variable([0.0, 0.0]), "b": tf.Variable(0)}
    report = restoring.assign_arrays(
        variables, {"a": np.array([1.0, 2.0], np.float32), "b": np.array(5, np.int32)}
    )
    assert report == restoring.Report(mapped=["a", "b"])
    assert variables["a"].numpy().tolist() == [1.0, 2.0]
    assert variables["b"].numpy() == 5


@pytest.mark.parametrize(
    ("arrays", "complaint"),
    [
        ({"a": np.ones(2, np.float32)}, "1 missing: b"),
        ({"a": np.ones(2, np.float32), "b": np.int32(1), "c": np.zeros(1)}, "1 unexpected: c"),
        (
            {"a": np.ones(3, np.float32), "b": np.int32(1)},
            r"1 misshapen: a float32\[3\] for float32\(2,\)",
        ),
        ({"a": np.ones(2), "b": np.int32(1)}, r"1 misshapen: a float64\[2\] for float32\(2,\)"),
    ],
    ids=["missing", "unexpected", "shape", "dtype"],
)
def test_nothing_changes_when_something_does_not_fit(arrays, complaint):
    variables = {"a": tf.Variable([0.0, 0.0]), "b": tf.Variable(0)}
    with pytest.raises(RestoreError, match=complaint):
        restoring.assign_arrays(variables, {k: np.asarray(x) for k, x in arrays.items()})
    assert variables["a"].numpy().tolist() == [0.0, 0.0]
    assert variables["b"].numpy() == 0


def test_a_part_may_be_assigned():
    variables = {"a": tf.Variable(0.0), "b": tf.Variable(0.0)}
    arrays = {"a": np.float32(1), "c": np.float32(2)}
    report = restoring.assign_arrays(variables, arrays, strict=False)
    assert report == restoring.Report(["a"], ["b"], ["c"])
    assert [float(variables["a"]), float(variables["b"])] == [1.0, 0.0]


def test_a_variable_of_any_shape_takes_all():
    variable = tf.Variable([0.0], shape=tf.TensorShape(None))
    restoring.assign_arrays({"a": variable}, {"a": np.ones((2, 2), np.float32)})
    assert variable.numpy().shape == (2, 2)


def test_variables_that_come_later_take_their_values(saved):
    net = Lazy()
    status = tf.train.Checkpoint(net=net).restore(saved)
    assert net(tf.ones((1, 2))).numpy().tolist() == [[7.0, 7.0]]
    status.assert_consumed()
    assert late.watchers == []


def test_variables_created_inside_a_compiled_function_take_their_values(saved):
    net = Lazy()
    tf.train.Checkpoint(net=net).restore(saved)
    compiled = tf.function(lambda x: net(x))
    assert compiled(tf.ones((1, 2))).numpy().tolist() == [[7.0, 7.0]]
    assert net.b.numpy().tolist() == [3.0, 3.0]


def test_values_wait_as_long_as_the_objects_live_not_the_checkpoint(saved):
    net = Lazy()
    tf.train.Checkpoint(net=net).restore(saved)
    gc.collect()
    assert len(late.watchers) == 1
    assert net(tf.ones((1, 2))).numpy().tolist() == [[7.0, 7.0]]


def test_values_wait_for_nobody_when_the_objects_are_gone(saved, caplog):
    net = Lazy()
    tf.train.Checkpoint(net=net).restore(saved)
    del net
    with caplog.at_level(logging.WARNING, "thalweg"):
        gc.collect()
    assert late.watchers == []
    assert "2 unexpected: net/b, net/w; call expect_partial()" in caplog.text


def test_expect_partial_leaves_out_the_warning(saved, caplog):
    net = Lazy()
    tf.train.Checkpoint(net=net).restore(saved).expect_partial()
    del net
    gc.collect()
    assert caplog.text == ""


def test_files_may_be_deleted_while_values_wait(saved, tmp_path):
    net = Lazy()
    tf.train.Checkpoint(net=net).restore(saved)
    for path in tmp_path.iterdir():
        path.unlink()
    assert net(tf.ones((1, 2))).numpy().tolist() == [[7.0, 7.0]]


def test_what_is_assigned_before_it_is_read_stays(saved):
    net = Lazy()
    tf.train.Checkpoint(net=net).restore(saved)
    net.w = tf.Variable(tf.zeros((2, 2)))
    net.w.assign(tf.ones((2, 2)))
    assert net.w.numpy().tolist() == [[1.0, 1.0], [1.0, 1.0]]
    other = tf.Variable(tf.zeros((2, 2)))
    other.assign(tf.ones((2, 2)))
    assert other.numpy()[0, 0] == 1.0


def test_what_is_assigned_in_a_holder_before_it_is_read_stays(tmp_path):
    class Holder:
        parts: dict[str, tf.Variable] = {}

        def _checkpoint_children(self):
            return self.parts

    path = tf.train.Checkpoint(h={"v": tf.Variable(3.0)}).write(tmp_path / "c")
    holder = Holder()
    checkpoint = tf.train.Checkpoint(h=holder)
    status = checkpoint.restore(path)
    holder.parts["v"] = tf.Variable(0.0)
    holder.parts["v"].assign(1.0)
    status.assert_consumed()
    assert float(holder.parts["v"]) == 1.0
    checkpoint.restore(path).assert_consumed()
    assert float(holder.parts["v"]) == 3.0


def test_a_later_restore_overrides_what_was_assigned(saved):
    net = Lazy()
    checkpoint = tf.train.Checkpoint(net=net)
    status = checkpoint.restore(saved)
    net.w, net.b = tf.Variable(tf.zeros((2, 2))), tf.Variable(tf.zeros(2))
    net.b.assign(tf.ones(2))
    status.assert_consumed()
    assert net.b.numpy().tolist() == [1.0, 1.0]
    net.b.assign(tf.ones(2))
    checkpoint.restore(saved).assert_consumed()
    assert net.b.numpy().tolist() == [3.0, 3.0]


def test_a_variable_that_was_there_takes_its_value_when_it_is_set(saved):
    early = tf.Variable(tf.zeros(2))
    net = Lazy()
    tf.train.Checkpoint(net=net).restore(saved)
    assert early.numpy().tolist() == [0.0, 0.0]
    net.b = early
    assert early.numpy().tolist() == [3.0, 3.0]


def test_others_variables_keep_their_first_values_while_values_wait(saved):
    net = Lazy()
    tf.train.Checkpoint(net=net).restore(saved)
    other = tf.Variable([4.0])
    assert float((other + other)[0]) == 8.0
    added = tf.Variable(1.0)
    added.assign_add(1.0)
    assert float(added) == 2.0
    assert len(late.watchers) == 1


def test_a_late_misfit_is_told_once_and_changes_nothing(saved):
    net = Lazy()
    tf.train.Checkpoint(net=net).restore(saved)
    net.w = tf.Variable(tf.zeros((2, 2)))
    with pytest.raises(RestoreError, match=r"net/b float32\[2\] for float32\(3,\)"):
        net.b = tf.Variable(tf.zeros(3))
    assert net.w.numpy().tolist() == [[2.0, 2.0], [2.0, 2.0]]
    assert net.b.numpy().tolist() == [0.0, 0.0, 0.0]
    assert late.watchers == []


def test_a_later_restore_takes_the_place_of_the_first(saved, tmp_path):
    second = tf.train.Checkpoint(net={"w": tf.Variable(tf.ones((2, 2)))}).write(tmp_path / "second")
    net = Lazy()
    checkpoint = tf.train.Checkpoint(net=net)
    checkpoint.restore(saved)
    checkpoint.restore(second)
    net(tf.ones((1, 2)))
    assert net.w.numpy()[0, 0] == 1.0
    assert net.b.numpy()[0] == 0.0


def test_shared_variables_and_other_ways_match(tmp_path):
    w = tf.Variable(3.0)
    path = tf.train.Checkpoint(a=w, b={"c": w}).write(tmp_path / "c")
    one, two = tf.Variable(0.0), tf.Variable(0.0)
    tf.train.Checkpoint(a=one, b={"c": two}).restore(path).assert_consumed()
    assert [float(one), float(two)] == [3.0, 3.0]
    only = tf.Variable(0.0)
    tf.train.Checkpoint(b={"c": only}).restore(path).assert_consumed()
    assert float(only) == 3.0


def test_optimizers_slots_come_with_the_optimizer(tmp_path):
    def train(w, optimizer, steps):
        for _ in range(steps):
            with tf.GradientTape() as tape:
                loss = tf.reduce_sum(w * w)
            optimizer.apply_gradients([(tape.gradient(loss, w), w)])

    w, optimizer = tf.Variable([1.0, 2.0]), tf.keras.optimizers.Adam(0.1)
    train(w, optimizer, 2)
    path = tf.train.Checkpoint(adam=optimizer, w=w).save(tmp_path / "c")
    train(w, optimizer, 2)
    again, fresh = tf.Variable([0.0, 0.0]), tf.keras.optimizers.Adam(0.5)
    status = tf.train.Checkpoint(adam=fresh, w=again).restore(path)
    train(again, fresh, 2)
    status.assert_consumed()
    np.testing.assert_array_equal(again.numpy(), w.numpy())


def test_generators_go_on_where_they_stopped(tmp_path):
    generator = tf.random.Generator.from_seed(1)
    generator.uniform([2])
    path = tf.train.Checkpoint(g=generator).write(tmp_path / "c")
    expected = generator.uniform([2]).numpy()
    other = tf.random.Generator.from_seed(5)
    tf.train.Checkpoint(g=other).read(path).assert_consumed()
    np.testing.assert_array_equal(other.uniform([2]).numpy(), expected)


@pytest.mark.parametrize(
    "dtype", ["bfloat16", "int4", "bool", "complex128", "float8_e4m3fnuz", "int64"]
)
def test_variables_of_rare_dtypes_come_back(dtype, tmp_path):
    value = np.array([1, 0, 1]).astype(tf.as_dtype(dtype).numpy_dtype)
    path = tf.train.Checkpoint(v=tf.Variable(value)).write(tmp_path / "c")
    variable = tf.Variable(np.zeros_like(value))
    tf.train.Checkpoint(v=variable).read(path).assert_consumed()
    assert variable.numpy().tobytes() == value.tobytes()
