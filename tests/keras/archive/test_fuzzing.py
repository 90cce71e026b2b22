"""Damaged files of every format give the model or a `SavingError`, quickly, and touch nothing."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import warnings
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.keras.archive import fuzzing

ROOT = Path(__file__).parents[3]


@pytest.fixture(scope="module")
def kinds(tmp_path_factory: pytest.TempPathFactory) -> dict[str, fuzzing.Format]:
    folder = tmp_path_factory.mktemp("good")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return {kind.name: kind for kind in fuzzing.formats(folder, graphs=["graph_of_ops"])}


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(name=st.sampled_from(fuzzing.NAMES), seed=st.integers(0, 1 << 32))
def test_damaged_files_are_opened_or_refused(
    name: str, seed: int, kinds: Any, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.getbasetemp() / "fuzzed"
    folder.mkdir(exist_ok=True)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        assert fuzzing.tried(kinds[name], seed, folder) in ("opened", "refused")


@pytest.mark.slow
@pytest.mark.parametrize("seed", [10_000, 20_000, 30_000])
def test_a_process_with_little_memory_survives_them(seed: int, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-X", "faulthandler", str(ROOT / "tests/keras/archive/fuzzing.py"),
         str(tmp_path), str(seed), "60"],
        cwd=ROOT, env={**os.environ, "JAX_PLATFORMS": "cpu"},
        capture_output=True, text=True, timeout=900, check=False,
    )  # fmt: skip
    last = (tmp_path / "last").read_text()
    assert done.returncode == 0, f"{last}: {done.stderr[-3000:]}"
    found = json.loads(done.stdout.splitlines()[-1])
    assert found["wrong"] == []
    assert all(sum(counts.values()) > 5 for counts in found["counts"].values()), found["counts"]
