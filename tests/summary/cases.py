"""Summaries that TensorFlow and thalweg write alike; each is one event."""

from __future__ import annotations


def _scoped(tf):
    with tf.name_scope("outer"), tf.name_scope("inner"):
        return tf.summary.scalar("a/b c?", 1.5, step=1)


def _in_function(tf):
    step = tf.Variable(6, dtype=tf.int64)

    @tf.function
    def f(x):
        with tf.name_scope("model"):
            return tf.summary.scalar("compiled", x * 2.0, step=step)

    return f(tf.constant(0.25))


def _values(np):
    return np.random.RandomState(0).standard_normal(1000)


# Those whose bytes depend on nothing but their arguments.
EXACT = {
    "scalar": lambda tf, np: tf.summary.scalar("loss", 0.1, step=3),
    "scalar of int": lambda tf, np: tf.summary.scalar("n", 7, step=0),
    "scalar of bool": lambda tf, np: tf.summary.scalar("flag", True, step=1),
    "scalar of float64": lambda tf, np: tf.summary.scalar(
        "x", tf.constant(1 / 3, tf.float64), step=1
    ),
    "scalar of bfloat16": lambda tf, np: tf.summary.scalar(
        "x", tf.constant(1.5, tf.bfloat16), step=1
    ),
    "scalar of 0": lambda tf, np: tf.summary.scalar("zero", 0.0, step=1),
    "scalar of nan": lambda tf, np: tf.summary.scalar("nan", float("nan"), step=1),
    "scalar with description": lambda tf, np: tf.summary.scalar(
        "x", 1.0, step=1, description="*what*"
    ),
    "scalar at a negative step": lambda tf, np: tf.summary.scalar("x", 1.0, step=-3),
    "scalar at a large step": lambda tf, np: tf.summary.scalar("x", 1.0, step=2**40),
    "scalar at a variable": lambda tf, np: tf.summary.scalar(
        "x", 1.0, step=tf.Variable(5, dtype=tf.int64)
    ),
    "scalar in scopes": lambda tf, np: _scoped(tf),
    "scalar in a function": lambda tf, np: _in_function(tf),
    "scalar of a non-ascii name": lambda tf, np: tf.summary.scalar("größe/é", 1.0, step=1),
    "histogram": lambda tf, np: tf.summary.histogram("h", _values(np), step=1),
    "histogram of float32": lambda tf, np: tf.summary.histogram(
        "h", _values(np).astype("f"), step=1
    ),
    "histogram of ints": lambda tf, np: tf.summary.histogram(
        "h", [[1, 2, 2], [3, 9, 9]], step=1, buckets=4
    ),
    "histogram of 1 bucket": lambda tf, np: tf.summary.histogram(
        "h", [1.0, 2.0, 4.0], step=1, buckets=1
    ),
    "histogram of one value": lambda tf, np: tf.summary.histogram(
        "h", [2.0, 2.0], step=1, buckets=3
    ),
    "histogram of a scalar": lambda tf, np: tf.summary.histogram("h", 3.0, step=1, buckets=2),
    "histogram of nothing": lambda tf, np: tf.summary.histogram(
        "h", np.zeros(0), step=1, buckets=2
    ),
    "histogram of 0 buckets": lambda tf, np: tf.summary.histogram(
        "h", [1.0, 2.0], step=1, buckets=0
    ),
    "histogram with description": lambda tf, np: tf.summary.histogram("h", [0.0], 1, 1, "what"),
    "text": lambda tf, np: tf.summary.text("t", "some *text*", step=1),
    "text of many": lambda tf, np: tf.summary.text("t", [["a", "b"], ["", "é"]], step=1),
    "text of nothing": lambda tf, np: tf.summary.text(
        "t", np.array([], object).astype(str), step=1
    ),
    "audio": lambda tf, np: tf.summary.audio(
        "au", np.sin(np.arange(40, dtype="f")).reshape(2, 10, 2), 8000, step=1, description="two"
    ),
    "audio beyond the range": lambda tf, np: tf.summary.audio(
        "au", np.array([[[-2.0], [2.0], [1e-5], [-1e-5]]], "f"), 44100, step=1, encoding="wav"
    ),
    "audio of at most 1": lambda tf, np: tf.summary.audio(
        "au", np.ones((3, 2, 1), "f"), 100, step=1, max_outputs=1
    ),
    "image of at most 0": lambda tf, np: tf.summary.image(
        "i", np.zeros((2, 3, 4, 1)), 1, max_outputs=0
    ),
    "write": lambda tf, np: tf.summary.write("raw", tf.constant([[1, 2]], tf.int64), step=1),
    "write of text": lambda tf, np: tf.summary.write("raw", "text", step=1),
    "write of a function": lambda tf, np: tf.summary.write(
        "raw", lambda: tf.constant([True, False]), step=1
    ),
    "write of complex numbers": lambda tf, np: tf.summary.write(
        "raw", tf.constant([1 + 2j]), step=1
    ),
    "raw message": lambda tf, np: tf.summary.experimental.write_raw_pb(
        b"\n\x08\n\x01a\x15\x00\x00\x80?", step=4
    ),
}


def _ramp(np, dtype, channels):
    size = 2 * 4 * 5 * channels
    top = 1.2 if dtype == "float32" else np.iinfo(dtype).max
    ramp = np.linspace(-0.1 if dtype == "float32" else 0, top, size)
    return ramp.astype(dtype).reshape(2, 4, 5, channels)


# Those that hold PNG files, which may be compressed in many ways.
IMAGES = {
    f"{dtype} {channels}": lambda tf, np, d=dtype, c=channels: tf.summary.image(
        "i", _ramp(np, d, c), step=2
    )
    for dtype in ("float32", "uint8", "int8", "uint16", "int32")
    for channels in ((1, 2, 3, 4) if dtype in ("float32", "uint8") else (1,))
}
