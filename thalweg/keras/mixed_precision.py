"""Computing in half precision, under the names of Keras 2."""

from thalweg._src.base.api_names import know_other_names as _know_other_names
from thalweg._src.keras.base.policy import DTypePolicy as DTypePolicy
from thalweg._src.keras.base.policy import DTypePolicy as Policy
from thalweg._src.keras.base.policy import dtype_policy as dtype_policy
from thalweg._src.keras.base.policy import dtype_policy as global_policy
from thalweg._src.keras.base.policy import set_dtype_policy as set_dtype_policy
from thalweg._src.keras.base.policy import set_dtype_policy as set_global_policy
from thalweg._src.keras.optimizers.loss_scale import LossScaleOptimizer as LossScaleOptimizer

_know_other_names(__name__)
