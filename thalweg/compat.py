"""Programs that import `tensorflow` and `keras`; texts and names of TensorFlow's older versions."""

from thalweg._src.base.api_names import know_other_names as _know_other_names
from thalweg._src.compat.aliases import install as install
from thalweg._src.compat.aliases import uninstall as uninstall
from thalweg._src.compat.texts import as_bytes as as_bytes
from thalweg._src.compat.texts import as_str_any as as_str_any
from thalweg._src.compat.texts import as_text as as_str
from thalweg._src.compat.texts import as_text as as_text
from thalweg._src.compat.texts import dimension_value as dimension_value
from thalweg._src.compat.texts import path_to_str as path_to_str

_know_other_names(__name__)
