"""Variables that withhold their value until it is first read."""

from __future__ import annotations

import copy

import pytest

import thalweg as tf
from thalweg._src.variables import late


@pytest.fixture
def calls():
    """Called at the first read of a Variable created while it waits."""
    made = []

    def watcher():
        made.append(tf.executing_eagerly())

    late.watchers.append(watcher)
    yield made
    late.watchers.remove(watcher)


def test_nothing_is_told_until_the_value_is_read(calls):
    v = tf.Variable(2.0)
    assert (v.shape, v.dtype, v.name) == ((), tf.float32, "Variable:0")
    assert calls == []
    assert float(v) == 2.0
    assert calls == [True]
    assert float(v + v) == 4.0
    assert calls == [True]


@pytest.mark.parametrize(
    ("use", "expected"),
    [
        (lambda v: v.assign_add(1.0), 3.0),
        (lambda v: v.assign(7.0), 7.0),
        (lambda v: v.assign(7.0) + 1.0, 8.0),
        (lambda v: copy.deepcopy(v), 2.0),
        (lambda v: tf.function(lambda: v * 2.0)(), 4.0),
        (lambda v: tf.function(lambda: v.assign_add(1.0))(), 3.0),
    ],
    ids=["assign_add", "assign", "result of assign", "copy", "compiled read", "compiled write"],
)
def test_every_use_finds_the_value(calls, use, expected):
    v = tf.Variable(2.0)
    assert float(use(v)) == expected
    assert all(calls)


def test_a_watcher_runs_outside_of_the_program_being_traced(calls):
    made = []

    @tf.function
    def f():
        if not made:
            made.append(tf.Variable(3.0))
        return made[0] * 2.0

    assert float(f()) == 6.0
    assert calls
    assert all(calls)


def test_modules_tell_when_an_attribute_is_set(calls):
    module = tf.Module()
    before = len(calls)
    module.x = 1
    assert len(calls) == before + 1


def test_a_variable_without_value_says_so():
    v = tf.Variable(1.0)
    del v._tensor
    with pytest.raises(AttributeError, match="_tensor"):
        v.numpy()
