"""Small pictures of different sizes that pipelines read."""

from __future__ import annotations

import functools

import numpy as np

import thalweg as tf
from tests.data.sample_files import folder

# Height and width: the first one is the odd one.
SIZES = [(9, 14), (12, 8), (12, 8), (8, 12), (10, 10), (12, 8), (7, 9), (16, 5)]


@functools.cache
def pictures() -> list[str]:
    """Paths of the pictures, JPEG and PNG in turns."""
    made = []
    rng = np.random.default_rng(0)
    for number, size in enumerate(SIZES):
        pixels = np.kron(rng.integers(0, 256, (2, 2, 3)), np.ones((8, 8, 1)))[: size[0], : size[1]]
        image = tf.constant(pixels.astype(np.uint8))
        encode, ending = ((tf.io.encode_jpeg, "jpg"), (tf.io.encode_png, "png"))[number % 2]
        path = folder() / f"pictures/{number}.{ending}"
        tf.io.write_file(str(path), encode(image))
        made.append(str(path))
    return made
