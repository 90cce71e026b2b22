"""Name scopes: prefixes of the names of Variables."""

from __future__ import annotations

import threading

import pytest

import thalweg as tf


def test_scopes_nest_and_end():
    with tf.name_scope("a") as outer, tf.name_scope("b") as inner:
        v = tf.Variable(1.0, name="w")
    assert (outer, inner) == ("a/", "a/b/")
    assert v.name == "a/b/w:0"
    assert repr(v).startswith("<tf.Variable 'a/b/w:0'")
    assert tf.Variable(1.0).name == "Variable:0"


def test_a_slash_makes_a_name_absolute_and_nothing_leaves_all_scopes():
    with tf.name_scope("a"):
        with tf.name_scope("b/") as absolute:
            assert absolute == "b/"
        with tf.name_scope("") as root:
            assert (root, tf.Variable(1.0).name) == ("", "Variable:0")
        assert tf.Variable(1.0).name == "a/Variable:0"


def test_an_error_inside_ends_the_scope():
    with pytest.raises(KeyError), tf.name_scope("a"):
        raise KeyError
    assert tf.Variable(1.0).name == "Variable:0"


def test_a_name_is_a_string():
    with pytest.raises(ValueError, match="expected the name as a str, got None"):
        tf.name_scope(None)


def test_threads_have_scopes_of_their_own():
    names = []
    with tf.name_scope("a"):
        thread = threading.Thread(target=lambda: names.append(tf.Variable(1.0).name))
        thread.start()
        thread.join()
    assert names == ["Variable:0"]


def test_modules_name_what_their_methods_make():
    class Part(tf.Module):
        @tf.Module.with_name_scope
        def build(self):
            self.w = tf.Variable(1.0, name="w")
            return self.w.name

    assert Part().build() == "part/w:0"
    with tf.name_scope("outer"):
        part = Part(name="inner")
    assert part.name == "inner"
    assert part.build() == "outer/inner/w:0"
    assert part.name_scope.name == "outer/inner/"


def test_weights_of_layers_keep_their_own_names():
    with tf.name_scope("a"):
        v = tf.keras.Variable([1.0], name="kernel")
    assert (v.name, v.path) == ("kernel", "kernel")
    assert v.assign([2.0]).name == "kernel"
