"""Dtype policies: names, dtypes, configs, identifiers; maps of policies; dtypes of `keras.backend`."""

from __future__ import annotations

from typing import Any

from ..support import Cases, attempt

cases = Cases()

NAMES = (
    "float32 float16 bfloat16 float64 mixed_float16 mixed_bfloat16 int8 uint8 int32 bool string complex64 "
    "foo mixed_float64 int8_from_float32"
).split()


def _facts(policy: Any) -> list[Any]:
    return [
        repr(policy), policy.name, policy.compute_dtype, policy.variable_dtype, policy.quantization_mode,
        policy.get_config(),
    ]  # fmt: skip


@cases
def names(tf: Any, np: Any) -> Any:
    policies = tf.keras.dtype_policies
    kinds = (policies.DTypePolicy, policies.FloatDTypePolicy, tf.keras.mixed_precision.Policy)
    found = {n: attempt(lambda n=n: _facts(policies.DTypePolicy(n))) for n in [*NAMES, None]}
    return {
        "facts": found,
        "kinds": [issubclass(kind, tf.keras.DTypePolicy) for kind in kinds],
        "same": policies.DTypePolicy("float16") == tf.keras.DTypePolicy("float16"),
        "other": policies.DTypePolicy("float16") == tf.keras.DTypePolicy("float32"),
        "again": _facts(policies.DTypePolicy.from_config({"name": "mixed_float16"})),
    }


@cases
def identifiers(tf: Any, np: Any) -> Any:
    policies = tf.keras.dtype_policies
    given = {
        "none": None,
        "name": "float16",
        "mixed": "mixed_bfloat16",
        "dtype": tf.float64,
        "type": np.float16,
        "numpy dtype": np.dtype("float16"),
        "float": float,
        "short config": {"class_name": "DTypePolicy", "config": {"name": "float16"}},
        "config": {
            "module": "keras", "class_name": "DTypePolicy", "config": {"name": "mixed_float16"},
            "registered_name": None,
        },
        "policy": policies.DTypePolicy("float16"),
        "float policy": policies.FloatDTypePolicy("float16"),
        "number": 3,
        "nonsense": "foo",
        "empty": {"foo": 1},
    }  # fmt: skip
    found = {key: attempt(lambda v=value: policies.get(v).name) for key, value in given.items()}
    written = policies.serialize(policies.DTypePolicy("mixed_float16"))
    return {
        "get": found,
        "written": written,
        "float written": policies.serialize(policies.FloatDTypePolicy("float16")),
        "read": _facts(policies.deserialize(written)),
        "layer": [
            tf.keras.layers.Dense(1, dtype=value).dtype_policy.name
            for value in (given["config"], given["policy"], "float16")
        ],
    }


@cases
def inputs(tf: Any, np: Any) -> Any:
    policy = tf.keras.DTypePolicy("mixed_float16")

    def kind(x: Any, autocast: bool = True) -> Any:
        result = policy.convert_input(x, autocast, "float16")
        return str(getattr(getattr(result, "dtype", None), "name", result))

    return {
        "floats": kind(tf.ones((2,))),
        "array": kind(np.ones(2, np.float32)),
        "integers": kind(tf.ones((2,), tf.int32)),
        "switched off": kind(tf.ones((2,)), autocast=False),
        "text": kind("a"),
        "number": kind(3),
        "symbol": str(
            policy.convert_input(tf.keras.KerasTensor((2,), "float32"), True, "float16").dtype
        ),
    }


@cases
def maps(tf: Any, np: Any) -> Any:
    policies = tf.keras.dtype_policies
    table = policies.DTypePolicyMap("float32")
    table["enc.*"] = policies.DTypePolicy("float16")
    table["a/b"] = "bfloat16"
    paths = ("encoder/dense", "x/encoder", "a/b", "a/b/c", "a")
    result = {
        "found": {path: table[path].name for path in paths},
        "keys": list(table),
        "length": len(table),
        "holds": ["a/b" in table, "zz" in table],
        "facts": [table.name, table.compute_dtype, table.variable_dtype, table.quantization_mode],
        "config": table.get_config(),
        "written": policies.serialize(table),
        "read": policies.get(policies.serialize(table))["encoder/x"].name,
        "from_config": policies.DTypePolicyMap.from_config(table.get_config()).get_config(),
        "same key": attempt(lambda: table.__setitem__("a/b", "float16")),
        "no policy": attempt(lambda: table.__setitem__("new", 3)),
        "missing": attempt(lambda: table.__delitem__("zz")),
        "no map": attempt(lambda: policies.DTypePolicyMap(policy_map=3)),
        "default": policies.DTypePolicyMap().default_policy.name,
        "get": policies.get(table) is table,
    }
    table["encoder.*"] = "float64"
    result["two keys match"] = attempt(lambda: table["encoder/dense"])
    return result


@cases
def of_the_process(tf: Any, np: Any) -> Any:
    config, half = tf.keras.config, tf.keras.mixed_precision
    before = config.dtype_policy()
    try:
        half.set_global_policy("mixed_bfloat16")
        found = [config.dtype_policy().name, half.global_policy().name, half.dtype_policy().name]
        layer = tf.keras.layers.Dense(1)
        found += [layer.compute_dtype, layer.variable_dtype, layer.dtype_policy.name]
        wrong = [attempt(lambda v=v: config.set_dtype_policy(v)) for v in ("foo", None)]
        return {"found": found, "wrong": wrong, "still": config.dtype_policy().name}
    finally:
        config.set_dtype_policy(before)


@cases
def dtypes(tf: Any, np: Any) -> Any:
    backend = tf.keras.backend
    kinds = (
        None,
        "float32",
        np.float32,
        float,
        bool,
        str,
        "string",
        tf.int8,
        np.dtype("int16"),
        "foo",
    )
    groups = {
        "halves": ("int32", "float16"),
        "numbers": (int, float),
        "signs": ("int8", "uint8"),
        "truth": ("bool", int),
        "wide": ("int64", "float32"),
        "two halves": ("float16", "bfloat16"),
        "unsigned": ("uint32", "int32"),
        "none": (None, "int32"),
    }
    numbers = ("int32", "uint8", "bool", "float32", "bfloat16", "string", "complex64")
    return {
        "standard": [attempt(lambda k=k: backend.standardize_dtype(k)) for k in kinds],
        "result": {key: backend.result_type(*group) for key, group in groups.items()},
        "integer": [backend.is_int_dtype(name) for name in numbers],
        "float": [backend.is_float_dtype(name) for name in numbers],
    }


@cases
def settings(tf: Any, np: Any) -> Any:
    config = tf.keras.config
    found = {
        "first": [
            config.is_interactive_logging_enabled(), config.is_traceback_filtering_enabled(),
            config.is_nnx_enabled(), config.max_epochs(), config.max_steps_per_epoch(),
        ],
    }  # fmt: skip
    config.set_max_epochs(2)
    config.set_max_steps_per_epoch(3)
    found["limits"] = [config.max_epochs(), config.max_steps_per_epoch()]
    config.set_max_epochs(None)
    config.set_max_steps_per_epoch(None)
    config.disable_interactive_logging()
    found["silent"] = [config.is_interactive_logging_enabled()]
    config.enable_interactive_logging()
    config.disable_traceback_filtering()
    found["full"] = [config.is_traceback_filtering_enabled()]
    config.enable_traceback_filtering()
    found["wrong"] = [
        attempt(lambda: config.set_floatx("int32")),
        attempt(lambda: config.set_image_data_format("x")),
        attempt(lambda: config.set_backend("foo")),
    ]
    return found
