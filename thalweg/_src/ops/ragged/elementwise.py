"""Which ops work element by element, so that on ragged tensors they work on the flat values."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from thalweg._src.ops.ragged.broadcasting import aligned

#: Ops whose inputs broadcast against each other and whose result has their shape.
ELEMENTWISE = frozenset(
    """
    abs acos acosh add add_n and angle as_string asin asinh atan atan2 atanh bessel_i0 bessel_i0e bessel_i1
    bessel_i1e bessel_j0 bessel_j1 bessel_k0 bessel_k0e bessel_k1 bessel_k1e bessel_y0 bessel_y1 betainc
    bitcast bitwise_and bitwise_or bitwise_xor cast ceil clip_by_value complex conj cos cosh
    dawsn decode_base64 digamma divide_no_nan elu encode_base64 equal erf erfc erfcinv erfinv exp expint
    expm1 floor floordiv floormod fresnel_cos fresnel_sin gelu greater greater_equal identity igamma igammac
    imag invert is_finite is_inf is_nan leaky_relu left_shift less less_equal lgamma log log1p log_sigmoid
    logical_and logical_not logical_or logical_xor maximum minimum multiply multiply_no_nan ndtri negative
    nextafter not not_equal ones_like or polygamma pow real realdiv reciprocal reciprocal_no_nan
    regex_full_match regex_replace relu relu6 right_shift rint round rsqrt saturate_cast selu sigmoid
    sigmoid_cross_entropy sign silu sin sinh softplus softsign spence sqrt square squared_difference
    string_join string_length string_lower string_strip string_to_hash_bucket
    string_to_hash_bucket_fast string_to_hash_bucket_strong string_to_number string_upper substr subtract
    tan tanh truediv truncatediv truncatemod unicode_script unicode_transcode where xdivy xlog1py xlogy xor
    zeros_like zeta
    """.split()  # noqa: SIM905 a table of 130 words, not of 130 lines
)

#: Functions of one tensor that work element by element, or row by row.
MAPPED = frozenset(
    {"check_numerics", "dropout", "embedding_lookup", "stateless_dropout", "stop_gradient"}
)

#: Functions that compare two tensors element by element and give none.
COMPARING = frozenset(
    {
        "assert_equal",
        "assert_greater",
        "assert_greater_equal",
        "assert_less",
        "assert_less_equal",
        "assert_near",
        "assert_none_equal",
    }
)


def elementwise(
    name: str, function: Callable[..., Any], args: Sequence[Any], kwargs: dict[str, Any]
) -> Any:
    """Result of an elementwise op of which some inputs are ragged.

    Args:
        name: Name of the op.
        function: The op.
        args: Its inputs.
        kwargs: Its settings.
    """
    given = [a for a in args if a is not None]
    flat, remade = aligned(name, given)
    fresh = iter(flat)
    return remade(function(*(None if a is None else next(fresh) for a in args), **kwargs))


def compare(
    name: str, function: Callable[..., Any], x: Any, y: Any, *args: Any, **kwargs: Any
) -> Any:
    """Compares two tensors of which one or both are ragged."""
    flat, _ = aligned(name, [x, y])
    return function(*flat, *args, **kwargs)
