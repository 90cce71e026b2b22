"""tf.config: devices and settings of the process."""

from thalweg._src.base.api_names import know_other_names as _know_other_names
from thalweg._src.core.device import LogicalDevice as LogicalDevice
from thalweg._src.core.device import LogicalDeviceConfiguration as LogicalDeviceConfiguration
from thalweg._src.core.device import PhysicalDevice as PhysicalDevice
from thalweg._src.core.device import (
    get_logical_device_configuration as get_logical_device_configuration,
)
from thalweg._src.core.device import get_visible_devices as get_visible_devices
from thalweg._src.core.device import list_logical_devices as list_logical_devices
from thalweg._src.core.device import list_physical_devices as list_physical_devices
from thalweg._src.core.device import (
    set_logical_device_configuration as set_logical_device_configuration,
)
from thalweg._src.core.device import set_visible_devices as set_visible_devices
from thalweg._src.core.settings import (
    experimental_functions_run_eagerly as experimental_functions_run_eagerly,
)
from thalweg._src.core.settings import (
    experimental_run_functions_eagerly as experimental_run_functions_eagerly,
)
from thalweg._src.core.settings import functions_run_eagerly as functions_run_eagerly
from thalweg._src.core.settings import get_soft_device_placement as get_soft_device_placement
from thalweg._src.core.settings import run_functions_eagerly as run_functions_eagerly
from thalweg._src.core.settings import set_soft_device_placement as set_soft_device_placement
from thalweg.config import experimental as experimental
from thalweg.config import optimizer as optimizer
from thalweg.config import threading as threading

_know_other_names(__name__)
