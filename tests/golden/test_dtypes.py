"""thalweg gives what TensorFlow gives: golden values of `cases/dtypes.py`."""

from __future__ import annotations

import pytest

import thalweg as tf

from . import support
from .cases.dtypes import cases
from .later import parameters

RECORD = support.load("dtypes")

_WRAPS = "a Python number out of the dtype's range is refused; TensorFlow wraps it without a word"
_BOOL_PRODUCT = "only bool * bool is defined (logical and); TensorFlow takes any number for a bool"
_TRUE = "True is the number 1 for every numeric dtype; TensorFlow takes it for five of them only"
_NO_KERNEL = "TensorFlow has no kernel for this dtype; XLA has"
_ONE_FAULT = "TensorFlow fails with an error of its own making; ours says which dtype does not fit"
_PACKED = "a list that holds tensors is stacked, as in tf.convert_to_tensor"

#: Where we differ on purpose: "case" or "case/path" pattern -> reason.
DELIBERATE: dict[str, str] = {
    # --- Python numbers
    "*_uint8_with_value_*/300": _WRAPS,
    "*_uint8_with_value_*/-1": _WRAPS,
    "*_uint8_with_value_*/2?[*]40": _WRAPS,
    "*_int32_with_value_*/2?[*]40": _WRAPS,
    "constant_with_dtype/*int*.2?[*]40": _WRAPS,
    "constant_with_dtype/float16.2?[*]40": _WRAPS,
    "constant_with_dtype/*int8.300": _WRAPS,
    "constant_with_dtype/uint8.-1": _WRAPS,
    "*_uint8_with_value_*/True": _TRUE,
    "*_bfloat16_with_value_*/True": _TRUE,
    "*_complex64_with_value_*/True": _TRUE,
    "constant_with_dtype/*.True": _TRUE,
    "constant_with_dtype/bool.array str": "text is no truth value; TensorFlow takes any text for True",
    # --- operators
    "mul_bool_with_tensor/[!b]*": _BOOL_PRODUCT,
    "mul_bool_with_tensor/bfloat16": _BOOL_PRODUCT,
    "mul_*[0-9]_with_tensor/bool": _BOOL_PRODUCT,
    "mul_bool_with_value_right/[-123[]*": _BOOL_PRODUCT,
    "pow_uint*_with_tensor/uint*": _NO_KERNEL,
    "pow_uint8_with_value_*": _NO_KERNEL,
    "negative/uint*": _NO_KERNEL,
    "absolute/uint*": _NO_KERNEL,
    "matmul/uint*": _NO_KERNEL,
    "matmul/bfloat16 float32": "dtypes are not promoted between tensors; write tf.cast",
    "matmul/float32 bfloat16": "dtypes are not promoted between tensors; write tf.cast",
    "or_*_with_value_right/'a'": _ONE_FAULT,
    "or_*_with_value_right/1j": _ONE_FAULT,
    "or_*_with_value_right/None": _ONE_FAULT,
    "or_*_with_value_right/?.?": _ONE_FAULT,
    "or_*_with_value_right/?1*, 2*": _ONE_FAULT,
    "truediv_bool_with_value_right/np.*": "bools are refused; in TensorFlow NumPy divides them",
    "truediv_bool_with_value_right/array *": "bools are refused; in TensorFlow NumPy divides them",
    # --- functions of one tensor
    "of_abs/uint*": _NO_KERNEL,
    "of_bincount/*int*": _NO_KERNEL,
    "of_einsum/uint*": _NO_KERNEL,
    "of_gather_index/*int*": _NO_KERNEL,
    "of_imag/bool": "a bool has no imaginary part, as it has no real one in TensorFlow",
    "of_one_hot/*int*": _NO_KERNEL,
    "of_range/bool": _ONE_FAULT,
    "of_range/complex*": _ONE_FAULT,
    "of_range/int8": _NO_KERNEL,
    "of_range/int16": _NO_KERNEL,
    "of_range/uint*": _NO_KERNEL,
    "of_segment_sum_ids/*int*": _NO_KERNEL,
    "of_sign/uint*": _NO_KERNEL,
    "of_squared_difference/*int*": _NO_KERNEL,
    "of_tensordot/uint*": _NO_KERNEL,
    "of_unique/complex*": _NO_KERNEL,
    "of_where/float16": _NO_KERNEL,
    "integer_division/int8 truncatemod*": _NO_KERNEL,
    # --- values without a dtype
    "python_scalars_in_functions/ones int name": "as_dtype(int) is int32",
    "python_scalars_in_functions/add int float": "two Python numbers are promoted as in Python",
    "python_scalars_in_functions/pow int float": "two Python numbers are promoted as in Python",
    "python_scalars_in_functions/where ints floats": "two Python numbers are promoted as in Python",
    "python_scalars_in_functions/matmul np64 tensor": "NumPy arrays take the tensor's dtype on either side",
    "constant_inference/*.?1*, 1j?": "a list of real and complex numbers is complex",
    "constant_inference/constant.?tensor*": _PACKED,
    "constant_inference/constant.?1, tensor?": _PACKED,
    "convert_with_dtype/hint.list of tensors*": "a hint leaves tensors as they are",
    # --- values
    "cast_floats_to_ints_out_of_range": "the language defines no result; XLA saturates and maps nan to 0",
    "conversions_to_python/index of float": "the TypeError that Python's indexing expects",
    "conversions_to_python/neg pos*": "+x is x",
    "conversions_to_python/numpy writes": "tensors are immutable, and so is the array they hand out",
    "conversions_to_python/float of one": "one element is a number, as with NumPy before 2.4",
    "conversions_to_python/round builtin": "a scalar tensor rounds like its value",
}

#: Cases about what is still to come -> what that is.
LATER: dict[str, str] = {}


@pytest.mark.parametrize("case", parameters(cases, LATER))
def test_dtypes(case: support.Case) -> None:
    """The case gives the recorded result."""
    support.check(case, RECORD, DELIBERATE, tf)


def test_record_has_no_orphans() -> None:
    """Every recorded result still has its case."""
    assert set(RECORD) == {case.name for case in cases}
