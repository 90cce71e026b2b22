"""tf.test: what tests ask about devices."""

from thalweg._src.base.api_names import know_other_names as _know_other_names
from thalweg._src.core.settings import gpu_device_name as gpu_device_name
from thalweg._src.core.settings import is_built_with_cuda as is_built_with_cuda
from thalweg._src.core.settings import is_built_with_gpu_support as is_built_with_gpu_support
from thalweg._src.core.settings import is_built_with_rocm as is_built_with_rocm
from thalweg._src.core.settings import is_built_with_xla as is_built_with_xla
from thalweg._src.core.settings import is_gpu_available as is_gpu_available

_know_other_names(__name__)
