"""What is saved comes back: models of all kinds, their training, and reports of what does not fit."""

from __future__ import annotations

import json
import os
import re
import warnings
import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np
import pytest

import thalweg as tf
from tests.keras.archive.zoo import wave
from thalweg import keras
from thalweg._src.base.errors import SavingError
from thalweg._src.keras.archive.walk import parts_of

layers, ops = keras.layers, keras.ops


def again(model: Any, folder: Path, **kwargs: Any) -> Any:
    path = folder / "again.keras"
    model.save(path)
    return keras.models.load_model(path, **kwargs)


def assert_equal(one: Any, two: Any, inputs: Any) -> None:
    np.testing.assert_array_equal(one.predict(inputs, verbose=0), two.predict(inputs, verbose=0))


def dense(units: int = 2, count: int = 2, width: int = 3) -> Any:
    return keras.Sequential([keras.Input((width,)), *(layers.Dense(units) for _ in range(count))])


OPTIMIZERS = [
    keras.optimizers.Adam(0.1), keras.optimizers.SGD(0.1, momentum=0.9),
    keras.optimizers.RMSprop(keras.optimizers.schedules.CosineDecay(0.1, 20)),
    keras.optimizers.Adagrad(0.1, use_ema=True),
    keras.optimizers.LossScaleOptimizer(keras.optimizers.SGD(0.1, momentum=0.5)),
]  # fmt: skip


