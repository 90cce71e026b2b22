"""How calls of `keras.ops` functions stand in saved files: as the classes that Keras has for them.

Keras writes ``ops.mean(x, axis=1)`` as class ``Mean`` of module ``keras.src.ops.numpy`` with the config
``{"axis": 1, "keepdims": False}`` and the call ``(x,)``. The tables below say which arguments of a function
belong to the config; the others, in their order, are arguments of the call.
"""

from __future__ import annotations

import inspect
import itertools
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from thalweg._src.base.naming import camel_case

# Functions of each module with their class, where it is not the name in camel case, and its settings.
_TABLES = {
    "core": """
        cast(dtype) convert_to_tensor(dtype,sparse,ragged) saturate_cast(dtype) scatter(shape)
        scatter_update(reduction) slice(shape) slice_update stop_gradient unstack(num,axis)
    """,
    "linalg": """
        cholesky(upper) cholesky_inverse(upper) det eig eigh inv lstsq(rcond) lu_factor
        matrix_rank(tol) norm(ord,axis,keepdims) pinv(rcond) qr(mode) solve
        solve_triangular(lower) svd=SVD(full_matrices,compute_uv)
    """,
    "math": """
        cdist=CDist erf erfc erfinv extract_sequences(sequence_length,sequence_stride) fft=FFT
        fft2=FFT2 ifft2=IFFT2 in_top_k(k) irfft=IRFFT(fft_length)
        istft=ISTFT(sequence_length,sequence_stride,fft_length,length,window,center) logdet
        logsumexp(axis,keepdims) rfft=RFFT(fft_length) rsqrt segment_max(num_segments,sorted)
        segment_min(num_segments,sorted) segment_prod(num_segments,sorted)
        segment_sum(num_segments,sorted)
        stft=STFT(sequence_length,sequence_stride,fft_length,window,center) top_k(k,sorted)
        view_as_complex view_as_real
    """,
    "nn": """
        adaptive_average_pool(output_size,data_format) adaptive_max_pool(output_size,data_format)
        average_pool(pool_size,strides,padding,data_format) batch_normalization=BatchNorm(axis,epsilon)
        binary_crossentropy(from_logits) categorical_crossentropy(from_logits,axis) celu(alpha)
        conv(strides,padding,data_format,dilation_rate)
        conv_transpose(strides,padding,output_padding,data_format,dilation_rate)
        ctc_decode=CTCDecode(strategy,beam_width,top_paths,merge_repeated,mask_index)
        ctc_loss=CTCLoss(mask_index) depth_to_space(block_size,data_format)
        depthwise_conv(strides,padding,data_format,dilation_rate)
        dot_product_attention(is_causal,flash_attention,attn_logits_soft_cap) elu(alpha)
        fold(output_size,kernel_size,dilation,padding,stride) gelu(approximate) glu(axis)
        hard_shrink(threshold) hard_sigmoid hard_silu hard_tanh layer_normalization=LayerNorm(axis,epsilon)
        leaky_relu(negative_slope) log_sigmoid log_softmax(axis)
        max_pool(pool_size,strides,padding,data_format) moments(axes,keepdims,synchronized)
        multi_hot(num_classes,axis,dtype,sparse) normalize(axis,order,epsilon)
        one_hot(num_classes,axis,dtype,sparse) polar psnr=PSNR(max_val) relu relu6
        rms_normalization=RMSNorm(axis,epsilon) selu separable_conv(strides,padding,data_format,dilation_rate)
        sigmoid silu soft_shrink(threshold) softmax(axis) softplus softsign
        space_to_depth(block_size,data_format) sparse_categorical_crossentropy(from_logits,axis)
        sparse_plus sparse_sigmoid sparsemax(axis) squareplus(b) tanh_shrink
        threshold(threshold,default_value) unfold(kernel_size,dilation,padding,stride)
    """,
    "numpy": """
        abs absolute add all(axis,keepdims) allclose=AllClose(rtol,atol,equal_nan) amax(axis,keepdims)
        amin(axis,keepdims) angle any(axis,keepdims) append(axis) arccos arccosh arcsin arcsinh arctan
        arctan2 arctanh argmax(axis,keepdims) argmin(axis,keepdims) argpartition(kth,axis) argsort(axis)
        array(dtype) array_split(indices_or_sections,axis) average(axis) bincount(weights,minlength,sparse)
        bitwise_and bitwise_invert bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift bitwise_xor
        broadcast_to(shape) cbrt ceil clip(x_min,x_max) concatenate(axis) conj conjugate copy corrcoef
        correlate(mode) cos cosh count_nonzero(axis) cross(axisa,axisb,axisc,axis) cumprod(axis,dtype)
        cumsum(axis,dtype) deg2rad diag(k) diagflat(k) diagonal(offset,axis1,axis2) diff(n,axis) digitize
        divide divide_no_nan dot dsplit(indices_or_sections) dstack einsum(subscripts) empty_like(dtype)
        equal exp exp2 expand_dims(axis) expm1 fabs flip(axis) fliplr flipud floor floor_divide fmax fmin
        fmod full_like(dtype) gcd get_item greater greater_equal heaviside histogram(bins,range)
        hsplit(indices_or_sections) hstack hypot i0 imag inner isclose(equal_nan) isfinite
        isin=IsIn(assume_unique,invert) isinf isnan isneginf isposinf isreal kron lcm ldexp left_shift less
        less_equal log log10 log1p log2 logaddexp logaddexp2 logical_and logical_not logical_or logical_xor
        matmul max(axis,keepdims,initial) maximum mean(axis,keepdims) median(axis,keepdims)
        meshgrid(indexing) min(axis,keepdims,initial) minimum mod moveaxis(source,destination) multiply
        nan_to_num(nan,posinf,neginf) nanargmax(axis,keepdims) nanargmin(axis,keepdims)
        nancumprod(axis,dtype) nancumsum(axis,dtype) nanmax(axis,keepdims) nanmean(axis,keepdims)
        nanmedian(axis,keepdims) nanmin(axis,keepdims) nanpercentile(axis,method,keepdims)
        nanprod(axis,keepdims) nanquantile(axis,method,keepdims) nanstd(axis,keepdims) nansum(axis,keepdims)
        nanvar(axis,keepdims) ndim negative nextafter nonzero not_equal ones_like(dtype) outer
        pad(pad_width,mode) percentile(axis,method,keepdims) power prod(axis,keepdims,dtype)
        ptp(axis,keepdims) quantile(axis,method,keepdims) rad2deg ravel real reciprocal repeat(repeats,axis)
        reshape(newshape) right_shift roll(shift,axis) rot90(k,axes) round(decimals)
        searchsorted=SearchSorted(side) select sign signbit sin sinc sinh size slogdet sort(axis)
        split(indices_or_sections,axis) sqrt square squeeze(axis) stack(axis) std(axis,keepdims) subtract
        sum(axis,keepdims) swapaxes(axis1,axis2) take(axis) take_along_axis(axis) tan tanh tensordot(axes)
        tile(repeats) trace(offset,axis1,axis2) transpose(axes) tril(k) triu(k) true_divide trunc
        unique(sorted,return_index,return_inverse,return_counts,axis,size,fill_value) unravel_index(shape)
        vander(N,increasing) var(axis,keepdims) vdot view(dtype) vsplit(indices_or_sections) vstack where
        zeros_like(dtype)
    """,
    "image": """
        affine_transform(interpolation,fill_mode,fill_value,data_format)
        crop_images(top_cropping,left_cropping,bottom_cropping,right_cropping,target_height,target_width,
        data_format) elastic_transform(alpha,sigma,interpolation,fill_mode,fill_value,seed,data_format)
        extract_patches(size,strides,dilation_rate,padding,data_format)
        gaussian_blur(kernel_size,sigma,data_format) hsv_to_rgb=HSVToRGB(data_format)
        map_coordinates(order,fill_mode,fill_value)
        pad_images(top_padding,left_padding,bottom_padding,right_padding,target_height,target_width,
        data_format) perspective_transform(interpolation,fill_value,data_format)
        resize(size,interpolation,antialias,crop_to_aspect_ratio,pad_to_aspect_ratio,fill_mode,fill_value,
        data_format) rgb_to_grayscale=RGBToGrayscale(data_format) rgb_to_hsv=RGBToHSV(data_format)
        scale_and_translate(spatial_dims,method,antialias) sobel_edges(data_format)
        ssim=SSIM(max_val,filter_size,filter_sigma,k1,k2,data_format)
    """,
}

