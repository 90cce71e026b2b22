"""The version of TensorFlow whose API this is, and of thalweg: ``2.21.0+thalweg.0.1.0``."""

from thalweg._src.base.api_names import know_other_names as _know_other_names
from thalweg._src.base.version import VERSION as VERSION

_know_other_names(__name__)
