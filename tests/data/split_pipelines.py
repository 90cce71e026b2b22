"""Pipelines whose functions of elements have a part on the host."""

from __future__ import annotations

import thalweg as tf
from tests.data.row import Row
from tests.data.sample_pictures import SIZES, pictures

Dataset = tf.data.Dataset
WORDS = ["Ice", " snow ", "", "rain 12", "fog"]


def words():
    return Dataset.from_tensor_slices(WORDS)


def files():
    return Dataset.from_tensor_slices((pictures(), list(range(len(SIZES)))))


def picture(path):
    return tf.io.decode_jpeg(tf.io.read_file(path), channels=3)


def augmented(path, label):
    image = tf.image.resize(picture(path), (6, 6))
    return tf.image.random_flip_left_right(image, seed=1) / 255.0, label


def shorter_side_to_eight(path, _):
    image = picture(path)
    sides = tf.cast(tf.shape(image)[:2], tf.float32)
    size = tf.cast(tf.round(sides * 8.0 / tf.reduce_min(sides)), tf.int32)
    return tf.image.resize_with_crop_or_pad(tf.image.resize(image, size), 8, 8)


def drawn_before(path, _):
    image = tf.image.random_flip_up_down(picture(path), seed=2)
    image = tf.image.random_crop(image, (5, 5, 3), seed=3)
    return tf.cast(image, tf.float32) + tf.random.normal((5, 5, 3), seed=4)


