"""Settings of Keras."""

from thalweg._src.keras.base.policy import dtype_policy as dtype_policy
from thalweg._src.keras.base.policy import floatx as floatx
from thalweg._src.keras.base.policy import set_dtype_policy as set_dtype_policy
from thalweg._src.keras.base.policy import set_floatx as set_floatx
from thalweg._src.keras.base.settings import backend as backend
from thalweg._src.keras.base.settings import epsilon as epsilon
from thalweg._src.keras.base.settings import image_data_format as image_data_format
from thalweg._src.keras.base.settings import set_epsilon as set_epsilon
from thalweg._src.keras.base.settings import set_image_data_format as set_image_data_format
