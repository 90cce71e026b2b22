"""tf.config.optimizer: compilation."""

from thalweg._src.core.settings import get_jit as get_jit
from thalweg._src.core.settings import set_jit as set_jit