# Ops of `tf.*` and the `keras.ops` function that does the same. For each argument `theirs=ours`,
# `theirs<ours` in lower case, or `theirs@value`; `ours!value` for what must have this value, or one of
# `value|value`; `ours~` for dtypes and the like, which the outputs show. Others must be empty, 0 or False.
_EQUIVALENTS = """
    abs:absolute,x=x acos:arccos,x=x acosh:arccosh,x=x add:add,x1=x,x2=y angle:angle,x=input
    argmax:argmax,x=input,axis=axis,output_type~ argmin:argmin,x=input,axis=axis,output_type~
    argsort:argsort,x=values,axis=axis,direction!ASCENDING asin:arcsin,x=x asinh:arcsinh,x=x atan:arctan,x=x
    atan2:arctan2,x1=y,x2=x atanh:arctanh,x=x
    average_pool:average_pool,inputs=input,pool_size=ksize,strides=strides,padding<padding,
    data_format!None|NWC|NHWC|NDHWC,data_format@channels_last,where~ bias_add:add,x1=value,x2=bias,last!True
    broadcast_to:broadcast_to,x=input,shape=shape cast:cast,x=x,dtype=dtype ceil:ceil,x=x
    cholesky:cholesky,x=input clip_by_value:clip,x=t,x_min=clip_value_min,x_max=clip_value_max
    concat:concatenate,xs=values,axis=axis conj:conj,x=x cos:cos,x=x cosh:cosh,x=x
    crop_to_bounding_box:crop_images,images=image,top_cropping=top,left_cropping=left,
    target_height=height,target_width=width,data_format@channels_last cumprod:cumprod,x=x,axis=axis
    cumsum:cumsum,x=x,axis=axis
    depth_to_space:depth_to_space,x=input,block_size=block_size,data_format!NHWC, data_format@channels_last
    det:det,x=input diag_part:diagonal,x=input,axis1@-2,axis2@-1,align~
    divide_no_nan:divide_no_nan,x1=x,x2=y eigh:eigh,x=tensor elu:elu,x=features equal:equal,x1=x,x2=y
    erf:erf,x=x erfc:erfc,x=x erfinv:erfinv,x=x exp:exp,x=x expand_dims:expand_dims,x=input,axis=axis
    expm1:expm1,x=x flip_left_right:flip,x=image,axis@-2 flip_up_down:flip,x=image,axis@-3 floor:floor,x=x
    floordiv:floor_divide,x1=x,x2=y floormod:mod,x1=x,x2=y gather:take,x=params,indices=indices,axis=axis
    gelu:gelu,x=features,approximate=approximate grayscale_to_rgb:repeat,x=images,repeats@3,axis@-1
    greater:greater,x1=x,x2=y greater_equal:greater_equal,x1=x,x2=y
    hsv_to_rgb:hsv_to_rgb,images=images,data_format@channels_last identity:copy,x=input imag:imag,x=input
    inv:inv,x=input is_finite:isfinite,x=x is_inf:isinf,x=x is_nan:isnan,x=x
    leaky_relu:leaky_relu,x=features,negative_slope=alpha less:less,x1=x,x2=y
    less_equal:less_equal,x1=x,x2=y log:log,x=x log1p:log1p,x=x log_sigmoid:log_sigmoid,x=x
    log_softmax:log_softmax,x=logits,axis=axis logdet:logdet,x=matrix logical_and:logical_and,x1=x,x2=y
    logical_not:logical_not,x=x logical_or:logical_or,x1=x,x2=y logical_xor:logical_xor,x1=x,x2=y
    matmul:matmul,x1=a,x2=b matrix_transpose:swapaxes,x=a,axis1@-2,axis2@-1
    max_pool:max_pool,inputs=input,pool_size=ksize,strides=strides,padding<padding,
    data_format!None|NWC|NHWC|NDHWC,data_format@channels_last,where~ maximum:maximum,x1=x,x2=y
    minimum:minimum,x1=x,x2=y moments:moments,x=x,axes=axes,keepdims=keepdims multiply:multiply,x1=x,x2=y
    negative:negative,x=x not_equal:not_equal,x1=x,x2=y
    one_hot:one_hot,x=indices,num_classes=depth,axis=axis,dtype=dtype,on!1.0
    ones_like:ones_like,x=input,dtype=dtype pad:pad,x=tensor,pad_width=paddings,mode<mode
    pow:power,x1=x,x2=y qr:qr,x=input real:real,x=input realdiv:divide,x1=x,x2=y reciprocal:reciprocal,x=x
    reduce_all:all,x=input_tensor,axis=axis,keepdims=keepdims
    reduce_any:any,x=input_tensor,axis=axis,keepdims=keepdims
    reduce_logsumexp:logsumexp,x=input_tensor,axis=axis,keepdims=keepdims
    reduce_max:max,x=input_tensor,axis=axis,keepdims=keepdims
    reduce_mean:mean,x=input_tensor,axis=axis,keepdims=keepdims
    reduce_min:min,x=input_tensor,axis=axis,keepdims=keepdims
    reduce_prod:prod,x=input_tensor,axis=axis,keepdims=keepdims
    reduce_std:std,x=input_tensor,axis=axis,keepdims=keepdims
    reduce_sum:sum,x=input_tensor,axis=axis,keepdims=keepdims
    reduce_variance:var,x=input_tensor,axis=axis,keepdims=keepdims relu:relu,x=features
    relu6:relu6,x=features repeat:repeat,x=input,repeats=repeats,axis=axis
    reshape:reshape,x=tensor,newshape=shape
    resize_images:resize,images=images,size=size,interpolation=method,antialias=antialias,
    data_format@channels_last reverse:flip,x=tensor,axis=axis
    rgb_to_hsv:rgb_to_hsv,images=images,data_format@channels_last rint:round,x=x round:round,x=x
    rsqrt:rsqrt,x=x saturate_cast:saturate_cast,x=value,dtype=dtype
    scatter_nd:scatter,indices=indices,values=updates,shape=shape selu:selu,x=features sigmoid:sigmoid,x=x
    sign:sign,x=x silu:silu,x=features,beta!1.0 sin:sin,x=x sinh:sinh,x=x slogdet:slogdet,x=input
    softmax:softmax,x=logits,axis=axis softplus:softplus,x=features softsign:softsign,x=features
    solve:solve,a=matrix,b=rhs sort:sort,x=values,axis=axis,direction!ASCENDING
    space_to_depth:space_to_depth,x=input,block_size=block_size,data_format!NHWC, data_format@channels_last
    split_at:split,x=x,indices_or_sections=edges,axis=axis sqrt:sqrt,x=x square:square,x=x
    squeeze:squeeze,x=input,axis=axis stack:stack,x=values,axis=axis
    stop_gradient:stop_gradient,variable=input subtract:subtract,x1=x,x2=y
    take:take,x=x,indices=indices,axis=axis take_along_axis:take_along_axis,x=x,indices=indices,axis=axis
    tan:tan,x=x tanh:tanh,x=x
    tensor_scatter_nd_update:scatter_update,inputs=tensor,indices=indices,updates=updates
    tensordot:tensordot,x1=a,x2=b,axes=axes tile:tile,x=input,repeats=multiples
    top_k:top_k,x=input,k=k,index_type~ trace:trace,x=x,axis1@-2,axis2@-1 transpose:transpose,x=a,axes=perm
    transpose_image:swapaxes,x=image,axis1@-3,axis2@-2 truediv:divide,x1=x,x2=y trunc:trunc,x=x
    unstack:unstack,x=value,num=num,axis=axis where:where,condition=condition,x1=x,x2=y
    zeros_like:zeros_like,x=input,dtype=dtype
"""

