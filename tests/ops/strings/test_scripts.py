"""Scripts of writing."""

from __future__ import annotations

import numpy as np

from thalweg._src.ops.strings.scripts import script_numbers, script_ranges


def test_scripts_by_name_and_number():
    greek = script_ranges("Greek")
    assert (0x370, 0x373) in greek
    assert script_numbers(np.array([0x370, 0x41, -1, 0x110000])).tolist() == [14, 25, -1, -1]
    assert script_ranges("Klingon") is None
