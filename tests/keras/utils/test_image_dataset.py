"""`image_dataset_from_directory`: files that are no images, and what it costs."""

from __future__ import annotations

import contextlib
from pathlib import Path

import jax
import numpy as np
import pytest

import thalweg as tf
from tests.golden.files import numbers, png

pixels = np.frombuffer(numbers(8 * 9 * 3), np.uint8).reshape(8, 9, 3)
JPEG = tf.io.encode_jpeg(pixels).numpy()
GOOD = {"a/0.png": png(4, 4), "b/9.png": png(2, 3)}


@pytest.fixture
def images(tmp_path):
    def make(files, **options):
        for name, data in files.items():
            path = tmp_path / name
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(data)
        settings = {"shuffle": False, "image_size": (2, 2), "verbose": False, "batch_size": None}
        return tf.keras.utils.image_dataset_from_directory(tmp_path, **(settings | options))

    return make


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("a/1.jpg", JPEG[:-40], "a whole JPEG file, got a damaged one"),
        ("a/1.jpg", JPEG[:12], "a whole JPEG file, got a damaged one: its header is cut off"),
        ("a/1.png", png(5, 5)[:-20], "a whole PNG file, got a damaged one"),
        ("a/1.png", b"a text, no image", "unknown image format"),
        ("a/1.png", b"", "it is empty"),
        ("a/1.gif", b"GIF89a\x01", "a whole GIF file, got a damaged one"),
        ("a/1.bmp", b"BM" + bytes(30), "BMP"),
    ],
    ids=["cut", "header", "png", "text", "empty", "gif", "bmp"],
)
def test_files_that_are_no_images(images, tmp_path, name, data, message):
    dataset = images(GOOD | {name: data})
    with pytest.raises(ValueError, match=rf"\[image_dataset_from_directory\] .*{message}") as caught:
        list(dataset)
    note = f"[Dataset] while the file {str(tmp_path / name)!r} was decoded"
    assert note in caught.value.__notes__
    skipping = dataset.ignore_errors()
    assert [int(y) for _, y in skipping] == [0, 1]
    assert "ignore_errors(skipped=1)" in skipping.explain()


def test_what_a_file_holds_decides_how_it_is_read(images):
    ((image, _), (other, _)) = images({"a/0.png": JPEG, "b/1.jpg": png(8, 9)}, image_size=(8, 9))
    np.testing.assert_array_equal(image.numpy(), tf.io.decode_jpeg(JPEG).numpy())
    np.testing.assert_array_equal(other.numpy(), pixels)


def test_jpeg_has_no_opacity(images):
    with pytest.raises(ValueError, match=r"channels to be one of \(0, 1, 3\) for a JPEG file, got 4"):
        list(images({"a/0.jpg": JPEG}, color_mode="rgba"))


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"color_mode": "hsv"}, "color_mode as one of"),
        ({"interpolation": "cubic"}, "interpolation as one of"),
        ({"image_size": (0, 3)}, r"image_size as height and width, of 1 or more, got \(0, 3\)"),
        ({"image_size": (3,)}, "image_size as height and width"),
        ({"crop_to_aspect_ratio": True, "pad_to_aspect_ratio": True}, "and not both"),
        ({"data_format": "channels"}, "data_format"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else "",
)
def test_messages(images, options, message):
    with pytest.raises(ValueError, match=message):
        images(GOOD, **options)


def test_images_of_many_sizes_are_compiled_for_not_once(images):
    sizes = {f"a/{n:02}.png": png(n + 1, 2 * n + 1) for n in range(24)}
    dataset = images(sizes, batch_size=8, label_mode=None)
    with compiles() as seen:
        assert [batch.shape.as_list() for batch in dataset] == [[8, 2, 2, 3]] * 3
    assert seen == []


@contextlib.contextmanager
def compiles():
    """Names of programs that are compiled meanwhile."""
    found: list[str] = []

    def listen(event: str, *_, **__) -> None:
        if "backend_compile" in event:
            found.append(event)

    jax.monitoring.register_event_duration_secs_listener(listen)
    try:
        yield found
    finally:
        jax.monitoring.unregister_event_duration_listener(listen)


def test_compiles_are_seen():
    with compiles() as seen:
        jax.jit(lambda x: x * 3.5 - 17)(np.float32(2))
    assert seen


def test_files_added_later_are_not_seen(images, tmp_path):
    dataset = images(GOOD)
    Path(tmp_path, "a/2.png").write_bytes(png(2, 2))
    assert len(list(dataset)) == 2 == len(dataset)
