"""Settings and dtypes under the names that Keras 2 had for them."""

from thalweg._src.keras.base.policy import floatx as floatx
from thalweg._src.keras.base.policy import set_floatx as set_floatx
from thalweg._src.keras.base.settings import backend as backend
from thalweg._src.keras.base.settings import epsilon as epsilon
from thalweg._src.keras.base.settings import image_data_format as image_data_format
from thalweg._src.keras.base.settings import set_epsilon as set_epsilon
from thalweg._src.keras.base.settings import set_image_data_format as set_image_data_format
from thalweg._src.keras.ops.arguments import result_type as result_type
from thalweg._src.keras.utils.session import clear_session as clear_session
from thalweg._src.keras.utils.session import get_uid as get_uid
from thalweg._src.keras.utils.session import is_float_dtype as is_float_dtype
from thalweg._src.keras.utils.session import is_int_dtype as is_int_dtype
from thalweg._src.keras.utils.session import is_keras_tensor as is_keras_tensor
from thalweg._src.keras.utils.session import standardize_dtype as standardize_dtype
