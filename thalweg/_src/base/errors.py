"""The tree of errors.

Every error is a `ThalwegError`. Each class also inherits the built-in error that a Python programmer
would catch, and carries the name under which TensorFlow users know it. A message reads
``[where] what was expected, what came, one thing to do``.
"""


class ThalwegError(Exception):
    """Root of all errors that thalweg raises on purpose.

    Args:
        message: What happened, in the house's form.
        node_def: Unused by us; the first positional argument of TensorFlow's errors when given alone
            with `op` and `message`. Kept so that ``tf.errors.X(None, None, "text")`` works.
        op: See `node_def`.
    """

    def __init__(self, *args: object) -> None:
        message = args[2] if len(args) == 3 else (args[0] if args else "")
        super().__init__(message)
        self.message = str(message)

    def __str__(self) -> str:
        return self.message


class OpError(ThalwegError):
    """Root of the errors that TensorFlow knows under `tf.errors`."""


class InvalidArgumentError(OpError, ValueError):
    """An argument has a wrong value, shape, rank or dtype."""


class ShapeError(InvalidArgumentError):
    """Shapes do not fit together."""


class IndexRangeError(InvalidArgumentError, IndexError):
    """An index lies outside its dimension, or a tensor has fewer dimensions than the key."""


class DTypeError(InvalidArgumentError, TypeError):
    """Dtypes do not fit together; thalweg does not promote between tensors silently."""


class NotFoundError(OpError, LookupError):
    """A named thing does not exist."""


class AlreadyExistsError(OpError, ValueError):
    """A named thing exists already."""


class FailedPreconditionError(OpError, RuntimeError):
    """The object is not in the state that the call needs, such as an unbuilt layer."""


class OutOfRangeError(OpError, IndexError):
    """An index or iteration went past the end."""


class UnimplementedError(OpError, NotImplementedError):
    """The operation exists but not for this combination of arguments."""


class InternalError(OpError, RuntimeError):
    """Something that must not happen did; please report it."""


class ResourceExhaustedError(OpError, MemoryError):
    """Memory or another resource ran out."""


class UnavailableError(OpError, RuntimeError):
    """A service or device cannot be reached."""


class AbortedError(OpError, RuntimeError):
    """The operation was aborted."""


class CancelledError(OpError, RuntimeError):
    """The operation was cancelled."""


class DataLossError(OpError, OSError):
    """Stored data is damaged."""


class DeadlineExceededError(OpError, TimeoutError):
    """The operation took longer than allowed."""


class PermissionDeniedError(OpError, PermissionError):
    """The caller may not do this."""


class UnauthenticatedError(OpError, PermissionError):
    """The caller is not known."""


class UnknownError(OpError, RuntimeError):
    """An error of unknown kind."""


class OperatorNotAllowedInGraphError(ThalwegError, TypeError):
    """A traced tensor was used where Python needs a value now, such as in `if` or `int()`."""


class DataDependentShapeError(OperatorNotAllowedInGraphError):
    """A compiled program would need a size that is known only when it runs."""


class LeakedTensorError(ThalwegError, TypeError):
    """A tensor of a finished trace was used outside of it."""


class GradientError(ThalwegError, ValueError):
    """A gradient was asked for that does not exist, such as of a loop of unknown length."""


class NotCompiledError(ThalwegError, RuntimeError):
    """`fit`, `evaluate` or a relative was called before `compile`."""


class UnknownNameError(ThalwegError, ValueError):
    """A string names no known loss, metric, optimizer, ...; the message suggests the nearest."""


class DataUnavailableError(ThalwegError, OSError):
    """A data set is neither in the cache nor reachable."""
