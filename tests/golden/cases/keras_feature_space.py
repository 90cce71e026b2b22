"""Tables as tensors: `keras.utils.FeatureSpace`."""

from __future__ import annotations

from typing import Any

from ..support import Cases, attempt

cases = Cases()

TABLE: dict[str, list[Any]] = {
    "f": [0.0, 0.1, 0.2, 0.7, 0.5],
    "n": [0.0, 1.0, 2.0, 3.0, 9.0],
    "r": [1.0, 2.0, 3.0, 4.0, 5.0],
    "d": [0.0, 0.3, 0.5, 0.9, 2.0],
    "s": ["a", "b", "a", "c", "b"],
    "i": [4, 5, 5, 6, 4],
    "ih": [7, -8, 1900000000, 10, 123456],
    "sh": ["x", "y", "z", "x", ""],
}


def table(np: Any) -> dict[str, Any]:
    kinds = {"s": None, "sh": None, "i": "int32", "ih": "int32"}
    return {k: np.array(v, kinds.get(k, "float32")) for k, v in TABLE.items()}


def rows(tf: Any, np: Any) -> Any:
    return tf.data.Dataset.from_tensor_slices(table(np))


def made(tf: Any, np: Any, mode: str = "concat", encoding: str = "one_hot") -> Any:
    """Space of every kind of feature, adapted."""
    kinds = tf.keras.utils.FeatureSpace
    space = kinds(
        features={
            "f": "float",
            "n": "float_normalized",
            "r": kinds.float_rescaled(2.0, 1.0),
            "d": kinds.float_discretized(3, output_mode=encoding),
            "s": kinds.string_categorical(output_mode=encoding),
            "i": kinds.integer_categorical(max_tokens=3, num_oov_indices=2, output_mode=encoding),
            "ih": kinds.integer_hashed(5, output_mode=encoding),
            "sh": kinds.string_hashed(4, output_mode=encoding),
        },
        crosses=[kinds.cross(("s", "d"), 6, encoding), kinds.cross(("i", "sh"), 7, encoding)],
        output_mode=mode,
    )
    space.adapt(rows(tf, np))
    return space


def last(space: Any, np: Any) -> dict[str, Any]:
    """One row with values that were not seen before."""
    return {"f": 0.25, "n": 4.0, "r": -1.0, "d": 0.4, "s": "zz", "i": 77, "ih": -3, "sh": "new"}


@cases
def vectors(tf: Any, np: Any) -> Any:
    space = made(tf, np)
    return {
        "batch": space(table(np)),
        "lists": space(TABLE),
        "columns": space({k: v[:, None] for k, v in table(np).items()}),
        "one": space(last(space, np)),
        "mapped": [x for x in rows(tf, np).map(space)],
        "mapped batches": [x for x in rows(tf, np).batch(2).map(lambda row: space(row))],
        "compiled": tf.function(lambda row: space(row))({k: tf.constant(v) for k, v in table(np).items()}),
        "shape": list(space.get_encoded_features().shape),
        "inputs": {
            k: [list(v.shape), v.dtype if isinstance(v.dtype, str) else v.dtype.name, v.name]
            for k, v in space.get_inputs().items()
        },
    }


@cases
def dictionaries(tf: Any, np: Any) -> Any:
    found: dict[str, Any] = {}
    for encoding in ("one_hot", "int"):
        space = made(tf, np, "dict", encoding)
        found[encoding] = {
            "batch": space(table(np)),
            "one": space(last(space, np)),
            "order": list(space(table(np))),
            "shapes": {k: list(v.shape) for k, v in space.get_encoded_features().items()},
            "mapped": [row["s_X_d"] for row in rows(tf, np).map(space)],
        }
    return found


@cases
def models(tf: Any, np: Any) -> Any:
    space = made(tf, np)
    dense = tf.keras.layers.Dense(1, kernel_initializer="ones")
    model = tf.keras.Model(space.get_inputs(), dense(space.get_encoded_features()))
    return model({k: tf.constant(v)[:, None] for k, v in table(np).items()})


