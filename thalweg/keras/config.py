"""Settings of Keras."""

from thalweg._src.keras.base.policy import dtype_policy as dtype_policy
from thalweg._src.keras.base.policy import floatx as floatx
from thalweg._src.keras.base.policy import set_dtype_policy as set_dtype_policy
from thalweg._src.keras.base.policy import set_floatx as set_floatx
from thalweg._src.keras.base.settings import backend as backend
from thalweg._src.keras.base.settings import disable_flash_attention as disable_flash_attention
from thalweg._src.keras.base.settings import (
    disable_interactive_logging as disable_interactive_logging,
)
from thalweg._src.keras.base.settings import (
    disable_traceback_filtering as disable_traceback_filtering,
)
from thalweg._src.keras.base.settings import enable_flash_attention as enable_flash_attention
from thalweg._src.keras.base.settings import (
    enable_interactive_logging as enable_interactive_logging,
)
from thalweg._src.keras.base.settings import (
    enable_traceback_filtering as enable_traceback_filtering,
)
from thalweg._src.keras.base.settings import (
    enable_unsafe_deserialization as enable_unsafe_deserialization,
)
from thalweg._src.keras.base.settings import epsilon as epsilon
from thalweg._src.keras.base.settings import image_data_format as image_data_format
from thalweg._src.keras.base.settings import (
    is_flash_attention_enabled as is_flash_attention_enabled,
)
from thalweg._src.keras.base.settings import (
    is_interactive_logging_enabled as is_interactive_logging_enabled,
)
from thalweg._src.keras.base.settings import is_nnx_enabled as is_nnx_enabled
from thalweg._src.keras.base.settings import (
    is_traceback_filtering_enabled as is_traceback_filtering_enabled,
)
from thalweg._src.keras.base.settings import max_epochs as max_epochs
from thalweg._src.keras.base.settings import max_steps_per_epoch as max_steps_per_epoch
from thalweg._src.keras.base.settings import set_backend as set_backend
from thalweg._src.keras.base.settings import set_epsilon as set_epsilon
from thalweg._src.keras.base.settings import set_image_data_format as set_image_data_format
from thalweg._src.keras.base.settings import set_max_epochs as set_max_epochs
from thalweg._src.keras.base.settings import set_max_steps_per_epoch as set_max_steps_per_epoch
