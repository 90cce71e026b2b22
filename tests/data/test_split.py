"""Functions of elements that are split: how they run, and that it is what op by op gives."""

from __future__ import annotations

import numpy as np
import pytest

import thalweg as tf
from tests.data.sample_files import paths
from tests.data.sample_pictures import pictures
from tests.data.split_pipelines import (
    augmented,
    drawn_before,
    files,
    middle,
    picture,
    shorter_side_to_eight,
)
from thalweg._src.base import nest
from thalweg._src.data.debugging import debug_mode

Dataset = tf.data.Dataset
texts = Dataset.from_tensor_slices(["Ab", "c D", "", "e"] * 10)


def values(dataset):
    return [[leaf.numpy() for leaf in nest.flatten(element)] for element in dataset]


def op_by_op(build):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(debug_mode, "on", True)
        return values(build())


def runs(dataset):
    """How the last step runs."""
    return dataset._node.settings()["runs"]


def assert_alike(found, expected):
    for one, other in zip(found, expected, strict=True):
        for a, b in zip(one, other, strict=True):
            np.testing.assert_allclose(a, b, rtol=1e-5, atol=1e-5)


def all_before(path, label):
    image = tf.image.central_crop(tf.cast(picture(path), tf.float32) / 255.0, 0.9)
    image = tf.image.random_brightness(image, 0.1, seed=5)
    image = tf.image.resize(image, (6, 6))
    noise = tf.random.normal((6, 6, 3), seed=4)
    return {"image": image + noise, "label": label, "name": tf.strings.join([path, "!"])}


FUNCTIONS = [augmented, all_before, drawn_before, shorter_side_to_eight, middle]


@pytest.mark.parametrize("function", FUNCTIONS, ids=lambda function: function.__name__)
@pytest.mark.parametrize("threads", [None, 3], ids=["alone", "threads"])
def test_results_and_draws_are_those_of_op_by_op(function, threads):
    def build():
        tf.random.set_seed(7)
        return files().map(function, num_parallel_calls=threads)

    expected = op_by_op(lambda: build().map(numbers))
    assert_alike(values(build().map(numbers)), expected)
    assert "host part (read_file, decode_jpeg" in runs(build())


def numbers(*element):
    return [part for part in nest.flatten(element) if part.dtype != tf.string]


def test_explain_says_what_runs_where():
    def compute(text):
        number = tf.strings.length(tf.strings.lower(text))
        return tf.strings.as_string(tf.square(number))

    assert runs(texts.map(compute)) == (
        "as host part (string_lower, string_length), one program over blocks (square), host part (as_string)"
    )
    assert runs(texts.map(tf.strings.lower)) == "as host part (string_lower)"
    assert runs(Dataset.range(3).map(lambda v: v * 2)) == "as one program over blocks"
    assert "host part (string_length)" in texts.filter(lambda s: tf.strings.length(s) > 1).explain()


def test_texts_are_done_for_whole_blocks(monkeypatch):
    sizes = []
    body = tf.strings.lower.opdef.host

    def counted(array, **settings):
        sizes.append(array.shape)
        return body(array, **settings)

    monkeypatch.setattr(tf.strings.lower.opdef, "host", counted)
    dataset = Dataset.from_tensor_slices(["A"] * 600).map(tf.strings.lower)
    assert [v[0] for v in values(dataset)] == [b"a"] * 600
    # Tracing, one block before it was known that there are only texts, then large ones.
    assert sizes[-4:] == [(16,), (256,), (256,), (72,)] or sizes[-3:] == [(256,), (256,), (88,)]
    sizes.clear()
    assert [v[0].tolist() for v in values(dataset.batch(400))] == [[b"a"] * 400, [b"a"] * 200]
    assert sizes == [(400,), (200,)]


