"""Pipelines that read the files of folders."""

from __future__ import annotations

import functools

import numpy as np

import thalweg as tf
from tests.data.row import Row
from tests.golden.files import SOUNDS, TEXTS, folder, numbers, png

WORDS = {name: data for name, data in TEXTS.items() if name.lower().endswith(".txt")}
PIXELS = {f"{kind}/{i}.png": png(1, 1, seed=i) for kind in "ab" for i in range(5)}
FILES = {"words": WORDS, "pixels": PIXELS, "sounds": SOUNDS}


@functools.cache
def kept(name):
    """A folder that all pipelines read."""
    return folder(FILES[name])


def texts(**options):
    settings = {"shuffle": False, "verbose": False, "batch_size": None} | options
    return tf.keras.utils.text_dataset_from_directory(kept("words"), **settings)


def pixels(**options):
    """The first value of each image, and the label."""
    settings = {"shuffle": False, "verbose": False, "batch_size": None, "image_size": (1, 1)} | options
    found = tf.keras.utils.image_dataset_from_directory(kept("pixels"), **settings)
    return found.map(lambda image, label: (image[..., 0, 0, 0], label))


def sounds(**options):
    settings = {"shuffle": False, "verbose": False} | options
    return tf.keras.utils.audio_dataset_from_directory(kept("sounds"), **settings)


LABELLED = [(text, int(name.startswith("pos"))) for name, text in sorted(WORDS.items())]
POINTS = [(float(numbers(1, seed=i)[0]), label) for label in range(2) for i in range(5)]
FOLDER_ROWS = [
    Row("folder_texts", texts, LABELLED, cardinality=5),
    Row(
        "folder_texts_batched",
        lambda: texts(batch_size=2, label_mode=None),
        [[t for t, _ in LABELLED[i : i + 2]] for i in (0, 2, 4)],
        cardinality=3,
    ),
    Row("folder_texts_some", lambda: texts().skip(1).take(3), LABELLED[1:4], cardinality=3),
    Row("folder_texts_again", lambda: texts().take(2).repeat(2), LABELLED[:2] * 2, cardinality=4),
    Row(
        "folder_texts_filtered",
        lambda: texts().filter(lambda text, label: tf.strings.length(text) > 4),
        [pair for pair in LABELLED if len(pair[0]) > 4],
    ),
    Row("folder_texts_shuffled", lambda: texts(shuffle=True, seed=3), members=LABELLED, cardinality=5),
    Row("folder_images", pixels, POINTS, cardinality=10),
    Row(
        "folder_images_batched",
        lambda: pixels(batch_size=4),
        [tuple(map(list, zip(*POINTS[i : i + 4]))) for i in (0, 4, 8)],
        cardinality=3,
    ),
    Row("folder_images_shuffled", lambda: pixels(shuffle=True, seed=3), members=POINTS, cardinality=10),
    Row("folder_images_shards", lambda: pixels().shard(3, 1), POINTS[1::3], cardinality=3),
    Row("folder_images_unread_errors", lambda: pixels().ignore_errors(), POINTS),
    Row(
        "folder_sounds_lengths",
        lambda: sounds(batch_size=None).map(lambda sound, label: tf.shape(sound)),
        [[6, 1], [9, 1], [4, 1], [7, 1]],
        cardinality=4,
    ),
    Row(
        "folder_sounds_padded",
        lambda: sounds(batch_size=3).map(lambda sound, label: (tf.shape(sound), label)),
        [([3, 9, 1], [0, 0, 1]), ([1, 7, 1], [1])],
        cardinality=2,
    ),
    Row(
        "folder_sounds_ragged",
        lambda: sounds(batch_size=4, ragged=True).map(lambda sound, label: sound.row_lengths()),
        [[6, 9, 4, 7]],
        cardinality=1,
    ),
    Row(
        "timeseries_windows",
        lambda: tf.keras.utils.timeseries_dataset_from_array(
            np.arange(6), np.arange(6) * 10, 3, sequence_stride=2, batch_size=None
        ),
        [([0, 1, 2], 0), ([2, 3, 4], 20)],
        cardinality=2,
    ),
    Row(
        "timeseries_windows_shuffled",
        lambda: tf.keras.utils.timeseries_dataset_from_array(
            np.arange(9), None, 2, batch_size=None, shuffle=True, seed=3
        ),
        members=[[i, i + 1] for i in range(8)],
        cardinality=8,
    ),
]