# Other names of functions, under which they stand nowhere else.
_ALIASES = {
    "abs": "absolute", "bitwise_not": "bitwise_invert", "conjugate": "conj",
    "left_shift": "bitwise_left_shift", "right_shift": "bitwise_right_shift", "true_divide": "divide",
}  # fmt: skip


# A function of `keras.ops` and its arguments.
Rewritten = tuple[str, list[Any], dict[str, Any]]


@dataclass(frozen=True)
class OperationName:
    """A function of `keras.ops` and the class that Keras has for its calls.

    Attributes:
        function: Name of the function.
        module: Module of the class, such as ``"keras.src.ops.numpy"``.
        class_name: Name of the class.
        settings: Arguments that belong to the class's config.
    """

    function: str
    module: str
    class_name: str
    settings: tuple[str, ...]

    def divided(
        self, function: Callable[..., Any], args: tuple[Any, ...], kwargs: Mapping[str, Any]
    ) -> tuple[dict[str, Any], list[Any]]:
        """Config and arguments of the call, for arguments of the function."""
        bound = inspect.signature(function).bind(*args, **kwargs)
        bound.apply_defaults()
        config = {name: bound.arguments[name] for name in self.settings}
        call: list[Any] = []
        for name, value in bound.arguments.items():
            if name in config or bound.signature.parameters[name].kind is inspect.Parameter.VAR_KEYWORD:
                continue
            several = bound.signature.parameters[name].kind is inspect.Parameter.VAR_POSITIONAL
            call += list(value) if several else [value]
        while call and call[-1] is None:
            call.pop()
        return config, call

    def joined(
        self,
        function: Callable[..., Any],
        config: Mapping[str, Any],
        args: Any,
        kwargs: Mapping[str, Any],
    ) -> Any:
        """Result of the function for what `divided` returned."""
        signature = inspect.signature(function)
        given = {name: config[name] for name in self.settings if name in config}
        rest = list(args)
        for name, parameter in signature.parameters.items():
            if name in self.settings or not rest:
                continue
            if parameter.kind is inspect.Parameter.VAR_POSITIONAL:
                given[name], rest = tuple(rest), []
            else:
                given[name] = rest.pop(0)
        if rest:
            raise TypeError(f"{self.function}() got {len(rest)} arguments too many")
        bound = inspect.BoundArguments(signature, {n: given[n] for n in signature.parameters if n in given})
        return function(*bound.args, **bound.kwargs, **kwargs)


