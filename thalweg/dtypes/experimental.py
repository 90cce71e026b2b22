"""tf.dtypes.experimental: element types of 8 bits and fewer."""

from thalweg._src.base.api_names import know_other_names as _know_other_names
from thalweg._src.core.dtypes import float8_e4m3b11fnuz as float8_e4m3b11fnuz
from thalweg._src.core.dtypes import float8_e4m3fn as float8_e4m3fn
from thalweg._src.core.dtypes import float8_e4m3fnuz as float8_e4m3fnuz
from thalweg._src.core.dtypes import float8_e5m2 as float8_e5m2
from thalweg._src.core.dtypes import float8_e5m2fnuz as float8_e5m2fnuz
from thalweg._src.core.dtypes import int4 as int4
from thalweg._src.core.dtypes import uint4 as uint4

_know_other_names(__name__)
