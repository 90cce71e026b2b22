"""Settings of the process behind `tf.config`: threads, determinism, precision, compilation."""

from __future__ import annotations

import importlib.util
import os
from typing import Any

from thalweg._src.base.config import switches
from thalweg._src.base.errors import (
    FailedPreconditionError,
    InvalidArgumentError,
)
from thalweg._src.core import device as devices
from thalweg._src.core import xla


def run_functions_eagerly(run_eagerly: bool) -> None:
    """Makes compiled functions run their Python body each call, for debugging.

    Args:
        run_eagerly: True to run eagerly.

    Source: `tf.config.run_functions_eagerly`.
    """
    switches.run_functions_eagerly = bool(run_eagerly)


def functions_run_eagerly() -> bool:
    """True when compiled functions run their Python body each call.

    Source: `tf.config.functions_run_eagerly`.
    """
    return switches.run_functions_eagerly


experimental_run_functions_eagerly = run_functions_eagerly
experimental_functions_run_eagerly = functions_run_eagerly


def set_soft_device_placement(enabled: bool) -> None:
    """Chooses whether a device that does not exist stands for the CPU (True) or is an error.

    Args:
        enabled: True for the CPU.

    Source: `tf.config.set_soft_device_placement`.
    """
    switches.soft_device_placement = bool(enabled)


def get_soft_device_placement() -> bool:
    """True when a device that does not exist stands for the CPU.

    Source: `tf.config.get_soft_device_placement`.
    """
    return switches.soft_device_placement


def enable_op_determinism() -> None:
    """Makes every op give the same bits in each run, and random ops demand a seed.

    Call it first: GPU programs that were compiled before stay as they are. On a CPU a run repeats
    itself anyway; there it keeps NumPy from serving shapes that come seldom, whose last bits may differ
    from those of the kernel that the fifth call at the same shape compiles.

    Raises:
        RuntimeError: A GPU is in use already.

    Source: `tf.config.experimental.enable_op_determinism`.
    """
    flag = "--xla_gpu_deterministic_ops=true"
    flags = os.environ.get("XLA_FLAGS", "")
    if flag not in flags:
        if xla.devices_started() and devices.engine_devices("GPU"):
            raise FailedPreconditionError(
                "[config.experimental.enable_op_determinism] expected to be called before a GPU is in "
                f"use; move the call to the program's beginning, or set XLA_FLAGS={flag}."
            )
        os.environ["XLA_FLAGS"] = f"{flags} {flag}".strip()
    switches.deterministic = True


def get_device_details(device: Any) -> dict[str, Any]:
    """What is known of an accelerator: ``device_name`` and, for NVIDIA, ``compute_capability``.

    Args:
        device: Physical device.

    Returns:
        dict; empty for a CPU.

    Source: `tf.config.experimental.get_device_details`.
    """
    devices.known_device("config.experimental.get_device_details", device)
    if device.device_type == "CPU":
        return {}
    found = devices.engine_devices(device.device_type)[int(device.name.rpartition(":")[2])]
    details: dict[str, Any] = {"device_name": found.device_kind}
    capability = str(getattr(found, "compute_capability", ""))
    if capability.replace(".", "").isdigit():
        details["compute_capability"] = tuple(int(part) for part in capability.split("."))
    return details


def get_synchronous_execution() -> bool:
    """True: results look as if ops ran one after another, although XLA runs ahead.

    Source: `tf.config.experimental.get_synchronous_execution`.
    """
    return True


def tensor_float_32_execution_enabled() -> bool:
    """True when matrix products of float32 may round their inputs to TensorFloat-32 on GPUs.

    Source: `tf.config.experimental.tensor_float_32_execution_enabled`.
    """
    return xla.jax.config.jax_default_matmul_precision not in ("float32", "highest")  # type: ignore[attr-defined]


def enable_tensor_float_32_execution(enabled: bool) -> None:
    """Chooses whether float32 matrix products may use TensorFloat-32, where the hardware has it.

    Args:
        enabled: False for full float32 precision.

    Source: `tf.config.experimental.enable_tensor_float_32_execution`.
    """
    xla.jax.config.update("jax_default_matmul_precision", None if enabled else "float32")


class _Threads:
    within = 0
    between = 0


_threads = _Threads()


def get_intra_op_parallelism_threads() -> int:
    """Threads that one op may use on the CPU; 0 when XLA chooses (one for each core).

    Source: `tf.config.threading.get_intra_op_parallelism_threads`.
    """
    return _threads.within


