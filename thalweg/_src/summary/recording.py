"""Recording one summary: now, or each time the program runs that is being traced."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import numpy as np

from thalweg._src.base.errors import InvalidArgumentError
from thalweg._src.core import dtypes, xla
from thalweg._src.core.convert import as_tensor, convert_to_tensor
from thalweg._src.core.tensor import Tensor
from thalweg._src.function.callbacks import numpy_function
from thalweg._src.ops.io.tensor_proto import tensor_message
from thalweg._src.summary import messages
from thalweg._src.summary.writer import NoopWriter, settings
from thalweg._src.variables.scope import current_scope, name_scope

# Summary message of arrays.
Encode = Callable[..., bytes]


def should_record_summaries() -> Any:
    """True when summaries are written now: there is a default writer, and `record_if` agrees.

    Returns:
        bool tensor.

    Source: `tf.summary.should_record_summaries`.
    """
    if settings.writer is None or isinstance(settings.writer, NoopWriter):
        return convert_to_tensor(False)
    condition = settings.recording
    if callable(condition) and as_tensor(condition) is None:
        condition = condition()
    return convert_to_tensor(True if condition is None else condition, dtypes.bool)


def record(where: str, inputs: Sequence[Any], encode: Encode, step: Any) -> Any:
    """Writes one summary to the default writer.

    Args:
        where: Name of the function, for messages.
        inputs: Tensors and what becomes tensors.
        encode: Called with their arrays when the summary is written; returns the message ``Summary``.
        step: Integer, or integer tensor or Variable; the default step when None.

    Returns:
        bool tensor: whether it is written.

    Raises:
        ValueError: There is no step.
        TypeError: The step is no integer.
    """
    writer = settings.writer
    if writer is None or isinstance(writer, NoopWriter):
        return convert_to_tensor(False)
    moment = _step(where, settings.step if step is None else step)
    condition = should_record_summaries()

    def write(wanted: Any, at: Any, *arrays: Any) -> list[Any]:
        if wanted:
            summary = encode(*map(_as_array, arrays))
            writer.add(lambda now: messages.event_message(now, int(at), summary))
        return []

    if xla.tracing():
        numpy_function(write, [condition, moment, *inputs], [], name=where)
    elif condition:
        write(True, moment.numpy(), *(convert_to_tensor(value).numpy() for value in inputs))
    return condition


def _as_array(value: Any) -> np.ndarray[Any, Any]:
    """NumPy array of what `Tensor.numpy()` gives, which is no array for scalars."""
    return np.asarray(value, object if isinstance(value, (bytes, str)) else None)


def _step(where: str, step: Any) -> Tensor:
    if step is None:
        raise InvalidArgumentError(
            f"[{where}] expected a step, got none; pass step=, or call tf.summary.experimental.set_step()."
        )
    tensor = convert_to_tensor(int(step) if isinstance(step, (bool, np.bool_)) else step)
    if not tensor.dtype.is_integer or tensor.ndim:
        raise TypeError(
            f"[{where}] expected the step as an integer, got {step!r}; pass an int or an int64 Variable."
        )
    return tensor


@contextmanager
def summary_scope(
    name: str | None, default_name: str = "summary", values: Any = None
) -> Iterator[tuple[str, str]]:
    """Name scope of a summary, and its tag.

    Args:
        name: Name of the summary.
        default_name: The name when `name` is None or empty.
        values: Has no effect: there is no graph to which the tensors could belong.

    Returns:
        Context manager that gives the tag, with the scopes around it in front, and the name of the scope.

    Example:
        >>> import thalweg as tf
        >>> with tf.name_scope("model"):
        ...     with tf.summary.experimental.summary_scope("loss") as (tag, scope):
        ...         print(tag, scope)
        model/loss model/loss/

    Source: `tf.summary.experimental.summary_scope`.
    """
    tag = current_scope() + (name or default_name)
    plain = re.sub(r"[^A-Za-z0-9_.\\/>-]", "", name or "") or default_name
    with name_scope(plain) as scope:
        yield tag, scope


def write(
    tag: str, tensor: Any, step: Any = None, metadata: Any = None, name: str | None = None
) -> Any:
    """Writes a tensor to the default writer, as some plug-in of TensorBoard wants it.

    Args:
        tag: Name of the summary, taken as it is.
        tensor: Tensor, or a function of no arguments that makes it, which is called only when it is
            recorded (in a compiled function: always).
        step: Integer, or integer tensor or Variable; the default step when None.
        metadata: Message ``SummaryMetadata``, as bytes or an object with ``SerializeToString()``.
        name: Has no effect: there is no graph to name an op in.

    Returns:
        bool tensor: whether it is written; False without a default writer.

    Raises:
        ValueError: There is no step.

    Source: `tf.summary.write`.
    """
    if callable(tensor) and as_tensor(tensor) is None:
        held = settings.writer
        if held is None or (not xla.tracing() and not should_record_summaries()):
            return convert_to_tensor(False)
        tensor = tensor()
    about = metadata if metadata is None or isinstance(metadata, bytes) else _serialized(metadata)
    return record(
        "summary.write",
        [tensor],
        lambda array: messages.summary_message(tag, tensor_message(array), about),
        step,
    )


def _serialized(message: Any) -> bytes:
    if not hasattr(message, "SerializeToString"):
        raise TypeError(
            f"[summary.write] expected metadata as bytes or a protocol-buffer message, got {message!r}."
        )
    found: bytes = message.SerializeToString()
    return found


def write_raw_pb(tensor: Any, step: Any = None, name: str | None = None) -> Any:
    """Writes a finished message ``Summary`` to the default writer.

    Args:
        tensor: The message in bytes, or a scalar string tensor of them.
        step: Integer, or integer tensor or Variable; the default step when None.
        name: Has no effect: there is no graph to name an op in.

    Returns:
        bool tensor: whether it is written.

    Raises:
        ValueError: `tensor` is no scalar of bytes, or there is no step.

    Source: `tf.summary.experimental.write_raw_pb`. The message is not looked into.
    """
    value = convert_to_tensor(tensor)
    if value.dtype is not dtypes.string or value.ndim:
        raise InvalidArgumentError(
            f"[summary.experimental.write_raw_pb] expected a message as bytes, got shape {value.shape} and "
            f"dtype {value.dtype.name}; pass message.SerializeToString()."
        )
    return record(
        "summary.experimental.write_raw_pb", [value], lambda array: bytes(array.item()), step
    )