def _parsed() -> list[OperationName]:
    found = []
    for module, table in _TABLES.items():
        words = re.sub(r",\s+", ",", table).split()
        for word in words:
            name, _, settings = word.rstrip(")").partition("(")
            function, _, class_name = name.partition("=")
            found.append(
                OperationName(
                    _ALIASES.get(function, function),
                    f"keras.src.ops.{module}",
                    class_name or camel_case(function),
                    tuple(settings.split(",")) if settings else (),
                )
            )
    return found


_rows = _parsed()
_by_function = {row.function: row for row in reversed(_rows)}
_by_class = {row.class_name: row for row in _rows}
_equivalents = dict(word.split(":") for word in re.sub(r",\s+", ",", _EQUIVALENTS).split())


def of_function(name: str) -> OperationName | None:
    """The class for calls of a function of `keras.ops`; None where Keras has none."""
    return _by_function.get(name)


def of_class(module: str, class_name: str) -> OperationName | None:
    """The function whose calls a class in a file stands for; None for other classes."""
    of_ops = module.startswith("keras.") and ".ops." in module
    return _by_class.get(class_name) if of_ops else None


def equivalent(op: str, arguments: Mapping[str, Any]) -> Rewritten | None:
    """Function of `keras.ops`, and its arguments, that does what an op of `tf.*` does; or None.

    Args:
        op: Name of the op.
        arguments: All its arguments by name.
    """
    if op in _REWRITTEN:
        found = _REWRITTEN[op](arguments)
        if found is not None:
            return found
    if op not in _equivalents:
        return None
    function, *pairs = _equivalents[op].split(",")
    given: dict[str, Any] = {}
    named: set[str] = set()
    for pair in pairs:
        first, sign, second = re.split("([=!<@~])", pair)
        named.add(second if sign in "=<" else first)
        if sign == "=":
            given[first] = arguments[second]
        elif sign == "<":
            given[first] = str(arguments[second]).lower()
        elif sign == "@":
            given[first] = int(second) if second.lstrip("-").isdigit() else second
        elif sign == "!" and str(arguments.get(first)) not in second.split("|"):
            return None
    rest = {name: value for name, value in arguments.items() if name not in named}
    return None if any(rest.values()) else (function, [], given)