def middle(path, _):
    image = picture(path)
    height, width = tf.shape(image)[0], tf.shape(image)[1]
    return tf.image.crop_to_bounding_box(image, (height - 5) // 2, (width - 5) // 2, 5, 5)


def padded_words(text):
    words = tf.strings.length(tf.strings.split(text))
    return tf.pad(words, [[0, 3 - tf.size(words)]]) * 2, words[: tf.size(words) // 2]


def next_letters(text):
    letters = tf.strings.length(tf.strings.bytes_split(text))
    letters = tf.concat([letters, tf.zeros([8], tf.int32)], 0)[:8]
    return letters[:-1], letters[1:]


def table():
    pairs = tf.lookup.KeyValueTensorInitializer(["ice", "fog"], [1, 2])
    return tf.lookup.StaticHashTable(pairs, default_value=0)


def mapped(name, function, expected, build=words, **options):
    return Row(name, lambda: build().map(function, **options), expected, cardinality=len(expected))


SHAPES = [[*size, 3] for size in SIZES]
SPLIT_ROWS = [
    mapped("split_texts", tf.strings.lower, [b"ice", b" snow ", b"", b"rain 12", b"fog"]),
    mapped(
        "split_texts_to_numbers",
        lambda s: tf.strings.length(tf.strings.strip(s)) * 2,
        [6, 8, 0, 14, 6],
    ),
    mapped(
        "split_numbers_to_texts",
        lambda v: {"text": tf.strings.as_string(v * 3), "same": v},
        [{"text": str(3 * v).encode(), "same": v} for v in range(4)],
        lambda: Dataset.range(4),
    ),
    mapped(
        "split_through_a_table",
        lambda s: tf.one_hot(table().lookup(tf.strings.lower(s)), 3),
        [[0.0, 1.0, 0.0], *[[1.0, 0.0, 0.0]] * 3, [0.0, 0.0, 1.0]],
    ),
    mapped(
        "split_words_back",
        lambda s: tf.gather(
            tf.constant(["short", "long"]), tf.cast(tf.strings.length(s) > 3, tf.int32)
        ),
        [b"short", b"long", b"short", b"long", b"short"],
    ),
    mapped(
        "split_of_lengths",
        lambda s: tf.strings.reduce_join(tf.strings.split(s)[::-1], separator="+"),
        [b"Ice", b"snow", b"", b"12+rain", b"fog"],
    ),
    mapped(
        "split_ragged",
        lambda s: tf.strings.split([s, "x y"]),
        [
            [[b"Ice"], [b"x", b"y"]],
            [[b"snow"], [b"x", b"y"]],
            [[], [b"x", b"y"]],
            [[b"rain", b"12"], [b"x", b"y"]],
            [[b"fog"], [b"x", b"y"]],
        ],
    ),
    mapped(
        "split_of_batches",
        lambda s: (tf.strings.upper(s), tf.strings.length(s) + 1),
        [([b"ICE", b" SNOW "], [4, 7]), ([b"", b"RAIN 12"], [1, 8]), ([b"FOG"], [4])],
        lambda: words().batch(2),
    ),
    mapped(
        "split_with_python",
        lambda s: tf.py_function(lambda t: len(t.numpy()), [s], tf.int32) + tf.strings.length(s),
        [6, 12, 0, 14, 6],
    ),
    mapped(
        "split_between_programs",
        lambda v: tf.strings.to_number(tf.strings.as_string(v * 2), tf.int32) * 2,
        [0, 4, 8],
        lambda: Dataset.range(3),
    ),
    mapped("split_shapes", lambda path, _: tf.shape(picture(path)), SHAPES, files),
    mapped(
        "split_shapes_in_python",
        lambda path, _: [size * 2 for size in picture(path).shape],
        [tuple(2 * n for n in shape) for shape in SHAPES],
        files,
    ),
    mapped(
        "split_at_sizes",
        padded_words,
        [([6, 0, 0], []), ([8, 0, 0], []), ([0, 0, 0], []), ([8, 4, 0], [4]), ([6, 0, 0], [])],
    ),
    mapped(
        "split_filled_up",
        next_letters,
        [([1] * n + [0] * (7 - n), [1] * (n - 1) + [0] * (8 - n)) for n in (3, 6)]
        + [([0] * 7, [0] * 7)]
        + [([1] * n + [0] * (7 - n), [1] * (n - 1) + [0] * (8 - n)) for n in (7, 3)],
    ),
    Row("split_resized_by_sizes", lambda: files().map(shorter_side_to_eight), cardinality=8),
    Row("split_cut_by_sizes", lambda: files().map(middle), cardinality=8),
    Row("split_drawn_before", lambda: files().map(drawn_before), cardinality=8),
    Row("split_pictures", lambda: files().map(augmented), cardinality=len(SIZES)),
    Row(
        "split_pictures_in_threads",
        lambda: files().map(augmented, num_parallel_calls=2).batch(3),
        cardinality=3,
    ),
    Row(
        "split_pictures_shuffled",
        lambda: (
            files()
            .map(lambda path, label: (tf.image.resize(picture(path), (4, 4)), label))
            .shuffle(8, seed=1)
        ),
        cardinality=len(SIZES),
    ),
    Row(
        "split_pictures_ahead",
        lambda: files().map(augmented, num_parallel_calls=2).prefetch(2),
        cardinality=len(SIZES),
    ),
    Row(
        "split_errors",
        lambda: (
            Dataset.from_tensor_slices(["1", "x", "3", "", "5"])
            .map(tf.strings.to_number)
            .ignore_errors()
        ),
        [1.0, 3.0, 5.0],
    ),
    Row(
        "split_errors_of_files",
        lambda: (
            Dataset.from_tensor_slices(["missing", *pictures()[:3], "none", *pictures()[3:5]])
            .map(lambda path: tf.reduce_max(tf.shape(tf.image.resize(picture(path), (4, 5)))))
            .ignore_errors()
        ),
        [5] * 5,
    ),
    Row(
        "split_filter",
        lambda: words().filter(lambda s: tf.strings.length(s) > 3),
        [b" snow ", b"rain 12"],
    ),
    Row(
        "split_filter_of_files",
        lambda: (
            files()
            .filter(lambda path, _: tf.shape(picture(path))[0] > 9)
            .map(lambda _, label: label)
        ),
        [1, 2, 4, 5, 7],
    ),
]
