"""Modules that wait for their first use."""

from __future__ import annotations

import subprocess
import sys

import pytest

import thalweg
from thalweg._src.base.lazy import LazyModule


def test_a_module_is_loaded_when_it_is_used():
    found = LazyModule("fractions")
    assert found.Fraction(1, 2) * 2 == 1
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        _ = LazyModule("no_such_module").anything


def test_importing_the_package_loads_no_module_that_only_some_programs_need():
    code = (
        "import sys, thalweg;"
        "unwanted = 'h5py', 'matplotlib', 'PIL', 'pandas', 'sklearn', 'scipy', 'thalweg.keras';"
        "print([m for m in unwanted if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_a_module_of_the_package_is_there_when_it_is_named():
    code = "import gc, thalweg; assert 'keras' in dir(thalweg); print(thalweg.keras.__name__, gc.isenabled())"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.split() == ["thalweg.keras", "True"]
    with pytest.raises(AttributeError, match="module 'thalweg' has no attribute 'no_such_room'"):
        _ = thalweg.no_such_room
