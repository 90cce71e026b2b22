"""Lookups and text layers: configs, files, models, pipelines, misuse. Values: `tests/golden`."""

from __future__ import annotations

import json

import numpy as np
import pytest

import thalweg as tf

keras = tf.keras
layers = keras.layers
TEXTS = ["the cat sat", "The dog!", "a cat and a dog"]


@keras.saving.register_keras_serializable("test_lookups")
def shout(text):
    return tf.strings.upper(text)


@keras.saving.register_keras_serializable("test_lookups")
def by_commas(text):
    return tf.strings.split(text, sep=",")


def adapted(layer, data=TEXTS):
    layer.adapt(data)
    return layer


LAYERS = {
    "strings": lambda: layers.StringLookup(
        vocabulary=["a", "b"], num_oov_indices=2, mask_token="-"
    ),
    "strings, learned": lambda: adapted(layers.StringLookup(), ["b", "a", "b"]),
    "strings, frequencies": lambda: adapted(
        layers.StringLookup(output_mode="tf_idf"), [["b", "a"], ["b", "c"]]
    ),
    "strings, given frequencies": lambda: layers.StringLookup(
        vocabulary=["a", "b"], output_mode="tf_idf", idf_weights=[0.5, 0.25]
    ),
    "texts": lambda: layers.TextVectorization(vocabulary=["cat", "dog"], output_sequence_length=4),
    "texts, learned": lambda: adapted(layers.TextVectorization()),
    "texts, multi hot": lambda: adapted(
        layers.TextVectorization(output_mode="multi_hot", ngrams=2)
    ),
    "texts, frequencies": lambda: adapted(layers.TextVectorization(output_mode="tf_idf")),
    "texts, functions": lambda: adapted(
        layers.TextVectorization(standardize=shout, split=by_commas)
    ),
}
QUERIES = tf.constant([["the cat"], ["a"], ["zebra, b"]])


@pytest.mark.parametrize("build", LAYERS.values(), ids=LAYERS)
class TestAnyLookup:
    def test_models_with_it_are_saved_and_opened(self, build, tmp_path):
        text = keras.Input((1,), dtype="string")
        model = keras.Model(text, build()(text))
        path = tmp_path / "model.keras"
        model.save(path)
        opened = keras.models.load_model(path)
        np.testing.assert_array_equal(
            opened.predict(QUERIES, verbose=0), model.predict(QUERIES, verbose=0)
        )

    def test_eager_compiled_symbolic_and_in_a_pipeline_are_the_same(self, build):
        layer = build()
        expected = layer(QUERIES).numpy()
        text = keras.Input((1,), dtype="string")
        model = keras.Model(text, layer(text))
        np.testing.assert_array_equal(tf.function(layer)(QUERIES), expected)
        np.testing.assert_array_equal(model(QUERIES), expected)
        assert model.outputs[0].dtype == layer(QUERIES).dtype.name
        assert tf.TensorShape(model.outputs[0].shape).is_compatible_with(expected.shape)
        rows = tf.data.Dataset.from_tensor_slices(QUERIES).batch(3).map(layer)
        np.testing.assert_array_equal(next(iter(rows)), expected)

    def test_its_config_is_data(self, build):
        layer = build()
        config = json.loads(json.dumps(layer.get_config()))
        again = type(layer).from_config(config)
        if config["vocabulary"] is not None:
            np.testing.assert_array_equal(again(QUERIES), layer(QUERIES))

    def test_configs_are_not_followed_to_files(self, build, tmp_path):
        path = tmp_path / "vocabulary.txt"
        path.write_text("secret\n")
        config = build().get_config() | {"vocabulary": str(path), "idf_weights": None}
        with pytest.raises(
            tf.errors.InvalidArgumentError, match="a config is not followed to files"
        ):
            type(build()).from_config(config)


def test_a_vocabulary_is_read_from_a_file_of_the_program(tmp_path):
    path = tmp_path / "vocabulary.txt"
    path.write_text("cat\ndog\n")
    assert layers.StringLookup(vocabulary=str(path)).get_vocabulary() == ["[UNK]", "cat", "dog"]
    assert layers.TextVectorization(vocabulary=str(path)).get_vocabulary() == [
        "",
        "[UNK]",
        "cat",
        "dog",
    ]


def test_text_goes_end_to_end_through_a_model():
    vectorize = adapted(layers.TextVectorization(max_tokens=20, output_sequence_length=6))
    inner = keras.Sequential(
        [
            keras.Input((6,), dtype="int64"),
            layers.Embedding(20, 4),
            layers.Flatten(),
            layers.Dense(1),
        ]
    )
    inner.compile("adam", "mse")
    rows = tf.data.Dataset.from_tensor_slices((TEXTS, [0.0, 1.0, 0.5])).batch(2)
    inner.fit(
        rows.map(lambda text, target: (vectorize(text), target), num_parallel_calls=2),
        epochs=2,
        verbose=0,
    )
    text = keras.Input((1,), dtype="string")
    whole = keras.Model(text, inner(vectorize(text)))
    np.testing.assert_allclose(
        whole.predict(tf.constant([[t] for t in TEXTS]), verbose=0),
        inner.predict(vectorize(tf.constant(TEXTS)), verbose=0),
        rtol=1e-6,
    )


def test_labels_come_back_as_words():
    names = layers.StringLookup(vocabulary=["cat", "dog"], invert=True, num_oov_indices=0)
    numbers = keras.Input((2,))
    model = keras.Model(numbers, names(tf.argmax(numbers, -1)))
    assert model.predict(np.array([[0.1, 0.9], [0.8, 0.2]], np.float32), verbose=0).tolist() == [
        b"dog",
        b"cat",
    ]


