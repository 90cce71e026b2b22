"""Modules that wait for their first use."""

from __future__ import annotations

import subprocess
import sys

import pytest

from thalweg._src.base.lazy import LazyModule


def test_a_module_is_loaded_when_it_is_used():
    found = LazyModule("fractions")
    assert found.Fraction(1, 2) * 2 == 1
    with pytest.raises(ModuleNotFoundError, match="no_such_module"):
        _ = LazyModule("no_such_module").anything


def test_importing_the_package_loads_no_module_that_only_some_programs_need():
    code = (
        "import sys, thalweg;"
        "print([m for m in ('h5py', 'matplotlib', 'PIL', 'pandas', 'sklearn', 'scipy') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
