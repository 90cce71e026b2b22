"""tf.config.optimizer: compilation."""

from thalweg._src.base.api_names import know_other_names as _know_other_names
from thalweg._src.core.settings import get_jit as get_jit
from thalweg._src.core.settings import set_jit as set_jit

_know_other_names(__name__)