@pytest.mark.parametrize("optimizer", OPTIMIZERS, ids=lambda o: type(o).__name__)
def test_training_goes_on_to_the_bit(optimizer: Any, tmp_path: Path) -> None:
    keras.utils.set_random_seed(1)
    model = dense()
    model.compile(type(optimizer).from_config(optimizer.get_config()), "mse", metrics=["mae"])
    x, y = wave((8, 3)), wave((8, 2))
    model.fit(x, y, verbose=0, shuffle=False)
    copy = again(model, tmp_path)
    for _ in range(2):
        model.train_on_batch(x, y)
        copy.train_on_batch(x, y)
    for one, two in zip(model.get_weights(), copy.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    for one, two in zip(model.optimizer.variables, copy.optimizer.variables, strict=True):
        np.testing.assert_array_equal(one.numpy(), two.numpy())


def test_an_optimizer_saved_before_its_first_step_keeps_its_rate(tmp_path: Path) -> None:
    model = dense()
    model.compile(keras.optimizers.Adam(0.1), "mse")
    model.optimizer.learning_rate = 0.025
    copy = again(model, tmp_path)
    assert float(copy.optimizer.learning_rate) == pytest.approx(0.025)
    assert copy.optimizer.built


def test_weights_bring_the_optimizer_along(tmp_path: Path) -> None:
    path = tmp_path / "m.weights.h5"
    model = dense()
    model.compile("adam", "mse")
    model.fit(wave((8, 3)), wave((8, 2)), verbose=0)
    model.save_weights(path)
    other = dense()
    other.compile("adam", "mse")
    other.load_weights(path)
    assert int(other.optimizer.iterations) == 1
    np.testing.assert_array_equal(other.optimizer.variables[-1], model.optimizer.variables[-1])
    other = dense()
    other.load_weights(path)  # not compiled: the state is left
    other.compile("sgd", "mse")
    other.train_on_batch(wave((8, 3)), wave((8, 2)))
    with pytest.warns(UserWarning, match="its state stays"):
        other.load_weights(path)


def test_layers_shared_between_inner_models_stay_shared(tmp_path: Path) -> None:
    shared, i = layers.Dense(3), keras.Input((3,))
    inner = keras.Model(i, shared(layers.ReLU()(i)))
    chain = keras.Sequential([keras.Input((3,)), shared, layers.Dense(3)])
    j = keras.Input((3,))
    model = keras.Model(j, chain(inner(inner(j))) + layers.TimeDistributed(shared)(j[:, None])[:, 0])
    copy = again(model, tmp_path)
    assert_equal(model, copy, wave((4, 3)))
    assert len(copy.weights) == len(model.weights) == 4
    path = tmp_path / "w.weights.h5"
    model.save_weights(path)
    with h5py.File(path) as file:
        kernels: list[str] = []
        file.visititems(lambda n, o: kernels.append(n) if n.endswith("vars/0") else None)
    assert kernels == ["layers/functional/layers/dense/vars/0", "layers/sequential/layers/dense_1/vars/0"]


def test_objects_that_a_config_does_not_share_stay_apart(tmp_path: Path) -> None:
    zeros = keras.initializers.RandomNormal(seed=3)
    model = keras.Sequential([keras.Input((3,)), *(layers.Dense(3, kernel_initializer=zeros) for _ in "ab")])
    copy = again(model, tmp_path)
    assert copy.layers[0].kernel is not copy.layers[1].kernel
    with zipfile.ZipFile(tmp_path / "again.keras") as archive:
        config = json.loads(archive.read("config.json"))["config"]
    one, two = (layer["config"]["kernel_initializer"] for layer in config["layers"][1:])
    assert one["shared_object_id"] == two["shared_object_id"]
    assert not any("shared_object_id" in layer for layer in config["layers"])


@pytest.mark.parametrize(
    ("name", "draw"),
    [
        ("Add", lambda x: tf.add(x, x)), ("Mean", lambda x: tf.reduce_mean(x, axis=1)),
        ("Matmul", lambda x: tf.matmul(x, tf.ones((4, 2)))), ("Relu", tf.nn.relu),
        ("Concatenate", lambda x: tf.concat([x, x], -1)), ("Stack", lambda x: tf.stack([x, x], 1)),
        ("Clip", lambda x: tf.clip_by_value(x, 0.0, 1.0)), ("GetItem", lambda x: x[..., None, 1:3]),
        ("Reshape", lambda x: tf.reshape(x, (-1, 2, 2))), ("Cast", lambda x: tf.cast(x, "int32")),
        ("Split", lambda x: tf.split(x, 2, axis=1)[1]), ("Softmax", tf.nn.softmax),
        ("Transpose", lambda x: tf.transpose(x, (1, 0))), ("TopK", lambda x: ops.top_k(x, 2)[0]),
        ("Where", lambda x: ops.where(x > 0, x, 0.0)), ("Einsum", lambda x: ops.einsum("ab,cb->ac", x, x)),
        ("Average", lambda x: ops.average(x, axis=1, weights=np.arange(4, dtype="float32"))),
        ("Norm", lambda x: ops.norm(x, axis=-1, keepdims=True)), ("Divide", lambda x: 1.0 / x),
    ],
)  # fmt: skip
def test_ops_stand_in_files_as_classes_of_keras(name: str, draw: Any, tmp_path: Path) -> None:
    inputs = keras.Input((4,))
    model = keras.Model(inputs, draw(inputs))
    copy = again(model, tmp_path)
    assert_equal(model, copy, wave((4, 4)) + 0.01)
    with zipfile.ZipFile(tmp_path / "again.keras") as archive:
        config = json.loads(archive.read("config.json"))["config"]
    found = {layer["class_name"]: layer["module"] for layer in config["layers"]}
    assert found[name].startswith("keras.src.ops.")


def test_other_ops_are_written_with_a_warning(tmp_path: Path) -> None:
    inputs = keras.Input((4,))
    model = keras.Model(inputs, tf.math.lgamma(tf.math.digamma(inputs)))
    with pytest.warns(UserWarning, match=re.escape("['digamma', 'lgamma']")):
        copy = again(model, tmp_path)
    assert_equal(model, copy, wave((3, 4)) + 2)


def test_names_of_outputs_made_by_ops_last(tmp_path: Path) -> None:
    inputs = keras.Input((4,))
    a = ops.add(inputs, 1.0)
    model = keras.Model(inputs, [ops.add(a, 2.0), ops.multiply(a, 2.0)])
    assert again(model, tmp_path).output_names == model.output_names


def test_training_that_was_given_lasts(tmp_path: Path) -> None:
    inputs = keras.Input((100,))
    for given, dropped in (({"training": True}, True), ({"training": False}, False), ({}, None)):
        copy = again(keras.Model(inputs, layers.Dropout(0.5)(inputs, **given)), tmp_path)
        for training in (True, False):
            zeros = bool((copy(tf.ones((1, 100)), training=training).numpy() == 0).any())
            assert zeros == (training if dropped is None else dropped)


class Sub(keras.Model):
    """Subclassed model with layers in containers and state of its own."""

    def __init__(self, units: int = 3, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.units = units
        self.stack = [layers.Dense(units), {"a": layers.Dense(2)}]
        self.scale = self.add_weight(shape=(), initializer="ones", name="scale")
        self._out = layers.Dense(1)

    def call(self, inputs: Any) -> Any:
        return self._out(self.stack[1]["a"](self.stack[0](inputs))) * self.scale


def test_a_subclassed_model_comes_back_built(tmp_path: Path) -> None:
    model = Sub(4, name="mine")
    model.compile("adam", "mse")
    model.fit(wave((8, 5)), wave((8, 1)), verbose=0)
    copy = again(model, tmp_path, custom_objects={"Sub": Sub})
    assert_equal(model, copy, wave((8, 5)))
    assert copy.units == 4
    assert int(copy.optimizer.iterations) == 1
    with pytest.raises(SavingError, match="no class or function 'Sub'"):
        keras.models.load_model(tmp_path / "again.keras")
    assert [p.path for p in parts_of(model)] == [
        "", "layers/dense", "layers/dense_1", "layers/dense_2", "optimizer",
    ]  # fmt: skip


def test_build_makes_all_weights_of_a_subclassed_model() -> None:
    model = Sub()
    model.build((None, 5))
    assert [tuple(w.shape) for w in model.weights] == [(), (5, 3), (3,), (3, 2), (2,), (2, 1), (1,)]
    assert model.get_build_config() == {"input_shape": (None, 5)}
    assert model(tf.ones((2, 5))).shape == (2, 1)


def test_a_report_says_what_does_not_fit_and_nothing_changes(tmp_path: Path) -> None:
    path = tmp_path / "m.weights.h5"
    dense(2).save_weights(path)
    parts = [layers.Dense(2), layers.Dense(3), layers.BatchNormalization()]
    other = keras.Sequential([keras.Input((3,)), *parts])
    before = other.get_weights()
    with pytest.raises(SavingError) as caught:
        other.load_weights(path)
    text = str(caught.value)
    assert "1 missing: layers/batch_normalization" in text
    for one, two in zip(before, other.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)
    with pytest.warns(UserWarning, match="1 missing.*1 misshapen: layers/dense_1.*expected shape"):
        other.load_weights(path, skip_mismatch=True)
    assert not np.array_equal(before[0], other.get_weights()[0])
    np.testing.assert_array_equal(before[2], other.get_weights()[2])


def test_a_file_with_more_layers_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "m.weights.h5"
    dense(count=3).save_weights(path)
    with pytest.raises(SavingError, match=r"1 unexpected: layers/dense_2/vars \(\(2, 2\), \(2,\)\)"):
        dense().load_weights(path)
    with pytest.warns(UserWarning, match="unexpected"):
        dense().load_weights(path, skip_mismatch=True)


def test_state_of_random_generators_in_older_files_is_left(tmp_path: Path) -> None:
    path = tmp_path / "m.weights.h5"
    model = dense()
    model.save_weights(path)
    with h5py.File(path, "a") as file:
        file["layers/dropout/seed_generator/vars/0"] = np.zeros(2, "uint32")
        file["layers/noise/generator/vars/0"] = np.zeros(2, "uint32")
        file["metrics/mean/vars/0"] = np.zeros((), "float32")
        file["d_optimizer/vars/0"] = np.zeros((), "int64")
    dense().load_weights(path)


def test_a_layer_that_refuses_takes_all_back(tmp_path: Path) -> None:
    class Stubborn(layers.Layer):
        def build(self, shape: Any) -> None:
            self.w = self.add_weight(shape=(2,))

        def call(self, inputs: Any) -> Any:
            return inputs

        def load_own_variables(self, store: Any) -> None:
            self.w.assign([7.0, 7.0])
            raise KeyError("other")

    def make() -> Any:
        return keras.Sequential([keras.Input((2,)), layers.Dense(2), Stubborn()])

    path = tmp_path / "m.weights.h5"
    make().save_weights(path)
    model = make()
    before = model.get_weights()
    with pytest.raises(SavingError, match=r"misshapen: layers/stubborn.*'other'"):
        model.load_weights(path)
    for one, two in zip(before, model.get_weights(), strict=True):
        np.testing.assert_array_equal(one, two)


def test_layers_store_what_they_like(tmp_path: Path) -> None:
    class Own(layers.Layer):
        def build(self, shape: Any) -> None:
            self.w = self.add_weight(shape=(2,))

        def call(self, inputs: Any) -> Any:
            return inputs * self.w

        def save_own_variables(self, store: Any) -> None:
            store["weight-w"] = self.w.numpy()
            store["note"] = np.arange(3)

        def load_own_variables(self, store: Any) -> None:
            self.w.assign(store["weight-w"])
            self.note = np.asarray(store["note"])

    model = keras.Sequential([keras.Input((2,)), Own()])
    copy = again(model, tmp_path, custom_objects={"Own": Own})
    assert_equal(model, copy, wave((3, 2)))
    assert copy.layers[0].note.tolist() == [0, 1, 2]


def test_an_unbuilt_model_says_so(tmp_path: Path) -> None:
    with pytest.raises(SavingError, match="is not built"):
        Sub().save_weights(tmp_path / "m.weights.h5")
    with pytest.warns(UserWarning, match="not built"):
        keras.Sequential([layers.Dense(2)]).save(tmp_path / "m.keras")
    assert not keras.models.load_model(tmp_path / "m.keras").built
    model = Sub()
    model(wave((2, 5)))
    model.save_weights(tmp_path / "m.weights.h5")
    with pytest.raises(SavingError, match="call the model on data"):
        Sub().load_weights(tmp_path / "m.weights.h5")


def lossy(y_true: Any, y_pred: Any) -> Any:
    return ops.mean(ops.square(y_true - y_pred))


def test_functions_are_known_by_name(tmp_path: Path) -> None:
    model = keras.Sequential([keras.Input((3,)), layers.Dense(1, activation=keras.activations.gelu)])
    model.compile("sgd", lossy, metrics=[lossy, keras.losses.mean_squared_error])
    copy = again(model, tmp_path, custom_objects={"lossy": lossy})
    assert copy.loss is lossy
    with pytest.raises(SavingError, match="'lossy'.*compile=False"):
        keras.models.load_model(tmp_path / "again.keras")
    assert not keras.models.load_model(tmp_path / "again.keras", compile=False).compiled
    model.compile("sgd", lambda a, b: ops.mean(a - b))
    with pytest.warns(UserWarning, match="saved without what compile"):
        assert not again(model, tmp_path).compiled


def test_a_model_with_its_own_compile_is_left_to_it(tmp_path: Path) -> None:
    class Pair(Sub):
        def compile(self, one: Any, two: Any) -> None:
            super().compile()
            self.one_optimizer, self.two_optimizer = one, two

    model = Pair()
    model.compile(keras.optimizers.Adam(), keras.optimizers.SGD())
    model(wave((2, 5)))
    model.one_optimizer.build(model.trainable_variables)
    with pytest.warns(UserWarning, match="overrides compile"):
        copy = again(model, tmp_path, custom_objects={"Pair": Pair})
    assert_equal(model, copy, wave((3, 5)))


def test_shards_are_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "m.weights.json"
    model = dense(4, 3)
    model.compile("adam", "mse")
    model.fit(wave((8, 3)), wave((8, 4)), verbose=0)
    model.save_weights(path, max_shard_size=2e-7)
    names = sorted(os.listdir(tmp_path))
    assert names[0] == "m.weights.json"
    assert names[1] == "m_00000.weights.h5"
    index = json.loads(path.read_text())
    assert index["metadata"]["total_size"] == sum(
        v.numpy().nbytes for p in parts_of(model) for v in p.variables
    )
    for save in range(2):
        model.set_weights([w + 1 for w in model.get_weights()])
        model.save_weights(path, max_shard_size=2e-7)
        assert len(os.listdir(tmp_path)) == len(names), save
    other = dense(4, 3)
    other.load_weights(path)
    assert_equal(model, other, wave((5, 3)))
    with pytest.warns(UserWarning, match="'n.weights.json'"):
        model.save_weights(tmp_path / "n.weights.h5", max_shard_size=1)
    assert sorted(n for n in os.listdir(tmp_path) if n[0] == "n") == [
        "n.weights.json", "n_00000.weights.h5",
    ]  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        lambda index: index["weight_map"].update({"/layers/dense/vars": ["../m_00000.weights.h5"]}),
        lambda index: index["weight_map"].update({"/layers/dense/vars": ["/etc/passwd"]}),
        lambda index: index["weight_map"].update({"/layers/dense/vars": [3]}),
        lambda index: index["weight_map"].update({"/layers/other/vars": ["m_00000.weights.h5"]}),
        lambda index: index["weight_map"].pop("/layers/dense/vars"),
        lambda index: index.pop("weight_map"),
    ],
    ids=["parent", "absolute", "number", "other", "left out", "none"],
)
def test_an_index_that_names_other_files_is_refused(change: Any, tmp_path: Path) -> None:
    path = tmp_path / "m.weights.json"
    model = dense()
    model.save_weights(path, max_shard_size=1)
    index = json.loads(path.read_text())
    change(index)
    path.write_text(json.dumps(index))
    with pytest.raises(SavingError, match="damaged"):
        model.load_weights(path)