def _matmul(arguments: Mapping[str, Any]) -> Rewritten | None:
    """A product of transposed matrices as a sum over their indices."""
    first, second = (
        f"...{'ji' if arguments[f'transpose_{side}'] else 'ij'}" for side in ("a", "b")
    )
    adjoint = arguments["adjoint_a"] or arguments["adjoint_b"] or arguments["output_type"]
    if adjoint or not (arguments["transpose_a"] or arguments["transpose_b"]):
        return None
    second = second.translate({ord("i"): "j", ord("j"): "k"})
    return "einsum", [f"{first},{second}->...ik", arguments["a"], arguments["b"]], {}


def _norm(arguments: Mapping[str, Any]) -> Rewritten | None:
    """The Euclidean norm of vectors and matrices: Keras knows it of no more axes."""
    x = arguments["tensor"] if "tensor" in arguments else arguments["input_tensor"]
    axis = arguments["axis"]
    count = len(x.shape) if axis is None else len(axis) if isinstance(axis, (list, tuple)) else 1
    if count > 2 or arguments.get("ord", "euclidean") != "euclidean":
        return None
    return "norm", [x], {"axis": axis, "keepdims": bool(arguments["keepdims"])}


def _of_arrays(function: str) -> Callable[[Mapping[str, Any]], Rewritten]:
    """Integers as arrays: of bits and classes Keras takes no others."""

    def rewritten(arguments: Mapping[str, Any]) -> Rewritten:
        kinds = [v.dtype for v in arguments.values() if hasattr(v, "dtype") and "int" in str(v.dtype)]
        kind = kinds[0] if kinds else "int32"
        given = [
            np.asarray(v, kind) if isinstance(v, (int, list)) and name != "k" else v
            for name, v in arguments.items()
        ]
        return function, given, {}

    return rewritten


