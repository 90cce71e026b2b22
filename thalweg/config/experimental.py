"""tf.config.experimental: memory, determinism, precision and older names."""

from thalweg._src.base.api_names import know_other_names as _know_other_names
from thalweg._src.core.device import VirtualDeviceConfiguration as VirtualDeviceConfiguration
from thalweg._src.core.device import (
    get_virtual_device_configuration as get_virtual_device_configuration,
)
from thalweg._src.core.device import get_visible_devices as get_visible_devices
from thalweg._src.core.device import list_logical_devices as list_logical_devices
from thalweg._src.core.device import list_physical_devices as list_physical_devices
from thalweg._src.core.device import (
    set_virtual_device_configuration as set_virtual_device_configuration,
)
from thalweg._src.core.device import set_visible_devices as set_visible_devices
from thalweg._src.core.memory import get_memory_growth as get_memory_growth
from thalweg._src.core.memory import get_memory_info as get_memory_info
from thalweg._src.core.memory import get_memory_usage as get_memory_usage
from thalweg._src.core.memory import reset_memory_stats as reset_memory_stats
from thalweg._src.core.memory import set_memory_growth as set_memory_growth
from thalweg._src.core.settings import enable_op_determinism as enable_op_determinism
from thalweg._src.core.settings import (
    enable_tensor_float_32_execution as enable_tensor_float_32_execution,
)
from thalweg._src.core.settings import get_device_details as get_device_details
from thalweg._src.core.settings import get_synchronous_execution as get_synchronous_execution
from thalweg._src.core.settings import (
    tensor_float_32_execution_enabled as tensor_float_32_execution_enabled,
)

_know_other_names(__name__)
