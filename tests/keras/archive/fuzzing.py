"""Damage done to good files of every format, and what may come of opening them.

As a program, in a process of its own whose memory is bounded:

    python fuzzing.py FOLDER SEED SECONDS [FORMAT ...]

Opens damaged files for so many seconds and prints a JSON object: how many of each format were opened,
refused, and what went wrong: other exceptions than `SavingError`, files that appeared, hangs.
"""

from __future__ import annotations

import hashlib
import io
import json
import random
import resource
import shutil
import sys
import time
import traceback
import warnings
import zipfile
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).resolve().parents[3]))

import numpy as np

import thalweg as tf
from tests.keras.archive import zoo
from thalweg import keras
from thalweg._src.base.errors import DataLossError, SavingError
from thalweg._src.checkpoint import files

# Seconds of processor time that no file may take: opening the good ones takes less than one.
MAX_SECONDS = 10.0
# Bytes that may be taken beyond what the program has before: the files have less than 100 KB.
MAX_BYTES = 1 << 30

_NASTY: tuple[Any, ...] = (
    None, True, False, 0, -1, 2, 3, 1 << 31, 1 << 63, 10**30, 1.5, -0.0, float("nan"), float("inf"), "",
    "x", "../x", "\0", "float16", "keras.layers", "Dense", "__lambda__", "x" * 5000, [], {}, [None], [-1],
    [1 << 40], [[[]]], {"class_name": "Dense"}, {"class_name": "Dense", "config": {"units": 1 << 40}},
    {"class_name": "__numpy__", "config": {"value": [1], "dtype": "object"}},
    {"class_name": "__keras_tensor__", "config": {"keras_history": ["x", 0, 0]}},
)  # fmt: skip


_GRAPHS = ("graph_of_ops", "nested_and_shared", "attention", "recurrent", "convolutional", "subclassed")
NAMES = (
    "keras", "keras-config", "keras-weights", "weights", "safetensors", "safetensors-header", "shards",
    "shards-index", "legacy", "legacy-weights", "checkpoint", "checkpoint-arrays", "checkpoint-header",
    "config-graph_of_ops",
)  # fmt: skip


@dataclass(frozen=True)
class Format:
    """A kind of file.

    Attributes:
        name: Its name.
        members: Bytes of good files by relative path; the first is opened.
        damage: Gives the bytes of damaged ones.
        open: Opens a file.
    """

    name: str
    members: dict[str, bytes]
    damage: Callable[[dict[str, bytes], random.Random], dict[str, bytes]]
    open: Callable[[Path], Any]


def flipped(data: bytes, chance: random.Random) -> bytes:
    """Bytes with some changed, copied, cut out or put in."""
    found = bytearray(data)
    for _ in range(chance.choice((1, 1, 2, 4))):
        place, other = (chance.randrange(len(found) + 1) for _ in "ab")
        length = chance.choice((1, 1, 2, 4, 8, 16, 64))
        kind = chance.randrange(6)
        if kind == 0:
            found[place : place + length] = chance.randbytes(length)
        elif kind == 1 and found:
            found[place % len(found)] ^= 1 << chance.randrange(8)
        elif kind == 2:
            found[place : place + length] = b"\xff" * length
        elif kind == 3:
            found[place : place + length] = found[other : other + length]
        elif kind == 4:
            del found[place : place + chance.choice((1, 8, 512))]
        else:
            found[place:place] = chance.randbytes(length)
    return bytes(found)


def reworded(value: Any, chance: random.Random) -> Any:
    """JSON data with some values replaced, moved, left out or repeated."""
    value = json.loads(json.dumps(value))
    for _ in range(chance.choice((1, 1, 1, 2, 3))):
        places = list(_places(value))
        if not places:
            return chance.choice(_NASTY)
        holder, key = chance.choice(places)
        kind = chance.randrange(8)
        if kind < 5:
            holder[key] = chance.choice(_NASTY)
        elif kind == 5:
            other, source = chance.choice(places)
            holder[key] = json.loads(json.dumps(other[source]))
        elif kind == 6:
            del holder[key]
        elif isinstance(holder[key], int):
            holder[key] += chance.choice((-1, 1, 1 << 20))
    return value


