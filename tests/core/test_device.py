"""Devices and the settings of the process."""

from __future__ import annotations

import subprocess
import sys

import pytest

import thalweg as tf
from thalweg._src.core import device

HOME = "/job:localhost/replica:0/task:0"


@pytest.fixture
def hard_placement():
    tf.config.set_soft_device_placement(False)
    yield
    tf.config.set_soft_device_placement(True)


def in_new_process(program: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", f"import thalweg as tf\n{program}"],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_lists():
    (cpu,) = tf.config.list_physical_devices("CPU")
    assert cpu == ("/physical_device:CPU:0", "CPU")
    assert tf.config.list_physical_devices("XYZ") == []
    assert tf.config.get_visible_devices("CPU") == [cpu]
    assert tf.config.list_logical_devices("CPU")[0] == ("/device:CPU:0", "CPU")
    assert tf.config.experimental.get_device_details(cpu) == {}


@pytest.mark.parametrize(
    "name",
    ["/CPU:0", "cpu:0", "CPU", "/device:CPU:0", "/device:CPU:*", f"{HOME}/device:CPU:0", None, ""],
)
def test_names_of_the_cpu(name):
    with tf.device(name):
        assert tf.ones((2,)).device == f"{HOME}/device:CPU:0"


@pytest.mark.parametrize("name", ["GPU:7", "CPU:99", "TPU:99", "/device:FPGA:0"])
def test_a_missing_device_stands_for_the_cpu(name):
    with tf.device(name):
        assert tf.ones((2,)).device == f"{HOME}/device:CPU:0"


@pytest.mark.usefixtures("hard_placement")
@pytest.mark.parametrize("name", ["GPU:7", "CPU:99", "/device:FPGA:0"])
def test_without_soft_placement_the_error_names_what_exists(name):
    with pytest.raises(tf.errors.InvalidArgumentError) as caught:
        tf.device(name)
    assert f"there are {HOME}/device:CPU:0" in str(caught.value)
    assert "set_soft_device_placement(True)" in str(caught.value)


@pytest.mark.parametrize(
    ("name", "error", "text"),
    [
        ("foo", ValueError, "a device type, got 'foo'"),
        ("/gpu:0/cpu:1", ValueError, "one device type, got two"),
        ("/gpu:x", ValueError, "an index made of digits, got 'x'"),
        ("/job:worker/device:CPU:0", tf.errors.InvalidArgumentError, "a device of this process"),
        (lambda op: "cpu", RuntimeError, "got a function"),
        (tf.config.PhysicalDevice("/physical_device:CPU:0", "CPU"), ValueError, "PhysicalDevice"),
        (3, ValueError, "of type int"),
    ],
)
def test_malformed_names(name, error, text):
    with pytest.raises(error) as caught:
        tf.device(name)
    assert text in str(caught.value)


def test_device_objects_are_names_too():
    for name in (
        tf.DeviceSpec(device_type="cpu", device_index=0),
        tf.config.list_logical_devices()[0],
    ):
        with tf.device(name):
            assert tf.ones(()).device.endswith(":0")


def test_device_inside_a_function_has_no_effect():
    @tf.function
    def double(x):
        with tf.device("/CPU:0"):
            return x * 2

    assert double(tf.ones(())).numpy() == 2


def test_spec():
    spec = tf.DeviceSpec.from_string("/job:ps/replica:0/task:1/gpu:2")
    assert (spec.job, spec.replica, spec.task) == ("ps", 0, 1)
    assert (spec.device_type, spec.device_index) == ("GPU", 2)
    assert spec.to_string() == "/job:ps/replica:0/task:1/device:GPU:2"
    assert repr(spec) == "<DeviceSpec(job=ps, replica=0, task=1, device_type=GPU, device_index=2)>"
    assert spec == tf.DeviceSpec("ps", 0, 1, "gpu", 2)
    assert hash(spec) == hash(tf.DeviceSpec("ps", 0, 1, "gpu", 2))
    assert spec.replace(task=3).task == 3
    part = tf.DeviceSpec.from_string("/job:a").make_merged_spec(
        tf.DeviceSpec().parse_from_string("cpu")
    )
    assert part.to_string() == "/job:a/device:CPU:*"


def test_memory():
    info = tf.config.experimental.get_memory_info
    before = info("CPU:0")
    kept = tf.ones((1 << 18,))
    after = info("CPU:0")
    assert after["current"] - before["current"] >= kept.array.nbytes
    assert after["peak"] >= after["current"] == tf.config.experimental.get_memory_usage("CPU:0")
    tf.config.experimental.reset_memory_stats("CPU:0")
    with pytest.raises(ValueError, match="expected a device that exists, got 'CPU:99'"):
        info("CPU:99")
    (cpu,) = tf.config.list_physical_devices("CPU")
    with pytest.raises(ValueError, match="expected a GPU"):
        tf.config.experimental.set_memory_growth(cpu, True)


def test_switches():
    assert not tf.config.functions_run_eagerly()
    seen = []

    @tf.function
    def note(x):
        seen.append(x)
        return x

    tf.config.run_functions_eagerly(True)
    try:
        assert tf.config.functions_run_eagerly()
        note(tf.ones(()))
        note(tf.ones(()))
        assert [float(x) for x in seen] == [1.0, 1.0]
    finally:
        tf.config.run_functions_eagerly(False)
    assert tf.config.experimental.get_synchronous_execution()
    assert tf.config.experimental.tensor_float_32_execution_enabled()
    tf.config.experimental.enable_tensor_float_32_execution(False)
    assert not tf.config.experimental.tensor_float_32_execution_enabled()
    tf.config.experimental.enable_tensor_float_32_execution(True)
    tf.config.optimizer.set_jit(True)
    assert tf.config.optimizer.get_jit() == "autoclustering"
    assert tf.test.is_built_with_xla()
    assert tf.test.is_gpu_available() == bool(tf.config.list_physical_devices("GPU"))
    assert bool(tf.test.gpu_device_name()) == tf.test.is_gpu_available()


def test_unknown_devices_cannot_be_chosen():
    with pytest.raises(ValueError, match="expected devices of this machine"):
        tf.config.set_visible_devices(tf.config.PhysicalDevice("a", "GPU"))
    with pytest.raises(ValueError, match="from tf.config.list_physical_devices"):
        tf.config.get_logical_device_configuration("CPU:0")


def test_what_must_come_first_is_refused_later():
    tf.ones(())
    (cpu,) = tf.config.list_physical_devices("CPU")
    parts = [tf.config.LogicalDeviceConfiguration()] * 7
    with pytest.raises(RuntimeError, match="before the first tensor"):
        tf.config.set_logical_device_configuration(cpu, parts)
    with pytest.raises(RuntimeError, match="PJRT_NPROC"):
        tf.config.threading.set_intra_op_parallelism_threads(7)
    with pytest.raises(ValueError, match="threads of 0 or more"):
        tf.config.threading.set_inter_op_parallelism_threads(-1)


def test_importing_starts_no_device():
    program = """
from thalweg._src.core import xla
print(xla.devices_started())
tf.config.list_physical_devices("CPU")
print(xla.devices_started())
"""
    assert in_new_process(program).split() == ["False", "False"]


def test_a_split_cpu():
    program = """
(cpu,) = tf.config.list_physical_devices("CPU")
tf.config.set_logical_device_configuration(cpu, [tf.config.LogicalDeviceConfiguration()] * 2)
tf.config.threading.set_intra_op_parallelism_threads(1)
tf.config.set_visible_devices([], "GPU")
print(len(tf.config.list_logical_devices("CPU")))
with tf.device("CPU:1"):
    x = tf.ones((2,))
    y = tf.random.normal((2,))
    v = tf.Variable([1.0, 2.0])
for t in (x, x + 1, y, v, tf.random.normal((2,)), tf.constant([1.0])):
    print(t.device[-1])
try:
    with tf.device("CPU:1"):
        raise KeyError
except KeyError:
    print(tf.ones(()).device[-1])
print(len(tf.config.get_logical_device_configuration(cpu)))
"""
    assert in_new_process(program).split() == ["2", "1", "0", "1", "1", "0", "0", "0", "2"]


def test_determinism_demands_a_seed():
    program = """
tf.config.experimental.enable_op_determinism()
for draw in (lambda: tf.random.normal([2]), tf.random.get_global_generator):
    try:
        draw()
    except RuntimeError as error:
        print("seed" in str(error))
print(tf.random.normal([2], seed=1).shape)
tf.random.set_seed(1)
print(tf.random.normal([2]).shape)
"""
    assert in_new_process(program).split() == ["True", "True", "(2,)", "(2,)"]


class FakeGPU:
    """What the code asks of an XLA device, without the hardware."""

    platform = "cuda"
    device_kind = "Test GPU"
    compute_capability = "9.0"

    def __init__(self, index):
        self.id = index
        self.client = type("Client", (), {"platform_version": "cuda 13000"})()

    def memory_stats(self):
        return {"bytes_in_use": 5, "peak_bytes_in_use": 9}


@pytest.fixture
def two_gpus(monkeypatch):
    gpus = [FakeGPU(0), FakeGPU(1)]
    real = device.engine_devices
    monkeypatch.setattr(
        device, "engine_devices", lambda kind: gpus if kind == "GPU" else real(kind)
    )
    monkeypatch.setattr(device, "_apply_visibility", lambda: None)
    yield tf.config.list_physical_devices("GPU")
    device._choice.visible = None


def test_gpus_are_listed_and_described(two_gpus):
    assert [d.name for d in two_gpus] == ["/physical_device:GPU:0", "/physical_device:GPU:1"]
    assert tf.test.gpu_device_name() == "/device:GPU:0"
    assert tf.test.is_gpu_available(cuda_only=True, min_cuda_compute_capability=(9, 0))
    assert not tf.test.is_gpu_available(min_cuda_compute_capability=(10, 0))
    assert tf.config.experimental.get_device_details(two_gpus[0]) == {
        "device_name": "Test GPU",
        "compute_capability": (9, 0),
    }
    assert tf.config.experimental.get_memory_info("GPU:1") == {"current": 5, "peak": 9}
    with pytest.raises(NotImplementedError, match="keeps the peak"):
        tf.config.experimental.reset_memory_stats("GPU:0")


def test_visible_gpus_are_numbered_anew(two_gpus):
    tf.config.set_visible_devices(two_gpus[1], "GPU")
    assert tf.config.get_visible_devices("GPU") == [two_gpus[1]]
    assert tf.config.list_logical_devices("GPU") == [("/device:GPU:0", "GPU")]
    assert device.engine_device("GPU:0").id == 1
    tf.config.set_visible_devices([], "GPU")
    assert tf.config.list_logical_devices("GPU") == []
    assert tf.test.gpu_device_name() == ""


def test_memory_grows_by_default(two_gpus, monkeypatch):
    tf.ones(())
    growth = tf.config.experimental
    monkeypatch.setenv("XLA_PYTHON_CLIENT_PREALLOCATE", "false")
    assert growth.get_memory_growth(two_gpus[0])
    growth.set_memory_growth(two_gpus[0], True)
    with pytest.raises(RuntimeError, match="XLA_PYTHON_CLIENT_PREALLOCATE to true"):
        growth.set_memory_growth(two_gpus[0], False)
    with pytest.raises(NotImplementedError, match="does not split accelerators"):
        tf.config.set_logical_device_configuration(
            two_gpus[0], [tf.config.LogicalDeviceConfiguration(memory_limit=1024)]
        )