@cases
def layers_of_ones_own(tf: Any, np: Any) -> Any:
    kinds, layers = tf.keras.utils.FeatureSpace, tf.keras.layers
    texts = np.array(["one two", "two three", "three three"])
    space = kinds(
        {
            "hash": kinds.feature("string", layers.Hashing(4), "one_hot"),
            "bins": kinds.feature("float32", layers.Discretization(num_bins=2), "one_hot"),
            "twice": kinds.feature("float32", layers.Rescaling(2.0), "float"),
        }
    )
    data = {
        "hash": texts,
        "bins": np.array([0.0, 1.0, 2.0], "float32"),
        "twice": np.array([1, 2, 3], "float32"),
    }
    space.adapt(tf.data.Dataset.from_tensor_slices(data))
    words = kinds(
        {"text": kinds.feature("string", layers.TextVectorization(output_mode="tf_idf"), "float")}
    )
    words.adapt(tf.data.Dataset.from_tensor_slices({"text": texts}))
    given = kinds.float_discretized(None, bin_boundaries=[0.5, 1.5])
    bad = kinds({"twice": kinds.feature("float32", layers.Rescaling(2.0), "one_hot")})
    return {
        "all": space(data),
        "one": space({k: v[0] for k, v in data.items()}),
        "words": words({"text": texts}),
        "hashes": kinds({"h": kinds.feature("string", layers.Hashing(5), "one_hot")})({"h": texts}),
        "given bins": given.preprocessor(np.array([[0.2], [1.0], [3.0]], "float32")),
        "not of categories": attempt(lambda: bad({"twice": [1.0]})),
    }


@cases
def wide_columns(tf: Any, np: Any) -> Any:
    kinds = tf.keras.utils.FeatureSpace
    data = {"v": np.arange(6.0, dtype="float32").reshape(3, 2), "w": np.arange(3.0, dtype="float32")}
    space = kinds({"v": "float_normalized", "w": "float"})
    space.adapt(tf.data.Dataset.from_tensor_slices(data))
    return {
        "wide": space(data),
        "values": kinds({"s": "string_hashed"})({"s": [["a", "b"], ["c", "c"]]}),
    }


@cases
def names_and_settings(tf: Any, np: Any) -> Any:
    kinds = tf.keras.utils.FeatureSpace
    space = kinds(
        {"s": "string_hashed", "ih": "integer_hashed", "f": "float"},
        crosses=[("s", "ih")],
        crossing_dim=9,
        hashing_dim=8,
        num_discretization_bins=7,
        name="mine",
    )
    config = space.get_config()
    again = kinds.from_config(config)
    return {
        "name": space.name,
        "names": {k: v.name for k, v in space.preprocessors.items()},
        "crosses": {
            k: [v.name, v.num_bins, v.output_mode, list(space.crosses_by_name[k].feature_names)]
            for k, v in space.crossers.items()
        },
        "features": {k: [v.dtype, v.output_mode] for k, v in space.features.items()},
        "kinds": {
            name: [getattr(kinds, name)(*more, name="my").preprocessor.name, getattr(kinds, name)(*more).dtype]
            for name, more in (
                ("float", ()),
                ("float_rescaled", ()),
                ("float_normalized", ()),
                ("float_discretized", (3,)),
                ("integer_categorical", ()),
                ("string_categorical", ()),
                ("integer_hashed", (3,)),
                ("string_hashed", (3,)),
            )
        },
        "config": {
            k: v for k, v in config.items() if k not in ("features", "crosses", "name")
        },
        "cross configs": [c["config"] for c in config["crosses"]],
        "again": again({"s": ["a", "b"], "ih": [1, 2], "f": [0.5, 1.5]}),
        "numbers of other kinds": again({"s": ["a", "b"], "ih": [1.0, 2.0], "f": [1, 2]}),
    }


@cases
def refusals(tf: Any, np: Any) -> Any:
    kinds = tf.keras.utils.FeatureSpace

    def called(data: Any) -> Any:
        return made(tf, np)(data)

    return {
        "nothing": attempt(lambda: kinds({})),
        "unknown kind": attempt(lambda: kinds({"f": "floaty"})),
        "number": attempt(lambda: kinds({"f": 3})),
        "layer": attempt(lambda: kinds({"f": tf.keras.layers.Rescaling(2.0)})),
        "mode": attempt(lambda: kinds({"f": "float"}, output_mode="list")),
        "unknown cross": attempt(lambda: kinds({"s": "string_hashed"}, crosses=[("s", "t")])),
        "cross mode": attempt(lambda: kinds.cross(("a", "b"), 3, output_mode="multi_hot")),
        "feature mode": attempt(lambda: kinds.string_categorical(output_mode="multi_hot")),
        "not adapted": attempt(lambda: kinds({"f": "float_normalized"})({"f": [1.0]})),
        "no inputs yet": attempt(lambda: kinds({"f": "float_normalized"}).get_inputs()),
        "both bins": attempt(lambda: kinds.float_discretized(3, [0.1])),
        "list": attempt(lambda: called([1, 2])),
        "integers in a vector": attempt(lambda: made(tf, np, "concat", "int")(table(np))),
    }