@pytest.mark.parametrize(
    ("act", "message"),
    [
        (lambda m, p: m.save(p / "m"), "ends in '.keras'"),
        (lambda m, p: m.save(p / "m.weights.h5"), "ends in '.keras'"),
        (lambda m, p: m.save(p / "m.h5", zipped=True), "ends in '.keras'"),
        (lambda m, p: m.save(p / "m.h5", save_format="keras"), "unknown arguments"),
        (lambda m, p: m.save(p / "m.keras", zipped=False), "zipped=False"),
        (lambda m, p: m.save(p / "m.keras", save_format="tf"), "unknown arguments"),
        (lambda m, p: m.save(p / "m.keras", include_optimizer=False), "unknown arguments"),
        (lambda m, p: m.save_weights(p / "m.h5"), "ends in '.weights.h5'"),
        (lambda m, p: m.save_weights(p / "m.weights.json"), "ends in '.weights.h5'"),
        (lambda m, p: m.save_weights(p / "m.weights.json", max_shard_size=0), "above 0"),
        (lambda m, p: m.load_weights(p / "m.h5"), "no such file"),
        (lambda m, p: m.load_weights(p / "m.ckpt"), "name that ends in"),
        (lambda m, p: m.load_weights(p / "m.keras", by_name=True), "by_name"),
        (lambda m, p: keras.models.load_model(p / "m.h5"), "no such file"),
        (lambda m, p: keras.models.load_model(p / "m.safetensors"), "load_weights"),
    ],
)
def test_names_of_other_formats_are_refused(act: Any, message: str, tmp_path: Path) -> None:
    with pytest.raises(SavingError, match=message):
        act(dense(), tmp_path)
    assert os.listdir(tmp_path) == []


