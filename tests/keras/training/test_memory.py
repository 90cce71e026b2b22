"""Many models in one process: their programs and buffers go when they go."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.skipif(
    not Path("/proc/self/statm").exists(), reason="resident memory is read from /proc"
)


def memory_after(rounds: int) -> list[float]:
    """Megabytes after each round, in a process of its own."""
    command = [sys.executable, "-m", "tests.keras.training.rounds", str(rounds)]
    found = subprocess.run(command, capture_output=True, text=True, timeout=900, check=False)
    assert found.returncode == 0, found.stderr
    return [float(line) for line in found.stdout.split()]


@pytest.mark.parametrize("rounds", [40, pytest.param(200, marks=pytest.mark.slow)])
def test_building_fitting_and_predicting_again_and_again_keeps_memory_level(rounds):
    megabytes = memory_after(rounds)
    assert len(megabytes) == rounds
    assert megabytes[-1] - megabytes[19] < 50.0
