"""tf.dtypes: element types and casts."""

from thalweg._src.base.api_names import know_other_names as _know_other_names
from thalweg._src.core.dtypes import DType as DType
from thalweg._src.core.dtypes import as_dtype as as_dtype
from thalweg._src.core.dtypes import bfloat16 as bfloat16
from thalweg._src.core.dtypes import bool as bool
from thalweg._src.core.dtypes import complex64 as complex64
from thalweg._src.core.dtypes import complex128 as complex128
from thalweg._src.core.dtypes import double as double
from thalweg._src.core.dtypes import float16 as float16
from thalweg._src.core.dtypes import float32 as float32
from thalweg._src.core.dtypes import float64 as float64
from thalweg._src.core.dtypes import half as half
from thalweg._src.core.dtypes import int8 as int8
from thalweg._src.core.dtypes import int16 as int16
from thalweg._src.core.dtypes import int32 as int32
from thalweg._src.core.dtypes import int64 as int64
from thalweg._src.core.dtypes import string as string
from thalweg._src.core.dtypes import uint8 as uint8
from thalweg._src.core.dtypes import uint16 as uint16
from thalweg._src.core.dtypes import uint32 as uint32
from thalweg._src.core.dtypes import uint64 as uint64
from thalweg._src.ops.casting import cast as cast
from thalweg._src.ops.casting import saturate_cast as saturate_cast
from thalweg._src.ops.complex_numbers import complex as complex
from thalweg.dtypes import experimental as experimental

_know_other_names(__name__)