def test_lines_of_files_are_read_beforehand_those_of_generators_are_not():
    taken = []

    def lines():
        for number in range(40):
            taken.append(number)
            yield str(number)

    made = Dataset.from_generator(lines, output_signature=tf.TensorSpec((), tf.string))
    iterator = iter(made.map(tf.strings.to_number))
    taken.clear()
    next(iterator)
    assert len(taken) == 1
    dataset = tf.data.TextLineDataset(paths("a.txt", "b.txt")).map(tf.strings.length)
    assert [v[0] for v in values(dataset)] == [3, 3, 0, 4, 1, 1, 1]
    assert dataset._node.computed.ahead(dataset._node.inputs[0]) == 256


def test_an_error_names_the_step_the_element_and_the_line():
    def read(path):
        return tf.io.decode_png(tf.io.read_file(path))

    dataset = Dataset.from_tensor_slices([*pictures()[:3], "missing.png", pictures()[4]]).map(read)
    iterator = iter(dataset)
    for _ in range(3):
        next(iterator)
    with pytest.raises(tf.errors.NotFoundError, match=r"missing\.png") as caught:
        next(iterator)
    assert caught.value.__notes__ == ["[Dataset.map 'read'] while element 3 was computed"]
    lines = [entry.frame.code.name for entry in caught.traceback]
    assert "read" in lines
    assert next(iterator).shape == picture(pictures()[4]).shape
    assert "host part (read_file, decode_png)" in dataset.explain()


def test_only_bad_elements_are_left_out_of_programs():
    @tf.function
    def checked(value):
        tf.debugging.assert_less(value % 10, tf.constant(8, tf.int64))
        return value

    dataset = Dataset.range(40).map(checked).ignore_errors()
    assert [int(v) for v in dataset] == [v for v in range(40) if v % 10 < 8]


def test_a_wrong_function_is_reported_as_such():
    with pytest.raises(TypeError, match="takes 1 positional argument but 2 were given"):
        values(Dataset.zip(texts, texts).map(lambda one: one))
    with pytest.raises(KeyError, match="absent"):
        values(texts.map(lambda text: {"here": text}["absent"]))


def test_where_sizes_never_agree_elements_are_computed_one_by_one():
    dataset = files().map(
        lambda path, _: tf.linalg.matrix_transpose(
            tf.linalg.qr(tf.cast(picture(path)[..., 0], tf.float32))[1]
        )
    )
    assert len({v[0].shape for v in values(dataset)}) > 4
    assert "elements have many shapes" in dataset.explain()


def test_decisions_of_python_about_sizes_hold_for_each_element():
    def wide(path, label):
        height, width, _ = picture(path).shape
        return label, "wide" if width > height else "high"

    found = values(files().map(wide))
    assert found == op_by_op(lambda: files().map(wide))
    assert {text for _, text in found} == {b"wide", b"high"}


def test_generated_arrays_of_all_sizes_come_to_one():
    def arrays():
        for n in range(1, 30):
            yield np.ones((n, 2), np.float32)

    dataset = Dataset.from_generator(arrays, output_signature=tf.TensorSpec([None, 2], tf.float32))
    dataset = dataset.map(lambda x: tf.nn.softmax(tf.reduce_sum(x, 0)) * tf.random.uniform(()))
    assert len(values(dataset)) == 29
    assert len(set(map(float, (v[0][0] for v in values(dataset))))) == 29


def test_tables_that_change_are_read_for_each_element():
    counts = tf.lookup.experimental.MutableHashTable(tf.string, tf.int64, default_value=0)

    def count(word):
        counts.insert(word, counts.lookup(word) + 1)
        return counts.lookup(word)

    words = Dataset.from_tensor_slices(["a", "b", "a", "a", "b"])
    assert [int(v) for v in words.map(count)] == [1, 1, 2, 3, 2]


def test_python_is_called_once_for_each_element():
    seen = []

    def note(text):
        seen.append(text.numpy())
        return len(seen)

    dataset = texts.take(5).map(lambda s: tf.py_function(note, [s], tf.TensorSpec((), tf.int32)))
    iterator = iter(dataset)
    seen.clear()
    assert [int(next(iterator)), len(seen), int(next(iterator)), len(seen)] == [1, 1, 2, 2]
    assert seen == [b"Ab", b"c D"]