def test_overwriting_can_be_forbidden(tmp_path: Path) -> None:
    model = dense()
    for save, name in ((model.save, "m.keras"), (model.save_weights, "m.weights.h5")):
        save(tmp_path / name, overwrite=False)
        with pytest.raises(ValueError, match="overwrite=False"):
            save(tmp_path / name, overwrite=False)
        save(tmp_path / name)


def test_functions_of_the_door_do_the_same(tmp_path: Path) -> None:
    model = dense()
    keras.saving.save_model(model, tmp_path / "m.keras")
    keras.models.save_model(model, str(tmp_path / "n.keras"), save_format="keras")
    keras.saving.save_weights(model, tmp_path / "m.weights.h5")
    other = dense()
    keras.saving.load_weights(other, tmp_path / "m.weights.h5")
    assert_equal(model, other, wave((3, 3)))
    other = dense()
    other.load_weights(tmp_path / "n.keras")
    assert_equal(model, other, wave((3, 3)))
    assert_equal(model, keras.saving.load_model(tmp_path / "n.keras"), wave((3, 3)))


def test_mixed_precision_keeps_its_loss_scale(tmp_path: Path) -> None:
    keras.config.set_dtype_policy("mixed_float16")
    try:
        model = dense()
        model.compile("sgd", "mse")
        model.fit(wave((8, 3)), wave((8, 2)), verbose=0)
    finally:
        keras.config.set_dtype_policy("float32")
    copy = again(model, tmp_path)
    assert isinstance(copy.optimizer, keras.optimizers.LossScaleOptimizer)
    assert int(copy.optimizer.iterations) == int(model.optimizer.iterations)
    assert copy.layers[0].compute_dtype == "float16"


def test_paths_follow_attributes_in_the_order_of_keras() -> None:
    class Odd(layers.Layer):
        def __init__(self) -> None:
            super().__init__()
            self._a = self.b = layers.Dense(1)
            self.C = layers.Dense(1)
            self.pair = (layers.Dense(1), [layers.ReLU(), layers.Dense(1)])
            self.pair[1].append(self.pair[1])

        @property
        def alias(self) -> Any:
            return self._a

        @property
        def broken(self) -> Any:
            raise RuntimeError("not yet")

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert [p.path for p in parts_of(Odd())] == [
            "", "C", "alias", "pair/dense", "pair/container/re_lu", "pair/container/dense",
        ]  # fmt: skip