def set_intra_op_parallelism_threads(num_threads: int) -> None:
    """Chooses how many threads one op may use on the CPU.

    Args:
        num_threads: Number of threads; 0 for one for each core.

    Raises:
        RuntimeError: Devices are in use already.

    Source: `tf.config.threading.set_intra_op_parallelism_threads`.
    """
    where = "config.threading.set_intra_op_parallelism_threads"
    number = _thread_count(where, num_threads)
    if number == _threads.within:
        return
    if xla.devices_started():
        raise FailedPreconditionError(
            f"[{where}] expected to be called before the first tensor is made; move the call to the "
            "program's beginning, or set the environment variable PJRT_NPROC."
        )
    _threads.within = number
    if number:
        # Read by XLA when it makes the CPU's thread pool.
        os.environ["PJRT_NPROC"] = str(number)
    else:
        os.environ.pop("PJRT_NPROC", None)


def get_inter_op_parallelism_threads() -> int:
    """What `set_inter_op_parallelism_threads` was given; 0 by default.

    Source: `tf.config.threading.get_inter_op_parallelism_threads`.
    """
    return _threads.between


def set_inter_op_parallelism_threads(num_threads: int) -> None:
    """Has no effect: XLA runs the independent ops of a program on the threads of the one pool.

    Args:
        num_threads: Kept for `get_inter_op_parallelism_threads`.

    Source: `tf.config.threading.set_inter_op_parallelism_threads`.
    """
    where = "config.threading.set_inter_op_parallelism_threads"
    _threads.between = _thread_count(where, num_threads)


def _thread_count(where: str, number: Any) -> int:
    if not isinstance(number, int) or number < 0:
        raise InvalidArgumentError(
            f"[{where}] expected a number of threads of 0 or more, got {number!r}; 0 leaves the choice "
            "to XLA."
        )
    return number


def get_jit() -> str:
    """``"autoclustering"``: everything is compiled by XLA.

    Source: `tf.config.optimizer.get_jit`.
    """
    return "autoclustering"


def set_jit(enabled: Any) -> None:
    """Has no effect: everything is compiled by XLA, whatever is asked for.

    Args:
        enabled: bool or ``"autoclustering"``.

    Source: `tf.config.optimizer.set_jit`.
    """


def is_gpu_available(
    cuda_only: bool = False, min_cuda_compute_capability: tuple[int, int] | None = None
) -> bool:
    """True when a GPU can be used.

    Args:
        cuda_only: Count NVIDIA GPUs only.
        min_cuda_compute_capability: Least (major, minor) capability, such as ``(8, 0)``.

    Source: `tf.test.is_gpu_available`.
    """
    for found in devices.engine_devices("GPU"):
        nvidia = "cuda" in str(getattr(found.client, "platform_version", "")).lower()
        if cuda_only and not nvidia:
            continue
        if min_cuda_compute_capability is not None:
            capability = str(getattr(found, "compute_capability", "0.0")).split(".")
            if tuple(int(part) for part in capability) < tuple(min_cuda_compute_capability):
                continue
        return True
    return False


def gpu_device_name() -> str:
    """Name of the first GPU, ``"/device:GPU:0"``; empty when there is none.

    Source: `tf.test.gpu_device_name`.
    """
    found = devices.list_logical_devices("GPU")
    return found[0].name if found else ""


def _has_plugin(prefix: str) -> bool:
    names = (f"{prefix}{version}_plugin" for version in ("12", "13", "60", "7", ""))
    return any(importlib.util.find_spec(name) is not None for name in names)


def is_built_with_cuda() -> bool:
    """True when the plugin for NVIDIA GPUs is installed (``pip install "jax[cuda12]"``).

    Source: `tf.test.is_built_with_cuda`.
    """
    return _has_plugin("jax_cuda")


def is_built_with_rocm() -> bool:
    """True when the plugin for AMD GPUs is installed.

    Source: `tf.test.is_built_with_rocm`.
    """
    return _has_plugin("jax_rocm")


def is_built_with_gpu_support() -> bool:
    """True when a plugin for GPUs is installed.

    Source: `tf.test.is_built_with_gpu_support`.
    """
    return is_built_with_cuda() or is_built_with_rocm()


def is_built_with_xla() -> bool:
    """True: XLA is the engine.

    Source: `tf.test.is_built_with_xla`.
    """
    return True
