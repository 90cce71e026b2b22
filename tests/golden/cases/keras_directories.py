"""Data sets of files in folders: `image_dataset_from_directory`, its sisters, and `tf.audio`."""

from __future__ import annotations

from typing import Any

from ..files import IMAGES, SOUNDS, TEXTS, folder, numbers, png, tone, wav
from ..support import Cases, attempt

cases = Cases()


def _images(tf: Any, files: dict[str, bytes] = IMAGES, **options: Any) -> Any:
    settings = {"shuffle": False, "image_size": (3, 4), "verbose": False} | options
    return tf.keras.utils.image_dataset_from_directory(folder(files), **settings)


def _texts(tf: Any, **options: Any) -> Any:
    settings = {"shuffle": False, "verbose": False} | options
    return tf.keras.utils.text_dataset_from_directory(folder(TEXTS), **settings)


def _sounds(tf: Any, files: dict[str, bytes] = SOUNDS, **options: Any) -> Any:
    settings = {"shuffle": False, "verbose": False} | options
    return tf.keras.utils.audio_dataset_from_directory(folder(files), **settings)


def _names(dataset: Any) -> list[str]:
    return [path.split("/", 3)[-1] for path in dataset.file_paths]


def _spec(spec: Any) -> list[str]:
    parts = spec if isinstance(spec, tuple) else (spec,)
    return [f"{s.shape} {s.dtype.name}" for s in parts]


def _all(dataset: Any) -> dict[str, Any]:
    return {
        "spec": _spec(dataset.element_spec),
        "count": int(dataset.cardinality()),
        "classes": dataset.class_names,
        "elements": list(dataset),
    }


@cases(atol=2e-4)
def images(tf: Any, np: Any) -> Any:
    methods = ("bilinear", "nearest", "bicubic", "area", "lanczos3", "lanczos5", "gaussian", "mitchellcubic")
    # Whose crops Keras makes with fewer methods.
    crops = methods[:6]
    return {
        "stretched": {m: list(_images(tf, interpolation=m)) for m in methods},
        "cropped": {m: list(_images(tf, interpolation=m, crop_to_aspect_ratio=True)) for m in crops},
        "padded": {m: list(_images(tf, interpolation=m, pad_to_aspect_ratio=True)) for m in methods},
        "padded upright": list(_images(tf, image_size=(6, 3), pad_to_aspect_ratio=True)),
        "cropped upright": list(_images(tf, image_size=(6, 2), crop_to_aspect_ratio=True)),
        "larger": list(_images(tf, image_size=(9, 9))),
        "number": _spec(_images(tf, image_size=3).element_spec),
    }


@cases(atol=2e-4)
def images_colors_and_batches(tf: Any, np: Any) -> Any:
    only_png = {name: data for name, data in IMAGES.items() if name.lower().endswith("png")}
    return {
        "grayscale": _all(_images(tf, only_png, color_mode="grayscale")),
        "rgba": _all(_images(tf, only_png, color_mode="rgba")),
        "channels first": _all(_images(tf, data_format="channels_first", batch_size=2)),
        "alone": _all(_images(tf, batch_size=None)),
        "bytes": _spec(_images(tf, interpolation="nearest", batch_size=None).element_spec),
        "older name": list(
            tf.keras.preprocessing.image_dataset_from_directory(
                folder(IMAGES), shuffle=False, image_size=(2, 2), verbose=False
            )
        ),
    }


@cases
def files_and_labels(tf: Any, np: Any) -> Any:
    def of(**options: Any) -> Any:
        dataset = _images(tf, **options)
        elements = list(dataset)
        labels = [e[1] for e in elements] if isinstance(dataset.element_spec, tuple) else None
        spec = _spec(dataset.element_spec)
        return {"names": _names(dataset), "classes": dataset.class_names, "spec": spec, "labels": labels}

    return {
        "inferred": of(),
        "categorical": of(label_mode="categorical"),
        "binary": of(label_mode="binary"),
        "no mode": of(label_mode=None),
        "none": of(labels=None),
        "order": of(class_names=["dog", "cat"]),
        "some": of(class_names=["dog"]),
        "integers": of(labels=[7, 3, 3, 3, 1, 7, 7]),
        "encoded": of(labels=[0, 1, 2, 2, 2, 1, 0], label_mode="categorical"),
        "floats": of(labels=[0.5, 1, 1, 1, 1, 2.5, 1]),
        "texts": of(labels=["x", "y", "y", "y", "x", "x", "x"]),
    }


@cases
def subsets(tf: Any, np: Any) -> Any:
    files = {f"{kind}/{i}.png": png(1, 1) for kind in "abc" for i in range(9)}

    def of(**options: Any) -> Any:
        found = _images(tf, files, image_size=(1, 1), **options)
        datasets = found if isinstance(found, list) else [found]
        return [{"names": _names(d), "classes": d.class_names} for d in datasets]

    return {
        "whole": [of(shuffle=True, seed=s) for s in (0, 1337)],
        "training": of(shuffle=True, seed=5, validation_split=0.2, subset="training"),
        "validation": of(shuffle=True, seed=5, validation_split=0.2, subset="validation"),
        "both": of(shuffle=True, seed=42, validation_split=0.37, subset="both"),
        "in order": of(validation_split=0.5, subset="both"),
        "labels": sorted(
            int(y)
            for _, y in _images(
                tf, files, shuffle=True, seed=5, validation_split=0.2, subset="validation", batch_size=None
            )
        ),
    }


