"""What can be found out about this machine and installation. Collecting judges nothing."""

from __future__ import annotations

import json
import os
import platform
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from importlib import metadata
from pathlib import Path

from thalweg._src.core import xla

PACKAGES = ("thalweg", "jax", "jaxlib", "numpy")
PLUGINS = ("jax-cuda12-plugin", "jax-cuda13-plugin", "jax-rocm7-plugin", "libtpu")
VARIABLES = ("JAX_PLATFORMS", "CUDA_VISIBLE_DEVICES", "LD_LIBRARY_PATH")
DEVELOPMENT_EXTRAS = ("dev",)

# In a process of its own: a broken plugin may hang or crash, and its messages go to stderr.
PROBE = """
import json, jax
devices = [f"{d.device_kind} ({d})" for d in jax.devices()]
print(json.dumps({"platform": jax.default_backend(), "devices": devices}))
"""
PROBE_SECONDS = 120.0

GOOGLE_PCI_VENDOR = "0x1ae0"


@dataclass(frozen=True)
class Facts:
    """One machine and installation.

    Attributes:
        python: Version, such as (3, 11, 7).
        system: `Linux`, `Darwin` or `Windows`.
        machine: Processor, such as `x86_64` or `arm64`.
        wsl: Linux inside of Windows.
        packages: Versions of `PACKAGES`; None for one that is not installed.
        plugins: Versions of those of `PLUGINS` that are installed.
        platform: The one JAX chose: `cpu`, `gpu` or `tpu`; None when it failed to start.
        devices: The devices of that platform.
        probe_log: What JAX wrote while it started.
        nvidia_gpus: Names of the NVIDIA GPUs that the driver shows.
        nvidia_driver: Version of the NVIDIA driver.
        amd_gpu: An AMD GPU with its compute driver is there.
        tpu_chips: Number of TPU chips on the PCI bus.
        environment: Those of `VARIABLES` that are set.
        missing: For each extra of thalweg, its packages that are not installed.
        cache_dir: Folder of compiled programs; None when nothing is kept.
        allocator: How the memory allocator was set.
    """

    python: tuple[int, int, int]
    system: str
    machine: str
    wsl: bool = False
    packages: Mapping[str, str | None] = field(default_factory=dict)
    plugins: Mapping[str, str] = field(default_factory=dict)
    platform: str | None = None
    devices: tuple[str, ...] = ()
    probe_log: str = ""
    nvidia_gpus: tuple[str, ...] = ()
    nvidia_driver: str | None = None
    amd_gpu: bool = False
    tpu_chips: int = 0
    environment: Mapping[str, str] = field(default_factory=dict)
    missing: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    cache_dir: str | None = None
    allocator: str = ""


def collect() -> Facts:
    """Facts about the running process; starts JAX in a second one, which takes about a second."""
    gpus, driver = nvidia()
    jax_platform, devices, log = probe_jax()
    return Facts(
        python=sys.version_info[:3],
        system=platform.system(),
        machine=platform.machine(),
        wsl="microsoft" in platform.release().lower(),
        packages={name: version(name) for name in PACKAGES},
        plugins={name: found for name in PLUGINS if (found := version(name))},
        platform=jax_platform,
        devices=devices,
        probe_log=log,
        nvidia_gpus=gpus,
        nvidia_driver=driver,
        amd_gpu=Path("/dev/kfd").exists(),
        tpu_chips=pci_devices(GOOGLE_PCI_VENDOR),
        environment={name: os.environ[name] for name in VARIABLES if name in os.environ},
        missing=missing_by_extra(requirements()),
        cache_dir=xla.cache_dir,
        allocator=xla.allocator,
    )


def version(distribution: str) -> str | None:
    """Version of an installed distribution, or None."""
    try:
        return metadata.version(distribution)
    except metadata.PackageNotFoundError:
        return None


def requirements() -> list[str]:
    """Requirements that the metadata of the installed thalweg states; none without metadata."""
    try:
        return metadata.requires("thalweg") or []
    except metadata.PackageNotFoundError:
        return []


def missing_by_extra(lines: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """For each extra, the packages it names that are not installed.

    Args:
        lines: Requirements such as `matplotlib>=3.8; extra == 'plot'`.

    Returns:
        Sorted by extra; those for development are left out.
    """
    missing: dict[str, tuple[str, ...]] = {}
    for line in lines:
        match = re.match(r"([\w.-]+).*;.*\bextra\s*==\s*['\"]([\w-]+)['\"]", line)
        if match and match[2] not in DEVELOPMENT_EXTRAS:
            package, extra = match.groups()
            absent = (package,) if version(package) is None else ()
            missing[extra] = missing.get(extra, ()) + absent
    return dict(sorted(missing.items()))


def probe_jax() -> tuple[str | None, tuple[str, ...], str]:
    """Platform and devices that JAX sees, and what it wrote; no platform when it failed."""
    try:
        done = subprocess.run(
            [sys.executable, "-c", PROBE],
            capture_output=True,
            text=True,
            timeout=PROBE_SECONDS,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return None, (), f"JAX did not start within {PROBE_SECONDS:.0f} seconds"
    log = done.stderr.strip()
    if done.returncode != 0:
        return None, (), log or f"JAX ended with status {done.returncode}"
    seen = json.loads(done.stdout.splitlines()[-1])
    return seen["platform"], tuple(seen["devices"]), log


def nvidia() -> tuple[tuple[str, ...], str | None]:
    """Names of the NVIDIA GPUs and the driver's version, from `nvidia-smi` or the kernel."""
    command = shutil.which("nvidia-smi") or shutil.which("nvidia-smi", path="/usr/lib/wsl/lib")
    if command:
        query = [command, "--query-gpu=name,driver_version", "--format=csv,noheader"]
        try:
            done = subprocess.run(query, capture_output=True, text=True, timeout=30, check=False)
        except (OSError, subprocess.TimeoutExpired):
            pass
        else:
            if done.returncode == 0:
                return parse_nvidia_smi(done.stdout)
    return nvidia_from_kernel(Path("/proc/driver/nvidia"), Path("/dev"))


def parse_nvidia_smi(text: str) -> tuple[tuple[str, ...], str | None]:
    """Names and driver version of lines such as `NVIDIA H100, 580.65.06`."""
    rows = [line.rsplit(",", 1) for line in text.splitlines() if "," in line]
    return tuple(row[0].strip() for row in rows), rows[0][1].strip() if rows else None


def nvidia_from_kernel(proc: Path, dev: Path) -> tuple[tuple[str, ...], str | None]:
    """Names and driver version from the driver's files, for machines without `nvidia-smi`."""
    names = []
    for information in sorted(proc.glob("gpus/*/information")):
        model = re.search(r"^Model:\s*(.+)$", information.read_text(), re.MULTILINE)
        names.append(model[1].strip() if model else "NVIDIA GPU")
    if not names:
        names = ["NVIDIA GPU" for node in dev.glob("nvidia[0-9]*") if node.name[6:].isdigit()]
    version_file = proc / "version"
    text = version_file.read_text() if version_file.is_file() else ""
    driver = re.search(r"Kernel Module.*?\s(\d+\.[\d.]+)", text)
    return tuple(names), driver[1] if driver else None


def pci_devices(vendor: str, root: Path = Path("/sys/bus/pci/devices")) -> int:
    """Number of PCI devices of a vendor; 0 where the bus cannot be read."""
    return sum(path.read_text().strip() == vendor for path in root.glob("*/vendor"))
