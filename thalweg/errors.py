"""Errors, under the names of TensorFlow where it has them."""

from thalweg._src.base.errors import ABORTED as ABORTED
from thalweg._src.base.errors import ALREADY_EXISTS as ALREADY_EXISTS
from thalweg._src.base.errors import CANCELLED as CANCELLED
from thalweg._src.base.errors import DATA_LOSS as DATA_LOSS
from thalweg._src.base.errors import DEADLINE_EXCEEDED as DEADLINE_EXCEEDED
from thalweg._src.base.errors import FAILED_PRECONDITION as FAILED_PRECONDITION
from thalweg._src.base.errors import INTERNAL as INTERNAL
from thalweg._src.base.errors import INVALID_ARGUMENT as INVALID_ARGUMENT
from thalweg._src.base.errors import NOT_FOUND as NOT_FOUND
from thalweg._src.base.errors import OK as OK
from thalweg._src.base.errors import OUT_OF_RANGE as OUT_OF_RANGE
from thalweg._src.base.errors import PERMISSION_DENIED as PERMISSION_DENIED
from thalweg._src.base.errors import RESOURCE_EXHAUSTED as RESOURCE_EXHAUSTED
from thalweg._src.base.errors import UNAUTHENTICATED as UNAUTHENTICATED
from thalweg._src.base.errors import UNAVAILABLE as UNAVAILABLE
from thalweg._src.base.errors import UNIMPLEMENTED as UNIMPLEMENTED
from thalweg._src.base.errors import UNKNOWN as UNKNOWN
from thalweg._src.base.errors import AbortedError as AbortedError
from thalweg._src.base.errors import AlreadyExistsError as AlreadyExistsError
from thalweg._src.base.errors import CancelledError as CancelledError
from thalweg._src.base.errors import DataLossError as DataLossError
from thalweg._src.base.errors import DataUnavailableError as DataUnavailableError
from thalweg._src.base.errors import DeadlineExceededError as DeadlineExceededError
from thalweg._src.base.errors import DTypeError as DTypeError
from thalweg._src.base.errors import FailedPreconditionError as FailedPreconditionError
from thalweg._src.base.errors import GradientError as GradientError
from thalweg._src.base.errors import IndexRangeError as IndexRangeError
from thalweg._src.base.errors import InternalError as InternalError
from thalweg._src.base.errors import InvalidArgumentError as InvalidArgumentError
from thalweg._src.base.errors import LeakedTensorError as LeakedTensorError
from thalweg._src.base.errors import NotCompiledError as NotCompiledError
from thalweg._src.base.errors import NotFoundError as NotFoundError
from thalweg._src.base.errors import (
    OperatorNotAllowedInGraphError as OperatorNotAllowedInGraphError,
)
from thalweg._src.base.errors import OpError as OpError
from thalweg._src.base.errors import OutOfRangeError as OutOfRangeError
from thalweg._src.base.errors import PermissionDeniedError as PermissionDeniedError
from thalweg._src.base.errors import ResourceExhaustedError as ResourceExhaustedError
from thalweg._src.base.errors import RestoreError as RestoreError
from thalweg._src.base.errors import ShapeError as ShapeError
from thalweg._src.base.errors import SignatureError as SignatureError
from thalweg._src.base.errors import ThalwegError as ThalwegError
from thalweg._src.base.errors import UnauthenticatedError as UnauthenticatedError
from thalweg._src.base.errors import UnavailableError as UnavailableError
from thalweg._src.base.errors import UnimplementedError as UnimplementedError
from thalweg._src.base.errors import UnknownError as UnknownError
from thalweg._src.base.errors import UnknownNameError as UnknownNameError