@cases
def wrong_arguments(tf: Any, np: Any) -> Any:
    wrong: dict[str, Any] = {
        "labels": {"labels": "given"},
        "too few labels": {"labels": [1, 2]},
        "class of no folder": {"class_names": ["cat", "cow"]},
        "classes of labels": {"labels": [0] * 7, "class_names": ["cat"]},
        "classes of nothing": {"labels": None, "class_names": ["cat"]},
        "mode": {"label_mode": "ints"},
        "one class": {"label_mode": "binary", "class_names": ["cat"]},
        "split without subset": {"validation_split": 0.2},
        "subset without split": {"subset": "training"},
        "subset": {"subset": "test", "validation_split": 0.2},
        "split": {"subset": "both", "validation_split": 1.5},
        "split without seed": {"subset": "both", "validation_split": 0.3, "shuffle": True},
        "nothing in a subset": {"subset": "training", "validation_split": 0.99, "files": {"a/b.png": b""}},
        "color": {"color_mode": "L"},
        "interpolation": {"interpolation": "cubic"},
        "crop and pad": {"crop_to_aspect_ratio": True, "pad_to_aspect_ratio": True},
        "format": {"format": "torch"},
        "no files": {"files": {"a/b.txt": b""}},
    }
    found = {name: attempt(lambda o=options: _images(tf, **o)) for name, options in wrong.items()}
    nowhere = attempt(lambda: tf.keras.utils.image_dataset_from_directory("/nowhere/at/all"))
    return found | {"no folder": nowhere}


@cases
def texts(tf: Any, np: Any) -> Any:
    return {
        "plain": _all(_texts(tf)),
        "cut": _all(_texts(tf, max_length=3, label_mode="binary")),
        "nothing of it": list(_texts(tf, max_length=0, label_mode=None)),
        "alone": _all(_texts(tf, batch_size=None, label_mode="categorical")),
        "batches": _all(_texts(tf, batch_size=2)),
        "validation": _all(_texts(tf, validation_split=0.4, subset="validation")),
        "older name": list(
            tf.keras.preprocessing.text_dataset_from_directory(folder(TEXTS), shuffle=False, verbose=False)
        ),
    }


@cases
def sounds(tf: Any, np: Any) -> Any:
    mixed = {"a/0.wav": tone(3), "a/1.wav": tone(2, 2)}
    return {
        "padded": _all(_sounds(tf, batch_size=3)),
        "cut": _all(_sounds(tf, output_sequence_length=5, batch_size=3, label_mode="binary")),
        "alone": _all(_sounds(tf, batch_size=None)),
        "cut alone": _all(_sounds(tf, output_sequence_length=7, batch_size=None)),
        "ragged": _all(_sounds(tf, ragged=True, batch_size=3)),
        "ragged alone": _all(_sounds(tf, ragged=True, batch_size=None, label_mode=None)),
        "no labels": _all(_sounds(tf, label_mode=None)),
        "stereo": _all(_sounds(tf, {"a/0.wav": tone(3, 2), "a/1.wav": tone(2, 2)})),
        "mono and stereo": _all(_sounds(tf, mixed)),
        "both": [list(d) for d in _sounds(tf, validation_split=0.5, subset="both")],
        "ragged and cut": attempt(lambda: _sounds(tf, ragged=True, output_sequence_length=3)),
        "rate": attempt(lambda: _sounds(tf, sampling_rate=0)),
        "no files": attempt(lambda: _sounds(tf, TEXTS)),
    }


@cases
def wav_files(tf: Any, np: Any) -> Any:
    decode, encode = tf.audio.decode_wav, tf.audio.encode_wav
    file = wav(numbers(20), 2, 16000)
    steps = np.arange(-12, 12, dtype=np.float32)[:, None] / 4 / 32768
    return {
        "plain": decode(file)._asdict(),
        "one channel": decode(file, 1).audio,
        "more channels": decode(file, desired_channels=4).audio,
        "no channels": decode(file, 0).audio,
        "shorter": decode(file, desired_samples=2).audio,
        "longer": decode(file, 1, 7).audio,
        "empty": decode(wav(b"")).audio,
        "decoded again": decode(encode(np.float32([[0.5, -2], [1, 0.1], [-1, 3]]), 44100))._asdict(),
        "rounded": decode(encode(steps, 8000)).audio * 32768,
        "cut off": attempt(lambda: decode(file[:-3])),
        "text": attempt(lambda: decode("no sound, but a text")),
        "nothing": attempt(lambda: decode("")),
        "negative": attempt(lambda: decode(file, -2)),
        "several": attempt(lambda: decode([file, file])),
        "rank": attempt(lambda: encode(np.zeros(4, np.float32), 8000)),
        "no rate": attempt(lambda: encode(np.zeros((4, 1), np.float32), 0)),
    }