def _split(arguments: Mapping[str, Any]) -> Rewritten | None:
    """Parts of given sizes as parts between given places."""
    sizes = arguments["parts"]
    places = sizes if isinstance(sizes, int) else list(itertools.accumulate(sizes[:-1]))
    given = {"x": arguments["value"], "indices_or_sections": places, "axis": arguments["axis"]}
    return "split", [], given


def _l2_normalize(arguments: Mapping[str, Any]) -> Rewritten | None:
    """The bound of the squared norm as a bound of the norm."""
    given = {name: arguments[name] for name in ("x", "axis")}
    return "normalize", [], given | {"epsilon": float(arguments["epsilon"]) ** 0.5}


# Ops whose arguments stand in another form in `keras.ops`.
_REWRITTEN: dict[str, Callable[[Mapping[str, Any]], Rewritten | None]] = {
    "matmul": _matmul,
    "einsum": lambda given: ("einsum", [given["equation"], given["a"], given["b"]], {}),
    "einsum_of_one": lambda given: ("einsum", [given["equation"], given["x"]], {}),
    "l2_normalize": _l2_normalize,
    "matvec": lambda given: (
        None
        if given["transpose_a"] or given["adjoint_a"]
        else ("einsum", ["...ij,...j->...i", given["a"], given["b"]], {})
    ),
    "split": _split,
    "norm": _norm,
    "reduce_euclidean_norm": _norm,
    "in_top_k": _of_arrays("in_top_k"),
    "left_shift": _of_arrays("bitwise_left_shift"),
    "right_shift": _of_arrays("bitwise_right_shift"),
    **{name: _of_arrays(name) for name in ("bitwise_and", "bitwise_or", "bitwise_xor")},
}
