"""tf.debugging: assertions about tensors."""

from thalweg._src.base.api_names import know_other_names as _know_other_names
from thalweg._src.core.numerics_check import disable_check_numerics as disable_check_numerics
from thalweg._src.core.numerics_check import enable_check_numerics as enable_check_numerics
from thalweg._src.keras.base.settings import (
    disable_traceback_filtering as disable_traceback_filtering,
)
from thalweg._src.keras.base.settings import (
    enable_traceback_filtering as enable_traceback_filtering,
)
from thalweg._src.keras.base.settings import (
    is_traceback_filtering_enabled as is_traceback_filtering_enabled,
)
from thalweg._src.ops.debugging import Assert as Assert
from thalweg._src.ops.debugging import assert_all_finite as assert_all_finite
from thalweg._src.ops.debugging import assert_equal as assert_equal
from thalweg._src.ops.debugging import assert_greater as assert_greater
from thalweg._src.ops.debugging import assert_greater_equal as assert_greater_equal
from thalweg._src.ops.debugging import assert_less as assert_less
from thalweg._src.ops.debugging import assert_less_equal as assert_less_equal
from thalweg._src.ops.debugging import assert_near as assert_near
from thalweg._src.ops.debugging import assert_negative as assert_negative
from thalweg._src.ops.debugging import assert_non_negative as assert_non_negative
from thalweg._src.ops.debugging import assert_non_positive as assert_non_positive
from thalweg._src.ops.debugging import assert_none_equal as assert_none_equal
from thalweg._src.ops.debugging import assert_positive as assert_positive
from thalweg._src.ops.debugging import check_numerics as check_numerics
from thalweg._src.ops.static_checks import assert_integer as assert_integer
from thalweg._src.ops.static_checks import assert_proper_iterable as assert_proper_iterable
from thalweg._src.ops.static_checks import assert_rank as assert_rank
from thalweg._src.ops.static_checks import assert_rank_at_least as assert_rank_at_least
from thalweg._src.ops.static_checks import assert_rank_in as assert_rank_in
from thalweg._src.ops.static_checks import assert_same_float_dtype as assert_same_float_dtype
from thalweg._src.ops.static_checks import assert_scalar as assert_scalar
from thalweg._src.ops.static_checks import assert_shapes as assert_shapes
from thalweg._src.ops.static_checks import assert_type as assert_type
from thalweg._src.ops.static_checks import is_numeric_tensor as is_numeric_tensor

_know_other_names(__name__)