def test_python_of_numbers_is_called_in_order():
    dataset = Dataset.range(5).map(
        lambda v: tf.py_function(lambda x: x * x, [v], tf.TensorSpec((), tf.int64))
    )
    assert [int(v) for v in dataset] == [0, 1, 4, 9, 16]


def test_prints_come_for_each_element(capsys):
    dataset = texts.take(2).map(lambda s: (tf.print("got", s), tf.strings.length(s))[1])
    assert [int(v) for v in dataset] == [2, 3]
    assert capsys.readouterr().err.splitlines() == ['got "Ab"', 'got "c D"']


def test_records_are_parsed_by_the_block():
    def record(number):
        feature = {
            "label": tf.train.Feature(int64_list=tf.train.Int64List(value=[number])),
            "name": tf.train.Feature(bytes_list=tf.train.BytesList(value=[b"n%d" % number])),
        }
        return tf.train.Example(features=tf.train.Features(feature=feature)).SerializeToString()

    features = {
        "label": tf.io.FixedLenFeature([], tf.int64),
        "name": tf.io.FixedLenFeature([], tf.string),
    }

    def parse(data):
        found = tf.io.parse_single_example(data, features)
        return tf.one_hot(found["label"], 4), found["name"]

    dataset = Dataset.from_tensor_slices([record(n) for n in range(4)]).map(parse).batch(4)
    ((labels, names),) = values(dataset)
    assert labels.tolist() == np.eye(4).tolist()
    assert names.tolist() == [b"n0", b"n1", b"n2", b"n3"]
    assert "host part (parse_example), one program over blocks (one_hot)" in dataset.explain()


def test_first_elements_without_a_result_are_passed_over():
    dataset = Dataset.from_tensor_slices(["x", "1", "2"]).map(tf.strings.to_number)
    assert [float(v) for v in dataset.ignore_errors()] == [1.0, 2.0]
    assert runs(dataset) == "as host part (string_to_number)"


def test_what_is_left_out_is_not_computed():
    dataset = Dataset.from_tensor_slices([*pictures()[:2], "missing"])
    dataset = dataset.map(lambda path: tf.image.resize(picture(path), (4, 4))).take(2)
    assert len(values(dataset)) == 2
    steps = [
        line.strip().partition("(")[0]
        for line in dataset.explain().split("as it runs:")[1].splitlines()
    ]
    assert steps == ["", "map", "gather", "take", "range"]


def test_layers_bring_pictures_to_one_size():
    resize = tf.keras.layers.Resizing(5, 5)
    dataset = (
        files()
        .map(lambda path, label: (tf.cast(resize(picture(path)), tf.float32) / 255.0, label))
        .batch(8)
    )
    ((images, labels),) = values(dataset)
    assert (images.shape, labels.tolist()) == ((8, 5, 5, 3), list(range(8)))
    assert "one program over blocks (" in dataset.explain()
    assert "decode_jpeg" in dataset.explain()


def test_one_of_two_branches_is_computed_for_single_batches():
    def checked(batch):
        def fail():
            tf.debugging.assert_equal(batch[0], tf.constant(-1, tf.int64))
            return batch

        return tf.cond(batch[0] < 0, fail, lambda: batch * 2)

    assert [v[0].tolist() for v in values(Dataset.range(5).batch(3).map(checked))] == [
        [0, 2, 4],
        [6, 8],
    ]


def test_explain_computes_no_element_but_the_first(monkeypatch):
    read = []
    body = tf.io.read_file.opdef.host
    monkeypatch.setattr(tf.io.read_file.opdef, "host", lambda path: read.append(path) or body(path))
    dataset = files().map(augmented).shuffle(8, seed=1).map(lambda image, label: (image * 2.0, label))
    assert "host part (read_file" in dataset.explain()
    assert {path.item() for path in read} == {b"", pictures()[0].encode()}
