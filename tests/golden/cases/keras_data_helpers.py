"""`keras.utils`: padded sequences, windows over timeseries, split datasets, packed batches."""

from __future__ import annotations

from typing import Any

from ..support import Cases, attempt

cases = Cases()


@cases
def padding(tf: Any, np: Any) -> Any:
    pad = tf.keras.utils.pad_sequences
    short = [[1], [2, 3], [4, 5, 6]]
    pairs = [[[1, 2]], [[3, 4], [5, 6]]]
    return {
        "plain": pad(short),
        "post": pad(short, padding="post"),
        "cut": pad(short, maxlen=2),
        "cut post": pad(short, maxlen=2, truncating="post"),
        "longer": pad(short, maxlen=4, padding="post", value=9),
        "floats": pad([[1.5], [2]], dtype="float32", value=-1),
        "floats as integers": pad([[1.9], [2.2, 3.3]]),
        "strings": pad([["a"], ["b", "c"]], dtype=object, value="x"),
        "bytes": pad([[b"a"], [b"b", b"c"]], dtype=object, value=b""),
        "short strings": pad([["aa"], ["b", "c"]], dtype="U3", value="x"),
        "pairs": pad(pairs),
        "pairs filled": pad(pairs, value=[7, 8]),
        "array": pad(np.arange(6).reshape(2, 3), maxlen=4),
        "empty one": pad([[], [1]]),
        "all empty": pad([[], []]),
        "booleans": pad([[True], [False, True]], dtype="bool"),
        "fraction": pad(short, value=1.7),
        "string in integers": attempt(lambda: pad([["a"]], value="x")),
        "pairs of another shape": attempt(lambda: pad([[[1, 2]], [[3, 4, 5]]])),
        "padding": attempt(lambda: pad(short, padding="x")),
        "truncating": attempt(lambda: pad(short, truncating="x")),
        "no sequences": attempt(lambda: pad([1, 2])),
        "number": attempt(lambda: pad(3)),
        "iterator": attempt(lambda: pad(iter(short))),
        "alias": tf.keras.preprocessing.sequence.pad_sequences(short),
    }


def _batches(dataset: Any) -> list[Any]:
    return list(dataset)


@cases
def windows(tf: Any, np: Any) -> Any:
    make = tf.keras.utils.timeseries_dataset_from_array
    time, goals = np.arange(10), np.arange(10) * 10
    table = np.arange(12, dtype=np.float32).reshape(6, 2)
    calls: dict[str, tuple[Any, ...]] = {
        "plain": (time, goals, 3, {"batch_size": 4}),
        "alone": (time, None, 3, {"batch_size": 4}),
        "stride and rate": (time, goals, 3, {"sequence_stride": 2, "sampling_rate": 2}),
        "ends": (time, goals, 3, {"start_index": 2, "end_index": 8}),
        "end": (time, goals, 3, {"end_index": 5}),
        "start and rate": (time, goals, 3, {"sampling_rate": 2, "start_index": 1, "end_index": 9}),
        "shifted targets": (time, goals[3:], 3, {}),
        "few targets": (time, goals[:4], 3, {}),
        "single": (time, goals, 3, {"batch_size": None}),
        "single alone": (time, None, 3, {"batch_size": None}),
        "table": (table, table, 2, {}),
        "lists": ([1.0, 2.0, 3.0], [4.0, 5.0, 6.0], 2, {}),
        "all": (time, goals, 10, {}),
        "too long": (time, goals, 11, {}),
    }
    wrong: dict[str, dict[str, Any]] = {
        "rate 0": {"sampling_rate": 0},
        "rate": {"sampling_rate": 10},
        "stride 0": {"sequence_stride": 0},
        "stride": {"sequence_stride": 10},
        "start below": {"start_index": -1},
        "start": {"start_index": 10},
        "end below": {"end_index": -1},
        "end": {"end_index": 11},
        "end before start": {"start_index": 5, "end_index": 4},
        "format": {"format": "x"},
    }
    return {
        "calls": {key: _batches(make(*args, **rest)) for key, (*args, rest) in calls.items()},
        "lengths": [len(make(*args, **rest)) for *args, rest in list(calls.values())[:10]],
        "wrong": {k: attempt(lambda o=o: make(time, goals, 3, **o)) for k, o in wrong.items()},
        "alias": _batches(
            tf.keras.preprocessing.timeseries_dataset_from_array(time, None, 3, end_index=5)
        ),
    }


