"""Small files that pipelines read."""

from __future__ import annotations

import atexit
import functools
import gzip
import shutil
import tempfile
import zlib
from pathlib import Path

TEXT = b"one\r\ntwo\n\nlast"
# The records b"one" and b"three", as TensorFlow writes them.
RECORDS = bytes.fromhex(
    "0300000000000000b099490e6f6e65014055080500000000000000eab2043e74687265656023fb45"
)
CSV = b"a,b,c\n1,2.5,x\n2,,\"y, z\"\n,4.5,\"\"\n"
FILES = {
    "a.txt": TEXT,
    "b.txt": b"x\ny\nz\n",
    "c.log": b"0123456789abcdef",
    "d.gz": gzip.compress(TEXT, mtime=0) + gzip.compress(b"\nmore", mtime=0),
    "e.zlib": zlib.compress(TEXT),
    "empty.txt": b"",
    "sub/f.txt": b"f",
    "g.tfrecord": RECORDS,
    "h.tfrecord": gzip.compress(RECORDS, mtime=0),
    "i.csv": CSV,
    "j.csv": b"a,b,c\n9,9,w\n",
    "k.csv": b"3;1 5;NA\n\"4;\";;x\n",
}


@functools.cache
def folder() -> Path:
    """A folder with the files, which is deleted at the end."""
    made = Path(tempfile.mkdtemp(prefix="pipelines-"))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    for name, contents in FILES.items():
        path = made / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(contents)
    return made


def path(name: str) -> str:
    """Path of a file."""
    return str(folder() / name)


def paths(*names: str) -> list[str]:
    """Paths of files."""
    return [path(name) for name in names]