def _places(value: Any) -> Any:
    waiting = [value]
    while waiting:
        holder = waiting.pop()
        pairs = holder.items() if isinstance(holder, dict) else enumerate(holder)
        for key, part in pairs:
            yield holder, key
            if isinstance(part, (dict, list)):
                waiting.append(part)


def _any_member(members: dict[str, bytes], chance: random.Random) -> dict[str, bytes]:
    name = chance.choice(list(members))
    return members | {name: flipped(members[name], chance)}


def _inside_zip(
    name: str, change: Callable[[bytes, random.Random], bytes]
) -> Callable[[dict[str, bytes], random.Random], dict[str, bytes]]:
    def damage(members: dict[str, bytes], chance: random.Random) -> dict[str, bytes]:
        path, data = next(iter(members.items()))
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = {n: archive.read(n) for n in archive.namelist()}
        buffer = io.BytesIO()
        method = chance.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))
        with zipfile.ZipFile(buffer, "w", method) as archive:
            for n, part in parts.items():
                archive.writestr(n, change(part, chance) if n == name else part)
        return members | {path: buffer.getvalue()}

    return damage


def _config(text: bytes, chance: random.Random) -> bytes:
    return json.dumps(reworded(json.loads(text), chance)).encode()


def _index(members: dict[str, bytes], chance: random.Random) -> dict[str, bytes]:
    path, data = next(iter(members.items()))
    return members | {path: _config(data, chance)}


def _header(members: dict[str, bytes], chance: random.Random) -> dict[str, bytes]:
    """The header of a tensors file, its length put right."""
    path, data = next((p, d) for p, d in members.items() if p.endswith(".safetensors"))
    end = 8 + int.from_bytes(data[:8], "little")
    text = _config(data[8:end], chance)
    return members | {path: len(text).to_bytes(8, "little") + text + data[end:]}


def _sealed(
    damage: Callable[[dict[str, bytes], random.Random], dict[str, bytes]],
) -> Callable[[dict[str, bytes], random.Random], dict[str, bytes]]:
    """Damage to a checkpoint whose checksums are put right afterwards."""

    def sealed(members: dict[str, bytes], chance: random.Random) -> dict[str, bytes]:
        found = damage(members, chance)
        index = next(p for p in members if p.endswith(".index"))
        arrays = next(p for p in members if p.endswith(".safetensors"))
        fields = json.loads(members[index])
        digest = hashlib.sha256(found[arrays]).hexdigest()
        fields |= {"size": len(found[arrays]), "sha256": digest}
        fields["checksum"] = files._digest(fields)
        stem = arrays.split(".")[0]
        renamed = {f"{stem}.{digest[:16]}.safetensors": found[arrays]}
        return {index: json.dumps(fields).encode(), **renamed}

    return sealed