def test_integers_are_looked_up_inside_compiled_programs():
    layer = layers.IntegerLookup(vocabulary=[7, 3, 11], num_oov_indices=2)
    values = np.array([3, 11, 5, 7, -8])
    expected = layer(values).numpy()

    @tf.function
    def doubled(x):
        return layer(x + x - x)

    np.testing.assert_array_equal(doubled(tf.constant(values)), expected)


def test_adapting_again_forgets_what_was_learned():
    layer = adapted(layers.TextVectorization(), ["a b"])
    layer.adapt(["c"])
    assert layer.get_vocabulary() == ["", "[UNK]", "c"]
    layer.reset_state()
    layer.update_state(["x y"])
    layer.update_state(["y"])
    layer.finalize_state()
    assert layer.get_vocabulary() == ["", "[UNK]", "y", "x"]


def test_data_sets_of_texts_and_of_batches_are_learned_alike():
    whole = adapted(layers.TextVectorization(output_mode="tf_idf")).get_vocabulary()
    rows = tf.data.Dataset.from_tensor_slices(TEXTS)
    for data in (rows, rows.batch(2), np.array(TEXTS), [[t] for t in TEXTS]):
        assert (
            adapted(layers.TextVectorization(output_mode="tf_idf"), data).get_vocabulary() == whole
        )
    one = layers.TextVectorization()
    one.adapt(rows.batch(1), steps=1)
    assert one.get_vocabulary() == ["", "[UNK]", "the", "sat", "cat"]


MISUSE = {
    "nothing learned": (
        lambda: layers.StringLookup()(["a"]),
        "expected a vocabulary, got none yet",
    ),
    "given and learned": (
        lambda: layers.StringLookup(vocabulary=["a"]).adapt(["b"]),
        "expected a layer that learns its vocabulary",
    ),
    "repeated": (lambda: layers.StringLookup(vocabulary=["a", "a"]), "expected tokens that differ"),
    "special inside": (
        lambda: layers.StringLookup(vocabulary=["a", "[UNK]"]),
        "at the beginning of the vocabulary only",
    ),
    "too many": (
        lambda: layers.StringLookup(max_tokens=2, vocabulary=["a", "b"]),
        "at most max_tokens=2",
    ),
    "unknown": (
        lambda: layers.StringLookup(vocabulary=["a"], num_oov_indices=0)(["b"]),
        "expected tokens of the vocabulary",
    ),
    "mode": (lambda: layers.StringLookup(output_mode="hot"), "expected output_mode to be one of"),
    "inverted encoding": (
        lambda: layers.StringLookup(invert=True, output_mode="count"),
        "expected output_mode='int'",
    ),
    "no frequencies": (
        lambda: layers.StringLookup(vocabulary=["a"], output_mode="tf_idf"),
        "expected idf_weights with a vocabulary",
    ),
    "standardize": (
        lambda: layers.TextVectorization(standardize="clean"),
        "expected standardize to be one of",
    ),
    "length of counts": (
        lambda: layers.TextVectorization(output_mode="count", output_sequence_length=3),
        "makes no sense with output_mode='count'",
    ),
    "matrix of texts": (
        lambda: adapted(layers.TextVectorization())([["a", "b"]]),
        r"expected texts of shape \(batch,\) or \(batch, 1\)",
    ),
    "categories": (lambda: layers.CategoryEncoding(), "expected num_tokens of 1 or more"),
    "weights": (
        lambda: layers.CategoryEncoding(3)([0], count_weights=[1.0]),
        "expected count_weights with output_mode='count' only",
    ),
}


@pytest.mark.parametrize("case", MISUSE)
def test_misuse_is_refused(case):
    act, message = MISUSE[case]
    with pytest.raises(
        (ValueError, RuntimeError, tf.errors.FailedPreconditionError), match=message
    ):
        act()


@pytest.mark.parametrize(
    ("layer", "data", "expected"),
    [
        (lambda: layers.CategoryEncoding(4, "multi_hot", sparse=True), [[0, 3]], [[1, 0, 0, 1]]),
        (
            lambda: layers.StringLookup(vocabulary=["a"], output_mode="count", sparse=True),
            [["a", "b"]],
            [[1, 1]],
        ),
        (
            lambda: layers.TextVectorization(vocabulary=["a"], output_mode="count", sparse=True),
            ["a b"],
            [[1, 1]],
        ),
        (lambda: layers.Hashing(1, output_mode="count", sparse=True), [["a", "b"]], [[2]]),
    ],
    ids=["categories", "strings", "texts", "hashes"],
)
def test_encodings_are_sparse_where_asked(layer, data, expected):
    found = layer()(data)
    assert isinstance(found, tf.SparseTensor)
    assert tf.sparse.to_dense(found).numpy().tolist() == expected


def test_configs_are_those_of_keras() -> None:
    """What else there would be, Keras would refuse or misread."""
    assert "encoding" not in layers.IntegerLookup().get_config()
    layer = layers.Discretization(num_bins=3)
    assert layer.get_config()["dtype"] == "float32"
    layer.adapt(np.arange(9.0))
    config = layer.get_config()
    assert (config["num_bins"], len(config["bin_boundaries"])) == (3, 2)
    copy = layers.Discretization.from_config(config)
    assert copy([1.0, 4.0, 8.0]).numpy().tolist() == [0, 1, 2]
    copy.adapt(np.arange(90.0))
    assert copy([1.0, 4.0, 8.0]).numpy().tolist() == [0, 0, 0]
