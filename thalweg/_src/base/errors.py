"""The tree of errors.

Every error is a `ThalwegError`. Each class also inherits the built-in error that a Python programmer
would catch, and carries the name under which TensorFlow users know it. A message reads
``[where] what was expected, what came, one thing to do``.
"""


# Numbers of the kinds of error, as in gRPC and TensorFlow.
OK = 0
CANCELLED = 1
UNKNOWN = 2
INVALID_ARGUMENT = 3
DEADLINE_EXCEEDED = 4
NOT_FOUND = 5
ALREADY_EXISTS = 6
PERMISSION_DENIED = 7
RESOURCE_EXHAUSTED = 8
FAILED_PRECONDITION = 9
ABORTED = 10
OUT_OF_RANGE = 11
UNIMPLEMENTED = 12
INTERNAL = 13
UNAVAILABLE = 14
DATA_LOSS = 15
UNAUTHENTICATED = 16


class ThalwegError(Exception):
    """Root of all errors that thalweg raises on purpose.

    Args:
        node_def: What happened, in the house's form, if `message` is not given; else unused. TensorFlow
            gives its errors a node and an op first: ``tf.errors.X(None, None, "text")``.
        op: Unused.
        message: What happened.
        error_code: Number of the kind of error, if it is not the class's own.
    """

    error_code = UNKNOWN

    def __init__(
        self,
        node_def: object = "",
        op: object = None,
        message: object = None,
        error_code: int | None = None,
    ) -> None:
        message = node_def if message is None else message
        super().__init__(message)
        self.message = str(message)
        if error_code is not None:
            self.error_code = error_code

    def __str__(self) -> str:
        return self.message


class OpError(ThalwegError):
    """Root of the errors that TensorFlow knows under `tf.errors`.

    Attributes:
        error_code: Number of the kind of error.
    """

    @property
    def op(self) -> None:
        """None: there is no graph whose op could be named."""
        return None

    @property
    def node_def(self) -> None:
        """None, as `op`."""
        return None

    @property
    def experimental_payloads(self) -> dict[str, str]:
        """Empty: errors carry no payloads."""
        return {}


class InvalidArgumentError(OpError, ValueError):
    """An argument has a wrong value, shape, rank or dtype."""

    error_code = INVALID_ARGUMENT


class ShapeError(InvalidArgumentError):
    """Shapes do not fit together."""


class IndexRangeError(InvalidArgumentError, IndexError):
    """An index lies outside its dimension, or a tensor has fewer dimensions than the key."""


class DTypeError(InvalidArgumentError, TypeError):
    """Dtypes do not fit together; thalweg does not promote between tensors silently."""


class SignatureError(InvalidArgumentError, TypeError):
    """Arguments do not fit a compiled function's `input_signature`."""


class NotFoundError(OpError, LookupError):
    """A named thing does not exist."""

    error_code = NOT_FOUND


class AlreadyExistsError(OpError, ValueError):
    """A named thing exists already."""

    error_code = ALREADY_EXISTS


class FailedPreconditionError(OpError, RuntimeError):
    """The object is not in the state that the call needs, such as an unbuilt layer."""

    error_code = FAILED_PRECONDITION


class OutOfRangeError(OpError, IndexError):
    """An index or iteration went past the end."""

    error_code = OUT_OF_RANGE


class UnimplementedError(OpError, NotImplementedError):
    """The operation exists but not for this combination of arguments."""

    error_code = UNIMPLEMENTED


class InternalError(OpError, RuntimeError):
    """Something that must not happen did; please report it."""

    error_code = INTERNAL


class ResourceExhaustedError(OpError, MemoryError):
    """Memory or another resource ran out."""

    error_code = RESOURCE_EXHAUSTED


class UnavailableError(OpError, RuntimeError):
    """A service or device cannot be reached."""

    error_code = UNAVAILABLE


class AbortedError(OpError, RuntimeError):
    """The operation was aborted."""

    error_code = ABORTED


class CancelledError(OpError, RuntimeError):
    """The operation was cancelled."""

    error_code = CANCELLED


class DataLossError(OpError, OSError):
    """Stored data is damaged."""

    error_code = DATA_LOSS


class DigestError(DataLossError, ValueError):
    """A file does not have the fingerprint that was asked for."""


class ArchiveError(DataLossError, ValueError):
    """An archive that is damaged, of another format, or asks for what no archive may."""


class DeadlineExceededError(OpError, TimeoutError):
    """The operation took longer than allowed."""

    error_code = DEADLINE_EXCEEDED


class PermissionDeniedError(OpError, PermissionError):
    """The caller may not do this."""

    error_code = PERMISSION_DENIED


class UnauthenticatedError(OpError, PermissionError):
    """The caller is not known."""

    error_code = UNAUTHENTICATED


class UnknownError(OpError, RuntimeError):
    """An error of unknown kind."""

    error_code = UNKNOWN


class OperatorNotAllowedInGraphError(ThalwegError, TypeError):
    """A traced tensor was used where Python needs a value now, such as in `if` or `int()`."""


class DataDependentShapeError(OperatorNotAllowedInGraphError):
    """A compiled program would need a size that is known only when it runs."""


class LeakedTensorError(ThalwegError, TypeError):
    """A tensor of a finished trace was used outside of it."""


class GradientError(ThalwegError, ValueError):
    """A gradient was asked for that does not exist, such as of a loop of unknown length."""


class NotCompiledError(ThalwegError, RuntimeError, ValueError):
    """`fit`, `evaluate` or a relative was called before `compile`."""


class UnknownNameError(ThalwegError, ValueError):
    """A string names no known loss, metric, optimizer, ...; the message suggests the nearest."""


class SavingError(ThalwegError, ValueError):
    """An object that cannot be written as data, or a file or config that cannot be read."""


class RestoreError(InvalidArgumentError, AssertionError):
    """A checkpoint and the objects that should take its values do not fit together."""


class DataUnavailableError(ThalwegError, OSError):
    """A data set is neither in the cache nor reachable."""
