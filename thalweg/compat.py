"""Programs that import `tensorflow` and `keras`; texts and names of TensorFlow's older versions."""

from thalweg._src.base.api_names import other_names as _other_names
from thalweg._src.compat.aliases import install as install
from thalweg._src.compat.aliases import uninstall as uninstall

__getattr__ = _other_names(__name__)