@cases
def shuffled_windows(tf: Any, np: Any) -> Any:
    time = np.arange(10)
    made = [
        tf.keras.utils.timeseries_dataset_from_array(
            time, time, 3, batch_size=8, shuffle=True, seed=1
        )
        for _ in range(2)
    ]
    first, second = ([y.numpy().tolist() for _, y in made[0]][0] for _ in range(2))
    return {
        "all": sorted(first) == sorted(second) == list(range(8)),
        "each epoch anew": first != second,
        "repeats": [y.numpy().tolist() for _, y in made[1]][0] == first,
        "together": all(int(x[0]) == int(y) for xs, ys in made[0] for x, y in zip(xs, ys)),
    }


@cases
def splits(tf: Any, np: Any) -> Any:
    split = tf.keras.utils.split_dataset
    x = np.arange(10, dtype=np.int32)
    sizes: dict[str, dict[str, Any]] = {
        "left": {"left_size": 0.75},
        "right": {"right_size": 3},
        "both": {"left_size": 3, "right_size": 2},
        "fractions": {"left_size": 0.3, "right_size": 0.3},
        "mixed": {"left_size": 0.5, "right_size": 2},
        "rounded": {"left_size": 0.35},
        "neither": {},
        "too many": {"left_size": 11},
        "all": {"left_size": 10},
        "whole": {"left_size": 1.0},
        "nothing": {"left_size": 0},
        "no fraction": {"left_size": 0.0},
        "negative": {"left_size": -1},
        "sum": {"left_size": 8, "right_size": 5},
        "sum of fractions": {"left_size": 0.8, "right_size": 0.5},
        "text": {"left_size": "a"},
    }
    shuffled = [split(x, left_size=5, shuffle=True, seed=3) for _ in range(2)]
    orders = [[int(v) for part in parts for v in part] for parts in shuffled]
    return {
        "sizes": {
            key: attempt(lambda o=o: [_batches(part) for part in split(x, **o)])
            for key, o in sizes.items()
        },
        "lengths": [len(part) for part in split(x, left_size=0.8)],
        "tuple": [_batches(part) for part in split((x, x * 2), left_size=0.2)],
        "list": [_batches(part) for part in split([x, x * 2], left_size=0.2)],
        "shuffled": [
            sorted(orders[0]) == x.tolist(),
            orders[0] == orders[1],
            orders[0] != x.tolist(),
        ],
        "small": attempt(lambda: split(np.arange(3), left_size=0.1)),
        "other lengths": attempt(lambda: split((x, x[:5]), left_size=0.5)),
        "empty": attempt(lambda: split([], left_size=0.5)),
        "numbers": attempt(lambda: split([1, 2, 3], left_size=0.5)),
        "string": attempt(lambda: split("abc", left_size=0.5)),
        "generator": attempt(lambda: split((i for i in range(4)), left_size=0.5)),
    }


@cases
def packed_batches(tf: Any, np: Any) -> Any:
    utils = tf.keras.utils
    packed = [(1,), (1, 2), (1, 2, 3), (None, 2)]
    given = {
        "x": 1, "list": [1, 2], "one": (1,), "two": (1, 2), "three": (1, 2, 3), "dict": {"a": 1},
        "nested": ((1, 2),), "four": (1, 2, 3, 4),
    }  # fmt: skip
    return {
        "pack": [utils.pack_x_y_sample_weight(*parts) for parts in packed],
        "unpack": {
            k: attempt(lambda v=v: list(utils.unpack_x_y_sample_weight(v)))
            for k, v in given.items()
        },
    }


@cases
def configs(tf: Any, np: Any) -> Any:
    config = tf.keras.utils.Config(a=1, b={"c": 2})
    found = {
        "text": repr(config),
        "read": [config.a, config["b"], config.get("z", 3), config.get("z"), "a" in config],
        "lists": [list(config), len(config), list(config.keys()), list(config.values())],
        "dict": config.as_dict(),
        "json": config.to_json(),
        "frozen": [config.frozen],
    }
    config.freeze()
    found["refused"] = [
        attempt(lambda: setattr(config, "a", 2)),
        attempt(lambda: config.__setitem__("a", 2)),
        attempt(lambda: config.update(a=3)),
        attempt(lambda: config.pop("a")),
        attempt(lambda: config.__delitem__("a")),
    ]
    config.unfreeze()
    config.a = 5
    config["q"] = [1]
    config.update({"w": 1}, e=2)
    found["changed"] = [config.pop("w"), config.pop("none", 7), config.as_dict()]
    found["missing"] = [attempt(lambda: config.nope), attempt(lambda: config["nope"])]
    config.array = np.ones(2)
    found["not json"] = attempt(config.to_json)
    found["positional"] = attempt(lambda: tf.keras.utils.Config({"a": 1}))
    return found
