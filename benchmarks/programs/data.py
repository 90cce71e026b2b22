"""Pipelines of ``tf.data``: seconds for each element of a whole pass, after one that does not count."""

import atexit
import random
import shutil
import string
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path
from time import perf_counter
from typing import Any

import numpy as np

from benchmarks.case import Case, Mode, Program, SizeName, Thunk

BATCH = 32
WORDS_IN_A_TEXT = 230
SIDES = (240, 320)

Make = Callable[[Any, int], Any]
"""A data set of a number of elements, from ``(tf, count)``."""


def images_and_labels(count: int) -> tuple[Any, Any]:
    """Images (count, 28, 28, 1) and their digits."""
    rng = np.random.default_rng(0)
    return rng.random((count, 28, 28, 1), dtype="float32"), rng.integers(0, 10, count)


def shuffled(tf: Any, count: int) -> Any:
    """Flat images shuffled and batched."""
    images, labels = images_and_labels(count)
    slices = tf.data.Dataset.from_tensor_slices((images.reshape(count, -1), labels))
    return slices.shuffle(count).batch(BATCH).prefetch(tf.data.AUTOTUNE)


def augmented(tf: Any, count: int) -> Any:
    """Images flipped at random and scaled one by one, then batched."""

    def augment(image: Any, label: Any) -> Any:
        image = tf.image.random_flip_left_right(image)
        return (image - 0.5) / 0.25, tf.one_hot(label, 10)

    slices = tf.data.Dataset.from_tensor_slices(images_and_labels(count)).shuffle(count)
    mapped = slices.map(augment, num_parallel_calls=tf.data.AUTOTUNE)
    return mapped.batch(BATCH).prefetch(tf.data.AUTOTUNE)


def batch_then_map(tf: Any, count: int) -> Any:
    """Images batched, then scaled a batch at a time."""

    def scale(images: Any, labels: Any) -> Any:
        return (images - 0.5) / 0.25, tf.one_hot(labels, 10)

    batches = tf.data.Dataset.from_tensor_slices(images_and_labels(count)).shuffle(count)
    mapped = batches.batch(BATCH).map(scale, num_parallel_calls=tf.data.AUTOTUNE)
    return mapped.prefetch(tf.data.AUTOTUNE)


def texts(count: int) -> list[str]:
    """Texts of 230 words of a language of 30,000, frequent and rare, some with capitals and stops."""
    rng = random.Random(0)
    letters = string.ascii_lowercase
    words = ["".join(rng.choices(letters, k=rng.randint(2, 10))) for _ in range(30_000)]
    weights = [1 / (rank + 10) for rank in range(len(words))]

    def dressed(word: str) -> str:
        return word.capitalize() + rng.choice(["", ".", ",", " "]) if rng.random() < 0.1 else word

    return [
        " ".join(map(dressed, rng.choices(words, weights, k=WORDS_IN_A_TEXT))) for _ in range(count)
    ]


def vectorizer(tf: Any) -> Any:
    """The layer of chapter 11 that turns texts into rows of numbers."""
    return tf.keras.layers.TextVectorization(max_tokens=20_000, output_sequence_length=250)


def vectorized(tf: Any, count: int) -> Any:
    """Texts in batches of 32, then rows of numbers of words."""
    batches = tf.data.Dataset.from_tensor_slices(texts(count)).batch(BATCH)
    layer = vectorizer(tf)
    layer.adapt(batches)
    mapped = batches.map(layer, num_parallel_calls=tf.data.AUTOTUNE)
    return mapped.prefetch(tf.data.AUTOTUNE)


def image_folder(tf: Any, count: int) -> Any:
    """Photographs of 320 x 240 in two folders, as batches of 180 x 180."""
    place, rng = Path(tempfile.mkdtemp()), np.random.default_rng(0)
    atexit.register(shutil.rmtree, place)
    for index in range(count):
        folder = place / ("cats" if index % 2 else "dogs")
        folder.mkdir(exist_ok=True)
        # Smooth, as photographs are: noise takes several times as long to decode.
        coarse = rng.integers(0, 256, (SIDES[0] // 16, SIDES[1] // 16, 3)).astype("uint8")
        image = np.asarray(tf.image.resize(coarse, SIDES, method="bicubic")).clip(0, 255)
        encoded = tf.io.encode_jpeg(tf.constant(image.astype("uint8")))
        tf.io.write_file(str(folder / f"{index}.jpg"), encoded)
    read = tf.keras.utils.image_dataset_from_directory
    batches = read(place, image_size=(180, 180), batch_size=BATCH, verbose=False)
    return batches.prefetch(tf.data.AUTOTUNE)


def passes(make: Make, tf: Any, keras: Any, count: int) -> Thunk:
    """Returns a call that goes once through a data set; it returns the seconds of an element."""
    batches = make(tf, count)

    def sample() -> float:
        start = perf_counter()
        for batch in batches:
            last = batch
        np.asarray(last[0])
        return (perf_counter() - start) / count

    return sample


def adapting(tf: Any, keras: Any, count: int) -> Thunk:
    """Returns a call that learns the vocabulary of texts; it returns the seconds of a text."""
    batches = tf.data.Dataset.from_tensor_slices(texts(count)).batch(BATCH)

    def sample() -> float:
        layer, start = vectorizer(tf), perf_counter()
        layer.adapt(batches)
        layer.get_vocabulary()
        return (perf_counter() - start) / count

    return sample


def _sizes(count: int) -> dict[SizeName, int]:
    """Returns how many elements there are."""
    return {"cpu": count, "tiny": 2 * BATCH + 1}


def _case(name: str, make: Make, count: int) -> Case:
    """Returns the case of a pipeline."""
    return Case(name, partial(passes, make), Mode.OWN_CLOCK, sizes=_sizes(count))


PROGRAM = Program(
    "data",
    (
        _case("slices, shuffle, batch 32, an element", shuffled, 60_000),
        _case("map each image, batch 32, an image", augmented, 20_000),
        _case("batch 32, map, an image", batch_then_map, 20_000),
        _case("TextVectorization of batches of 32, a text", vectorized, 5_000),
        Case("TextVectorization.adapt, a text", adapting, Mode.OWN_CLOCK, sizes=_sizes(5_000)),
        _case("image_dataset_from_directory, an image", image_folder, 512),
    ),
)