def formats(folder: Path, graphs: Sequence[str] = _GRAPHS) -> list[Format]:
    """All formats, with good files of them.

    Args:
        folder: Where they may be written.
        graphs: Models of the zoo whose configs are damaged, too.
    """
    custom = zoo.custom_objects(keras)
    model = keras.Sequential(
        [keras.Input((4,)), keras.layers.Dense(3), keras.layers.BatchNormalization(), keras.layers.Dense(2)]
    )
    model.compile("adam", "mse")
    model.train_on_batch(np.ones((2, 4)), np.ones((2, 2)))

    def load(path: Path) -> None:
        # Without what training needs, which takes most of the time of making a model.
        keras.models.load_model(path, custom, compile=path.name.startswith("compiled"))

    def written(name: str, write: Callable[[Path], Any]) -> dict[str, bytes]:
        home = folder / f"good-{name}"
        home.mkdir()
        write(home / name)
        found = {str(p.relative_to(home)): p.read_bytes() for p in sorted(home.rglob("*")) if p.is_file()}
        shutil.rmtree(home)
        return dict(sorted(found.items(), key=lambda item: item[0] != name))

    whole = written("compiled.keras", model.save)
    weights = written("m.weights.h5", model.save_weights)
    tensors = written("m.safetensors", model.save_weights)
    shards = written("m.weights.json", lambda p: model.save_weights(p, max_shard_size=3e-7))
    legacy = written("compiled.h5", model.save)
    state = tf.train.Checkpoint(model=model)
    checkpoint = written("ckpt", lambda p: state.write(str(p)))
    def restore(path: Path) -> None:
        prefix = path.parent / "ckpt"
        try:
            tf.train.Checkpoint(model=model).read(str(prefix)).expect_partial()
        except (DataLossError, LookupError):
            raise SavingError("refused") from None

    found = [
        Format("keras", whole, _any_member, load),
        Format("keras-config", whole, _inside_zip("config.json", _config), load),
        Format("keras-weights", whole, _inside_zip("model.weights.h5", flipped), load),
        Format("weights", weights, _any_member, model.load_weights),
        Format("safetensors", tensors, _any_member, model.load_weights),
        Format("safetensors-header", tensors, _header, model.load_weights),
        Format("shards", shards, _any_member, model.load_weights),
        Format("shards-index", shards, _index, model.load_weights),
        Format("legacy", legacy, _any_member, load),
        Format("legacy-weights", legacy, _any_member, model.load_weights),
        Format("checkpoint", checkpoint, _any_member, restore),
        Format("checkpoint-arrays", checkpoint, _sealed(_any_member), restore),
        Format("checkpoint-header", checkpoint, _sealed(_header), restore),
    ]
    for name in graphs:
        built, _ = zoo.MODELS[name](keras)
        members = written(f"{name}.keras", built.save)
        found.append(Format(f"config-{name}", members, _inside_zip("config.json", _config), load))
    return found


def tried(kind: Format, seed: int, folder: Path) -> str:
    """What comes of opening a damaged file: ``"opened"``, ``"refused"``, or what is wrong.

    Args:
        kind: The format.
        seed: Tells which damage is done.
        folder: Where the file is written.
    """
    home = folder / "damaged"
    shutil.rmtree(home, ignore_errors=True)
    home.mkdir()
    members = kind.damage(kind.members, random.Random(seed))
    for name, data in members.items():
        (home / name).write_bytes(data)
    before = time.process_time()
    try:
        kind.open(home / next(iter(kind.members)))
        outcome = "opened"
    except SavingError:
        outcome = "refused"
    except Exception:
        outcome = "".join(traceback.format_exc(limit=-6))
    took = time.process_time() - before
    if took > MAX_SECONDS:
        outcome = f"took {took:.1f} s"
    if {p.name: p.read_bytes() for p in home.iterdir()} != members:
        outcome = "changed files"
    return outcome


def main(folder: Path, seed: int, seconds: float, wanted: list[str]) -> dict[str, Any]:
    """What came of all files."""
    warnings.simplefilter("ignore")
    kinds = [kind for kind in formats(folder) if not wanted or kind.name in wanted]
    for kind in kinds:
        for name, data in kind.members.items():
            (folder / name).write_bytes(data)
        kind.open(folder / next(iter(kind.members)))
    taken = int(Path("/proc/self/statm").read_text().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (taken + MAX_BYTES, taken + MAX_BYTES))
    counts: dict[str, Counter[str]] = {kind.name: Counter() for kind in kinds}
    wrong: list[str] = []
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    end = time.monotonic() + seconds
    while time.monotonic() < end and len(wrong) < 20:
        for kind in kinds:
            (folder / "last").write_text(f"{kind.name} {seed}")
            outcome = tried(kind, seed, folder)
            if outcome in ("opened", "refused"):
                counts[kind.name][outcome] += 1
            else:
                wrong.append(f"{kind.name} {seed}: {outcome}")
            now = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
            if now - peak > MAX_BYTES >> 11:
                wrong.append(f"{kind.name} {seed}: took {(now - peak) >> 10} MiB")
            peak = max(peak, now)
        seed += 1
    return {"counts": counts, "wrong": wrong}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]), sys.argv[4:])))
