"""Record what TensorFlow's writer gives for every case: ``python tests/summary/record.py``.

Needs tensorflow-cpu 2.21 and tensorboard 2.21; the tests need neither.
"""

from __future__ import annotations

import datetime
import json
import os
import pathlib
import sys
import tempfile

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2]))

import numpy
import tensorboard
import tensorflow

from tests.summary import cases, decoder

HERE = pathlib.Path(__file__).resolve().parent


def main() -> None:
    """Write ``events.json``: for each case the event in hexadecimal."""
    events = {}
    for kind in ("EXACT", "IMAGES"):
        for name, case in getattr(cases, kind).items():
            folder = tempfile.mkdtemp()
            with tensorflow.summary.create_file_writer(folder).as_default():
                case(tensorflow, numpy)
            (path,) = pathlib.Path(folder).iterdir()
            _, event = decoder.records(path)
            events[f"{kind} {name}"] = event.hex()
    result = {
        "provenance": {
            "script": "tests/summary/record.py",
            "date": datetime.date.today().isoformat(),
            "tensorflow": tensorflow.__version__,
            "tensorboard": tensorboard.__version__,
        },
        "events": events,
    }
    text = json.dumps(result, indent=1, ensure_ascii=False) + "\n"
    (HERE / "events.json").write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
