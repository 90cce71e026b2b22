"""Pictures of files: what the golden values leave out, damaged files above all."""

from __future__ import annotations

import io
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

import thalweg as tf
from thalweg._src.base.errors import DataLossError
from thalweg.keras.preprocessing.image import smart_resize
from thalweg.keras.utils import array_to_img, img_to_array, load_img, save_img

RGB = np.random.default_rng(0).integers(0, 256, (30, 40, 3), np.uint8)


def written(path: Path, format: str | None = None) -> Path:
    Image.fromarray(RGB).save(path, format)
    return path


@pytest.mark.parametrize("kind", [str, Path, lambda path: str(path).encode()], ids=["str", "Path", "bytes"])
def test_paths(tmp_path: Path, kind: Any) -> None:
    np.testing.assert_array_equal(load_img(kind(written(tmp_path / "a.png"))), RGB)


def test_contents_decide_not_the_name(tmp_path: Path) -> None:
    np.testing.assert_array_equal(load_img(written(tmp_path / "a.jpg", "PNG")), RGB)


def test_file_is_closed_and_may_go(tmp_path: Path) -> None:
    path = written(tmp_path / "a.png")
    image = load_img(path)
    path.unlink()
    assert image.getpixel((0, 0)) == tuple(RGB[0, 0])


def damaged(tmp_path: Path, name: str) -> Path:
    path = tmp_path / name
    kinds = {"text.png": b"hello", "empty.jpg": b"", "table.png": b"\x89PNG\r\n\x1a\n" + b"x" * 50}
    if name in kinds:
        path.write_bytes(kinds[name])
    else:
        data = written(path).read_bytes()
        path.write_bytes(data[: len(data) // 2])
    return path


@pytest.mark.parametrize(
    "name",
    ["half.jpg", "half.png", "half.gif", "half.bmp", "half.webp", "text.png", "empty.jpg", "table.png"],
)
def test_damaged_files_are_named(tmp_path: Path, name: str) -> None:
    path = damaged(tmp_path, name)
    with pytest.raises(DataLossError) as caught:
        load_img(path)
    assert str(path) in str(caught.value)
    assert "BytesIO object" not in str(caught.value)
    assert isinstance(caught.value, OSError)


def test_what_is_no_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match=r"none\.png"):
        load_img(tmp_path / "none.png")
    with pytest.raises(IsADirectoryError, match=str(tmp_path)):
        load_img(tmp_path)
    with pytest.raises(TypeError, match="expected a path or io.BytesIO, got ndarray"):
        load_img(RGB)


def test_picture_that_declares_an_enormous_size_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image, "MAX_IMAGE_PIXELS", 500)
    with pytest.raises(DataLossError, match=r"a\.png.*1200 pixels"):
        load_img(written(tmp_path / "a.png"))


def test_values_beyond_the_bytes_are_cut_off() -> None:
    x = np.array([[[-5.0, 100.7, 300.0]]])
    assert array_to_img(x, scale=False).getpixel((0, 0)) == (0, 100, 255)
    with pytest.raises(ValueError, match="got NaN"):
        array_to_img(x * np.nan)


def test_integers_are_scaled_too() -> None:
    x = np.array([[[0], [5], [10]]])
    assert np.asarray(array_to_img(x, dtype="uint8")).tolist() == [[0, 127, 255]]


def test_tensors_serve_as_arrays() -> None:
    image = array_to_img(tf.constant(RGB), scale=False)
    np.testing.assert_array_equal(image, RGB)
    assert img_to_array(tf.ones((2, 3, 3))).shape == (2, 3, 3)


@pytest.mark.parametrize("layout", ["channels_first", "channels_last"])
def test_default_layout(layout: str) -> None:
    kept = tf.keras.config.image_data_format()
    tf.keras.config.set_image_data_format(layout)
    try:
        array = img_to_array(Image.fromarray(RGB))
        assert array.shape == ((3, 30, 40) if layout == "channels_first" else (30, 40, 3))
        np.testing.assert_array_equal(array_to_img(array, scale=False), RGB)
        assert smart_resize(array, (5, 4), data_format=None).shape == (
            (3, 5, 4) if layout == "channels_first" else (5, 4, 3)
        )
    finally:
        tf.keras.config.set_image_data_format(kept)


def test_save_and_load(tmp_path: Path) -> None:
    for name, options in (("a.png", {}), ("b.dat", {"file_format": "PNG"}), ("c", {"file_format": "bmp"})):
        save_img(tmp_path / name, RGB, scale=False, **options)
        np.testing.assert_array_equal(load_img(tmp_path / name), RGB)
    file = io.BytesIO()
    save_img(file, RGB, file_format="png", scale=False)
    np.testing.assert_array_equal(load_img(io.BytesIO(file.getvalue())), RGB)
    save_img(tmp_path / "good.jpg", RGB, quality=95)
    save_img(tmp_path / "bad.jpg", RGB, quality=5)
    assert (tmp_path / "bad.jpg").stat().st_size < (tmp_path / "good.jpg").stat().st_size


def test_deep_gray_is_saved_and_loaded(tmp_path: Path) -> None:
    x = np.arange(0, 60000, 10000.0).reshape(2, 3, 1)
    save_img(tmp_path / "a.png", x, scale=False)
    np.testing.assert_array_equal(img_to_array(load_img(tmp_path / "a.png", "grayscale")), x)
    with pytest.raises(ValueError, match=r"mode I;16 for .*a\.jpg.*JPEG"):
        save_img(tmp_path / "a.jpg", x, scale=False)


def test_jpeg_drops_transparency_with_a_warning(tmp_path: Path) -> None:
    with pytest.warns(UserWarning, match="no transparency"):
        save_img(tmp_path / "a.jpg", np.ones((2, 2, 4)))
    with Image.open(tmp_path / "a.jpg") as image:
        assert image.mode == "RGB"


@pytest.mark.parametrize("name", ["a.foo", "a"])
def test_unknown_formats_are_named(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=f"expected a format that Pillow writes for .*{name}"):
        save_img(tmp_path / name, RGB)
    with pytest.raises(ValueError, match="Did you mean 'jpg'"):
        save_img(io.BytesIO(), RGB, file_format="jpge")
    with pytest.raises(FileNotFoundError, match=r"nowhere"):
        save_img(tmp_path / "nowhere" / "a.png", RGB)


def test_compiled_smart_resize() -> None:
    resized = tf.function(lambda x: smart_resize(x, (4, 6)))(tf.constant(RGB))
    np.testing.assert_allclose(resized, smart_resize(RGB, (4, 6)), rtol=1e-5)


def test_pillow_is_loaded_when_it_is_used() -> None:
    code = "import sys, thalweg.keras.utils; sys.exit('PIL' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
