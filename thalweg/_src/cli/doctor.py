"""`thalweg doctor`: what is installed, what JAX sees, and the command that mends what is missing.

Facts are collected in `facts.py`; everything here is a pure function of them.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass

from thalweg._src.cli.facts import Facts, collect

OLDEST_PYTHON = (3, 11)
# First driver series that runs programs of a CUDA version (NVIDIA's CUDA compatibility table).
CUDA_DRIVERS = ((13, 580), (12, 525))
LOG_LINES = 6


@dataclass(frozen=True)
class Finding:
    """One thing to know.

    Attributes:
        problem: True when something that should work does not.
        text: What was found.
        remedy: What to do or run; empty when there is nothing to do.
    """

    problem: bool
    text: str
    remedy: str = ""


def run(as_json: bool = False) -> int:
    """Prints the report on this machine.

    Args:
        as_json: Print one JSON object (`facts`, `findings`, `healthy`) instead of text.

    Returns:
        0 when healthy, 1 when something that should work does not.
    """
    facts = collect()
    findings = judge(facts)
    print(report_json(facts, findings) if as_json else report_text(facts, findings))
    return 0 if healthy(findings) else 1


def healthy(findings: Sequence[Finding]) -> bool:
    """True when no finding is a problem."""
    return not any(finding.problem for finding in findings)


def judge(facts: Facts) -> list[Finding]:
    """Everything worth knowing about the facts, problems first."""
    found = [*_versions(facts), *_start(facts), *_nvidia(facts), *_others(facts), *_keeping(facts)]
    return sorted(found, key=lambda finding: not finding.problem)


def _versions(facts: Facts) -> Iterator[Finding]:
    if facts.python < OLDEST_PYTHON:
        wanted = ".".join(map(str, OLDEST_PYTHON))
        yield Finding(True, f"Python is older than {wanted}", f"install Python {wanted} or newer")
    absent = [name for name in ("jax", "jaxlib", "numpy") if not facts.packages.get(name)]
    if absent:
        yield Finding(True, f"not installed: {', '.join(absent)}", "pip install thalweg")
    if not facts.packages.get("thalweg"):
        yield Finding(
            False, "thalweg runs from its source folder, not installed", "pip install --editable ."
        )
    jaxlib = facts.packages.get("jaxlib")
    for plugin, version in facts.plugins.items():
        if plugin.startswith("jax-") and jaxlib and version != jaxlib:
            yield Finding(
                True,
                f"{plugin} {version} does not belong to jaxlib {jaxlib}",
                _install_jax(facts, plugin.removeprefix("jax-").removesuffix("-plugin")),
            )


def _start(facts: Facts) -> Iterator[Finding]:
    if facts.platform is None and facts.packages.get("jax"):
        chosen = facts.environment.get("JAX_PLATFORMS")
        remedy = "pip install --upgrade --force-reinstall jax jaxlib"
        if chosen:
            remedy = f"unset JAX_PLATFORMS (it asks for {chosen!r}), or install what it asks for"
        yield Finding(True, f"JAX does not start:\n{_tail(facts.probe_log)}", remedy)


def _nvidia(facts: Facts) -> Iterator[Finding]:
    """The NVIDIA GPUs of the machine: used, hidden on purpose, impossible here, or to be mended."""
    if not facts.nvidia_gpus or facts.platform is None:
        return
    gpus = f"{len(facts.nvidia_gpus)} x {facts.nvidia_gpus[0]}"
    if facts.system == "Windows":
        yield Finding(
            False,
            f"{gpus} is not used: JAX has no GPU support on native Windows",
            "run thalweg inside WSL2",
        )
    elif facts.platform == "gpu":
        yield Finding(False, f"{gpus} is used")
    elif (hidden := _hidden_by(facts)) is not None:
        variable = hidden.split("=")[0]
        yield Finding(False, f"{gpus} is not used because of {hidden}", f"unset {variable}")
    else:
        yield from _unused_nvidia(facts, gpus)


def _hidden_by(facts: Facts) -> str | None:
    """The setting of the environment by which the user keeps JAX off the GPU."""
    platforms = facts.environment.get("JAX_PLATFORMS", "")
    if platforms and not {"cuda", "gpu"} & set(platforms.split(",")):
        return f"JAX_PLATFORMS={platforms}"
    visible = facts.environment.get("CUDA_VISIBLE_DEVICES")
    return f"CUDA_VISIBLE_DEVICES={visible}" if visible in ("", "-1") else None


def _unused_nvidia(facts: Facts, gpus: str) -> Iterator[Finding]:
    plugins = [name for name in facts.plugins if name.startswith("jax-cuda")]
    suitable = _cuda_for(facts.nvidia_driver)
    if suitable is None:
        yield Finding(
            True,
            f"{gpus} is not used: its driver {facts.nvidia_driver} is too old for CUDA 12",
            f"install an NVIDIA driver of series {CUDA_DRIVERS[0][1]} or newer",
        )
    elif not plugins:
        yield Finding(
            True,
            f"{gpus} is not used: JAX's CUDA plugin is not installed",
            _install_jax(facts, suitable),
        )
    elif all(int(name[len("jax-cuda") :].split("-")[0]) > int(suitable[4:]) for name in plugins):
        yield Finding(
            True,
            f"{gpus} is not used: {plugins[0]} needs a newer driver than {facts.nvidia_driver}",
            f"pip uninstall {plugins[0]} && {_install_jax(facts, suitable)}",
        )
    else:
        advice = _install_jax(facts, suitable, again=True)
        if "LD_LIBRARY_PATH" in facts.environment:
            advice = f"unset LD_LIBRARY_PATH (its libraries come before the plugin's), or {advice}"
        yield Finding(
            True,
            f"{gpus} is not used although {plugins[0]} is installed:\n{_tail(facts.probe_log)}",
            advice,
        )


def _others(facts: Facts) -> Iterator[Finding]:
    if facts.tpu_chips and facts.platform not in (None, "tpu") and not _hidden_by(facts):
        yield Finding(
            True, f"{facts.tpu_chips} TPU chips are not used", _install_jax(facts, "tpu")
        )
    if facts.amd_gpu and facts.platform == "cpu" and not facts.wsl:
        yield Finding(
            False,
            "an AMD GPU is there; JAX uses it on Linux x86_64 with ROCm 7",
            _install_jax(facts, "rocm7-local"),
        )
    if facts.system == "Darwin":
        yield Finding(False, "macOS: thalweg computes on the CPU; JAX has no maintained Apple GPU")
    if facts.system == "Windows" and not facts.nvidia_gpus:
        yield Finding(False, "Windows: thalweg computes on the CPU; for NVIDIA GPUs there is WSL2")


def _keeping(facts: Facts) -> Iterator[Finding]:
    if facts.cache_dir is None:
        yield Finding(
            False,
            "compiled programs are not kept: each start compiles anew",
            "set THALWEG_CACHE to a folder that can be written, or unset THALWEG_CACHE=off",
        )
    for extra, packages in facts.missing.items():
        if packages:
            yield Finding(
                False,
                f"the extra {extra!r} is not installed ({', '.join(packages)})",
                f'pip install "thalweg[{extra}]"',
            )


def _cuda_for(driver: str | None) -> str | None:
    """The extra of JAX for a driver: `cuda13`, `cuda12`, or None for a driver too old for both."""
    if driver is None:
        return f"cuda{CUDA_DRIVERS[-1][0]}"
    series = int(driver.split(".")[0])
    return next((f"cuda{cuda}" for cuda, oldest in CUDA_DRIVERS if series >= oldest), None)


def _install_jax(facts: Facts, extra: str, again: bool = False) -> str:
    """The pip command that adds an extra to the installed JAX without changing its version."""
    version = facts.packages.get("jax")
    pinned = f"=={version}" if version else ""
    return f'pip install {"--force-reinstall " if again else ""}"jax[{extra}]{pinned}"'


def _tail(log: str) -> str:
    """The last lines of a log, indented."""
    lines = [line for line in log.splitlines() if line.strip()] or ["(it wrote nothing)"]
    return "\n".join(f"    {line}" for line in lines[-LOG_LINES:])


def report_json(facts: Facts, findings: Sequence[Finding]) -> str:
    """One JSON object: `facts`, `findings`, `healthy`."""
    content = {
        "healthy": healthy(findings),
        "facts": asdict(facts),
        "findings": [asdict(finding) for finding in findings],
    }
    return json.dumps(content, indent=2)


def report_text(facts: Facts, findings: Sequence[Finding]) -> str:
    """The report for a terminal."""
    place = f"{facts.system}{' (WSL)' if facts.wsl else ''} {facts.machine}"
    rows = [("Python", f"{'.'.join(map(str, facts.python))} on {place}")]
    rows += [(name, version or "not installed") for name, version in facts.packages.items()]
    rows += list(facts.plugins.items())
    rows.append(("devices", f"{facts.platform or 'none'}: {', '.join(facts.devices) or 'none'}"))
    if facts.nvidia_driver:
        rows.append(("NVIDIA driver", facts.nvidia_driver))
    rows.append(("compiled programs", facts.cache_dir or "not kept"))
    rows.append(("allocator", facts.allocator))
    rows += [(f"extra {name}", "installed") for name, absent in facts.missing.items() if not absent]
    width = max(len(name) for name, _ in rows)
    lines = [f"{name:<{width}}  {value}" for name, value in rows]
    for finding in findings:
        lines.append(f"\n{'PROBLEM' if finding.problem else 'note'}: {finding.text}")
        if finding.remedy:
            lines.append(f"  -> {finding.remedy}")
    problems = sum(finding.problem for finding in findings)
    lines.append("\nAll is well." if not problems else f"\n{problems} to mend.")
    return "\n".join(lines)
