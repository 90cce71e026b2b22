"""Whether a summary is recorded, at which step, also inside compiled functions."""

from __future__ import annotations

import pytest

import thalweg as tf
from tests.summary import decoder
from thalweg._src.base.errors import InvalidArgumentError


@pytest.fixture
def log(tmp_path):
    """The scalars written so far: a function."""
    writer = tf.summary.create_file_writer(tmp_path)
    with writer.as_default():

        def found():
            writer.flush()
            (path,) = tmp_path.iterdir()
            return decoder.scalars(path)

        yield found
    writer.close()


def test_without_writer_nothing_is_written():
    assert tf.summary.should_record_summaries().numpy() == False  # noqa: E712
    assert not tf.summary.scalar("x", 1.0)
    assert not tf.summary.write("x", lambda: pytest.fail("made in vain"), step=1)


def test_a_step_is_needed(log):
    with pytest.raises(InvalidArgumentError, match=r"\[summary.scalar\] expected a step, got none"):
        tf.summary.scalar("x", 1.0)
    assert log() == []


@pytest.mark.parametrize("step", ["a", 1.5, [1, 2], tf.constant(1.0)], ids=repr)
def test_steps_are_integers(log, step):
    with pytest.raises(TypeError, match="step"):
        tf.summary.scalar("x", 1.0, step=step)


def test_steps_may_be_variables(log):
    step = tf.Variable(2)
    tf.summary.experimental.set_step(step)
    tf.summary.scalar("x", 1.0)
    step.assign_add(3)
    tf.summary.scalar("x", 1.0)
    tf.summary.scalar("x", 1.0, step=tf.constant(9, tf.int32))
    tf.summary.experimental.set_step(None)
    assert [s for s, _, _ in log()] == [2, 5, 9]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (True, True),
        (False, False),
        (None, True),
        (tf.constant(False), False),
        (lambda: tf.constant(True), True),
        (lambda: False, False),
    ],
    ids=["true", "false", "none", "tensor", "function of a tensor", "function"],
)
def test_a_condition_decides(log, condition, expected):
    with tf.summary.record_if(condition):
        assert bool(tf.summary.should_record_summaries()) is expected
        assert bool(tf.summary.scalar("x", 1.0, step=1)) is expected
    assert bool(tf.summary.should_record_summaries())
    assert len(log()) == expected


@pytest.mark.parametrize("condition", [3, "a"])
def test_conditions_are_bools(log, condition):
    with tf.summary.record_if(condition), pytest.raises((TypeError, ValueError)):
        tf.summary.scalar("x", 1.0, step=1)


def test_compiled_functions_write_each_time_they_run(log):
    step = tf.Variable(0, dtype=tf.int64)

    @tf.function
    def train(x):
        with tf.summary.record_if(tf.equal(step % 2, 0)):
            written = tf.summary.scalar("loss", x * 2.0, step=step)
        tf.summary.histogram("h", x, step=step)
        step.assign_add(1)
        return written

    assert [bool(train(tf.constant(float(i)))) for i in range(3)] == [True, False, True]
    assert log() == [(0, "loss", 0.0), (2, "loss", 4.0)]


def test_loops_and_branches_write_in_order(log):
    @tf.function
    def f(n):
        for i in tf.range(n):
            if i % 2 == 0:
                tf.summary.scalar("even", i, step=tf.cast(i, tf.int64))

    f(tf.constant(5))
    assert log() == [(0, "even", 0.0), (2, "even", 2.0), (4, "even", 4.0)]


def test_values_that_are_differentiated_are_written_once(log):
    @tf.function
    def f(x):
        with tf.GradientTape() as tape:
            tape.watch(x)
            y = x * x
            tf.summary.scalar("y", y, step=1)
        return tape.gradient(y, x)

    assert float(f(tf.constant(3.0))) == 6.0
    assert log() == [(1, "y", 9.0)]


def test_text_and_numbers_known_to_the_host_are_written_by_compiled_functions(log, tmp_path):
    @tf.function
    def f(x):
        tf.summary.text("t", "constant", step=1)
        tf.summary.scalar("rows", tf.shape(x)[0], step=1)
        return x

    f(tf.ones((4, 2)))
    assert log() == [(1, "rows", 4.0)]
    (path,) = tmp_path.iterdir()
    tags = [decoder.value_of(event)[0] for event in decoder.records(path)[1:]]
    assert tags == ["t", "rows"]


def test_the_context_may_be_opened_inside_a_compiled_function(tmp_path):
    writer = tf.summary.create_file_writer(tmp_path)

    @tf.function
    def f(x):
        with writer.as_default():
            tf.summary.scalar("x", x, step=1)

    f(tf.constant(2.0))
    (path,) = tmp_path.iterdir()
    assert decoder.scalars(path) == [(1, "x", 2.0)]
    writer.close()
    with pytest.raises(RuntimeError, match="is closed"):
        f(tf.constant(3.0))


def test_models_write_from_inside_fit(log):
    class Noted(tf.keras.layers.Layer):
        def call(self, inputs):
            tf.summary.scalar("mean", tf.reduce_mean(inputs), step=0)
            return inputs

    model = tf.keras.Sequential([Noted(), tf.keras.layers.Dense(1)])
    model.compile("sgd", "mse")
    model.fit(tf.ones((4, 2)).numpy(), tf.ones((4, 1)).numpy(), batch_size=2, verbose=0)
    assert [value for _, tag, value in log() if tag == "mean"] == [1.0, 1.0]


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("foo", ("o/foo", "o/foo/")),
        ("a b?c", ("o/a b?c", "o/abc/")),
        ("é", ("o/é", "o/bar/")),
        ("x/y", ("o/x/y", "o/x/y/")),
        ("", ("o/bar", "o/bar/")),
        (None, ("o/bar", "o/bar/")),
    ],
)
def test_scopes_give_tags(name, expected):
    with tf.name_scope("o"), tf.summary.experimental.summary_scope(name, "bar") as found:
        assert found == expected


def test_metadata_are_bytes_or_messages(log, tmp_path):
    class Message:
        def SerializeToString(self):
            return b"\n\x03\n\x01p"

    for metadata in (Message(), b"\n\x03\n\x01p"):
        assert tf.summary.write("x", [1.0], step=1, metadata=metadata)
    with pytest.raises(TypeError, match="metadata"):
        tf.summary.write("x", [1.0], step=1, metadata="text")
    log()
    (path,) = tmp_path.iterdir()
    assert [decoder.value_of(e)[1] for e in decoder.records(path)[1:]] == ["p", "p"]


@pytest.mark.parametrize("message", [3, [b"a", b"b"]], ids=repr)
def test_raw_messages_are_bytes(log, message):
    with pytest.raises(InvalidArgumentError, match="expected a message as bytes"):
        tf.summary.experimental.write_raw_pb(message, step=1)
