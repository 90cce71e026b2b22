"""Gradients of whole traced steps are those of a tape."""

from __future__ import annotations

import pytest

import thalweg as tf
from thalweg._src.function.differentiate import value_and_gradients


def read(v, w):
    return v * w


def assign_then_read(v, w):
    v.assign(w * 10.0)
    return v * v


def read_assign_read(v, w):
    first = v * v
    v.assign_add(w)
    return first + 3.0 * v


def assign_twice(v, w):
    v.assign(w)
    first = 2.0 * v
    v.assign(v * 5.0)
    return first + v * w


def assign_unread(v, w):
    v.assign(w)
    return w * w


def assign_by_itself_in_a_branch(v, w):
    tf.cond(w > 0.0, lambda: v.assign(v * 2.0), lambda: v.assign(w))
    return v * w


ROWS = [read, assign_then_read, read_assign_read, assign_twice, assign_unread, assign_by_itself_in_a_branch]


def numbers(gradients):
    return [0.0 if g is None else float(g) for g in gradients]


@pytest.mark.parametrize("compute", ROWS, ids=lambda f: f.__name__)
def test_assignments_are_sources_as_on_a_tape(compute):
    def variables():
        return [tf.Variable(2.0), tf.Variable(3.0)]

    taped = variables()
    with tf.GradientTape() as tape:
        loss = compute(*taped)
    expected = tape.gradient(loss, taped)

    traced = variables()

    @tf.function
    def step():
        loss, _, gradients = value_and_gradients(lambda: (compute(*traced), None), lambda: traced)
        return loss, gradients

    value, gradients = step()
    assert value == loss
    assert [v.numpy() for v in traced] == [v.numpy() for v in taped]
    # Where the loss reads a Variable but does not depend on it, only a tape says None.
    assert numbers(gradients) == numbers(expected)


def test_a_variable_that_is_not_read_has_no_gradient():
    v, w = tf.Variable(2.0), tf.Variable(3.0)

    @tf.function
    def step():
        _, _, gradients = value_and_gradients(lambda: (v * v, None), lambda: [v, w])
        assert gradients[1] is None
        return gradients[0]

    assert step() == 4.0
