"""Switches of the process: one object, read by the rooms above, written by `thalweg.config`."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Switches:
    """What the user may switch for the whole process.

    Attributes:
        run_functions_eagerly: `function` runs its Python body each call.
        check_numerics: Every op's result is checked for NaN and infinity.
        deterministic: Ops with a nondeterministic fast form use the deterministic one.
        soft_device_placement: Unknown devices fall back to the default one.
        report_retracing: Print one line about a function that was traced a third time.
    """

    run_functions_eagerly: bool = False
    check_numerics: bool = False
    deterministic: bool = False
    soft_device_placement: bool = True
    report_retracing: bool = True


switches = Switches()
