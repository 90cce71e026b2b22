"""Ops of TensorFlow's graphs, which some versions of Keras 2 keep as layers of class `TensorFlowOpLayer`.

Such a layer holds a node definition: the op's name, its attributes, and those of its inputs that are
constants, by position. The table says which function does the same, and by which arguments.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from thalweg._src.base.errors import SavingError
from thalweg._src.base.safe_json import parsed

# `Op=function(inputs in order,argument:attribute)`; `*values` stands for all inputs but those after it.
_TABLE = """
    Abs=abs(x) Add=add(x,y) AddN=add_n(*inputs) AddV2=add(x,y)
    All=reduce_all(input_tensor,axis,keepdims:keep_dims) Any=reduce_any(input_tensor,axis,keepdims:keep_dims)
    ArgMax=argmax(input,axis,output_type:output_type) ArgMin=argmin(input,axis,output_type:output_type)
    BatchMatMulV2=matmul(a,b,adjoint_a:adj_x,adjoint_b:adj_y) BiasAdd=bias_add(value,bias)
    BroadcastTo=broadcast_to(input,shape) Cast=cast(x,dtype:DstT) Ceil=ceil(x) ConcatV2=concat(*values,axis)
    Cos=cos(x) Cumsum=cumsum(x,axis,exclusive:exclusive,reverse:reverse) Div=truediv(x,y)
    DivNoNan=divide_no_nan(x,y) Elu=elu(features) Equal=equal(x,y) Erf=erf(x) Exp=exp(x)
    ExpandDims=expand_dims(input,axis) Expm1=expm1(x) Floor=floor(x) FloorDiv=floordiv(x,y)
    FloorMod=floormod(x,y) GatherNd=gather_nd(params,indices)
    GatherV2=gather(params,indices,axis,batch_dims:batch_dims) Greater=greater(x,y)
    GreaterEqual=greater_equal(x,y) Identity=identity(input) LeakyRelu=leaky_relu(features,alpha:alpha)
    Less=less(x,y) LessEqual=less_equal(x,y) Log=log(x) Log1p=log1p(x) LogSoftmax=log_softmax(logits)
    LogicalAnd=logical_and(x,y) LogicalNot=logical_not(x) LogicalOr=logical_or(x,y)
    MatMul=matmul(a,b,transpose_a:transpose_a,transpose_b:transpose_b)
    Max=reduce_max(input_tensor,axis,keepdims:keep_dims) Maximum=maximum(x,y)
    Mean=reduce_mean(input_tensor,axis,keepdims:keep_dims)
    Min=reduce_min(input_tensor,axis,keepdims:keep_dims) Minimum=minimum(x,y) Mul=multiply(x,y)
    Neg=negative(x) NotEqual=not_equal(x,y) OneHot=one_hot(indices,depth,on_value,off_value,axis:axis)
    OnesLike=ones_like(input) Pack=stack(*values,axis:axis) Pad=pad(tensor,paddings)
    PadV2=pad(tensor,paddings,constant_values) Pow=pow(x,y)
    Prod=reduce_prod(input_tensor,axis,keepdims:keep_dims) RealDiv=truediv(x,y) Reciprocal=reciprocal(x)
    Relu=relu(features) Relu6=relu6(features) Reshape=reshape(tensor,shape) ReverseV2=reverse(tensor,axis)
    Round=round(x) Rsqrt=rsqrt(x) Select=where(condition,x,y) SelectV2=where(condition,x,y)
    Selu=selu(features) Shape=shape(input,out_type:out_type) Sigmoid=sigmoid(x) Sign=sign(x) Sin=sin(x)
    Slice=slice(input_,begin,size) Softmax=softmax(logits) Softplus=softplus(features)
    Softsign=softsign(features) Split=split(axis,value,num_or_size_splits:num_split)
    SplitV=split(value,num_or_size_splits,axis) Sqrt=sqrt(x) Square=square(x)
    SquaredDifference=squared_difference(x,y) Squeeze=squeeze(input,axis:squeeze_dims)
    StopGradient=stop_gradient(input)
    StridedSlice=strided_slice(input_,begin,end,strides,begin_mask:begin_mask,end_mask:end_mask,
    ellipsis_mask:ellipsis_mask,new_axis_mask:new_axis_mask,shrink_axis_mask:shrink_axis_mask)
    Sub=subtract(x,y) Sum=reduce_sum(input_tensor,axis,keepdims:keep_dims) Tan=tan(x) Tanh=tanh(x)
    Tile=tile(input,multiples) Transpose=transpose(a,perm) Unpack=unstack(value,num:num,axis:axis)
    ZerosLike=zeros_like(input)
"""
_DTYPES = {
    "DT_FLOAT": "float32", "DT_HALF": "float16", "DT_DOUBLE": "float64", "DT_BFLOAT16": "bfloat16",
    "DT_INT8": "int8", "DT_INT16": "int16", "DT_INT32": "int32", "DT_INT64": "int64",
    "DT_UINT8": "uint8", "DT_UINT16": "uint16", "DT_BOOL": "bool",
}  # fmt: skip
_rows = dict(
    word.rstrip(")").split("=", 1) for word in _TABLE.replace(",\n    ", ",").split()
)

Arguments = Callable[[Any, dict[str, Any]], tuple[list[Any], dict[str, Any]]]


def called_op(config: Mapping[str, Any]) -> tuple[str, Arguments]:
    """Name of the function that does what a layer's node definition says, and what makes its arguments.

    Args:
        config: Config of a `TensorFlowOpLayer`.

    Raises:
        SavingError: An op that no function does.
    """
    node = config["node_def"]
    node = parsed(node) if isinstance(node, str) else node
    row = _rows.get(node["op"])
    if row is None:
        raise SavingError(
            f"[{config.get('name')}] expected ops that exist here, got TensorFlow's {node['op']!r} in a "
            "graph; draw the model anew with another function and take the weights."
        )
    function, _, names = row.partition("(")
    inputs = [name for name in names.split(",") if ":" not in name]
    attributes = dict(name.split(":") for name in names.split(",") if ":" in name)
    given = {key: _attribute(value) for key, value in node.get("attr", {}).items()}
    settings = {ours: given[theirs] for ours, theirs in attributes.items() if theirs in given}
    constants = {int(index): value for index, value in (config.get("constants") or {}).items()}

    def arguments(first: Any, _: dict[str, Any]) -> tuple[list[Any], dict[str, Any]]:
        tensors = iter(first if isinstance(first, list) else [first])
        count = len(constants) + (len(first) if isinstance(first, list) else 1)
        values = [constants[i] if i in constants else next(tensors) for i in range(count)]
        return [], _named(inputs, values) | settings

    return function, arguments


def _named(names: list[str], values: list[Any]) -> dict[str, Any]:
    """Inputs by the names of arguments; a name with a star takes those that the others leave."""
    found: dict[str, Any] = {}
    rest = list(values)
    for position, name in enumerate(names):
        if name.startswith("*"):
            after = len(names) - position - 1
            found[name[1:]], rest = rest[: len(rest) - after], rest[len(rest) - after :]
        elif rest:
            found[name] = rest.pop(0)
    return found


def _attribute(value: Mapping[str, Any]) -> Any:
    """Value of an attribute as JSON keeps those of protocol buffers, whole numbers as texts."""
    for kind, content in value.items():
        if kind == "i":
            return int(content)
        if kind == "type":
            return _DTYPES.get(content, content)
        if kind == "list":
            return [int(part) for part in content.get("i", [])] or None
        return content
    return None
